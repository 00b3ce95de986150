/* SPDX-License-Identifier: Apache-2.0
 *
 * tndev.h - device types a client may say it is.
 *
 * Gives:   class, screen sizes and the logon mode of each. A type is known by
 *          its place in the table; 0 is none.
 * Thread:  any; const.
 * Source:  RFC 2355 section 7.1; companions tn3270e 6.2, 7.4, sna-sessions 4.3.
 */
#ifndef TN3270E_TNDEV_H
#define TN3270E_TNDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tndev_class { TNDEV_DISPLAY = 1, TNDEV_PRINTER, TNDEV_LINE };

struct tndev {
	const char *name;               /* without "IBM-": as TELNETDEVICE codes it */
	uint8_t class;                  /* enum tndev_class */
	uint8_t extended;               /* answers Query */
	uint8_t dynamic;                /* sizes come from Query Reply */
	uint16_t rows, cols;            /* largest screen */
	const char *mode_3270, *mode_e; /* logon modes: our table, sna-sessions 4.3 */
};

#define TNDEV_LINEMODE 1u               /* its place */

const struct tndev *tndev_at(unsigned); /* NULL: none */
unsigned tndev_count(void);             /* places are 1 to this */
/* "IBM-3278-2-E", any case; also without "IBM-". 0: not known. */
unsigned tndev_find(const char *, size_t n);
/* May a BIND with this screen go to the device? */
struct bind_screen;
bool     tndev_fits(const struct tndev *, const struct bind_screen *);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * pcapng.h - a capture file that Wireshark's family reads.
 *
 * Datagrams are written as IP and UDP packets made up from what we know, on
 * the standard ports whatever the real ones are, so that any reader that knows
 * EE decodes them. Comments in words go with every packet and every interface.
 *
 * Takes:   EE datagrams from LLC on, whole or their beginning.
 * Memory:  one write buffer. At the limit the file becomes FILE.1 and a new
 *          one begins: two files, each at most half the limit.
 * Errors:  -errno; a write error closes the file and is kept in err.
 * Thread:  SNA. Writes to a file, so it may wait for a disk.
 * Source:  pcapng (IETF opsawg draft): SHB, IDB, EPB; LINKTYPE_RAW.
 */
#ifndef SNAEE_PCAPNG_H
#define SNAEE_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

#define PCAPNG_BUF 65536
#define PCAPNG_PATH 256
#define PCAPNG_IFS 16
#define PCAPNG_PKT 9216                 /* a jumbo frame's worth; longer is cut */
#define PCAPNG_MAX_DEFAULT (64u << 20)

struct pcapng_if {
	char name[24];
	char comment[96];
};

struct pcapng {
	int fd;                         /* -1: closed */
	int err;
	uint64_t max, written;          /* bytes per file */
	uint64_t packets;
	size_t n;
	unsigned n_if;
	struct pcapng_if ifs[PCAPNG_IFS];       /* told again in every file */
	char path[PCAPNG_PATH];
	uint8_t buf[PCAPNG_BUF];
};

enum pcapng_dir { PCAPNG_IN = 1, PCAPNG_OUT };  /* as EPB flags code it */

struct pcapng_pkt {
	int64_t wall_us;
	const struct ipaddr *from, *to;
	uint16_t port;                  /* source and destination */
	uint8_t dir;                    /* enum pcapng_dir */
	uint8_t iface;                  /* of pcapng_if() */
	const uint8_t *data;            /* from LLC on */
	size_t len, cut;                /* of the datagram; of what is in data */
	const char *comment;
};

void pcapng_init(struct pcapng *);
/* max: bytes of both files, 0: PCAPNG_MAX_DEFAULT. A file that was there is emptied. */
int  pcapng_open(struct pcapng *, const char *path, uint64_t max);
/* An interface of that name: its number; 0 when there are too many. */
unsigned pcapng_if(struct pcapng *, const char *name, const char *comment);
void pcapng_put(struct pcapng *, const struct pcapng_pkt *);
void pcapng_flush(struct pcapng *);
void pcapng_close(struct pcapng *);
static inline bool
pcapng_is_open(const struct pcapng *f)
{
	return f->fd >= 0;
}

#endif

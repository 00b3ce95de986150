/* SPDX-License-Identifier: Apache-2.0
 *
 * ebcdic.h - code page 037, and names.
 *
 * EBCDIC ends in the codecs: inside, names are ASCII upper case. Other code
 * pages, for the text of terminals: tn3270e/codepage.h.
 */
#ifndef BASE_EBCDIC_H
#define BASE_EBCDIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define SNA_NAME_MAX 17                 /* NETID.LUNAME */

/* A name: up to 17 characters, ASCII upper case, NUL behind. Zeroed is empty;
 * equal names are equal bytes, so memcmp and hashing of the struct work. */
struct sna_name {
	uint8_t len;
	char s[SNA_NAME_MAX + 2];
};

/* Code page 037 <-> ISO 8859-1, built in: names never depend on iconv. */
uint8_t ebc_from(unsigned char ascii);
uint8_t asc_from(uint8_t ebcdic);
void ebc_put(uint8_t *to, const char *from, size_t n);  /* n characters */
void asc_put(char *to, const uint8_t *from, size_t n);

/* From ASCII text, folded to upper case, blanks at the end dropped. False when
 * too long; *n is then empty. */
bool name_set(struct sna_name *, const char *);
bool name_setn(struct sna_name *, const char *, size_t n);
/* NETID.NAME from two parts; netid may be empty. */
bool name_qual(struct sna_name *, const char *netid, const char *name);
/* The part behind the dot; the whole when there is none. Borrowed from n. */
const char *name_base(const struct sna_name *);
/* The part before the dot into netid (9 bytes or more); "" when there is none. */
void name_netid(const struct sna_name *, char netid[9]);
bool name_eq(const struct sna_name *, const struct sna_name *);
int  name_cmp(const struct sna_name *, const struct sna_name *);        /* EBCDIC collating order */
/* 1-8 characters, A-Z@#$ first, then 0-9 too. */
bool name_valid(const char *, size_t n);
/* * any number of characters, ? exactly one. */
bool name_match(const char *pattern, const char *name);
/* n EBCDIC bytes, trailing EBCDIC blanks dropped. False (and bad) when short. */
bool name_get(struct rd *, size_t n, struct sna_name *);
void name_put(struct wr *, const struct sna_name *);            /* as long as it is */
void name_put8(struct wr *, const struct sna_name *);           /* 8 bytes, blank padded */

#endif

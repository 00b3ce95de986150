/* SPDX-License-Identifier: Apache-2.0
 *
 * anr.h - automatic network routing: what the first label of an NLP names.
 *
 * A label is private to the node that gave it. Ours name an NCE (the packet
 * ends here, and the NCE says for whom) or a transmission group (the packet
 * goes on there, without the label).
 *
 * Takes:   an NHDR with the label list as received.
 * Gives:   where to; for a TG the list is left without its label.
 * Memory:  a table of ANR_TGS links inside struct anr; owners are the caller's.
 * Thread:  SNA.
 * Source:  companion ee-hpr-rtp sections 4.1, 6.6 (label values are our choice).
 */
#ifndef SNAEE_ANR_H
#define SNAEE_ANR_H

#include <stdint.h>

#include "snaee/nlp.h"

#define ANR_TG_FIRST 0x90u              /* one-byte labels 90-EF */
#define ANR_TG_LAST 0xefu
#define ANR_TGS (ANR_TG_LAST - ANR_TG_FIRST + 1)

enum anr_to { ANR_UNKNOWN, ANR_NCE, ANR_TG };

struct anr {
	void *tg[ANR_TGS];              /* by label; NULL: free */
	uint32_t next;                  /* where to look for a free one */
};

struct anr_hop {
	uint8_t to;                     /* enum anr_to */
	uint8_t nce;                    /* ANR_NCE: enum nce */
	void *tg;                       /* ANR_TG: owner as given to anr_add() */
};

void anr_init(struct anr *);
/* A label for a TG; label->len 0: all are taken. */
struct label anr_add(struct anr *, void *tg);
void anr_del(struct anr *, void *tg);
/* Reads the first label. A TG's label is taken off the list; an NCE's stays,
 * and must be the last (else ANR_UNKNOWN). */
struct anr_hop anr_route(const struct anr *, struct nhdr *);

#endif

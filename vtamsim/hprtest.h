/* SPDX-License-Identifier: Apache-2.0
 *
 * hprtest.h - D NET,RTPS,ID=,TEST=YES: does the other end of a pipe answer,
 * and how soon?
 *
 * VTAM sends a Route Test packet that every node on the way answers; its layout
 * is not published. Ours is RTP's own status request: the nodes between don't
 * see it, and are told as such (IST1791I).
 *
 * Thread:  SNA.
 * Source:  IBM's message manual, groups IST1695I and IST1787I; the measure is
 *          our choice.
 */
#ifndef VTAMSIM_HPRTEST_H
#define VTAMSIM_HPRTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

#define HPRTESTS 8              /* under way at once */
#define HPRTEST_S 10            /* no answer for so long: our choice */

struct node;
struct pipe;

struct hprtest {
	const struct pipe *pipe;        /* NULL: free */
	struct mono began;
	uint8_t open;                   /* a request was unanswered already */
};

struct hprtests {
	struct hprtest v[HPRTESTS];
	unsigned n;
};

enum hprtest_rc { HPRTEST_BEGUN = 1, HPRTEST_STATE, HPRTEST_BUSY, HPRTEST_FULL, HPRTEST_PATH };

enum hprtest_rc hprtest_begin(struct node *, struct mono now, const struct pipe *);
/* Once a turn: answers that came, time that is over. */
void     hprtest_turn(struct node *, struct mono now);
struct mono hprtest_deadline(const struct node *);
/* The pipe ends. */
void     hprtest_gone(struct node *, const struct pipe *);

#endif

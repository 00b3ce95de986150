/* SPDX-License-Identifier: Apache-2.0
 *
 * simmsg.h - messages that can be told right from wrong: what message k of a
 * stream must look like is computed by sender and receiver alike.
 */
#ifndef TESTS_SIM_SIMMSG_H
#define TESTS_SIM_SIMMSG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define SIM_MSG_EQUAL 0x80000000u

/* What a user does with its end of a pipe. */
struct simflow {
	uint32_t count;                 /* messages to send */
	uint32_t expect;                /* messages that will come */
	uint32_t max_len;               /* 8 .. this; 0: 200; with SIM_MSG_EQUAL: just this */
	uint32_t gap_ms;                /* between two; 0: as fast as it goes */
	uint8_t echo;                   /* send one for each received, instead of count */
	uint8_t close;                  /* close when all is sent and came */
	uint8_t busy;                   /* has sessions: refuses the partner's close */
	uint8_t no_read;                /* leaves messages in the queue */
};

uint32_t sim_msg_len(uint32_t stream, uint32_t k, uint32_t max);
/* The stream's number stands in the first bytes. */
void     sim_msg_put(struct buf *, uint32_t stream, uint32_t k, uint32_t max);
bool     sim_msg_right(const struct buf *, uint32_t stream, uint32_t k, uint32_t max);
uint32_t sim_msg_stream(const struct buf *);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * nlp_seg.h - connection qualifier and optional segments of a THDR; nlp.c's.
 *
 * Errors:  sense code for the connection; 0 accepted.
 * Source:  companion ee-hpr-rtp sections 4.3 and 4.4.
 */
#ifndef SNAEE_NLP_SEG_H
#define SNAEE_NLP_SEG_H

#include <stdint.h>

#include "base/bytes.h"
#include "snaee/nlp.h"
#include "snaee/sense.h"

#define SEG_IN_THDR 0xffu       /* "embedding structure" of what stands in the THDR itself */

/* A018mmnn: a vector nn does not fit into mm. */
static inline uint32_t
seg_length_sense(unsigned mm, unsigned nn)
{
	return SENSE_RTP_CV_LENGTH | mm << 8 | nn;
}

uint32_t cqf_get(struct rd *, struct thdr *);           /* all of it, padded */
void     cqf_put(struct wr *, const struct cqf *);
uint32_t seg_get(struct rd *, struct thdr *);           /* one whole segment */
void     seg_put_all(struct wr *, const struct thdr *);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * eeio_parts.h - what eeio.c (sockets, reading) and eeio_out.c (writing) share.
 */
#ifndef SNAEE_EEIO_PARTS_H
#define SNAEE_EEIO_PARTS_H

#include "snaee/eeio.h"

/* A datagram in the area. */
struct eeio_rx {
	struct mono now;
	struct ipaddr from;
	const uint8_t *p;
	uint32_t len;
	bool full;              /* the kernel may have more */
};

void     eeio_note_refused(struct eeio *, const struct ipaddr *to, int err, uint32_t mtu);
/* The kernel's opinion of the way from this address to that: EMSGSIZE with its MTU. */
void     eeio_note_mtu(struct eeio *, const struct ipaddr *to);
/* Told after a batch: ee may not be called while its data is borrowed. */
void     eeio_tell_refused(struct eeio *, struct ee *, struct mono now);
/* Empties the error queue of one socket; true when there was something. */
bool     eeio_read_errors(struct eeio *, const struct eeio_sock *);

#endif

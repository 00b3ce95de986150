/* SPDX-License-Identifier: Apache-2.0
 *
 * links.h - which network interface has this address?
 *
 * Gives:   the interface's name: what LINKNAME of a profile is compared with.
 *          All of 127.0.0.0/8 is the loopback's.
 * Memory:  a fixed table; read again when it is old, or when an address is
 *          not in it: not per connection.
 * Thread:  its owner's.
 * Source:  companion zos-telnet-server section 4.4 (LINKNAME).
 */
#ifndef TN3270E_LINKS_H
#define TN3270E_LINKS_H

#include "base/ipaddr.h"
#include "base/mono.h"

#define LINKS_MAX 256           /* addresses of this machine */
#define LINKS_S 30              /* so old the table may be */

struct link_row {
	struct ipaddr addr;
	uint8_t prefix;                 /* of a loopback: its net is all ours; else 0 */
	char name[16];
};

struct links {
	struct mono read_at;            /* 0: never */
	unsigned n;
	struct link_row v[LINKS_MAX];
};

/* "" when no interface has it. */
const char *links_name(struct links *, const struct ipaddr *, struct mono now);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * proxy.h - the header a proxy puts in front of a connection it passes on.
 *
 * Version 1 is a line of text, version 2 is binary; both say who the client
 * is. A connection of the proxy's own (LOCAL, UNKNOWN: a health check), and
 * one of a family we don't serve (UNIX, UDP), keeps the proxy's address.
 *
 * Takes:   the first bytes of a connection, as many as there are.
 * Gives:   the addresses, and how many bytes were the header's.
 * Units:   bytes.
 * Order:   ports in host order.
 * Errors:  PROXY_BAD: why, in plain words. Extensions (TLVs) are skipped.
 * Source:  The PROXY protocol, versions 1 and 2 (HAProxy), sections 2.1, 2.2.
 */
#ifndef TN3270E_PROXY_H
#define TN3270E_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

#define PROXY_V1_MAX 107u       /* with its CR LF */
#define PROXY_MAX 4096u         /* of version 2 with its extensions: our choice */

enum proxy_result {
	PROXY_MORE = 1,         /* all of it is header, and more is to come */
	PROXY_DONE, PROXY_BAD
};

struct proxy_hdr {
	uint32_t len;           /* DONE: bytes of the header */
	uint8_t relayed;        /* the addresses are given */
	uint16_t sport, dport;
	struct ipaddr src, dst;
	const char *why;        /* BAD */
};

enum proxy_result proxy_get(const uint8_t *, size_t n, struct proxy_hdr *);

#endif

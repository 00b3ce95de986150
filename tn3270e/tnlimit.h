/* SPDX-License-Identifier: Apache-2.0
 *
 * tnlimit.h - what a port allows the outside: operands of our own.
 *
 * How soon a vanished client is noticed (TCPKEEPALIVE, TCPUSERTIMEOUT), how
 * many connections there may be (TRTOTALCONN, TRPERCENT, MAXCONNADDR,
 * MAXCONNRATE, MAXNEGOTIATING), and who may tell other addresses than its own
 * (PROXYPROTOCOL). Coded for a port they win over TELNETGLOBALS.
 *
 * Units:   seconds, connections. 0: no such limit.
 * Source:  z/OS has them in other places: TCP/IP's own profile, IDS policy
 *          (traffic regulation). docs/configuration.md.
 */
#ifndef TN3270E_TNLIMIT_H
#define TN3270E_TNLIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/ipaddr.h"

enum tnp_limit { LIM_KEEP_IDLE, LIM_KEEP_INTERVAL, LIM_KEEP_COUNT, LIM_USER_TIMEOUT, LIM_TOTAL,
	LIM_PERCENT, LIM_ADDR, LIM_RATE, LIM_YOUNG, LIM_N };
#define LIM_RATE_S 10           /* seconds MAXCONNRATE counts in */

struct tnp_net;

struct tnp_limits {
	uint32_t v[LIM_N];
	uint16_t coded;                 /* bit by enum tnp_limit; LIM_N: proxies */
	struct tnp_net *proxies;        /* NULL: no PROXY protocol */
};

/* What is not coded comes from the globals, else it is ours. */
void     tnp_limits_settle(struct tnp_limits *, const struct tnp_limits *globals);
bool     tnp_limits_proxy(const struct tnp_limits *, const struct ipaddr *);    /* trusted? */
void     tnp_limits_show(const struct tnp_limits *, struct con *);

#endif

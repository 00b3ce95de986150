/* SPDX-License-Identifier: Apache-2.0
 *
 * acct.h - accounting records: what SMF 119 subtypes 20 and 21 hold, as lines
 * of JSON.
 *
 * Takes:   a record, filled by the worker that has the client.
 * Gives:   its line, ended by a newline; every string escaped: device types,
 *          host names and users come from clients.
 * Units:   microseconds of the wall clock; durations in 1/100 s, as SMF.
 * Memory:  the record is a value: it goes through rings.
 * Thread:  any.
 * Source:  companion zos-telnet-server section 13.
 */
#ifndef TN3270E_ACCT_H
#define TN3270E_ACCT_H

#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "tn3270e/rtime.h"

#define ACCT_LINE 4096u                 /* no line is longer */

enum acct_sub { ACCT_INIT = 20, ACCT_TERM = 21 };
enum acct_type { ACCT_T_UNKNOWN, ACCT_T_3270, ACCT_T_E, ACCT_T_LINE, ACCT_T_DBCS, ACCT_T_BINARY };
enum acct_tls { ACCT_TLS_NONE, ACCT_TLS_SERVER, ACCT_TLS_CLIENT };
enum acct_ask { ACCT_ASK_INIT = 1, ACCT_ASK_TERM = 2 }; /* bits: SMFINIT, SMFTERM TYPE119 */

struct acct_rec {
	uint8_t sub;                    /* enum acct_sub */
	uint8_t type;                   /* enum acct_type */
	uint8_t by_client;              /* LU selection: the client asked for it by name */
	uint8_t tls;                    /* enum acct_tls */
	uint8_t options;                /* 80 TN3270E .. 01 NEW-ENVIRON */
	uint8_t monitored;              /* rt and buckets hold */
	uint16_t functions;             /* 8000 BIND-IMAGE .. */
	uint16_t cport, dport;
	uint32_t conn;                  /* logical device number: the connection's id */
	uint32_t transactions;          /* records of the client */
	struct ipaddr client, dest;
	uint64_t bytes_in, bytes_out;
	int64_t start_us, end_us;       /* of the session; end 0 in INIT */
	char lu[9], appl[18], user[9], mode[9], reason[12], group[20], lugroup[20];
	char device[24], version[12], cipher[40], host[64];
	struct rtime_conf conf;
	struct rtime_sum rt;
};

/* Length of the line in to. */
size_t   acct_line(const struct acct_rec *, int64_t now_us, char to[ACCT_LINE]);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * eename.h - host names in D NET,EE and D NET,EEDIAG: the command waits for
 * their addresses and goes on by itself.
 *
 * Takes:   a command with HOSTNAME=; addresses (pu_address()).
 * Gives:   questions (pu_question()); messages; the command with IPADDR=.
 * Memory:  fixed, EENAMES commands.
 * Thread:  SNA.
 * Source:  IBM's message manual, group IST2119I; companion vtam-operator 4.2.
 */
#ifndef VTAMSIM_EENAME_H
#define VTAMSIM_EENAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "vtamsim/defs.h"

#define EENAMES 4
#define EENAME_OPDS 256

struct node;
struct pu_question;

struct eename {
	uint32_t corr;                  /* 0: free */
	uint8_t diag;                   /* EEDIAG, else EE */
	uint8_t ready;                  /* all is known */
	int64_t began_us;               /* wall clock */
	char host[2][DEF_HOST_MAX + 1]; /* local, remote; "": its address was given, or any */
	struct ipaddr addr[2];
	uint32_t number[2];             /* of the question; 0: none */
	uint8_t asked[2];               /* it was handed out */
	char opds[EENAME_OPDS];         /* the other operands, each behind a comma */
};

struct eenames {
	struct eename v[EENAMES];
	unsigned n;
};

/* Host names, addresses and opds of a new one; the rest is filled in. NULL: too many. */
const struct eename *eename_begin(struct node *, const struct eename *);
bool     eename_question(struct node *, struct pu_question *);
/* False: not a question of ours. fam 0: no address. */
bool     eename_address(struct node *, uint32_t number, const struct ipaddr *);
/* One whose addresses are known leaves: its correlator, 0: none; its command. */
#define EENAME_LINE (EENAME_OPDS + 2 * IPADDR_TEXT + 32)
uint32_t eename_next(struct node *, char line[EENAME_LINE]);

#endif

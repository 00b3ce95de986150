/* SPDX-License-Identifier: Apache-2.0
 *
 * clid.h - client identifiers of a profile: which of them is this client?
 *
 * Every identifier that something is mapped to is there once, with the heads
 * of what is mapped to it. A client is looked for rank by rank; exact names,
 * addresses, members of groups and masks are found by hash, so that the cost
 * does not grow with the number of maps. Ranges of addresses and wildcards of
 * user ids and links are tried one by one.
 *
 * Takes:   the identifiers of one BEGINVTAM block.
 * Gives:   those that are the client's, by rank, in the profile's order.
 * Memory:  the profile's arena; hash buckets.
 * Thread:  made by one; read by any.
 * Source:  companion zos-telnet-server sections 4.4, 5.
 */
#ifndef TN3270E_CLID_H
#define TN3270E_CLID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/map.h"
#include "base/pool.h"

/* In the order of precedence: section 5. The value is the rank. */
enum tnp_clidkind { CK_USERID = 1, CK_HOSTNAME, CK_IPADDR, CK_USERGRP, CK_HNGRP, CK_IPGRP,
	CK_USERGRP_WILD, CK_HNGRP_WILD, CK_IPGRP_WILD, CK_DESTIP, CK_LINKNAME, CK_DESTIPGRP,
	CK_LINKGRP, CK_DESTIPGRP_WILD, CK_LINKGRP_WILD, CK_NULL };
#define CK_RANKS (CK_NULL + 1)

#define TNP_CLID_NAME 128
#define TNP_SAME 16             /* identifiers of one rank a client can have */

struct tnp_net {                        /* exact, range, or mask */
	struct ipaddr lo, hi;           /* hi: end of the range, or the mask */
	uint8_t mask;
	struct tnp_net *next;
};

struct tnp_idname {                     /* member of a group of names: upper case */
	const char *text;
	uint8_t wild;
	struct tnp_idname *next;
};

struct tnp_idgroup {
	char name[20];
	uint8_t kind;                   /* CK_USERGRP, CK_HNGRP, CK_IPGRP .. */
	struct tnp_net *nets;
	struct tnp_idname *names;
	struct tnp_idgroup *next;
};

struct tnp_clid {
	uint8_t kind;                   /* enum tnp_clidkind; groups: the exact one */
	char name[TNP_CLID_NAME];       /* upper case; "" NULL */
	struct ipaddr addr;
	const struct tnp_idgroup *group;
};
const char *tnp_clid_type(uint8_t kind);        /* "IPGRP" */

struct tnp_client {
	struct ipaddr addr, dest;
	char user[9];                   /* of its certificate, or "" */
	char link[16];                  /* interface dest belongs to, or "" */
	const char *host;               /* its name, or NULL */
};

/* What can be mapped. */
enum tnp_has { TH_LUMAP, TH_PRTMAP, TH_APPL, TH_PRTAPPL, TH_LINEAPPL, TH_USS, TH_INT, TH_PARMS,
	TH_MONITOR, TH_N };

struct tnp_ident {
	struct tnp_clid clid;
	uint32_t has;                   /* bit per enum tnp_has */
	uint32_t order[TH_N];           /* of the first of its kind in the profile */
	void *obj[TH_N];                /* it */
	void *last[TH_N];
	struct tnp_ident *next;
};

struct tnp_key;
struct tnp_hit {                        /* a member that has to be tried */
	const struct tnp_net *net;
	const char *text;
	struct tnp_ident *ident;
	struct tnp_hit *next;
};

struct tnp_mask {
	struct ipaddr mask;
	uint16_t number;
	struct tnp_mask *next;
};

struct tnp_index {
	struct map keys;                /* struct tnp_key */
	struct arena *arena;
	struct tnp_ident *first, **tail;
	uint32_t order;
	uint32_t ranks[TH_N];           /* bit per rank that has some */
	struct tnp_hit *hits[CK_RANKS];
	struct tnp_mask *masks[2];      /* of addresses, of destinations */
};

bool     tnp_index_init(struct tnp_index *, struct arena *);
void     tnp_index_fini(struct tnp_index *);
/* Something of the profile is mapped to the identifier; the first of its kind stays obj. */
struct tnp_ident *tnp_index_add(struct tnp_index *, const struct tnp_clid *, enum tnp_has,
    void *obj);
/* The client's identifiers of a rank that have something of this kind. */
unsigned tnp_index_at(const struct tnp_index *, const struct tnp_client *, enum tnp_clidkind rank,
    enum tnp_has, const struct tnp_ident *out[TNP_SAME]);
/* Those of the first rank that has some; *rank 0: none. */
unsigned tnp_index_best(const struct tnp_index *, const struct tnp_client *, enum tnp_has,
    const struct tnp_ident *out[TNP_SAME], unsigned *rank);
/* The object that is first in the profile among those of the best rank; NULL: none. */
void    *tnp_index_first(const struct tnp_index *, const struct tnp_client *, enum tnp_has,
    unsigned *rank);
/* Does anything here go by the names of hosts? */
bool     tnp_index_wants_host(const struct tnp_index *);
/* % one character, * the rest; text in upper case. */
bool     tnp_wild_match(const char *pattern, const char *text);

#endif

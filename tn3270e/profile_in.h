/* SPDX-License-Identifier: Apache-2.0
 *
 * profile_in.h - the inside of the profile's parser, for profile*.c.
 *
 * Files:   profile.c       text to tokens, blocks, errors, what stands at the end
 *          profile_parm.c  parameter statements
 *          profile_mon.c   accounting, response times
 *          profile_clid.c  client identifiers and their groups
 *          profile_tls.c   TLS: statements, certificates, policy
 *          profile_vtam.c  BEGINVTAM: LUs, groups, maps
 *          profile_appl.c  its applications
 *          profile_who.c   which entry is for a client
 */
#ifndef TN3270E_PROFILE_IN_H
#define TN3270E_PROFILE_IN_H

#include "tn3270e/profile.h"

struct tok {
	const char *text;               /* as coded */
	size_t n;
	struct tnp_pos pos;
	struct tok *next;
};

enum { IN_GLOBALS = 1, IN_PARMS = 2, IN_VTAM = 4, IN_GROUP = 8, IN_ANY_PARM = 11 };

struct pparse {
	struct profile *p;
	struct tnp_errs *errs;
	struct tok *t;                  /* next token */
	unsigned block;                 /* IN_* */
	struct tnp_port *port;          /* TELNETPARMS */
	struct tnp_vtam *vtam;          /* BEGINVTAM */
	struct tnp_parms *parms;        /* what a parameter goes into */
	uint8_t source;                 /* enum tnp_source */
	uint8_t phase;                  /* 1: what others refer to; 2: all else */
	uint32_t lus;                   /* names so far */
	uint16_t number;                /* port just read */
};

/* A statement. Its operands start at ps->t. */
struct pstmt {
	const char *name;
	unsigned blocks;
	void (*take)(struct pparse *, const struct tok *kw);
	uint8_t phase;
	const char *ends;               /* END keyword of a list, or NULL */
	const char *noop;               /* not NULL: accepted, why it has no function */
};

/* name NULL ends */
extern const struct pstmt profile_parm_stmts[], profile_tls_stmts[], profile_vtam_stmts[],
    profile_mon_stmts[], profile_limit_stmts[];

bool     tok_is(const struct tok *, const char *word);
/* The next token if it belongs to this statement: not a statement of the block. NULL: none. */
struct tok *tok_next(struct pparse *);
struct tok *tok_peek(struct pparse *);
char    *tok_name(struct pparse *, const struct tok *, char *to, size_t room);  /* upper case */
void     complain(struct pparse *, enum tnp_sev, const struct tok *, const struct tok *kw,
             const char *fmt, ...) __attribute__((format(printf, 5, 6)));
bool     tok_number(struct pparse *, const struct tok *, const struct tok *kw, int32_t lo,
             int32_t hi, int32_t *);
bool     profile_block(struct pparse *, unsigned block, const struct tok *kw);     /* it ends */
/* profile_vtam.c, for profile_appl.c */
struct tnp_group *profile_group(const struct tnp_vtam *, const char *name, unsigned printer);
struct tnp_group *profile_group_new(struct pparse *, const char *name, unsigned printer);
void     profile_group_range(struct pparse *, struct tnp_group *, const struct tok *t,
             const struct tok *kw);
/* profile_appl.c: TNA_* of an option of a default application, 0: none. */
uint8_t  profile_appl_option(const struct tok *);
void     profile_default_appl(struct pparse *, const struct tok *kw);
void     profile_allow_appl(struct pparse *, const struct tok *kw);
void     profile_map_appl(struct pparse *, struct tnp_map *, const struct tok *kw);
bool     profile_vtam_begin(struct pparse *);
void     profile_vtam_end(struct pparse *, const struct tok *kw);
void     profile_idgroup(struct pparse *, const struct tok *kw);
bool     profile_net(struct tnp_net *, const char *text);
/* Whose is it? t: the word, kw: the statement. */
void     profile_clid(struct pparse *, struct tnp_clid *, const struct tok *t,
             const struct tok *kw);
bool     profile_parm(struct pparse *, const struct tok *kw);   /* a parameter by table */
void     profile_set(struct pparse *, enum tnp_parm, int32_t);
/* One of some words, "" stands for none. -1: complained. */
int      profile_one_of(struct pparse *, const struct tok *kw, const char *const *words);
void     profile_tls_check(struct pparse *, const struct tnp_port *);   /* settled */
void     profile_tls_free(struct profile *);

#endif

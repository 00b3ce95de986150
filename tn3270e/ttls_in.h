/* SPDX-License-Identifier: Apache-2.0
 *
 * ttls_in.h - the inside of the policy's parser, for ttls*.c.
 *
 * Files:   ttls_parse.c   text to statements and parameters
 *          ttls_stmt.c    what the statements mean; rules
 *          ttls_parm.c    the parameters of actions and what they refer to
 *          ttls_cipher.c  cipher suites
 *          ttls.c         key rings to contexts; which rule for whom
 */
#ifndef TN3270E_TTLS_IN_H
#define TN3270E_TTLS_IN_H

#include "tn3270e/ttls.h"

/* "word value", with parameters of its own where braces follow. */
struct tnode {
	const char *word, *value;       /* value: the rest of the line, "" none */
	struct tnp_pos pos, vpos;
	uint8_t block;
	struct tnode *child, *next, *up;
};

/* Statements that are referred to by name, and inline forms of them. */
enum tkind { TK_GROUP = 1, TK_ENV, TK_CONN, TK_KEYRING, TK_CIPHER, TK_SIGNATURE, TK_ENV_ADV,
	TK_CONN_ADV, TK_GROUP_ADV, TK_GSK_ADV, TK_GSK_LDAP, TK_GSK_OCSP, TK_GSK_CDP, TK_TIME,
	TK_IPADDR, TK_IPADDR_SET, TK_IPADDR_GROUP, TK_PORT, TK_PORT_GROUP, TK_RULE, TK_N };
#define TK(k) (1u << (k))

struct tobj {                           /* a statement with a name */
	enum tkind kind;
	char name[TTLS_NAME + 1];
	const struct tnode *node;
	struct ttls_set set;
	struct ttls_ports *ports;
	struct ttls_addrs *addrs;
	struct tobj *next;
};

struct tparse {
	struct ttls *t;
	struct tnp_errs *errs;
	struct tobj *objs;
};

/* ttls_parse.c */
struct tnode *ttls_tree(struct tparse *, const char *text, size_t n);
void     ttls_complain(struct tparse *, enum tnp_sev, const struct tnode *, const char *fmt, ...)
             __attribute__((format(printf, 4, 5)));
/* ttls_stmt.c */
void     ttls_statements(struct tparse *, const struct tnode *);
enum tkind ttls_kind(const char *word);         /* 0: not a statement */
const char *ttls_kind_text(enum tkind);
/* The statement of one of the kinds that the parameter names; NULL: complained. */
const struct tobj *ttls_ref(struct tparse *, const struct tnode *, enum tkind);
/* ttls_parm.c: all parameters of an action or of what it refers to. */
void     ttls_parms(struct tparse *, enum tkind, const struct tnode *, struct ttls_set *);
void     ttls_merge(struct tparse *, struct ttls_set *, const struct ttls_set *over);

#endif

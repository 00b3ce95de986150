/* SPDX-License-Identifier: Apache-2.0
 *
 * ttls.h - the AT-TLS policy: which TLS a client of a TTLSPORT gets.
 *
 * The file is written as for the Policy Agent of z/OS. Rules are searched by
 * priority, the highest first, then by name; the first whose conditions hold
 * gives group, environment and connection action.
 *
 * Takes:   the text of a policy file; names of key rings.
 * Gives:   for a client the rule it falls under, and that rule's context.
 * Memory:  one arena a policy, freed with the profile it was read with.
 * Errors:  a list with line, column, statement and a reason in plain words.
 * Thread:  made by one; read by any.
 * Source:  z/OS CS IP Configuration Reference, AT-TLS policy statements;
 *          docs/configuration.md says what is ours.
 */
#ifndef TN3270E_TTLS_H
#define TN3270E_TTLS_H

#include "tn3270e/profile.h"
#include "tn3270e/tls.h"

#define TTLS_NAME 32

struct ttls_ports {
	uint16_t lo, hi;
	struct ttls_ports *next;
};

struct ttls_addrs {
	struct ipaddr lo, hi;
	struct ttls_addrs *next;
};

/* A fault of a statement: told when a rule that a port of ours uses has it. */
struct ttls_bad {
	struct tnp_pos pos;
	const char *stmt, *text;
	uint8_t *said;
	struct ttls_bad *next;
};

enum ttls_role { TTLS_CLIENT = 1, TTLS_SERVER, TTLS_CLIENTAUTH };
enum ttls_ask { TTLS_PASSTHRU = 1, TTLS_FULL, TTLS_REQUIRED, TTLS_SAFCHECK };
enum ttls_switch { TTLS_ON = 1, TTLS_OFF };

/* What statements say together; 0 and NULL: nothing said. */
struct ttls_set {
	uint8_t enabled, v12, v13;      /* enum ttls_switch */
	uint8_t role;                   /* enum ttls_role */
	uint8_t ask;                    /* enum ttls_ask */
	uint8_t has_timeout;
	uint16_t timeout_s;
	const char *keyring, *label;
	struct tnp_pos keyring_pos;
	const char *c12, *c13;          /* OpenSSL's lists */
	struct ttls_bad *bad;
};

struct ttls_rule {
	char name[TTLS_NAME + 1], group[TTLS_NAME + 1], env[TTLS_NAME + 1], conn[TTLS_NAME + 1];
	struct tnp_pos pos;
	uint32_t priority;
	uint8_t inbound;
	uint8_t has_condition;
	struct ttls_ports *lports, *rports;     /* NULL: all */
	struct ttls_addrs *local, *remote;
	struct ttls_set set;
	uint8_t owns;                   /* tls is its own, not another rule's */
	uint32_t timeout_s;             /* of a handshake */
	struct tls_ctx *tls;            /* NULL: TTLSEnabled Off, or no port of ours */
	struct ttls_rule *next;
};

struct ttls {
	struct arena arena;
	char file[256];
	struct ttls_rule *rules;        /* in the order of search */
};

struct ttls_end {                       /* one end of a connection */
	const struct ipaddr *addr;
	uint16_t port;
};

struct ttls_files {
	const char *keyrings;           /* folder of key rings; NULL: none */
	struct tls_keys *keys;
	uint32_t check_s;
};

/* NULL: it can't be read, or no memory. With fails in errs of use for its errors only. */
struct ttls *ttls_read(const char *file, struct tnp_errs *);
struct ttls *ttls_parse(const char *file, const char *text, size_t n, struct tnp_errs *);
void     ttls_free(struct ttls *);
/* Makes the contexts of the rules that clients of this port may fall under; how many
 * of them have TLS. */
unsigned ttls_load(struct ttls *, const struct tnp_port *, const struct ttls_files *,
             struct tnp_errs *);
bool     ttls_covers(const struct ttls_rule *, const struct tnp_port *);
const struct ttls_rule *ttls_find(const struct ttls *, struct ttls_end local,
             struct ttls_end remote);

/* ttls_cipher.c. A cipher by its name (RFC's or the old SSL_ one of ENCRYPTION) or by
 * its code in 2 or 4 hexadecimal digits. */
struct ttls_cipher {
	uint16_t code;
	const char *name;
	const char *openssl;            /* NULL: not in OpenSSL, or for DSA keys only */
	const char *weak;               /* NULL: may be used; else why not */
};
const struct ttls_cipher *ttls_cipher_find(const char *text, size_t n);
const struct ttls_cipher *ttls_cipher_code(unsigned code);
/* Adds it behind what list has; list may be NULL. */
const char *ttls_cipher_add(struct arena *, const char *list, const struct ttls_cipher *);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * profile.h - the Telnet profile: ports, parameters, and who gets what.
 *
 * A profile is read whole and never changes; OBEYFILE reads another. Clients
 * stay on the one they came in under: it is counted, and freed with the last.
 *
 * Takes:   the text of a profile.
 * Gives:   ports with their parameters; for a client: LU pools, parameters,
 *          application, USS tables.
 * Memory:  one arena a profile.
 * Errors:  a list with line, column, statement and a reason in plain words.
 *          A profile with an error of severity FAIL is not used.
 * Thread:  made by one; read by any (only users and assigned[] change: atomics).
 * Source:  companion zos-telnet-server sections 2-7, 9; docs/configuration.md.
 */
#ifndef TN3270E_PROFILE_H
#define TN3270E_PROFILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/pool.h"
#include "tn3270e/clid.h"
#include "tn3270e/lurange.h"
#include "tn3270e/profile_appl.h"
#include "tn3270e/tls.h"
#include "tn3270e/tnneg.h"
#include "tn3270e/tnlimit.h"
#include "tn3270e/tnparm.h"

struct codepage;
struct usstab;
struct intab;
struct ttls;
struct ttls_rule;

struct tnp_pos {
	uint32_t line, col;
};

struct tnp_group {
	char name[20];                  /* DEFAULTLUS, a group's, or the LU's */
	uint8_t printer;
	struct tnp_pos pos;             /* where it is defined */
	uint8_t single;                 /* made of an LU named in a map */
	uint8_t no_pool;                /* nobody chooses from it: run has its LUs */
	uint8_t warn_pct;
	uint8_t warned;                 /* the main's: EZZ6007I was said */
	uint16_t pool;                  /* lupool id; set by the main */
	uint32_t n;
	struct lurange *ranges, **tail;
	_Atomic uint32_t *assigned;     /* of a group with partner printers: conn id a place */
	struct mapent ent;              /* by name, in its block */
	struct tnp_group *next;
};
int64_t  tnp_group_index(const struct tnp_group *, const char *lu);     /* place or -1 */
bool     tnp_group_at(const struct tnp_group *, uint64_t place, char to[9]);

enum tnp_mapkind { TMAP_GENERIC, TMAP_SPECIFIC };

struct tnp_map {                        /* LUMAP, PRTMAP */
	uint8_t printer;
	uint8_t kind;                   /* enum tnp_mapkind */
	uint8_t keepopen;
	uint8_t pmap;                   /* PARMSGROUP's number, 0 none */
	uint32_t order;                 /* in the profile */
	struct tnp_group *group;
	struct tnp_group *source;       /* whose pool: maps of single LUs in a row share one */
	struct tnp_group *partner;      /* printers by place */
	struct tnp_clid clid;
	struct tnp_appl *appl;          /* DEFAPPL */
	struct tnp_map *next, *same;    /* same: of the same client identifier */
};

struct tnp_uss {
	char name[2][9];                /* 3270, SCS; INTERPTCP: the first */
	const struct usstab *tab[2];    /* set by the main */
	const struct intab *intab;
	struct tnp_clid clid;
	struct tnp_pos pos;
	struct tnp_uss *next;
};

struct tnp_parmsmap {
	uint8_t group;
	struct tnp_clid clid;
	struct tnp_parmsmap *next;
};

#define TNP_PORTS 64
#define TNP_PARMSGROUPS 16
#define TNP_PARTNERS 64         /* maps with partner printers */
#define TNP_LUS_MAX 524288u             /* names of a profile, in all its groups */

struct tnp_vtam {                       /* BEGINVTAM */
	uint8_t n_ports;
	uint16_t ports[TNP_PORTS];
	struct ipaddr addrs[TNP_PORTS]; /* qualification; none: all of the number */
	struct tnp_group *deflus[2][2]; /* [printer][specific] */
	struct tnp_group *groups;
	struct tnp_group **group_tail;
	struct map names;               /* groups by name */
	struct tnp_idgroup *idgroups;
	struct tnp_index index;         /* client identifiers, and what is mapped to them */
	struct tnp_map *maps, **map_tail, *partners[TNP_PARTNERS];
	unsigned n_partners;
	struct tnp_appl *appls;
	struct tnp_uss *uss, *interps;
	struct tnp_parmsmap *parmsmaps;
	struct tnp_monitor *monitors;
	struct tnp_monmap *monmaps;
	uint8_t n_parmsgroups;
	char parmsgroup[TNP_PARMSGROUPS + 1][20];
	struct tnp_parms coded[TNP_PARMSGROUPS + 1];
	struct tnp_pos pos;
	struct tnp_vtam *next;
};

struct tnp_port {
	uint16_t port;
	uint8_t secure;
	uint8_t smf, smf_coded;         /* as in struct profile, where it is coded here */
	struct ipaddr addr;             /* qualification; none: all */
	const struct profile *profile;
	struct tnp_vtam *vtam;
	uint8_t ttls;                   /* TTLSPORT: TLS by the policy */
	uint8_t check_coded;            /* CERTCHECK */
	struct tls_conf tls_conf;       /* what is coded, and what tls was made of */
	struct tls_users users;         /* certificate to user id */
	const char *ptkt_socket;        /* who makes tickets; NULL: nobody */
	const struct codepage *page;    /* CODEPAGE; never NULL once read */
	struct tnp_parms coded;
	struct tnp_parms *final;        /* [PARMSMAP][PMAP], 0: none */
	struct tnp_limits limits;
	struct tls_ctx *tls;            /* NULL: none, or by the policy */
	struct tnp_pos pos;
	struct tnp_port *next;
};

#define TNP_DEVICES 32

struct profile {
	struct arena arena;
	char file[256];
	_Atomic uint32_t number;        /* 0: CURR */
	_Atomic uint32_t users;         /* clients, and one for being current */
	struct tnp_parms globals;
	struct tnp_port *ports;
	struct tnp_vtam *vtams;
	uint8_t n_ports;
	uint8_t debug[2];               /* DEBUG TASK, CONFIG: enum tnp_debug */
	uint8_t smf;                    /* enum acct_ask bits: SMFINIT, SMFTERM */
	uint32_t smf_mb, smf_keep;      /* SMFFILE: size, renamed ones kept */
	const char *smf_file;           /* or NULL */
	struct tnp_pos smf_pos, mode_pos[TNP_DEVICES];
	char mode[TNP_DEVICES][2][9];   /* TELNETDEVICE by tndev place; "" ours */
	const struct codepage *page;    /* of the globals, or the standard one */
	struct tnp_limits limits;       /* TELNETGLOBALS */
	struct ttls *ttls;              /* AT-TLS policy; NULL: none */
	struct profile *next;           /* of the old ones, newest first */
};

enum tnp_sev { TNP_INFO = 1, TNP_WARN, TNP_FAIL };

struct tnp_err {
	uint8_t sev;                    /* enum tnp_sev */
	struct tnp_pos pos;
	char stmt[32];
	const char *file;               /* NULL: the profile's own */
	const char *text;
	struct tnp_err *next;
};

struct tnp_errs {
	struct arena arena;
	struct tnp_err *first, **tail;
	unsigned count, fails;
};

void     tnp_errs_init(struct tnp_errs *);
void     tnp_errs_fini(struct tnp_errs *);
void     tnp_err_add(struct tnp_errs *, enum tnp_sev, struct tnp_pos, const char *stmt,
             const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Of another file than the profile's. */
void     tnp_err_add_in(struct tnp_errs *, const char *file, enum tnp_sev, struct tnp_pos,
             const char *stmt, const char *text);
/* "file(line,col) STATEMENT: reason" */
char    *tnp_err_line(const struct tnp_err *, const char *file, char *to, size_t n);

/* NULL: no memory. With fails in errs it is of use for its errors only. */
struct profile *profile_parse(const char *file, const char *text, size_t n, struct tnp_errs *);
/* Reads the file first; NULL when it can't be read, too. */
struct profile *profile_read(const char *file, struct tnp_errs *);
void     profile_free(struct profile *);

/* profile_tls.c. Policy and certificates of a profile that was read; errors into errs. */
struct profile_tls {
	const char *attls;              /* policy file; NULL: none */
	const char *keyrings;           /* folder of key rings; NULL: none */
	struct tls_keys *keys;
};
void     profile_tls_load(struct profile *, const struct profile_tls *, struct tnp_errs *);
/* For D ..,PROFILE,DETAIL: certificates in use, rules of the port. */
void     profile_tls_show(const struct tnp_port *, struct con *);

#define TNP_POOLS 8

struct tnp_choice {
	uint16_t pool[TNP_POOLS];       /* 0 ends */
	char lu[9];                     /* this one; "": any of the pools */
	uint16_t within;                /* in this pool, too; 0: no more is asked */
	uint8_t fail;                   /* 1: reason says why there is none */
	uint8_t reason;                 /* enum tnneg_reason */
};

/* Which LUs may the client have? */
void     profile_choose(const struct tnp_port *, const struct tnp_client *,
             const struct tnneg *, struct tnp_choice *);
/* The map that gave the LU, or NULL: a default pool. */
const struct tnp_map *profile_map(const struct tnp_port *, const struct tnp_client *,
             const char *lu, enum tnp_mapkind asked);
/* The parameters of a client; map NULL before it has an LU. */
const struct tnp_parms *profile_parms(const struct tnp_port *, const struct tnp_client *,
             const struct tnp_map *);
/* Its default application, or NULL. */
const struct tnp_appl *profile_appl(const struct tnp_port *, const struct tnp_client *,
             const struct tnp_map *, enum tnp_applkind);
const struct tnp_uss *profile_uss(const struct tnp_port *, const struct tnp_client *);
const struct tnp_uss *profile_interp(const struct tnp_port *, const struct tnp_client *);
/* What TLS is done with, or NULL; rule: the policy's, or NULL. */
struct tls_ctx *profile_tls_of(const struct tnp_port *, const struct tnp_client *, uint16_t cport,
             const struct ttls_rule **rule);
/* Logon mode by device type. */
enum tnp_side { TNP_3270, TNP_E };
const char *profile_mode(const struct profile *, unsigned device, enum tnp_side);

#endif

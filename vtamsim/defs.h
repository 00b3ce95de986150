/* SPDX-License-Identifier: Apache-2.0
 *
 * defs.h - the definition library: start options, lists, major nodes, tables.
 *
 * Takes:   a folder with one file a member (ATCSTR00, EEXCA1 ..).
 * Gives:   typed start options, member names of ATCCONxx, struct def_member,
 *          logon mode and USS tables.
 * Memory:  a def_member owns an arena: a failed one leaves nothing. Tables live
 *          until defs_free(): old versions too, so other threads may hold them.
 * Errors:  all into the struct deferrs of the call, one for each thing wrong.
 * Thread:  one; the tables it gives may be read by any.
 * Source:  companion vtamlst; operand by operand: docs/configuration.md.
 */
#ifndef VTAMSIM_DEFS_H
#define VTAMSIM_DEFS_H

#include <stdint.h>

#include "vtamsim/defs_res.h"
#include "vtamsim/modetab.h"
#include "vtamsim/uss.h"
#include "vtamsim/vtamlst.h"

enum defs_nodetype { NODETYPE_NONE, NODETYPE_EN, NODETYPE_NN };
enum defs_cpcp { CPCP_NO = 1, CPCP_YES, CPCP_LEASED, CPCP_SWITCHED };
enum defs_hpr { HPR_NONE, HPR_ANR, HPR_RTP };
enum defs_supp { SUPP_NOSUP, SUPP_INFO, SUPP_WARN, SUPP_NORM, SUPP_SER, SUPP_INSUF };
enum defs_origin { DO_DEFAULT = 1, DO_LIST, DO_OPERATOR };
enum defs_date { DATE_MDY = 1, DATE_DMY, DATE_YMD };

/* A start option for D NET,VTAMOPTS. */
struct defs_opt {
	const char *name;
	const char *value;      /* as displayed; default or coded */
	uint8_t origin;         /* enum defs_origin */
	uint8_t used;           /* 0: accepted, without function here */
	char member[9];         /* DO_LIST: where */
	struct vlpos pos;
	struct defs_opt *next;
};

/* xxBUF=(baseno,bufsize,slowpt,F,xpanno,xpanpt,xpanlim) */
struct defs_buf {
	char name[8];           /* IOBUF */
	char id[5];             /* IO00 */
	uint32_t baseno, bufsize, slowpt, xpanno, xpanpt, xpanlim;
	uint8_t fixed;
};
#define DEFS_BUFS 14

struct defs_start {
	char sscpname[9], netid[9], hostpu[9];
	uint32_t sscpid, hostsa;
	uint8_t nodetype;       /* enum defs_nodetype */
	uint8_t appn;           /* CONNTYPE: 1 APPN, 0 LEN */
	uint8_t cpcp;           /* enum defs_cpcp */
	uint8_t hpr[2];         /* enum defs_hpr: level, and on the links */
	uint8_t dynlu, dynadjcp, cpcdrsc, xnetals;
	uint32_t hprpst_s[4];   /* low, medium, high, network */
	uint32_t psretry_s[4];
	uint32_t hprstall_s, hprpsdly_s;
	uint32_t hprpsmsg;      /* groups IST1494I a minute; 0: all */
	struct def_livtime discntim;    /* DISCNT=DELAY: s */
	uint8_t pmtud;                  /* TCPVALUE: discovery on */
	uint8_t hprclk_adaptive, hpritmsg_enhanced;
	struct ipaddr ipaddr;
	char hostname[DEF_HOST_MAX + 1];
	char tcpname[9];
	uint32_t eeverify;      /* minutes; 0 NEVER; EEVERIFY_ACTIVATE */
	uint32_t unrchtim[4];   /* s a partner is not tried again over a connection network; how
	                         * many such partners make the network unusable; none, none */
	char dynpupfx[4], dynvnpfx[4], dynhppfx[4];     /* CN, CNV, CNR */
	char nnspref[9];
	char appncos[9];
	char dyndlgmd[9], dynmodtb[9];
	char config[9];         /* ATCCONxx */
	uint32_t dsplydef, dsplymax;
	uint8_t supp;           /* enum defs_supp */
	uint8_t msglevel;       /* 0 BASE, 1.. V4R1 and up: replaced ids */
	uint8_t msgmod;
	uint8_t dateform;       /* enum defs_date */
	uint32_t ioint_s, iopurge_s, iomsglim;
	uint32_t cdrscti_s, dirtime_s, dirsize, routeres, vtameas;
	uint8_t swn[2];         /* SWNORDER: [0] CPNAME, [1] FIRST */
	uint8_t tnstat;
	uint32_t tnstat_time;
	struct defs_buf buf[DEFS_BUFS];
	struct defs_opt *opts;  /* all, in the order of the reference */
};

struct defs;

/* list: "00" or "xx"; NULL "00". Opens nothing. NULL: no memory. */
struct defs *defs_new(const char *dir, const char *list);
void defs_free(struct defs *);
/* Before loading: &NAME. becomes value. */
void defs_symbol(struct defs *, const char *name, const char *value);

/* ATCSTR00, then ATCSTRxx. 0, or -ENOENT, -EINVAL (a required option is missing). */
int  defs_load_start(struct defs *, struct deferrs *);
const struct defs_start *defs_start(const struct defs *);
/* One option as on START or MODIFY VTAMOPTS: "KEY=VALUE". 0, -EINVAL. */
int  defs_set_option(struct defs *, const char *text, struct deferrs *);
/* Options that MODIFY may change. */
bool defs_option_dynamic(const char *name);

struct defs_name {
	char name[9];
	struct vlpos pos;
	const struct defs_name *next;
};
/* The names of ATCCONxx in order. 0, -ENOENT, -EINVAL; names so far in both. */
int  defs_load_config(struct defs *, const struct defs_name **, struct deferrs *);

/* A major node; NULL when it failed (see the errors). The caller frees it. */
struct def_member *defs_load_member(struct defs *, const char *name, struct deferrs *);
void def_member_free(struct def_member *);
const char *def_type_text(uint8_t type);        /* "APPL SEGMENT" */

/* Tables, loaded on first use; NULL: not there or wrong (told once: it is tried again when
 * a major node is loaded or the table is forgotten). "" and the built-in names work. */
const struct modetab *defs_modetab(struct defs *, const char *name, struct deferrs *);
const struct usstab *defs_usstab(struct defs *, const char *name, struct deferrs *);
const struct intab *defs_intab(struct defs *, const char *name, struct deferrs *);
/* Forgets a table, so that the next use reads it again. NULL: all that failed. */
void defs_table_forget(struct defs *, const char *name);

/* Reads everything that the start would: lists, members, their tables. Number of
 * errors of severity DE_FAIL; the list has the warnings too. */
unsigned defs_check(struct defs *, struct deferrs *);

/* One member file: 0, -ENOENT, -EINVAL (name), -EFBIG. *bytes is malloc'ed. */
int  defs_read(const char *dir, const char *member, uint8_t **bytes, size_t *n);

#endif

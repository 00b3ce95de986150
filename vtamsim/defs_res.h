/* SPDX-License-Identifier: Apache-2.0
 *
 * defs_res.h - what a major node member says, with defaults and sift-down done.
 *
 * Values are final: a consumer never looks at a higher statement. Operands that
 * were coded are also kept as text (opds), for displays and for those operands
 * that we accept without having a function for them.
 *
 * Units:   seconds; bytes; yes/no fields are 0 or 1; texts are ASCII, "" none.
 * Memory:  everything is in the member's arena and const: it goes with it.
 * Source:  companion vtamlst sections 4, 6, appendix B.
 */
#ifndef VTAMSIM_DEFS_RES_H
#define VTAMSIM_DEFS_RES_H

#include <stdint.h>

#include "base/ebcdic.h"
#include "base/ipaddr.h"
#include "base/pool.h"
#include "vtamsim/vtamlst.h"

#define DEF_HOST_MAX 64
#define DEF_REDIAL_FOREVER 0xffffffffu

enum def_type {
	DM_APPL = 1, DM_XCA, DM_SWNET,
	/* read and checked card by card, but without function (supported = 0) */
	DM_LOCAL, DM_LBUILD, DM_MODEL, DM_LUGROUP, DM_CDRM, DM_CDRSC, DM_ADJSSCP, DM_ADJCP,
	DM_ADJCLUST, DM_NETSRVR, DM_TRL, DM_COS, DM_TGP, DM_CA, DM_LAN, DM_PACKET,
	DM_BNCOSMAP, DM_PATH, DM_NCP, DM_TABLE
};

/* An operand as coded. */
struct def_opd {
	const char *key, *value;
	struct vlpos pos;
	const struct def_opd *next;
};

/* Head of every minor node. */
struct def_head {
	char name[9];           /* a model's may have ? and * */
	char netid[9];          /* from a qualified name; "" */
	struct vlpos pos;
	const struct def_opd *opds;     /* its own, then the ones sifted down */
};

enum def_auth {
	AUTH_ACQ = 1, AUTH_PASS = 2, AUTH_SPO = 4, AUTH_PPO = 8, AUTH_CNM = 16, AUTH_TSO = 32,
	AUTH_NVPACE = 64, AUTH_ASDP = 128
};

enum def_losterm { LOSTERM_NORMAL = 1, LOSTERM_SECOND, LOSTERM_IMMED };
enum def_modsrch { MODSRCH_NEVER = 1, MODSRCH_FIRST };

struct def_appl {
	struct def_head h;
	char acbname[9];        /* the name when not coded */
	uint8_t model;          /* name has wild cards */
	uint32_t auth;          /* enum def_auth bits */
	uint32_t eas;           /* 509 */
	uint8_t parsess, sesslim, appc, dsplywld, sonscip;
	uint8_t losterm;        /* enum def_losterm */
	uint8_t modsrch;        /* enum def_modsrch */
	uint8_t isactive;       /* ISTATUS */
	char modetab[9];        /* "" : ISTINCLM alone */
	char dlogmod[9];
	char usstab[9];
	uint32_t vpacing;       /* 7; 0 none */
	uint32_t asrcvlm;       /* 1000000 */
	char span[9];
	const struct def_appl *next;
};

enum def_dir { DEF_CALL_IN = 1, DEF_CALL_OUT = 2, DEF_CALL_INOUT = 3 };
enum def_vntype { DEF_VN_NONE = 1, DEF_VN_LOCAL, DEF_VN_GLOBAL };
enum def_medium { MEDIUM_HPRIP = 1, MEDIUM_LAN };

/* TG characteristics, as in TG vectors: each 0-255. */
struct def_tg {
	uint8_t capacity;       /* APPN eight-bit code of the effective capacity */
	uint32_t capacity_kbps;
	uint8_t costbyte, costtime, pdelay, security;
	uint8_t uparm[3];       /* 128 */
	char tgp[9];
};

struct def_livtime {
	uint32_t init, max;     /* max 0: fixed */
};

/* Disconnect when the last session ends: never, at once, after disc_delay seconds. */
enum def_discnt { DISCNT_NO, DISCNT_YES, DISCNT_DELAY };

struct def_pu {
	struct def_head h;
	char cpname[9];
	char netid[9];          /* of the partner; our NETID when not coded */
	uint32_t putype;        /* 2 */
	uint8_t idblk[2];       /* X'0bbb' */
	uint8_t idnum[3];       /* X'0nnnnn' */
	uint8_t has_id;         /* IDBLK and IDNUM coded */
	uint8_t appn;           /* CONNTYPE: 1 APPN, 0 LEN */
	uint8_t cpcp, hpr, nn, nn_coded;
	uint8_t dwact, dwinop;
	uint8_t discnt;         /* enum def_discnt */
	uint8_t disc_final;     /* DISCNT=(..,F) */
	uint32_t disc_delay;    /* DISCNT=DELAY */
	uint8_t limres, keepact;
	uint8_t dynadjcp, dynlu;
	uint8_t isactive;
	uint8_t ans_cont;
	uint32_t tgn;           /* 0 any */
	uint32_t maxdata;       /* 0 not coded */
	uint32_t hprpsdly;      /* s, HPRPSDLY_EE; what the start option says unless .. */
	uint8_t psdly_coded;
	uint8_t hpreearb;       /* enum arb_mode; 0: as the GROUP */
	uint32_t eeverify;      /* minutes; 0 NEVER; EEVERIFY_ACTIVATE */
	struct def_tg tg;
	const struct def_path *paths;   /* PID order */
	const struct def_lu *lus;
	const struct def_pu *next;
};

#define EEVERIFY_ACTIVATE 0xffffu
#define HPRPSDLY_EE 0xffffu             /* EEDELAY: as long as LDLC takes to see it */

struct def_path {
	struct def_head h;
	char grpnm[9];
	struct ipaddr ipaddr;           /* none: by hostname */
	char hostname[DEF_HOST_MAX + 1];
	uint32_t sapaddr;               /* 4 */
	uint32_t gid, pid;
	uint8_t use;
	uint32_t redial;                /* 3; DEF_REDIAL_FOREVER */
	uint32_t reddelay;              /* 30 s */
	uint8_t call;                   /* enum def_dir */
	char dlurname[18];
	const struct def_path *next;
};

enum def_sscpfm { SSCPFM_FSS = 1, SSCPFM_USSSCS, SSCPFM_USS3270, SSCPFM_USS3275, SSCPFM_USS3780,
	SSCPFM_USSNTO };

struct def_lu {
	struct def_head h;
	uint32_t locaddr;       /* 0 independent */
	uint8_t isactive;
	char logappl[18];
	char modetab[9], dlogmod[9], usstab[9], logtab[9];
	uint8_t sscpfm;         /* enum def_sscpfm */
	uint32_t pacing, vpacing;
	const struct def_lu *next;
};

struct def_line {
	struct def_head h;
	uint8_t isactive;
	uint8_t call;           /* enum def_dir */
	uint8_t answer;
	uint8_t generated;      /* by AUTOGEN */
	char pu[9];             /* name of the line's PU, "" none */
	uint8_t pu_isactive;
	const struct def_line *next;
};

struct def_group {
	struct def_head h;
	uint8_t dial;
	uint32_t autogen;       /* pairs; 0 not coded */
	uint8_t call;           /* enum def_dir; IN */
	uint8_t answer;         /* ON */
	uint8_t isactive;
	uint8_t dynpu;
	char dynpupfx[4];       /* start option's when not coded */
	char dynvnpfx[4];
	uint8_t dynlu;
	struct ipaddr ipaddr;   /* start option's when not coded; may be none */
	char hostname[DEF_HOST_MAX + 1];
	struct def_livtime livtime;
	uint32_t srqtime, srqretry;
	uint8_t hpreearb;       /* enum arb_mode; 0: responsive */
	uint8_t hpreeliv, keepact, limres;
	uint32_t eeverify;
	char vnname[18];
	uint8_t vntype;         /* enum def_vntype */
	uint32_t unrchtim;      /* s; 0: partners are not remembered as unreachable */
	struct def_tg tg;
	uint32_t nlines;
	const struct def_line *lines;
	const struct def_group *next;
};

struct def_port {
	struct def_head h;
	uint8_t medium;         /* enum def_medium */
	uint32_t ipport;        /* 12000 */
	uint8_t iptos[5];       /* low, medium, high, network, signal */
	uint32_t ipresolv;
	struct def_livtime livtime;
	uint32_t srqtime, srqretry;
	uint32_t sapaddr;       /* 4 */
	uint8_t hpreeliv;
	uint32_t eeverify;
	char vnname[18], vngroup[9];
	uint8_t vntype;
	uint32_t unrchtim;
	struct def_tg tg;
};

struct def_member {
	char name[9];           /* the major node */
	uint8_t type;           /* enum def_type */
	uint8_t supported;      /* 0: recognised, without function here */
	struct arena arena;     /* all below */
	uint32_t nstmt;
	const struct def_appl *appls;   /* APPL; in coded order, as all lists */
	const struct def_port *port;    /* XCA */
	const struct def_group *groups; /* XCA */
	const struct def_pu *pus;       /* SWNET */
	uint32_t maxgrp, maxno, maxdlur;
};

#endif

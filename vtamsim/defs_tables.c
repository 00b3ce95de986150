/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operands of every statement of APPL, XCA and SWNET major nodes: how each
 * reads, its range, its field. An operand that is not here is an error; one of
 * type OT_SKIP is accepted and has no function (docs/configuration.md says so).
 * Defaults are set by defs_member.c before the operands.
 */
#include "snaee/nlp.h"
#include "vtamsim/defs_in.h"

#define SZ(S, F) sizeof(((struct S *)0)->F)
#define ROW(K, T, S, F) .key = K, .type = T, .off = offsetof(struct S, F), .size = SZ(S, F)
#define SKIP(K) { .key = K, .type = OT_SKIP, .flags = OF_UNUSED }

static const struct opd_word w_istatus[] = { { "ACTIVE", 1 }, { "INACTIVE", 0 }, { NULL, 0 } };
static const struct opd_word w_onoff[] = { { "ON", 1 }, { "OFF", 0 }, { NULL, 0 } };
static const struct opd_word w_call[] = { { "IN", DEF_CALL_IN }, { "OUT", DEF_CALL_OUT },
	{ "INOUT", DEF_CALL_INOUT }, { NULL, 0 } };
static const struct opd_word w_arb[] = { { "RESPMODE", ARB_RESPONSIVE },
	{ "PROGRESS", ARB_PROGRESSIVE }, { NULL, 0 } };
static const struct opd_word w_vntype[] = { { "LOCAL", DEF_VN_LOCAL }, { "GLOBAL", DEF_VN_GLOBAL },
	{ NULL, 0 } };
static const struct opd_word w_losterm[] = { { "NORMAL", LOSTERM_NORMAL },
	{ "SECOND", LOSTERM_SECOND }, { "IMMED", LOSTERM_IMMED }, { NULL, 0 } };
static const struct opd_word w_modsrch[] = { { "NEVER", MODSRCH_NEVER },
	{ "FIRST", MODSRCH_FIRST }, { NULL, 0 } };
static const struct opd_word w_medium[] = { { "HPRIP", MEDIUM_HPRIP }, { "CSMACD", MEDIUM_LAN },
	{ "RING", MEDIUM_LAN }, { "FDDI", MEDIUM_LAN }, { "ATM", MEDIUM_LAN },
	{ "BOTH", MEDIUM_LAN }, { NULL, 0 } };
static const struct opd_word w_conntype[] = { { "APPN", 1 }, { "LEN", 0 }, { NULL, 0 } };
static const struct opd_word w_ans[] = { { "CONT", 1 }, { "CONTINUE", 1 }, { "STOP", 0 },
	{ NULL, 0 } };
/* SNA Formats, CV 47: propagation delay and security. */
static const struct opd_word w_pdelay[] = { { "MINIMUM", 0x00 }, { "NEGLIGIB", 0x4c },
	{ "TERRESTR", 0x71 }, { "PACKET", 0x91 }, { "LONG", 0x99 }, { "MAXIMUM", 0xff }, { NULL,
	    0 } };
static const struct opd_word w_security[] = { { "UNSECURE", 0x01 }, { "PUBLIC", 0x20 },
	{ "UNDERGRO", 0x40 }, { "SECURE", 0x60 }, { "GUARDED", 0x80 }, { "ENCRYPT", 0xa0 },
	{ "SHIELDED", 0xc0 }, { "MAXIMUM", 0xff }, { NULL, 0 } };
static const struct opd_word w_sscpfm[] = { { "FSS", SSCPFM_FSS }, { "USSSCS", SSCPFM_USSSCS },
	{ "USS3270", SSCPFM_USS3270 }, { "USS3275", SSCPFM_USS3275 },
	{ "USS3780", SSCPFM_USS3780 }, { "USSNTO", SSCPFM_USSNTO }, { NULL, 0 } };

/* TG characteristics: the same on PORT, GROUP and PU. */
#define TG_ROWS(S) \
	{ ROW("CAPACITY", OT_CAPACITY, S, tg) }, \
	{ ROW("COSTBYTE", OT_TGBYTE, S, tg.costbyte) }, \
	{ ROW("COSTTIME", OT_TGBYTE, S, tg.costtime) }, \
	{ ROW("PDELAY", OT_TGBYTE, S, tg.pdelay), .words = w_pdelay }, \
	{ ROW("SECURITY", OT_TGBYTE, S, tg.security), .words = w_security }, \
	{ ROW("UPARM1", OT_TGBYTE, S, tg.uparm[0]) }, \
	{ ROW("UPARM2", OT_TGBYTE, S, tg.uparm[1]) }, \
	{ ROW("UPARM3", OT_TGBYTE, S, tg.uparm[2]) }, \
	{ ROW("TGP", OT_NAME, S, tg.tgp), .flags = OF_UNUSED }

const struct opd_row opd_appl[] = {
	{ ROW("ACBNAME", OT_PATTERN, def_appl, acbname), .flags = OF_NOSIFT },
	{ ROW("APPC", OT_YN, def_appl, appc) },
	{ ROW("ASRCVLM", OT_NUM, def_appl, asrcvlm), .hi = 2147483647u, .flags = OF_UNUSED },
	{ ROW("AUTH", OT_AUTH, def_appl, auth) },
	{ ROW("DLOGMOD", OT_NAME, def_appl, dlogmod) },
	{ ROW("DSPLYWLD", OT_YN, def_appl, dsplywld), .flags = OF_UNUSED },
	{ ROW("EAS", OT_NUM, def_appl, eas), .lo = 1, .hi = 65535 },
	{ ROW("ISTATUS", OT_WORD, def_appl, isactive), .words = w_istatus },
	{ ROW("LOSTERM", OT_WORD, def_appl, losterm), .words = w_losterm },
	{ ROW("MODETAB", OT_NAME, def_appl, modetab) },
	{ ROW("MODSRCH", OT_WORD, def_appl, modsrch), .words = w_modsrch, .flags = OF_UNUSED },
	{ ROW("PARSESS", OT_YN, def_appl, parsess) },
	{ ROW("SESSLIM", OT_YN, def_appl, sesslim) },
	{ ROW("SONSCIP", OT_YN, def_appl, sonscip) },
	{ ROW("SPAN", OT_NAME, def_appl, span), .flags = OF_UNUSED },
	{ ROW("USSTAB", OT_NAME, def_appl, usstab) },
	{ ROW("VPACING", OT_PACING, def_appl, vpacing), .hi = 63 },
	SKIP("ASLENT"), SKIP("ASLTAB"), SKIP("ATNLOSS"), SKIP("AUTHEXIT"), SKIP("AUTOSES"),
	SKIP("BUFFACT"), SKIP("CERTIFY"), SKIP("CKEYNAME"), SKIP("CMPAPPLI"), SKIP("CMPAPPLO"),
	SKIP("CONVSECV"), SKIP("DDRAINL"), SKIP("DMINWNL"), SKIP("DMINWNR"), SKIP("DRESPL"),
	SKIP("DSESLIM"), SKIP("ENCR"), SKIP("ENCRTYPE"), SKIP("FASTPASS"), SKIP("HAVAIL"),
	SKIP("LIMQSINT"), SKIP("LMDENT"), SKIP("LUAPFX"), SKIP("MAC"), SKIP("MACLNTH"),
	SKIP("MACTYPE"), SKIP("MAXPVT"), SKIP("MDLENT"), SKIP("MDLTAB"), SKIP("OPERCNOS"),
	SKIP("PERSIST"), SKIP("POAQLIM"), SKIP("PRTCT"), SKIP("RAMPUP"), SKIP("REGISTER"),
	SKIP("SECACPT"), SKIP("SIRFMSG"), SKIP("SRBEXIT"), SKIP("STATOPT"), SKIP("SYNCLVL"),
	SKIP("UNITSZ"), SKIP("VERIFY"), SKIP("VTAMFRR"), SKIP("VTIMER"), SKIP("NOTCAM"),
	{ .key = NULL }
};

const struct opd_row opd_port[] = {
	{ ROW("MEDIUM", OT_WORD, def_port, medium), .words = w_medium },
	{ ROW("IPPORT", OT_NUM, def_port, ipport), .hi = 65531 },
	{ ROW("IPTOS", OT_IPTOS, def_port, iptos) },
	{ ROW("IPRESOLV", OT_NUM, def_port, ipresolv), .hi = 255 },
	{ ROW("LIVTIME", OT_LIVTIME, def_port, livtime) },
	{ ROW("SRQTIME", OT_NUM, def_port, srqtime), .lo = 1, .hi = 255 },
	{ ROW("SRQRETRY", OT_NUM, def_port, srqretry), .hi = 255 },
	{ ROW("SAPADDR", OT_NUM, def_port, sapaddr), .lo = 4, .hi = 252 },
	{ ROW("HPREELIV", OT_YN, def_port, hpreeliv) },
	{ ROW("EEVERIFY", OT_EEVERIFY, def_port, eeverify) },
	{ ROW("VNNAME", OT_QNAME, def_port, vnname) },
	{ ROW("VNGROUP", OT_NAME, def_port, vngroup) },
	{ ROW("VNTYPE", OT_WORD, def_port, vntype), .words = w_vntype },
	{ ROW("UNRCHTIM", OT_TIME, def_port, unrchtim), .lo = 10, .hi = 65535, .flags = OF_ZERO },
	TG_ROWS(def_port),
	SKIP("ADAPNO"), SKIP("CUADDR"), SKIP("TIMER"), SKIP("DELAY"),
	SKIP("MAXSLOW"), SKIP("ROUTEDIR"), SKIP("SPAN"),
	{ .key = NULL }
};

const struct opd_row opd_xgroup[] = {
	{ ROW("DIAL", OT_YN, def_group, dial) },
	{ ROW("CALL", OT_WORD, def_group, call), .words = w_call },
	{ ROW("ANSWER", OT_WORD, def_group, answer), .words = w_onoff },
	{ ROW("ISTATUS", OT_WORD, def_group, isactive), .words = w_istatus },
	{ ROW("DYNPU", OT_YN, def_group, dynpu) },
	{ ROW("DYNPUPFX", OT_PREFIX, def_group, dynpupfx) },
	{ ROW("DYNVNPFX", OT_PREFIX, def_group, dynvnpfx) },
	{ ROW("DYNLU", OT_YN, def_group, dynlu) },
	{ ROW("IPADDR", OT_IPADDR, def_group, ipaddr) },
	{ ROW("HOSTNAME", OT_HOST, def_group, hostname) },
	{ ROW("LIVTIME", OT_LIVTIME, def_group, livtime) },
	{ ROW("SRQTIME", OT_NUM, def_group, srqtime), .lo = 1, .hi = 255 },
	{ ROW("SRQRETRY", OT_NUM, def_group, srqretry), .hi = 255 },
	{ ROW("HPREEARB", OT_WORD, def_group, hpreearb), .words = w_arb },
	{ ROW("HPREELIV", OT_YN, def_group, hpreeliv) },
	{ ROW("KEEPACT", OT_YN, def_group, keepact) },
	{ ROW("LIMRES", OT_YN, def_group, limres) },
	{ ROW("EEVERIFY", OT_EEVERIFY, def_group, eeverify) },
	{ ROW("VNNAME", OT_QNAME, def_group, vnname) },
	{ ROW("VNTYPE", OT_WORD, def_group, vntype), .words = w_vntype },
	{ ROW("UNRCHTIM", OT_TIME, def_group, unrchtim), .lo = 10, .hi = 65535, .flags = OF_ZERO },
	TG_ROWS(def_group),
	/* AUTOGEN makes lines: defs_xca.c reads it. */
	{ .key = "AUTOGEN", .type = OT_SKIP },
	SKIP("VNGROUP"), SKIP("IPPORT"), SKIP("IPTOS"), SKIP("IPRESOLV"),
	SKIP("SAPADDR"), SKIP("SWNORDER"), SKIP("HPRPSDLY"), SKIP("VTAMTOPO"),
	SKIP("LNCTL"), SKIP("REPLYTO"), SKIP("SPAN"),
	{ .key = NULL }
};

const struct opd_row opd_line[] = {
	{ ROW("CALL", OT_WORD, def_line, call), .words = w_call },
	{ ROW("ANSWER", OT_WORD, def_line, answer), .words = w_onoff },
	{ ROW("ISTATUS", OT_WORD, def_line, isactive), .words = w_istatus },
	SKIP("DELAY"), SKIP("ADDRESS"), SKIP("MIH"), SKIP("MAXBFRU"), SKIP("USE"), SKIP("SPAN"),
	SKIP("KEEPACT"), SKIP("LIMRES"),
	{ .key = NULL }
};

/* A line's PU in an XCA major node. */
const struct opd_row opd_xpu[] = {
	{ ROW("ISTATUS", OT_WORD, def_line, pu_isactive), .words = w_istatus },
	SKIP("DYNADJCP"), SKIP("TGP"), SKIP("PUTYPE"), SKIP("SUBAREA"), SKIP("MACADDR"),
	SKIP("SAPADDR"), SKIP("TGN"), SKIP("SPAN"), SKIP("DYNLU"), SKIP("LANACK"),
	{ .key = NULL }
};

const struct opd_row opd_pu[] = {
	{ ROW("PUTYPE", OT_NUM, def_pu, putype), .lo = 1, .hi = 2 },
	{ ROW("CPNAME", OT_NAME, def_pu, cpname) },
	{ ROW("NETID", OT_NAME, def_pu, netid) },
	{ ROW("IDBLK", OT_HEX, def_pu, idblk), .lo = 3, .hi = 2 },
	{ ROW("IDNUM", OT_HEX, def_pu, idnum), .lo = 5, .hi = 3 },
	{ ROW("CONNTYPE", OT_WORD, def_pu, appn), .words = w_conntype },
	{ ROW("CPCP", OT_YN, def_pu, cpcp) },
	{ ROW("HPR", OT_YN, def_pu, hpr) },
	{ ROW("NN", OT_YN, def_pu, nn) },
	{ ROW("DWACT", OT_YN, def_pu, dwact) },
	{ ROW("DWINOP", OT_YN, def_pu, dwinop) },
	{ ROW("DISCNT", OT_DISCNT, def_pu, discnt) },
	{ ROW("LIMRES", OT_YN, def_pu, limres) },
	{ ROW("KEEPACT", OT_YN, def_pu, keepact) },
	{ ROW("DYNADJCP", OT_YN, def_pu, dynadjcp) },
	{ ROW("DYNLU", OT_YN, def_pu, dynlu) },
	{ ROW("ISTATUS", OT_WORD, def_pu, isactive), .words = w_istatus },
	{ ROW("ANS", OT_WORD, def_pu, ans_cont), .words = w_ans, .flags = OF_UNUSED },
	{ ROW("TGN", OT_NUM, def_pu, tgn), .hi = 21 },
	{ ROW("MAXDATA", OT_NUM, def_pu, maxdata), .hi = 65535 },
	{ ROW("HPRPSDLY", OT_PSDLY, def_pu, hprpsdly) },
	{ ROW("HPREEARB", OT_WORD, def_pu, hpreearb), .words = w_arb },
	{ ROW("EEVERIFY", OT_EEVERIFY, def_pu, eeverify) },
	TG_ROWS(def_pu),
	SKIP("ADDR"), SKIP("MAXOUT"), SKIP("MAXPATH"), SKIP("MAXSESS"), SKIP("PASSLIM"),
	SKIP("IRETRY"), SKIP("SHM"), SKIP("SHMTIM"), SKIP("DLURNAME"), SKIP("DLCADDR"),
	SKIP("MTU"), SKIP("LANTEST"), SKIP("LUGROUP"), SKIP("LUSEED"),
	SKIP("NATIVE"), SKIP("RTPONLY"), SKIP("SAPCOL"), SKIP("VERALSID"), SKIP("VERID"),
	SKIP("VERIFY"), SKIP("INCLUD0E"), SKIP("XNETALS"), SKIP("SECNET"), SKIP("REGISTER"),
	SKIP("TOPO"), SKIP("USE"), SKIP("DATMODE"), SKIP("SPAN"), SKIP("BLOCKNUM"),
	SKIP("PUDR"), SKIP("SUBAREA"), SKIP("HPRELIV"), SKIP("IOPACE"),
	{ .key = NULL }
};

const struct opd_row opd_path[] = {
	{ ROW("GRPNM", OT_NAME, def_path, grpnm) },
	{ ROW("IPADDR", OT_IPADDR, def_path, ipaddr) },
	{ ROW("HOSTNAME", OT_HOST, def_path, hostname) },
	{ ROW("SAPADDR", OT_NUM, def_path, sapaddr), .lo = 4, .hi = 252 },
	{ ROW("GID", OT_NUM, def_path, gid), .lo = 1, .hi = 255 },
	{ ROW("PID", OT_NUM, def_path, pid), .lo = 1, .hi = 255 },
	{ ROW("USE", OT_YN, def_path, use) },
	{ ROW("REDIAL", OT_REDIAL, def_path, redial) },
	{ ROW("REDDELAY", OT_NUM, def_path, reddelay), .lo = 1, .hi = 1200 },
	{ ROW("CALL", OT_WORD, def_path, call), .words = w_call },
	{ ROW("DLURNAME", OT_QNAME, def_path, dlurname), .flags = OF_UNUSED },
	SKIP("DIALNO"), SKIP("DLCADDR"), SKIP("LINENM"), SKIP("SHM"), SKIP("SHMTIM"),
	SKIP("SHOLD"), SKIP("VERID"), SKIP("VERIFY"), SKIP("SPAN"),
	{ .key = NULL }
};

const struct opd_row opd_lu[] = {
	{ ROW("LOCADDR", OT_NUM, def_lu, locaddr), .hi = 255, .flags = OF_NOSIFT },
	{ ROW("ISTATUS", OT_WORD, def_lu, isactive), .words = w_istatus },
	{ ROW("LOGAPPL", OT_QNAME, def_lu, logappl) },
	{ ROW("MODETAB", OT_NAME, def_lu, modetab) },
	{ ROW("DLOGMOD", OT_NAME, def_lu, dlogmod) },
	{ ROW("USSTAB", OT_NAME, def_lu, usstab) },
	{ ROW("LOGTAB", OT_NAME, def_lu, logtab) },
	{ ROW("SSCPFM", OT_WORD, def_lu, sscpfm), .words = w_sscpfm },
	{ ROW("PACING", OT_PACING, def_lu, pacing), .hi = 63 },
	{ ROW("VPACING", OT_PACING, def_lu, vpacing), .hi = 63 },
	SKIP("RESSCB"), SKIP("ENCR"), SKIP("ENCRTYPE"), SKIP("CERTIFY"), SKIP("CKEYNAME"),
	SKIP("EAS"), SKIP("MAXSESS"), SKIP("LUGROUP"), SKIP("LUSEED"), SKIP("REGISTER"),
	SKIP("TERM"), SKIP("BATCH"), SKIP("ASLTAB"), SKIP("ASLENT"), SKIP("MDLTAB"),
	SKIP("MDLENT"), SKIP("SPAN"), SKIP("FEATUR2"), SKIP("PRTCT"), SKIP("ASDP"),
	SKIP("FASTPASS"), SKIP("BUFNUM"), SKIP("LUDRPOOL"), SKIP("SIRFMSG"),
	{ .key = NULL }
};

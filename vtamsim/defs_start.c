/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Start options. Every option VTAM has is known here, with its default: those
 * that mean something to this node go into struct defs_start, the others are
 * kept for D NET,VTAMOPTS. The last valid specification wins: defaults,
 * ATCSTR00, ATCSTRxx, operator.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/defs_in.h"

#define SZ(F) sizeof(((struct defs_start *)0)->F)
#define OPT(K, T, F, D) .key = K, .type = T, .off = offsetof(struct defs_start, F), \
	.size = SZ(F), .dflt = D
#define SKIP(K, D) { .key = K, .type = OT_SKIP, .flags = OF_UNUSED, .dflt = D }
#define SKIPDYN(K, D) { .key = K, .type = OT_SKIP, .flags = OF_UNUSED | OF_DYN, .dflt = D }

static const struct opd_word w_nodetype[] = { { "NN", NODETYPE_NN }, { "EN", NODETYPE_EN },
	{ NULL, 0 } };
static const struct opd_word w_conntype[] = { { "APPN", 1 }, { "LEN", 0 }, { NULL, 0 } };
static const struct opd_word w_cpcp[] = { { "YES", CPCP_YES }, { "NO", CPCP_NO },
	{ "LEASED", CPCP_LEASED }, { "SWITCHED", CPCP_SWITCHED }, { NULL, 0 } };
static const struct opd_word w_hpr[] = { { "RTP", HPR_RTP }, { "ANR", HPR_ANR },
	{ "NONE", HPR_NONE }, { NULL, 0 } };
static const struct opd_word w_hprclk[] = { { "STANDARD", 0 }, { "ADAPTIVE", 1 }, { NULL, 0 } };
static const struct opd_word w_pmtud[] = { { "IGNORE", 0 }, { "TCPVALUE", 1 }, { NULL, 0 } };
static const struct opd_word w_hpritmsg[] = { { "BASE", 0 }, { "ENHANCED", 1 }, { NULL, 0 } };
static const struct opd_word w_supp[] = { { "NOSUP", SUPP_NOSUP }, { "INFO", SUPP_INFO },
	{ "WARN", SUPP_WARN }, { "NORM", SUPP_NORM }, { "SER", SUPP_SER },
	{ "INSUF", SUPP_INSUF }, { NULL, 0 } };
static const struct opd_word w_msglevel[] = { { "BASE", 0 }, { "V4R1", 1 }, { "V4R2", 2 },
	{ "V4R3", 3 }, { "V4R4", 4 }, { "CS390", 5 }, { NULL, 0 } };
static const struct opd_word w_date[] = { { "MDY", DATE_MDY }, { "DMY", DATE_DMY },
	{ "YMD", DATE_YMD }, { NULL, 0 } };
static const struct opd_word w_swn[] = { { "CPNAME", 1 }, { "STATNID", 0 }, { "FIRST", 1 },
	{ "LAST", 0 }, { NULL, 0 } };

const struct opd_row opd_start[] = {
	{ OPT("SSCPID", OT_NUM, sscpid, ""), .hi = 65535 },
	{ OPT("SSCPNAME", OT_NAME, sscpname, "") },
	{ OPT("NETID", OT_NAME, netid, "") },
	{ OPT("HOSTSA", OT_NUM, hostsa, "1"), .lo = 1, .hi = 65535 },
	{ OPT("HOSTPU", OT_NAME, hostpu, "ISTPUS") },
	{ OPT("NODETYPE", OT_WORD, nodetype, ""), .words = w_nodetype },
	{ OPT("CONNTYPE", OT_WORD, appn, "APPN"), .words = w_conntype },
	{ OPT("CPCP", OT_WORD, cpcp, "LEASED"), .words = w_cpcp, .flags = OF_DYN },
	{ OPT("HPR", OT_HPR, hpr, "RTP"), .words = w_hpr },
	{ OPT("DYNLU", OT_YN, dynlu, "NO"), .flags = OF_DYN },
	{ OPT("DYNADJCP", OT_YN, dynadjcp, "YES"), .flags = OF_DYN },
	{ OPT("CPCDRSC", OT_YN, cpcdrsc, "NO"), .flags = OF_DYN | OF_UNUSED },
	{ OPT("XNETALS", OT_YN, xnetals, "NO"), .flags = OF_DYN | OF_UNUSED },
	{ OPT("NNSPREF", OT_NAME, nnspref, "NONE"), .flags = OF_DYN | OF_NONE },
	{ OPT("APPNCOS", OT_NAME, appncos, "NONE"), .flags = OF_DYN | OF_NONE },
	{ OPT("HPRPST", OT_TIME4, hprpst_s, "(480S,240S,120S,60S)"), .lo = 5, .hi = 86400,
	    .flags = OF_DYN },
	{ OPT("HPRSTALL", OT_TIME, hprstall_s, "0"), .lo = 30, .hi = 3600,
	    .flags = OF_DYN | OF_ZERO },
	{ OPT("HPRPSDLY", OT_PSDLY, hprpsdly_s, "0"), .flags = OF_DYN },
	{ OPT("HPRPSMSG", OT_PSMSG, hprpsmsg, "ALL"), .flags = OF_DYN },
	{ OPT("HPRCLKRT", OT_WORD, hprclk_adaptive, "STANDARD"), .words = w_hprclk },
	{ OPT("HPRITMSG", OT_WORD, hpritmsg_enhanced, "BASE"), .words = w_hpritmsg,
	    .flags = OF_DYN },
	{ OPT("UNRCHTIM", OT_TIME4, unrchtim, "(0,10)"), .hi = 65535, .flags = OF_DYN },
	{ OPT("PSRETRY", OT_TIME4, psretry_s, "(0S,0S,0S,0S)"), .hi = 86400, .flags = OF_DYN },
	{ OPT("IPADDR", OT_IPADDR, ipaddr, "0.0.0.0"), .flags = OF_DYN },
	{ OPT("HOSTNAME", OT_HOST, hostname, ""), .flags = OF_DYN },
	{ OPT("TCPNAME", OT_NAME, tcpname, ""), .flags = OF_DYN },
	{ OPT("PMTUD", OT_WORD, pmtud, "TCPVALUE"), .words = w_pmtud, .flags = OF_DYN },
	{ OPT("DISCNTIM", OT_LIVTIME, discntim, "(15,0)"), .flags = OF_DYN },
	{ OPT("EEVERIFY", OT_EEVERIFY, eeverify, "ACTIVATE"), .flags = OF_DYN },
	{ OPT("DYNPUPFX", OT_PREFIX, dynpupfx, "CN") },
	{ OPT("DYNVNPFX", OT_PREFIX, dynvnpfx, "CNV") },
	{ OPT("DYNHPPFX", OT_PREFIX, dynhppfx, "CNR") },
	{ OPT("CONFIG", OT_CONFIG, config, "00") },
	{ OPT("DSPLYDEF", OT_NUM, dsplydef, "65535"), .lo = 1, .hi = 65535, .flags = OF_DYN },
	{ OPT("DSPLYMAX", OT_NUM, dsplymax, "65535"), .lo = 100, .hi = 65535, .flags = OF_DYN },
	{ OPT("SUPP", OT_WORD, supp, "NOSUP"), .words = w_supp, .flags = OF_DYN },
	{ OPT("MSGLEVEL", OT_WORD, msglevel, "BASE"), .words = w_msglevel, .flags = OF_DYN },
	{ OPT("MSGMOD", OT_YN, msgmod, "NO"), .flags = OF_DYN },
	{ OPT("DATEFORM", OT_WORD, dateform, "MDY"), .words = w_date },
	{ OPT("IOINT", OT_TIME, ioint_s, "180"), .hi = 99999, .flags = OF_DYN },
	{ OPT("IOPURGE", OT_TIME, iopurge_s, "0"), .hi = 86400, .flags = OF_DYN },
	{ OPT("IOMSGLIM", OT_NUM, iomsglim, "100"), .hi = 65535, .flags = OF_DYN },
	{ OPT("CDRSCTI", OT_TIME, cdrscti_s, "480S"), .hi = 604800, .flags = OF_DYN },
	{ OPT("DIRSIZE", OT_NUM, dirsize, "0"), .hi = 1000000, .flags = OF_DYN },
	{ OPT("DIRTIME", OT_TIME, dirtime_s, "691200S"), .hi = 4294967, .flags = OF_DYN },
	{ OPT("ROUTERES", OT_NUM, routeres, "128"), .hi = 255, .flags = OF_DYN },
	{ OPT("DYNDLGMD", OT_NAME, dyndlgmd, "NONE"), .flags = OF_DYN | OF_NONE },
	{ OPT("DYNMODTB", OT_NAME, dynmodtb, "NONE"), .flags = OF_DYN | OF_NONE },
	{ OPT("SWNORDER", OT_SWNORDER, swn, "(CPNAME,FIRST)"), .words = w_swn, .flags = OF_DYN },
	{ OPT("VTAMEAS", OT_NUM, vtameas, "32001"), .lo = 1, .hi = 999999, .flags = OF_UNUSED },
	/* Known, shown, without function. */
	SKIP("GWSSCP", "YES"), SKIP("MAXSUBA", "255"), SKIP("MXSUBNUM", "511"), SKIP("BN", "NO"),
	SKIPDYN("BNDYN", "LIMITED"), SKIPDYN("BNORD", "PRIORITY"), SKIP("CDSERVR", "NO"),
	SKIPDYN("CDSREFER", "1"), SKIPDYN("NQNMODE", "NAME"), SKIP("VERIFYCP", "NONE"),
	SKIP("SECLVLCP", "ADAPT"), SKIPDYN("DYNASSCP", "YES"), SKIP("SSCPDYN", "YES"),
	SKIPDYN("SSCPORD", "PRIORITY"), SKIPDYN("CDRDYN", "YES"), SKIPDYN("RESUSAGE", "100"),
	SKIPDYN("NUMTREES", "100"), SKIP("INITDB", "ALL"), SKIPDYN("SORDER", "APPN"),
	SKIPDYN("SSEARCH", "YES"), SKIPDYN("SRCHRED", "OFF"), SKIPDYN("SRTIMER", "30S"),
	SKIPDYN("SRCOUNT", "10"), SKIPDYN("LIMINTCP", "*NA*"), SKIPDYN("CACHETI", "8"),
	SKIPDYN("MAXLOCAT", "5000"), SKIPDYN("VRTG", "NO"), SKIPDYN("VRTGCPCP", "YES"),
	SKIP("HPRARB", "RESPMODE"), SKIPDYN("HPRSESLM", "DISABLED"), SKIPDYN("HPRNCPBF", "NO"),
	SKIPDYN("PSWEIGHT", "LESSTHAN"), SKIP("IPINFO", "SENDALL"),
	SKIP("LISTBKUP", "PROMPT"),
	SKIPDYN("DSPLYWLD", "FULLWILD"), SKIPDYN("VARYWLD", "FULLWILD"), SKIPDYN("PPOLOG", "NO"),
	SKIPDYN("ASIRFMSG", "OLUSSCP"), SKIPDYN("ESIRFMSG", "ALLSSCP"),
	SKIPDYN("FSIRFMSG", "OLUSSCP"), SKIPDYN("SIRFMSG", "ALLSSCP"),
	SKIPDYN("LSIRFMSG", "ALLSSCP"), SKIPDYN("RSIRFMSG", "OLUSSCP"),
	SKIPDYN("PLUALMSG", "NOSUPP"), SKIPDYN("SLUALMSG", "NOSUPP"), SKIPDYN("CNNRTMSG", "ALL"),
	SKIPDYN("FLDTAB", "ISTMSFLD"), SKIPDYN("USSTAB", "*BLANKS*"), SKIP("NMVTLOG", "NPDA"),
	SKIP("NODELST", "*BLANKS*"), SKIP("CNMTAB", "*BLANKS*"), SKIP("OSIEVENT", "PATTERNS"),
	SKIP("OSIMGMT", "NO"), SKIP("OSITOPO", "ILUCDRSC"), SKIP("XCFINIT", "NO"),
	SKIP("STRGR", "ISTGENERIC"), SKIP("STRMNPS", "ISTMNPS"), SKIP("ENCRYPTN", "YES"),
	SKIPDYN("TRANSLAT", "(0,1,2,3,4,5,6,7)"), SKIPDYN("AUTORTRY", "AUTOCAP"),
	SKIPDYN("AUTOTI", "0"), SKIPDYN("SAVERSCV", "NO"), SKIPDYN("QDIOSTG", "MAX"),
	SKIPDYN("IQDIOSTG", "MAX"), SKIPDYN("AIMON", "NONE"), SKIP("IQDCHPID", "ANY"),
	SKIP("VOSDEACT", "NO"), SKIPDYN("MIHTMOUT", "1800"), SKIPDYN("MPCACT", "WAIT"),
	SKIPDYN("INOPDUMP", "OFF"), SKIPDYN("INOPCODE", "NONE"), SKIPDYN("SDLCMDRS", "YES"),
	SKIPDYN("BSCMDRS", "STATS"), SKIP("HOTIOTRM", "200"), SKIP("SONLIM", "(60,30)"),
	SKIPDYN("SLOWVAL", "(0,0)"), SKIPDYN("SNAPREQ", "1000"), SKIP("MAXLURU", "(6144,0)"),
	SKIPDYN("PSSTRACE", "NORB"), SKIPDYN("CSALIMIT", "0"),
	SKIPDYN("CSA24", "0"), SKIPDYN("IRNSTRGE", "0"), SKIPDYN("IRNLIMIT", "0"),
	SKIPDYN("PIUMAXDS", "200"), SKIP("HNTSIZE", "4080"), SKIP("CINDXSIZ", "8176"),
	SKIP("DLRTCB", "32"), SKIP("SMEAUTH", "DISCARD"), SKIP("PDTRCBUF", "2"),
	SKIPDYN("UPDDELAY", "60S"), SKIPDYN("DLURSAW", "YES"),
	SKIPDYN("CMPVTAM", "0"), SKIPDYN("CMPMIPS", "100"), SKIPDYN("DIALRTRY", "YES"),
	SKIPDYN("ALSREQ", "NO"),
	/* Options of older levels. */
	SKIP("NETSOL", "NO"), SKIP("SGALIMIT", "0"), SKIP("ITLIM", "0"), SKIP("NCPBUFSZ", "512"),
	SKIP("MAXAPPL", "*NA*"),
	{ .key = NULL }
};

/* Companion vtamlst 2.3: built-in values. */
static const struct defs_buf bufs[DEFS_BUFS] = {
	{ "APBUF", "AP00", 56, 56, 2, 1, 3, 0, 0 }, { "BSBUF", "BS00", 28, 260, 0, 1, 14, 0, 0 },
	{ "CRA4BUF", "CRA4", 50, 4080, 0, 10, 20, 0, 0 },
	{ "CRA8BUF", "CRA8", 12, 8176, 0, 6, 2, 0, 0 },
	{ "CRPLBUF", "CRPL", 75, 144, 0, 60, 29, 0, 0 }, { "IOBUF", "IO00", 55, 256, 5, 1, 6, 0,
	    0 },
	{ "LFBUF", "LF00", 30, 120, 0, 1, 1, 0, 0 }, { "LPBUF", "LP00", 12, 2032, 0, 6, 2, 0, 0 },
	{ "SFBUF", "SF00", 64, 112, 0, 1, 1, 0, 0 }, { "SPBUF", "SP00", 21, 176, 0, 1, 1, 0, 0 },
	{ "TIBUF", "TI00", 360, 632, 0, 60, 120, 0, 0 },
	{ "T1BUF", "T100", 16, 1004, 0, 32, 15, 0, 0 },
	{ "T2BUF", "T200", 8, 2028, 0, 32, 7, 0, 0 }, { "XDBUF", "XD00", 5, 697, 0, 1, 4, 0, 0 }
};

static void
opt_list(struct defs *d)
{
	struct defs_opt **tail = &d->start.opts;
	const struct opd_row *r;

	for (r = opd_start; r->key != NULL; r++) {
		struct defs_opt *o = arena_get(&d->arena, sizeof(*o));

		o->name = r->key;
		o->value = r->dflt;
		o->origin = DO_DEFAULT;
		o->used = (r->flags & OF_UNUSED) == 0;
		*tail = o;
		tail = &o->next;
	}
}

void
start_init(struct defs *d)
{
	d->start = (struct defs_start){ .hostsa = 1, .hostpu = "ISTPUS", .appn = 1,
		.cpcp = CPCP_LEASED, .hpr = { HPR_RTP, HPR_RTP }, .dynadjcp = 1,
		.hprpst_s = { 480, 240, 120, 60 }, .eeverify = EEVERIFY_ACTIVATE, .pmtud = 1,
		.discntim = { 15, 0 },
		.dynpupfx = "CN", .dynvnpfx = "CNV", .dynhppfx = "CNR", .config = "ATCCON00",
		.dsplydef = 65535, .dsplymax = 65535, .dateform = DATE_MDY, .ioint_s = 180,
		.iomsglim = 100, .cdrscti_s = 480, .dirtime_s = 691200, .routeres = 128,
		.vtameas = 32001, .unrchtim = { 0, 10 }, .swn = { 1, 1 }, .tnstat_time = 60 };
	memcpy(d->start.buf, bufs, sizeof(bufs));
	opt_list(d);
}

struct items {
	struct defs *d;
	const char *member;             /* NULL: the operator */
	struct deferrs *errs;
	bool bad;
	bool trace, tnstat;             /* sub-operands may follow */
};

static void
opt_err(struct items *it, const struct vlopd *o, enum deferr_sev sev, const char *id,
    const char *text)
{
	struct defwhere w = { .member = it->member, .operand = o->key[0] ? o->key : o->val->text,
		.pos = o->pos };
	static const struct { const char *id, *plain; } why[] = {
		{ "IST052I", "there is no start option of this name: it is ignored" },
		{ "IST057I", "TRACE and NOTRACE need TYPE=" },
		{ "IST447I", "only IOBUF may have a buffer size: the others ignore it" },
		{ "IST043I", "the value does not fit the option" }
	};
	size_t i;

	for (i = 0; i + 1 < sizeof(why) / sizeof(why[0]); i++)
		if (strcmp(why[i].id, id) == 0)
			break;
	if (sev == DE_FAIL)
		it->bad = true;
	deferr_add(it->errs, (struct deferr_kind){ sev, id }, &w,
	    text, "%s", why[i].plain);
}

static void
opt_note(struct items *it, const char *key, const char *value, struct vlpos pos)
{
	struct defs_opt *o;

	for (o = it->d->start.opts; o != NULL; o = o->next) {
		if (strcmp(o->name, key) != 0)
			continue;
		o->value = arena_strdup(&it->d->arena, value);
		o->origin = it->member == NULL ? DO_OPERATOR : DO_LIST;
		o->pos = pos;
		(void)text_copy(o->member, sizeof(o->member), it->member == NULL ? "" : it->member);
	}
}

static void
bad_value(struct items *it, const struct vlopd *o, const char *want)
{
	struct defwhere w = { .member = it->member, .operand = o->key, .pos = o->val->pos };
	char text[96];

	it->bad = true;
	(void)snprintf(text, sizeof(text), "%.8s INVALID VALUE FOR KEYWORD %s", o->val->text,
	    o->key);
	deferr_add(it->errs, (struct deferr_kind){ DE_FAIL, "IST043I" }, &w,
	    text, "the value %.40s is wrong: expected %s",
	    o->val->text, want);
}

static bool
buf_number(const struct vlval *v, uint32_t *to)
{
	static const struct opd_row r = { .type = OT_NUM, .hi = 999999 };
	char want[OPD_WANT_MAX];

	return v == NULL || opd_set(&r, v, to, want);
}

/* (baseno,bufsize,slowpt,F,xpanno,xpanpt,xpanlim); a value left out keeps the default. */
static void
buffer_pool(struct items *it, const struct vlopd *o, struct defs_buf *b)
{
	struct defs_buf n = *b;
	const struct vlval *f = vlval_at(o->val, 3), *size = vlval_at(o->val, 1);
	char text[96];

	if (vlval_count(o->val) > 7 || !buf_number(vlval_at(o->val, 0), &n.baseno) ||
	    !buf_number(size, &n.bufsize) || !buf_number(vlval_at(o->val, 2), &n.slowpt) ||
	    !buf_number(vlval_at(o->val, 4), &n.xpanno) ||
	    !buf_number(vlval_at(o->val, 5), &n.xpanpt) ||
	    !buf_number(vlval_at(o->val, 6), &n.xpanlim) ||
	    (f != NULL && strcmp(f->text, "F") != 0)) {
		bad_value(it, o, "(baseno,bufsize,slowpt,F,xpanno,xpanpt,xpanlim)");
		return;
	}
	n.fixed = f != NULL;
	if (size != NULL && strcmp(b->name, "IOBUF") != 0) {
		(void)snprintf(text, sizeof(text), "BUFFER SIZE IGNORED FOR %s", b->name);
		opt_err(it, o, DE_WARN, "IST447I", text);
		n.bufsize = b->bufsize;
	}
	if (n.xpanlim != 0 && n.baseno >= n.xpanlim) {
		struct defwhere w = { .member = it->member, .operand = o->key, .pos = o->pos };

		(void)snprintf(text, sizeof(text),
		    "BASENO %u GREATER OR EQUAL TO XPANLIM %u BUFFERS", n.baseno, n.xpanlim);
		deferr_add(it->errs, (struct deferr_kind){ DE_WARN, "IST946I" }, &w,
	    text,
		    "the pool can't grow: static buffering is assumed (IST947I)");
		n.xpanno = 0;
	}
	*b = n;
}

static bool
is_buffer_pool(struct items *it, const struct vlopd *o)
{
	size_t n = strlen(o->key), i;
	struct defwhere w = { .member = it->member, .operand = o->key, .pos = o->pos };
	char text[96];

	if (n < 4 || strcmp(o->key + n - 3, "BUF") != 0)
		return false;
	for (i = 0; i < DEFS_BUFS; i++) {
		if (strcmp(it->d->start.buf[i].name, o->key) != 0)
			continue;
		buffer_pool(it, o, &it->d->start.buf[i]);
		return true;
	}
	(void)snprintf(text, sizeof(text), "%s IS AN INVALID START OPTION KEYWORD - IGNORED",
	    o->key);
	deferr_add(it->errs, (struct deferr_kind){ DE_WARN, "IST052I" }, &w,
	    text, "there is no such buffer pool here");
	return true;
}

/* TRACE and TNSTAT take the keywords that follow them. */
static bool
is_sub_operand(struct items *it, const struct vlopd *o, const char *word)
{
	static const char *const tr[] = { "TYPE", "ID", "OPT", "OPTION", "MODE", "SIZE", "AMOUNT",
		"SAVE", "EVERY", "SCOPE", "E", "IDTYPE", "MSGS", "LINE", "COUNT", "DATA" };
	static const struct opd_row time = { .type = OT_TIME, .lo = 1, .hi = 1440 };
	char want[OPD_WANT_MAX];
	size_t i;

	if (it->tnstat && (strcmp(word, "CNSL") == 0 || strcmp(word, "NOCNSL") == 0))
		return true;
	if (it->tnstat && strcmp(word, "TIME") == 0) {
		if (!opd_set(&time, o->val, &it->d->start.tnstat_time, want))
			bad_value(it, o, want);
		return true;
	}
	for (i = 0; it->trace && i < sizeof(tr) / sizeof(tr[0]); i++)
		if (strcmp(tr[i], word) == 0)
			return true;
	return false;
}

/* Options without a value. */
static bool
is_word_option(struct items *it, const struct vlopd *o, const char *word)
{
	static const char *const words[] = { "PROMPT", "NOPROMPT", "COLD", "WARM", "TRACE",
		"NOTRACE", "TNSTAT", "NOTNSTAT" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			break;
	if (i == sizeof(words) / sizeof(words[0]))
		return false;
	if (strstr(word, "TRACE") != NULL) {
		it->trace = true;
		if (o->next == NULL || strcmp(o->next->key, "TYPE") != 0)
			opt_err(it, o, DE_WARN, "IST057I",
			    "KEYWORD MISSING AFTER TRACE/NOTRACE OPTION ON START PARMS");
	} else if (strstr(word, "TNSTAT") != NULL) {
		it->tnstat = strcmp(word, "TNSTAT") == 0;
		it->d->start.tnstat = it->tnstat;
	}
	return true;
}

static void
set_option(struct items *it, const struct vlopd *o, const struct opd_row *r)
{
	struct defs_start *s = &it->d->start;
	char want[OPD_WANT_MAX];

	if (o->val->kind == VV_EMPTY)
		return;                 /* KEY= : no value coded */
	if (!opd_set(r, o->val, s, want)) {
		bad_value(it, o, want);
		return;
	}
	/* The last one of the two counts. */
	if (strcmp(r->key, "IPADDR") == 0)
		s->hostname[0] = '\0';
	else if (strcmp(r->key, "HOSTNAME") == 0)
		s->ipaddr = (struct ipaddr){ 0 };
	opt_note(it, r->key, vlval_text(&it->d->arena, o->val), o->pos);
}

static void
one_item(struct items *it, const struct vlopd *o)
{
	const char *word = o->key[0] == '\0' ? o->val->text : o->key;
	const struct opd_row *r = opd_find(opd_start, word);
	char text[96];

	if (is_sub_operand(it, o, word) || is_word_option(it, o, word))
		return;
	it->tnstat = false;
	if (strcmp(word, "LIST") == 0 && it->member != NULL) {
		bad_value(it, o, "LIST on START only: a list can't name a list");
	} else if (o->key[0] != '\0' && r != NULL) {
		set_option(it, o, r);
	} else if (o->key[0] == '\0' || !is_buffer_pool(it, o)) {
		(void)snprintf(text, sizeof(text),
		    "%.20s IS AN INVALID START OPTION KEYWORD - IGNORED", word);
		opt_err(it, o, DE_WARN, "IST052I", text);
	}
}

bool
start_items(struct defs *d, const struct vlmember *in, const char *member, struct deferrs *errs)
{
	struct items it = { .d = d, .member = member, .errs = errs };
	const struct vlopd *o;

	for (o = in->first == NULL ? NULL : in->first->opds; o != NULL; o = o->next)
		one_item(&it, o);
	return !it.bad;
}

bool
defs_option_dynamic(const char *name)
{
	const struct opd_row *r = opd_find(opd_start, name);

	return r != NULL && (r->flags & OF_DYN) != 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/codepage.h"
#include "tn3270e/profile_in.h"
#include "tn3270e/tko.h"
#include "tn3270e/tndev.h"

void
profile_set(struct pparse *ps, enum tnp_parm i, int32_t v)
{
	ps->parms->v[i] = v;
	ps->parms->src[i] = ps->source;
}

bool
profile_parm(struct pparse *ps, const struct tok *kw)
{
	for (unsigned i = 0; i < TP_N; i++) {
		const struct tnp_parmdesc *d = tnp_parm_at(i);
		bool yes = tok_is(kw, d->name);
		int32_t v;

		if (!yes && (strncasecmp(kw->text, "NO", 2) != 0 ||
		    strcasecmp(kw->text + 2, d->name) != 0))
			continue;
		if (ps->block == IN_GROUP && !d->in_group) {
			complain(ps, TNP_FAIL, kw, kw, "can't stand in a PARMSGROUP");
			return false;
		}
		if (i == TP_CONNTYPE || i == TP_CLIENTAUTH) {   /* no take_ in this block */
			complain(ps, TNP_FAIL, kw, kw, "can't stand in this block");
			return false;
		}
		if (d->noop && yes && d->preset == 0)
			complain(ps, TNP_WARN, kw, kw, "is of no effect here: %s",
			    "there is no solicitor screen: no password can be checked");
		if (d->flag || !yes)
			profile_set(ps, i, yes);
		else if (tok_number(ps, tok_next(ps), kw, d->lo, d->hi, &v))
			profile_set(ps, i, v);
		return true;
	}
	return false;
}

/* PORT n[,ipaddr]; in BEGINVTAM a list. */
static bool
port_number(struct pparse *ps, const struct tok *t, const struct tok *kw, struct ipaddr *addr)
{
	const char *comma = t == NULL ? NULL : strchr(t->text, ',');
	char *end;
	long n;

	*addr = (struct ipaddr){ 0 };
	if (t == NULL) {
		complain(ps, TNP_FAIL, kw, kw, "a port number is missing");
		return false;
	}
	n = strtol(t->text, &end, 10);
	if (end == t->text || (*end != '\0' && end != comma) || n < 1 || n > 65535) {
		complain(ps, TNP_FAIL, t, kw, "%.30s is not a port number from 1 to 65535",
		    t->text);
		return false;
	}
	if (comma != NULL && !ipaddr_parse(addr, comma + 1)) {
		complain(ps, TNP_FAIL, t, kw, "%.60s is not an IP address (link names are not "
		    "supported as qualification)", comma + 1);
		return false;
	}
	ps->number = (uint16_t)n;
	return true;
}

static void
take_port(struct pparse *ps, const struct tok *kw)
{
	struct ipaddr addr;

	if (!port_number(ps, tok_next(ps), kw, &addr))
		return;
	if (ps->port->port != 0)
		complain(ps, TNP_FAIL, kw, kw, "this block names port %u already", ps->port->port);
	ps->port->port = ps->number;
	ps->port->addr = addr;
	ps->port->secure = !tok_is(kw, "PORT");
	ps->port->ttls = tok_is(kw, "TTLSPORT");
}

static void
take_vtam_ports(struct pparse *ps, const struct tok *kw)
{
	struct tnp_vtam *v = ps->vtam;
	struct ipaddr addr;
	unsigned n = 0;

	for (; tok_peek(ps) != NULL; n++) {
		if (!port_number(ps, tok_next(ps), kw, &addr))
			continue;
		if (v->n_ports == TNP_PORTS) {
			complain(ps, TNP_FAIL, kw, kw, "more than %d ports", TNP_PORTS);
		} else {
			v->addrs[v->n_ports] = addr;
			v->ports[v->n_ports++] = ps->number;
		}
	}
	if (n == 0)
		complain(ps, TNP_FAIL, kw, kw, "a port number is missing");
}

int
profile_one_of(struct pparse *ps, const struct tok *kw, const char *const *words)
{
	const struct tok *t = tok_next(ps);
	char all[120] = "";
	size_t k = 0;

	for (int i = 0; words[i] != NULL; i++) {
		if (t != NULL && words[i][0] != '\0' && tok_is(t, words[i]))
			return i;
		if (words[i][0] != '\0')
			k += (size_t)snprintf(all + k, sizeof(all) - k, "%s%s", k == 0 ? "" : ", ",
			    words[i]);
	}
	complain(ps, TNP_FAIL, t != NULL ? t : kw, kw, "%.30s%sone of %s is wanted",
	    t != NULL ? t->text : "", t != NULL ? ": " : "", all);
	return -1;
}

static void
take_conntype(struct pparse *ps, const struct tok *kw)
{
	static const char *const words[] = { "", "SECURE", "NEGTSECURE", "BASIC", "ANY", "NONE",
	    NULL };
	int v = profile_one_of(ps, kw, words);

	if (v > 0)
		profile_set(ps, TP_CONNTYPE, v);
}

static void
take_format(struct pparse *ps, const struct tok *kw)
{
	static const char *const words[] = { "SHORT", "LONG", NULL };
	int v = profile_one_of(ps, kw, words);

	if (v >= 0)
		profile_set(ps, TP_FORMAT, v);
}

/* UNLOCKKEYBOARD [BEFOREREAD|AFTERREAD] [TN3270BIND|NOTN3270BIND]: section 3.5. */
static void
take_unlock(struct pparse *ps, const struct tok *kw)
{
	static const char *const words[] = { "BEFOREREAD", "AFTERREAD", "TN3270BIND",
		"NOTN3270BIND", NULL };
	int32_t u = tnp_parm_at(TP_UNLOCK)->preset;
	int v = profile_one_of(ps, kw, words);

	while (v >= 0) {
		if (v < 2)
			u = (u & ~TNP_UNLOCK_AFTERREAD) | (v == 1 ? TNP_UNLOCK_AFTERREAD : 0);
		else
			u = (u & ~TNP_UNLOCK_BIND) | (v == 2 ? TNP_UNLOCK_BIND : 0);
		v = tok_peek(ps) != NULL ? profile_one_of(ps, kw, words) : -1;
	}
	profile_set(ps, TP_UNLOCK, u);
}

/* DEBUG CONN|TASK|CONFIG level [CONSOLE] */
static void
take_debug(struct pparse *ps, const struct tok *kw)
{
	static const char *const what[] = { "CONN", "TASK", "CONFIG", "OFF", NULL };
	static const char *const level[] = { "OFF", "EXCEPTION", "SUMMARY", "DETAIL", "TRACE",
		"TRACEOFF", NULL };
	int w = profile_one_of(ps, kw, what), v = w == 3 ? 0 : w < 0 ? -1 :
	    profile_one_of(ps, kw, level);

	if (tok_is(tok_peek(ps), "CONSOLE") || tok_is(tok_peek(ps), "JOBLOG"))
		(void)tok_next(ps);
	if (ps->block == IN_GLOBALS && (w == 1 || w == 2))      /* of the server, not of clients */
		ps->p->debug[w == 2] = (uint8_t)(v < 0 ? DB_EXCEPTION : v > DB_DETAIL ? DB_DETAIL :
		    v);
	if (w == 0 || w == 3)
		profile_set(ps, TP_DEBUG, v < 0 ? DB_EXCEPTION : v > DB_DETAIL ? DB_DETAIL : v);
	if (v == 4)
		complain(ps, TNP_INFO, kw, kw, "TRACE counts as DETAIL: bytes are traced with the "
		    "packet trace (F NET,TRACE)");
}

/* CODEPAGE ascii ebcdic: of all ports, or in TELNETPARMS of this one. */
static void
take_codepage(struct pparse *ps, const struct tok *kw)
{
	const struct tok *a = tok_next(ps), *e = a == NULL ? NULL : tok_next(ps);
	struct codepage *page;
	char why[200];

	if (e == NULL || a->n >= CODEPAGE_NAME || e->n >= CODEPAGE_NAME) {
		complain(ps, TNP_FAIL, kw, kw, "two code pages are wanted: the terminal's and the "
		    "host's, as in ISO8859-1 IBM-1047");
		return;
	}
	page = arena_get(&ps->p->arena, sizeof(*page));
	if (!codepage_make(page, a->text, e->text, why, sizeof(why)))
		complain(ps, TNP_FAIL, a, kw, "%s", why);
	else if (ps->block == IN_GLOBALS)
		ps->p->page = page;
	else
		ps->port->page = page;
}

static bool
mode_name(char to[9], const char *from, size_t n)
{
	if (n == 0 || n > 8)
		return false;
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(from[i] >= 'a' && from[i] <= 'z' ? from[i] - 32 : from[i]);
	to[n] = '\0';
	return true;
}

/* LINEMODE is the name of a device too, and of a statement that is no more. */
static const struct tok *
device_word(struct pparse *ps)
{
	const struct tok *t = ps->t;

	if (t == NULL || !tok_is(t, "LINEMODE"))
		return tok_next(ps);
	ps->t = t->next;
	return t;
}

/* TELNETDEVICE 3278-4-E mode3270[,mode3270E] */
static void
take_device(struct pparse *ps, const struct tok *kw)
{
	const struct tok *dev = device_word(ps), *modes = dev == NULL ? NULL : tok_next(ps);
	const char *comma = modes == NULL ? NULL : strchr(modes->text, ',');
	unsigned place = dev == NULL ? 0 : tok_is(dev, "LINEMODE") ? TNDEV_LINEMODE :
	    tndev_find(dev->text, dev->n);

	if (place == 0 || modes == NULL) {
		complain(ps, TNP_FAIL, dev != NULL ? dev : kw, kw, "a known device type and one or "
		    "two logon modes are wanted, as in 3278-4-E NSX32704,SNX32704");
		return;
	}
	ps->p->mode_pos[place] = modes->pos;
	if (comma != modes->text && !mode_name(ps->p->mode[place][0], modes->text,
	    comma == NULL ? modes->n : (size_t)(comma - modes->text)))
		complain(ps, TNP_FAIL, modes, kw, "a logon mode has 1 to 8 characters");
	if (comma != NULL && !mode_name(ps->p->mode[place][1], comma + 1, strlen(comma + 1)))
		complain(ps, TNP_FAIL, modes, kw, "a logon mode has 1 to 8 characters");
}

/* TKOSPECLU n [SAMEIPADDR] [SAMECONNTYPE]; of the RECON forms KEEPONTMRESET too. */
static void
take_tko(struct pparse *ps, const struct tok *kw)
{
	static const struct {
		const char *word;
		uint8_t opt;
	} known[] = { { "KEEPONTMRESET", TKO_KEEPONTMRESET }, { "SAMEIPADDR", TKO_SAMEIPADDR },
		{ "SAMECONNTYPE", TKO_SAMECONNTYPE } };
	bool spec = strncasecmp(kw->text, "TKOSPEC", 7) == 0;
	int32_t opts = kw->n > 9 ? (int32_t)TKO_RECON : 0, seconds;
	const struct tok *t;

	if (!tok_number(ps, tok_next(ps), kw, 1, 99999999, &seconds))
		return;
	while ((t = tok_peek(ps)) != NULL) {
		unsigned i = 0;

		while (i < 3 && !tok_is(t, known[i].word))
			i++;
		if (i == 3)
			break;
		opts |= known[i].opt;
		(void)tok_next(ps);
	}
	if ((opts & (int32_t)(TKO_RECON | TKO_KEEPONTMRESET)) == (int32_t)TKO_KEEPONTMRESET)
		complain(ps, TNP_FAIL, kw, kw, "KEEPONTMRESET belongs to the RECON forms: here no "
		    "session is kept");
	profile_set(ps, spec ? TP_TKOSPECLU : TP_TKOGENLU, seconds);
	profile_set(ps, spec ? TP_TKOSPECOPT : TP_TKOGENOPT, opts);
}

#define GP (IN_GLOBALS | IN_PARMS)
#define GPM IN_ANY_PARM
#define NOOP(name, blocks, ends, why) { name, blocks, NULL, 2, ends, why }

const struct pstmt profile_parm_stmts[] = {
	{ "PORT", IN_PARMS, take_port, 2, NULL, NULL },
	{ "SECUREPORT", IN_PARMS, take_port, 2, NULL, NULL },
	{ "TTLSPORT", IN_PARMS, take_port, 2, NULL, NULL },
	{ "PORT", IN_VTAM, take_vtam_ports, 1, NULL, NULL },
	{ "CONNTYPE", IN_PARMS | IN_GROUP, take_conntype, 2, NULL, NULL },
	{ "CODEPAGE", GP, take_codepage, 2, NULL, NULL },
	{ "TELNETDEVICE", GP, take_device, 2, NULL, NULL },
	{ "FORMAT", GP, take_format, 2, NULL, NULL },
	{ "UNLOCKKEYBOARD", GPM, take_unlock, 2, NULL, NULL },
	{ "DEBUG", GPM, take_debug, 2, NULL, NULL },
	{ "TKOSPECLU", GPM, take_tko, 2, NULL, NULL },
	{ "TKOSPECLURECON", GPM, take_tko, 2, NULL, NULL },
	{ "TKOGENLU", GPM, take_tko, 2, NULL, NULL },
	{ "TKOGENLURECON", GPM, take_tko, 2, NULL, NULL },
	NOOP("NACUSERID", GP, NULL, "!no network access control by user is done here: take it out"),
	NOOP("TCPIPJOBNAME", GP, NULL, "there is one TCP/IP stack"),
	NOOP("SHAREACB", GP, NULL, "an ACB costs nothing worth sharing"),
	NOOP("NOSHAREACB", GP, NULL, ""),
	NOOP("SMFPROFILE", GP, NULL, "profiles are not recorded; see the log"),
	NOOP("NOSMFPROFILE", GP, NULL, ""),
	NOOP("TNSACONFIG", GP, NULL, "there is no SNMP agent; see --metrics"),
	NOOP("FULLDATATRACE", GP, NULL, "bytes are traced with F NET,TRACE"),
	NOOP("NOFULLDATATRACE", GP, NULL, ""),
	NOOP("XCFGROUP", GP, "ENDXCFGROUP", "there is no XCF group to share LUs with"),
	NOOP("WLMCLUSTERNAME", GP, "ENDWLMCLUSTERNAME", "there is no workload manager"),
	NOOP("DBCSTRANSFORM", GP, NULL, "!double-byte transform mode is not served: take it out; "
	    "double-byte text is for TN3270 and TN3270E clients, which get it untouched"),
	NOOP("NODBCSTRANSFORM", GP, NULL, ""),
	NOOP("DBCSTRACE", GP, NULL, "double-byte transform mode is not served"),
	NOOP("NODBCSTRACE", GP, NULL, ""),
	NOOP("EXPRESSLOGONMFA", GPM, NULL, "use EXPRESSLOGON"),
	NOOP("NOEXPRESSLOGONMFA", GPM, NULL, ""),
	NOOP("LINEMODE", GPM, NULL, "!z/OS has no such statement any more; line mode is on"),
	{ NULL, 0, NULL, 0, NULL, NULL }
};

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "tn3270e/parm_letters.h"
#include "tn3270e/tko.h"

#define NO_PARM TP_N            /* a switch we do not have: its letter is fixed */
#define UNLOCK_BIND (TP_N + 1)  /* the second of UNLOCKKEYBOARD's */

struct place {
	uint8_t parm;           /* enum tnp_parm */
	char on, off;
};

#define P(id, letter) { TP_##id, letter, '*' }
#define NONE { NO_PARM, '*', '*' }
#define FIXED(letter) { NO_PARM, letter, letter }
#define GAP { NO_PARM, ' ', ' ' }

/* (LMTGCAK)(OPATSKTQSSHRT) (DRF) (PCKLECXN23) (IPKPSTS) (SMLT) */
static const struct place table[] = {
	P(LUSESSIONPEND, 'L'), P(MSG07, 'M'), P(TKOSPECLU, 'T'), P(TKOGENLU, 'T'),
	P(CHECKCLIENTCONN, 'C'),
	P(DROPASSOCPRINTER, 'A'), P(KEEPLU, 'K'), GAP, GAP,
	P(OLDSOLICITOR, 'O'), P(PASSWORDPHRASE, 'P'), P(SINGLEATTN, 'A'), P(TN3270E, 'T'),
	P(SNAEXT, 'S'), P(UNLOCK, 'B'), { UNLOCK_BIND, 'T', '*' },
	P(SEQUENTIALLU, 'Q'), P(SIMCLIENTLU, 'S'), NONE,
	NONE, P(REFRESHMSG10, 'R'), FIXED('T'), GAP, GAP, GAP,
	P(DEBUG, 'E'), FIXED('C'), NONE, GAP, GAP, GAP,
	FIXED('B'), P(CONNTYPE, 'B'), NONE, NONE, NONE, P(CLIENTAUTH, 'C'), P(EXPRESSLOGON, 'X'),
	NONE, NONE, NONE, GAP, GAP, GAP,
	P(INACTIVE, 'I'), P(PRTINACTIVE, 'P'), P(KEEPINACTIVE, 'K'), P(PROFILEINACTIVE, 'P'),
	P(SCANINTERVAL, 'S'), P(TIMEMARK, 'T'), P(SSLTIMEOUT, 'S'), GAP, GAP, GAP,
	NONE, P(MAXRECEIVE, 'M'), NONE, NONE,
};

#define PLACES (sizeof(table) / sizeof(table[0]))
#define AT_PORT 31u             /* P of SECURITY: what kind of port */
#define AT_KEY 33u

static unsigned
parm_of(const struct place *pl)
{
	return pl->parm == UNLOCK_BIND ? TP_UNLOCK : pl->parm;
}

/* Section 7.7's reading: M where more than one option is coded. */
static char
takeover(int32_t seconds, int32_t opts)
{
	static const char options[8] = { 0, 'K', 'S', 'M', 'C', 'M', 'M', 'M' };

	if (seconds == 0)
		return '*';
	return opts >> 1 != 0 ? options[opts >> 1 & 7] : opts & (int32_t)TKO_RECON ? 'R' : 'T';
}

static char
letter(const struct place *pl, const struct tnp_parms *p)
{
	static const char level[] = { 'O', 'E', 'S', 'D' };
	int32_t v = p->v[parm_of(pl)];

	if (pl->parm == UNLOCK_BIND)
		return v & TNP_UNLOCK_BIND ? pl->on : pl->off;
	if (pl->parm == TP_TKOSPECLU || pl->parm == TP_TKOGENLU)
		return takeover(v, p->v[pl->parm == TP_TKOSPECLU ? TP_TKOSPECOPT : TP_TKOGENOPT]);
	if (pl->parm == TP_UNLOCK)
		return v & TNP_UNLOCK_AFTERREAD ? 'A' : 'B';
	if (pl->parm == TP_CONNTYPE)
		return v == 0 ? '*' : tnp_conntype_text(v)[0];
	if (pl->parm == TP_DEBUG)
		return level[v & 3];
	return v != 0 ? pl->on : pl->off;
}

char *
parm_letters(const struct tnp_parms *p, enum parm_view view, unsigned secure,
    char to[PARM_LETTERS])
{
	for (unsigned i = 0; i < PLACES; i++) {
		const struct place *pl = &table[i];
		bool coded = pl->parm != NO_PARM && p->src[parm_of(pl)] != TS_DEFAULT;

		if (pl->on == ' ')
			to[i] = ' ';
		else if (view == PARM_CODED && !coded)
			to[i] = '-';
		else
			to[i] = pl->parm == NO_PARM ? pl->on : letter(pl, p);
	}
	if (view == PARM_FINAL && secure) {
		to[AT_PORT] = 'S';
		to[AT_KEY] = 'K';
	}
	to[PLACES] = '\0';
	return to;
}

char *
parm_port_letters(const struct tnp_port *port, const struct tnp_parms *p, char to[PARM_LETTERS])
{
	uint8_t smf = port->smf_coded ? port->smf : port->profile->smf;

	(void)parm_letters(p, PARM_FINAL, port->secure, to);
	if (smf != 0)
		to[PLACES - 4] = 'S';
	if (port->tls_conf.crl[0] != NULL)
		to[AT_KEY + 1] = 'L';
	if (port->tls_conf.ciphers12 != NULL || port->tls_conf.ciphers13 != NULL)
		to[AT_KEY + 2] = 'E';
	return to;
}

void
parm_heading(struct con *con, const char *indent)
{
	con_text(con, "%sPERSIS   FUNCTION        DIA   SECURITY     TIMERS    MISC", indent);
	con_text(con, "%s(LMTGCAK)(OPATSKTQSSHRT) (DRF) (PCKLECXN23) (IPKPSTS) (SMLT)", indent);
	con_text(con, "%s-------  -------------   ---   ----------   -------   ----", indent);
}

static void
row(const struct tnp_parms *p, const char *source, struct con *con, const char *indent)
{
	char l[PARM_LETTERS];

	for (unsigned i = 0; i < TP_N; i++)
		if (p->src[i] != TS_DEFAULT) {
			con_text(con, "%s%s  %s", indent, parm_letters(p, PARM_CODED, 0, l),
			    source);
			return;
		}
}

/* Which of the port's pairs of groups final is. */
static void
groups(const struct tnp_port *port, const struct tnp_parms *final, struct con *con,
    const char *indent)
{
	const struct tnp_vtam *v = port->vtam;
	unsigned n = v->n_parmsgroups + 1u;
	size_t at = (size_t)(final - port->final);

	if (final < port->final || at >= (size_t)n * n)
		return;
	if (at / n != 0)
		row(&v->coded[at / n], v->parmsgroup[at / n], con, indent);
	if (at % n != 0)
		row(&v->coded[at % n], v->parmsgroup[at % n], con, indent);
}

void
parm_rows(const struct tnp_port *port, const struct tnp_parms *final, struct con *con,
    const char *indent)
{
	struct tnp_parms preset;
	char l[PARM_LETTERS];

	tnp_parms_default(&preset);
	con_text(con, "%s%s  DEFAULT", indent, parm_letters(&preset, PARM_FINAL, 0, l));
	row(&port->profile->globals, "*TGLOBAL", con, indent);
	row(&port->coded, "*TPARMS", con, indent);
	if (port->vtam != NULL && port->final != NULL && final != &port->final[0]) {
		con_text(con, "%s%s  TP-CURR", indent, parm_letters(&port->final[0], PARM_FINAL,
		    port->secure, l));
		groups(port, final, con, indent);
	}
	con_text(con, "%s%s  <-FINAL", indent, parm_port_letters(port, final, l));
}

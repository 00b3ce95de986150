/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the operator is told of links: up, down, failed and why, callers turned
 * away. An XID exchange that failed is told with the XIDs themselves and what
 * control vector 22 says of them, in the lines VTAM has for it (IST1580I ff.).
 */
#include <stdio.h>
#include <string.h>

#include "snaee/ldlc.h"
#include "snaee/sense.h"
#include "snaee/xidcheck.h"
#include "vtamsim/msg.h"
#include "vtamsim/pu_in.h"

#define DUMP 16                 /* bytes of an XID in a line */

void
pu_say_up(struct node *n, const struct pu *p, const struct ee_ind *i)
{
	NODE_SAY(n, IST590I, i->called ? "CONNECTIN" : "CONNECTOUT", "ESTABLISHED",
	    name_base(&p->res->name), name_base(&p->line->name));
	NODE_SAY(n, IST1086I, p->cp.len != 0 ? p->cp.s : name_base(&p->res->name), p->tgn);
}

/* The order of a real console: companion vtam-operator 9.2. Sense 80020001: the
 * partner hung up, which is no fault. */
void
pu_say_down(struct node *n, const struct pu *p, const struct ee_ind *i)
{
	const char *why = i->sense == SENSE_ACTIVATED_ANEW ?
	    "APPN CONNECTION ENDED BY ACTIVATION XID" : "XID OR LDLC COMMAND TIMEOUT";

	if (i->sense != 0 && i->sense != SENSE_HUNG_UP) {
		NODE_SAY(n, IST1411I, name_base(&p->line->name));
		NODE_SAY(n, IST1430I, why);
		NODE_SAY(n, IST314I);
		NODE_SAY(n, IST259I, name_base(&p->res->name), 1u);
		if (p->def != NULL && p->def->dwinop)
			NODE_SAY(n, IST619I, name_base(&p->res->name));
	}
	NODE_SAY(n, IST1196I, p->cp.len != 0 ? p->cp.s : name_base(&p->res->name), p->tgn);
	NODE_SAY(n, IST590I, "CONNECTION", "TERMINATED", name_base(&p->res->name),
	    name_base(&p->line->name));
}

static void
say_xid(struct node *n, const uint8_t *b, size_t len)
{
	for (size_t at = 0; at < len; at += DUMP) {
		char hex[2 * DUMP + 4] = "", text[DUMP + 1] = "";
		size_t k = 0;

		for (size_t i = 0; i < DUMP && at + i < len; i++) {
			char c = (char)asc_from(b[at + i]);

			k += (size_t)snprintf(hex + k, sizeof(hex) - k, "%s%02X",
			    i != 0 && i % 4 == 0 ? " " : "", b[at + i]);
			text[i] = c >= ' ' && c <= '~' ? c : '.';
		}
		NODE_SAY(n, IST1574I, (unsigned)at, hex, text);
	}
}

static void
say_where(struct node *n, const struct xid_error *e)
{
	NODE_SAY(n, IST1583I, e->offset);
	if (e->bit < 8)
		NODE_SAY(n, IST1584I, e->bit);
}

/* What was wrong, found by us or by the partner. */
static void
say_negotiation(struct node *n, const struct ldlc *l)
{
	enum ldlc_error who = ldlc_xid_error(l);

	if (l->in_len != 0) {
		NODE_SAY(n, IST1580I);
		say_xid(n, l->in_xid, l->in_len);
	}
	if (who == LDLC_ERR_SENT)
		say_where(n, &l->neg.own.error);
	if (who == LDLC_ERR_RCVD) {
		NODE_SAY(n, IST1582I);
		say_where(n, &l->neg.peer.error);
	}
	if (l->out_len != 0) {
		NODE_SAY(n, IST1586I);
		say_xid(n, l->out_xid, l->out_len);
	}
}

/* VTAM has a display of the MTU (IST2029I) but no message we know of. */
void
pu_say_mtu(struct node *n, const struct pu *p, const struct ee_ind *i)
{
	NODE_SAY(n, SNG0003I, name_base(&p->res->name), i->link->max_btu + (unsigned)LLC_LEN);
}

/* An activation that failed. The same reason is told once, however often it is dialed. */
void
pu_say_failed(struct node *n, struct pu *p, const struct ee_ind *i)
{
	if (p->told == i->sense && p->told != 0)
		return;
	p->told = i->sense;
	NODE_SAY(n, IST590I, i->called ? "CONNECTIN" : "CONNECTOUT", "FAILED",
	    name_base(&p->res->name), name_base(&p->line->name));
	if (ldlc_xid_error(i->link) == LDLC_ERR_NONE)
		return;
	NODE_SAY(n, IST1139I, "CONTACT", name_base(&p->res->name), i->sense);
	NODE_SAY(n, IST1045I, res_type_text(p->res));
	say_negotiation(n, i->link);
	NODE_SAY(n, IST314I);
}

void
pu_say_no_name(struct node *n, struct pu *p)
{
	if (p->told == SENSE_NO_NAME)
		return;
	p->told = SENSE_NO_NAME;
	NODE_SAY(n, IST1139I, "GETHOSTBNM", name_base(&p->res->name), SENSE_NO_NAME);
	NODE_SAY(n, IST1045I, res_type_text(p->res));
	NODE_SAY(n, IST1909I, p->path->hostname);
	NODE_SAY(n, IST314I);
}

void
pu_say_family(struct node *n, struct pu *p, const struct ipaddr *local,
    const struct ipaddr *remote)
{
	char addr[IPADDR_TEXT];

	if (p->told == SENSE_NOT_AVAILABLE)
		return;
	p->told = SENSE_NOT_AVAILABLE;
	NODE_SAY(n, IST1891I, name_base(&p->res->name));
	NODE_SAY(n, IST1680I, "REMOTE", ipaddr_text(remote, addr));
	if (p->path->hostname[0] != '\0')
		NODE_SAY(n, IST1909I, p->path->hostname);
	NODE_SAY(n, IST1680I, "LOCAL", ipaddr_text(local, addr));
	NODE_SAY(n, IST314I);
}

/* Companion vtam-operator section 9. */
void
pu_say_denied(struct node *n, const struct ee_ind *i, const struct res *line, const char *why)
{
	const struct xid *x = i->xid;
	char id[16], addr[IPADDR_TEXT];

	snprintf(id, sizeof(id), "0200%08X", x == NULL ? 0 : x->nodeid);
	NODE_SAY(n, IST680I, "***NA***", why);
	NODE_SAY(n, IST1394I, x != NULL && x->has_cpname ? x->cpname.s : "***NA***", id);
	if (line != NULL)
		NODE_SAY(n, IST081I, name_base(&line->name), name_base(&line->up->name),
		    name_base(&line->up->up->name));
	if (i->what == EEI_DENIED) {
		struct xid_error e;

		xid_where(i->sense, &e);
		NODE_SAY(n, IST1680I, "REMOTE", ipaddr_text(&i->from, addr));
		NODE_SAY(n, IST1139I, "CONTACT", "***NA***", i->sense);
		say_where(n, &e);
	}
	NODE_SAY(n, IST314I);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/eename.h"
#include "vtamsim/msg.h"
#include "vtamsim/node.h"

enum { LOCAL, REMOTE };

const struct eename *
eename_begin(struct node *n, const struct eename *want)
{
	struct eename *e = NULL;

	for (unsigned i = 0; i < EENAMES && e == NULL; i++)
		if (n->eenames.v[i].corr == 0)
			e = &n->eenames.v[i];
	if (e == NULL)
		return NULL;
	*e = *want;
	e->corr = ++n->eediags.next_corr;
	for (unsigned i = 0; i < 2; i++) {
		if (e->host[i][0] == '\0')
			continue;
		if (++n->pus.questions == 0)
			n->pus.questions = 1;
		e->number[i] = n->pus.questions;
	}
	n->eenames.n++;
	return e;
}

bool
eename_question(struct node *n, struct pu_question *q)
{
	for (unsigned i = 0; n->eenames.n != 0 && i < 2 * EENAMES; i++) {
		struct eename *e = &n->eenames.v[i / 2];

		if (e->corr == 0 || e->number[i % 2] == 0 || e->asked[i % 2])
			continue;
		e->asked[i % 2] = 1;
		*q = (struct pu_question){ e->host[i % 2], 0, e->number[i % 2] };
		return true;
	}
	return false;
}

static void
say_host(struct node *n, const struct eename *e, unsigned i)
{
	if (i == LOCAL)
		NODE_SAY(n, IST1910I, e->host[i]);
	else
		NODE_SAY(n, IST1909I, e->host[i]);
}

static void
over(struct node *n, struct eename *e)
{
	e->corr = 0;
	n->eenames.n--;
}

static void
failed(struct node *n, struct eename *e, unsigned i)
{
	NODE_SAY(n, IST2119I, e->corr);
	NODE_SAY(n, IST2122I);
	say_host(n, e, i);
	NODE_SAY(n, IST314I);
	over(n, e);
}

static void
complete(struct node *n, struct eename *e)
{
	char addr[IPADDR_TEXT];

	NODE_SAY(n, IST2119I, e->corr);
	NODE_SAY(n, IST2121I);
	for (unsigned i = 0; i < 2; i++) {
		if (e->addr[i].fam == 0)
			continue;
		NODE_SAY(n, IST1680I, i == LOCAL ? "LOCAL" : "REMOTE",
		    ipaddr_text(&e->addr[i], addr));
		if (e->host[i][0] != '\0')
			say_host(n, e, i);
	}
	NODE_SAY(n, IST314I);
	e->ready = 1;
}

bool
eename_address(struct node *n, uint32_t number, const struct ipaddr *a)
{
	for (unsigned i = 0; n->eenames.n != 0 && i < 2 * EENAMES; i++) {
		struct eename *e = &n->eenames.v[i / 2];

		if (e->corr == 0 || e->number[i % 2] != number)
			continue;
		e->number[i % 2] = 0;
		e->addr[i % 2] = *a;
		if (a->fam == 0)
			failed(n, e, i % 2);
		else if (e->number[0] == 0 && e->number[1] == 0)
			complete(n, e);
		return true;
	}
	return false;
}

uint32_t
eename_next(struct node *n, char line[EENAME_LINE])
{
	for (unsigned i = 0; n->eenames.n != 0 && i < EENAMES; i++) {
		struct eename *e = &n->eenames.v[i];
		char l[IPADDR_TEXT] = "", r[IPADDR_TEXT] = "";
		uint32_t corr = e->corr;

		if (corr == 0 || !e->ready)
			continue;
		if (e->addr[LOCAL].fam != 0)
			(void)ipaddr_text(&e->addr[LOCAL], l);
		if (e->addr[REMOTE].fam != 0)
			(void)ipaddr_text(&e->addr[REMOTE], r);
		snprintf(line, EENAME_LINE, "D NET,%s%s,IPADDR=(%s%s%s)", e->diag ? "EEDIAG" :
		    "EE", e->opds, l, r[0] == '\0' ? "" : ",", r);
		over(n, e);
		return corr;
	}
	return 0;
}

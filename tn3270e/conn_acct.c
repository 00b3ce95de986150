/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounting records of a client's sessions: filled here, written elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "tn3270e/conn_mon.h"
#include "tn3270e/conn_parts.h"
#include "tn3270e/tndev.h"

static bool
wanted(const struct conn *c, enum acct_ask what)
{
	uint8_t smf = c->port->smf_coded ? c->port->smf : c->port->profile->smf;

	return (smf & what) != 0 && c->port->profile->smf_file != NULL;
}

/* 80 TN3270E, 40 TTYPE, 20 EOR, 10 BINARY, 08 ECHO, 04 SGA, 02 TIMEMARK, 01 NEW-ENVIRON */
static uint8_t
options(const struct conn *c)
{
	static const uint8_t opt[8] = { TO_TN3270E, TO_TTYPE, TO_EOR, TO_BINARY, TO_ECHO, TO_SGA,
		TO_TM, TO_ENVIRON };
	unsigned v = 0;

	for (unsigned i = 0; i < 8; i++)
		if (tel_him(&c->tel, opt[i]) || tel_us(&c->tel, opt[i]))
			v |= 0x80u >> i;
	return (uint8_t)v;
}

static uint16_t
functions(const struct conn *c)
{
	static const uint16_t bit[TNF_N] = { [TNF_BIND_IMAGE] = 0x8000, [TNF_SYSREQ] = 0x4000,
		[TNF_RESPONSES] = 0x2000, [TNF_SCS_CTL_CODES] = 0x1000,
		[TNF_DATA_STREAM_CTL] = 0x0800, [TNF_CONTENTION] = 0x0400,
		[TNF_SNA_SENSE] = 0x0200 };
	unsigned v = 0;

	for (unsigned f = 0; f < TNF_N && c->neg.mode == TNMODE_E; f++)
		if (tnneg_agreed(&c->neg, (enum tnneg_func)f))
			v |= bit[f];
	return (uint16_t)v;
}

static uint8_t
type(const struct conn *c)
{
	static const uint8_t of[] = { ACCT_T_UNKNOWN, ACCT_T_E, ACCT_T_3270, ACCT_T_LINE };

	return c->neg.mode == TNMODE_LINE && c->parms->v[TP_BINARYLINEMODE] ? ACCT_T_BINARY :
	    of[c->neg.mode];
}

static void
fill_tls(struct acct_rec *r, const struct conn *c)
{
	if (c->tls == NULL)
		return;
	r->tls = c->who.user[0] != '\0' ? ACCT_TLS_CLIENT : ACCT_TLS_SERVER;
	snprintf(r->version, sizeof(r->version), "%s", tls_version(c->tls));
	snprintf(r->cipher, sizeof(r->cipher), "%s", tls_cipher(c->tls));
}

static void
fill(struct acct_rec *r, const struct conn *c, struct mono now)
{
	*r = (struct acct_rec){ .conn = c->id, .client = c->who.addr, .dest = c->who.dest,
		.cport = c->cport, .dport = c->port->port, .type = type(c), .options = options(c),
		.functions = functions(c), .by_client = c->neg.kind != TNREQ_GENERIC,
		.start_us = wall_us() - mono_diff(now, c->sess.since) };
	snprintf(r->lu, sizeof(r->lu), "%.8s", conn_lu(c));
	snprintf(r->appl, sizeof(r->appl), "%.17s", name_base(&c->lu.plu));
	snprintf(r->user, sizeof(r->user), "%s", c->who.user);
	snprintf(r->mode, sizeof(r->mode), "%s", c->mode);
	snprintf(r->device, sizeof(r->device), "%.23s", c->neg.type);
	snprintf(r->lugroup, sizeof(r->lugroup), "%s", c->map == NULL ? "" : c->map->group->name);
	if (c->who.host != NULL)
		snprintf(r->host, sizeof(r->host), "%.63s", c->who.host);
	fill_tls(r, c);
}

static void
give(struct conn *c, const struct acct_rec *r)
{
	if (!ring_put(&c->w->acct, r))
		c->w->stat[TN_ACCT_LOST]++;
	else
		worker_wake_main(c->w);
}

void
conn_acct_begin(struct conn *c, struct mono now)
{
	struct acct_rec r;

	c->sess.since = now;
	c->sess.in = c->bytes_in;
	c->sess.out = c->bytes_out;
	c->sess.records = c->lu.in;
	c->sess.on = 1;
	if (!wanted(c, ACCT_ASK_INIT))
		return;
	fill(&r, c, now);
	r.sub = ACCT_INIT;
	give(c, &r);
}

void
conn_acct_end(struct conn *c, const char *reason, struct mono now)
{
	struct acct_rec r;

	if (!c->sess.on)
		return;
	c->sess.on = 0;
	if (!wanted(c, ACCT_ASK_TERM))
		return;
	fill(&r, c, now);
	r.sub = ACCT_TERM;
	r.end_us = wall_us();
	r.bytes_in = c->bytes_in - c->sess.in;
	r.bytes_out = c->bytes_out - c->sess.out;
	r.transactions = c->lu.in - c->sess.records;
	snprintf(r.reason, sizeof(r.reason), "%s", reason);
	if (c->mon != NULL) {
		r.monitored = 1;
		r.conf = c->mon->map->monitor->conf;
		r.rt = c->mon->rt.sum;
		snprintf(r.group, sizeof(r.group), "%s", c->mon->map->monitor->name);
	}
	give(c, &r);
}

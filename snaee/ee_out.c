/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes out, most urgent first: answers to commands, the links' own
 * signals, then NLPs by transmission priority, pipe after pipe in turn. A
 * priority is not served at all while a higher one has something: the rate of
 * a pipe is bounded by ARB, so a lower one is not starved for long.
 */
#include <string.h>

#include "snaee/ee_parts.h"

static struct ee_ctl *
ctl_new(struct ee *ee, const struct ipaddr *to, enum ee_port port)
{
	struct ee_ctl *c = &ee->ctl[ee->ctl_head % EE_CTL];

	if (ee->ctl_head - ee->ctl_tail == EE_CTL) {
		ee->stat[EES_CTL_FULL]++;
		return NULL;
	}
	ee->ctl_head++;
	c->to = *to;
	c->at = ee->at;
	c->idx = (uint8_t)port;
	c->echo = NULL;
	c->len = 0;
	return c;
}

void
ee_ctl_frame(struct ee *ee, const struct ipaddr *to, enum ee_port port, const struct llc *h)
{
	struct ee_ctl *c = ctl_new(ee, to, port);
	struct wr w;

	if (c == NULL)
		return;
	w = wr_on(c->b, sizeof(c->b));
	llc_put(&w, h);
	c->len = (uint16_t)wr_len(&w);
}

void
ee_ctl_info(struct ee *ee, const struct ipaddr *to, enum ee_port port, const struct llc *h,
    const uint8_t *info, size_t n)
{
	struct ee_ctl *c = ctl_new(ee, to, port);
	struct wr w;

	if (c == NULL)
		return;
	w = wr_on(c->b, sizeof(c->b));
	llc_put(&w, h);
	wr_bytes(&w, info, n);
	c->len = (uint16_t)(w.bad ? LLC_LEN : wr_len(&w));
}

/* The same bytes back: 802.2 demands no more, and real partners check it. */
void
ee_ctl_echo(struct ee *ee, const struct ipaddr *to, enum ee_port port, const struct llc *h,
    struct buf *b)
{
	struct ee_ctl *c = ctl_new(ee, to, port);
	struct llc back = llc_reply(h, LLC_TEST);
	struct wr w;

	if (c == NULL) {
		buf_free(b);
		return;
	}
	w = wr_on(c->b, sizeof(c->b));
	llc_put(&w, &back);
	c->len = (uint16_t)wr_len(&w);
	c->echo = b;
}

void
ee_ctl_xid(struct ee *ee, const struct ipaddr *to, const struct llc *h, const struct xid *x)
{
	struct ee_ctl *c = ctl_new(ee, to, EE_SIGNAL);
	struct llc back = llc_reply(h, LLC_XID);
	struct wr w;

	if (c == NULL)
		return;
	w = wr_on(c->b, sizeof(c->b));
	llc_put(&w, &back);
	xid_put(&w, x);
	c->len = (uint16_t)(w.bad ? LLC_LEN : wr_len(&w));
}

static void
fill(const struct ee *ee, struct ee_dgram *d, const struct ipaddr *to, unsigned idx)
{
	d->to = *to;
	d->tcid = 0;
	d->idx = (uint8_t)idx;
	d->port = (uint16_t)(ee->cfg.port0 + idx);
	d->local = 0;
	d->ask_mtu = 0;
	d->data = NULL;
	d->data_len = 0;
}

static bool
out_ctl(struct ee *ee, struct ee_dgram *d)
{
	struct ee_ctl *c = &ee->ctl[ee->ctl_tail % EE_CTL];

	if (ee->ctl_tail == ee->ctl_head)
		return false;
	ee->ctl_tail++;
	fill(ee, d, &c->to, c->idx);
	d->local = c->at;
	memcpy(d->hdr, c->b, c->len);
	d->hdr_len = c->len;
	if (c->echo != NULL) {
		d->data = c->echo->p;
		d->data_len = c->echo->len;
		bufq_put(&ee->lent, c->echo);
		c->echo = NULL;
	}
	return true;
}

static bool
out_link(struct ee *ee, struct mono now, struct ee_dgram *d)
{
	struct ee_link *l;
	struct ldlc_frame f;

	while ((l = TAILQ_FIRST(&ee->out_links)) != NULL) {
		if (ldlc_output(&l->ldlc, now, &f)) {
			fill(ee, d, &l->ldlc.parm.remote, EE_SIGNAL);
			d->local = l->ldlc.parm.at;
			d->ask_mtu = ee->cfg.pmtud;     /* XID, TEST: seldom enough */
			memcpy(d->hdr, f.b, f.len);
			d->hdr_len = f.len;
			return true;
		}
		TAILQ_REMOVE(&ee->out_links, l, out);
		l->on_out = 0;
		ee_link_bury(ee, l);
	}
	return false;
}

static bool
out_pipe(struct ee *ee, struct mono now, unsigned tpf, struct ee_dgram *d)
{
	struct ee_pipes *q = &ee->out_pipes[tpf];
	struct ee_pipe *p;

	while ((p = TAILQ_FIRST(q)) != NULL) {
		TAILQ_REMOVE(q, p, out);
		p->on_out = 0;
		if (!ee_pipe_output(now, p, d))
			continue;
		TAILQ_INSERT_TAIL(q, p, out);
		p->on_out = 1;
		return true;
	}
	return false;
}

/* NLPs that pass by: the port of their priority is theirs at this hop too. */
static bool
out_transit(struct ee *ee, unsigned tpf, struct ee_dgram *d)
{
	struct wr w = wr_on(d->hdr, sizeof(d->hdr));
	struct llc h = { .frame = LLC_UI };
	struct ee_link *l = NULL;
	struct buf *b = ee_transit_out(ee, tpf, &l);

	if (b == NULL)
		return false;
	h.dsap = l->ldlc.nlp_dsap;
	h.ssap = l->ldlc.nlp_ssap;
	fill(ee, d, &l->ldlc.parm.remote, EE_LOW - tpf);
	d->local = l->ldlc.parm.at;
	llc_put(&w, &h);
	d->hdr_len = (uint16_t)wr_len(&w);
	d->data = b->p;
	d->data_len = b->len;
	l->ldlc.traffic[d->idx].nlps_sent++;
	l->ldlc.traffic[d->idx].bytes_sent += b->len;
	bufq_put(&ee->lent, b);
	return true;
}

/* Of one priority, what passes by and what is ours in turn. */
static bool
out_nlp(struct ee *ee, struct mono now, struct ee_dgram *d)
{
	ee->pass_turn ^= 1;
	for (unsigned tpf = TPF_NETWORK + 1; tpf-- > TPF_LOW;) {
		if (ee->pass_turn && out_transit(ee, tpf, d))
			return true;
		if (out_pipe(ee, now, tpf, d) || (!ee->pass_turn && out_transit(ee, tpf, d)))
			return true;
	}
	return false;
}

bool
ee_output(struct ee *ee, struct mono now, struct ee_dgram *d)
{
	if (!out_ctl(ee, d) && !out_link(ee, now, d) && !out_nlp(ee, now, d))
		return false;
	ee->stat[EES_SENT]++;
	ee->stat[EES_SENT_BYTES] += d->hdr_len + d->data_len;
	return true;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Probes: a TEST command to each of a partner's five ports, to see which of
 * them a firewall lets through. Lost ones are repeated. z/OS does so with an
 * "LDLC probe" whose layout is not published; a TEST with bytes of ours in it
 * is our choice, and every 802.2 station has to send them back (companion
 * ee-hpr-rtp 1.1 rule 9). A partner that answers on port 12000 alone may not
 * listen for TEST on the others: whoever reads the result has to know that.
 */
#include <string.h>

#include "snaee/ee_parts.h"

#define TRIES EE_PROBE_S
#define APART SECS(1)
#define MARK 0xd7d9d6c2u        /* "PROB" */
#define INFO 9                  /* mark, number, port */
#define ALL ((1u << EE_NPORT) - 1)

static void
send_round(struct ee *ee, struct mono now, struct ee_try *t)
{
	struct llc h = { .dsap = LLC_SAP_SNA, .ssap = LLC_SAP_SNA, .frame = LLC_TEST, .pf = 1 };

	ee->at = t->r.local;
	for (unsigned i = 0; i < EE_NPORT; i++) {
		uint8_t info[INFO];
		struct wr w = wr_on(info, sizeof(info));

		if (t->r.ok & 1u << i)
			continue;
		wr_u32(&w, MARK);
		wr_u32(&w, t->r.id);
		wr_u8(&w, i);
		ee_ctl_info(ee, &t->r.to, (enum ee_port)i, &h, info, sizeof(info));
	}
	t->sent_at = now;
	t->tries++;
	ee_timer_set(ee, &t->timer, mono_add(now, APART));
}

uint32_t
ee_probe(struct ee *ee, struct mono now, unsigned local, const struct ipaddr *to)
{
	struct ee_try *t = NULL;

	ee_begin(ee);
	for (unsigned i = 0; i < EE_PROBES && t == NULL; i++)
		if (ee->probe[i].r.id == 0)
			t = &ee->probe[i];
	if (t == NULL || ee->stopping)
		return 0;
	memset(t, 0, sizeof(*t));
	t->timer.kind = EEK_PROBE;
	t->r.to = *to;
	t->r.local = (uint8_t)local;
	t->r.id = (uint32_t)ee_draw(ee) | 1;
	send_round(ee, now, t);
	return t->r.id;
}

static void
over(struct ee *ee, struct ee_try *t)
{
	t->done = 1;
	ee->probes_done++;
	ee_timer_set(ee, &t->timer, MONO_NEVER);
}

void
ee_probe_expire(struct ee *ee, struct mono now, struct ee_try *t)
{
	if (t->tries < TRIES)
		send_round(ee, now, t);
	else
		over(ee, t);
}

/* True: it was the answer to a probe. One that comes to another port than it was sent from
 * says nothing of either. */
bool
ee_probe_input(struct ee *ee, struct mono now, const struct ipaddr *from, enum ee_port to,
    const struct buf *b)
{
	struct rd r = buf_rd(b);
	uint32_t mark = rd_u32(&r), id = rd_u32(&r);
	unsigned port = rd_u8(&r);

	if (r.bad || mark != MARK || id == 0 || port >= EE_NPORT)
		return false;
	for (unsigned i = 0; i < EE_PROBES; i++) {
		struct ee_try *t = &ee->probe[i];

		if (t->r.id != id || t->done || port != to || !ipaddr_eq(&t->r.to, from))
			continue;
		if (!(t->r.ok & 1u << port))
			t->r.rtt_us[port] = (uint32_t)mono_diff(now, t->sent_at);
		t->r.ok = (uint8_t)(t->r.ok | 1u << port);
		if (t->r.ok == ALL)
			over(ee, t);
		return true;
	}
	return true;                    /* late */
}

bool
ee_probe_recv(struct ee *ee, struct ee_ind *i)
{
	for (unsigned k = 0; k < EE_PROBES && ee->probes_done != 0; k++) {
		struct ee_try *t = &ee->probe[k];

		if (!t->done)
			continue;
		ee->probes_done--;
		t->done = 0;
		*i = (struct ee_ind){ .what = EEI_PROBE, .probe = t->r };
		t->r.id = 0;
		return true;
	}
	return false;
}

void
ee_ask(struct ee *ee, struct rtp *r)
{
	ee_begin(ee);
	rtp_ask(r);
	ee_pipe_touch(ee_pipe_of(r));
}

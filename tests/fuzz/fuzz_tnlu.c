/* SPDX-License-Identifier: Apache-2.0
 *
 * Any client and any host against one LU. The first bytes choose device, mode
 * and functions; then each step is the host's, the client's or a key. What is
 * held stays bounded, and at the end no buffer is left.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "snaee/bind.h"
#include "tn3270e/codepage.h"
#include "tn3270e/tndev.h"
#include "tn3270e/tnlu.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define SESS 900u
#define STEPS 400

struct game {
	struct bufpool bufs;
	struct acb_port port;
	struct telnet tel;
	struct tnneg neg;
	struct tnp_parms parms;
	const struct codepage *page;
	struct tnlu lu;
	struct mono now;
	struct rd r;
	unsigned answers, asked;        /* responses given, definite ones wanted */
};

static const char *const types[] = { "IBM-3278-2-E", "IBM-DYNAMIC", "IBM-3287-1", "IBM-3278-4" };

static struct tnlu_env
env(struct game *g)
{
	return (struct tnlu_env){ .port = &g->port, .tel = &g->tel, .neg = &g->neg,
		.parms = &g->parms, .page = g->page, .user = 7, .now = g->now };
}

static void
drain(struct game *g)
{
	struct rpl q;

	while (ring_get(&g->port.down, &q)) {
		if (q.op == RPL_RESP)
			g->answers++;
		buf_free(q.buf);
	}
	bufq_drop(&g->tel.out);
	g->tel.starved = 0;
	assert(g->lu.n_corr <= TNLU_CORR && g->lu.owed <= g->lu.n_corr);
	assert(g->lu.hold.count <= TNLU_HOLD_MAX && g->lu.chain.bytes <= TNLU_CHAIN_MAX + 65536);
}

static struct buf *
some(struct game *g, size_t max)
{
	size_t n = rd_u8(&g->r) % (max + 1);
	struct buf *b = buf_get(&g->bufs, max + 1);

	assert(b != NULL);
	for (size_t i = 0; i < n; i++)
		*buf_put(b, 1) = rd_u8(&g->r);
	return b;
}

static void
up(struct game *g, struct rpl q)
{
	struct tnlu_env e = env(g);

	q.acb = 55;
	q.user = 7;
	(void)tnlu_rpl(&g->lu, &e, &q);
}

static void
bind(struct game *g)
{
	static const uint8_t image[] = { 0x31, 0x01, 0x03, 0x03, 0xb1, 0x90, 0x30, 0x80, 0, 0, 0x87,
		0xf8, 0, 0, 0x02, 0x80, 0, 0, 0, 0, 0x18, 0x50, 0, 0, 0x7e, 0, 0, 0x05, 0xc1, 0xd7,
		0xd7, 0xd3, 0xf1, 0 };
	struct buf *b = buf_get(&g->bufs, sizeof(image));
	unsigned n = rd_u8(&g->r) % 4;

	assert(b != NULL);
	buf_append(b, image, sizeof(image));
	for (unsigned i = 0; i < n; i++) {
		unsigned at = rd_u8(&g->r) % 27;

		b->p[at] = rd_u8(&g->r);
	}
	up(g, (struct rpl){ .op = RPL_BIND, .sess = SESS, .buf = b });
	up(g, (struct rpl){ .op = RPL_STARTED, .sess = SESS });
}

static void
host(struct game *g)
{
	uint32_t rh = (uint32_t)rd_u8(&g->r) << 16 & 0x6f0000;
	struct rpl q = { .op = RPL_DATA, .sess = SESS };

	rh |= (uint32_t)rd_u8(&g->r) << 8;
	q.rh = rh | (rd_u8(&g->r) & 0xe1);
	q.snf = rd_u8(&g->r);
	q.sense = (q.snf & 0x1f) == 0x1f ? 0x20030000 : 0;
	q.buf = some(g, 40);
	up(g, q);
}

static void
client(struct game *g)
{
	struct tnlu_env e = env(g);
	struct buf *b = some(g, 30);
	struct tnhdr h = { .type = rd_u8(&g->r) % 10, .rq = rd_u8(&g->r), .rsp = rd_u8(&g->r) % 6,
		.seq = rd_u8(&g->r) % 16 };
	struct bufq q;

	bufq_init(&q);
	bufq_put(&q, b);
	if (tnlu_may_take(&g->lu))
		(void)tnlu_record(&g->lu, &e, &h, &q);
	bufq_drop(&q);
}

static void
answer(struct game *g, unsigned op)
{
	struct rpl q = { .op = (uint8_t)op, .sess = SESS };
	static const uint32_t sense[] = { 0, 0x08130000, 0x10030000, 0x200a0000, 0x20040000,
		0x08120000, 0x081b0000, 0x082d0000 };
	uint8_t what = rd_u8(&g->r);

	q.sense = sense[what & 7];
	q.rh = (what & 8 ? RH_DFC : RH_FMD) | RH_OIC | RH_DR1 | (what & 16 ? RH_BBI : 0);
	if (op == RPL_SENDERR && what & 32)
		q.buf = some(g, 20);
	up(g, q);
}

static void
step(struct game *g)
{
	struct tnlu_env e = env(g);
	uint8_t text[20];
	unsigned what = rd_u8(&g->r) % 16, n;

	switch (what) {
	case 0:
		bind(g);
		break;
	case 1:
		up(g, (struct rpl){ .op = RPL_UNBIND, .sess = SESS,
		    .flags = rd_u8(&g->r) & 1 ? UNB_FORTHCOMING : UNB_NORMAL });
		break;
	case 2:
		(void)tnlu_attn(&g->lu, &e);
		break;
	case 3:
		(void)tnlu_sysreq(&g->lu, &e);
		break;
	case 4:
		g->now = mono_add(g->now, SECS(rd_u8(&g->r)));
		e.now = g->now;
		(void)tnlu_expire(&g->lu, &e);
		break;
	case 5:
		answer(g, RPL_RSP);
		break;
	case 6:
		answer(g, RPL_SENDERR);
		break;
	case 7:
		n = rd_u8(&g->r) % sizeof(text);
		for (unsigned i = 0; i < n; i++)
			text[i] = rd_u8(&g->r);
		if (g->lu.fsm.state == TLU_SUSPENDED)
			(void)tnlu_sscp_input(&g->lu, &e, text, n);
		break;
	case 8:
	case 9:
	case 10:
	case 11:
		client(g);
		break;
	default:
		host(g);
		break;
	}
	drain(g);
}

/* Made once: it takes longer than a game. */
static const struct codepage *
standard(void)
{
	static struct codepage page;
	static bool made;

	if (!made)
		codepage_standard(&page);
	made = true;
	return &page;
}

static void
begin(struct game *g)
{
	const char *type = types[rd_u8(&g->r) & 3];
	struct acb_open o = { .slu = 1 };
	struct tnlu_env e = env(g);

	g->neg.mode = rd_u8(&g->r) % 3 != 0 ? TNMODE_E : TNMODE_3270;
	g->neg.funcs = g->neg.mode == TNMODE_E ? rd_u8(&g->r) & 0x7f : 0;
	g->neg.device = (uint8_t)tndev_find(type, strlen(type));
	tnp_parms_default(&g->parms);
	g->page = standard();
	tnlu_init(&g->lu);
	assert(tnlu_open(&g->lu, &e, &o));
	drain(g);
	up(g, (struct rpl){ .op = RPL_OPENED });
	bind(g);
	drain(g);
}

static void
end(struct game *g)
{
	struct tnlu_env e = env(g);

	tnlu_close(&g->lu, &e, 0);
	drain(g);
	up(g, (struct rpl){ .op = RPL_CLOSED });
	drain(g);
	tnlu_fini(&g->lu);
	tel_fini(&g->tel);
	assert(bufpool_used(&g->bufs) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct game *g = aligned_alloc(64, (sizeof(*g) + 63) / 64 * 64);

	assert(g != NULL);
	log_level_all(LOG_ERROR);
	memset(g, 0, sizeof(*g));
	assert(bufpool_init(&g->bufs, "fuzz", 600, 60, 30) == 0);
	bufpool_adopt(&g->bufs);
	assert(ring_init(&g->port.down, sizeof(struct rpl), 256) == 0);
	assert(ring_init(&g->port.up, sizeof(struct rpl), 16) == 0);
	assert(tel_init(&g->tel, &g->bufs, TEL_WITH_E, 65536));
	g->port.bufs = &g->bufs;
	g->r = rd_on(p, n);
	begin(g);
	for (unsigned i = 0; i < STEPS && rd_left(&g->r) != 0; i++)
		step(g);
	end(g);
	ring_fini(&g->port.down);
	ring_fini(&g->port.up);
	bufpool_fini(&g->bufs);
	free(g);
	return 0;
}

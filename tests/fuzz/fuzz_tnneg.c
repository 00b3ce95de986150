/* SPDX-License-Identifier: Apache-2.0
 *
 * Any client against the negotiation: the first byte chooses the port's
 * configuration, every second what the pool of LUs says.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/tndev.h"
#include "tn3270e/tnneg.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct game {
	struct telnet t;
	struct tnneg n;
	const uint8_t *luck;
	size_t lucks, at;
	unsigned lu, asked, over, env;
};

static void
holds(const struct game *g)
{
	const struct tnneg *n = &g->n;

	assert(strlen(n->type) < TNNEG_TYPE_MAX && strlen(n->name) <= TNNEG_NAME_MAX);
	assert(n->device == 0 || tndev_at(n->device) != NULL);
	assert(n->rejects <= TNNEG_REJECTS + 1);
	assert(n->env.elf <= TNENV_YES && strlen(n->env.applid) <= TNENV_APPL_MAX);
	assert(g->env || (n->env.elf == TNENV_SILENT && n->env.applid[0] == '\0'));
	assert(tnneg_patience(n) <= TNNEG_S);
	if (!tnneg_ready(n))
		return;
	assert(g->lu && n->device != 0);
	if (n->mode != TNMODE_E)
		return;
	if (tndev_at(n->device)->class == TNDEV_PRINTER)
		assert((n->funcs & (TNF(TNF_SCS_CTL_CODES) | TNF(TNF_DATA_STREAM_CTL))) != 0);
	else
		assert((n->funcs & ~(unsigned)n->allowed) == 0);
}

static void
says(struct game *g, enum tnneg_say say)
{
	uint8_t luck = g->at < g->lucks ? g->luck[g->at++] : 0;

	switch (say) {
	case TNNEG_LU:
		assert(tnneg_wants_lu(&g->n));
		g->lu = 0;              /* one that was given before goes back */
		assert(++g->asked < 200);
		g->lu = luck % 4 != 3;
		says(g, tnneg_lu(&g->n, &g->t, g->lu ? "LU1" : NULL, luck >> 2 & 7));
		break;
	case TNNEG_LU_GONE:
		assert(g->lu);
		g->lu = 0;
		break;
	case TNNEG_TLS:
	case TNNEG_CLOSE:
		g->over = 1;
		assert(say == TNNEG_TLS || g->n.why != NULL);
		break;
	case TNNEG_READY:
		assert(tnneg_ready(&g->n));
		break;
	case TNNEG_NOTHING:
		break;
	}
	holds(g);
}

static void
play(struct game *g, const uint8_t *p, size_t n)
{
	while (n != 0 && !g->over) {
		struct tel_ind ind;
		size_t room = 0, k;
		uint8_t *to = tel_room(&g->t, &room);

		if (to == NULL)
			abort();
		k = n < room ? n : room;
		memcpy(to, p, k);
		tel_filled(&g->t, k);
		p += k;
		n -= k;
		while (!g->over && tel_recv(&g->t, &ind)) {
			bufq_drop(&ind.rec);
			if (ind.what == TEL_OPTION || ind.what == TEL_SB)
				says(g, tnneg_input(&g->n, &g->t, &ind));
			g->over |= ind.what == TEL_BAD;
			bufq_drop(&g->t.out);
		}
	}
	for (int i = 0; i < 4 && !g->over; i++)         /* silence always ends it */
		says(g, tnneg_silent(&g->n, &g->t));
	assert(g->over || tnneg_ready(&g->n));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct tnneg_conf c = { 0 };
	struct bufpool bufs;
	struct game g = { 0 };

	if (n < 18)
		return 0;
	if (bufpool_init(&bufs, "fuzz", 256, 64, 16) != 0)
		abort();
	bufpool_adopt(&bufs);
	c.tls = (enum tnneg_tls)(p[0] % 3);
	c.no_e = p[0] >> 2 & 1;
	c.line = p[0] >> 3 & 1;
	c.env = p[0] >> 4 & 1;
	c.functions = p[1] & 0x7f;
	g.env = c.env;
	g.luck = p + 2;
	g.lucks = 16;
	if (!tel_init(&g.t, &bufs, c.no_e ? TEL_WITHOUT_E : TEL_WITH_E, 4000))
		abort();
	g.t.no_sga = p[0] >> 5 & 1;
	says(&g, tnneg_start(&g.n, &c, &g.t));
	play(&g, p + 18, n - 18);
	tel_fini(&g.t);
	assert(bufpool_used(&bufs) == 0);
	bufpool_fini(&bufs);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * A session outlives its client: takeover with RECON. The old client's LU is
 * detached at the node; what was on its way still changes its state, though
 * nobody sees it. Then the LU is an image, which another client's connection,
 * on whatever worker, takes and attaches. The host is told that the screen has
 * to be painted again.
 */
#include <stdlib.h>
#include <string.h>

#include "snaee/sense.h"
#include "tn3270e/tko.h"
#include "tn3270e/tnlu_parts.h"

bool
tnlu_can_move(const struct tnlu *lu)
{
	return lu->acb != 0 && (lu->fsm.state == TLU_ACTIVE || lu->fsm.state == TLU_SUSPENDED);
}

void
tnlu_detach(struct tnlu *lu, const struct tnlu_env *e)
{
	const struct rpl r = { .op = RPL_DETACH, .acb = lu->acb, .user = e->user };

	lu->leaving = acb_submit(e->port, &r);
	if (!lu->leaving)
		tnlu_close(lu, e, 0);
}

/* BIND for the next client: only where the profile hands sessions over. */
void
lu_keep_bind(struct tnlu *lu, const struct tnlu_env *e, const struct buf *b)
{
	int32_t opts = e->parms->v[TP_TKOSPECOPT] | e->parms->v[TP_TKOGENOPT];

	buf_free(lu->image);
	lu->image = NULL;
	if (b == NULL || (opts & (int32_t)TKO_RECON) == 0)
		return;
	lu->image = buf_get(e->port->bufs, b->len);
	if (lu->image != NULL)
		buf_append(lu->image, b->p, b->len);
}

struct tnlu *
tnlu_image(struct tnlu *lu)
{
	struct tnlu *i = malloc(sizeof(*i));

	if (i != NULL) {
		*i = *lu;
		bufq_init(&i->chain);
		bufq_init(&i->hold);
		bufq_move(&i->chain, &lu->chain);
		lu->image = NULL;
		if (!tnlu_in_session(lu))
			i->sess = 0;
	}
	lu_gone(lu);
	return i;
}

void
tnlu_image_free(struct tnlu *i)
{
	if (i == NULL)
		return;
	bufq_drop(&i->chain);
	buf_free(i->image);
	free(i);
}

bool
tnlu_attach(struct tnlu *lu, const struct tnlu_env *e, struct tnlu *i, const struct acb_open *parm)
{
	struct fsm fsm = lu->fsm;
	struct bufq chain;
	bool ok;

	bufq_init(&chain);
	bufq_move(&chain, &i->chain);
	*lu = *i;
	lu->fsm = fsm;
	bufq_init(&lu->chain);
	bufq_init(&lu->hold);
	bufq_move(&lu->chain, &chain);
	lu->leaving = lu->pseudo = 0;
	lu->seq = 0;
	lu->in = lu->out = 0;
	free(i);
	ok = lu_reopen(lu, e, parm);
	return ok;
}

/* Bound anew for the client; the host hears that its screen is lost: sna-sessions 3.7. */
void
tnlu_resume(struct tnlu *lu, const struct tnlu_env *e)
{
	static const uint8_t lustat[] = { RU_LUSTAT, 0x08, 0x2b, 0, 0 };
	const struct tnhdr h = { .type = TN_BIND_IMAGE };
	struct buf *b = lu->image;

	lu->image = NULL;
	lu_keep_bind(lu, e, b);
	if (b != NULL && tnneg_agreed(e->neg, TNF_BIND_IMAGE))
		lu_put(lu, e, &h, b);
	else
		buf_free(b);
	if (lu->n_corr != 0) {          /* the old client's answers will not come */
		lu->rsp_by = e->now;
		tnlu_expire(lu, e);
	}
	lu_lustat_turn(lu, e, lustat, sizeof(lustat));
}

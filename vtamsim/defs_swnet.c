/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TYPE=SWNET: a PU for each partner, behind it its PATHs (how to dial it), then
 * its LUs. LU operands coded on the PU sift down to the LUs.
 */
#include <stdio.h>
#include <string.h>

#include "vtamsim/defs_load.h"

struct sw {
	struct load *ld;
	struct def_pu *pu;
	struct def_pu pu_dflt;
	struct def_lu lu_model;         /* VTAM's defaults, then the PU's */
	const struct def_pu **ptail;
	const struct def_lu **ltail;
	uint32_t npath;
};

static const struct def_lu lu_dflt = { .isactive = 1, .sscpfm = SSCPFM_FSS, .pacing = 1,
	.vpacing = 7 };
static const struct def_path path_dflt = { .sapaddr = 4, .gid = 1, .use = 1, .redial = 3,
	.reddelay = 30, .call = DEF_CALL_INOUT };

static void
pu_defaults(struct sw *w)
{
	const struct defs_start *s = &w->ld->d->start;

	/* EE and DLUR links are switched: CPCP=LEASED means no here. */
	w->pu_dflt = (struct def_pu){ .putype = 2, .appn = s->appn,
		.cpcp = s->cpcp == CPCP_YES || s->cpcp == CPCP_SWITCHED, .hpr = 1,
		.dynadjcp = s->dynadjcp, .dynlu = s->dynlu, .isactive = 1,
		.eeverify = s->eeverify, .tg = { .capacity = 0x7d, .capacity_kbps = 8000,
		.pdelay = 0x71, .security = 0x01, .uparm = { 128, 128, 128 } } };
	(void)text_copy(w->pu_dflt.netid, sizeof(w->pu_dflt.netid), s->netid);
}

static bool
is_idblk(const uint8_t b[2], unsigned v)
{
	return b[0] == v >> 8 && b[1] == (v & 0xff);
}

static void
pu_check(struct sw *w, const struct vlstmt *st)
{
	struct def_pu *p = w->pu;
	bool blk = load_opd(st, "IDBLK") != NULL, num = load_opd(st, "IDNUM") != NULL;
	const struct vlopd *o = load_opd(st, "CPNAME"), *d = load_opd(st, "DISCNT");
	const struct vlval *e;
	char text[96];

	if (blk != num)
		load_fail_opd(w->ld, st, blk ? "IDBLK" : "IDNUM", "MISSING PARAMETER",
		    "IDBLK and IDNUM go together");
	if (blk && (is_idblk(p->idblk, 0x000) || is_idblk(p->idblk, 0xfff)))
		load_fail_opd(w->ld, st, "IDBLK", "INVALID VALUE",
		    "IDBLK 000 and FFF are not allowed");
	p->has_id = blk && num;
	p->nn_coded = load_opd(st, "NN") != NULL;
	p->psdly_coded = load_opd(st, "HPRPSDLY") != NULL;
	if (p->discnt == DISCNT_DELAY)
		p->disc_delay = w->ld->d->start.discntim.init;
	e = p->discnt != DISCNT_NO && d != NULL ? vlval_at(d->val, 1) : NULL;
	if (e != NULL)
		p->disc_final = strcmp(e->text, "F") == 0;
	if (o != NULL && p->putype == 1) {
		struct defwhere at = { .member = w->ld->m->name, .label = st->name,
			.macro = st->op, .operand = "CPNAME", .pos = o->pos };

		(void)snprintf(text, sizeof(text),
		    "CPNAME INCONSISTENT WITH USE OF PUTYPE IN PU");
		deferr_add(w->ld->errs, (struct deferr_kind){ DE_FAIL, "IST849I" }, &at,
	    text,
		    "a PU of type 1 has no control point: CPNAME needs PUTYPE=2");
	}
}

static void
pu_stmt(struct sw *w, const struct vlstmt *st)
{
	struct def_pu *p = arena_get(&w->ld->m->arena, sizeof(*p));
	struct opd_target t[2] = { { .rows = opd_pu, .to = p, .dflt = &w->pu_dflt },
		{ .rows = opd_lu, .to = &w->lu_model, .dflt = &lu_dflt, .sift = OPD_SIFT } };

	w->lu_model = lu_dflt;
	*p = w->pu_dflt;
	w->pu = p;
	w->ltail = &p->lus;
	w->npath = 0;
	if (!load_name(w->ld, st, &p->h, LOAD_PLAIN))
		return;
	p->h.opds = load_operands(w->ld, st, t, 2);
	pu_check(w, st);
	*w->ptail = p;
	w->ptail = &p->next;
}

static void
path_dlur(struct sw *w, const struct vlstmt *st)
{
	static const char *const no[] = { "CALL", "GID", "GRPNM", "REDIAL", "SHMTIM", "VERID",
		"VERIFY" };
	size_t i;

	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (load_opd(st, no[i]) != NULL)
			load_fail_opd(w->ld, st, no[i], "PARAMETER CONFLICT",
			    "the operand can't be coded with DLURNAME");
}

static void
path_check(struct sw *w, const struct vlstmt *st, const struct def_path *p)
{
	bool ip = load_opd(st, "IPADDR") != NULL, host = load_opd(st, "HOSTNAME") != NULL;

	if (load_opd(st, "DLURNAME") != NULL) {
		path_dlur(w, st);
		return;
	}
	if (p->grpnm[0] == '\0')
		load_fail_opd(w->ld, st, "GRPNM", "MISSING PARAMETER",
		    "GRPNM must name the XCA GROUP to dial through");
	if (!ip && !host && load_opd(st, "DIALNO") == NULL)
		load_fail_opd(w->ld, st, "IPADDR", "MISSING PARAMETER",
		    "IPADDR or HOSTNAME of the partner must be coded");
	if (ip && host)
		load_fail_opd(w->ld, st, "HOSTNAME", "PARAMETER CONFLICT",
		    "IPADDR and HOSTNAME exclude each other");
	if (p->sapaddr % 4 != 0)
		load_fail_opd(w->ld, st, "SAPADDR", "INVALID VALUE", "a SAP is a multiple of 4");
}

/* In PID order: that is the order of dialing. */
static void
path_insert(struct def_pu *pu, struct def_path *p)
{
	const struct def_path *after = NULL, *n;
	struct def_path *prev;

	for (n = pu->paths; n != NULL && n->pid <= p->pid; n = n->next)
		after = n;
	p->next = n;
	if (after == NULL) {
		pu->paths = p;
		return;
	}
	/* Ours, and still being built: const only for those who come later. */
	prev = (struct def_path *)(uintptr_t)after;
	prev->next = p;
}

static void
path_stmt(struct sw *w, const struct vlstmt *st)
{
	struct def_path *p = arena_get(&w->ld->m->arena, sizeof(*p));
	struct opd_target t = { .rows = opd_path, .to = p, .dflt = &path_dflt };

	if (w->pu == NULL || w->pu->lus != NULL) {
		load_fail(w->ld, st, "SEQUENCE ERROR", "PATH must follow its PU, before the LUs");
		return;
	}
	*p = path_dflt;
	p->pid = ++w->npath;
	p->h.pos = st->pos;
	if (st->name[0] != '\0' && !load_name(w->ld, st, &p->h, LOAD_PLAIN))
		return;
	p->h.opds = load_operands(w->ld, st, &t, 1);
	path_check(w, st, p);
	path_insert(w->pu, p);
}

static void
lu_stmt(struct sw *w, const struct vlstmt *st)
{
	struct def_lu *l = arena_get(&w->ld->m->arena, sizeof(*l));
	struct opd_target t = { .rows = opd_lu, .to = l, .dflt = &lu_dflt };
	const struct def_lu *o;

	if (w->pu == NULL) {
		load_fail(w->ld, st, "SEQUENCE ERROR", "LU must come after a PU");
		return;
	}
	*l = w->lu_model;
	l->h = (struct def_head){ .opds = NULL };
	if (!load_name(w->ld, st, &l->h, LOAD_PLAIN))
		return;
	l->h.opds = load_operands(w->ld, st, &t, 1);
	if (load_opd(st, "LOCADDR") == NULL)
		load_fail_opd(w->ld, st, "LOCADDR", "MISSING PARAMETER",
		    "LOCADDR must be coded: 1-255, or 0 for an independent LU");
	for (o = w->pu->lus; o != NULL && l->locaddr != 0; o = o->next)
		if (o->locaddr == l->locaddr)
			load_fail_opd(w->ld, st, "LOCADDR", "INVALID VALUE",
			    "another LU of this PU has the same LOCADDR");
	*w->ltail = l;
	w->ltail = &l->next;
}

void
load_swnet(struct load *ld, const struct vlstmt *st)
{
	struct sw w = { .ld = ld, .ptail = &ld->m->pus };

	pu_defaults(&w);
	for (; st != NULL; st = st->next) {
		if (strcmp(st->op, "PU") == 0)
			pu_stmt(&w, st);
		else if (strcmp(st->op, "PATH") == 0)
			path_stmt(&w, st);
		else if (strcmp(st->op, "LU") == 0)
			lu_stmt(&w, st);
		else
			load_bad_stmt(ld, st);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TYPE=APPL: GROUP and APPL statements. A name with ? or * is a model: an ACB
 * opened under a name that fits makes a dynamic application from it. Telnet LUs
 * are such models (TCP?????).
 */
#include <string.h>

#include "vtamsim/defs_load.h"

static const struct def_appl appl_dflt = {
	.eas = 509, .dsplywld = 1, .losterm = LOSTERM_NORMAL, .modsrch = MODSRCH_NEVER,
	.isactive = 1, .vpacing = 7, .asrcvlm = 1000000
};

/* A model's ACBNAME has the same wild cards at the same places. */
static bool
same_wild(const char *a, const char *b)
{
	for (; *a != '\0' || *b != '\0'; a++, b++) {
		bool wa = *a == '?' || *a == '*', wb = *b == '?' || *b == '*';

		if (wa != wb || (wa && *a != *b))
			return false;
		if (*a == '\0' || *b == '\0')
			break;
	}
	/* One name is longer: the rest must be plain. */
	return strpbrk(a, "?*") == NULL && strpbrk(b, "?*") == NULL;
}

static void
appl_names(struct load *ld, const struct vlstmt *st, struct def_appl *a)
{
	a->model = strpbrk(a->h.name, "?*") != NULL;
	if (a->acbname[0] == '\0') {
		(void)text_copy(a->acbname, sizeof(a->acbname), a->h.name);
		return;
	}
	if (!a->model && strpbrk(a->acbname, "?*") != NULL)
		load_fail_opd(ld, st, "ACBNAME", "INVALID VALUE",
		    "wild cards are for the ACBNAME of a model only");
	else if (a->model && !same_wild(a->h.name, a->acbname))
		load_fail_opd(ld, st, "ACBNAME", "INVALID VALUE",
		    "the wild cards must be those of the name, at the same places");
}

static struct def_appl *
one_appl(struct load *ld, const struct vlstmt *st, const struct def_appl *group)
{
	struct def_appl *a = arena_get(&ld->m->arena, sizeof(*a));
	struct opd_target t = { .rows = opd_appl, .to = a, .dflt = &appl_dflt,
		.above = group->h.opds };

	*a = *group;
	a->h = (struct def_head){ .opds = NULL };
	if (!load_name(ld, st, &a->h, LOAD_WILD))
		return NULL;
	a->h.opds = load_operands(ld, st, &t, 1);
	appl_names(ld, st, a);
	return a;
}

void
load_appl(struct load *ld, const struct vlstmt *st)
{
	const struct def_appl **tail = &ld->m->appls;
	struct def_appl group = appl_dflt, *a;

	for (; st != NULL; st = st->next) {
		if (strcmp(st->op, "GROUP") == 0) {
			struct opd_target t = { .rows = opd_appl, .to = &group,
				.dflt = &appl_dflt, .sift = OPD_SIFT };

			group = appl_dflt;
			group.h.opds = load_operands(ld, st, &t, 1);
		} else if (strcmp(st->op, "APPL") != 0) {
			load_bad_stmt(ld, st);
		} else if ((a = one_appl(ld, st, &group)) != NULL) {
			*tail = a;
			tail = &a->next;
		}
	}
}

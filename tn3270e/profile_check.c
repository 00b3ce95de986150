/* SPDX-License-Identifier: Apache-2.0
 *
 * What the definitions have is collected first: APPLs by name, to be searched
 * for each of a profile's half a million LU names, and the models, which are few.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tn3270e/profile_check.h"
#include "tn3270e/tndev.h"

#define TABS 32                 /* mode tables of the models and APPLs in use */

struct library {
	struct defs *defs;
	struct def_member **member;
	size_t n_members;
	const struct def_appl **appl, **model;  /* appl: sorted */
	size_t n_appls, n_models;
	const struct def_appl *used[TABS];      /* one for each MODETAB */
	unsigned n_used;
};

static int
by_name(const void *a, const void *b)
{
	const struct def_appl *const *x = a, *const *y = b;

	return strcmp((*x)->h.name, (*y)->h.name);
}

static bool
room(const struct def_appl ***v, size_t n)
{
	const struct def_appl **bigger;

	if ((n & (n - 1)) != 0)         /* a power of two is full */
		return true;
	bigger = realloc(*v, (n == 0 ? 1 : n * 2) * sizeof(*bigger));
	if (bigger == NULL)
		return false;
	*v = bigger;
	return true;
}

static void
collect(struct library *l, const struct def_member *m)
{
	for (const struct def_appl *a = m->appls; a != NULL; a = a->next) {
		if (a->model && room(&l->model, l->n_models))
			l->model[l->n_models++] = a;
		else if (!a->model && room(&l->appl, l->n_appls))
			l->appl[l->n_appls++] = a;
	}
}

/* What is wrong with them was told when they were checked alone. */
static bool
read_library(struct library *l)
{
	const struct defs_name *names = NULL;
	struct deferrs errs;
	size_t n = 0;
	bool ok;

	deferrs_init(&errs);
	ok = defs_load_start(l->defs, &errs) == 0 && defs_load_config(l->defs, &names, &errs) == 0;
	for (const struct defs_name *p = names; p != NULL; p = p->next)
		n++;
	l->member = calloc(n + 1, sizeof(struct def_member *));
	for (; ok && l->member != NULL && names != NULL; names = names->next) {
		struct def_member *m = defs_load_member(l->defs, names->name, &errs);

		if (m == NULL)
			continue;
		l->member[l->n_members++] = m;
		collect(l, m);
	}
	deferrs_fini(&errs);
	if (l->n_appls != 0)
		qsort(l->appl, l->n_appls, sizeof(*l->appl), by_name);
	return ok && l->member != NULL;
}

static void
forget_library(struct library *l)
{
	for (size_t i = 0; i < l->n_members; i++)
		def_member_free(l->member[i]);
	free(l->member);
	free(l->appl);
	free(l->model);
}

static const struct def_appl *
appl_of(const struct library *l, const char *lu)
{
	struct def_appl want = { .eas = 0 };
	const struct def_appl *key = &want, **at;

	snprintf(want.h.name, sizeof(want.h.name), "%s", lu);
	at = l->n_appls == 0 ? NULL : bsearch(&key, l->appl, l->n_appls, sizeof(*l->appl), by_name);
	if (at != NULL)
		return *at;
	for (size_t i = 0; i < l->n_models; i++)
		if (name_match(l->model[i]->h.name, lu))
			return l->model[i];
	return NULL;
}

static void
note_table(struct library *l, const struct def_appl *a)
{
	for (unsigned i = 0; i < l->n_used; i++)
		if (strcmp(l->used[i]->modetab, a->modetab) == 0)
			return;
	if (l->n_used < TABS)
		l->used[l->n_used++] = a;
}

static void
check_group(struct library *l, const struct tnp_group *g, struct tnp_errs *errs)
{
	uint64_t missing = 0;
	char lu[9], first[9] = "";

	if (g == NULL || g->no_pool)
		return;
	for (uint64_t i = 0; i < g->n; i++) {
		const struct def_appl *a = tnp_group_at(g, i, lu) ? appl_of(l, lu) : NULL;

		if (a != NULL)
			note_table(l, a);
		else if (missing++ == 0)
			memcpy(first, lu, sizeof(first));
	}
	if (missing != 0)
		tnp_err_add(errs, TNP_WARN, g->pos, g->printer ? "PRTGROUP" : "LUGROUP",
		    "%.20s: no APPL statement and no model of the major nodes in ATCCONxx is for "
		    "%s%s: an OPEN of it fails", g->name, first, missing > 1 ?
		    " and others" : "");
}

static void
check_mode(struct library *l, const struct profile *p, unsigned device, const char *mode,
    struct tnp_errs *errs)
{
	struct deferrs de;

	deferrs_init(&de);
	for (unsigned i = 0; i < l->n_used && mode[0] != '\0'; i++) {
		const struct def_appl *a = l->used[i];

		if (modetab_lookup(defs_modetab(l->defs, a->modetab, &de), mode, "") == NULL)
			tnp_err_add(errs, TNP_WARN, p->mode_pos[device], "TELNETDEVICE",
			    "%s: neither ISTINCLM nor %s of %s has this logon mode: logons fail "
			    "with 08210002", mode, a->modetab[0] == '\0' ? "a MODETAB" :
			    a->modetab, a->h.name);
	}
	deferrs_fini(&de);
}

static void
check_file(const struct profile *p, struct tnp_errs *errs)
{
	char folder[512];
	const char *slash = p->smf_file == NULL ? NULL : strrchr(p->smf_file, '/');
	struct stat st;

	if (p->smf_file == NULL)
		return;
	snprintf(folder, sizeof(folder), "%.*s", slash == NULL ? 1 : slash == p->smf_file ? 1 :
	    (int)(slash - p->smf_file), slash == NULL ? "." : p->smf_file);
	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
		tnp_err_add(errs, TNP_WARN, p->smf_pos, "SMFFILE", "%.200s: the folder %.200s is "
		    "not there", p->smf_file, folder);
	else if (access(folder, W_OK | X_OK) != 0)
		tnp_err_add(errs, TNP_WARN, p->smf_pos, "SMFFILE", "%.200s: files can't be made in "
		    "%.200s: %s", p->smf_file, folder, strerror(errno));
}

void
profile_check(const struct profile *p, struct defs *defs, struct tnp_errs *errs)
{
	struct library l = { .defs = defs };

	check_file(p, errs);
	if (read_library(&l)) {
		for (const struct tnp_vtam *v = p->vtams; v != NULL; v = v->next) {
			for (unsigned i = 0; i < 4; i++)
				check_group(&l, v->deflus[i / 2][i % 2], errs);
			for (const struct tnp_group *g = v->groups; g != NULL; g = g->next)
				check_group(&l, g, errs);
		}
		for (unsigned d = 0; d < TNP_DEVICES; d++)
			for (unsigned side = 0; side < 2; side++)
				check_mode(&l, p, d, p->mode[d][side], errs);
	}
	forget_library(&l);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library: member files, the lists, the tables, and the check of it all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtamsim/defs_in.h"

enum tab_kind { TAB_MODE = 1, TAB_USS, TAB_INT };

struct deftab {
	struct deftab *next;
	char name[9];
	uint8_t kind;           /* enum tab_kind */
	uint8_t dropped;        /* forgotten: others may still hold it */
	const void *tab;
};

/* A member name can't hold a slash, a dot or anything else a path needs. */
bool
defs_member_name(const char *name)
{
	return name != NULL && name_valid(name, strlen(name));
}

struct defs *
defs_new(const char *dir, const char *list)
{
	struct defs *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->dir = strdup(dir);
	if (d->dir == NULL) {
		free(d);
		return NULL;
	}
	(void)text_copy(d->list, sizeof(d->list), list == NULL ? "00" : list);
	arena_init(&d->arena);
	arena_init(&d->tabarena);
	start_init(d);
	return d;
}

void
defs_free(struct defs *d)
{
	if (d == NULL)
		return;
	arena_fini(&d->arena);
	arena_fini(&d->tabarena);
	free(d->dir);
	free(d);
}

void
defs_symbol(struct defs *d, const char *name, const char *value)
{
	struct symtab *y;

	if (d->nsym == DEFS_SYMS)
		return;
	y = &d->sym[d->nsym];
	(void)text_copy(y->name, sizeof(y->name), name);
	(void)text_copy(y->value, sizeof(y->value), value);
	d->vlsym[d->nsym] = (struct vlsym){ y->name, y->value };
	d->nsym++;
}

const struct defs_start *
defs_start(const struct defs *d)
{
	return &d->start;
}

static int
read_all(int fd, size_t size, uint8_t **bytes, size_t *n)
{
	uint8_t *p = malloc(size + 1);
	size_t got = 0;
	ssize_t k;

	if (p == NULL)
		return -ENOMEM;
	while (got < size && (k = read(fd, p + got, size - got)) != 0) {
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			free(p);
			return -EIO;
		}
		got += (size_t)k;
	}
	*bytes = p;
	*n = got;
	return 0;
}

int
defs_read(const char *dir, const char *member, uint8_t **bytes, size_t *n)
{
	char path[4096];
	struct stat st;
	int fd, rc;

	*bytes = NULL;
	*n = 0;
	if (!defs_member_name(member))
		return -EINVAL;
	if (snprintf(path, sizeof(path), "%s/%s", dir, member) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) != 0)
		rc = -errno;
	else if (!S_ISREG(st.st_mode))
		rc = -ENOENT;
	else if (st.st_size > VL_BYTES_MAX)
		rc = -EFBIG;
	else
		rc = read_all(fd, (size_t)st.st_size, bytes, n);
	(void)close(fd);
	return rc;
}

static void
read_error(struct defs *d, const char *member, int rc, struct deferrs *errs)
{
	struct defwhere w = { .member = member };
	char text[96];

	if (rc == -EINVAL) {
		(void)snprintf(text, sizeof(text), "DEFINITION %.8s NOT SUCCESSFUL - %s", member,
		    "INVALID MAJOR NODE NAME");
		deferr_add(errs, (struct deferr_kind){ DE_FAIL, "IST320I" }, &w,
	    text,
		    "a member name has 1-8 characters: A-Z @ # $, then digits too");
	} else if (rc == -ENOENT) {
		(void)snprintf(text, sizeof(text), "BLDL FAILED FOR %s IN VTAMLST", member);
		deferr_add(errs, (struct deferr_kind){ DE_FAIL, "IST025I" }, &w,
	    text, "there is no file %s in %.120s",
		    member, d->dir);
	} else {
		(void)snprintf(text, sizeof(text), "I/O ERROR FOR %s IN VTAMLST", member);
		deferr_add(errs, (struct deferr_kind){ DE_FAIL, "IST013I" }, &w,
	    text, "%.120s/%s: %s", d->dir, member,
		    strerror(-rc));
	}
}

int
defs_scan(struct defs *d, const char *member, enum vl_dialect dialect, struct arena *a,
    struct vlmember *out, struct deferrs *errs)
{
	struct vlscan sc = { .member = member, .dialect = dialect, .syms = d->vlsym, .arena = a,
		.errs = errs };
	uint8_t *bytes;
	size_t n;
	int rc = defs_read(d->dir, member, &bytes, &n);

	*out = (struct vlmember){ .nstmt = 0 };
	if (rc != 0) {
		read_error(d, member, rc, errs);
		return rc;
	}
	/* Syntax errors are in errs; what could be read is checked too. */
	(void)vtamlst_scan(&sc, bytes, n, out);
	free(bytes);
	return 0;
}

static int
load_list(struct defs *d, const char *list, struct deferrs *errs)
{
	char member[9], text[96];
	struct vlmember in;
	unsigned before = errs->fails;
	int rc;

	(void)snprintf(member, sizeof(member), "ATCSTR%s", list);
	rc = defs_scan(d, member, VL_D2, &d->arena, &in, errs);
	if (rc != 0)
		return rc;
	if (in.first == NULL || in.first->nopd == 0) {
		struct defwhere w = { .member = member, .pos = { 1, 1 } };

		(void)snprintf(text, sizeof(text),
		    "%s IN VTAMLST IS EMPTY - START PROCESSING CONTINUES", member);
		deferr_add(errs, (struct deferr_kind){ DE_WARN, "IST054I" }, &w,
	    text, "the list holds no option");
	}
	(void)start_items(d, &in, member, errs);
	return errs->fails == before ? 0 : -EINVAL;
}

static struct defs_opt *
opt_find(struct defs *d, const char *name)
{
	struct defs_opt *o;

	for (o = d->start.opts; o != NULL && strcmp(o->name, name) != 0; o = o->next)
		;
	return o;
}

static int
required(struct defs *d, struct deferrs *errs)
{
	static const char *const need[] = { "NETID", "SSCPID", "SSCPNAME" };
	char text[96], member[9];
	struct defwhere w = { .member = member };
	int rc = 0;
	size_t i;

	(void)snprintf(member, sizeof(member), "ATCSTR%s", d->list);
	for (i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
		if (opt_find(d, need[i])->origin != DO_DEFAULT)
			continue;
		w.operand = need[i];
		(void)snprintf(text, sizeof(text),
		    "START OPTION %s REQUIRED - REENTER WHEN PROMPTED", need[i]);
		deferr_add(errs, (struct deferr_kind){ DE_FAIL, "IST040I" }, &w,
	    text,
		    "%s must be coded in a start list: without it there is no start", need[i]);
		rc = -EINVAL;
	}
	if (d->start.sscpname[0] != '\0' && strcmp(d->start.sscpname, d->start.hostpu) == 0) {
		w.operand = "HOSTPU";
		deferr_add(errs, (struct deferr_kind){ DE_FAIL, "IST058I" }, &w,
	    "SSCPNAME AND HOSTPU OPTIONS HAVE DUPLICATE VALUES",
		    "two resources can't have one name");
		rc = -EINVAL;
	}
	if (d->start.dsplydef > d->start.dsplymax)
		d->start.dsplydef = d->start.dsplymax;
	return rc;
}

int
defs_load_start(struct defs *d, struct deferrs *errs)
{
	int rc = load_list(d, "00", errs), rc2 = 0;

	if (strcmp(d->list, "00") != 0)
		rc2 = load_list(d, d->list, errs);
	if (rc == -ENOENT || rc2 == -ENOENT)
		return -ENOENT;
	if (required(d, errs) != 0 || rc != 0 || rc2 != 0)
		return -EINVAL;
	return 0;
}

int
defs_set_option(struct defs *d, const char *text, struct deferrs *errs)
{
	struct vlscan sc = { .member = "OPERATOR", .dialect = VL_D2, .arena = &d->arena,
		.errs = errs };
	struct vlmember in;
	unsigned before = errs->count;

	if (strlen(text) > 70) {
		struct defwhere w = { .member = "OPERATOR" };

		deferr_add(errs, (struct deferr_kind){ DE_FAIL, "IST010I" }, &w,
	    "VTAMOPTS COMMAND INVALID",
		    "the option is longer than 70 characters");
		return -EINVAL;
	}
	(void)vtamlst_scan(&sc, (const uint8_t *)text, strlen(text), &in);
	if (!start_items(d, &in, NULL, errs) || in.first->nopd == 0 || errs->count != before)
		return -EINVAL;
	return 0;
}

static bool
config_name(struct defs *d, const struct vlopd *o, struct defs_name *n, struct deferrs *errs)
{
	struct defwhere w = { .member = d->start.config, .pos = o->pos, .operand = o->key };
	char text[96];

	if (o->key[0] == '\0' && defs_member_name(o->val->text) && o->val->kind == VV_ITEM) {
		(void)text_copy(n->name, sizeof(n->name), o->val->text);
		n->pos = o->pos;
		return true;
	}
	(void)snprintf(text, sizeof(text), "DEFINITION %s NOT SUCCESSFUL - INVALID MAJOR NODE NAME",
	    d->start.config);
	deferr_add(errs, (struct deferr_kind){ DE_FAIL, "IST320I" }, &w,
	    text, "%.30s is no member name",
	    o->key[0] != '\0' ? o->key : o->val->text);
	return false;
}

int
defs_load_config(struct defs *d, const struct defs_name **names, struct deferrs *errs)
{
	const struct defs_name **tail = names;
	unsigned before = errs->fails;
	const struct vlopd *o;
	struct vlmember in;
	int rc;

	*names = NULL;
	rc = defs_scan(d, d->start.config, VL_D2, &d->arena, &in, errs);
	if (rc != 0) {
		struct defwhere w = { .member = d->start.config };

		deferr_add(errs, (struct deferr_kind){ DE_WARN, "IST018I" }, &w,
	    "CONFIG COULD NOT BE INITIALIZED - VTAM START CONTINUES",
		    "no major node is activated at start");
		return rc == -ENOENT ? -ENOENT : -EINVAL;
	}
	for (o = in.first->opds; o != NULL; o = o->next) {
		struct defs_name *n = arena_get(&d->arena, sizeof(*n));

		if (!config_name(d, o, n, errs))
			continue;
		*tail = n;
		tail = &n->next;
	}
	return errs->fails == before ? 0 : -EINVAL;
}

static const void *
tab_build(struct defs *d, enum tab_kind kind, const char *name, struct deferrs *errs)
{
	struct vlmember in;
	unsigned before = errs->fails;

	if (defs_scan(d, name, VL_D3, &d->tabarena, &in, errs) != 0 || errs->fails != before)
		return NULL;
	switch (kind) {
	case TAB_MODE:
		return modetab_build(&d->tabarena, &in, name, errs);
	case TAB_USS:
		return usstab_build(&d->tabarena, &in, name, errs);
	case TAB_INT:
		return intab_build(&d->tabarena, &in, name, errs);
	}
	return NULL;
}

static const void *
tab_get(struct defs *d, enum tab_kind kind, const char *name, struct deferrs *errs)
{
	struct deftab *t;
	const void *tab;

	for (t = d->tabs; t != NULL; t = t->next)
		if (!t->dropped && t->kind == kind && strcmp(t->name, name) == 0)
			return t->tab;
	tab = tab_build(d, kind, name, errs);
	/* A failure is kept too, or every session setup would read the file again. */
	t = arena_get(&d->tabarena, sizeof(*t));
	(void)text_copy(t->name, sizeof(t->name), name);
	t->kind = (uint8_t)kind;
	t->tab = tab;
	t->next = d->tabs;
	d->tabs = t;
	return tab;
}

const struct modetab *
defs_modetab(struct defs *d, const char *name, struct deferrs *errs)
{
	if (name[0] == '\0' || strcmp(name, "ISTINCLM") == 0)
		return modetab_builtin();
	return tab_get(d, TAB_MODE, name, errs);
}

const struct usstab *
defs_usstab(struct defs *d, const char *name, struct deferrs *errs)
{
	if (name[0] == '\0' || strcmp(name, "ISTINCDT") == 0)
		return usstab_builtin();
	return tab_get(d, TAB_USS, name, errs);
}

const struct intab *
defs_intab(struct defs *d, const char *name, struct deferrs *errs)
{
	return tab_get(d, TAB_INT, name, errs);
}

void
defs_table_forget(struct defs *d, const char *name)
{
	struct deftab *t;

	for (t = d->tabs; t != NULL; t = t->next)
		if (name == NULL ? t->tab == NULL : strcmp(t->name, name) == 0)
			t->dropped = 1;
}

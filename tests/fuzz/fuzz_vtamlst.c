/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a member: the first byte chooses the dialect, D1 members are
 * loaded as major nodes as well, through a file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "vtamsim/defs.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
scan(const uint8_t *p, size_t n, enum vl_dialect d)
{
	static const struct vlsym syms[] = { { "A", "LONGER" }, { "SYSNAME", "S" }, { NULL,
	    NULL } };
	struct arena arena;
	struct deferrs errs;
	struct vlscan sc = { .member = "FUZZ", .dialect = d, .syms = syms, .arena = &arena,
		.errs = &errs };
	struct vlmember m;

	arena_init(&arena);
	deferrs_init(&errs);
	(void)vtamlst_scan(&sc, p, n, &m);
	if (d == VL_D3)
		(void)modetab_build(&arena, &m, "FUZZ", &errs);
	arena_fini(&arena);
	deferrs_fini(&errs);
}

static void
load(const uint8_t *p, size_t n)
{
	char dir[] = "/tmp/fuzz_vtamlst_XXXXXX", path[64];
	struct deferrs errs;
	struct defs *d;
	FILE *f;

	if (mkdtemp(dir) == NULL)
		abort();
	(void)snprintf(path, sizeof(path), "%s/FUZZ", dir);
	f = fopen(path, "w");
	if (f == NULL)
		abort();
	(void)fwrite(p, 1, n, f);
	(void)fclose(f);
	deferrs_init(&errs);
	d = defs_new(dir, NULL);
	def_member_free(defs_load_member(d, "FUZZ", &errs));
	defs_free(d);
	deferrs_fini(&errs);
	(void)unlink(path);
	(void)rmdir(dir);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < 1)
		return 0;
	switch (p[0] & 3) {
	case 0:
		load(p + 1, n - 1);
		break;
	case 1:
		scan(p + 1, n - 1, VL_D1);
		break;
	case 2:
		scan(p + 1, n - 1, VL_D2);
		break;
	default:
		scan(p + 1, n - 1, VL_D3);
		break;
	}
	return 0;
}

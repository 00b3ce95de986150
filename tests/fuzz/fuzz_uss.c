/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte chooses: what a user types, a 3270 record, a table's source
 * (and then every message of it in every form).
 */
#include <string.h>

#include "vtamsim/uss.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
render(const struct usstab *t)
{
	static const enum uss_form forms[] = { USS_F_3270, USS_F_SCS, USS_F_LINE };
	struct uss_vars v = { .luname = "TCP00001", .ipaddr = "10.1.2.3", .insert = { "A", "B",
	    "C" } };
	uint8_t out[USS_OUT_MAX];
	unsigned nr, i;

	for (nr = 0; nr <= USS_MSG_MAX; nr++)
		for (i = 0; i < 3; i++) {
			struct uss_screen sc = { .form = forms[i], .rows = 24, .cols = 80 };
			struct wr w = wr_on(out, sizeof(out));

			(void)uss_message(t, nr, &v, &sc, &w);
		}
}

static void
table(const uint8_t *p, size_t n)
{
	struct arena arena;
	struct deferrs errs;
	struct vlscan sc = { .member = "FUZZ", .dialect = VL_D3, .arena = &arena, .errs = &errs };
	const struct usstab *t;
	struct vlmember m;
	struct uss_cmd c;

	arena_init(&arena);
	deferrs_init(&errs);
	(void)vtamlst_scan(&sc, p, n, &m);
	t = usstab_build(&arena, &m, "FUZZ", &errs);
	if (t != NULL) {
		render(t);
		uss_parse(t, USS_TABLE_ONLY, p, n, &c);
	}
	(void)intab_build(&arena, &m, "FUZZ", &errs);
	arena_fini(&arena);
	deferrs_fini(&errs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t e[1024];
	struct uss_cmd c;

	if (n < 1 || n > sizeof(e))
		return 0;
	if (p[0] % 3 == 0) {
		/* As ASCII, so that a dictionary helps. */
		for (size_t i = 1; i < n; i++)
			e[i - 1] = ebc_from(p[i]);
		uss_parse(NULL, USS_TABLE_ONLY, e, n - 1, &c);
	} else if (p[0] % 3 == 1) {
		uss_parse(NULL, USS_TABLE_ONLY, e, uss_input_3270(p + 1, n - 1, e, sizeof(e)), &c);
	} else {
		table(p + 1, n - 1);
	}
	return 0;
}

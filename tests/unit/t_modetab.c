/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "vtamsim/modetab.h"

struct fx {
	struct arena arena;
	struct deferrs errs;
	const struct modetab *t;
};

static void
build(struct fx *f, const char *text)
{
	struct vlscan sc = { .member = "MYTAB", .dialect = VL_D3, .arena = &f->arena,
		.errs = &f->errs };
	struct vlmember m;

	arena_init(&f->arena);
	deferrs_init(&f->errs);
	(void)vtamlst_scan(&sc, (const uint8_t *)text, strlen(text), &m);
	f->t = modetab_build(&f->arena, &m, "MYTAB", &f->errs);
}

static void
done(struct fx *f)
{
	arena_fini(&f->arena);
	deferrs_fini(&f->errs);
}

static void
t_istinclm_bytes(void **state)
{
	static const uint8_t snx2[12] = { 2, 0x80, 0, 0, 0, 0, 0x18, 0x50, 0, 0, 0x7e, 0 };
	static const uint8_t snx5[12] = { 2, 0x80, 0, 0, 0, 0, 0x18, 0x50, 0x1b, 0x84, 0x7f, 0 };
	static const uint8_t scs[12] = { 1, 0, 0, 0, 0xe1, 0, 0, 0, 0, 0, 0, 0 };
	const struct mode *m = modetab_find(modetab_builtin(), "SNX32702");

	(void)state;
	assert_non_null(m);
	assert_int_equal(m->bind.fmprof, 3);
	assert_int_equal(m->bind.priprot, 0xb1);
	assert_int_equal(m->bind.secprot, 0x90);
	assert_int_equal(m->bind.comprot, 0x3080);
	assert_int_equal(m->bind.rusizes, 0x87f8);
	assert_memory_equal(m->bind.pservic, snx2, 12);
	assert_string_equal(m->appncos, "#CONNECT");
	assert_memory_equal(modetab_find(modetab_builtin(), "SNX32705")->bind.pservic, snx5, 12);
	assert_memory_equal(modetab_find(modetab_builtin(), "SCS")->bind.pservic, scs, 12);
	m = modetab_find(modetab_builtin(), "NSX32704");
	assert_int_equal(m->bind.fmprof, 2);
	assert_int_equal(m->bind.pservic[0], 0);
	assert_int_equal(m->bind.pservic[8], 43);
	m = modetab_find(modetab_builtin(), "CPSVCMG");
	assert_int_equal(m->bind.type, 0);
	assert_int_equal(m->bind.fmprof, 0x13);
	assert_int_equal(m->bind.psndpac, 7);
	assert_string_equal(m->appncos, "CPSVCMG");
	assert_string_equal(modetab_builtin()->modes[0].name, "INTERACT");
}

/* Every mode of companion sna-sessions 4.2 is there, none twice. */
static void
t_istinclm_names(void **state)
{
	static const char *const names[] = { "D4A32781", "D4A32785", "D4A32XX3", "D4A32771",
		"D4C32781", "D4C32XX3", "D4C32772", "D4B32781", "D4B32785", "D4B32XX3", "NSX32702",
		"NSX32705", "SNX32703", "LSX32702", "LSX32705", "D6327801", "D6327805", "D6328904",
		"D6328902", "LED32702", "SKD32702", "SND32702", "DSC2K", "DSC4K", "BLK3790",
		"SCS3790", "EMU3790", "S3270", "INTERACT", "SNASVCMG", "CPSVRMGR", "#BATCH",
		"#BATCHSC", "#INTER", "#INTERSC", "DSILGMOD" };
	const struct modetab *t = modetab_builtin();
	size_t i;
	uint32_t k;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_non_null(modetab_find(t, names[i]));
	for (k = 0; k < t->n; k++)
		assert_ptr_equal(modetab_find(t, t->modes[k].name), &t->modes[k]);
}

static const char sample[] =
    "MYMODTAB MODETAB\n"
    "SNX32702 MODEENT LOGMODE=SNX32702,FMPROF=X'03',TSPROF=X'04',           X\n"
    "               PRIPROT=X'B1',SECPROT=X'90',COMPROT=X'3080',            X\n"
    "               RUSIZES=X'87F8',PSERVIC=X'028000000000185000007E00',    X\n"
    "               APPNCOS=#CONNECT,COS=INTERACT,PSNDPAC=X'05',SRCVPAC=7,  X\n"
    "               ENCR=B'0011',TYPE=0\n"
    "    MODEENT LOGMODE=PLAIN,PSERVIC=X'02'\n"
    "         MODEEND ,    END OF TABLE\n"
    "         END   ,      END OF IT\n";

static void
t_source(void **state)
{
	struct fx f;
	const struct mode *m;

	(void)state;
	build(&f, sample);
	assert_non_null(f.t);
	assert_int_equal(f.errs.count, 0);
	assert_int_equal(f.t->n, 2);
	assert_string_equal(f.t->name, "MYTAB");
	m = modetab_find(f.t, "SNX32702");
	assert_int_equal(m->bind.tsprof, 4);
	assert_int_equal(m->bind.type, 0);
	assert_int_equal(m->bind.psndpac, 5);
	assert_int_equal(m->bind.srcvpac, 7);
	assert_int_equal(m->bind.encr, 3);
	assert_int_equal(m->bind.pservic[10], 0x7e);
	assert_string_equal(m->cos, "INTERACT");
	m = modetab_find(f.t, "PLAIN");
	assert_int_equal(m->bind.type, 1);              /* non-negotiable by default */
	assert_int_equal(m->bind.pservic[0], 2);
	done(&f);
}

static void
t_lookup_order(void **state)
{
	struct fx f;

	(void)state;
	build(&f, sample);
	/* The site's table first, then ISTINCLM. */
	assert_int_equal(modetab_lookup(f.t, "SNX32702", "")->bind.tsprof, 4);
	assert_int_equal(modetab_lookup(NULL, "SNX32702", "")->bind.tsprof, 3);
	assert_string_equal(modetab_lookup(f.t, "SNX32704", "")->name, "SNX32704");
	/* Blank: DLOGMOD, then the first entry, then INTERACT. */
	assert_string_equal(modetab_lookup(f.t, "", "PLAIN")->name, "PLAIN");
	assert_string_equal(modetab_lookup(f.t, "        ", "")->name, "SNX32702");
	assert_string_equal(modetab_lookup(NULL, NULL, NULL)->name, "INTERACT");
	assert_null(modetab_lookup(f.t, "NOSUCH", "PLAIN"));    /* 08210002 */
	done(&f);
}

static void
t_errors(void **state)
{
	static const struct { const char *text; unsigned line; const char *operand; } bad[] = {
		{ "T MODETAB\n MODEENT FMPROF=X'03'\n MODEEND\n", 2, "" },
		{ "T MODETAB\n MODEENT LOGMODE=A,FMPROF=X'0303'\n MODEEND\n", 2, "FMPROF" },
		{ "T MODETAB\n MODEENT LOGMODE=A,PSERVIC=X'02800000000018500000007E00'\n", 2,
		    "PSERVIC" },
		{ "T MODETAB\n MODEENT LOGMODE=A,PSERVIC=X'02ZZ'\n", 2, "PSERVIC" },
		{ "T MODETAB\n MODEENT LOGMODE=A,FOO=1\n", 2, "FOO" },
		{ "T MODETAB\n MODEENT LOGMODE=A,PSNDPAC=64\n", 2, "PSNDPAC" },
		{ "T MODETAB\n APPL  EAS=1\n MODEENT LOGMODE=A\n", 2, "" },
		{ " MODEENT LOGMODE=A\n", 1, "" },
		{ "", 0, "" }
	};
	struct fx f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		build(&f, bad[i].text);
		assert_null(f.t);
		assert_non_null(f.errs.first);
		assert_int_equal(f.errs.first->pos.line, bad[i].line);
		assert_string_equal(f.errs.first->operand, bad[i].operand);
		assert_string_equal(f.errs.first->id, "IST979I");
		done(&f);
	}
}

static void
t_duplicate_keeps_the_first(void **state)
{
	struct fx f;

	(void)state;
	build(&f,
	    "T MODETAB\nA MODEENT LOGMODE=A,FMPROF=X'03'\nB MODEENT LOGMODE=A,FMPROF=X'04'\n");
	assert_non_null(f.t);
	assert_int_equal(f.t->n, 1);
	assert_int_equal(f.t->modes[0].bind.fmprof, 3);
	assert_int_equal(f.errs.count, 1);
	assert_int_equal(f.errs.first->pos.line, 3);
	done(&f);
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(t_istinclm_bytes),
		cmocka_unit_test(t_istinclm_names),
		cmocka_unit_test(t_source),
		cmocka_unit_test(t_lookup_order),
		cmocka_unit_test(t_errors),
		cmocka_unit_test(t_duplicate_keeps_the_first),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}

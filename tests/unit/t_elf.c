/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/ebcdic.h"
#include "tn3270e/elf.h"

/* A record of EBCDIC text in buffers of so many bytes. */
static void
record(struct bufq *q, struct bufpool *p, const char *text, size_t each)
{
	bufq_init(q);
	for (size_t i = 0, n = strlen(text); i < n; i += each) {
		struct buf *b = buf_get(p, BUF_SMALL);
		size_t k = n - i < each ? n - i : each;

		assert_non_null(b);
		ebc_put(buf_put(b, k), text + i, k);
		bufq_put(q, b);
	}
}

static void
is(struct bufq *q, const char *want)
{
	char got[200];
	struct buf *b;
	size_t n = 0;

	while ((b = bufq_get(q)) != NULL) {
		asc_put(got + n, b->p, b->len);
		n += b->len;
		buf_free(b);
	}
	got[n] = '\0';
	assert_string_equal(got, want);
}

/* Wherever buffers end, the same comes of it. */
static void
placeholders_across_buffers(void **s)
{
	struct bufpool p;
	struct bufq q;

	(void)s;
	assert_int_equal(bufpool_init(&p, "T", 64, 2, 2), 0);
	for (size_t each = 1; each < 40; each++) {
		record(&q, &p, "xx)USR.ID(yy)PSS.WD()USR.ID(", each);
		assert_int_equal(elf_find(&q), ELF_USER | ELF_TICKET);
		elf_replace(&q, ELF_USER, "IBMUSER");
		assert_int_equal(elf_find(&q), ELF_TICKET);
		elf_replace(&q, ELF_TICKET, "AB12CD34");
		assert_int_equal(elf_find(&q), 0);
		is(&q, "xxIBMUSER yyAB12CD34IBMUSER ");
	}
	assert_int_equal(bufpool_used(&p), 0);
	bufpool_fini(&p);
}

static void
nearly_placeholders(void **s)
{
	static const char *const texts[] = { "", ")", ")USR.ID", ")USR.ID)", "USR.ID(", ")usr.id(",
		")PSS.W", "))USR.I" };
	struct bufpool p;
	struct bufq q;

	(void)s;
	assert_int_equal(bufpool_init(&p, "T", 64, 2, 2), 0);
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		record(&q, &p, texts[i], 3);
		assert_int_equal(elf_find(&q), 0);
		elf_replace(&q, ELF_USER, "NO");
		elf_replace(&q, ELF_TICKET, "NO");
		is(&q, texts[i]);
	}
	record(&q, &p, "))USR.ID((", 4);
	assert_int_equal(elf_find(&q), ELF_USER);
	elf_replace(&q, ELF_USER, "ME");
	is(&q, ")ME      (");
	bufpool_fini(&p);
}

static void
tickets(void **s)
{
	(void)s;
	assert_true(elf_ticket_ok("ABCD1234", 8));
	assert_false(elf_ticket_ok("ABCD123", 7));
	assert_false(elf_ticket_ok("ABCD12345", 9));
	assert_false(elf_ticket_ok("abcd1234", 8));
	assert_false(elf_ticket_ok("ERR none", 8));
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(placeholders_across_buffers),
		cmocka_unit_test(nearly_placeholders), cmocka_unit_test(tickets),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}

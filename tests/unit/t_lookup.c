/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/lookup.h"

static void
fake(const char *name, unsigned fam, struct ipaddr *to)
{
	*to = (struct ipaddr){ 0 };
	if (strncmp(name, "host", 4) == 0)
		(void)ipaddr_parse(to, fam == 6 ? "fd00::1" : "10.1.2.3");
}

static void
answer(struct lookup *l, struct loop *lo, uint64_t *tag, struct ipaddr *a)
{
	struct loop_ev ev[4];

	while (!lookup_answer(l, tag, a))
		(void)loop_wait(lo, mono_add(mono_read(), SECS(1)), ev, 4);
}

static void
t_in_order(void **state)
{
	struct loop lo;
	struct lookup *l;
	struct ipaddr a;
	uint64_t tag;
	char text[IPADDR_TEXT];

	(void)state;
	assert_int_equal(loop_init(&lo), 0);
	l = lookup_new(&lo, fake);
	assert_non_null(l);
	assert_true(lookup_ask(l, "host.example", 4, 7));
	assert_true(lookup_ask(l, "nowhere.example", 4, 8));
	assert_true(lookup_ask(l, "host.example", 6, 9));
	answer(l, &lo, &tag, &a);
	assert_int_equal(tag, 7);
	assert_string_equal(ipaddr_text(&a, text), "10.1.2.3");
	answer(l, &lo, &tag, &a);
	assert_int_equal(tag, 8);
	assert_int_equal(a.fam, 0);
	answer(l, &lo, &tag, &a);
	assert_int_equal(tag, 9);
	assert_string_equal(ipaddr_text(&a, text), "fd00::1");
	assert_false(lookup_answer(l, &tag, &a));
	lookup_free(l);
	loop_fini(&lo);
}

static void
t_bounded(void **state)
{
	char name[400];
	struct loop lo;
	struct lookup *l;
	struct ipaddr a;
	uint64_t tag;
	unsigned n = 0;

	(void)state;
	assert_int_equal(loop_init(&lo), 0);
	l = lookup_new(&lo, fake);
	memset(name, 'a', sizeof(name));
	name[399] = '\0';
	assert_false(lookup_ask(l, name, 0, 1));
	while (lookup_ask(l, "host", 0, n))
		n++;
	assert_int_equal(n, LOOKUP_ASKED);
	for (unsigned i = 0; i < n; i++) {
		answer(l, &lo, &tag, &a);
		assert_int_equal(tag, i);
	}
	assert_true(lookup_ask(l, "host", 0, n));
	lookup_free(l);                 /* with a question under way */
	loop_fini(&lo);
}

static void
t_system(void **state)
{
	struct ipaddr a;
	char text[IPADDR_TEXT];

	(void)state;
	lookup_system("127.0.0.9", 4, &a);      /* needs no server */
	assert_string_equal(ipaddr_text(&a, text), "127.0.0.9");
	lookup_system("127.0.0.9", 6, &a);
	assert_int_equal(a.fam, 0);
}

int
main(void)
{
	const struct CMUnitTest t[] = { cmocka_unit_test(t_in_order), cmocka_unit_test(t_bounded),
		cmocka_unit_test(t_system) };

	return cmocka_run_group_tests(t, NULL, NULL);
}

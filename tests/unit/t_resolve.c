/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/resolve.h"

static _Atomic unsigned asked;
static _Atomic unsigned open_gate;

/* 10.x.x.x is hN.test; all else has no name. Answers only when the gate is open. */
static void
fake(const struct ipaddr *a, char name[RESOLVE_NAME])
{
	const struct timespec ms = { 0, 1000000 };

	atomic_fetch_add(&asked, 1);
	while (!atomic_load(&open_gate))
		(void)nanosleep(&ms, NULL);
	name[0] = '\0';
	if (a->b[0] == 10)
		snprintf(name, RESOLVE_NAME, "h%u.test", a->b[3]);
}

static struct ipaddr
addr(const char *text)
{
	struct ipaddr a;

	assert_true(ipaddr_parse(&a, text));
	return a;
}

/* Waits for an answer as a loop does. */
static const char *
answer_of(struct resolve *r, unsigned user, uint64_t want, struct loop *l,
    const struct resolve_name **name)
{
	struct loop_ev ev[4];
	uint64_t tag;

	while (!resolve_answer(r, user, &tag, name))
		assert_true(loop_wait(l, mono_add(mono_read(), SECS(30)), ev, 4) >= 0);
	assert_int_equal(tag, want);
	return resolve_text(*name);
}

static void
later_then_at_once(void **s)
{
	const struct resolve_name *name, *other;
	struct ipaddr a = addr("10.0.0.7"), b = addr("11.0.0.1");
	struct mono now = mono_read();
	struct resolve *r;
	struct loop l;

	(void)s;
	assert_int_equal(loop_init(&l), 0);
	atomic_store(&asked, 0);
	atomic_store(&open_gate, 0);
	r = resolve_new(2, fake);
	assert_non_null(r);
	resolve_user(r, 0, &l);
	resolve_user(r, 3, &l);
	assert_int_equal(resolve_ask(r, 0, &a, 111, now, &name), RESOLVE_LATER);
	assert_int_equal(resolve_ask(r, 3, &a, 222, now, &name), RESOLVE_LATER);
	assert_int_equal(resolve_ask(r, 0, &b, 333, now, &name), RESOLVE_LATER);
	atomic_store(&open_gate, 1);
	assert_string_equal(answer_of(r, 3, 222, &l, &other), "h7.test");
	assert_int_equal(atomic_load(&asked) <= 2, 1);          /* one question an address */
	for (int i = 0; i < 2; i++) {
		uint64_t tag;

		while (!resolve_answer(r, 0, &tag, &name))
			;
		if (tag == 111)
			assert_ptr_equal(name, other);
		else
			assert_null(name);
		resolve_drop(name);
	}
	resolve_drop(other);
	assert_int_equal(resolve_ask(r, 0, &a, 1, now, &name), RESOLVE_NOW);
	assert_string_equal(resolve_text(name), "h7.test");
	assert_int_equal(resolve_ask(r, 0, &b, 1, now, &other), RESOLVE_NOW);
	assert_null(other);
	assert_int_equal(resolve_ask(r, 0, &a, 444, mono_add(now, SECS(RESOLVE_YES_S + 60)),
	    &other), RESOLVE_LATER);            /* too old: asked again */
	assert_string_equal(answer_of(r, 0, 444, &l, &other), "h7.test");
	assert_string_equal(resolve_text(name), "h7.test");     /* still held */
	resolve_drop(name);
	resolve_drop(other);
	resolve_free(r);
	loop_fini(&l);
}

/* Questions nobody answers are bounded; what is asked for when it ends is dropped. */
static void
bounded(void **s)
{
	const struct resolve_name *name;
	struct mono now = mono_read();
	struct resolve *r;
	unsigned later = 0, full = 0;

	(void)s;
	atomic_store(&open_gate, 0);
	r = resolve_new(1, fake);
	assert_non_null(r);
	for (unsigned i = 0; i < RESOLVE_ASKED + 100; i++) {
		struct ipaddr a = { .fam = 4, .b = { 10, 1, (uint8_t)(i >> 8), (uint8_t)i } };

		if (resolve_ask(r, 1, &a, i, now, &name) == RESOLVE_LATER)
			later++;
		else
			full++;
	}
	assert_int_equal(later, RESOLVE_ASKED);
	assert_int_equal(full, 100);
	atomic_store(&open_gate, 1);
	resolve_free(r);
}

/* The end waits for no question: the system may take a minute for one. */
static void
end_at_once(void **s)
{
	const struct timespec ms = { 0, 1000000 };
	struct ipaddr a = addr("10.0.0.8"), b = addr("10.0.0.9");
	const struct resolve_name *name;
	struct resolve *r;

	(void)s;
	atomic_store(&open_gate, 0);
	atomic_store(&asked, 0);
	r = resolve_new(1, fake);
	assert_non_null(r);
	assert_int_equal(resolve_ask(r, 1, &a, 1, mono_read(), &name), RESOLVE_LATER);
	assert_int_equal(resolve_ask(r, 1, &b, 2, mono_read(), &name), RESOLVE_LATER);
	while (atomic_load(&asked) == 0)
		(void)nanosleep(&ms, NULL);
	resolve_free(r);
	assert_int_equal(atomic_load(&asked), 1);
	atomic_store(&open_gate, 1);
}

/* The machine's own: /etc/hosts is asked, and the name leads back. */
static void
localhost(void **s)
{
	struct ipaddr a = addr("127.0.0.1");
	char name[RESOLVE_NAME];

	(void)s;
	resolve_system(&a, name);
	if (name[0] == '\0')
		skip();                 /* a machine without a line for it */
	assert_non_null(strstr(name, "localhost"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(later_then_at_once), cmocka_unit_test(bounded),
		cmocka_unit_test(end_at_once),
		cmocka_unit_test(localhost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

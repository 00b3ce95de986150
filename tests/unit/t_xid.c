/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vec/vec.h"

#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "snaee/sense.h"
#include "snaee/xid.h"

static const char *
file_of(const char *name)
{
	return name[0] == 'O' ? "ours.hex" : "ee.hex";
}

static struct xid
load(const char *name)
{
	struct vec v = vec_load(file_of(name), name);
	struct rd r = rd_on(v.b + LLC_LEN, v.n - LLC_LEN);
	uint32_t sense;
	struct xid x;

	assert_true(xid_get(&r, &x, &sense));
	assert_int_equal(sense, 0);
	return x;
}

static void
t_put_of_get_is_the_vector(void **state)
{
	static const char *const names[] = { "LDLC-03", "LDLC-04", "LDLC-05", "LDLC-06",
		"LDLC-07", "LDLC-08", "LDLC-15", "OUR-03", "OUR-04" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct vec v = vec_load(file_of(names[i]), names[i]);
		struct xid x = load(names[i]);
		uint8_t out[XID_MAX];
		struct wr w = wr_on(out, sizeof(out));

		xid_put(&w, &x);
		assert_false(w.bad);
		assert_int_equal(wr_len(&w), v.n - LLC_LEN);
		assert_memory_equal(out, v.b + LLC_LEN, v.n - LLC_LEN);
	}
}

static void
t_prenegotiation(void **state)
{
	struct xid x = load("LDLC-03");
	char name[32];

	(void)state;
	assert_int_equal(x.node_type, 2);
	assert_int_equal(x.nodeid, 0x05d00001);
	assert_int_equal(xid_block(&x), 0x05d);
	assert_int_equal(xid_number(&x), 1);
	assert_true(xid_is_pn(&x));
	assert_false(xid_is_np(&x));
	assert_true(x.no_init_self && x.whole_bind_gen && x.whole_bind_req && !x.no_alone_bind);
	assert_true(x.no_actpu && !x.network_node && x.cp_services && x.cpcp);
	assert_true(x.bind_pace_send && x.bind_pace_recv);
	assert_true(x.parallel_tg && !x.neg_sup && !x.neg_done);
	assert_int_equal(x.tgn, 21);
	assert_int_equal(x.role, XID_NEG);
	assert_true(x.abm);
	assert_int_equal(x.txrx, 1);
	assert_int_equal(x.max_btu, 1461);
	assert_int_equal(x.max_iframes, 7);
	assert_true(x.has_cpname && x.has_tg && x.has_hpr && !x.has_error);
	assert_string_equal(x.cpname.s, "NETA.OPENEE1");
	assert_int_equal(x.tg.tgn, 21);
	assert_int_equal(x.tg.flags, TGF_HPR | TGF_RTP);
	assert_int_equal(x.hpr.sap, 0xc8);
	assert_true(x.hpr.has_sap && x.hpr.rtp && x.hpr.control_flows && x.hpr.ldlc);
	xid_product_name(&x, name);
	assert_string_equal(name, "OPENEE");
}

static void
t_roles_and_states(void **state)
{
	struct xid neg = load("LDLC-05"), pri = load("LDLC-06"), sec = load("LDLC-07");

	(void)state;
	assert_int_equal(neg.role, XID_NEG);
	assert_int_equal(pri.role, XID_PRI);
	assert_int_equal(sec.role, XID_SEC);
	assert_true(xid_is_np(&neg) && xid_is_np(&pri) && xid_is_np(&sec));
	assert_true(neg.neg_sup && !neg.neg_done);
	assert_false(xid_is_done(&neg));
	assert_true(xid_is_done(&sec));
	assert_true(pri.network_node && !sec.network_node);
	assert_string_equal(xid_role_name(pri.role), "PRI");
	assert_string_equal(xid_state_name(XID_PN), "PN");
	assert_true(xid_same(&neg, &neg));
	assert_false(xid_same(&neg, &sec));
}

static void
t_error_vector(void **state)
{
	struct xid x = load("LDLC-08");

	(void)state;
	assert_true(x.has_error && !x.has_hpr);
	assert_int_equal(x.error.sense, SENSE_CV46_80_MISSING);
	assert_int_equal(x.error.offset, 0);
}

/* Bytes of other products: they must be read, whatever becomes of the link. */
static void
t_real_products(void **state)
{
	struct xid x = load("LDLC-15");
	struct vec v = vec_load("sna.hex", "SNA-24");
	struct rd r = vec_rd(&v);
	uint32_t sense;
	char name[32];

	(void)state;
	assert_string_equal(x.cpname.s, "APPN.MOON");
	assert_int_equal(x.nodeid, 0x01100002);
	assert_int_equal(x.role, XID_SEC);
	assert_int_equal(x.max_btu, 0x409);
	assert_int_equal(x.bind_pace_qual, 1);
	assert_false(x.has_hpr);
	assert_true(xid_get(&r, &x, &sense));   /* MS subvector with a wrong length */
	assert_string_equal(x.cpname.s, "APPN.CP1");
	assert_true(x.pu_caps);
	assert_int_equal(x.max_btu, 1028);
	assert_int_equal(x.max_iframes, 0x7f);
	xid_product_name(&x, name);
	assert_string_equal(name, "MS SNA SERVER");
}

static void
t_what_we_say_by_default(void **state)
{
	struct vec v = vec_load("ee.hex", "LDLC-03");
	uint8_t out[XID_MAX];
	struct wr w = wr_on(out, sizeof(out));
	struct xid x;

	(void)state;
	xid_init(&x);
	x.nodeid = 0x05d00001;
	x.cp_services = x.cpcp = 1;
	x.tgn = 21;
	x.has_cpname = 1;
	name_set(&x.cpname, "NETA.OPENEE1");
	xid_set_product(&x, "010000", "OPENEE", "0000000", "OPENEE");
	x.has_tg = 1;
	x.tg = (struct cv46){ .tgn = 21, .has_flags = 1, .flags = TGF_HPR | TGF_RTP };
	xid_put(&w, &x);
	assert_int_equal(wr_len(&w), v.n - LLC_LEN);
	assert_memory_equal(out, v.b + LLC_LEN, v.n - LLC_LEN);
}

static void
t_labels_travel_in_cv61(void **state)
{
	struct xid_hpr h = { .rtp = 1, .control_flows = 1, .ldlc = 1, .has_sap = 1, .sap = 0xcc,
		.has_nce = 1, .cp = nce_label(1), .rsetup = nce_label(2), .lu = nce_label(3) };
	struct xid_hpr got;
	uint8_t out[64];
	struct wr w = wr_on(out, sizeof(out));
	struct rd r;

	(void)state;
	cv61_put(&w, &h);
	r = rd_on(out, wr_len(&w));
	assert_true(cv61_get(&r, &got));
	assert_memory_equal(&got, &h, sizeof(h));
	h.tg = (struct label){ 2, { 0x90, 0x01 } };
	w = wr_on(out, sizeof(out));
	cv61_put(&w, &h);
	r = rd_on(out, wr_len(&w));
	assert_true(cv61_get(&r, &got));
	assert_memory_equal(&got, &h, sizeof(h));
}

static void
t_cv61_is_read_liberally(void **state)
{
	static const char *const forms[] = { "e0 03 80 cc", "03 80 cc", "e0 04 99 01 02 03 80 cc",
		"00 03 80 cd" };
	struct xid_hpr h;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct vec v = vec_of(forms[i]);
		struct rd r = vec_rd(&v);

		assert_true(cv61_get(&r, &h));
		assert_true(h.has_sap);
		assert_int_equal(h.sap, 0xcc);
	}
	{
		struct vec v = vec_of("12 34 56 78 9a");
		struct rd r = vec_rd(&v);

		assert_true(cv61_get(&r, &h));  /* no sense in it: HPR, default SAP */
		assert_int_equal(h.sap, 0xc8);
		assert_false(h.has_sap);
		r = rd_on(NULL, 0);
		assert_true(cv61_get(&r, &h));
		assert_int_equal(h.sap, 0xc8);
		assert_true(h.rtp && h.ldlc);
	}
}

static void
t_short_section_reads_as_negotiable(void **state)
{
	struct vec v = vec_load("ee.hex", "LDLC-04");
	struct rd r;
	uint32_t sense;
	struct xid x;

	(void)state;
	/* section of 3 bytes: drop 8 of them and correct the length */
	memmove(v.b + LLC_LEN + 21, v.b + LLC_LEN + 29, v.n - LLC_LEN - 29);
	v.b[LLC_LEN + 18] = 3;
	v.b[LLC_LEN + 1] = (uint8_t)(v.b[LLC_LEN + 1] - 8);
	r = rd_on(v.b + LLC_LEN, v.n - LLC_LEN - 8);
	assert_true(xid_get(&r, &x, &sense));
	assert_int_equal(x.role, XID_NEG);
	assert_int_equal(x.max_btu, 1461);
	assert_string_equal(x.cpname.s, "NETA.HOSTA");
	assert_true(x.has_hpr);
}

static uint32_t
refusal(struct vec *v, size_t n)
{
	struct rd r = rd_on(v->b + LLC_LEN, n);
	uint32_t sense;
	struct xid x;

	assert_false(xid_get(&r, &x, &sense));
	return sense;
}

static void
t_form_errors(void **state)
{
	struct vec v = vec_load("ee.hex", "LDLC-04");
	size_t n = v.n - LLC_LEN;

	(void)state;
	assert_int_equal(refusal(&v, 28), SENSE_XID_SHORT);
	assert_int_equal(refusal(&v, 0), SENSE_XID_SHORT);
	assert_int_equal(refusal(&v, n - 1), SENSE_XID_LENGTH);
	v.b[LLC_LEN] = 0x22;
	assert_int_equal(refusal(&v, n), SENSE_XID_FORMAT);
	v.b[LLC_LEN] = 0x32;
	v.b[LLC_LEN + 1]--;
	assert_int_equal(refusal(&v, n - 1), SENSE_CV_LENGTHS);
	v.b[LLC_LEN + 1]++;
	v.b[LLC_LEN + 18] = 200;                /* section longer than the XID */
	assert_int_equal(refusal(&v, n), SENSE_CV_LENGTHS);
	v.b[LLC_LEN + 18] = 11;
	v.b[LLC_LEN + 30] = 1;                  /* CP name of no length; rest does not fit */
	assert_int_equal(refusal(&v, n), 0x08950e03);
	v = vec_load("ee.hex", "LDLC-08");
	v.b[v.n - 8] = 3;                       /* CV 22 too short for its fields */
	assert_int_equal(refusal(&v, v.n - LLC_LEN), 0x08952202);
}

static void
t_two_product_ids(void **state)
{
	struct vec v = vec_load("ee.hex", "LDLC-04");

	(void)state;
	memcpy(v.b + v.n, "\x10\x02\x00\x02\x10\x02\x00\x03", 8);
	v.n += 8;
	v.b[LLC_LEN + 1] = (uint8_t)(v.b[LLC_LEN + 1] + 8);
	assert_int_equal(refusal(&v, v.n - LLC_LEN), SENSE_XID_PRODUCT);
}

static void
t_unknown_vectors_are_passed_over(void **state)
{
	struct vec v = vec_load("ee.hex", "LDLC-04");
	struct rd r;
	uint32_t sense;
	struct xid x;

	(void)state;
	memcpy(v.b + v.n, "\x57\x03\xff\xff\xff\x99\x00", 7);
	v.n += 7;
	v.b[LLC_LEN + 1] = (uint8_t)(v.b[LLC_LEN + 1] + 7);
	r = rd_on(v.b + LLC_LEN, v.n - LLC_LEN);
	assert_true(xid_get(&r, &x, &sense));
	assert_true(x.has_hpr);
}

static void
t_every_cut_is_survived(void **state)
{
	struct vec v = vec_load("ee.hex", "LDLC-03");

	(void)state;
	for (size_t n = 0; n < v.n - LLC_LEN; n++) {
		uint8_t *copy = malloc(n + 1);
		struct rd r;
		uint32_t sense;
		struct xid x;

		assert_non_null(copy);
		memcpy(copy, v.b + LLC_LEN, n);
		if (n > 1)
			copy[1] = (uint8_t)n;   /* so that the length check lets it in */
		r = rd_on(copy, n);
		if (!xid_get(&r, &x, &sense))
			assert_int_not_equal(sense, 0);
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_put_of_get_is_the_vector),
		cmocka_unit_test(t_prenegotiation),
		cmocka_unit_test(t_roles_and_states),
		cmocka_unit_test(t_error_vector),
		cmocka_unit_test(t_real_products),
		cmocka_unit_test(t_what_we_say_by_default),
		cmocka_unit_test(t_labels_travel_in_cv61),
		cmocka_unit_test(t_cv61_is_read_liberally),
		cmocka_unit_test(t_short_section_reads_as_negotiable),
		cmocka_unit_test(t_form_errors),
		cmocka_unit_test(t_two_product_ids),
		cmocka_unit_test(t_unknown_vectors_are_passed_over),
		cmocka_unit_test(t_every_cut_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Every vector of the companion's sections 9.3 and 9.4 under its own name, both
 * ways: the fields written down here give its bytes, and its bytes read and
 * written again are the same. What makes no bytes (9.4) says what becomes of it.
 */
#include "tests/vec/vec.h"
#include "tests/unit/ee_pair.h"

#include "snaee/ee_parts.h"
#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "snaee/piu.h"
#include "snaee/sense.h"
#include "snaee/xid.h"

static struct sna_name
name(const char *s)
{
	struct sna_name n;

	assert_true(name_set(&n, s));
	return n;
}

static void
is_vector(const char *vector, const struct wr *w)
{
	struct vec v = vec_load("ee.hex", vector);

	assert_false(w->bad);
	assert_int_equal(wr_len(w), v.n);
	assert_memory_equal(w->base, v.b, v.n);
}

/* LLC frames without a body, or with one that is not looked into. */
static void
frame(const char *vector, struct llc want, const char *body)
{
	struct vec v = vec_load("ee.hex", vector), info = { 0 };
	struct rd r = vec_rd(&v);
	uint8_t out[64];
	struct wr w = wr_on(out, sizeof(out));
	struct llc got;

	if (body != NULL)
		info = vec_of(body);
	assert_true(llc_get(&r, &got));
	assert_memory_equal(&got, &want, sizeof(got));
	assert_int_equal(rd_left(&r), info.n);
	llc_put(&w, &want);
	wr_bytes(&w, info.b, info.n);
	is_vector(vector, &w);
}

#define CMD(f) ((struct llc){ .dsap = 4, .ssap = 4, .frame = (f), .pf = 1 })
#define RSP(f) ((struct llc){ .dsap = 4, .ssap = 4, .frame = (f), .rsp = 1, .pf = 1 })

static void
t_LDLC_01(void **state)
{
	(void)state;
	frame("LDLC-01", CMD(LLC_XID), NULL);
}

static void
t_LDLC_02(void **state)
{
	struct llc cmd = CMD(LLC_XID);

	(void)state;
	frame("LDLC-02", llc_reply(&cmd, LLC_XID), NULL);
}

static void
t_LDLC_11(void **state)
{
	(void)state;
	frame("LDLC-11", CMD(LLC_TEST), "4f 50 45 4e 45 45 00 01");
}

static void
t_LDLC_12(void **state)
{
	(void)state;
	frame("LDLC-12", RSP(LLC_TEST), "4f 50 45 4e 45 45 00 01");
}

static void
t_LDLC_13(void **state)
{
	(void)state;
	frame("LDLC-13", CMD(LLC_DISC), NULL);
}

static void
t_LDLC_14(void **state)
{
	struct llc cmd = CMD(LLC_DISC);

	(void)state;
	frame("LDLC-14", llc_reply(&cmd, LLC_DM), NULL);
}

/* XID3: what is written of x, and what is read and written again. */
static void
exchange(const char *vector, struct llc h, const struct xid *x)
{
	struct vec v = vec_load("ee.hex", vector);
	struct rd r = rd_on(v.b + LLC_LEN, v.n - LLC_LEN);
	uint8_t out[LLC_LEN + XID_MAX];
	struct wr w = wr_on(out, sizeof(out));
	struct xid got;
	uint32_t sense;

	llc_put(&w, &h);
	xid_put(&w, x);
	is_vector(vector, &w);
	assert_true(xid_get(&r, &got, &sense));
	assert_int_equal(sense, 0);
	assert_true(xid_same(&got, x));
	w = wr_on(out, sizeof(out));
	llc_put(&w, &h);
	xid_put(&w, &got);
	is_vector(vector, &w);
}

/* Section 0 of the companion: node A is ours, B VTAM-like. */
static struct xid
xid_a(enum xid_state st)
{
	struct xid x;

	xid_init(&x);
	x.nodeid = 0x05d00001;
	x.cp_services = x.cpcp = 1;
	x.state = (uint8_t)st;
	x.neg_sup = st == XID_NP;
	x.tgn = 21;
	x.has_cpname = 1;
	x.cpname = name("NETA.OPENEE1");
	return x;
}

static struct xid
xid_b(enum xid_state st)
{
	struct xid x = xid_a(st);

	x.nodeid = 0xfff00002;
	x.network_node = 1;
	x.cpname = name("NETA.HOSTA");
	return x;
}

static void
t_LDLC_03(void **state)
{
	struct xid x = xid_a(XID_PN);

	(void)state;
	xid_set_product(&x, "010000", "OPENEE", "0000000", "OPENEE");
	x.has_tg = 1;
	x.tg = (struct cv46){ .tgn = 21, .has_flags = 1, .flags = TGF_HPR | TGF_RTP };
	exchange("LDLC-03", CMD(LLC_XID), &x);
}

static void
t_LDLC_04(void **state)
{
	struct xid x = xid_b(XID_PN);

	(void)state;
	x.tgn = 0;
	exchange("LDLC-04", RSP(LLC_XID), &x);
}

static void
t_LDLC_05(void **state)
{
	struct xid x = xid_a(XID_NP);

	(void)state;
	exchange("LDLC-05", CMD(LLC_XID), &x);
}

static void
t_LDLC_06(void **state)
{
	struct xid x = xid_b(XID_NP);

	(void)state;
	x.role = XID_PRI;
	exchange("LDLC-06", RSP(LLC_XID), &x);
}

static void
t_LDLC_07(void **state)
{
	struct xid x = xid_a(XID_NP);

	(void)state;
	x.role = XID_SEC;
	x.neg_done = 1;
	exchange("LDLC-07", CMD(LLC_XID), &x);
}

static void
t_LDLC_08(void **state)
{
	struct xid x = xid_b(XID_NP);

	(void)state;
	x.tgn = 0;
	x.has_hpr = 0;
	x.has_error = 1;
	x.error.sense = SENSE_CV46_80_MISSING;
	exchange("LDLC-08", RSP(LLC_XID), &x);
}

/* The one vector of a real product (HP-UX SNAplus2): an end without HPR. */
static void
t_LDLC_15(void **state)
{
	struct vec product = vec_of("00 28 11 0c 08 04 f0 f6 f0 f0 f0 f6 09 06 e2 d5 c1 e2 e3 c1 "
	    "d9 03 08 40 11 0f e2 d5 c1 e2 e3 c1 d9 40 d3 c9 d4 c9 e3 c5 c4");
	struct xid x = { .format = 3, .node_type = 2, .nodeid = 0x01100002, .state = XID_PN,
		.bind_pace_send = 1, .bind_pace_recv = 1, .pu_caps = 1, .bind_pace_qual = 1,
		.dlc_type = 1, .abm = 1, .role = XID_SEC, .txrx = 1, .max_btu = 0x409,
		.max_iframes = 7, .has_cpname = 1 };

	(void)state;
	x.sec_nonact = 1;
	x.cpname = name("APPN.MOON");
	memcpy(x.product, product.b, product.n);
	x.product_len = (uint8_t)product.n;
	exchange("LDLC-15", CMD(LLC_XID), &x);
}

/* NLPs. */
static const struct llc ui = { .dsap = 0xc8, .ssap = 0xc8, .frame = LLC_UI };

static void
routed(const char *vector, enum nhdr_fn fn)
{
	struct vec v = vec_load("ee.hex", vector);
	struct rd r = vec_rd(&v);
	uint8_t out[16];
	struct wr w = wr_on(out, sizeof(out));
	struct llc h;
	struct nhdr n;

	llc_put(&w, &ui);
	nhdr_put_fr(&w, fn);
	is_vector(vector, &w);
	assert_true(llc_get(&r, &h));
	assert_memory_equal(&h, &ui, sizeof(h));
	assert_true(nhdr_get(&r, &n));
	assert_int_equal(n.sm, NHDR_FR);
	assert_int_equal(n.tpf, TPF_NETWORK);
	assert_int_equal(n.ft, NHDR_FT_LDLC);
	assert_int_equal(n.fn, fn);
	assert_int_equal(rd_left(&r), 0);
}

static void
t_LDLC_09(void **state)
{
	(void)state;
	routed("LDLC-09", NHDR_XID_DONE_RQ);
}

static void
t_LDLC_10(void **state)
{
	(void)state;
	routed("LDLC-10", NHDR_XID_DONE_RSP);
}

static void
write_nlp(struct wr *w, const struct nhdr *n, const struct thdr *h)
{
	llc_put(w, &ui);
	nhdr_put(w, n);
	thdr_put(w, h);
	wr_bytes(w, h->data, h->dlf);
}

static void
packet(const char *vector, const struct nhdr *n, const struct thdr *h)
{
	struct vec v = vec_load("ee.hex", vector);
	struct rd r = rd_on(v.b + LLC_LEN, v.n - LLC_LEN);
	uint8_t out[600];
	struct wr w = wr_on(out, sizeof(out));
	struct nhdr gn;
	struct thdr gh;
	uint32_t sense;

	write_nlp(&w, n, h);
	is_vector(vector, &w);
	memset(&gh, 0, sizeof(gh));
	assert_true(nhdr_get(&r, &gn));
	assert_true(thdr_get(&r, &gh, &sense));
	assert_int_equal(gh.len, thdr_len(h));
	w = wr_on(out, sizeof(out));
	write_nlp(&w, &gn, &gh);
	is_vector(vector, &w);
}

/* ANR with one label of one byte, as the vectors of section 9 have it. */
static struct nhdr
anr(enum tpf tpf, const uint8_t *label)
{
	return (struct nhdr){ .sm = NHDR_ANR, .tpf = (uint8_t)tpf, .anr_len = 1, .anr = label };
}

static const uint8_t cp80 = 0x80, rs81 = 0x81, lu82 = 0x82;
#define TO_A 0x10001u                   /* TCIDs: A's, and B's */
#define TO_B 0x20001u

static const uint8_t rsetup[12] = { 0, 12, 0x12, 0xce };
static const struct seg_arb arb_setup = { .msg = ARB_SETUP, .mode = ARB_RESPONSIVE,
	.field = { 10000, 1000 } };

static struct seg_switch
way_back(const char *path)
{
	struct vec p = vec_of(path);
	struct seg_switch s = { .refifo = 1, .max_packet = 1461, .switch_ms = 120000,
		.alive_ms = 180000, .has_route = 1, .path_len = (uint8_t)p.n };

	memcpy(s.path, p.b, p.n);
	s.tg = (struct cv46){ .tgn = 21, .has_flags = 1, .flags = TGF_HPR | TGF_RTP,
		.partner = name("NETA.OPENEE1") };
	return s;
}

static struct thdr
setup(const char *label)
{
	struct vec l = vec_of(label);
	struct thdr h = { .setupi = 1, .somi = 1, .eomi = 1, .sri = 1, .has_cqf = 1,
		.has_setup = 1, .has_switch = 1, .has_arb = 1, .bsn = 1, .dlf = sizeof(rsetup),
		.data = rsetup, .arb = arb_setup };

	h.tcid = tcid_wire(TO_A, TCID_BY_SENDER);
	h.cqf.cp = name("NETA.OPENEE1");
	h.cqf.nce.len = (uint8_t)l.n;
	memcpy(h.cqf.nce.b, l.b, l.n);
	h.setup = (struct seg_setup){ .version = SEG_SETUP_VERSION, .arb = 1, .reliable = 1,
		.has_instance = 1, .instance = 1 };
	h.sw = way_back(label);
	return h;
}

/* With a label of one byte the CQF is right in one reading of its length only:
 * what is sent has four (RTP-17). */
static void
t_RTP_01(void **state)
{
	struct nhdr n = anr(TPF_NETWORK, &rs81);
	struct thdr h = setup("80");

	(void)state;
	packet("RTP-01", &n, &h);
}

static void
t_RTP_17(void **state)
{
	struct nhdr n = anr(TPF_NETWORK, &rs81);
	struct thdr h = setup("80 00 00 01");

	(void)state;
	packet("RTP-17", &n, &h);
}

static void
t_RTP_02(void **state)
{
	struct nhdr n = anr(TPF_NETWORK, &cp80);
	struct thdr h = { .tcid = TO_A, .bsn = 1, .has_cie = 1, .cie_tcid = TO_B, .has_status = 1,
		.status = { .sync = 1, .rseq = 13 }, .has_arb = 1, .arb = arb_setup };

	(void)state;
	packet("RTP-02", &n, &h);
}

/* FID5 TH, RH and RU into out; the length. */
static uint32_t
piu(uint8_t out[64], uint16_t snf, uint32_t rh, const char *ru)
{
	struct th t = { .fid = 5, .mpf = TH_WHOLE, .snf = snf, .sa = 0x8000000000000001ull };
	struct vec v = vec_of(ru);
	struct wr w = wr_on(out, 64);

	th_put(&w, &t);
	rh_put(&w, rh);
	wr_bytes(&w, v.b, v.n);
	return (uint32_t)wr_len(&w);
}

#define SCREEN "f5 c3 11 5d 7f 1d 60 c1 c2 c3"
#define RH_ONLY (RH_FMD | RH_OIC | RH_RQE1 | RH_BBI | RH_CDI)

static void
t_RTP_03(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	uint8_t data[64];
	struct thdr h = { .tcid = TO_B, .somi = 1, .eomi = 1, .bsn = 0x100, .data = data };

	(void)state;
	h.dlf = piu(data, 1, RH_ONLY, SCREEN);
	packet("RTP-03", &n, &h);
}

static void
t_RTP_04(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	uint8_t data[64];
	struct thdr h = { .tcid = TO_B, .somi = 1, .bsn = 0x119, .data = data };

	(void)state;
	h.dlf = piu(data, 2, RH_FMD | RH_OIC | RH_RQE1, "f1 c2 f1 c2 f1 c2 f1 c2 f1 c2 f1 c2");
	packet("RTP-04", &n, &h);
}

static void
t_RTP_05(void **state)
{
	static const uint8_t rest[] = { 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9 };
	struct nhdr n = anr(TPF_HIGH, &lu82);
	struct thdr h = { .tcid = TO_B, .eomi = 1, .sri = 1, .bsn = 0x134, .dlf = sizeof(rest),
		.data = rest };

	(void)state;
	packet("RTP-05", &n, &h);
}

static void
t_RTP_06(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	struct thdr h = { .tcid = TO_B, .bsn = 0x200, .has_status = 1, .status = { .gap = 1, .n = 1,
		.sync = 5, .echo = 4, .rseq = 0x1000 } };

	(void)state;
	h.status.span[0] = (struct absp){ 0x1400, absp_end_wire(0x1800) };
	packet("RTP-06", &n, &h);
}

static void
t_RTP_07(void **state)
{
	struct nhdr n = anr(TPF_NETWORK, &cp80);
	struct thdr h = { .tcid = TO_B, .sri = 1, .rasapi = 1, .bsn = 0x200, .has_status = 1,
		.status = { .idle = 1, .sync = 6, .echo = 5, .rseq = 0x1a00 } };

	(void)state;
	packet("RTP-07", &n, &h);
}

static void
t_RTP_08(void **state)
{
	struct nhdr n = anr(TPF_NETWORK, &cp80);
	struct thdr h = { .tcid = TO_A, .bsn = 0x1a00, .has_status = 1,
		.status = { .sync = 6, .echo = 6, .rseq = 0x200 } };

	(void)state;
	packet("RTP-08", &n, &h);
}

static void
t_RTP_09(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	struct thdr h = { .tcid = TO_B, .sri = 1, .rasapi = 1, .bsn = 0x200, .has_cob = 1,
		.cob = COB_REQUEST };

	(void)state;
	packet("RTP-09", &n, &h);
}

static void
t_RTP_10(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	struct thdr h = { .tcid = TO_A, .bsn = 0x1a00, .has_cob = 1, .cob = COB_ACCEPT };

	(void)state;
	packet("RTP-10", &n, &h);
}

static void
t_RTP_11(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	struct thdr h = { .tcid = TO_B, .lmi = 1, .bsn = 0x200, .has_fault = 1,
		.fault = SENSE_RTP_SETUP_CALLED };

	(void)state;
	packet("RTP-11", &n, &h);
}

static void
t_RTP_12(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	uint8_t data[64];
	struct thdr h = { .tcid = TO_B, .somi = 1, .eomi = 1, .bsn = 0x300, .data = data,
		.has_arb = 1, .arb = { .msg = ARB_REQUEST, .parity = 1, .mode = ARB_RESPONSIVE,
		.rq_corr = 3, .field = { 250000, 1000 } } };

	(void)state;
	h.dlf = piu(data, 1, RH_ONLY, SCREEN);
	packet("RTP-12", &n, &h);
}

static void
t_RTP_13(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	struct thdr h = { .tcid = TO_A, .bsn = 0x1a00, .has_arb = 1, .arb = { .msg = ARB_REPLY,
		.raa = RAA_SLOWDOWN1, .parity = 1, .mode = ARB_RESPONSIVE, .rp_corr = 3,
		.field = { 900, 0 } } };

	(void)state;
	packet("RTP-13", &n, &h);
}

static void
t_RTP_14(void **state)
{
	struct nhdr n = anr(TPF_MEDIUM, &lu82);
	struct thdr h = { .tcid = TO_B, .bsn = 0x300, .has_arb = 1, .arb = { .msg = ARB_BOTH,
		.mode = ARB_BASE, .rq_corr = 4, .rp_corr = 2, .field = { 250000, 1000 } } };

	(void)state;
	packet("RTP-14", &n, &h);
}

static void
t_RTP_15(void **state)
{
	static const uint8_t way[] = { 0x91, 0x82 };
	struct nhdr n = anr(TPF_LOW, way);
	uint8_t data[64];
	struct thdr h = { .tcid = TO_B, .somi = 1, .eomi = 1, .bsn = 0x400, .data = data };

	(void)state;
	n.anr_len = 2;
	n.tspi = n.slow1 = 1;
	h.dlf = piu(data, 1, RH_ONLY, SCREEN);
	packet("RTP-15", &n, &h);
}

static void
t_RTP_16(void **state)
{
	struct nhdr n = anr(TPF_HIGH, &lu82);
	struct thdr h = { .tcid = TO_B, .sri = 1, .rasapi = 1, .bsn = 0x500, .has_switch = 1,
		.has_status = 1, .status = { .sync = 9, .echo = 8, .rseq = 0x1a00 } };

	(void)state;
	h.sw = way_back("80");
	packet("RTP-16", &n, &h);
}

/* Section 9.4. */
struct edge {
	struct vec v;
	struct nhdr n;
	struct thdr h;
	uint32_t sense;
	bool good;
};

static void
edge(struct edge *e, const char *vector)
{
	struct rd r;

	memset(e, 0, sizeof(*e));
	e->v = vec_load("ee-bad.hex", vector);
	r = rd_on(e->v.b + LLC_LEN, e->v.n - LLC_LEN);
	e->good = nhdr_get(&r, &e->n) && thdr_get(&r, &e->h, &e->sense);
}

/* Whichever way its length counts, and what we write of it is the neutral form. */
static void
cqf_is_understood(const char *vector)
{
	struct edge e, again;
	uint8_t out[600];
	struct wr w = wr_on(out, sizeof(out));
	struct rd r;

	edge(&e, vector);
	assert_true(e.good && e.h.has_cqf && e.h.has_setup);
	assert_string_equal(e.h.cqf.cp.s, "NETA.OPENEE1");
	assert_int_equal(e.h.cqf.nce.len, 1);
	assert_int_equal(e.h.cqf.nce.b[0], 0x80);
	assert_int_equal(e.h.setup.instance, 1);
	e.h.cqf.nce = nce_label(1);
	thdr_put(&w, &e.h);
	r = rd_on(out, wr_len(&w));
	assert_int_equal(out[20], 30);          /* as in RTP-17 */
	assert_true(thdr_get(&r, &again.h, &again.sense));
	assert_int_equal(nce_of(&again.h.cqf.nce), 1);
}

static void
t_N_01(void **state)
{
	(void)state;
	cqf_is_understood("N-01");
}

static void
t_N_02(void **state)
{
	(void)state;
	cqf_is_understood("N-02");
}

static void
feed(struct pair *w, const struct vec *v)
{
	node_feed(w, 0, &w->n[1].cfg.local, EE_SIGNAL, v->b, v->n);
}

/* XID_DONE_RQ on SAP CC: answered once a link has those SAPs, not before. */
static void
t_N_03(void **state)
{
	struct vec v = vec_load("ee-bad.hex", "N-03");
	struct pair *w = pair_new(0x05d00001, 0xfff00002);
	struct ee_linkparm p = { .remote = w->n[1].cfg.local, .sap_local = 8, .sap_remote = 8 };
	struct ee_dgram d;
	uint64_t strays;
	uint32_t sense;

	(void)state;
	assert_non_null(pair_dial(w, 0));
	pair_run(w, SECS(1));
	assert_true(pair_up(w));
	strays = w->n[0].ee->stat[EES_NO_LINK];
	feed(w, &v);
	assert_false(ee_output(w->n[0].ee, w->now, &d));
	assert_int_equal(w->n[0].ee->stat[EES_NO_LINK], strays + 1);
	assert_non_null(ee_dial(w->n[0].ee, w->now, &p, &sense));
	pair_run(w, SECS(1));
	feed(w, &v);
	assert_true(ee_output(w->n[0].ee, w->now, &d));
	assert_int_equal(d.hdr_len, 8);
	assert_memory_equal(d.hdr, "\xcc\xcc\x03\xa6\x10\xff\x00\x04", 8);
	assert_int_equal(w->n[0].ee->stat[EES_NO_LINK], strays + 1);
	pair_free(w);
}

/* Dropped without a sense code: nothing of the pipe is disturbed. */
static void
is_dropped(const char *vector)
{
	struct vec v = vec_load("ee-bad.hex", vector);
	struct pair *w = pair_new(0x05d00001, 0xfff00002);
	uint64_t bad;
	struct edge e;

	edge(&e, vector);
	assert_false(e.good);
	assert_int_equal(e.sense, 0);
	assert_non_null(pair_dial(w, 0));
	pair_run(w, SECS(1));
	bad = w->n[0].ee->stat[EES_BAD_NLP] + w->n[0].ee->stat[EES_NO_PIPE];
	node_feed(w, 0, &w->n[1].cfg.local, EE_HIGH, v.b, v.n);
	assert_int_equal(w->n[0].ee->stat[EES_BAD_NLP] + w->n[0].ee->stat[EES_NO_PIPE], bad + 1);
	pair_free(w);
}

static void
t_N_04(void **state)
{
	(void)state;
	is_dropped("N-04");
}

static void
t_N_05(void **state)
{
	(void)state;
	is_dropped("N-05");
}

static void
t_N_06(void **state)
{
	struct edge e;

	(void)state;
	edge(&e, "N-06");
	assert_true(e.good);
	assert_int_equal(e.h.len, 24);
	assert_false(e.h.has_status || e.h.has_arb || e.h.has_cob || e.h.has_fault);
	assert_int_equal(thdr_len(&e.h), 20);   /* and is not written again */
}

static void
t_N_07(void **state)
{
	(void)state;
	is_dropped("N-07");
}

#define V(f) cmocka_unit_test(t_##f)

int
main(void)
{
	const struct CMUnitTest tests[] = { V(LDLC_01), V(LDLC_02), V(LDLC_03), V(LDLC_04),
		V(LDLC_05), V(LDLC_06), V(LDLC_07), V(LDLC_08), V(LDLC_09), V(LDLC_10), V(LDLC_11),
		V(LDLC_12), V(LDLC_13), V(LDLC_14), V(LDLC_15), V(RTP_01), V(RTP_02), V(RTP_03),
		V(RTP_04), V(RTP_05), V(RTP_06), V(RTP_07), V(RTP_08), V(RTP_09), V(RTP_10),
		V(RTP_11), V(RTP_12), V(RTP_13), V(RTP_14), V(RTP_15), V(RTP_16), V(RTP_17),
		V(N_01), V(N_02), V(N_03), V(N_04), V(N_05), V(N_06), V(N_07) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

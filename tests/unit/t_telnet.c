/* SPDX-License-Identifier: Apache-2.0
 *
 * Telnet: records, options, commands at every segmentation; and the same
 * streams through libtelnet alone. SEED=n runs one seed of those.
 * Ids T-xx are the conformance list of the TN3270E companion, section 22.
 */
#include "tests/unit/telnet_feed.h"

#include <libtelnet.h>          /* wants size_t before it */

static uint32_t
feed_rand(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 16);
}

static struct feed *
records(void)
{
	return feed_new(TEL_WITH_E, TM_RECORDS, MAXREC);
}

/* --- records --- */

static void
record_plain(void **s)
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "0000000000 7d4040 ffef", " REC[00000000007d4040]", "");
	feed_expect(f, "ffef", " REC[]", "");
	feed_expect(f, "01ffef 02ffef 03", " REC[01] REC[02]", "");
	feed_expect(f, "04ffef", " REC[0304]", "");
	assert_null(f->t.in);           /* an idle connection holds no buffer */
	feed_free(f);
}

/* T-01, T-02, 2.1 rules 2 and 3: the header's sequence number and a Query have FF. */
static void
record_iac(void **s)
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "02000000ffff00ffef", " REC[02000000ff00]", "");
	feed_expect(f, "020000ffffffff00ffef", " REC[020000ffff00]", "");
	feed_expect(f, "f3000501ffff02ffef", " REC[f3000501ff02]", "");
	feed_expect(f, "ffffffef", " REC[ff]", "");
	feed_expect(f, "ffffffffffef", " REC[ffff]", "");
	feed_free(f);
}

/* The whole dialogue of a pr3287 and more, for the segmentation tests. */
static const char stream[] =
    "fffb28 fffa28 0207 'IBM-3278-4-E' 01 'LU1' fff0 fffa28 0307 000204 fff0"
    "020000 00ffff 00 ffef 0000 ffff ffff 7d ffff ffef"
    "fff1 0102 fff1 03 fff6 04 ffef"                     /* T-03, T-10 */
    "0506 fff4 07 fff5 08 ffef fff5 fff3"                /* T-04 */
    "fffd06 fffd23 fffb23 fffb28 fffa 24 01 ffff 02 fff0"       /* T-05 to T-07, T-09 */
    "fffa18 00 'IBM' ffff 'X' fff0 0a fff2 0b fffb19 fffd00 0c ffef"
    "fffc28 ffef fffa28 0102 fffb00 fff0 31ffef";
static const char stream_found[] =
    " WILL:40 SB:40[020749424d2d333237382d342d45014c5531] SB:40[0307000204]"
    " REC[02000000ff00] REC[0000ffff7dff]"
    " CMD:f6 REC[01020304]"
    " REC[05060708] CMD:f4 CMD:f5 CMD:f5 CMD:f3"
    " SB:24[0049424dff58] WILL:25 DO:0 REC[0a0b0c]"
    " WONT:40 REC[] WILL:0 REC[31]";
static const char stream_said[] =
    "fffd28" "fffb06" "fffc23" "fffe23" "fffd19" "fffb00" "fffe28" "fffd00";

/* CMD:f6 is acted on at once, wherever reads end: where it stands is not the point. */
static void
same_at(size_t first, size_t step)
{
	struct feed *f = records();
	uint8_t b[1024];
	size_t n = hex_bytes(stream, b, sizeof(b));

	if (first != 0)
		assert_true(feed_n(f, b, first, first));
	assert_true(feed_n(f, b + first, n - first, step));
	assert_string_equal(f->text, stream_found);
	assert_string_equal(feed_said(f), stream_said);
	feed_free(f);
}

static void
every_segmentation(void **s)    /* T-02; 2.1 rule 1 */
{
	uint8_t b[1024];
	size_t n = hex_bytes(stream, b, sizeof(b));

	(void)s;
	for (size_t at = 0; at <= n; at++)
		same_at(at, n);
	for (size_t step = 1; step <= 17; step++)
		same_at(0, step);
}

/* A record over many buffers, byte by byte and in reads of every small size. */
static void
record_long(void **s)
{
	enum { N = 20000 };
	uint8_t *b = malloc(2 * N + 2);
	char *want = malloc(2 * N + 16);

	(void)s;
	assert_true(b != NULL && want != NULL);
	for (size_t step = 1; step < 6000; step = step * 3 + 1) {
		struct feed *f = records();
		size_t n = 0, k = (size_t)snprintf(want, 8, " REC[");

		for (unsigned i = 0; i < N; i++) {
			uint8_t c = (uint8_t)(i % 251 == 0 ? 0xff : i);

			b[n++] = c;
			if (c == 0xff)
				b[n++] = c;
			k += (size_t)snprintf(want + k, 4, "%02x", c);
		}
		b[n++] = 0xff;
		b[n++] = 0xef;
		snprintf(want + k, 4, "]");
		assert_true(feed_n(f, b, n, step));
		assert_string_equal(f->text, want);
		feed_free(f);
	}
	free(b);
	free(want);
}

/* 2.1 rule 6: exactly MAXRECEIVE passes, one byte more does not, in any reads. */
static void
record_cap(void **s)
{
	uint8_t b[5004];

	(void)s;
	for (size_t step = 1; step < 5004; step += 997) {
		struct feed *f = feed_new(TEL_WITH_E, TM_RECORDS, 5000);

		memset(b, 0x40, sizeof(b));
		b[5000] = 0xff;
		b[5001] = 0xef;
		assert_true(feed_n(f, b, 5002, step));
		assert_int_equal(f->len, strlen(" REC[]") + 10000);
		assert_false(feed_n(f, b, 5000, step) && feed_n(f, b, 1, 1));
		assert_string_equal(f->text + f->len - 4, " BAD");
		feed_free(f);
		f = feed_new(TEL_WITH_E, TM_RECORDS, 5000);
		assert_true(feed_n(f, b, 5000, step));
		assert_true(feed_n(f, (const uint8_t *)"\xff", 1, 1));
		assert_false(feed_n(f, (const uint8_t *)"\xff", 1, 1));   /* a doubled FF too */
		assert_string_equal(f->text, " BAD");
		feed_free(f);
	}
}

/* A pool that is empty ends the connection, it doesn't hang it. */
static void
no_buffers(void **s)
{
	struct feed *f = records();
	struct bufq hoard;
	struct buf *b;
	size_t n;
	uint8_t *p = tel_room(&f->t, &n);

	(void)s;
	assert_non_null(p);
	bufq_init(&hoard);
	while ((b = buf_get(&f->bufs, 1)) != NULL)
		bufq_put(&hoard, b);
	memcpy(p, "\x01\xff\xef\x02", 4);
	tel_filled(&f->t, 4);
	assert_false(feed_pump(f));
	assert_string_equal(f->text, " BAD");
	bufq_drop(&hoard);
	feed_free(f);
}

/* --- modes --- */

static void
mode_drop(void **s)             /* N-30: records before negotiation is over go nowhere */
{
	struct feed *f = feed_new(TEL_WITH_E, TM_DROP, MAXREC);

	(void)s;
	feed_expect(f, "0000000000 ffff 7d ffef fff4", " CMD:f4", "");
	assert_int_equal(f->t.dropped, 7);
	f->t.mode = TM_RECORDS;
	feed_expect(f, "01ffef", " REC[01]", "");
	feed_free(f);
}

static void
mode_line(void **s)
{
	struct feed *f = feed_new(TEL_WITH_E, TM_LINE, MAXREC);

	(void)s;
	feed_expect(f, "'ls' 0d0a", " TXT[6c730d0a]", "");
	feed_expect(f, "'a' fff1 'b' ffff ffef 'c'", " TXT[6162ff63]", "");
	feed_expect(f, "fff6", " CMD:f6", "");
	feed_expect(f, "'x' fff4", " TXT[78] CMD:f4", "");
	assert_null(f->t.in);
	feed_expect(f, "'ab' fff7 'c' fff8 'd' fff7", " TXT[6162] CMD:f7 TXT[63] CMD:f8 TXT[64] "
	    "CMD:f7", "");
	assert_null(f->t.in);
	feed_free(f);
}

/* A mode left takes what was under way with it. */
static void
mode_changes(void **s)
{
	struct feed *f = feed_new(TEL_WITH_E, TM_RECORDS, MAXREC);

	(void)s;
	feed_expect(f, "0102 fff4", "", "");
	tel_set_mode(&f->t, TM_DROP);
	feed_expect(f, "0304", "", "");
	tel_set_mode(&f->t, TM_LINE);
	feed_expect(f, "'a' 0a", " TXT[610a]", "");
	tel_set_mode(&f->t, TM_RECORDS);
	feed_expect(f, "01ffef", " REC[01]", "");
	feed_free(f);
}

static void
nosga(void **s)
{
	struct feed *f = feed_new(TEL_WITH_E, TM_LINE, MAXREC);

	(void)s;
	f->t.no_sga = 1;
	feed_expect(f, "fffd03 fffb03 fffe03 fffc03", "", "fffc03 fffe03");
	assert_false(tel_us(&f->t, TO_SGA) || tel_him(&f->t, TO_SGA));
	feed_free(f);
}

/* NEW-ENVIRON is read where it was asked for, and as it came. */
static void
new_environ(void **s)
{
	struct feed *f = feed_new(TEL_WITH_E, TM_DROP, MAXREC);

	(void)s;
	feed_expect(f, "fffb27", "", "fffe27");
	feed_expect(f, "fffa27 00 03 'A' 01 'B' fff0", "", "");
	tel_ask(&f->t, TV_DO, TO_ENVIRON);
	feed_expect(f, "fffb27", " WILL:39", "fffd27");
	feed_expect(f, "fffa27 00 03 'A' 02 01 01 'B' ffff fff0", " SB:39[00034102010142ff]", "");
	feed_expect(f, "fffa27 fff0", " SB:39[]", "");
	feed_expect(f, "fffc27", " WONT:39", "fffe27");
	feed_expect(f, "fffa27 00 fff0", "", "");
	feed_free(f);
}

/* --- commands --- */

static void
commands(void **s)
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "fff4 fff5 fff3 fff6", " CMD:f4 CMD:f5 CMD:f3 CMD:f6", "");
	feed_expect(f, "fff1 fff2 fff7 fff8 fff9 fff0 ff00 ffc8", "", "");      /* T-03, T-12 */
	feed_expect(f, "01 fff4", "", "");                      /* T-04: waits */
	feed_expect(f, "02 fff4 fff5", "", "");
	feed_expect(f, "fff3", " CMD:f3", "");                  /* others at once */
	feed_expect(f, "03 ffef", " REC[010203] CMD:f4 CMD:f5", "");
	feed_expect(f, "04 ffef", " REC[04]", "");              /* once only */
	feed_expect(f, "0000 fff1 0000 00 fff1 f1 ffef", " REC[0000000000f1]", "");     /* T-10 */
	feed_free(f);
}

/* T-09: answered each time, not only the first, and inside a record too. */
static void
timing_mark(void **s)
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "fffd06 fffd06", "", "fffb06fffb06");
	feed_expect(f, "01 fffd06 02 ffef", " REC[0102]", "fffb06");
	tel_timing_mark(&f->t);
	feed_expect(f, "fffc06", " WONT:6", "fffd06");          /* s3270's proof of life */
	tel_timing_mark(&f->t);
	feed_expect(f, "fffb06", " WILL:6", "fffd06");          /* pr3287's */
	feed_expect(f, "fffe06", "", "");
	tel_sleep(&f->t);
	feed_expect(f, "fffd06", "", "fffb06");
	assert_null(f->t.lib);                                  /* the library slept on */
	feed_free(f);
}

/* --- options --- */

static void
options_known(void **s)         /* table 2.3 */
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "fffb00 fffd00", " WILL:0 DO:0", "fffd00 fffb00");
	feed_expect(f, "fffb03 fffd03", " WILL:3 DO:3", "fffd03 fffb03");
	feed_expect(f, "fffb19 fffd19", " WILL:25 DO:25", "fffd19 fffb19");
	feed_expect(f, "fffb18 fffd18", " WILL:24", "fffd18 fffc18");
	feed_expect(f, "fffb28", " WILL:40", "fffd28");
	assert_true(tel_him(&f->t, TO_BINARY) && tel_us(&f->t, TO_BINARY));
	assert_true(tel_him(&f->t, TO_TTYPE) && !tel_us(&f->t, TO_TTYPE));
	assert_false(tel_him(&f->t, 200));
	feed_expect(f, "fffb00 fffd00 fffb28 fffb28", "", "");  /* T-05 */
	feed_expect(f, "fffc00 fffe00", " WONT:0 DONT:0", "fffe00 fffc00");
	assert_false(tel_him(&f->t, TO_BINARY) || tel_us(&f->t, TO_BINARY));
	feed_expect(f, "fffc00 fffe00", "", "");
	feed_free(f);
}

static void
options_unknown(void **s)       /* T-06: refused each time asked, no answer to WONT and DONT */
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "fffd23", "", "fffc23");
	feed_expect(f, "fffb01 fffd01", "", "fffe01 fffc01");
	feed_expect(f, "fffb1f fffb24 fffb22 fffb2a fffb25 fffb27", "",
	    "fffe1f fffe24 fffe22 fffe2a fffe25 fffe27");
	feed_expect(f, "fffc23 fffe23 fffc00 fffe28", "", "");
	feed_expect(f, "fffbc8 fffdff", "", "fffec8 fffcff");
	feed_free(f);
	f = feed_new(TEL_WITHOUT_E, TM_RECORDS, MAXREC);        /* NOTN3270E */
	feed_expect(f, "fffb28 fffd28", "", "fffe28 fffc28");
	feed_free(f);
}

/* 4.2 rule 5 and table 2.3: the server alone starts START_TLS. */
static void
start_tls_not_asked(void **s)
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "fffb2e fffd2e", "", "fffe2e fffc2e");
	tel_ask(&f->t, TV_DO, TO_START_TLS);
	feed_expect(f, "fffb2e fffa2e01fff0", " WILL:46 SB:46[01]", "fffd2e");
	feed_free(f);
}

static void
ask_once(void **s)
{
	struct feed *f = records();

	(void)s;
	tel_ask(&f->t, TV_DO, TO_TN3270E);
	tel_ask(&f->t, TV_DO, TO_TN3270E);      /* pending already */
	assert_string_equal(feed_said(f), "fffd28");
	feed_expect(f, "fffb28", " WILL:40", "");
	tel_ask(&f->t, TV_DO, TO_TN3270E);      /* agreed already */
	assert_string_equal(feed_said(f), "");
	tel_ask(&f->t, TV_DONT, TO_TN3270E);
	assert_string_equal(feed_said(f), "fffe28");
	feed_expect(f, "fffc28", " WONT:40", "");
	tel_ask(&f->t, TV_DO, TO_TTYPE);
	feed_expect(f, "fffc18", " WONT:24", "fffd18");         /* a refusal is told */
	tel_ask(&f->t, TV_WILL, TO_EOR);
	feed_expect(f, "fffe19", " DONT:25", "fffb19");
	feed_free(f);
}

/* Options agreed outlive the library's state, and are not said again. */
static void
sleeps_and_wakes(void **s)
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "fffb00 fffd00 fffb19", " WILL:0 DO:0 WILL:25", "fffd00 fffb00 fffd19");
	tel_sleep(&f->t);
	assert_null(f->t.lib);
	feed_expect(f, "01ffffffef", " REC[01ff]", "");
	assert_null(f->t.lib);
	feed_expect(f, "fffb00 fffd00 fffb19", "", "");         /* T-05 */
	assert_non_null(f->t.lib);
	tel_sleep(&f->t);
	feed_expect(f, "fffd19 fffc00 fffd23", " DO:25 WONT:0", "fffb19 fffe00 fffc23");
	feed_hex(f, "fffa28 03");
	tel_sleep(&f->t);                       /* not inside a sub-negotiation */
	feed_expect(f, "07 00fff0", " SB:40[030700]", "");
	feed_free(f);
}

/* --- sub-negotiations --- */

static void
sb_bodies(void **s)
{
	struct feed *f = records();

	(void)s;
	feed_expect(f, "fffa28 fff0", " SB:40[]", "");          /* none before: not NULL */
	feed_expect(f, "fffa28 0307 fff0", " SB:40[0307]", "");
	feed_expect(f, "fffa18 00 ffff 41 ffff fff0", " SB:24[00ff41ff]", "");
	feed_expect(f, "fffa24 0011 fff0 01ffef", " REC[01]", "");      /* T-07 */
	feed_expect(f, "fffa56 fff0 02ffef", " REC[02]", "");   /* COMPRESS2: not begun */
	feed_expect(f, "01 fffa28 05 fff0 02 ffef", " SB:40[05] REC[0102]", "");
	feed_expect(f, "fffa28 0102 fff4 03ffef", " CMD:f4 REC[03]", "");       /* broken off */
	feed_expect(f, "fffa28 01 fffa18 0002 fff0 04ffef", " SB:24[0002] REC[04]", "");
	feed_expect(f, "fffa28 01 fffd23 05ffef", " REC[05]", "fffc23");
	assert_int_equal(f->t.dropped, 3);
	feed_free(f);
}

/* T-08; 2.1 rule 5: 4096 bytes pass, one more is dropped up to SE, no byte is data. */
static void
sb_cap(void **s)
{
	uint8_t b[9000];
	char want[2 * TEL_SB_MAX + 16];
	size_t k = (size_t)snprintf(want, sizeof(want), " SB:24[");

	(void)s;
	memset(b, 0x41, sizeof(b));
	memcpy(b, "\xff\xfa\x18", 3);
	for (size_t i = 0; i < TEL_SB_MAX; i++)
		k += (size_t)snprintf(want + k, 3, "41");
	snprintf(want + k, 3, "]");
	for (size_t step = 1; step < 9000; step = step * 5 + 3) {
		struct feed *f = records();

		assert_true(feed_n(f, b, 3 + TEL_SB_MAX, step));
		feed_expect(f, "fff0", want, "");
		assert_true(feed_n(f, b, 3 + TEL_SB_MAX + 1, step));
		feed_expect(f, "fff0 07ffef", " REC[07]", "");
		assert_true(feed_n(f, b, 3 + TEL_SB_MAX, step));
		feed_expect(f, "ffff fff0 08ffef", " REC[08]", "");     /* over by a doubled FF */
		for (int i = 0; i < 25; i++)
			assert_true(feed_n(f, i == 0 ? b : b + 3, i == 0 ? 8003 : 8000, step));
		assert_true(bufpool_used(&f->bufs) <= 2);
		feed_expect(f, "fff0 09ffef", " REC[09]", "");
		feed_free(f);
	}
}

/* --- out --- */

static void
send_hex(struct feed *f, const char *parts[], const char *want)
{
	struct bufq rec;
	uint8_t b[4608];

	bufq_init(&rec);
	for (; *parts != NULL; parts++) {
		size_t n = hex_bytes(*parts, b, sizeof(b));
		struct buf *x = buf_get(&f->bufs, n);

		assert_non_null(x);
		buf_append(x, b, n);
		bufq_put(&rec, x);
	}
	tel_send(&f->t, &rec);
	assert_int_equal(rec.count, 0);
	assert_string_equal(feed_said(f), want);
}

static void
send_records(void **s)          /* T-01 */
{
	struct feed *f = records();

	(void)s;
	send_hex(f, (const char *[]){ "0000020000 f5c2", NULL }, "0000020000f5c2ffef");
	send_hex(f, (const char *[]){ "00000200ff f5", NULL }, "00000200fffff5ffef");
	send_hex(f, (const char *[]){ "ff", NULL }, "ffffffef");
	send_hex(f, (const char *[]){ "ffffff", NULL }, "ffffffffffffffef");
	send_hex(f, (const char *[]){ "f3000501ff02", NULL }, "f3000501ffff02ffef");
	send_hex(f, (const char *[]){ "01", "ff", "02ff", NULL }, "01ffff02ffffffef");
	send_hex(f, (const char *[]){ "", NULL }, "ffef");
	tel_put_sb(&f->t, TO_TN3270E, "\x03\x04\xff", 3);
	assert_string_equal(feed_said(f), "fffa280304fffffff0");
	tel_put_cmd(&f->t, TC_NOP);
	assert_string_equal(feed_said(f), "fff1");
	feed_free(f);
}

/* Any bytes sent come back the same through the other direction, headroom or not. */
static void
send_round_trip(void **s)
{
	uint64_t seed = 4711;

	(void)s;
	for (unsigned round = 0; round < 300; round++) {
		struct feed *f = records(), *g = records();
		struct bufq rec;
		char *want = malloc(FEED_TEXT);
		size_t k = (size_t)snprintf(want, 8, " REC["), n;
		unsigned many = feed_rand(&seed) % 4;

		bufq_init(&rec);
		for (unsigned part = 0; part < 1 + round % 3; part++) {
			struct buf *b = buf_get(&f->bufs, n = feed_rand(&seed) % 4000);

			for (size_t i = 0; i < n; i++)
				*buf_put(b, 1) = feed_rand(&seed) % 4 < many ? 0xff :
				    (uint8_t)feed_rand(&seed);
			k += hex_text(b->p, b->len, want + k, FEED_TEXT - k);
			bufq_put(&rec, b);
		}
		snprintf(want + k, 3, "]");
		tel_send(&f->t, &rec);
		for (struct buf *b; (b = bufq_get(&f->t.out)) != NULL; buf_free(b))
			assert_true(feed_n(g, b->p, b->len, 1 + feed_rand(&seed) % 3000));
		assert_string_equal(g->text, want);
		free(want);
		feed_free(f);
		feed_free(g);
	}
}

static void
send_text(void **s)
{
	struct feed *f = records();
	struct buf *b = buf_get(&f->bufs, 10);

	(void)s;
	buf_append(b, "OK\xff\r\n", 5);
	tel_send_text(&f->t, b);
	assert_string_equal(feed_said(f), "4f4bffff0d0a");
	feed_free(f);
}

/* --- the same streams through libtelnet alone --- */

struct model {
	telnet_t *lib;
	uint8_t rec[9000];
	size_t n, len, said_len;
	unsigned later;
	char text[FEED_TEXT], said[FEED_TEXT];
};

static void
m_add(struct model *m, const char *head, const uint8_t *p, size_t n)
{
	m->len += (size_t)snprintf(m->text + m->len, 16, "%s", head);
	m->len += hex_text(p, n, m->text + m->len, FEED_TEXT - m->len);
	m->len += (size_t)snprintf(m->text + m->len, 2, "]");
}

static void
m_cmd(struct model *m, unsigned cmd)
{
	m->len += (size_t)snprintf(m->text + m->len, 16, " CMD:%02x", cmd);
}

static void
m_iac(struct model *m, unsigned cmd)
{
	bool in = m->n != 0;

	if (cmd == TC_EOR) {
		m_add(m, " REC[", m->rec, m->n);
		m->n = 0;
		if (m->later & 1)
			m_cmd(m, TC_IP);
		if (m->later & 2)
			m_cmd(m, TC_AO);
		m->later = 0;
	} else if (in && (cmd == TC_IP || cmd == TC_AO)) {
		m->later |= cmd == TC_IP ? 1 : 2;
	} else if (cmd == TC_IP || cmd == TC_AO || cmd == TC_BRK || cmd == TC_AYT) {
		m_cmd(m, cmd);
	}
}

static void
m_event(telnet_t *lib, telnet_event_t *e, void *user)
{
	static const char *const verb[] = { "WILL", "WONT", "DO", "DONT" };
	struct model *m = user;
	char head[16];

	(void)lib;
	if (e->type == TELNET_EV_DATA) {
		assert_true(m->n + e->data.size <= sizeof(m->rec));
		memcpy(m->rec + m->n, e->data.buffer, e->data.size);
		m->n += e->data.size;
	} else if (e->type == TELNET_EV_IAC) {
		m_iac(m, e->iac.cmd);
	} else if (e->type == TELNET_EV_SEND) {
		m->said_len += hex_text((const uint8_t *)e->data.buffer, e->data.size,
		    m->said + m->said_len, FEED_TEXT - m->said_len);
	} else if (e->type >= TELNET_EV_WILL && e->type <= TELNET_EV_DONT) {
		m->len += (size_t)snprintf(m->text + m->len, 16, " %s:%u",
		    verb[e->type - TELNET_EV_WILL], e->neg.telopt);
	} else if (e->type == TELNET_EV_SUBNEGOTIATION) {
		snprintf(head, sizeof(head), " SB:%u[", e->sub.telopt);
		m_add(m, head, (const uint8_t *)e->sub.buffer, e->sub.size);
	}
}

static size_t
put_data(uint8_t *b, uint64_t *seed, size_t most)
{
	size_t n = feed_rand(seed) % most, k = 0;

	for (size_t i = 0; i < n; i++) {
		b[k] = feed_rand(seed) % 8 == 0 ? 0xff : (uint8_t)feed_rand(seed);
		if (b[k++] == 0xff)
			b[k++] = 0xff;
	}
	return k;
}

/* One thing of a Telnet stream. */
static size_t
put_some(uint8_t *b, uint64_t *seed)
{
	static const uint8_t cmd[] = { TC_EOR, TC_EOR, TC_NOP, TC_IP, TC_AO, TC_BRK, TC_AYT, TC_GA,
		TC_DM };
	static const uint8_t opt[] = { 0, 1, 3, 5, 24, 25, 31, 35, 39, 40, 200 };
	size_t n = 0;

	switch (feed_rand(seed) % 4) {
	case 0:
		b[n++] = 0xff;
		b[n++] = cmd[feed_rand(seed) % sizeof(cmd)];
		return n;
	case 1:
		b[n++] = 0xff;
		b[n++] = (uint8_t)(TV_WILL + feed_rand(seed) % 4);
		b[n++] = opt[feed_rand(seed) % sizeof(opt)];
		return n;
	case 2:
		memcpy(b, "\xff\xfa\x28", 3);
		n = 3 + put_data(b + 3, seed, 30);
		b[n++] = 0xff;
		b[n++] = TC_SE;
		return n;
	default:
		return put_data(b, seed, feed_rand(seed) % 20 == 0 ? 300 : 12);
	}
}

static void
one_stream(uint64_t seed)
{
	static const telnet_telopt_t opts[] = { { 0, TELNET_WILL, TELNET_DO },
		{ 3, TELNET_WILL, TELNET_DO }, { 24, TELNET_WONT, TELNET_DO },
		{ 25, TELNET_WILL, TELNET_DO }, { 40, TELNET_WILL, TELNET_DO }, { -1, 0, 0 } };
	struct model *m = calloc(1, sizeof(*m));
	struct feed *f = records();
	uint64_t s = seed * 0x9e3779b97f4a7c15u + 1;
	uint8_t b[8000];
	size_t n = 0, at = 0;

	assert_non_null(m);
	m->lib = telnet_init(opts, m_event, 0, m);
	while (n < 6000)
		n += put_some(b + n, &s);
	telnet_recv(m->lib, (const char *)b, n);
	while (at < n) {
		size_t k = 1 + feed_rand(&s) % (s % 3 == 0 ? 4 : 700);

		k = k < n - at ? k : n - at;
		assert_true(feed_n(f, b + at, k, k));
		at += k;
		if (feed_rand(&s) % 8 == 0)
			tel_sleep(&f->t);
	}
	if (strcmp(f->text, m->text) != 0 || strcmp(feed_said(f), m->said) != 0) {
		print_error("SEED=%ju shows it again\n", (uintmax_t)seed);
		assert_string_equal(f->text, m->text);
		assert_string_equal(f->said, m->said);
	}
	telnet_free(m->lib);
	feed_free(f);
	free(m);
}

static void
same_as_libtelnet(void **s)
{
	const char *one = getenv("SEED");

	(void)s;
	if (one != NULL)
		one_stream(strtoull(one, NULL, 10));
	else
		for (uint64_t seed = 1; seed <= 400; seed++)
			one_stream(seed);
}

static void
first_piece(struct feed *f, const struct tel_ind *i)
{
	const struct buf *b = bufq_peek(&i->rec);

	if (i->what == TEL_RECORD && (b->len < 5 || b->p[0] != 2))
		*(unsigned *)f->user += 1;
}

/* Wherever a buffer ends, a record's header lies in one piece: who reads it looks at the
 * first buffer only. */
static void
header_in_one_piece(void **s)
{
	static uint8_t all[6000];

	(void)s;
	for (size_t pad = 0; pad < 7; pad++) {
		struct feed *f = records();
		unsigned torn = 0;
		size_t n = 0;

		f->hear = first_piece;
		f->user = &torn;
		memset(all, 2, sizeof(all));
		n = 5 + pad;
		for (;;) {
			memcpy(all + n, "\xff\xef", 2);
			n += 2;
			if (n + 7 > sizeof(all))
				break;
			n += 5;                 /* RESPONSEs: nothing but headers */
		}
		assert_true(feed_n(f, all, n, n));
		assert_int_equal(torn, 0);
		feed_free(f);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(record_plain), cmocka_unit_test(record_iac),
		cmocka_unit_test(every_segmentation), cmocka_unit_test(record_long),
		cmocka_unit_test(record_cap), cmocka_unit_test(no_buffers),
		cmocka_unit_test(mode_drop), cmocka_unit_test(mode_line),
		cmocka_unit_test(mode_changes), cmocka_unit_test(nosga),
		cmocka_unit_test(new_environ),
		cmocka_unit_test(commands), cmocka_unit_test(timing_mark),
		cmocka_unit_test(options_known), cmocka_unit_test(options_unknown),
		cmocka_unit_test(start_tls_not_asked), cmocka_unit_test(ask_once),
		cmocka_unit_test(sleeps_and_wakes), cmocka_unit_test(sb_bodies),
		cmocka_unit_test(sb_cap), cmocka_unit_test(send_records),
		cmocka_unit_test(send_round_trip), cmocka_unit_test(send_text),
		cmocka_unit_test(same_as_libtelnet),
		cmocka_unit_test(header_in_one_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "snaee/piu.h"
#include "snaee/trace.h"

/* RTP-03 of companion ee-hpr-rtp section 9.3: a terminal's input. */
static const uint8_t rtp03[] = { 0xc8, 0xc8, 0x03, 0xc4, 0x00, 0x82, 0xff, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x02, 0x00, 0x01, 0x30, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x19, 0x00, 0x00,
	0x01, 0x00, 0x5c, 0x00, 0x00, 0x01, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03,
	0x90, 0xa0, 0xf5, 0xc3, 0x11, 0x5d, 0x7f, 0x1d, 0x60, 0xc1, 0xc2, 0xc3 };
/* RTP-05: last NLP of a message, only data. */
static const uint8_t rtp05[] = { 0xc8, 0xc8, 0x03, 0xc4, 0x00, 0x82, 0xff, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x02, 0x00, 0x01, 0x18, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00,
	0x01, 0x34, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9 };
static const uint8_t xid_done[] = { 0xc8, 0xc8, 0x03, 0xa6, 0x10, 0xff, 0x00, 0x03 };

struct tfile {
	struct trace *t;
	char path[64];
	uint8_t *b;
	size_t n;
};

static void
file_open(struct tfile *f, uint64_t max)
{
	static const char name[] = "/tmp/t_traceXXXXXX";
	int fd;

	memcpy(f->path, name, sizeof(name));
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	(void)close(fd);
	f->b = NULL;
	f->t = calloc(1, sizeof(*f->t));
	assert_non_null(f->t);
	trace_init(f->t);
	assert_int_equal(trace_open(f->t, f->path, max, (struct mono){ SECS(5) },
	    SECS(1700000000)), 0);
}

static void
write_all(struct tfile *f, enum trace_amount amount)
{
	struct trace_rec r;
	uint8_t *p;

	while (trace_next(f->t, &r, &p)) {
		char text[64];

		(void)snprintf(text, sizeof(text), "tcid %llu, ssn %u",
		    (unsigned long long)r.tcid, r.ssn);
		trace_write(f->t, &r, p, amount, pcapng_if(&f->t->file, "EEXCA1", "at 10.0.0.1"),
		    text);
	}
	trace_flush(f->t);
}

static void
file_read(struct tfile *f, const char *path)
{
	FILE *in;

	trace_close(f->t);
	in = fopen(path, "rb");
	assert_non_null(in);
	f->b = realloc(f->b, 1 << 20);
	f->n = fread(f->b, 1, 1 << 20, in);
	(void)fclose(in);
}

static void
file_done(struct tfile *f)
{
	char old[80];

	(void)snprintf(old, sizeof(old), "%s.1", f->path);
	(void)unlink(old);
	(void)unlink(f->path);
	free(f->b);
	free(f->t);
}

static void
dgram(struct tfile *f, unsigned dir, const uint8_t *p, size_t n)
{
	static const struct ipaddr a = { 4, { 0 }, { 10, 0, 0, 1 } };
	static const struct ipaddr b = { 4, { 0 }, { 10, 0, 0, 2 } };
	uint8_t copy[2048];
	struct iovec v[2] = { { copy, 3 }, { copy + 3, n - 3 } };

	memcpy(copy, p, n);
	trace_dgram(f->t, (struct mono){ SECS(6) }, &(struct trace_dgram){ .local = &a,
	    .remote = &b, .tcid = 77, .dir = (uint8_t)dir, .port = EE_HIGH, .iov = v, .niov = 2 });
	/* What is sent must never be touched. */
	assert_memory_equal(copy, p, n);
}

static uint32_t
u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

/* The k-th packet: its first byte (of IP); *n its length. Checks the framing. */
static const uint8_t *
packet(const struct tfile *f, unsigned k, uint32_t *n)
{
	size_t at = 0;

	while (at < f->n) {
		uint32_t type = u32(f->b + at), len = u32(f->b + at + 4);

		assert_int_equal(len % 4, 0);
		assert_true(at + len <= f->n);
		assert_int_equal(u32(f->b + at + len - 4), len);
		if (type == 6 && k-- == 0) {
			*n = u32(f->b + at + 20);
			assert_int_equal(u32(f->b + at + 24), *n);
			return f->b + at + 28;
		}
		at += len;
	}
	return NULL;
}

static void
t_file_and_packet(void **state)
{
	struct tfile f;
	struct stat st;
	const uint8_t *p;
	uint64_t us;
	uint32_t n;

	(void)state;
	file_open(&f, 0);
	dgram(&f, TRACE_OUT, xid_done, sizeof(xid_done));
	dgram(&f, TRACE_IN, rtp03, sizeof(rtp03));
	write_all(&f, TRACE_FULL);
	assert_int_equal(f.t->file.packets, 2);
	file_read(&f, f.path);
	assert_int_equal(stat(f.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(u32(f.b), 0x0a0d0d0a);
	p = packet(&f, 0, &n);
	assert_non_null(p);
	assert_int_equal(n, 28 + sizeof(xid_done));
	assert_memory_equal(p + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
	assert_memory_equal(p + 20, "\x2e\xe2\x2e\xe2", 4);     /* 12002 both */
	assert_memory_equal(p + 28, xid_done, sizeof(xid_done));
	us = (uint64_t)u32(p - 16) << 32 | u32(p - 12);
	assert_int_equal(us, SECS(1700000001));
	p = packet(&f, 1, &n);
	assert_memory_equal(p + 12, "\x0a\x00\x00\x02\x0a\x00\x00\x01", 8);
	assert_memory_equal(p + 28, rtp03, sizeof(rtp03));      /* full data was asked for */
	assert_null(packet(&f, 2, &n));
	assert_non_null(memmem(f.b, f.n, "tcid 77, ssn 0", 14));
	assert_non_null(memmem(f.b, f.n, "EEXCA1", 6));
	assert_non_null(memmem(f.b, f.n, "at 10.0.0.1", 11));
	file_done(&f);
}

static void
t_data_is_blanked(void **state)
{
	static const enum trace_amount amount[] = { TRACE_PARTIAL, TRACE_FULL };
	const uint8_t *p;
	uint32_t n;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		unsigned blank = amount[i] == TRACE_PARTIAL;
		struct tfile f;

		file_open(&f, 0);
		dgram(&f, TRACE_OUT, rtp03, sizeof(rtp03));
		dgram(&f, TRACE_IN, rtp03, sizeof(rtp03));
		dgram(&f, TRACE_OUT, rtp05, sizeof(rtp05));
		write_all(&f, amount[i]);
		assert_int_equal(f.t->redacted, blank ? 3 : 0);
		file_read(&f, f.path);
		for (unsigned k = 0; k < 2; k++) {
			p = packet(&f, k, &n);
			assert_memory_equal(p + 28, rtp03, sizeof(rtp03) - 10); /* TH, RH stay */
			assert_int_equal(p[28 + 43] == 0, blank);
			assert_int_equal(memmem(p + 28, sizeof(rtp03), "\xc1\xc2\xc3", 3) == NULL,
			    blank);
		}
		p = packet(&f, 2, &n);
		assert_int_equal(p[28 + sizeof(rtp05) - 1] == 0, blank);
		file_done(&f);
	}
}

static void
t_what_is_redacted(void **state)
{
	uint8_t b[sizeof(rtp03)];

	(void)state;
	memcpy(b, rtp03, sizeof(b));
	assert_int_equal(trace_redact(b, sizeof(b)), 10);
	/* A response, and a request of another category, are not user data. */
	memcpy(b, rtp03, sizeof(b));
	b[40] = 0x83;
	assert_int_equal(trace_redact(b, sizeof(b)), 0);
	b[40] = 0x6b;
	assert_int_equal(trace_redact(b, sizeof(b)), 0);
	/* Control points: shown, but for encapsulated SSCP-LU data. */
	memcpy(b, rtp03, sizeof(b));
	b[3] = 0xc6;
	assert_int_equal(trace_redact(b, sizeof(b)), 0);
	b[45] = 0x15;
	b[46] = 0x00;
	assert_int_equal(trace_redact(b, sizeof(b)), 6);
	b[45] = 0x12;                   /* logon data behind a CDINIT */
	b[46] = 0xf2;
	memset(b + 47, 0xc1, 6);
	assert_int_equal(trace_redact(b, sizeof(b)), 6);
	assert_int_equal(b[47] | b[52], 0);
	/* Link frames are nobody's data. */
	memcpy(b, xid_done, sizeof(xid_done));
	assert_int_equal(trace_redact(b, sizeof(xid_done)), 0);
	/* What can't be read may be anything: blanked behind where a THDR would be. */
	memcpy(b, rtp03, sizeof(b));
	b[19] = 0xff;
	assert_int_equal(trace_redact(b, sizeof(b)), sizeof(b) - 28);
}

static void
t_local_piu(void **state)
{
	struct tfile f;
	const uint8_t *p;
	uint32_t n;

	(void)state;
	file_open(&f, 0);
	trace_piu(f.t, (struct mono){ SECS(7) }, rtp03 + 28, sizeof(rtp03) - 28, 0, 5);
	trace_piu(f.t, (struct mono){ SECS(7) }, rtp03 + 28, sizeof(rtp03) - 28, 1, 6);
	write_all(&f, TRACE_PARTIAL);
	file_read(&f, f.path);
	p = packet(&f, 0, &n);
	assert_memory_equal(p + n - 25, rtp03 + 28, 15);
	assert_int_equal(p[n - 1], 0);
	assert_memory_equal(p + 12, "\x7f\x00\x00\x01\x7f\x00\x00\x02", 8);
	p = packet(&f, 1, &n);
	assert_memory_equal(p + 12, "\x7f\x00\x00\x02\x7f\x00\x00\x01", 8);
	assert_non_null(memmem(f.b, f.n, "ssn 6", 5));
	file_done(&f);
}

/* Two files at most so long, each with the interface told again. */
static void
t_size_is_bounded(void **state)
{
	struct tfile f;
	struct stat st;
	char old[80];
	uint32_t n;

	(void)state;
	file_open(&f, 1);                                       /* least: 2 x 256 KiB */
	for (unsigned i = 0; i < 10000; i++) {
		dgram(&f, TRACE_OUT, rtp03, sizeof(rtp03));
		if (i % 100 == 0)
			write_all(&f, TRACE_FULL);
	}
	write_all(&f, TRACE_FULL);
	assert_true(trace_on(f.t));
	file_read(&f, f.path);
	assert_non_null(packet(&f, 0, &n));
	assert_non_null(memmem(f.b, 200, "EEXCA1", 6));
	assert_int_equal(stat(f.path, &st), 0);
	assert_true(st.st_size <= 4 * PCAPNG_BUF);
	(void)snprintf(old, sizeof(old), "%s.1", f.path);
	assert_int_equal(stat(old, &st), 0);
	assert_in_range(st.st_size, 3 * PCAPNG_BUF, 4 * PCAPNG_BUF);
	file_read(&f, old);
	assert_null(packet(&f, 100000, &n));                    /* well-formed to the end */
	file_done(&f);
}

/* A turn that is too much for the stage loses packets, and says how many. */
static void
t_stage_is_bounded(void **state)
{
	struct tfile f;
	unsigned fit = TRACE_STAGE / (sizeof(struct trace_rec) + sizeof(rtp03));

	(void)state;
	file_open(&f, 0);
	for (unsigned i = 0; i < fit + 10; i++)
		dgram(&f, TRACE_OUT, rtp03, sizeof(rtp03));
	assert_int_equal(f.t->lost, 10);
	write_all(&f, TRACE_PARTIAL);
	assert_int_equal(f.t->file.packets, fit);
	trace_close(f.t);
	file_done(&f);
}

static void
t_bad_paths_and_off(void **state)
{
	struct trace *t = calloc(1, sizeof(*t));
	char path[400];

	(void)state;
	trace_init(t);
	assert_false(trace_on(t));
	assert_true(trace_open(t, "/nonexistent/x", 0, (struct mono){ 0 }, 0) < 0);
	assert_false(trace_on(t));
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_true(trace_open(t, path, 0, (struct mono){ 0 }, 0) < 0);
	assert_true(trace_open(t, "", 0, (struct mono){ 0 }, 0) < 0);
	trace_piu(t, (struct mono){ 0 }, rtp03, 10, 0, 1);
	trace_flush(t);
	trace_close(t);
	assert_int_equal(t->file.packets, 0);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t_file_and_packet),
		cmocka_unit_test(t_data_is_blanked),
		cmocka_unit_test(t_what_is_redacted),
		cmocka_unit_test(t_local_piu),
		cmocka_unit_test(t_size_is_bounded),
		cmocka_unit_test(t_stage_is_bounded),
		cmocka_unit_test(t_bad_paths_and_off),
	};

	log_level_all(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

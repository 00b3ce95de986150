/* SPDX-License-Identifier: Apache-2.0
 *
 * A pcapng file is a row of blocks: type, length, body padded to four bytes,
 * length again; in the byte order of whoever wrote it (a magic number tells).
 * One section header, one interface description, then one enhanced packet
 * block per packet with its options: direction and a comment in words.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "snaee/llc.h"
#include "snaee/nlp.h"
#include "snaee/piu.h"
#include "snaee/trace.h"

#define PKT_MAX 9216            /* a jumbo frame's worth; longer is cut */
#define IP_HDR_MAX 48           /* IPv6 and UDP */
#define BLOCK_MAX (PKT_MAX + IP_HDR_MAX + 512)
#define LINKTYPE_RAW 101
#define OPT_COMMENT 1
#define OPT_TSRESOL 9
#define OPT_EPB_FLAGS 2

/* Host order: pcapng lets the writer choose. */
static void
put16(uint8_t **p, unsigned v)
{
	uint16_t x = (uint16_t)v;

	memcpy(*p, &x, 2);
	*p += 2;
}

static void
put32(uint8_t **p, uint32_t v)
{
	memcpy(*p, &v, 4);
	*p += 4;
}

static void
put_bytes(uint8_t **p, const void *from, size_t n)
{
	memcpy(*p, from, n);
	memset(*p + n, 0, (4 - n % 4) % 4);
	*p += n + (4 - n % 4) % 4;
}

static void
put_opt(uint8_t **p, unsigned code, const void *v, size_t n)
{
	put16(p, code);
	put16(p, (unsigned)n);
	put_bytes(p, v, n);
}

void
trace_init(struct trace *t)
{
	t->fd = -1;
	t->err = 0;
	t->data = TRACE_NO_INPUT;
	t->slu = TRACE_SLU_EITHER;
	t->packets = t->redacted = t->written = 0;
	t->n = 0;
	t->path[0] = '\0';
}

/* Section header and interface description. */
static void
file_head(struct trace *t)
{
	uint8_t *p = t->buf;
	uint8_t usec = 6;

	put32(&p, 0x0a0d0d0a);
	put32(&p, 28);
	put32(&p, 0x1a2b3c4d);
	put16(&p, 1);
	put16(&p, 0);
	put32(&p, UINT32_MAX);          /* section length: not known */
	put32(&p, UINT32_MAX);
	put32(&p, 28);
	put32(&p, 1);
	put32(&p, 32);
	put16(&p, LINKTYPE_RAW);
	put16(&p, 0);
	put32(&p, 0);                   /* no snap length */
	put_opt(&p, OPT_TSRESOL, &usec, 1);
	put32(&p, 0);                   /* end of options */
	put32(&p, 32);
	t->n = (size_t)(p - t->buf);
	t->written = t->n;
}

static int
file_open(struct trace *t)
{
	/* Owner only: even without input a trace tells who talks to whom. */
	t->fd = open(t->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (t->fd < 0)
		return -errno;
	file_head(t);
	return 0;
}

int
trace_open(struct trace *t, const char *path, uint64_t max, struct mono now, int64_t wall_us)
{
	size_t n = strlen(path);
	int err;

	trace_close(t);
	if (n == 0 || n + 3 > sizeof(t->path))
		return -ENAMETOOLONG;
	memcpy(t->path, path, n + 1);
	t->max = (max == 0 ? TRACE_MAX_DEFAULT : max) / 2;
	if (t->max < 4 * TRACE_BUF)
		t->max = 4 * TRACE_BUF;
	t->wall = wall_us - now.us;
	t->packets = t->redacted = 0;
	t->err = 0;
	err = file_open(t);
	if (err == 0)
		LOG(EE, NOTICE, t->path, "packet trace on%s", t->data == TRACE_FULL ?
		    ", with all data" : "");
	return err;
}

static void
fail(struct trace *t, int err)
{
	t->err = err;
	LOG(EE, ERROR, t->path, "packet trace ended: %s", strerror(err));
	(void)close(t->fd);
	t->fd = -1;
	t->n = 0;
}

void
trace_flush(struct trace *t)
{
	size_t done = 0;

	while (t->fd >= 0 && done < t->n) {
		ssize_t k = write(t->fd, t->buf + done, t->n - done);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			fail(t, errno);
			return;
		}
		done += (size_t)k;
	}
	t->n = 0;
}

void
trace_close(struct trace *t)
{
	if (t->fd < 0)
		return;
	trace_flush(t);
	if (t->fd < 0)
		return;
	LOG(EE, NOTICE, t->path, "packet trace off, %llu packets",
	    (unsigned long long)t->packets);
	(void)close(t->fd);
	t->fd = -1;
}

/* The file is full: it becomes FILE.1, the one before it is gone. */
static void
turn_over(struct trace *t)
{
	char old[TRACE_PATH + 2];

	trace_flush(t);
	if (t->fd < 0)
		return;
	(void)close(t->fd);
	t->fd = -1;
	(void)snprintf(old, sizeof(old), "%s.1", t->path);
	if (rename(t->path, old) != 0 || file_open(t) != 0)
		fail(t, errno);
}

static uint16_t
fold(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint32_t
sum16(const uint8_t *p, size_t n, uint32_t sum)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	if (n % 2 != 0)
		sum += (uint32_t)p[n - 1] << 8;
	return sum;
}

struct ends {
	const struct ipaddr *from, *to;
	uint16_t port;
};

static void
put_ip4(struct wr *w, const struct ends *e, size_t n)
{
	uint8_t *ip = w->p;

	wr_u16(w, 0x4500);
	wr_u16(w, (unsigned)(20 + 8 + n));
	wr_u32(w, 0);
	wr_u16(w, 64u << 8 | 17);
	wr_u16(w, 0);
	wr_bytes(w, e->from->b, 4);
	wr_bytes(w, e->to->b, 4);
	wr_set16(w, (size_t)(ip - w->base) + 10, fold(sum16(ip, 20, 0)));
}

static void
put_ip6(struct wr *w, const struct ends *e, size_t n)
{
	wr_u32(w, 0x60000000);
	wr_u16(w, (unsigned)(8 + n));
	wr_u16(w, 17u << 8 | 64);
	wr_bytes(w, e->from->b, 16);
	wr_bytes(w, e->to->b, 16);
}

/* IP and UDP in front of n bytes of payload that already stand behind. */
static size_t
put_ip_udp(uint8_t *to, const struct ends *e, const uint8_t *pay, size_t n)
{
	struct wr w = wr_on(to, IP_HDR_MAX);
	size_t al = e->from->fam == 6 ? 16 : 4;
	uint32_t sum = sum16(e->from->b, al, 0);
	size_t at;

	if (e->from->fam == 6)
		put_ip6(&w, e, n);
	else
		put_ip4(&w, e, n);
	wr_u16(&w, e->port);
	wr_u16(&w, e->port);
	wr_u16(&w, (unsigned)(8 + n));
	at = wr_len(&w);
	wr_u16(&w, 0);
	sum = sum16(e->to->b, al, sum) + 17 + (uint32_t)(8 + n);
	sum = sum16(to + at - 6, 6, sum);
	sum = fold(sum16(pay, n, sum));
	wr_set16(&w, at, sum == 0 ? 0xffff : sum);
	return wr_len(&w);
}

/* One packet block; hdr and pay are its two parts. */
struct packet {
	const uint8_t *hdr, *pay;
	size_t hdr_len, pay_len;
	const char *comment;
	uint8_t dir;
};

static void
put_block(struct trace *t, struct mono now, const struct packet *k)
{
	uint64_t ts = (uint64_t)(now.us + t->wall);
	size_t n = k->hdr_len + k->pay_len, pad = (4 - n % 4) % 4, cl = strlen(k->comment);
	size_t total = 28 + n + pad + (4 + 4) + (4 + cl + (4 - cl % 4) % 4) + 4 + 4;
	uint32_t flags = k->dir;
	uint8_t *p;

	if (t->written + total > t->max)
		turn_over(t);
	if (t->n + total > sizeof(t->buf))
		trace_flush(t);
	if (t->fd < 0)
		return;
	p = t->buf + t->n;
	put32(&p, 6);
	put32(&p, (uint32_t)total);
	put32(&p, 0);
	put32(&p, (uint32_t)(ts >> 32));
	put32(&p, (uint32_t)ts);
	put32(&p, (uint32_t)n);
	put32(&p, (uint32_t)n);
	memcpy(p, k->hdr, k->hdr_len);
	memcpy(p + k->hdr_len, k->pay, k->pay_len);
	memset(p + n, 0, pad);
	p += n + pad;
	put_opt(&p, OPT_EPB_FLAGS, &flags, 4);
	put_opt(&p, OPT_COMMENT, k->comment, cl);
	put32(&p, 0);
	put32(&p, (uint32_t)total);
	t->n += total;
	t->written += total;
	t->packets++;
}

/*
 * A PIU: what it shows besides headers is FMD request data. Sessions at network
 * priority are those of control points; their data is shown, but for SSCP-LU
 * flows encapsulated for dependent LUs (GDS 1500), which may hold a LOGON.
 */
static size_t
redact_piu(uint8_t *p, size_t n, unsigned control)
{
	size_t head = TH_FID5_LEN + RH_LEN;
	struct rd r = rd_on(p, n);
	struct th th;
	uint32_t rh;
	static const uint8_t gds1500[2] = { 0x15, 0x00 };
	const uint8_t *at;

	if (control && n > 4 && p[0] >> 4 != 5)
		return 0;               /* Route Setup */
	if (!th_get(&r, &th) || th.fid != 5 || n <= head)
		return 0;
	rh = rh_get(&r);
	if (th.mpf == TH_FIRST || th.mpf == TH_WHOLE) {
		if ((rh & RH_RSP) != 0 || (rh & RH_CAT) != RH_FMD)
			return 0;
	} else {
		head = TH_FID5_LEN;
	}
	if (control) {
		at = memmem(p + head, n - head, gds1500, 2);
		if (at == NULL)
			return 0;
		head = (size_t)(at + 2 - p);
	}
	memset(p + head, 0, n - head);
	return n - head;
}

size_t
trace_redact(uint8_t *p, size_t n)
{
	struct rd r = rd_on(p, n);
	struct llc h;
	struct nhdr nh;
	struct thdr th;
	uint32_t sense;
	uint8_t *data;

	if (!llc_get(&r, &h) || h.frame != LLC_UI || !nhdr_get(&r, &nh) || nh.sm != NHDR_ANR)
		return 0;
	data = p + (r.p - p);
	if (!thdr_get(&r, &th, &sense)) {
		/* Not an NLP we can read: it may be anything. */
		size_t keep = (size_t)(r.end - data) > THDR_MIN ? THDR_MIN : (size_t)(r.end - data);

		memset(data + keep, 0, n - (size_t)(data - p) - keep);
		return n - (size_t)(data - p) - keep;
	}
	if (th.dlf == 0)
		return 0;
	data = p + (th.data - p);
	if (th.somi)
		return redact_piu(data, th.dlf, nh.tpf == TPF_NETWORK);
	memset(data, 0, th.dlf);
	return th.dlf;
}

/* "sent to 10.0.0.2 signal" or "sent to 10.0.0.2 high, pipe 0000000000020001". */
static void
comment(char *to, size_t room, const struct trace_dgram *d, const uint8_t *p, size_t n)
{
	static const char *const port[EE_NPORT] = { "signal", "network", "high", "medium", "low" };
	char text[IPADDR_TEXT];
	struct rd r = rd_on(p, n);
	struct llc h;
	struct nhdr nh;
	int k;

	k = snprintf(to, room, "%s %s %s", d->dir == TRACE_IN ? "received from" : "sent to",
	    ipaddr_text(d->remote, text), port[d->port]);
	if (k < 0 || (size_t)k >= room || !llc_get(&r, &h) || h.frame != LLC_UI)
		return;
	if (nhdr_get(&r, &nh) && nh.sm == NHDR_ANR && rd_left(&r) >= 8)
		(void)snprintf(to + k, room - (size_t)k, ", pipe %016llX",
		    (unsigned long long)rd_u64(&r));
}

static bool
may_be_input(const struct trace *t, unsigned dir)
{
	if (t->data == TRACE_FULL)
		return false;
	return t->slu == TRACE_SLU_EITHER ||
	    (t->slu == TRACE_SLU_LOCAL ? dir == TRACE_OUT : dir == TRACE_IN);
}

void
trace_dgram(struct trace *t, struct mono now, const struct trace_dgram *d)
{
	uint8_t pay[PKT_MAX], hdr[IP_HDR_MAX];
	struct packet k = { .pay = pay, .hdr = hdr, .dir = d->dir };
	struct ends e = { d->local, d->remote, (uint16_t)(12000 + d->port) };
	char text[160];

	if (t->fd < 0)
		return;
	for (int i = 0; i < d->niov; i++) {
		size_t m = d->iov[i].iov_len;

		if (m > PKT_MAX - k.pay_len)
			m = PKT_MAX - k.pay_len;
		if (m != 0)
			memcpy(pay + k.pay_len, d->iov[i].iov_base, m);
		k.pay_len += m;
	}
	if (d->dir == TRACE_IN) {
		e.from = d->remote;
		e.to = d->local;
	}
	if (may_be_input(t, d->dir) && trace_redact(pay, k.pay_len) != 0)
		t->redacted++;
	comment(text, sizeof(text), d, pay, k.pay_len);
	k.comment = text;
	k.hdr_len = put_ip_udp(hdr, &e, pay, k.pay_len);
	put_block(t, now, &k);
}

void
trace_piu(struct trace *t, struct mono now, const uint8_t *piu, size_t n, int from_slu,
    const char *name)
{
	static const struct ipaddr plu = { 4, { 0 }, { 127, 0, 0, 1 } };
	static const struct ipaddr slu = { 4, { 0 }, { 127, 0, 0, 2 } };
	uint8_t pay[PKT_MAX], hdr[IP_HDR_MAX];
	struct packet k = { .pay = pay, .hdr = hdr, .dir = TRACE_OUT };
	struct ends e = { from_slu ? &slu : &plu, from_slu ? &plu : &slu, 12000 + EE_HIGH };
	struct llc h = { .dsap = LLC_SAP_NLP, .ssap = LLC_SAP_NLP, .frame = LLC_UI };
	struct label lu = nce_label(NCE_LU);
	struct nhdr nh = { .sm = NHDR_ANR, .tpf = TPF_HIGH, .anr = lu.b, .anr_len = lu.len };
	struct thdr th = { .somi = 1, .eomi = 1 };
	struct wr w = wr_on(pay, sizeof(pay));
	char text[96];

	if (t->fd < 0 || n > PKT_MAX - 128)
		return;
	th.dlf = (uint32_t)n;
	llc_put(&w, &h);
	nhdr_put(&w, &nh);
	thdr_put(&w, &th);
	wr_bytes(&w, piu, n);
	k.pay_len = wr_len(&w);
	if (from_slu && t->data != TRACE_FULL && trace_redact(pay, k.pay_len) != 0)
		t->redacted++;
	(void)snprintf(text, sizeof(text), "inside this node, from the %s: %s",
	    from_slu ? "secondary" : "primary", name);
	k.comment = text;
	k.hdr_len = put_ip_udp(hdr, &e, pay, k.pay_len);
	put_block(t, now, &k);
}

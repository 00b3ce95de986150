/* SPDX-License-Identifier: Apache-2.0
 *
 * A pcapng file is a row of blocks: type, length, body padded to four bytes,
 * length again; in the byte order of whoever wrote it (a magic number tells).
 * One section header, an interface description for each local address, then
 * one enhanced packet block per packet with its options: direction and a
 * comment in words.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "snaee/pcapng.h"

#define IP_HDR_MAX 48           /* IPv6 and UDP */
#define LINKTYPE_RAW 101
#define OPT_COMMENT 1
#define OPT_IF_NAME 2
#define OPT_TSRESOL 9
#define OPT_EPB_FLAGS 2
#define LEAST (4 * PCAPNG_BUF)

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
pcapng_init(struct pcapng *f)
{
	f->fd = -1;
	f->err = 0;
	f->packets = f->written = 0;
	f->n = 0;
	f->n_if = 0;
	f->path[0] = '\0';
}

static void
section_head(struct pcapng *f)
{
	uint8_t *p = f->buf;

	put32(&p, 0x0a0d0d0a);
	put32(&p, 28);
	put32(&p, 0x1a2b3c4d);
	put16(&p, 1);
	put16(&p, 0);
	put32(&p, UINT32_MAX);          /* section length: not known */
	put32(&p, UINT32_MAX);
	put32(&p, 28);
	f->n = (size_t)(p - f->buf);
	f->written = f->n;
}

static void
put_interface(struct pcapng *f, const struct pcapng_if *i)
{
	uint8_t block[64 + sizeof(*i)], *p = block, *len;
	uint8_t usec = 6;
	size_t n;

	put32(&p, 1);
	len = p;
	put32(&p, 0);
	put16(&p, LINKTYPE_RAW);
	put16(&p, 0);
	put32(&p, 0);                   /* no snap length */
	put_opt(&p, OPT_COMMENT, i->comment, strlen(i->comment));
	put_opt(&p, OPT_IF_NAME, i->name, strlen(i->name));
	put_opt(&p, OPT_TSRESOL, &usec, 1);
	put32(&p, 0);                   /* end of options */
	n = (size_t)(p - block) + 4;
	put32(&p, (uint32_t)n);
	put32(&len, (uint32_t)n);
	if (f->n + n > sizeof(f->buf))
		pcapng_flush(f);
	memcpy(f->buf + f->n, block, n);
	f->n += n;
	f->written += n;
}

static int
file_open(struct pcapng *f)
{
	/* Owner only: even without data a trace tells who talks to whom. */
	f->fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->fd < 0)
		return -errno;
	section_head(f);
	for (unsigned i = 0; i < f->n_if; i++)
		put_interface(f, &f->ifs[i]);
	return 0;
}

int
pcapng_open(struct pcapng *f, const char *path, uint64_t max)
{
	size_t n = strlen(path);

	pcapng_close(f);
	if (n == 0 || n + 3 > sizeof(f->path))
		return -ENAMETOOLONG;
	memcpy(f->path, path, n + 1);
	f->max = (max == 0 ? PCAPNG_MAX_DEFAULT : max) / 2;
	if (f->max < LEAST)
		f->max = LEAST;
	f->packets = 0;
	f->err = 0;
	f->n_if = 0;
	return file_open(f);
}

unsigned
pcapng_if(struct pcapng *f, const char *name, const char *comment)
{
	struct pcapng_if *i;

	for (unsigned k = 0; k < f->n_if; k++)
		if (strcmp(f->ifs[k].name, name) == 0)
			return k;
	if (f->n_if == PCAPNG_IFS || f->fd < 0)
		return 0;
	i = &f->ifs[f->n_if];
	(void)snprintf(i->name, sizeof(i->name), "%s", name);
	(void)snprintf(i->comment, sizeof(i->comment), "%s", comment);
	put_interface(f, i);
	return f->n_if++;
}

static void
fail(struct pcapng *f, int err)
{
	f->err = err;
	LOG(EE, ERROR, f->path, "capture file ended: %s", strerror(err));
	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
	f->n = 0;
}

void
pcapng_flush(struct pcapng *f)
{
	size_t done = 0;

	while (f->fd >= 0 && done < f->n) {
		ssize_t k = write(f->fd, f->buf + done, f->n - done);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			fail(f, errno);
			return;
		}
		done += (size_t)k;
	}
	f->n = 0;
}

void
pcapng_close(struct pcapng *f)
{
	if (f->fd < 0)
		return;
	pcapng_flush(f);
	if (f->fd < 0)
		return;
	(void)close(f->fd);
	f->fd = -1;
}

/* The file is full: it becomes FILE.1, the one before it is gone. */
static void
turn_over(struct pcapng *f)
{
	char old[PCAPNG_PATH + 2];

	pcapng_flush(f);
	if (f->fd < 0)
		return;
	(void)close(f->fd);
	f->fd = -1;
	(void)snprintf(old, sizeof(old), "%s.1", f->path);
	if (rename(f->path, old) != 0 || file_open(f) != 0)
		fail(f, errno);
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

static void
put_ip4(struct wr *w, const struct pcapng_pkt *k)
{
	uint8_t *ip = w->p;

	wr_u16(w, 0x4500);
	wr_u16(w, (unsigned)(20 + 8 + k->len));
	wr_u32(w, 0);
	wr_u16(w, 64u << 8 | 17);
	wr_u16(w, 0);
	wr_bytes(w, k->from->b, 4);
	wr_bytes(w, k->to->b, 4);
	wr_set16(w, (size_t)(ip - w->base) + 10, fold(sum16(ip, 20, 0)));
}

static void
put_ip6(struct wr *w, const struct pcapng_pkt *k)
{
	wr_u32(w, 0x60000000);
	wr_u16(w, (unsigned)(8 + k->len));
	wr_u16(w, 17u << 8 | 64);
	wr_bytes(w, k->from->b, 16);
	wr_bytes(w, k->to->b, 16);
}

/* IP and UDP in front. The check sum is that of what is written: readers do not
 * compute it for a packet that was cut. */
static size_t
put_ip_udp(uint8_t *to, const struct pcapng_pkt *k)
{
	struct wr w = wr_on(to, IP_HDR_MAX);
	size_t al = k->from->fam == 6 ? 16 : 4;
	uint32_t sum = sum16(k->from->b, al, 0);
	size_t at;

	if (k->from->fam == 6)
		put_ip6(&w, k);
	else
		put_ip4(&w, k);
	wr_u16(&w, k->port);
	wr_u16(&w, k->port);
	wr_u16(&w, (unsigned)(8 + k->len));
	at = wr_len(&w);
	wr_u16(&w, 0);
	sum = sum16(k->to->b, al, sum) + 17 + (uint32_t)(8 + k->len);
	sum = sum16(to + at - 6, 6, sum);
	sum = fold(sum16(k->data, k->cut, sum));
	wr_set16(&w, at, sum == 0 ? 0xffff : sum);
	return wr_len(&w);
}

void
pcapng_put(struct pcapng *f, const struct pcapng_pkt *k)
{
	uint8_t hdr[IP_HDR_MAX], *p;
	size_t head = put_ip_udp(hdr, k), n = head + k->cut, pad = (4 - n % 4) % 4;
	size_t cl = strlen(k->comment);
	size_t total = 28 + n + pad + (4 + 4) + (4 + cl + (4 - cl % 4) % 4) + 4 + 4;
	uint32_t flags = k->dir;

	if (f->fd < 0 || total > sizeof(f->buf))
		return;
	if (f->written + total > f->max)
		turn_over(f);
	if (f->n + total > sizeof(f->buf))
		pcapng_flush(f);
	if (f->fd < 0)
		return;
	p = f->buf + f->n;
	put32(&p, 6);
	put32(&p, (uint32_t)total);
	put32(&p, k->iface);
	put32(&p, (uint32_t)((uint64_t)k->wall_us >> 32));
	put32(&p, (uint32_t)k->wall_us);
	put32(&p, (uint32_t)n);
	put32(&p, (uint32_t)(head + k->len));
	memcpy(p, hdr, head);
	memcpy(p + head, k->data, k->cut);
	memset(p + n, 0, pad);
	p += n + pad;
	put_opt(&p, OPT_EPB_FLAGS, &flags, 4);
	put_opt(&p, OPT_COMMENT, k->comment, cl);
	put32(&p, 0);
	put32(&p, (uint32_t)total);
	f->n += total;
	f->written += total;
	f->packets++;
}

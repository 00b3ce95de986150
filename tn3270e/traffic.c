/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/traffic.h"

#define COUNT_BITS 24
#define COUNT_MAX ((1u << COUNT_BITS) - 1)
#define WORDS ((size_t)TRAFFIC_BUCKETS * TRAFFIC_WAYS)

int
traffic_init(struct traffic *t)
{
	*t = (struct traffic){ .held = calloc(WORDS, sizeof(*t->held)),
		.rate = calloc(WORDS, sizeof(*t->rate)) };
	if (t->held == NULL || t->rate == NULL || map_init(&t->seed, 1) != 0) {
		free(t->held);
		free(t->rate);
		*t = (struct traffic){ 0 };
		return -ENOMEM;
	}
	return 0;
}

void
traffic_fini(struct traffic *t)
{
	if (t->held == NULL)
		return;
	free(t->held);
	free(t->rate);
	map_fini(&t->seed);
	*t = (struct traffic){ 0 };
}

static uint64_t
hash_of(const struct traffic *t, const struct ipaddr *a, uint16_t port)
{
	uint8_t key[19] = { a->fam, (uint8_t)(port >> 8), (uint8_t)port };

	memcpy(key + 3, a->b, a->fam == 6 ? 8 : 4);
	return map_hash(&t->seed, key, sizeof(key));
}

static _Atomic uint64_t *
bucket(_Atomic uint64_t *words, uint64_t hash)
{
	return words + (size_t)(hash % TRAFFIC_BUCKETS) * TRAFFIC_WAYS;
}

/* What the bucket's number leaves of the hash; never 0. */
static uint64_t
tag_of(uint64_t hash, unsigned bits)
{
	uint64_t tag = hash >> (64 - bits);

	return tag == 0 ? 1 : tag;
}

static _Atomic uint64_t *
find(_Atomic uint64_t *b, uint64_t tag)
{
	for (unsigned i = 0; i < TRAFFIC_WAYS; i++)
		if (atomic_load(&b[i]) >> COUNT_BITS == tag)
			return &b[i];
	return NULL;
}

/* Two workers that meet an address at the same time may give it two places: they count
 * together. */
static uint32_t
count_all(_Atomic uint64_t *b, uint64_t tag, const _Atomic uint64_t *but)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < TRAFFIC_WAYS; i++) {
		uint64_t v = atomic_load(&b[i]);

		n += &b[i] != but && v >> COUNT_BITS == tag ? (uint32_t)(v & COUNT_MAX) : 0;
	}
	return n;
}

/* Count before; COUNT_MAX: the bucket is full, nothing was counted. */
static uint32_t
count_up(struct traffic *t, uint64_t hash)
{
	_Atomic uint64_t *b = bucket(t->held, hash), *w;
	uint64_t tag = tag_of(hash, 64 - COUNT_BITS), v;

	for (;;) {
		w = find(b, tag);
		v = w == NULL ? 0 : atomic_load(w);
		for (unsigned i = 0; w == NULL && i < TRAFFIC_WAYS; i++)
			if (atomic_load(&b[i]) == 0)
				w = &b[i];
		if (w == NULL || (v & COUNT_MAX) == COUNT_MAX)
			return COUNT_MAX;
		if (v != 0 && v >> COUNT_BITS != tag)
			continue;               /* another took the place just now */
		if (atomic_compare_exchange_strong(w, &v, v == 0 ? tag << COUNT_BITS | 1 : v + 1))
			return (uint32_t)(v & COUNT_MAX) + count_all(b, tag, w);
	}
}

static void
count_down(struct traffic *t, uint64_t hash)
{
	_Atomic uint64_t *b = bucket(t->held, hash), *w;
	uint64_t tag = tag_of(hash, 64 - COUNT_BITS), v;

	while ((w = find(b, tag)) != NULL) {
		v = atomic_load(w);
		if (v >> COUNT_BITS == tag && atomic_compare_exchange_strong(w, &v,
		    (v & COUNT_MAX) <= 1 ? 0 : v - 1))
			return;
	}
}

static uint32_t
count_of(const struct traffic *t, uint64_t hash)
{
	return count_all(bucket(t->held, hash), tag_of(hash, 64 - COUNT_BITS), NULL);
}

/* The word of this address, else one that is free or of an older window. */
static _Atomic uint64_t *
rate_word(_Atomic uint64_t *b, uint64_t tag, uint64_t window)
{
	_Atomic uint64_t *w = NULL;

	for (unsigned i = 0; i < TRAFFIC_WAYS; i++) {
		uint64_t v = atomic_load(&b[i]);

		if (v >> 32 == tag)
			return &b[i];
		if ((v >> 16 & 0xffff) != window || v == 0)
			w = &b[i];
	}
	return w;
}

/* Counts in windows of LIM_RATE_S seconds; a race of two workers may lose one count. */
static bool
too_fast(struct traffic *t, uint64_t hash, uint32_t max, struct mono now)
{
	uint64_t window = (uint64_t)(now.us / SECS(LIM_RATE_S)) & 0xffff, v, n;
	uint64_t tag = tag_of(hash, 32);
	_Atomic uint64_t *w = rate_word(bucket(t->rate, hash), tag, window);

	if (w == NULL)
		return false;
	v = atomic_load(w);
	n = v >> 16 == (tag << 16 | window) ? (v & 0xffff) : 0;
	if (n >= max)
		return true;
	atomic_store(w, tag << 32 | window << 16 | (n + 1));
	return false;
}

static enum tr_verdict
verdict(const struct tnp_limits *l, uint32_t total, uint32_t own)
{
	uint64_t left = l->v[LIM_TOTAL] > total ? l->v[LIM_TOTAL] - total : 0;

	if (l->v[LIM_TOTAL] != 0 && left == 0)
		return TR_TOTAL;
	if (l->v[LIM_ADDR] != 0 && own >= l->v[LIM_ADDR])
		return TR_ADDR;
	if (l->v[LIM_TOTAL] != 0 && l->v[LIM_PERCENT] != 0 && own != 0 &&
	    (uint64_t)own * 100 >= left * l->v[LIM_PERCENT])
		return TR_PERCENT;
	return TR_OK;
}

enum tr_verdict
traffic_enter(struct traffic *t, const struct tnp_limits *l, const struct ipaddr *a, uint16_t port,
    struct mono now)
{
	const struct ipaddr none = { .fam = 0 };
	uint64_t hash = hash_of(t, a, port), all = hash_of(t, &none, port);
	uint32_t own, total;
	enum tr_verdict v;

	if (l->v[LIM_RATE] != 0 && too_fast(t, hash, l->v[LIM_RATE], now))
		return TR_RATE;
	own = count_up(t, hash);
	if (own == COUNT_MAX)
		return TR_OK_UNCOUNTED;
	total = count_up(t, all);
	v = total == COUNT_MAX ? TR_OK_UNCOUNTED : verdict(l, total, own);
	if (v == TR_OK)
		return v;
	if (total != COUNT_MAX)
		count_down(t, all);
	count_down(t, hash);
	return v;
}

void
traffic_leave(struct traffic *t, const struct ipaddr *a, uint16_t port)
{
	const struct ipaddr none = { .fam = 0 };

	count_down(t, hash_of(t, a, port));
	count_down(t, hash_of(t, &none, port));
}

uint32_t
traffic_held(const struct traffic *t, const struct ipaddr *a, uint16_t port)
{
	return count_of(t, hash_of(t, a, port));
}

const char *
traffic_reason(enum tr_verdict v)
{
	switch (v) {
	case TR_OK:
	case TR_OK_UNCOUNTED:
		break;
	case TR_TOTAL:
		return "TRTOTAL";
	case TR_PERCENT:
		return "TRPERCNT";
	case TR_ADDR:
		return "CONNADDR";
	case TR_RATE:
		return "CONNRATE";
	}
	return "";
}

const char *
traffic_text(enum tr_verdict v)
{
	switch (v) {
	case TR_OK:
	case TR_OK_UNCOUNTED:
		break;
	case TR_TOTAL:
		return "this port has as many connections as it may have (TRTOTALCONN)";
	case TR_PERCENT:
		return "your address has its share of this port's connections (TRPERCENT)";
	case TR_ADDR:
		return "your address has as many connections as it may have (MAXCONNADDR)";
	case TR_RATE:
		return "your address connects too often: try again in ten seconds (MAXCONNRATE)";
	}
	return "";
}

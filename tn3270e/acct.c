/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tn3270e/acct.h"

struct out {
	char *to;
	size_t n;
};

static void __attribute__((format(printf, 2, 3)))
put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int k;

	va_start(ap, fmt);
	k = vsnprintf(o->to + o->n, ACCT_LINE - o->n, fmt, ap);
	va_end(ap);
	if (k > 0)
		o->n += (size_t)k < ACCT_LINE - o->n ? (size_t)k : ACCT_LINE - o->n - 1;
}

/* RFC 8259: what is not plain ASCII goes out as \u00xx, whatever it was meant to be. */
static void
text(struct out *o, const char *name, const char *s)
{
	put(o, ",\"%s\":\"", name);
	for (; *s != '\0'; s++) {
		unsigned char ch = (unsigned char)*s;

		if (ch == '"' || ch == '\\')
			put(o, "\\%c", ch);
		else if (ch < ' ' || ch >= 0x7f)
			put(o, "\\u%04x", ch);
		else
			put(o, "%c", ch);
	}
	put(o, "\"");
}

static void
when(struct out *o, const char *name, int64_t us)
{
	time_t t = (time_t)(us / 1000000);
	char date[32];
	struct tm tm;

	(void)gmtime_r(&t, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	put(o, "%s\"%s\":\"%s.%02uZ\"", o->n == 1 ? "" : ",", name, date,
	    (unsigned)(us % 1000000 / 10000));
}

static void
number(struct out *o, const char *name, uint64_t v)
{
	put(o, ",\"%s\":%" PRIu64, name, v);
}

static void
who(struct out *o, const struct acct_rec *r)
{
	char addr[IPADDR_TEXT];

	text(o, "lu", r->lu);
	text(o, "appl", r->appl);
	number(o, "device_number", r->conn);
	text(o, "client", ipaddr_text(&r->client, addr));
	number(o, "client_port", r->cport);
	text(o, "local", ipaddr_text(&r->dest, addr));
	number(o, "local_port", r->dport);
	text(o, "host", r->host);
	text(o, "user", r->user);
	text(o, "lu_group", r->lugroup);
}

static void
what(struct out *o, const struct acct_rec *r)
{
	static const char *const type[] = { "UNKNOWN", "TN3270", "TN3270E", "LINEMODE",
		"DBCSTRANSFORM", "BINARY" };
	static const char *const tls[] = { "NONE", "SERVER", "CLIENT" };

	text(o, "session_type", type[r->type % 6]);
	text(o, "lu_selection", r->by_client ? "CLIENT" : "SERVER");
	text(o, "tls", tls[r->tls % 3]);
	text(o, "tls_version", r->version);
	text(o, "tls_cipher", r->cipher);
	put(o, ",\"options\":\"%02X\",\"functions\":\"%04X\"", r->options, r->functions);
	text(o, "logmode", r->mode);
	text(o, "device_type", r->device);
}

static void
end(struct out *o, const struct acct_rec *r)
{
	when(o, "end", r->end_us);
	number(o, "duration_cs", r->end_us < r->start_us ? 0 :
	    (uint64_t)(r->end_us - r->start_us) / 10000);
	number(o, "bytes_in", r->bytes_in);
	number(o, "bytes_out", r->bytes_out);
	number(o, "transactions", r->transactions);
	text(o, "reason", r->reason);
}

/* The optional sections: response times, buckets. */
static void
times(struct out *o, const struct acct_rec *r)
{
	const struct rtime_sum *s = &r->rt;

	text(o, "monitor_group", r->group);
	put(o, ",\"response_times\":{\"count\":%" PRIu64 ",\"ip_count\":%" PRIu64 ",\"sum_ms\":%"
	    PRIu64 ",\"ip_sum_ms\":%" PRIu64 ",\"squares_ms2\":%" PRIu64 ",\"ip_squares_ms2\":%"
	    PRIu64 ",\"unanswered\":%" PRIu64 ",\"definite_response\":%" PRIu64
	    ",\"timing_mark\":%" PRIu64 "}", s->n, s->n_ip, s->total_us / 1000, s->ip_us / 1000,
	    s->total_sq, s->ip_sq, s->late, s->by_dr, s->by_tm);
	if (!r->conf.buckets)
		return;
	put(o, ",\"bucket_bounds_ms\":[%u,%u,%u,%u]", r->conf.bound_ms[0], r->conf.bound_ms[1],
	    r->conf.bound_ms[2], r->conf.bound_ms[3]);
	put(o, ",\"buckets\":[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]",
	    s->bucket[0], s->bucket[1], s->bucket[2], s->bucket[3], s->bucket[4]);
}

size_t
acct_line(const struct acct_rec *r, int64_t now_us, char to[ACCT_LINE])
{
	struct out o = { to, 0 };

	put(&o, "{");
	when(&o, "time", now_us);
	put(&o, ",\"type\":119,\"subtype\":%u", r->sub);
	text(&o, "event", r->sub == ACCT_TERM ? "SESSION END" : "SESSION START");
	who(&o, r);
	when(&o, "start", r->start_us);
	what(&o, r);
	if (r->sub == ACCT_TERM) {
		end(&o, r);
		if (r->monitored)
			times(&o, r);
	}
	put(&o, "}\n");
	return o.n;
}

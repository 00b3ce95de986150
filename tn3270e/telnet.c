/* SPDX-License-Identifier: Apache-2.0
 *
 * Telnet. Data bytes are looked at with memchr and moved at most once, to close
 * the gap a doubled IAC or a command left; whole commands are handed to
 * libtelnet, which decides what to answer. TIMING-MARK is answered here: it is
 * a question each time, not a state (RFC 860), which RFC 1143 can't express.
 *
 * Sub-negotiations of options we never use are not shown to the library: it
 * would begin to inflate the stream for COMPRESS2 without being asked to.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include <libtelnet.h>

#include "tn3270e/telnet.h"

#define BIT(o) (1ull << (o))
#define LATER_IP 1u
#define LATER_AO 2u

/* What we may do and what he may do; all else the library refuses. START_TLS and
 * NEW-ENVIRON are not among them: only this end asks for them (companion 4.2 rule 5, 5). */
static const telnet_telopt_t opts_e[] = {
	{ TO_BINARY, TELNET_WILL, TELNET_DO }, { TO_SGA, TELNET_WILL, TELNET_DO },
	{ TO_TTYPE, TELNET_WONT, TELNET_DO }, { TO_EOR, TELNET_WILL, TELNET_DO },
	{ TO_TN3270E, TELNET_WILL, TELNET_DO }, { -1, 0, 0 }
};
static const telnet_telopt_t opts_no_e[] = {
	{ TO_BINARY, TELNET_WILL, TELNET_DO }, { TO_SGA, TELNET_WILL, TELNET_DO },
	{ TO_TTYPE, TELNET_WONT, TELNET_DO }, { TO_EOR, TELNET_WILL, TELNET_DO },
	{ -1, 0, 0 }
};

/* --- bytes for the wire --- */

static struct buf *
out_tail(struct telnet *t, size_t n)
{
	struct buf *b = STAILQ_LAST(&t->out.head, buf, link);

	if (b != NULL && buf_tailroom(b) >= n)
		return b;
	b = buf_get(t->bufs, n);
	if (b == NULL)
		t->starved = 1;
	else
		bufq_put(&t->out, b);
	return b;
}

static void
out_bytes(struct telnet *t, const void *p, size_t n)
{
	struct buf *b = out_tail(t, n);

	if (b == NULL)
		return;
	buf_append(b, p, n);
	t->out.bytes += (uint32_t)n;
}

/* --- libtelnet --- */

static void
change(struct telnet *t, uint8_t verb, uint8_t opt)
{
	if (opt < 64 && verb == TV_WILL)
		t->him |= BIT(opt);
	else if (opt < 64 && verb == TV_WONT)
		t->him &= ~BIT(opt);
	else if (opt < 64 && verb == TV_DO)
		t->us |= BIT(opt);
	else if (opt < 64)
		t->us &= ~BIT(opt);
	t->ev = TEL_OPTION;
	t->ev_verb = verb;
	t->ev_opt = opt;
}

static void
on_event(telnet_t *lib, telnet_event_t *e, void *user)
{
	static const uint8_t verb[] = { TV_WILL, TV_WONT, TV_DO, TV_DONT };
	static const uint8_t nothing[1] = { 0 };        /* the library's is NULL at first */
	struct telnet *t = user;

	(void)lib;
	if (t->replay)
		return;
	switch (e->type) {
	case TELNET_EV_SEND:
		out_bytes(t, e->data.buffer, e->data.size);
		break;
	case TELNET_EV_WILL:
	case TELNET_EV_WONT:
	case TELNET_EV_DO:
	case TELNET_EV_DONT:
		change(t, verb[e->type - TELNET_EV_WILL], e->neg.telopt);
		break;
	case TELNET_EV_SUBNEGOTIATION:
		t->ev = TEL_SB;
		t->ev_opt = t->sb_opt;
		t->ev_sb = e->sub.size == 0 ? nothing : (const uint8_t *)e->sub.buffer;
		t->ev_sb_len = (uint32_t)e->sub.size;
		break;
	case TELNET_EV_WARNING:
	case TELNET_EV_ERROR:
		t->dropped++;
		break;
	case TELNET_EV_DATA:
	case TELNET_EV_IAC:
	case TELNET_EV_COMPRESS:
	case TELNET_EV_ZMP:
	case TELNET_EV_TTYPE:
	case TELNET_EV_ENVIRON:
	case TELNET_EV_MSSP:
		break;
	}
}

/* The options agreed and those asked for are put back: all is said again, with nobody
 * listening. */
static void
replay(struct telnet *t)
{
	t->replay = 1;
	for (unsigned o = 0; o < 64; o++) {
		const char will[] = { (char)TC_IAC, (char)TV_WILL, (char)o };
		const char want[] = { (char)TC_IAC, (char)TV_DO, (char)o };

		if ((t->him | t->ask_him) & BIT(o))
			telnet_negotiate(t->lib, TV_DO, (unsigned char)o);
		if (t->him & BIT(o))
			telnet_recv(t->lib, will, sizeof(will));
		if ((t->us | t->ask_us) & BIT(o))
			telnet_negotiate(t->lib, TV_WILL, (unsigned char)o);
		if (t->us & BIT(o))
			telnet_recv(t->lib, want, sizeof(want));
	}
	t->replay = 0;
}

static bool
awake(struct telnet *t)
{
	if (t->lib != NULL)
		return true;
	t->lib = telnet_init(t->no_e ? opts_no_e : opts_e, on_event, 0, t);
	if (t->lib == NULL) {
		t->starved = 1;
		return false;
	}
	replay(t);
	return true;
}

static void
feed(struct telnet *t, const void *p, size_t n)
{
	if (awake(t))
		telnet_recv(t->lib, p, n);
}

bool
tel_init(struct telnet *t, struct bufpool *bufs, enum tel_offer offer, uint32_t max_record)
{
	*t = (struct telnet){ .bufs = bufs, .max_record = max_record, .mode = TM_DROP,
		.no_e = offer == TEL_WITHOUT_E };
	bufq_init(&t->rec);
	bufq_init(&t->out);
	return awake(t);
}

void
tel_sleep(struct telnet *t)
{
	if (t->lib == NULL || t->in_sb)
		return;
	telnet_free(t->lib);
	t->lib = NULL;
}

void
tel_fini(struct telnet *t)
{
	if (t->lib != NULL)
		telnet_free(t->lib);
	t->lib = NULL;
	buf_free(t->in);
	t->in = NULL;
	bufq_drop(&t->rec);
	bufq_drop(&t->out);
}

void
tel_set_mode(struct telnet *t, enum tel_mode mode)
{
	t->mode = (uint8_t)mode;
	bufq_drop(&t->rec);
	t->rec_len = 0;
	t->later = 0;
}

/* --- in: buffers --- */

/* The part of the record in t->in goes to the earlier parts. */
static void
part_away(struct telnet *t)
{
	struct buf *b = t->in;

	t->in = NULL;
	if (b == NULL)
		return;
	buf_trim(b, t->rec_len);
	if (t->rec_len == 0)
		buf_free(b);
	else
		bufq_put(&t->rec, b);
	t->rec_len = t->scan = 0;
}

/* What is little of a record's beginning goes along: header and AID lie in one piece. */
static void
carry_over(struct telnet *t, struct buf *to)
{
	struct buf *b = t->in;

	if (t->rec.count != 0 || t->rec_len == 0 || t->rec_len > TEL_READ / 4) {
		part_away(t);
		return;
	}
	buf_append(to, b->p, t->rec_len);
	buf_free(b);
	t->scan = t->rec_len;
	t->in = NULL;
}

uint8_t *
tel_room(struct telnet *t, size_t *n)
{
	struct buf *b = t->in, *next;
	bool end = false;

	if (b != NULL && t->scan == b->len) {           /* close the gap */
		buf_trim(b, t->rec_len);
		t->scan = t->rec_len;
		end = buf_tailroom(b) < TEL_READ / 4;
	}
	if (b == NULL || end || buf_tailroom(b) == 0) {
		if (b != NULL && !end)  /* not looked at, and full: the caller reads too early */
			return NULL;
		next = buf_get(t->bufs, TEL_READ);
		if (next == NULL)
			return NULL;
		if (b == NULL)
			t->rec_len = t->scan = 0;
		else
			carry_over(t, next);
		t->in = b = next;
	}
	*n = buf_tailroom(b);
	return b->p + b->len;
}

void
tel_filled(struct telnet *t, size_t n)
{
	struct buf *b = t->in;

	assert(b != NULL);
	(void)buf_put(b, n);
	if (b->len == 0) {
		buf_free(b);
		t->in = NULL;
	}
}

bool
tel_more(const struct telnet *t)
{
	return t->in != NULL && t->scan < t->in->len;
}

/* --- in: what the bytes say --- */

static bool
in_record(const struct telnet *t)
{
	return t->rec_len != 0 || t->rec.count != 0;
}

/* Takes n bytes at scan: they are data. False: the record grows too long. */
static bool
keep(struct telnet *t, size_t n)
{
	uint8_t *p = t->in->p;

	if (t->mode == TM_DROP) {
		t->dropped += (uint32_t)n;
		t->scan += (uint32_t)n;
		return true;
	}
	if (t->rec_len != t->scan)
		memmove(p + t->rec_len, p + t->scan, n);
	t->rec_len += (uint32_t)n;
	t->scan += (uint32_t)n;
	return t->rec.bytes + t->rec_len <= t->max_record;
}

static bool
keep_iac(struct telnet *t)
{
	if (t->mode == TM_DROP) {
		t->dropped++;
		t->scan++;
		return true;
	}
	t->in->p[t->rec_len++] = TC_IAC;        /* scan is ahead by one at least */
	t->scan++;
	return t->rec.bytes + t->rec_len <= t->max_record;
}

static bool
give_up(struct tel_ind *ind, const char *why)
{
	ind->what = TEL_BAD;
	ind->why = why;
	return true;
}

/* The record is whole, or the text so far is. */
static void
give(struct telnet *t, struct tel_ind *ind, enum tel_what what)
{
	struct buf *b = t->in, *copy;

	bufq_move(&ind->rec, &t->rec);
	if (t->scan == b->len) {
		buf_trim(b, t->rec_len);
		t->in = NULL;
		if (b->len != 0 || ind->rec.count == 0)
			bufq_put(&ind->rec, b);
		else
			buf_free(b);
	} else if (t->rec_len != 0 || ind->rec.count == 0) {
		copy = buf_get(t->bufs, t->rec_len);
		if (copy == NULL) {
			bufq_drop(&ind->rec);
			t->starved = 1;
			t->rec_len = 0;
			return;
		}
		buf_append(copy, b->p, t->rec_len);
		bufq_put(&ind->rec, copy);
		(void)buf_pull(b, t->scan);
		t->scan = 0;
	}
	t->rec_len = 0;
	if (t->in == NULL)
		t->scan = 0;
	ind->what = (uint8_t)what;
}

/* What libtelnet found in the bytes just fed. */
static void
heard(struct telnet *t, struct tel_ind *ind)
{
	if (t->ev == 0)
		return;
	if (t->ev != TEL_SB || !t->sb_bad) {
		ind->what = t->ev;
		ind->verb = t->ev_verb;
		ind->opt = t->ev_opt;
		ind->sb = t->ev_sb;
		ind->sb_len = t->ev_sb_len;
	}
	t->ev = 0;
}

/* RFC 860: DO is answered each time; WILL and WONT are the answers to ours. */
static void
timing_mark(struct telnet *t, uint8_t verb)
{
	const uint8_t will[] = { TC_IAC, TV_WILL, TO_TM };

	if (verb == TV_DO)
		out_bytes(t, will, sizeof(will));
}

/* The library tells nothing when a request of ours is refused: the option was
 * off and stays off. We want to know. */
static void
refused(struct telnet *t, uint8_t opt)
{
	uint64_t *asked = t->iac == TV_WILL || t->iac == TV_WONT ? &t->ask_him : &t->ask_us;

	if (opt >= 64 || (*asked & BIT(opt)) == 0)
		return;
	*asked &= ~BIT(opt);
	if (t->ev == 0 && (t->iac == TV_WONT || t->iac == TV_DONT))
		change(t, t->iac, opt);
}

static void
option(struct telnet *t, struct tel_ind *ind, uint8_t opt)
{
	const uint8_t said[] = { TC_IAC, t->iac, opt };

	if (opt == TO_TM) {
		timing_mark(t, t->iac);
		if (t->iac == TV_WILL || t->iac == TV_WONT)
			*ind = (struct tel_ind){ .what = TEL_OPTION, .verb = t->iac, .opt = opt };
		return;
	}
	if (opt == TO_SGA && t->no_sga && (t->iac == TV_DO || t->iac == TV_WILL)) {
		const uint8_t no[] = { TC_IAC, t->iac == TV_DO ? TV_WONT : TV_DONT, opt };

		out_bytes(t, no, sizeof(no));
		return;
	}
	feed(t, said, sizeof(said));
	refused(t, opt);
	heard(t, ind);
}

static bool
sb_wanted(const struct telnet *t, uint8_t opt)
{
	return opt == TO_TTYPE || opt == TO_TN3270E || opt == TO_START_TLS ||
	    (opt == TO_ENVIRON && tel_him(t, opt));
}

/* NEW-ENVIRON goes by under another name: the library would take its body apart in place. */
static void
sb_begin(struct telnet *t, uint8_t opt)
{
	const uint8_t said[] = { TC_IAC, TV_SB, opt == TO_ENVIRON ? TO_TN3270E : opt };

	t->in_sb = 1;
	t->sb_opt = opt;
	t->sb_len = 0;
	t->sb_bad = !sb_wanted(t, opt);
	if (!t->sb_bad)
		feed(t, said, sizeof(said));
}

static void
sb_end(struct telnet *t, struct tel_ind *ind)
{
	const uint8_t said[] = { TC_IAC, TC_SE };

	t->in_sb = 0;
	if (!sb_wanted(t, t->sb_opt))
		return;
	feed(t, said, sizeof(said));
	if (t->sb_bad)
		t->dropped++;
	heard(t, ind);
}

/* Bytes of a sub-negotiation up to the next IAC. */
static void
sb_run(struct telnet *t, const uint8_t *p, size_t n)
{
	if (t->sb_bad)
		return;
	if (t->sb_len + n > TEL_SB_MAX) {
		t->sb_bad = 1;
		return;
	}
	t->sb_len = (uint16_t)(t->sb_len + n);
	feed(t, p, n);
}

/* IP and AO inside a record wait for its end: RFC 2355 8. */
static void
command(struct telnet *t, struct tel_ind *ind, uint8_t cmd)
{
	bool edits = t->mode == TM_LINE && (cmd == TC_EC || cmd == TC_EL);

	if (cmd != TC_IP && cmd != TC_AO && cmd != TC_BRK && cmd != TC_AYT && !edits)
		return;
	if (in_record(t) && (cmd == TC_IP || cmd == TC_AO)) {
		t->later |= cmd == TC_IP ? LATER_IP : LATER_AO;
		return;
	}
	ind->what = TEL_CMD;
	ind->cmd = cmd;
}

/* The byte behind IAC while a sub-negotiation is open. */
static void
sb_iac(struct telnet *t, struct tel_ind *ind, uint8_t b)
{
	const uint8_t two[] = { TC_IAC, TC_IAC };

	t->iac = 0;
	if (b == TC_SE) {
		sb_end(t, ind);
	} else if (b == TC_IAC) {
		if (!t->sb_bad && t->sb_len < TEL_SB_MAX) {
			t->sb_len++;
			feed(t, two, sizeof(two));
		} else {
			t->sb_bad = 1;
		}
	} else {                /* RFC 855: no command belongs in here; it ends broken */
		t->sb_bad = 1;
		sb_end(t, ind);
		t->iac = TC_IAC;
		t->scan--;      /* the byte is looked at again as a command */
	}
}

/* The byte behind IAC. False: too long a record. */
static bool
after_iac(struct telnet *t, struct tel_ind *ind, uint8_t b)
{
	if (t->mode == TM_LINE && b != TC_IAC && in_record(t)) {
		t->scan--;              /* again, behind the text that came before it */
		give(t, ind, TEL_TEXT);
		return true;
	}
	t->iac = 0;
	switch (b) {
	case TC_IAC:
		t->scan--;
		return keep_iac(t);
	case TC_EOR:
		if (t->mode == TM_RECORDS)
			give(t, ind, TEL_RECORD);
		return true;
	case TV_SB:
	case TV_WILL:
	case TV_WONT:
	case TV_DO:
	case TV_DONT:
		t->iac = b;
		return true;
	default:
		command(t, ind, b);
		return true;
	}
}

static bool
one_byte(struct telnet *t, struct tel_ind *ind)
{
	uint8_t b = t->in->p[t->scan++];

	if (t->iac == TC_IAC && t->in_sb) {
		sb_iac(t, ind, b);
	} else if (t->iac == TC_IAC) {
		return after_iac(t, ind, b);
	} else if (t->iac == TV_SB) {
		t->iac = 0;
		sb_begin(t, b);
	} else {
		option(t, ind, b);
		t->iac = 0;
	}
	return true;
}

/* Text up to the end of a line: what a line brings may be much. True: its end was there. */
static bool
one_line(const uint8_t *p, size_t *n)
{
	for (size_t i = 0; i < *n; i++) {
		if (p[i] == '\r' || p[i] == '\n') {
			*n = i + 1;
			return true;
		}
	}
	return false;
}

/* Plain bytes up to the next IAC, and that IAC. */
static bool
run(struct telnet *t, struct tel_ind *ind)
{
	const uint8_t *p = t->in->p + t->scan;
	size_t left = t->in->len - t->scan, n;
	const uint8_t *iac = memchr(p, TC_IAC, left);
	bool whole = false;

	n = iac == NULL ? left : (size_t)(iac - p);
	if (n != 0 && t->in_sb) {
		sb_run(t, p, n);
		t->scan += (uint32_t)n;
	} else if (n != 0) {
		whole = t->mode == TM_LINE && one_line(p, &n);
		if (!keep(t, n))
			return false;
	}
	if (whole) {
		give(t, ind, TEL_TEXT);
	} else if (iac != NULL) {
		t->iac = TC_IAC;
		t->scan++;
	}
	return true;
}

/* All was looked at: text goes up at once, an idle connection holds no buffer. */
static bool
dry(struct telnet *t, struct tel_ind *ind)
{
	if (t->in == NULL)
		return false;
	if (t->mode == TM_LINE && in_record(t)) {
		give(t, ind, TEL_TEXT);
		return ind->what != 0;
	}
	if (t->rec_len == 0) {
		buf_free(t->in);
		t->in = NULL;
		t->scan = 0;
	}
	return false;
}

bool
tel_recv(struct telnet *t, struct tel_ind *ind)
{
	*ind = (struct tel_ind){ 0 };
	bufq_init(&ind->rec);
	if (t->later != 0 && !in_record(t)) {
		ind->what = TEL_CMD;
		ind->cmd = t->later & LATER_IP ? TC_IP : TC_AO;
		t->later &= t->later & LATER_IP ? (uint8_t)~LATER_IP : 0;
		return true;
	}
	while (tel_more(t) && !t->starved) {
		bool fits = t->iac != 0 ? one_byte(t, ind) : run(t, ind);

		if (!fits)
			return give_up(ind, "a record is longer than MAXRECEIVE allows");
		if (ind->what != 0)
			return true;
	}
	if (t->starved)
		return give_up(ind, "out of buffers");
	return dry(t, ind);
}

/* --- out --- */

void
tel_ask(struct telnet *t, enum tel_verb verb, uint8_t opt)
{
	if (!awake(t))
		return;
	if (opt < 64 && verb == TV_DO)
		t->ask_him |= BIT(opt);
	else if (opt < 64 && verb == TV_WILL)
		t->ask_us |= BIT(opt);
	else if (opt < 64 && verb == TV_DONT)
		t->him &= ~BIT(opt);    /* off as soon as we say so */
	else if (opt < 64)
		t->us &= ~BIT(opt);
	telnet_negotiate(t->lib, (unsigned char)verb, opt);
}

void
tel_put_sb(struct telnet *t, uint8_t opt, const void *p, size_t n)
{
	if (awake(t))
		telnet_subnegotiation(t->lib, opt, p, n);
}

void
tel_put_cmd(struct telnet *t, enum tel_cmd cmd)
{
	const uint8_t said[] = { TC_IAC, (uint8_t)cmd };

	out_bytes(t, said, sizeof(said));
}

void
tel_timing_mark(struct telnet *t)
{
	const uint8_t said[] = { TC_IAC, TV_DO, TO_TM };

	out_bytes(t, said, sizeof(said));
}

bool
tel_us(const struct telnet *t, uint8_t opt)
{
	return opt < 64 && (t->us & BIT(opt)) != 0;
}

bool
tel_him(const struct telnet *t, uint8_t opt)
{
	return opt < 64 && (t->him & BIT(opt)) != 0;
}

static size_t
count_iac(const struct buf *b)
{
	const uint8_t *p = b->p, *end = b->p + b->len;
	size_t n = 0;

	while (p < end && (p = memchr(p, TC_IAC, (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

/* Doubles n IACs into the headroom: the bytes before each move down. */
static void
double_down(struct buf *b, size_t n)
{
	const uint8_t *from = b->p, *end = b->p + b->len, *iac;
	uint8_t *to = buf_push(b, n);

	while (to != from) {
		iac = memchr(from, TC_IAC, (size_t)(end - from));
		assert(iac != NULL);
		memmove(to, from, (size_t)(iac - from) + 1);
		to += iac - from + 1;
		*to++ = TC_IAC;
		from = iac + 1;
	}
}

/* More than the headroom takes: into other buffers. Takes b. */
static void
double_copy(struct telnet *t, struct buf *b)
{
	const uint8_t *p = b->p, *end = b->p + b->len, *iac;
	const uint8_t two[] = { TC_IAC, TC_IAC };

	while (p < end) {
		iac = memchr(p, TC_IAC, (size_t)(end - p));
		out_bytes(t, p, (size_t)((iac == NULL ? end : iac) - p));
		if (iac == NULL)
			break;
		out_bytes(t, two, sizeof(two));
		p = iac + 1;
	}
	buf_free(b);
}

static void
send_buf(struct telnet *t, struct buf *b)
{
	size_t n = count_iac(b);

	if (n > buf_headroom(b)) {
		double_copy(t, b);
		return;
	}
	if (n != 0)
		double_down(b, n);
	bufq_put(&t->out, b);
}

void
tel_send(struct telnet *t, struct bufq *rec)
{
	struct buf *b;

	while ((b = bufq_get(rec)) != NULL)
		send_buf(t, b);
	tel_put_cmd(t, TC_EOR);
}

void
tel_send_text(struct telnet *t, struct buf *b)
{
	send_buf(t, b);
}

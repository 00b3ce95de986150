/* SPDX-License-Identifier: Apache-2.0
 *
 * PRTDEMO. A job is pages for one printer LU. Its first chain begins a bracket,
 * its last one ends it; chains between ask for a response only to errors, the
 * last one of a window (PRT_WINDOW pages) and of the job for a definite one, so
 * that "printed" is what the printer said. A printer that wants an operator
 * (sense 0802, 0831) is waited for: with its LUSTAT the job begins anew, because
 * what a printer has taken need not be on paper yet.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "snaee/sense.h"
#include "vtamsim/app_prt_in.h"

#define ACQUIRE_S 90            /* a SIMLOGON is answered by then: our choice */
#define MODE_3270 "DSC2K"       /* LU type 3, a buffer of 24 by 80 */

static int
prt_operand(struct app *a, const char *key, const char *value, char err[APP_ERR_MAX])
{
	struct prt *o = a->own;

	if (strcasecmp(key, "PAGES") == 0 && app_number(value, 1, PRT_PAGES_MAX, &o->pages))
		return 0;
	snprintf(err, APP_ERR_MAX, strcasecmp(key, "PAGES") == 0 ?
	    "PAGES=%.20s: a number from 1 to 9999" : "%.20s=: operand not known to PRTDEMO",
	    strcasecmp(key, "PAGES") == 0 ? value : key);
	return -EINVAL;
}

static void
prt_ready(struct app *a)
{
	struct prt *o = a->own;

	if (a->max_sess > PRT_SESS_MAX)
		a->max_sess = PRT_SESS_MAX;
	if (o->pages == 0)
		o->pages = PRT_PAGES;
	o->heap.v = o->places;
	o->heap.cap = PRT_JOBS;
}

/* --- jobs --- */

static struct prt_job *
job_of(struct prt *o, const struct prt_sess *s)
{
	return s->job == 0 ? NULL : &o->job[s->job - 1];
}

static struct prt_sess *
sess_of(const struct app *a, uint32_t suser)
{
	struct app_sess *s = app_sess_at(a, suser);

	return s == NULL ? NULL : prt_of(s);
}

static struct prt_job *
new_job(struct prt *o)
{
	for (unsigned i = 0; i < PRT_JOBS; i++) {
		struct prt_job *j = &o->job[i];

		if (j->state != PJ_FREE)
			continue;
		*j = (struct prt_job){ .number = ++o->number, .chain = 1 };
		return j;
	}
	return NULL;
}

static bool
same_lu(const struct sna_name *a, const struct sna_name *b)
{
	return strcasecmp(name_base(a), name_base(b)) == 0;
}

static void
tell(struct app *a, const struct prt_job *j, const char *text, enum prt_turn turn)
{
	struct prt_sess *t = sess_of(a, j->owner);

	if (t == NULL)
		return;
	prt_note(t, "Job %u %s: %s", j->number, name_base(&j->lu), text);
	prt_paint(a, t, turn);
}

/* The end of a job: sense 0: printed. */
static void
finish(struct app *a, struct prt_job *j, uint32_t sense, const char *why)
{
	struct prt_sess *p = sess_of(a, j->printer), *t = sess_of(a, j->owner);
	struct prt *o = a->own;
	char text[PRT_NOTE];

	if (sense == 0 && why == NULL)
		snprintf(text, sizeof(text), "printed, %u page%s", j->pages,
		    j->pages == 1 ? "" : "s");
	else
		snprintf(text, sizeof(text), "%s, sense %08X", why != NULL ? why : "not printed",
		    sense);
	LOG(APP, NOTICE, a->appl.s, "job %u for %s: %s", j->number, j->lu.s, text);
	sense == 0 && why == NULL ? o->printed++ : o->failed++;
	due_clear(&o->heap, &j->due);
	tell(a, j, text, sense == 0 ? PRT_TYPE : PRT_WAIT);
	if (t != NULL && sense != 0) {
		prt_note(t, "  %s", sense_text(sense));
		prt_paint(a, t, PRT_TYPE);
	}
	if (t != NULL)
		t->job = 0;
	if (p != NULL) {
		p->job = 0;
		if (j->acquired || sense != 0 || why != NULL)
			app_end(a, &p->s);
	}
	j->state = PJ_FREE;
}

/* --- paper --- */

static bool
pages_of(struct app *a, const struct prt_job *j, const struct prt_sess *p, unsigned n,
    struct bufq *q)
{
	struct prt_page g = { .lu = p->s.lu.s, .job = j->number, .pages = j->pages,
		.form = p->s.lutype == 3 ? PRT_3270 : PRT_SCS };

	for (unsigned i = 1; i <= n; i++) {
		struct buf *b = app_buf(a, PRT_PAGE_BYTES);

		if (b == NULL) {
			bufq_drop(q);
			return false;
		}
		g.page = j->page + i;
		b->len = (uint32_t)prt_page(&g, b->p);
		bufq_put(q, b);
	}
	return true;
}

/* Pages as one chain. ask: the definite response; EB with the job's last. */
static bool
send_chain(struct app *a, struct prt_job *j, struct prt_sess *p, unsigned n)
{
	uint32_t rh = RH_FMD | RH_BCI | RH_BBI;
	struct bufq q;
	struct buf *b;

	bufq_init(&q);
	if (!pages_of(a, j, p, n, &q))
		return false;
	j->page = (uint16_t)(j->page + n);
	if (j->page == j->pages && !j->empty) {
		rh |= RH_EBI;
		j->ended = 1;
	}
	while ((b = bufq_get(&q)) != NULL) {
		uint32_t max = p->s.max_ru;
		bool last = q.count == 0;

		/* The half-session cuts and numbers them: so do we, to know the answer. */
		p->snf = (uint16_t)(p->snf + (max == 0 ? 1 : (b->len + max - 1) / max));
		app_request(a, &p->s, rh | (last ? RH_ECI | (j->asked ? RH_RQD1 : RH_RQE1) :
		    RH_RQE1), b);
		rh = RH_FMD;
	}
	j->asked_snf = p->snf;
	return true;
}

/* The job's end without a page. */
static void
send_empty(struct app *a, struct prt_job *j, struct prt_sess *p)
{
	p->snf++;
	j->asked_snf = p->snf;
	j->asked = j->ended = 1;
	app_request(a, &p->s, RH_FMD | RH_OIC | RH_BBI | RH_EBI | RH_RQD1, NULL);
}

/* Pages up to the next definite response. */
static void
print(struct app *a, struct prt_job *j)
{
	struct prt_sess *p = sess_of(a, j->printer);
	struct prt *o = a->own;
	unsigned sent = 0;

	if (p == NULL)
		return;
	j->state = PJ_PRINT;
	while (!j->asked) {
		unsigned left = (unsigned)j->pages - j->page;
		unsigned n = left < j->chain ? left : j->chain;

		if (left == 0) {
			send_empty(a, j, p);
			return;
		}
		sent += n;
		j->asked = (n == left && !j->empty) || sent + j->chain > PRT_WINDOW;
		if (!send_chain(a, j, p, n)) {
			finish(a, j, SENSE_NO_RESOURCE, "out of buffers");
			return;
		}
		o->paper += n;
	}
}

static void
begin_anew(struct app *a, struct prt_job *j)
{
	j->page = 0;
	j->ended = 0;
	j->cleared = 0;
	j->again++;
	tell(a, j, "the printer is ready again: from the first page", PRT_WAIT);
	print(a, j);
}

static void
stopped(struct app *a, struct prt_job *j, uint32_t sense)
{
	struct prt *o = a->own;
	char text[PRT_NOTE];

	if (j->state == PJ_STOPPED)
		return;
	j->state = PJ_STOPPED;
	o->stopped++;
	snprintf(text, sizeof(text), "%s, sense %08X: waits", sense == SENSE_INTERVENTION ?
	    "intervention required" : "printer disconnected", sense);
	LOG(APP, NOTICE, a->appl.s, "job %u for %s: %s", j->number, j->lu.s, text);
	tell(a, j, text, PRT_WAIT);
}

static void
on_rsp(struct app *a, struct prt_sess *p, const struct app_ev *ev)
{
	struct prt_job *j = job_of(a->own, p);
	bool mine = j != NULL && j->asked && ev->snf == j->asked_snf;

	if (j == NULL || j->printer != p->s.suser)
		return;
	if (mine)
		j->asked = 0;
	if (ev->refused)
		finish(a, j, ev->sense, "could not be sent");
	else if (ev->sense == SENSE_INTERVENTION || ev->sense == SENSE_DISCONNECTED)
		stopped(a, j, ev->sense);
	else if (ev->sense != 0)
		finish(a, j, ev->sense, NULL);
	else if (mine && j->state == PJ_PRINT && j->ended)
		finish(a, j, 0, NULL);
	else if (mine && j->state == PJ_PRINT)
		print(a, j);
	if (j->state == PJ_STOPPED && j->cleared && !j->asked)
		begin_anew(a, j);
}

/* 0001: ready again; 082B: connected again. */
static void
on_lustat(struct app *a, struct prt_sess *p)
{
	struct prt_job *j = job_of(a->own, p);
	uint16_t code = (uint16_t)(p->s.lustat >> 16);

	if (j == NULL || j->state != PJ_STOPPED || (code != 0x0001 && code != 0x082b))
		return;
	if (j->asked)
		j->cleared = 1;         /* its answer comes first */
	else
		begin_anew(a, j);
}

/* --- sessions --- */

static struct prt_job *
job_waiting_for(struct prt *o, const struct sna_name *lu)
{
	for (unsigned i = 0; i < PRT_JOBS; i++)
		if (o->job[i].state == PJ_ACQUIRE && same_lu(&o->job[i].lu, lu))
			return &o->job[i];
	return NULL;
}

static void
printer_begins(struct app *a, struct prt_sess *p)
{
	struct prt *o = a->own;
	struct prt_job *j = job_waiting_for(o, &p->s.lu);

	if (j == NULL) {
		j = new_job(o);
		if (j == NULL) {
			app_end(a, &p->s);
			return;
		}
		j->pages = (uint16_t)o->pages;
	}
	due_clear(&o->heap, &j->due);
	j->lu = p->s.lu;
	j->printer = p->s.suser;
	if (p->s.lutype == 3)
		j->chain = 1;           /* a print buffer is one chain */
	p->job = (uint8_t)(j - o->job + 1);
	print(a, j);
}

static void
begin(struct app *a, struct prt_sess *t)
{
	static const char text[] = "PRTDEMO wants a 3270 screen or a printer";
	struct buf *b;

	t->begun = 1;
	if (prt_is_printer(&t->s)) {
		printer_begins(a, t);
		return;
	}
	if (!t->s.screen) {
		b = app_buf(a, sizeof(text));
		if (b != NULL) {
			ebc_put(buf_put(b, sizeof(text) - 1), text, sizeof(text) - 1);
			app_send(a, &t->s, APP_RH, b);
		}
		app_end(a, &t->s);
		return;
	}
	t->rows = t->s.size.rows;
	t->cols = t->s.size.cols;
	t->ask = (struct prt_ask){ "", "1", "SCS", "1" };
	prt_paint(a, t, PRT_TYPE);
}

static struct prt_sess *
printer_named(struct app *a, const struct sna_name *lu, enum app_sess_state state)
{
	for (uint32_t i = 1; i <= a->slots.touched; i++) {
		struct app_sess *s = app_sess_at(a, i);

		if (s != NULL && s->state == state && prt_is_printer(s) && same_lu(&s->lu, lu))
			return prt_of(s);
	}
	return NULL;
}

static void
acquire(struct app *a, struct prt_job *j, struct mono now)
{
	struct acb_logon l = { .appl = j->lu };
	struct prt *o = a->own;

	memcpy(l.mode, j->mode, sizeof(l.mode));
	j->later = 0;
	due_set(&o->heap, &j->due, mono_add(now, SECS(ACQUIRE_S)));
	app_acquire(a, &l);
}

static const char *
check(const struct prt_sess *t, struct prt_job *want)
{
	uint32_t pages, chain;

	if (!name_set(&want->lu, t->ask.lu) || !name_valid(name_base(&want->lu),
	    strlen(name_base(&want->lu))))
		return "Printer LU: a name of 1 to 8 characters";
	if (!app_number(t->ask.pages, 1, PRT_PAGES_MAX, &pages))
		return "Pages: a number from 1 to 9999";
	if (!app_number(t->ask.chain, 0, PRT_CHAIN_MAX, &chain))
		return "Pages in a chain: a number from 0 to 16";
	if (!name_valid(t->ask.form, strlen(t->ask.form)) && strcmp(t->ask.form, "3270") != 0)
		return "Form: SCS, 3270 or the name of a logon mode";
	want->pages = (uint16_t)pages;
	want->chain = (uint16_t)(chain == 0 ? 1 : chain);
	want->empty = chain == 0;
	return NULL;
}

static void
ask(struct app *a, struct prt_sess *t, struct mono now)
{
	struct prt_job want = { .chain = 1 }, *j;
	const char *wrong = check(t, &want);
	struct prt *o = a->own;
	struct prt_sess *p;

	p = wrong == NULL ? printer_named(a, &want.lu, APP_S_UP) : NULL;
	if (wrong == NULL && (job_waiting_for(o, &want.lu) != NULL || (p != NULL && p->job != 0)))
		wrong = "that printer has a job under way";
	j = wrong == NULL ? new_job(o) : NULL;
	if (j == NULL) {
		prt_note(t, "%s", wrong != NULL ? wrong : "too many jobs under way");
		prt_paint(a, t, PRT_TYPE);
		return;
	}
	j->lu = want.lu;
	j->pages = want.pages;
	j->chain = want.chain;
	j->empty = want.empty;
	j->owner = t->s.suser;
	t->job = (uint8_t)(j - o->job + 1);
	j->state = PJ_ACQUIRE;
	if (p == NULL) {
		snprintf(j->mode, sizeof(j->mode), "%s", strcmp(t->ask.form, "3270") == 0 ?
		    MODE_3270 : t->ask.form);
		j->acquired = 1;
		j->later = printer_named(a, &j->lu, APP_S_ENDING) != NULL;
		if (!j->later)
			acquire(a, j, now);
		tell(a, j, "asked into session", PRT_WAIT);
		return;
	}
	tell(a, j, "prints in the session it has", PRT_WAIT);
	printer_begins(a, p);
}

static void
input(struct app *a, struct prt_sess *t, const struct buf *b, struct mono now)
{
	uint8_t aid;

	if (prt_is_printer(&t->s) || !t->s.screen)
		return;
	aid = prt_typed(t, b);
	if (aid == DS_PF3 || aid == DS_PF15)
		app_end(a, &t->s);
	else if (t->job != 0)
		prt_paint(a, t, PRT_WAIT);
	else if (aid == DS_ENTER)
		ask(a, t, now);
	else
		prt_paint(a, t, PRT_TYPE);
}

static void
over(struct app *a, struct prt_sess *s, uint32_t sense, struct mono now)
{
	struct prt_job *j = job_of(a->own, s);

	if (j == NULL) {
		j = prt_is_printer(&s->s) ? job_waiting_for(a->own, &s->s.lu) : NULL;
		if (j != NULL && j->later)
			acquire(a, j, now);
		else if (j != NULL && !s->begun)        /* the BIND was refused */
			finish(a, j, sense, "no session");
		return;
	}
	if (j->owner == s->s.suser) {
		j->owner = 0;                   /* the job goes on */
		return;
	}
	j->printer = 0;
	s->job = 0;
	finish(a, j, sense, "the session has ended");
}

/* A SIMLOGON came to nothing. */
static bool
prt_nspe(struct app *a, const struct sna_name *lu, uint32_t sense)
{
	struct prt_job *j = job_waiting_for(a->own, lu);

	if (j != NULL)
		finish(a, j, sense, "no session");
	return j != NULL;
}

static void
give_up(struct app *a, struct prt_sess *t)
{
	struct prt_job *j = job_of(a->own, t);

	if (prt_is_printer(&t->s))
		return;
	if (j != NULL)
		finish(a, j, 0, "given up");
	if (t->s.turn)
		prt_paint(a, t, PRT_TYPE);
}

static void
prt_turn(struct app *a, struct mono now)
{
	struct app_ev ev;

	while (app_next(a, &ev)) {
		struct prt_sess *s = prt_of(ev.s);

		switch ((enum app_what)ev.what) {
		case APP_LOGON:
			begin(a, s);
			break;
		case APP_DATA:
			input(a, s, ev.buf, now);
			buf_free(ev.buf);
			break;
		case APP_RSP:
			on_rsp(a, s, &ev);
			break;
		case APP_ATTN:
			give_up(a, s);
			break;
		case APP_REPAINT:
			if (prt_is_printer(&s->s))
				on_lustat(a, s);
			else if (s->s.screen)
				prt_paint(a, s, s->job != 0 ? PRT_WAIT : PRT_TYPE);
			break;
		case APP_END:
			over(a, s, ev.sense, now);
			break;
		}
	}
}

/* --- timers, displays --- */

static struct mono
prt_deadline(const struct app *a)
{
	const struct prt *o = a->own;

	return due_next(&o->heap);
}

static void
prt_expire(struct app *a, struct mono now)
{
	struct prt *o = a->own;
	struct due *e;

	while ((e = due_pop(&o->heap, now)) != NULL)
		finish(a, DUE_OBJ(e, struct prt_job, due), SENSE_NOT_AVAILABLE,
		    "the printer did not come");
}

static void
prt_show(const struct app *a, struct con *c)
{
	static const char *const state[] = { "", "ASKED", "PRINTING", "STOPPED" };
	const struct prt *o = a->own;

	con_text(c, "         JOBS PRINTED %ju FAILED %ju STOPPED %ju PAGES SENT %ju",
	    (uintmax_t)o->printed, (uintmax_t)o->failed, (uintmax_t)o->stopped,
	    (uintmax_t)o->paper);
	for (unsigned i = 0; i < PRT_JOBS; i++) {
		const struct prt_job *j = &o->job[i];

		if (j->state != PJ_FREE)
			con_text(c, "         JOB %u FOR %s %s PAGE %u OF %u", j->number, j->lu.s,
			    state[j->state], j->page, j->pages);
	}
}

const struct app_desc app_prt = {
	.name = "PRTDEMO",
	.help = "prints on a printer LU: S PRTDEMO[,APPL=name][,PAGES=n][,MAX=sessions]",
	.size = sizeof(struct prt),
	.sess_size = sizeof(struct prt_sess),
	.operand = prt_operand,
	.ready = prt_ready,
	.turn = prt_turn,
	.show = prt_show,
	.deadline = prt_deadline,
	.expire = prt_expire,
	.nspe = prt_nspe,
	.max_lutype = 3,
};

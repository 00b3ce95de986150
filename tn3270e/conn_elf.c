/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tn3270e/conn_elf.h"
#include "tn3270e/conn_parts.h"
#include "tn3270e/elf.h"

#define TICKET_S 5              /* seconds an answer is waited for (our choice) */

/* Companion 5.2: EXPRESSLOGON is coded, the certificate gave a user id, and the client
 * has said IBMELF=YES inside TLS. */
bool
conn_elf_active(const struct conn *c)
{
	return c->parms->v[TP_EXPRESSLOGON] && c->tls != NULL && c->who.user[0] != '\0' &&
	    c->neg.env.elf == TNENV_YES;
}

/* What the client says it logs on to; else what it is in session with. */
static const char *
applid(const struct conn *c)
{
	const char *a = c->neg.env.applid;

	return a[0] != '\0' && strcmp(a, "NONE") != 0 ? a : name_base(&c->lu.plu);
}

static void
tell(struct conn *c, const char *why)
{
	struct tn_report r = worker_report_of(c, TR_NEGOTIATED, "NO TICKET");

	c->w->stat[TN_ELF_FAILED]++;
	r.error = 1;
	snprintf(r.text, sizeof(r.text), "Express Logon of %s to %s: %s", c->who.user, applid(c),
	    why);
	worker_report(c->w, &r);
}

static void
wipe(struct bufq *q)
{
	struct buf *b;

	STAILQ_FOREACH(b, &q->head, link)
		explicit_bzero(b->p, b->len);
	bufq_drop(q);
}

static void
free_wait(struct elf_wait *e)
{
	if (e->fd >= 0) {
		loop_del(e->c->w->loop, e->fd);
		close(e->fd);
	}
	e->fd = -1;
	e->c->elf = NULL;
	e->c = NULL;
	wipe(&e->rec);
}

/* The question has its answer: the record goes its way if that is still its session's,
 * and reading goes on. */
static void
go_on(struct elf_wait *e, struct mono now)
{
	struct conn *c = e->c;
	bool same = tnlu_in_session(&c->lu) && name_eq(&c->lu.plu, &e->plu);
	struct tnhdr h = e->h;
	struct bufq rec;

	bufq_init(&rec);
	bufq_move(&rec, &e->rec);
	free_wait(e);
	if (same)
		conn_take(c, &h, &rec, now);
	else
		wipe(&rec);
	conn_resume(c, now);
	if (c->state == CS_GONE)
		return;
	conn_due(c);
	conn_touch(c);
}

static void
fail(struct elf_wait *e, const char *why, struct mono now)
{
	tell(e->c, why);
	go_on(e, now);
}

static struct elf_wait *
free_place(struct worker *w)
{
	for (unsigned i = 0; i < CONN_ELFS; i++)
		if (w->elf[i].c == NULL)
			return &w->elf[i];
	return NULL;
}

/* 0 or -errno. A UNIX socket connects at once or not at all. */
static int
ask(struct conn *c, struct elf_wait *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char text[64];
	int n, err = 0;

	e->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (e->fd < 0)
		return -errno;
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", c->port->ptkt_socket);
	n = snprintf(text, sizeof(text), "PASSTICKET %s %s", c->who.user, applid(c));
	if (connect(e->fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    send(e->fd, text, (size_t)n, MSG_NOSIGNAL) != n)
		err = -errno;
	if (err == 0)
		err = loop_add(c->w->loop, e->fd, LOOP_IN, &e->tag);
	if (err != 0) {
		close(e->fd);
		e->fd = -1;
	}
	return err;
}

bool
conn_elf_record(struct conn *c, const struct tnhdr *h, struct bufq *rec, struct mono now)
{
	unsigned has = conn_elf_active(c) ? elf_find(rec) : 0;
	struct elf_wait *e;
	char why[TLS_WHY];
	int err;

	if (has == ELF_USER)
		elf_replace(rec, ELF_USER, c->who.user);
	if ((has & ELF_TICKET) == 0)
		return false;
	e = c->port->ptkt_socket == NULL ? NULL : free_place(c->w);
	if (e == NULL) {
		tell(c, c->port->ptkt_socket == NULL ? "PTKTSOCKET is not coded: nothing makes "
		    "tickets" : "too many tickets are waited for");
		return false;
	}
	*e = (struct elf_wait){ .tag = { LOOP_TN, TNK_ELF }, .fd = -1, .h = *h,
		.plu = c->lu.plu, .by = mono_add(now, SECS(TICKET_S)) };
	err = ask(c, e);
	if (err != 0) {
		snprintf(why, sizeof(why), "PTKTSOCKET %.100s: %s", c->port->ptkt_socket,
		    strerror(-err));
		tell(c, why);
		return false;
	}
	e->c = c;
	c->elf = e;
	bufq_init(&e->rec);
	bufq_move(&e->rec, rec);
	conn_due(c);
	return true;
}

/* What a stranger may have written is shown without control characters. */
static void
refused(struct elf_wait *e, const char *text, size_t n, struct mono now)
{
	char why[120] = "the ticket's maker says: ";
	size_t k = strlen(why);

	for (size_t i = 0; i < n && k + 1 < sizeof(why); i++)
		why[k++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : ' ';
	why[k] = '\0';
	fail(e, n == 0 ? "the ticket's maker hung up" : why, now);
}

void
conn_elf_event(struct elf_wait *e, struct mono now)
{
	char text[100];
	ssize_t n;

	if (e->c == NULL)
		return;                 /* ended earlier in this turn */
	n = recv(e->fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	if (n < 0 && !conn_broken(errno))
		return;
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	if (n > 0 && elf_ticket_ok(text, (size_t)n)) {
		text[n] = '\0';
		elf_replace(&e->rec, ELF_USER, e->c->who.user);
		elf_replace(&e->rec, ELF_TICKET, text);
		e->c->w->stat[TN_ELF]++;
		go_on(e, now);
	} else {
		refused(e, text, n > 0 ? (size_t)n : 0, now);
	}
	explicit_bzero(text, sizeof(text));
}

void
conn_elf_expired(struct conn *c, struct mono now)
{
	if (c->elf != NULL && mono_due(c->elf->by, now))
		fail(c->elf, "no ticket came in time from PTKTSOCKET", now);
}

void
conn_elf_drop(struct conn *c)
{
	if (c->elf != NULL)
		free_wait(c->elf);
}

struct mono
conn_elf_deadline(const struct conn *c)
{
	return c->elf == NULL ? MONO_NEVER : c->elf->by;
}

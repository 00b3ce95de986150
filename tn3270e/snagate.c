/* SPDX-License-Identifier: Apache-2.0
 *
 * snagate - the gateway: an SNA node with a Telnet server on it.
 *
 * This file only wires: the shell of the SNA thread (snad), the Telnet server
 * (tnd), and between them what neither knows of the other: LU pools, USS
 * tables and TLS contexts of a profile.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tn3270e/acct_log.h"
#include "tn3270e/op_telnet.h"
#include "tn3270e/profile_check.h"
#include "tn3270e/profile_pool.h"
#include "vtamsim/msg.h"
#include "vtamsim/defs.h"
#include "vtamsim/node.h"
#include "vtamsim/opts.h"
#include "vtamsim/snad.h"

#define PORT_RING 8192          /* RPLs each way a worker */

struct gate {
	struct opts o;
	struct snad *snad;
	struct node *node;
	struct tnd *tnd;
	struct op_telnet op;
	struct acct_log *acct;          /* NULL: no profile ever wanted it */
	struct tls_keys *keys;          /* of session tickets */
	struct mono capacity_at;
	uint8_t asked[SNAD_ASKS];       /* enum snad_ask of a ticket under way */
	struct con obeyed;              /* the answer to an OBEYFILE the workers do not know yet */
	uint32_t obeyed_ticket;         /* 0: none */
};

/* --- what a profile needs of the node --- */

/* Errors of a table become errors of the statement that names it. */
static void
table_errors(const struct deferrs *de, const struct tnp_uss *u, const char *stmt,
    const char *name, struct tnp_errs *errs)
{
	char line[300];

	for (const struct deferr *e = de->first; e != NULL; e = e->next)
		if (e->sev == DE_FAIL)
			tnp_err_add(errs, TNP_FAIL, u->pos, stmt, "%s",
			    deferr_line(e, line, sizeof(line)));
	if (de->fails == 0)
		tnp_err_add(errs, TNP_FAIL, u->pos, stmt, "table %s is not in the library",
		    name);
}

static void
load_uss(struct defs *defs, struct tnp_uss *u, struct tnp_errs *errs)
{
	struct deferrs de;

	deferrs_init(&de);
	for (unsigned i = 0; i < 2; i++) {
		if (u->name[i][0] == '\0')
			continue;
		u->tab[i] = defs_usstab(defs, u->name[i], &de);
		if (u->tab[i] == NULL)
			table_errors(&de, u, "USSTCP", u->name[i], errs);
	}
	deferrs_fini(&de);
}

static void
load_interp(struct defs *defs, struct tnp_uss *u, struct tnp_errs *errs)
{
	struct deferrs de;

	deferrs_init(&de);
	u->intab = defs_intab(defs, u->name[0], &de);
	if (u->intab == NULL)
		table_errors(&de, u, "INTERPTCP", u->name[0], errs);
	deferrs_fini(&de);
}

static void
load_tables(struct defs *defs, struct profile *p, struct tnp_errs *errs)
{
	for (struct tnp_vtam *v = p->vtams; v != NULL; v = v->next) {
		for (struct tnp_uss *u = v->uss; u != NULL; u = u->next)
			load_uss(defs, u, errs);
		for (struct tnp_uss *u = v->interps; u != NULL; u = u->next)
			load_interp(defs, u, errs);
	}
}

/* Read and made ready; NULL with the errors in errs. node NULL: only checked. defs
 * has the tables and lives longer than the profile. */
static struct profile *
make_profile(struct gate *g, struct defs *defs, const char *file, struct tnp_errs *errs)
{
	const struct profile_tls how = { g->o.attls, g->o.keyrings, g->keys };
	struct profile *p = profile_read(file, errs);

	if (p != NULL && errs->fails == 0)
		profile_tls_load(p, &how, errs);
	if (p != NULL && errs->fails == 0 && defs != NULL)
		load_tables(defs, p, errs);
	if (p != NULL && errs->fails == 0 && g->node != NULL &&
	    !profile_pools_define(&g->node->lupools, p, g->tnd == NULL ? NULL :
	    tnd_current(g->tnd))) {
		profile_pools_drop(&g->node->lupools, p);
		tnp_err_add(errs, TNP_FAIL, p->vtams->pos, "BEGINVTAM",
		    "too many LU groups or names: at most %d groups and %d names", LUPOOL_MAX,
		    LUPOOL_LUS_MAX);
	}
	if (errs->fails == 0)
		return p;
	profile_free(p);
	return NULL;
}

static void
print_errors(const struct tnp_errs *errs, const char *file, FILE *to, enum tnp_sev least)
{
	char line[420];

	for (const struct tnp_err *e = errs->first; e != NULL; e = e->next)
		if (e->sev >= least)
			fprintf(to, "%s\n", tnp_err_line(e, file, line, sizeof(line)));
}

static int
check(struct gate *g)
{
	int rc = opts_check_library(&g->o);
	struct defs *defs;
	struct tnp_errs errs;
	struct profile *p;

	if (g->o.profile == NULL)
		return rc;
	defs = defs_new(g->o.vtamlst, g->o.list);
	tnp_errs_init(&errs);
	p = make_profile(g, defs, g->o.profile, &errs);
	if (p != NULL && defs != NULL)
		profile_check(p, defs, &errs);
	print_errors(&errs, g->o.profile, stdout, TNP_INFO);
	printf("%s%s%s: %u error%s\n", g->o.profile, g->o.attls == NULL ? "" : " and ",
	    g->o.attls == NULL ? "" : g->o.attls, errs.fails, errs.fails == 1 ? "" : "s");
	rc |= errs.fails != 0;
	profile_free(p);
	tnp_errs_fini(&errs);
	defs_free(defs);
	return rc;
}

/* --- accounting --- */

static void
acct_say(struct gate *g, const char *text, bool bad)
{
	struct con con;

	con_init(&con);
	if (bad)
		msg_line(&con, SNG0002I, g->op.job, text);
	else
		msg_line(&con, SNG0001I, g->op.job, text);
	snad_tell(g->snad, &con);
	con_fini(&con);
}

/* The current profile says where records go; those of old ones go there too. */
static void
acct_begin(struct gate *g, const struct profile *p)
{
	struct acct_where w = { .most = (uint64_t)p->smf_mb << 20, .keep = p->smf_keep };

	if (g->acct == NULL && p->smf_file == NULL)
		return;
	if (g->acct == NULL)
		g->acct = acct_log_new();
	if (g->acct == NULL) {
		acct_say(g, "NO MEMORY OR NO THREAD FOR IT", true);
		return;
	}
	snprintf(w.path, sizeof(w.path), "%s", p->smf_file == NULL ? "" : p->smf_file);
	acct_log_where(g->acct, &w);
}

static void
accounts(struct gate *g)
{
	struct acct_rec r;
	char text[200];
	bool bad;

	while (tnd_acct(g->tnd, &r))
		if (g->acct != NULL)
			acct_log_put(g->acct, &r);
	while (g->acct != NULL && acct_log_told(g->acct, text, &bad))
		acct_say(g, text, bad);
}

static const struct stat_desc acct_desc[] = {
	{ "accounting_records", "", "Accounting records written.", STAT_COUNTER },
	{ "accounting_lost", "", "Accounting records lost: the file was not writable.",
	    STAT_COUNTER },
	{ "accounting_waiting", "", "Accounting records not written yet.", STAT_GAUGE },
	{ "accounting_rotated", "", "Times the file was renamed.", STAT_COUNTER },
	{ "accounting_failing", "", "1 while the file can't be written.", STAT_GAUGE },
};

enum acct_form { ACCT_METRICS = 1, ACCT_SHOW };

static void
acct_numbers(const struct gate *g, enum acct_form form, struct con *con)
{
	struct acct_log_stat s = { 0 };
	uint64_t v[5];

	if (g->acct != NULL)
		s = acct_log_stat(g->acct);
	memcpy(v, (const uint64_t[5]){ s.written, s.lost, s.waiting, s.rotated, s.failing },
	    sizeof(v));
	if (form == ACCT_METRICS)
		stats_openmetrics(con, acct_desc, v, 5, "");
	else
		stats_show(con, acct_desc, v, 5);
}

/* --- start --- */

/* Clients need a descriptor each; keys must not end in a core file. */
static void
limits(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
	r = (struct rlimit){ 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &r);
}

static bool
attach(struct gate *g)
{
	for (unsigned i = 0; i < tnd_workers(g->tnd); i++) {
		char name[16];
		struct acb_port *p;

		snprintf(name, sizeof(name), "TELNET%u", i % 100);
		p = node_port(g->node, name, PORT_RING, tnd_bufs(g->tnd, i), tnd_loop(g->tnd, i));
		if (p == NULL)
			return false;
		tnd_attach(g->tnd, i, p, snad_loop(g->snad));
	}
	return true;
}

/* True when a port could not be opened: said on stderr. */
static bool
port_failed(struct gate *g)
{
	struct tn_report r;
	struct con con;
	bool bad = false;

	while (tnd_report(g->tnd, &r)) {
		con_init(&con);
		if (r.kind == TR_PORT && r.error) {
			fprintf(stderr, "snagate: %s\n", r.text);
			bad = true;
		} else if (op_telnet_report(&g->op, &r, mono_read(), &con)) {
			snad_tell(g->snad, &con);
		}
		con_fini(&con);
	}
	return bad;
}

static int
start_telnet(struct gate *g)
{
	struct tnp_errs errs;
	struct profile *p;
	struct con con;
	int e;

	tnp_errs_init(&errs);
	p = make_profile(g, g->node->defs, g->o.profile, &errs);
	print_errors(&errs, g->o.profile, stderr, TNP_WARN);
	tnp_errs_fini(&errs);
	if (p == NULL)
		return 1;
	g->tnd = tnd_new((unsigned)g->o.workers, snad_loop(g->snad));
	g->op.tnd = g->tnd;
	if (g->tnd == NULL || !attach(g)) {
		fprintf(stderr, "snagate: no memory for %d workers\n", g->o.workers);
		profile_free(p);
		return 1;
	}
	e = tnd_start(g->tnd, p);
	if (e != 0) {
		fprintf(stderr, "snagate: threads can't be started: %s\n", strerror(-e));
		return 1;
	}
	acct_begin(g, p);       /* a thread: the workers have closed their copies of descriptors */
	tnd_turn(g->tnd, mono_read(), NULL, 0);
	if (port_failed(g))
		return 1;
	con_init(&con);
	op_telnet_pages(&g->op, p, &con);
	snad_tell(g->snad, &con);
	con_fini(&con);
	return 0;
}

/* --- questions of the operator --- */

/* False: nothing has changed. */
static bool
obey(struct gate *g, const char *file, struct con *con)
{
	struct tnp_errs errs;
	struct profile *p;

	tnp_errs_init(&errs);
	p = make_profile(g, g->node->defs, file, &errs);
	for (const struct tnp_err *e = errs.first; e != NULL; e = e->next)
		op_telnet_config_error(&g->op, e, file, con);
	if (p != NULL) {
		acct_begin(g, p);
		tnd_obey(g->tnd, p);
		g->op.debug_off = 0;
		op_telnet_pages(&g->op, p, con);
	}
	op_telnet_obeyed(&g->op, file, errs.fails, con);
	tnp_errs_fini(&errs);
	return p != NULL;
}

/* COMPLETE means that the next client has the new profile: orders are taken in
 * their order, so a worker that answers a question put after it has it. False:
 * another one waits like that, or nobody could be asked. */
static bool
obeyed_later(struct gate *g, uint32_t ticket, struct con *con)
{
	const struct worker_msg m = { .op = WO_METRICS, .ticket = ticket };

	if (ticket == 0 || g->obeyed_ticket != 0 || !tnd_order(g->tnd, &m, NULL))
		return false;
	g->obeyed_ticket = ticket;
	g->obeyed = *con;
	con_init(con);
	return true;
}

static void
telnet_command(struct gate *g, const struct snad_cmd *cmd)
{
	struct con con;

	con_init(&con);
	switch (op_telnet_run(&g->op, cmd->text, cmd->ticket, &con)) {
	case OPT_DONE:
		snad_reply(g->snad, cmd->ticket, &con);
		break;
	case OPT_REFUSED:
		snad_refuse(g->snad, cmd->ticket, &con);
		break;
	case OPT_LATER:
		break;
	case OPT_OBEY:
		if (!obey(g, g->op.file, &con))
			snad_refuse(g->snad, cmd->ticket, &con);
		else if (!obeyed_later(g, cmd->ticket, &con))
			snad_reply(g->snad, cmd->ticket, &con);
		break;
	}
	con_fini(&con);
}

/* SIGHUP: tables and profile are read anew. */
static void
reread(struct gate *g)
{
	const struct profile *p = g->tnd == NULL ? NULL : tnd_current(g->tnd);
	struct con con;

	if (p == NULL)
		return;
	for (const struct tnp_vtam *v = p->vtams; v != NULL; v = v->next)
		for (const struct tnp_uss *u = v->uss; u != NULL; u = u->next)
			for (unsigned i = 0; i < 2; i++)
				if (u->name[i][0] != '\0')
					defs_table_forget(g->node->defs, u->name[i]);
	if (g->acct != NULL)
		acct_log_reopen(g->acct);
	con_init(&con);
	(void)obey(g, p->file, &con);
	snad_tell(g->snad, &con);
	con_fini(&con);
}

static void
numbers(struct gate *g, const struct snad_cmd *cmd)
{
	const struct worker_msg m = { .op = WO_METRICS, .ticket = cmd->ticket };
	struct con con;

	if (cmd->ticket == 0)
		return;
	if (g->tnd != NULL && tnd_order(g->tnd, &m, NULL))
		return;
	con_init(&con);
	snad_reply(g->snad, cmd->ticket, &con);
	con_fini(&con);
}

static void
command(struct gate *g, const struct snad_cmd *cmd)
{
	switch (cmd->what) {
	case SNAD_TELNET:
		telnet_command(g, cmd);
		break;
	case SNAD_METRICS:
	case SNAD_STATUS:
		g->asked[cmd->ticket % SNAD_ASKS] = (uint8_t)cmd->what;
		numbers(g, cmd);
		break;
	case SNAD_REREAD:
		reread(g);
		break;
	case SNAD_HALT:
		break;
	}
}

static void
result(struct gate *g, struct tnd_result *r)
{
	uint8_t what = g->asked[r->ticket % SNAD_ASKS];
	struct con con;

	con_init(&con);
	g->asked[r->ticket % SNAD_ASKS] = 0;
	if (g->obeyed_ticket == r->ticket) {
		con = g->obeyed;
		g->obeyed_ticket = 0;
		con_init(&g->obeyed);
		tnd_result_fini(r);
	} else if (what == SNAD_METRICS) {
		stats_openmetrics(&con, tn_stat_desc, r->stat, TN_NSTAT, "");
		drop_reason_metrics(&con, r->drops);
		acct_numbers(g, ACCT_METRICS, &con);
		rt_list_metrics(&r->rt, &con);
		tnd_result_fini(r);
	} else if (what == SNAD_STATUS) {
		stats_show(&con, tn_stat_desc, r->stat, TN_NSTAT);
		drop_reason_show(&con, r->drops);
		acct_numbers(g, ACCT_SHOW, &con);
		tnd_result_fini(r);
	} else {
		op_telnet_result(&g->op, r, &con);
	}
	snad_reply(g->snad, r->ticket, &con);
	con_fini(&con);
}

static void
reports(struct gate *g, struct mono now)
{
	struct tn_report r;
	struct con con;

	while (tnd_report(g->tnd, &r)) {
		if (r.kind == TR_DROP_LU) {
			tnd_drop_lu(g->tnd, r.lu);
			continue;
		}
		con_init(&con);
		if (op_telnet_report(&g->op, &r, now, &con))
			snad_tell(g->snad, &con);
		con_fini(&con);
	}
}

/* Section 4.2: said at the level coded, and again only when it was 10 points below. */
static void
capacity_of(struct gate *g, struct tnp_group *grp)
{
	uint32_t used, pct;
	struct con con;

	if (grp == NULL || grp->warn_pct == 0 || grp->pool == 0)
		return;
	used = g->node->lupools.v[grp->pool].used;
	pct = (uint32_t)((uint64_t)used * 100 / grp->n);
	if (grp->warned || pct < grp->warn_pct) {
		if (pct + 10 < grp->warn_pct)
			grp->warned = 0;
		return;
	}
	grp->warned = 1;
	con_init(&con);
	msg_line(&con, EZZ6007I, g->op.job, grp->name, used, grp->n, grp->warn_pct);
	snad_tell(g->snad, &con);
	con_fini(&con);
}

static void
quiet(struct gate *g, struct mono now)
{
	struct con con;

	con_init(&con);
	if (op_telnet_quiet(&g->op, now, &con))
		snad_tell(g->snad, &con);
	con_fini(&con);
}

/* Once a second at most: a profile has few groups. */
static void
capacity(struct gate *g, struct mono now)
{
	struct profile *p = (struct profile *)(uintptr_t)tnd_current(g->tnd);

	if (p == NULL || !mono_due(g->capacity_at, now))
		return;
	g->capacity_at = mono_add(now, SECS(1));
	quiet(g, now);
	for (struct tnp_vtam *v = p->vtams; v != NULL; v = v->next) {
		for (unsigned i = 0; i < 4; i++)
			capacity_of(g, v->deflus[i / 2][i % 2]);
		for (struct tnp_group *grp = v->groups; grp != NULL; grp = grp->next)
			capacity_of(g, grp);
	}
}

/* --- the loop --- */

static void
telnet_turn(struct gate *g, struct mono now)
{
	struct profile *dead;
	struct tnd_result r;

	while ((dead = tnd_dead(g->tnd)) != NULL) {
		profile_pools_drop(&g->node->lupools, dead);
		profile_free(dead);
	}
	while (tnd_result(g->tnd, &r))
		result(g, &r);
	reports(g, now);
	accounts(g);
	capacity(g, now);
	if (snad_halting(g->snad) && tnd_idle(g->tnd))
		snad_main_idle(g->snad);
}

static int
loop(struct gate *g)
{
	struct loop_ev ev[WORKER_EVENTS];
	struct snad_cmd cmd;

	while (!snad_ended(g->snad)) {
		struct mono at = g->tnd == NULL ? MONO_NEVER : tnd_deadline(g->tnd), now;
		int n = snad_wait(g->snad, at, ev, WORKER_EVENTS);

		if (n < 0) {
			fprintf(stderr, "snagate: waiting failed: %s\n", strerror(-n));
			return 1;
		}
		now = mono_read();
		if (g->tnd != NULL && snad_halting(g->snad))
			tnd_halt(g->tnd);       /* before clients hear that their LUs are gone */
		if (g->tnd != NULL)
			tnd_turn(g->tnd, now, ev, n);
		snad_turn(g->snad, now);
		if (g->tnd != NULL)     /* what the node answered goes out in the same turn */
			tnd_turn(g->tnd, now, NULL, 0);
		while (snad_command(g->snad, &cmd))
			command(g, &cmd);
		if (g->tnd != NULL)
			telnet_turn(g, now);
		else if (snad_halting(g->snad))
			snad_main_idle(g->snad);
	}
	return 0;
}

/* Node and workers hold buffers of each other: what the workers have is left to
 * the end of the process. */
static void
end(struct gate *g)
{
	if (g->tnd != NULL) {
		tnd_stop(g->tnd);
		accounts(g);
	}
	con_fini(&g->obeyed);
	acct_log_free(g->acct);
	snad_free(g->snad);
}

int
main(int argc, char **argv)
{
	static struct gate g;
	char why[SNAD_WHY];
	int handle, rc;

	switch (opts_parse(&g.o, OPTS_GATEWAY, argc, argv)) {
	case OPTS_RUN:
	case OPTS_MESSAGES:
		break;
	case OPTS_END_OK:
		return 0;
	case OPTS_END_BAD:
		return 1;
	}
	if (g.o.check)
		return check(&g);
	g.keys = tls_keys_new();
	limits();
	signal(SIGPIPE, SIG_IGN);
	handle = opts_detach(&g.o);
	g.snad = snad_new(&g.o, why);
	if (g.snad == NULL) {
		fprintf(stderr, "snagate: %s\n", why);
		return 1;
	}
	g.node = snad_node(g.snad);
	g.op = (struct op_telnet){ .pools = &g.node->lupools, .job = "SNAGATE",
		.version = SNAGATE_VERSION };
	if (g.o.profile != NULL && start_telnet(&g) != 0) {
		end(&g);
		return 1;
	}
	snad_begin(g.snad, mono_read());
	opts_started(handle);
	rc = loop(&g);
	end(&g);
	return rc;
}

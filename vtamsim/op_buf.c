/* SPDX-License-Identifier: Apache-2.0
 *
 * Storage, traces, tables, paths, and displays of what is not here. Companion
 * vtam-operator section 4.12.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/loop.h"
#include "vtamsim/app.h"
#include "vtamsim/oper_in.h"

/* --- D NET,BFRUSE --- */

/* Our pools under the names VTAM's operators know: ids are our choice. */
struct poolrow {
	const char *id;
	const struct pool *p;
};
#define POOLS 16

static unsigned
pools_of(const struct node *n, struct poolrow v[POOLS])
{
	unsigned k = 0;

	v[k++] = (struct poolrow){ "IO00", &n->bufs.slab[0] };
	v[k++] = (struct poolrow){ "IO01", &n->bufs.slab[1] };
	v[k++] = (struct poolrow){ "LP00", &n->bufs.slab[2] };
	v[k++] = (struct poolrow){ "CRPL", &n->ssns };
	v[k++] = (struct poolrow){ "AP00", &n->acbs };
	v[k++] = (struct poolrow){ "SF00", &n->rtab.pool };
	v[k++] = (struct poolrow){ "SP00", &n->pipes };
	v[k++] = (struct poolrow){ "LF00", &n->dir.pool };
	v[k++] = (struct poolrow){ "XD00", &n->cps.adjs };
	v[k++] = (struct poolrow){ "TI00", &n->cps.tgs };
	return k;
}

static const char *
five(uint64_t n, char to[8])
{
	if (n > 99999)
		snprintf(to, 8, "*****");
	else
		snprintf(to, 8, "%05u", (unsigned)n);
	return to;
}

static void
pool_short(const struct poolrow *r, struct con *con)
{
	const struct pool *p = r->p;
	char total[8], avail[8], max[8], used[8], times[8];

	/* Q where VTAM has it: requests found the pool empty. */
	msg_line(con, IST356I, r->id, p->empty != 0 ? "F" : " ", (unsigned)p->size,
	    five(p->max, total), five(p->max - p->used, avail), five(p->max, max),
	    five(p->peak, used), five(p->empty, times), "-----", "-----", "-----");
}

static void
pool_long(const struct poolrow *r, struct con *con)
{
	char text[120];

	msg_line(con, IST920I, r->id, (unsigned)r->p->size, 0u);
	snprintf(text, sizeof(text), "%-16s TOTAL %010u AVAILABLE %010u MAXIMUM USED %010u",
	    r->p->name, r->p->max, r->p->max - r->p->used, r->p->peak);
	msg_line(con, IST921I, text);
	snprintf(text, sizeof(text), "%-16s TIMES EMPTY %010" PRIu64, "", r->p->empty);
	msg_line(con, IST921I, text);
}

static uint64_t
peak_k(void)
{
	struct rusage ru;

	return getrusage(RUSAGE_SELF, &ru) == 0 ? (uint64_t)ru.ru_maxrss : 0;
}

uint64_t
oper_resident_k(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long all, res = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu %lu", &all, &res) != 2)
		res = 0;
	fclose(f);
	return (uint64_t)res * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}

static void
storage(struct con *con)
{
	uint64_t cur = oper_resident_k(), max = peak_k();

	msg_line(con, IST449I, "CSALIMIT", "NOLIMIT", cur, max);
	msg_line(con, IST790I, "CSA", max);
	msg_line(con, IST595I, "NOLIMIT", (uint64_t)0, (uint64_t)0);
	msg_line(con, IST981I, cur, max);
}

enum oper_do
op_d_bfruse(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *v = oper_get(c, "BUFFER");
	bool all = v == NULL || strcmp(v, "SHORT") == 0 || strcmp(v, "SUMMARY") == 0;
	bool longform = v != NULL && !all;
	struct poolrow row[POOLS];
	unsigned n = pools_of(op->node, row), hits = 0;

	(void)out;
	for (unsigned i = 0; i < n; i++)
		hits += all || strcmp(v, "*") == 0 || strcmp(v, row[i].id) == 0;
	if (hits == 0)
		return oper_bad(con, "BUFFER", v);
	oper_accept(c, con);
	msg_line(con, IST350I, "BUFFER POOL DATA");
	if (!longform) {
		msg_line(con, IST632I);
		msg_line(con, IST633I);
	}
	for (unsigned i = 0; i < n; i++) {
		if (!all && strcmp(v, "*") != 0 && strcmp(v, row[i].id) != 0)
			continue;
		if (longform)
			pool_long(&row[i], con);
		else
			pool_short(&row[i], con);
	}
	storage(con);
	/* Every other bound of the node, by its own name. */
	if (longform && strcmp(v, "*") == 0)
		node_pools(op->node, con);
	if (longform && op->loop != NULL)
		con_text(con, "LONGEST TURN OF THE SNA THREAD %" PRId64 " MICROSECONDS",
		    op->loop->longest_us);
	msg_line(con, IST314I);
	return OPER_DONE;
}

enum oper_do
op_d_storuse(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *pool = oper_get(c, "POOL");
	struct poolrow row[POOLS];
	unsigned n = pools_of(op->node, row), shown = 0;
	char text[120] = "";

	(void)out;
	for (unsigned i = 0; i < n && pool != NULL; i++)
		shown += name_match(pool, row[i].id);
	if (pool != NULL && shown == 0)
		return oper_bad(con, "POOL", pool);
	shown = 0;
	oper_accept(c, con);
	msg_line(con, IST350I, "STORAGE USAGE");
	msg_line(con, IST1242I);
	for (unsigned i = 0; i < n; i++) {
		const struct pool *p = row[i].p;
		size_t k = strlen(text);

		if (pool != NULL && !name_match(pool, row[i].id))
			continue;
		snprintf(text + k, sizeof(text) - k, "%s%-4s %7" PRIu64 " %7" PRIu64,
		    k == 0 ? "" : " ", row[i].id, (uint64_t)p->used * p->size / 1024,
		    (uint64_t)p->peak * p->size / 1024);
		if (++shown % 2 == 0 || i + 1 == n) {
			msg_line(con, IST1243I, text);
			text[0] = '\0';
		}
	}
	if (text[0] != '\0')
		msg_line(con, IST1243I, text);
	msg_line(con, IST1454I, shown, "POOL");
	msg_line(con, IST924I);
	msg_line(con, IST981I, oper_resident_k(), peak_k());
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- D NET,TABLE --- */

static uint32_t
table_users(const struct oper *op, const char *table, const char *type, struct con *con,
    struct oper_limit *l)
{
	const struct rtab *t = &op->node->rtab;
	uint32_t n = 0;

	for (const struct res *r = rtab_next(t, NULL); r != NULL; r = rtab_next(t, r)) {
		const struct def_appl *a = r->appl;

		if (a == NULL || strcmp(strcmp(type, "MODETAB") == 0 ? a->modetab : a->usstab,
		    table) != 0)
			continue;
		n++;
		if (l != NULL && oper_more(l))
			msg_line(con, IST988I, name_base(&r->name));
	}
	return n;
}

enum oper_do
op_d_table(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *id = oper_need(c, "ID", con), *type = NULL;
	int scope = oper_choice(c, "SCOPE", "ONLY ALL", con);
	struct deferrs errs;
	struct oper_limit l;

	(void)out;
	if (id == NULL || scope < 0 || !oper_limit(op, c, con, &l))
		return OPER_REJECTED;
	if (!oper_is_name(id, OPER_PLAIN))
		return oper_bad(con, "ID", id);
	deferrs_init(&errs);
	if (defs_modetab(op->defs, id, &errs) != NULL)
		type = "MODETAB";
	else if (defs_usstab(op->defs, id, &errs) != NULL)
		type = "USSTAB";
	deferrs_fini(&errs);
	if (type == NULL)
		return oper_bad(con, "ID", id);
	oper_accept(c, con);
	msg_line(con, IST986I, id, type, table_users(op, id, type, con, NULL));
	if (scope == 2) {
		msg_line(con, IST987I);
		(void)table_users(op, id, type, con, &l);
		oper_limit_end(&l, con);
	}
	msg_line(con, IST1454I, scope == 2 ? l.shown : 1u, "RESOURCE");
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- D NET,PATHS --- */

static const char *
path_call(const struct def_path *p)
{
	return p->call == DEF_CALL_IN ? "MAN" : "AUT";
}

enum oper_do
op_d_paths(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	const char *id = oper_need(c, "ID", con);
	char addr[IPADDR_TEXT], count[12];
	const struct res *r;

	(void)out;
	if (id == NULL)
		return OPER_REJECTED;
	r = rtab_find(&op->node->rtab, id);
	if (r == NULL)
		return oper_bad(con, "ID", id);
	if (r->type != RES_PU) {
		msg_line(con, IST1204I, "ID", id);
		return OPER_REJECTED;
	}
	oper_accept(c, con);
	msg_line(con, IST350I, "PATHS");
	msg_line(con, IST149I);
	for (const struct def_path *p = r->pu == NULL || r->pu->def == NULL ? NULL :
	    r->pu->def->paths; p != NULL; p = p->next) {
		if (p->redial == DEF_REDIAL_FOREVER)
			snprintf(count, sizeof(count), "***");
		else
			snprintf(count, sizeof(count), "%03u", p->redial);
		msg_line(con, IST168I, p->grpnm, "", p->pid, p->gid, count,
		    pu_path_usable(r->pu, p) ? "AVA" : "NAV",
		    path_call(p));
		if (p->ipaddr.fam != 0)
			msg_line(con, IST1680I, "REMOTE", ipaddr_text(&p->ipaddr, addr));
		if (p->hostname[0] != '\0')
			msg_line(con, IST1909I, p->hostname);
	}
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* --- what there is none of --- */

enum oper_do
op_d_nothing(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)op;
	(void)out;
	oper_accept(c, con);
	msg_line(con, IST350I, c->keyword);
	msg_line(con, IST1358I);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* Only the frame: there is no common storage. */
enum oper_do
op_d_csm(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)op;
	(void)c;
	(void)out;
	msg_line(con, IVT5508I);
	con_text(con, "NO CSM STORAGE: D NET,BFRUSE SHOWS THE POOLS");
	msg_line(con, IVT5599I);
	return OPER_DONE;
}

/* D NET,STATS: all counters of the node, by name. */
enum oper_do
op_d_stats(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)out;
	if (oper_choice(c, "TYPE", "VTAM CFS COUNTERS", con) < 0)
		return OPER_REJECTED;
	oper_accept(c, con);
	msg_line(con, IST350I, "STATISTICS");
	stats_show(con, node_stat_desc, op->node->stat, NS_NSTAT);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* D NET,APPS: ours, the built-in applications that run. */
enum oper_do
op_d_apps(struct oper *op, struct oper_cmd *c, struct con *con, struct oper_order *out)
{
	(void)out;
	oper_accept(c, con);
	msg_line(con, IST350I, "BUILT-IN APPLICATIONS");
	if (appset_idle(op->apps))
		msg_line(con, IST1358I);
	else
		appset_show(op->apps, con);
	msg_line(con, IST314I);
	return OPER_DONE;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a Telnet profile; one that is accepted is asked for everything.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/profile.h"
#include "tn3270e/profile_allow.h"
#include "tn3270e/tndev.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
errors(const struct tnp_errs *errs)
{
	char line[400];

	for (const struct tnp_err *e = errs->first; e != NULL; e = e->next)
		assert((e->file != NULL || tnp_err_line(e, "p", line, sizeof(line))[0] == 'p') &&
		    e->text[0] != '\0');
}

static void
group(const struct tnp_group *g)
{
	char lu[9];

	for (uint64_t i = 0; i < g->n; i += 1 + g->n / 3) {
		int64_t at;

		assert(tnp_group_at(g, i, lu));
		at = tnp_group_index(g, lu);
		assert(at >= 0 && at <= (int64_t)i);
	}
	assert(!tnp_group_at(g, g->n, lu));
}

static void
ask(const struct tnp_port *port, const struct tnneg *n)
{
	struct tnp_client who = { .user = "U1", .link = "eth0", .host = "a.b.com" };
	enum tnp_deny why;
	const struct tnp_map *map;
	struct tnp_choice c;

	if (!ipaddr_parse(&who.addr, "10.1.1.1") || !ipaddr_parse(&who.dest, "::1"))
		abort();
	profile_choose(port, &who, n, &c);
	assert(c.fail || c.pool[0] != 0);
	map = profile_map(port, &who, "LU1", TMAP_GENERIC);
	assert(profile_parms(port, &who, map) != NULL);
	for (int k = TA_DEFAULT; k <= TA_ALLOW; k++)
		(void)profile_appl(port, &who, map, (enum tnp_applkind)k);
	(void)profile_allows(&(struct tnp_asks){ port, &who, "TSO", "LU1", 0 }, &why);
	(void)profile_allow_lus(port, &who, "TSO");
	(void)profile_uss(port, &who);
	(void)profile_interp(port, &who);
}

static void
use(struct profile *p)
{
	struct tnneg n = { 0 };

	for (struct tnp_vtam *v = p->vtams; v != NULL; v = v->next) {
		for (unsigned i = 0; i < 4; i++)
			if (v->deflus[i / 2][i % 2] != NULL) {
				v->deflus[i / 2][i % 2]->pool = 1;
				group(v->deflus[i / 2][i % 2]);
			}
		for (struct tnp_group *g = v->groups; g != NULL; g = g->next) {
			g->pool = 2;
			group(g);
		}
	}
	for (const struct tnp_port *port = p->ports; port != NULL; port = port->next)
		for (unsigned kind = TNREQ_GENERIC; kind <= TNREQ_ASSOCIATE; kind++) {
			n.kind = (uint8_t)kind;
			memcpy(n.name, "LU1", 4);
			n.device = (uint8_t)tndev_find("3278-2", 6);
			ask(port, &n);
			n.device = (uint8_t)tndev_find("3287-1", 6);
			ask(port, &n);
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct tnp_errs errs;
	struct profile *p;

	tnp_errs_init(&errs);
	p = profile_parse("p", (const char *)data, n, &errs);
	assert(p != NULL);
	errors(&errs);
	if (errs.fails == 0)
		use(p);
	profile_free(p);
	tnp_errs_fini(&errs);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * The command scanner: any line of bytes is refused or gives operands that
 * stay inside the command.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "vtamsim/oper_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool
inside(const struct oper_cmd *c, const char *p)
{
	return *p == '\0' || (p >= c->text && p < c->text + sizeof(c->text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *line = malloc(n + 1), list[8][20];
	struct oper_cmd c;
	struct con con;
	uint32_t k = 0;

	if (line == NULL)
		return 0;
	memcpy(line, data, n);
	line[n] = '\0';
	con_init(&con);
	if (oper_scan(&c, line, &con)) {
		assert(con.lines == 0 && c.n <= OPER_OPD_MAX);
		for (unsigned i = 0; i < c.n; i++) {
			assert(inside(&c, c.opd[i].key) && inside(&c, c.opd[i].val));
			assert(strlen(c.opd[i].key) < OPER_LINE_MAX);
			(void)oper_list(c.opd[i].val, list, 8);
			(void)oper_is_name(c.opd[i].val, OPER_WILD);
			(void)oper_choice(&c, c.opd[i].key, "ALL ACT", &con);
			(void)oper_number(&c, c.opd[i].key, 1, 1000, &con, &k);
		}
	} else {
		/* Never silence. */
		assert(con.lines == 1);
	}
	con_fini(&con);
	free(line);
	return 0;
}

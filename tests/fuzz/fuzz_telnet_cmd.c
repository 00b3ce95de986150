/* SPDX-License-Identifier: Apache-2.0
 *
 * Operands of the Telnet operator: any line is cut into words that stay inside
 * it, and what each operand gives stays inside its bounds.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tn3270e/op_telnet_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
value(const char *v)
{
	struct worker_msg m = { .op = 0 };
	struct tnp_net net;
	uint16_t port;
	uint32_t k;

	if (word_ports(v, &m))
		assert(m.port_lo <= m.port_hi && !(m.basic && m.secure));
	if (word_net(v, &net))
		assert(net.lo.fam == net.hi.fam && (net.lo.fam == 4 || net.lo.fam == 6));
	if (word_addr_port(v, &net, &port))
		assert(port != 0);
	if (word_number(v, 5, 9, 10, &k))
		assert(k >= 5 && k <= 9);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *line = malloc(n + 1), upper[9];
	struct words s;

	if (line == NULL)
		return 0;
	memcpy(line, data, n);
	line[n] = '\0';
	if (words_cut(&s, line)) {
		struct worker_query q = { .max = OPT_MAX };

		while (s.at < s.n) {
			const char *w = words_peek(&s), *eq = strchr(w, '=');
			unsigned at = s.at;

			assert(w >= s.text && w + strlen(w) < s.text + sizeof(s.text));
			word_upper(upper, sizeof(upper), w);
			assert(strlen(upper) < sizeof(upper));
			value(eq == NULL ? w : eq + 1);
			(void)op_where(&q, &s);
			assert(s.at > at && q.max >= 1 && q.max <= OPT_MAX_MOST);
		}
	}
	free(line);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as an AT-TLS policy: no crash, and rules that can be searched.
 */
#include <stddef.h>
#include <stdint.h>

#include "tn3270e/ttls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct ipaddr a = { .fam = 4, .b = { 127, 0, 0, 1 } }, b = { .fam = 6 };
	const struct tnp_port port = { .port = 992, .ttls = 1 };
	const struct ttls_files files = { "/nonexistent", NULL, 0 };
	struct tnp_errs errs;
	struct ttls *t;

	tnp_errs_init(&errs);
	t = ttls_parse("fuzz", (const char *)data, n, &errs);
	if (t != NULL) {
		(void)ttls_find(t, (struct ttls_end){ &a, 992 }, (struct ttls_end){ &b, 1 });
		(void)ttls_load(t, &port, &files, &errs);
	}
	ttls_free(t);
	tnp_errs_fini(&errs);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths of a switched PU: which of them may be dialed. USE= and CALL= of the
 * definition say so at first, V NET,PATH changes it.
 */
#include "vtamsim/pu_in.h"

/* Its bit in struct pu; paths beyond the 32nd stay as they are defined. */
static uint32_t
bit(const struct pu *p, const struct def_path *pa)
{
	uint32_t b = 1;

	for (const struct def_path *x = p->def->paths; x != NULL && x != pa; x = x->next)
		b <<= 1;
	return b;
}

bool
pu_path_usable(const struct pu *p, const struct def_path *pa)
{
	return ((pa->use != 0) != ((p->flipped & bit(p, pa)) != 0)) &&
	    (pa->call & DEF_CALL_OUT) != 0;
}

const struct def_path *
pu_path_from(const struct pu *p, const struct def_path *pa)
{
	while (pa != NULL && !pu_path_usable(p, pa))
		pa = pa->next;
	return pa;
}

unsigned
pu_path_set(struct pu *p, uint32_t pid, uint32_t gid, enum pu_path_use use)
{
	unsigned n = 0;

	if (p->def == NULL)
		return 0;
	for (const struct def_path *pa = p->def->paths; pa != NULL; pa = pa->next) {
		uint32_t b = bit(p, pa);

		if ((pid != 0 && pa->pid != pid) || (gid != 0 && pa->gid != gid) || b == 0)
			continue;
		n++;
		if ((pa->use != 0) == (use == PATH_USE))
			p->flipped &= ~b;
		else
			p->flipped |= b;
	}
	if (p->path == NULL || !pu_path_usable(p, p->path)) {
		p->path = pu_path_from(p, p->def->paths);
		p->redials = 0;
	}
	return n;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/ebcdic.h"
#include "tn3270e/elf.h"

/* ")USR.ID(" and ")PSS.WD(" in any EBCDIC code page: their characters do not vary. */
static const uint8_t user_id[ELF_LEN] = { 0x5d, 0xe4, 0xe2, 0xd9, 0x4b, 0xc9, 0xc4, 0x4d };
static const uint8_t password[ELF_LEN] = { 0x5d, 0xd7, 0xe2, 0xe2, 0x4b, 0xe6, 0xc4, 0x4d };

struct place {
	struct buf *b;
	uint32_t at;
};

static bool
step(struct place *p)
{
	while (p->b != NULL && p->at >= p->b->len) {
		p->b = STAILQ_NEXT(p->b, link);
		p->at = 0;
	}
	return p->b != NULL;
}

/* A placeholder may lie across two buffers. */
static bool
is_here(struct place p, const uint8_t what[ELF_LEN])
{
	for (unsigned i = 0; i < ELF_LEN; i++, p.at++)
		if (!step(&p) || p.b->p[p.at] != what[i])
			return false;
	return true;
}

static void
write_here(struct place p, const uint8_t text[ELF_LEN])
{
	for (unsigned i = 0; i < ELF_LEN && step(&p); i++)
		p.b->p[p.at++] = text[i];
}

unsigned
elf_find(const struct bufq *q)
{
	struct place p = { bufq_peek(q), 0 };
	unsigned found = 0;

	for (; step(&p); p.at++) {
		if (p.b->p[p.at] != user_id[0])
			continue;
		found |= is_here(p, user_id) ? ELF_USER : is_here(p, password) ? ELF_TICKET : 0;
	}
	return found;
}

void
elf_replace(struct bufq *q, unsigned which, const char *text)
{
	const uint8_t *what = which == ELF_USER ? user_id : password;
	struct place p = { bufq_peek(q), 0 };
	uint8_t e[ELF_LEN];

	memset(e, 0x40, sizeof(e));
	for (unsigned i = 0; i < ELF_LEN && text[i] != '\0'; i++)
		e[i] = ebc_from((unsigned char)text[i]);
	for (; step(&p); p.at++)
		if (p.b->p[p.at] == what[0] && is_here(p, what))
			write_here(p, e);
	explicit_bzero(e, sizeof(e));
}

bool
elf_ticket_ok(const char *t, size_t n)
{
	if (n != ELF_LEN)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!((t[i] >= 'A' && t[i] <= 'Z') || (t[i] >= '0' && t[i] <= '9')))
			return false;
	return true;
}

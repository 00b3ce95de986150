/* SPDX-License-Identifier: Apache-2.0
 *
 * vtamlst.h - the scanner for definition members: cards to statements.
 *
 * Three dialects: D1 definition statements (strict columns), D2 lists
 * (ATCSTRxx, ATCCONxx), D3 macro tables (MODETAB, USSTAB: assembler columns).
 * The use of a member decides the dialect, not its text.
 *
 * Takes:   the bytes of a member; no file is opened here.
 * Gives:   statements with operands, each with the line and column it came
 *          from, and a list of errors that name them.
 * Units:   lines and columns count from 1, as an editor shows them.
 * Memory:  all in the arena handed in; errors in the arena of their list.
 * Errors:  struct deferr with VTAM's message id and text, and plain words.
 * Thread:  any; no state.
 * Source:  companion vtamlst section 1, 7.
 */
#ifndef VTAMSIM_VTAMLST_H
#define VTAMSIM_VTAMLST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/pool.h"

/* From into to[n], cut if need be. False: it was cut. */
static inline bool
text_copy(char *to, size_t n, const char *from)
{
	size_t len = strlen(from);
	bool fits = len < n;

	if (!fits)
		len = n - 1;
	memcpy(to, from, len);
	to[len] = '\0';
	return fits;
}

#define VL_DEPTH 8              /* nested sublists */
#define VL_BYTES_MAX (8u << 20) /* of a member */
#define DEFERR_MAX 500          /* kept in a list; the rest is counted */

enum vl_dialect { VL_D1 = 1, VL_D2, VL_D3 };

struct vlpos {
	uint32_t line;
	uint16_t col;
};

enum deferr_sev {
	DE_INFO = 1,            /* accepted, but has no function here */
	DE_WARN,                /* something is doubtful; the definition stands */
	DE_FAIL                 /* the member (or option) is not used */
};

struct deferr {
	struct deferr *next;
	uint8_t sev;            /* enum deferr_sev */
	struct vlpos pos;       /* line 0: the member as a whole */
	char member[9];
	char label[20];         /* statement name, "***NA***" when it has none */
	char macro[12];         /* statement */
	char operand[20];       /* keyword, "" when it is not about one */
	char id[9];             /* IST320I */
	const char *text;       /* its text, without the id */
	const char *plain;      /* what is wrong, in plain words */
};

struct deferrs {
	struct arena arena;
	struct deferr *first, **tail;
	unsigned count;         /* reported */
	unsigned fails;         /* of them DE_FAIL */
	unsigned dropped;       /* above DEFERR_MAX: counted, not kept */
};

void deferrs_init(struct deferrs *);
void deferrs_fini(struct deferrs *);
/* "member(line,col) operand: IST320I text - plain words" into to[n]; returns to. */
char *deferr_line(const struct deferr *, char *to, size_t n);
/* IST323I text ("LABEL = .. - MACRO = .. - KEYWORD = ..") or "" if it has none. */
char *deferr_detail(const struct deferr *, char *to, size_t n);

/* Where an error is, for deferr_add(). */
struct defwhere {
	const char *member, *label, *macro, *operand;   /* NULL: none */
	struct vlpos pos;
};
/* How bad it is, and VTAM's message id. */
struct deferr_kind {
	enum deferr_sev sev;
	const char *id;
};
/* Adds one; text is VTAM's without the id, plain is a printf format. Returns it, or NULL. */
struct deferr *deferr_add(struct deferrs *, struct deferr_kind, const struct defwhere *,
    const char *text, const char *plain, ...) __attribute__((format(printf, 5, 6)));

enum vlval_kind { VV_EMPTY = 1, VV_ITEM, VV_QUOTED, VV_LIST };

struct vlval {
	uint8_t kind;           /* enum vlval_kind */
	char type;              /* VV_QUOTED: 0, 'C', 'X', 'B' */
	uint32_t len;           /* of text */
	const char *text;       /* NUL behind; quotes off, doubled ones single; LIST: as coded */
	struct vlpos pos;
	struct vlval *sub;      /* VV_LIST: first element */
	uint32_t nsub;
	struct vlval *next;     /* next element of the list it is in */
};

struct vlopd {
	const char *key;        /* upper case; "" for a positional operand */
	struct vlval *val;      /* never NULL */
	struct vlpos pos;       /* of the keyword */
	struct vlopd *next;
};

struct vlstmt {
	const char *name;       /* "" when there is none */
	const char *op;
	struct vlopd *opds;
	uint32_t nopd;
	const char *raw;        /* operand field as coded, continuation joined */
	uint32_t raw_len;
	const struct vlpos *rawpos;     /* of each character of raw */
	struct vlpos pos;       /* of the name, or the operation */
	struct vlpos op_pos;
	struct vlstmt *next;
};

/* Replaces &NAME. ; NULL-name ends the table. */
struct vlsym {
	const char *name, *value;
};

struct vlscan {
	const char *member;             /* for the errors */
	enum vl_dialect dialect;
	const struct vlsym *syms;       /* or NULL */
	struct arena *arena;
	struct deferrs *errs;
};

struct vlmember {
	struct vlstmt *first;   /* D2: one statement that holds all items as operands */
	uint32_t nstmt;
	uint32_t records;       /* cards read, comments included */
};

/* Scans a whole member. True when no error of severity DE_FAIL was added. */
bool vtamlst_scan(const struct vlscan *, const uint8_t *bytes, size_t n, struct vlmember *);

/* An element of a value: v itself for number 0 when it is not a list; NULL: none or empty. */
const struct vlval *vlval_at(const struct vlval *, uint32_t n);
/* Elements: 0 for empty, 1 for an item. */
uint32_t vlval_count(const struct vlval *);
/* A value as it would be coded, into the arena. */
const char *vlval_text(struct arena *, const struct vlval *);
/* Hex digits of X'..' or plain digits into to[max]; length, or -1 when not hex. */
int vlval_hex(const struct vlval *, uint8_t *to, size_t max);

#endif

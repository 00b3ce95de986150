/* SPDX-License-Identifier: Apache-2.0
 *
 * PRTDEMO's paper. A page is the same text in every form: a head that says
 * which job, printer and page, a rule, numbered lines whose text moves with
 * line and page, a rule and a foot; so one page on paper can be told from any
 * other, and compared byte for byte. Each page ends with a form feed.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/ebcdic.h"
#include "vtamsim/app_prt_in.h"

#define NL 0x15
#define FF 0x0c
#define LINE (PRT_COLS + 1)

static void
rule(char line[LINE])
{
	memset(line, '-', PRT_COLS);
	line[PRT_COLS] = '\0';
}

static void
body(char line[LINE], const struct prt_page *p, unsigned i)
{
	static const char text[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	int n = snprintf(line, LINE, "%02u |", i);

	for (; n < PRT_COLS; n++)
		line[n] = text[((unsigned)n + i + p->page) % (sizeof(text) - 1)];
	line[PRT_COLS] = '\0';
}

/* Line 1 to PRT_LINES. */
static void
line_of(char line[LINE], const struct prt_page *p, unsigned i)
{
	if (i == 1)
		snprintf(line, LINE, "PRTDEMO   JOB %06u   PRINTER %-17s   PAGE %4u OF %4u",
		    p->job % 1000000, p->lu, p->page % 10000, p->pages % 10000);
	else if (i == 2 || i == PRT_LINES - 1)
		rule(line);
	else if (i == PRT_LINES)
		snprintf(line, LINE, "END OF PAGE %u%s", p->page % 10000,
		    p->page == p->pages ? " AND OF THE JOB" : "");
	else
		body(line, p, i - 2);
}

/* LU type 3: Erase/Write once, then the buffer; NL and FF shape it, as bits 2-3 of
 * the WCC are zero, and EM ends what is printed (sna-sessions 3.9). */
size_t
prt_page(const struct prt_page *p, uint8_t to[PRT_PAGE_BYTES])
{
	/* SHF: lines of 132; SVF: pages of 66 lines. A printer needs it to take FF. */
	static const uint8_t format[] = { 0x2b, 0xc1, 0x02, 132, 0x2b, 0xc2, 0x02, 66 };
	struct wr w = wr_on(to, PRT_PAGE_BYTES);
	uint8_t ebc[PRT_COLS];
	char line[LINE];

	if (p->form == PRT_3270) {
		wr_u8(&w, DS_EW);
		wr_u8(&w, ds_wcc(DS_WCC_RESET | DS_WCC_PRINT));
	} else if (p->page == 1) {
		wr_bytes(&w, format, sizeof(format));
	}
	for (unsigned i = 1; i <= PRT_LINES; i++) {
		size_t n;

		line_of(line, p, i);
		n = strlen(line);
		ebc_put(ebc, line, n);
		wr_bytes(&w, ebc, n);
		wr_u8(&w, NL);
	}
	wr_u8(&w, FF);
	if (p->form == PRT_3270)
		wr_u8(&w, 0x19);
	assert(!w.bad);
	return wr_len(&w);
}

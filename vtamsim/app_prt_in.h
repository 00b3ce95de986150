/* SPDX-License-Identifier: Apache-2.0
 *
 * app_prt_in.h - PRTDEMO from inside.
 *
 * Files:   app_prt.c        sessions and jobs
 *          app_prt_page.c   a page, as SCS and as 3270 data stream
 *          app_prt_panel.c  the screen on which a job is asked for
 */
#ifndef VTAMSIM_APP_PRT_IN_H
#define VTAMSIM_APP_PRT_IN_H

#include "base/due.h"
#include "vtamsim/app_prt.h"
#include "vtamsim/ds3270.h"

#define PRT_JOBS 64
#define PRT_CHAIN_MAX 16        /* pages of one chain */
#define PRT_WINDOW 16           /* pages between two definite responses */
#define PRT_SESS_MAX 1000
#define PRT_NOTES 6             /* lines of news on the screen */
#define PRT_NOTE 78
/* A page: fits a print buffer of 24 by 80. */
#define PRT_COLS 72
#define PRT_LINES 18
#define PRT_PAGE_BYTES (PRT_LINES * (PRT_COLS + 1) + 16)

enum prt_state {
	PJ_FREE,
	PJ_ACQUIRE,             /* SIMLOGON is under way */
	PJ_PRINT,
	PJ_STOPPED              /* the printer wants an operator: LUSTAT goes on */
};

struct prt_job {
	struct due due;         /* SIMLOGON takes no longer */
	uint8_t state;          /* enum prt_state */
	uint8_t acquired;       /* the session ends with the job */
	uint8_t asked;          /* a definite response is due, for asked_snf */
	uint8_t cleared;        /* LUSTAT came before that response */
	uint8_t empty;          /* EB comes with an RU of no length behind the last page */
	uint16_t asked_snf;
	uint8_t ended;          /* EB has gone out */
	uint8_t later;          /* the session the LU had must end first */
	uint16_t pages, page;   /* of the job; sent */
	uint16_t chain;         /* pages of one chain */
	uint16_t again;         /* times begun anew */
	uint32_t number;
	uint32_t owner, printer;        /* suser of the terminal and of the printer; 0 none */
	struct sna_name lu;
	char mode[9];           /* of SIMLOGON */
};

struct prt_ask {
	char lu[SNA_NAME_MAX + 1], pages[8], form[9], chain[8];
};

struct prt_sess {
	struct app_sess s;              /* first */
	uint16_t rows, cols;
	uint16_t snf;                   /* of the last RU to a printer */
	uint8_t job;                    /* under way; index + 1, 0 none */
	uint8_t begun;                  /* data traffic was active */
	struct prt_ask ask;             /* as typed last */
	char note[PRT_NOTES][PRT_NOTE + 1];
};

struct prt {
	struct dueheap heap;
	struct dueent places[PRT_JOBS];
	struct prt_job job[PRT_JOBS];
	uint32_t pages;         /* of a page set */
	uint32_t number;        /* of the last job */
	uint64_t printed, failed, stopped, paper;
};

static inline struct prt_sess *
prt_of(struct app_sess *s)
{
	return (struct prt_sess *)(void *)s;
}

static inline bool
prt_is_printer(const struct app_sess *s)
{
	return s->lutype == 1 || s->lutype == 3;
}

/* One page for an LU of this type; bytes. */
enum prt_form { PRT_SCS = 1, PRT_3270 };
struct prt_page {
	const char *lu;         /* NETID.LU */
	uint32_t job;
	unsigned page, pages;
	enum prt_form form;
};
size_t   prt_page(const struct prt_page *, uint8_t to[PRT_PAGE_BYTES]);

/* News for a terminal, and the screen. turn: the user may type. */
enum prt_turn { PRT_WAIT, PRT_TYPE };
void     prt_note(struct prt_sess *, const char *, ...) __attribute__((format(printf, 2, 3)));
void     prt_paint(struct app *, struct prt_sess *, enum prt_turn);
/* What was typed. The AID; 0: damaged. */
uint8_t  prt_typed(struct prt_sess *, const struct buf *);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * app_drive_in.h - DRIVER from inside.
 *
 * Files:   app_drive.c       sessions, the line of commands, what comes in
 *          app_drive_cmd.c   the commands
 *          app_drive_send.c  chains
 *          app_drive_bind.c  changes to the BIND, new BINDs
 *          app_drive_show.c  the status screen
 */
#ifndef VTAMSIM_APP_DRIVE_IN_H
#define VTAMSIM_APP_DRIVE_IN_H

#include "base/due.h"
#include "vtamsim/app.h"
#include "vtamsim/ds3270.h"

#define DRIVE_MAX 256           /* sessions, unless MAX= says less */
#define DRIVE_LINE 240          /* characters of a line of commands */
#define DRIVE_HEX 96            /* bytes of the last input that are shown */
#define DRIVE_NOTE 64
#define DRIVE_RAW 100           /* bytes of HEX= */
#define DRIVE_TEXT 32
#define DRIVE_RUS 300           /* RUs of a chain: they wait in the half-session */
#define DRIVE_RU_MAX 4096
#define DRIVE_BURST 100         /* chains at a time */
#define DRIVE_NEW 16            /* sessions to be bound again */
#define DRIVE_PATCH 16          /* bytes of a BIND that may be changed */
#define DRIVE_CMD_ROW 21u       /* of the field for commands */
#define DRIVE_HIDE_ROW 22u      /* of the field that is never shown */
#define DRIVE_HIDE_LEN 8u

/* What the line waits for. */
enum drive_wait { DW_NONE, DW_TIME, DW_RSP, DW_SEND };

/* One SEND, NULL or FLOOD. */
struct drive_send {
	uint32_t rh;            /* of the whole chain */
	uint32_t rus, size;     /* of a chain */
	uint32_t count;         /* chains */
	uint32_t ru, chain;     /* done */
	uint8_t burst;          /* chains at a time: fewer while they come back */
	uint8_t back;           /* of the last burst */
	uint8_t cmd, wcc;       /* 3270 command; 0: none */
	uint8_t ff;             /* the filler is X'FF' */
	uint8_t null;           /* nothing but the RH */
	uint8_t raw_len;
	uint8_t raw[DRIVE_RAW]; /* instead of a screen */
	char text[DRIVE_TEXT];
};

struct drive_bind {
	char mode[9];
	uint8_t quiet;          /* no first screen */
	uint8_t n;
	uint8_t at[DRIVE_PATCH], to[DRIVE_PATCH];
	uint32_t after;         /* seconds from UNBIND to the next BIND */
};

struct drive_sess {
	struct app_sess s;              /* first */
	struct due due;
	uint16_t rows, cols;
	uint8_t alt, extended;
	uint8_t wait;                   /* enum drive_wait */
	uint8_t said;                   /* the line sent something: no status behind it */
	uint8_t status_out;             /* the last that was sent is the status */
	uint8_t quiet;
	uint16_t at;                    /* in line */
	char line[DRIVE_LINE + 1];
	char note[DRIVE_NOTE];
	struct drive_send send;
	/* what came */
	uint8_t in[DRIVE_HEX];
	uint16_t in_len;                /* as it came; in has DRIVE_HEX of it */
	uint16_t hide, hide_len;        /* not shown */
	uint32_t positive, negative, signals, errors;
	uint32_t asked;                 /* responses that had come when something was sent last */
	uint32_t sense, error;          /* of the last negative response; send refused here */
};

/* A session that ended to be bound again. */
struct drive_new {
	struct due due;
	struct sna_name lu;     /* empty: free */
	struct drive_bind b;
	uint8_t asked;          /* SIMLOGON is under way */
	uint8_t tries;
};

struct drive {
	struct dueheap heap;
	struct dueent places[DRIVE_MAX + DRIVE_NEW];
	struct drive_new again[DRIVE_NEW];
	uint32_t next;
};

static inline struct drive_sess *
drive_of(struct app_sess *s)
{
	return (struct drive_sess *)(void *)s;
}

/* Responses, and requests our own half-session refused. */
static inline uint32_t
drive_answers(const struct drive_sess *d)
{
	return d->positive + d->negative + d->errors;
}

/* One word of a command: KEY or KEY=VALUE, upper case. False: no more. */
struct drive_word {
	char text[2 * DRIVE_RAW + 8];
	const char *value;      /* "" without = */
};
bool     drive_word(const char **line, struct drive_word *);
bool     drive_hex(const char *, uint32_t *);
unsigned drive_bytes(const char *hex, uint8_t *to, unsigned room);      /* 0: not hex */

/* Runs the line until it ends or has to wait. */
void     drive_run(struct app *, struct drive_sess *, struct mono now);
/* One command. False: not understood, note says why. */
bool     drive_command(struct app *, struct drive_sess *, const char *, struct mono now);
/* Sends what there is room for. True: all of it. */
bool     drive_send(struct app *, struct drive_sess *);
/* A request came back with sense. True: it will go again. */
bool     drive_send_again(struct drive_sess *, uint32_t sense);
void     drive_note(struct drive_sess *, const char *, const char *);
void     drive_status(struct app *, struct drive_sess *);
const char *drive_help(unsigned line);          /* NULL: no more */

/* KEY=VALUE of a BIND. False: none of them. */
bool     drive_bind_word(struct drive_bind *, const struct drive_word *);
/* The CINIT's BIND, changed as DATA or REBIND said. */
bool     drive_bind(struct app *, struct acb_cinit *);
/* The old session may not have ended at the other end yet. True: asked again. */
bool     drive_nspe(struct app *, const struct sna_name *lu, uint32_t sense);
bool     drive_again(struct app *, struct drive_sess *, const struct drive_bind *);
void     drive_again_over(struct app *, const struct app_sess *, struct mono now);
void     drive_again_expire(struct app *, struct drive_new *, struct mono now);
/* Was it bound again by us, quietly? Forgets that. */
bool     drive_again_quiet(struct app *, const struct app_sess *);

#endif

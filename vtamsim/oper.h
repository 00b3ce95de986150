/* SPDX-License-Identifier: Apache-2.0
 *
 * oper.h - operator commands: scanner, dispatch table, the commands.
 *
 * Takes:   a command line as typed: "D NET,ID=ECHO,E".
 * Gives:   the reply, and what the caller has still to do that a core can't
 *          (halt the loop, run a Telnet command, open a trace file).
 * Memory:  nothing is kept; a command's operands point into struct oper_cmd.
 * Errors:  IST450I, IST451I, IST452I, IST453I, IST456I: a refused command
 *          changes nothing.
 * Thread:  SNA. Displays are bounded by MAX= and DSPLYMAX.
 * Source:  companion vtam-operator.
 */
#ifndef VTAMSIM_OPER_H
#define VTAMSIM_OPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/mono.h"

#define OPER_LINE_MAX 1024      /* characters of a command */
#define OPER_OPD_MAX 32         /* operands of a command */
#define OPER_LEVEL "SNAG01"     /* our choice: where VTAM shows CSV2R1 */

struct appset;
struct defs;
struct loop;
struct node;
struct nettrace;

enum oper_verb { OV_DISPLAY = 1, OV_VARY, OV_MODIFY, OV_HALT, OV_START, OV_STOP };

struct oper_opd {
	const char *key;        /* "ID"; "" for a value alone */
	const char *val;        /* "" when there is no = */
	uint8_t eq;             /* = was typed */
	uint8_t taken;          /* a command asked for it */
};

struct oper_cmd {
	enum oper_verb verb;
	const char *word;       /* the verb in full: "DISPLAY" */
	const char *keyword;    /* of the command found: "MAJNODES" */
	const char *target;     /* NET, TCPIP, a procedure's or an application's name */
	unsigned n;
	struct oper_opd opd[OPER_OPD_MAX];
	char text[OPER_LINE_MAX];       /* folded, cut in place */
	char rest[OPER_LINE_MAX];       /* folded, behind the target's comma, whole */
};

/* A start option as it was before MODIFY VTAMOPTS; texts are defs'. */
struct oper_orig {
	const char *name, *value;
	char member[9];
	uint8_t origin;
};
#define OPER_ORIG_MAX 64

/* What a command works on; kept by the caller from command to command. */
struct oper {
	struct node *node;
	struct defs *defs;
	struct appset *apps;
	const struct nettrace *traces;  /* what F NET,TRACE asked for, for displays */
	const struct loop *loop;        /* longest turn, for D NET,BFRUSE; or NULL */
	const char *program;            /* "snagate", "vtamsim" */
	const char *version;            /* "0.1" */
	int64_t started_us;             /* wall clock at start */
	int64_t wall_us;                /* wall clock now */
	struct mono now;
	uint32_t corr;                  /* the command goes on one with host names; 0: no */
	unsigned n_orig;
	struct oper_orig orig[OPER_ORIG_MAX];
};

enum oper_do {
	OPER_DONE = 1,          /* the reply is complete */
	OPER_REJECTED,          /* the reply says why; nothing was done */
	OPER_TELNET,            /* a TCPIP command: not ours, the reply is empty */
	OPER_HALT,              /* Z NET: halt says how */
	OPER_TRACE,             /* open the packet trace file: text */
	OPER_NOTRACE,           /* close it */
	OPER_TRAIL              /* write the last packets of pipe id to the file text */
};

enum oper_halt { HALT_NORMAL = 1, HALT_QUICK, HALT_CANCEL };

struct oper_order {
	enum oper_do what;
	enum oper_halt halt;
	uint8_t full, saved;    /* OPER_TRACE: AMOUNT=FULL, SAVE=YES */
	uint64_t max;           /* OPER_TRACE: bytes, 0 default */
	char id[18];            /* of the traces: whose; "" everything */
	char type[9];           /* as typed: BUF, IO .. */
	const char *node_type;  /* PU_T2.1 .. */
	char text[256];         /* OPER_TRACE: path, "" default */
};

/* Runs one command. */
enum oper_do oper_run(struct oper *, const char *line, struct con *, struct oper_order *);

/* Why an application could not open its ACB (enum acb_err). */
const char *oper_acb_text(unsigned err);

/* Memory of the process, KiB. */
uint64_t oper_resident_k(void);

/* The scanner alone. False: the reply says what is wrong. */
bool oper_scan(struct oper_cmd *, const char *line, struct con *);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * op_telnet.h - the operator's Telnet commands: D TCPIP and V TCPIP.
 *
 * Takes:   a command as typed.
 * Gives:   the reply, at once or when all workers have answered.
 * Errors:  EZZ6039I COMMAND .. FAILED, with words.
 * Thread:  SNA.
 * Source:  companion zos-telnet-server sections 14, 15.
 */
#ifndef TN3270E_OP_TELNET_H
#define TN3270E_OP_TELNET_H

#include "base/con.h"
#include "tn3270e/tnd.h"
#include "vtamsim/lupool.h"

enum op_telnet_do {
	OPT_DONE = 1,           /* the reply is whole */
	OPT_REFUSED,            /* it says why */
	OPT_LATER,              /* op_telnet_result() makes it */
	OPT_OBEY                /* read file, then say how it went */
};

/* EZZ6034I: what was told of one reason lately. More of it becomes MULTIPLE (section 15);
 * other words are other news, but no reason has many of them. */
#define OP_TOLD 16u
#define OP_TOLD_TEXTS 8u
struct op_told {
	uint8_t kind;           /* enum tn_report_kind; 0: free */
	uint8_t texts;
	char reason[20];
	uint32_t text[OP_TOLD_TEXTS];   /* hashes */
	uint32_t more, id;      /* not told; the last of them */
	struct mono at;
};

struct op_telnet {
	struct tnd *tnd;        /* NULL: no Telnet server was started */
	struct lupools *pools;
	const char *job;        /* SNAGATE */
	const char *version;
	char file[256];         /* OPT_OBEY */
	uint8_t debug_off;      /* V ..,DEBUG,OFF: until another profile */
	struct op_told told[OP_TOLD];
};

enum op_telnet_do op_telnet_run(struct op_telnet *, const char *line, uint32_t ticket,
    struct con *);
/* OPT_OBEY was carried out; fails 0: the profile holds. */
void     op_telnet_obeyed(const struct op_telnet *, const char *file, unsigned fails,
    struct con *);
void     op_telnet_config_error(const struct op_telnet *, const struct tnp_err *, const char *file,
    struct con *);
/* The reply to the command of that ticket. Takes r's con. */
void     op_telnet_result(struct op_telnet *, struct tnd_result *, struct con *);
/* A report as EZZ6034I. False: nothing is to be said. */
bool     op_telnet_report(struct op_telnet *, const struct tn_report *, struct mono, struct con *);
/* What was held back, once it is old enough. False: nothing. */
bool     op_telnet_quiet(struct op_telnet *, struct mono, struct con *);

/* EZZ6024I: the code pages of a profile just taken; nothing where all are the standard one. */
void     op_telnet_pages(const struct op_telnet *, const struct profile *, struct con *);

#endif

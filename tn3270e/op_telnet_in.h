/* SPDX-License-Identifier: Apache-2.0
 *
 * op_telnet_in.h - the inside of the Telnet operator, for op_telnet*.c.
 *
 * Files:   op_telnet.c        which command; its answer when workers have said theirs
 *          op_telnet_words.c  a command cut into operands; numbers, ports, addresses
 *          op_telnet_conn.c   D CONNECTION
 *          op_telnet_show.c   D PROFILE, INACTLUS, STOR, XCF, WLM, LUNS
 *          op_telnet_map.c    D CLIENTID, OBJECT
 *          op_telnet_vary.c   V
 *          op_telnet_help.c   D HELP
 *          op_telnet_log.c    EZZ6034I, EZZ6035I: what workers report
 */
#ifndef TN3270E_OP_TELNET_IN_H
#define TN3270E_OP_TELNET_IN_H

#include "tn3270e/op_telnet.h"

#define OPT_WORDS 20
#define OPT_MAX 100u                    /* lines of a display without MAX= (14) */
#define OPT_MAX_MOST 65533u

/* A command cut at its commas. */
struct words {
	char text[1024];
	char *w[OPT_WORDS];
	unsigned n, at;
};

bool     words_cut(struct words *, const char *line);   /* false: no operands, or too many */
const char *words_next(struct words *);                 /* "" behind the last */
const char *words_peek(const struct words *);
/* Abbreviated to at least min letters. */
bool     word_is(const char *word, const char *full, size_t min);
bool     word_key(const char *word, const char *k, const char **value);         /* K=value */
bool     word_number(const char *, unsigned long lo, unsigned long hi, unsigned base,
             uint32_t *to);
void     word_upper(char *to, size_t room, const char *);
/* ALL, n, n1..n2, BASIC, SECURE */
bool     word_ports(const char *, struct worker_msg *);
/* addr, mask:subnet, subnet:mask, addr/len */
bool     word_net(const char *, struct tnp_net *);
bool     word_addr_port(const char *, struct tnp_net *, uint16_t *port);        /* addr..port */

/* PORT=, PROF=, MAX=, SUMMARY, DETAIL; false: the word is none of them, or is wrong. It is
 * taken either way. */
bool     op_where(struct worker_query *, struct words *);

/* Why a command failed: RCODE= and words. The codes from 9000 are ours. */
enum tn_rcode {
	RC_OPERAND = 9001,      /* an operand is not known, or its value */
	RC_SYNTAX = 9002,
	RC_NO_SERVER = 9003,
	RC_BUSY = 9004,         /* too many under way */
	RC_LU_STATE = 9005,     /* it is so already */
	RC_NOT_FOUND = 9006,
	RC_CONFIG = 9007,       /* errors in a profile */
	RC_PORT = 9008          /* the system does not give the port, or its certificate is bad */
};
enum op_telnet_do op_failed(const struct op_telnet *, enum tn_rcode, const char *command,
    const char *why, struct con *) __attribute__((nonnull));
enum op_telnet_do op_operand(const struct op_telnet *, const char *command, const char *word,
    struct con *);
/* Asks all workers; OPT_LATER. */
enum op_telnet_do op_ask(struct op_telnet *, enum worker_order, const struct worker_query *,
    uint32_t ticket, struct con *);

/* EZZ6050I, EZZ6052I: the lines below a port's part, and at the end. */
void     op_port_line(const struct port_count *, const struct op_telnet *, struct con *);
void     op_records(struct con *, uint32_t shown, uint32_t of);
bool     op_port_wanted(const struct worker_query *, const struct op_telnet *,
             const struct port_count *);
const struct tnp_port *op_port(const struct tnd *, const struct port_count *);

enum op_telnet_do op_display_conn(struct op_telnet *, struct words *, uint32_t ticket,
    struct con *);
void     op_conn_result(const struct op_telnet *, const struct tnd_result *, struct con *);
enum op_telnet_do op_display_profile(struct op_telnet *, struct words *, uint32_t ticket,
    struct con *);
void     op_profile_result(const struct op_telnet *, const struct tnd_result *, struct con *);
enum op_telnet_do op_display_map(struct op_telnet *, struct words *, uint32_t ticket,
    struct con *);
void     op_map_result(const struct op_telnet *, const struct tnd_result *, struct con *);
enum op_telnet_do op_inactlus(const struct op_telnet *, struct words *, struct con *);
enum op_telnet_do op_not_configured(const struct op_telnet *, const char *what, struct con *);
void     op_status(const struct op_telnet *, struct con *);
enum op_telnet_do op_stor(struct op_telnet *, uint32_t ticket, struct con *);
void     op_stor_result(const struct op_telnet *, const struct tnd_result *, struct con *);
enum op_telnet_do op_vary(struct op_telnet *, struct words *, uint32_t ticket, struct con *);
enum op_telnet_do op_help(const struct op_telnet *, struct words *, struct con *);

#endif

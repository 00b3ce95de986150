/* SPDX-License-Identifier: Apache-2.0
 *
 * telnet.h - Telnet: IAC in and out, options, records ended by EOR.
 *
 * The functions are called tel_: libtelnet has taken telnet_.
 *
 * Bytes are read straight into a buffer this object holds; a record is
 * un-doubled there, in place, and leaves as that same buffer. Option bytes and
 * sub-negotiations go through libtelnet (RFC 1143's loop-free state machine),
 * which is woken for them only: tel_sleep() frees its state, the options
 * agreed are kept in two words and put back when it wakes.
 *
 * Takes:   bytes of the peer (tel_room, tel_filled); records to send.
 * Gives:   records, option changes, sub-negotiations, commands (tel_recv);
 *          bytes for the peer (out).
 * Memory:  buffers of the pool; nothing while nothing is under way and the
 *          library sleeps. tel_init() allocates the library's state.
 * Errors:  TEL_BAD with a sentence: the connection is to be dropped.
 * Thread:  the worker's.
 * Source:  RFC 854, 855, 860, 885, 1143; RFC 2355 section 8.
 */
#ifndef TN3270E_TELNET_H
#define TN3270E_TELNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define TEL_SB_MAX 4096              /* bytes of a sub-negotiation; longer is ignored */
#define TEL_READ 2048                /* room wanted for a read */

enum tel_option { TO_BINARY = 0, TO_ECHO = 1, TO_SGA = 3, TO_TM = 6, TO_TTYPE = 24,
	TO_EOR = 25, TO_NAWS = 31, TO_ENVIRON = 39, TO_TN3270E = 40, TO_START_TLS = 46 };

enum tel_verb { TV_SB = 250, TV_WILL = 251, TV_WONT = 252, TV_DO = 253, TV_DONT = 254 };
enum tel_cmd { TC_EOR = 239, TC_SE = 240, TC_NOP = 241, TC_DM = 242, TC_BRK = 243,
	TC_IP = 244, TC_AO = 245, TC_AYT = 246, TC_EC = 247, TC_EL = 248, TC_GA = 249,
	TC_IAC = 255 };

/* What becomes of bytes that are no commands. */
enum tel_mode {
	TM_DROP = 1,            /* negotiation: counted and dropped */
	TM_RECORDS,             /* collected up to EOR */
	TM_LINE                 /* given as they come, a line at most */
};

enum tel_what {
	TEL_RECORD = 1,      /* rec: at least one buffer, may be empty */
	TEL_TEXT,            /* TM_LINE, or NVT text among records: rec */
	TEL_OPTION,          /* verb, opt: the peer's, when it changed something */
	TEL_SB,              /* opt, sb, sb_len: good until the next tel_recv() */
	TEL_CMD,             /* cmd: BRK, IP, AO, AYT; in TM_LINE EC, EL */
	TEL_BAD              /* why: give up */
};

struct tel_ind {
	uint8_t what;           /* enum tel_what */
	uint8_t verb, opt, cmd;
	struct bufq rec;        /* the receiver's */
	const uint8_t *sb;
	size_t sb_len;
	const char *why;
};

struct telnet {
	void *lib;              /* telnet_t; NULL: sleeps */
	struct bufpool *bufs;
	struct buf *in;         /* record so far (rec_len), gap, bytes not looked at (scan..len) */
	struct bufq rec;        /* the record's earlier parts */
	struct bufq out;        /* for the wire */
	uint64_t us, him;       /* options agreed, a bit each */
	uint64_t ask_us, ask_him;       /* asked with WILL, with DO, not answered yet */
	uint32_t rec_len, scan;
	uint32_t max_record;
	uint16_t sb_len;
	uint8_t sb_opt;
	uint8_t mode;           /* enum tel_mode */
	uint8_t iac;            /* IAC seen: TC_IAC; a verb, or TV_SB with IAC: waits for a byte */
	uint8_t in_sb, sb_bad;
	uint8_t no_e;           /* TN3270E is refused */
	uint8_t no_sga;         /* SUPPRESS-GO-AHEAD is refused (NOSGA) */
	uint8_t later;          /* IP, AO inside a record: bits */
	uint8_t starved;        /* out of buffers: TEL_BAD follows */
	uint8_t replay;         /* the library is being woken: it talks to nobody */
	uint8_t ev, ev_verb, ev_opt;    /* what the library said last */
	const uint8_t *ev_sb;
	uint32_t ev_sb_len;
	uint32_t dropped;       /* bytes outside records, bad sub-negotiations */
};

enum tel_offer { TEL_WITH_E = 1, TEL_WITHOUT_E };

bool     tel_init(struct telnet *, struct bufpool *, enum tel_offer, uint32_t max_record);
void     tel_fini(struct telnet *);          /* frees what is queued */
void     tel_sleep(struct telnet *);         /* negotiation is over */

/* A record or text under way is dropped. */
void     tel_set_mode(struct telnet *, enum tel_mode);

/* Where the next bytes of the peer go; NULL: no buffer. tel_filled() must follow. */
uint8_t *tel_room(struct telnet *, size_t *n);
void     tel_filled(struct telnet *, size_t n);
bool     tel_recv(struct telnet *, struct tel_ind *);
bool     tel_more(const struct telnet *);    /* bytes wait to be looked at */

/* The options this end asks for; nothing goes out when it is agreed or asked already. */
void     tel_ask(struct telnet *, enum tel_verb, uint8_t opt);
void     tel_put_sb(struct telnet *, uint8_t opt, const void *, size_t n);
void     tel_put_cmd(struct telnet *, enum tel_cmd);
void     tel_timing_mark(struct telnet *);   /* DO TIMING-MARK */
bool     tel_us(const struct telnet *, uint8_t opt);
bool     tel_him(const struct telnet *, uint8_t opt);

/* One record: doubles IAC, adds EOR, queues it in out. Takes all of rec. */
void     tel_send(struct telnet *, struct bufq *rec);
/* Text without EOR (line mode, NVT). Takes the buffer. */
void     tel_send_text(struct telnet *, struct buf *);

#endif

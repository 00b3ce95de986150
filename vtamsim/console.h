/* SPDX-License-Identifier: Apache-2.0
 *
 * console.h - the operator socket: many clients, one line protocol.
 *
 * A client sends lines: a command, or a word that begins with a point (.json
 * .text: form of replies; .events .noevents: unsolicited messages). We send
 * lines that begin with one character and a blank:
 *	-	a line of the reply (with .json: the whole reply)
 *	!	an unsolicited message
 *	=	end of the reply: 0 accepted, 1 rejected
 *
 * Takes:   events of the loop; replies; unsolicited lines.
 * Gives:   commands, one per client at a time.
 * Memory:  CONSOLE_MAX clients; each owes at most CONSOLE_OUT_MAX bytes: one
 *          that does not read is dropped.
 * Errors:  -errno and a sentence.
 * Thread:  SNA; never blocks.
 * Source:  the protocol is ours: docs/operator.md. unix(7).
 */
#ifndef VTAMSIM_CONSOLE_H
#define VTAMSIM_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/con.h"
#include "base/loop.h"

#define CONSOLE_MAX 32
#define CONSOLE_LINE 1024
#define CONSOLE_OUT_MAX (16u << 20)
#define CONSOLE_WHY 256

enum console_rc { CONSOLE_OK, CONSOLE_REJECTED };

struct console;

/* kind: of the loop_tags (the server's; a client's is kind + 1). */
struct console *console_open(struct loop *, const char *path, uint8_t kind,
    char why[CONSOLE_WHY]);
void     console_close(struct console *);
void     console_event(struct console *, const struct loop_ev *);
/* The next command that was typed; answer it (also later) with the same client number. */
bool     console_next(struct console *, uint32_t *client, char line[CONSOLE_LINE]);
void     console_answer(struct console *, uint32_t client, enum console_rc, const struct con *);
/* Unsolicited, to all that want it. */
void     console_tell(struct console *, const struct con *);
unsigned console_clients(const struct console *);
uint64_t console_dropped(const struct console *);

#endif

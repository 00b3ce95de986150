/* SPDX-License-Identifier: Apache-2.0
 *
 * lookup.h - addresses of host names, asked in a thread of its own.
 *
 * The system's resolver is asked (/etc/hosts, then DNS, as /etc/nsswitch.conf
 * says), which may take many seconds: the thread that asks goes on meanwhile.
 * Names of addresses are resolve.h's.
 *
 * Takes:   names, each with a tag.
 * Gives:   addresses later, waking the asker's loop.
 * Memory:  LOOKUP_ASKED questions at a time.
 * Errors:  an address of family 0: there is none.
 * Thread:  one asks and takes answers.
 */
#ifndef BASE_LOOKUP_H
#define BASE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/loop.h"

#define LOOKUP_ASKED 64u
#define LOOKUP_NAME 254

struct lookup;

/* Asks the system; fam 4, 6 or 0 (any): fam of *to is 0 when there is none. */
typedef void lookup_fn(const char *name, unsigned fam, struct ipaddr *to);
lookup_fn lookup_system;

struct lookup *lookup_new(struct loop *, lookup_fn *);          /* NULL: no memory, no thread */
void     lookup_free(struct lookup *);          /* waits for the question under way */
bool     lookup_ask(struct lookup *, const char *name, unsigned fam, uint64_t tag);
bool     lookup_answer(struct lookup *, uint64_t *tag, struct ipaddr *);

#endif

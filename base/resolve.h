/* SPDX-License-Identifier: Apache-2.0
 *
 * resolve.h - names of addresses, asked in threads of their own.
 *
 * The system's resolver is asked (/etc/hosts, then DNS, as /etc/nsswitch.conf
 * says), which may take many seconds: no thread of the program waits for it.
 * A name counts only if it leads back to the address (our choice): whoever
 * owns an address may give it any name.
 *
 * Takes:   addresses, of several users.
 * Gives:   names: at once from the cache, else later, waking the user's loop.
 * Units:   seconds.
 * Memory:  the cache and the questions under way are bounded; a name lives as
 *          long as somebody holds it.
 * Errors:  no name.
 * Thread:  each user number belongs to one thread.
 */
#ifndef BASE_RESOLVE_H
#define BASE_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/loop.h"
#include "base/mono.h"

#define RESOLVE_USERS 65
#define RESOLVE_NAME 254
#define RESOLVE_CACHE 16384u    /* addresses known */
#define RESOLVE_ASKED 4096u     /* questions under way */
#define RESOLVE_WAITING 131072u /* who wait for them */
#define RESOLVE_YES_S 300       /* a name is kept: the resolver tells no TTL (our choice) */
#define RESOLVE_NO_S 60         /* so is that there is none */

struct resolve;
struct resolve_name;

/* Asks the system: name of an address, or "". Called in the threads. */
typedef void resolve_fn(const struct ipaddr *, char name[RESOLVE_NAME]);
resolve_fn resolve_system;

struct resolve *resolve_new(unsigned threads, resolve_fn *);    /* NULL: no memory, no threads */
void     resolve_free(struct resolve *);        /* waits for no question under way */
/* The loop is woken when an answer is there. */
void     resolve_user(struct resolve *, unsigned user, struct loop *);

enum resolve_when { RESOLVE_NOW, RESOLVE_LATER, RESOLVE_FULL };
/* NOW: *name, NULL when there is none; the caller holds it. LATER: an answer will have tag. */
enum resolve_when resolve_ask(struct resolve *, unsigned user, const struct ipaddr *,
    uint64_t tag, struct mono now, const struct resolve_name **name);
/* The next answer; the caller holds *name (NULL: there is none). */
bool     resolve_answer(struct resolve *, unsigned user, uint64_t *tag,
    const struct resolve_name **name);
const char *resolve_text(const struct resolve_name *);
void     resolve_drop(const struct resolve_name *);     /* NULL does no harm */

#endif

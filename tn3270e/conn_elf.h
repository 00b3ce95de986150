/* SPDX-License-Identifier: Apache-2.0
 *
 * conn_elf.h - Express Logon of a client: the ticket is asked for beside the loop.
 *
 * PTKTSOCKET names a UNIX socket of kind SEQPACKET. For a ticket the worker
 * connects, sends "PASSTICKET userid applid" as one message and takes one
 * back: the ticket's 8 characters, or why there is none (our choice: the
 * secret that makes tickets is the security product's, not ours).
 *
 * Memory:  CONN_ELFS questions a worker, each with its record.
 * Errors:  without a ticket the record goes on as it was typed, so that the
 *          application refuses the logon; the operator is told why.
 * Thread:  the worker's.
 */
#ifndef TN3270E_CONN_ELF_H
#define TN3270E_CONN_ELF_H

#include "base/buf.h"
#include "base/ebcdic.h"
#include "base/loop.h"
#include "tn3270e/tnhdr.h"

#define CONN_ELFS 64

struct conn;
struct worker;

struct elf_wait {
	struct loop_tag tag;            /* LOOP_TN, TNK_ELF */
	int fd;
	struct conn *c;                 /* NULL: free */
	struct tnhdr h;
	struct bufq rec;
	struct sna_name plu;            /* of the session it was typed in */
	struct mono by;
};

/* May the client's record have placeholders replaced? */
bool     conn_elf_active(const struct conn *);
/* True: it has taken rec, which comes back by conn_take() later. */
bool     conn_elf_record(struct conn *, const struct tnhdr *, struct bufq *rec, struct mono);
void     conn_elf_event(struct elf_wait *, struct mono);
void     conn_elf_expired(struct conn *, struct mono);
void     conn_elf_drop(struct conn *);          /* the client goes: so does the question */
struct mono conn_elf_deadline(const struct conn *);

#endif

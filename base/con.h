/* SPDX-License-Identifier: Apache-2.0
 *
 * con.h - lines of an operator's reply.
 *
 * Every x_show() writes here. A line is a message id (IST075I) and a text;
 * it prints as "IST075I text" or as one JSON object.
 *
 * Memory:  grows with malloc, up to CON_MAX bytes; then one line says that the
 *          display was cut and the rest is dropped. Off the data path.
 */
#ifndef BASE_CON_H
#define BASE_CON_H

#include <stdbool.h>
#include <stddef.h>

#define CON_MAX (4u << 20)

struct con {
	char *text;             /* lines "IDxxxxx text\n" */
	size_t len, cap;
	unsigned lines;
	bool cut;
};

void con_init(struct con *);
void con_fini(struct con *);
void con_line(struct con *, const char *id, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A line without an id (Telnet displays, FSM matrices). */
void con_text(struct con *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The first lines of from, at most so many, behind to; their number. One copy, no formatting. */
unsigned con_append(struct con *to, const struct con *from, unsigned most);
/* The whole reply as a JSON array of {"id":..,"text":..}; malloc'ed, caller frees. */
char *con_json(const struct con *);

#endif

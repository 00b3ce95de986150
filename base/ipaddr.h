/* SPDX-License-Identifier: Apache-2.0
 *
 * ipaddr.h - an IPv4 or IPv6 address as a value.
 *
 * Order:   network order in b. Zeroed is "none"; equal addresses are equal
 *          bytes. An IPv4-mapped IPv6 address becomes IPv4 on the way in.
 */
#ifndef BASE_IPADDR_H
#define BASE_IPADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IPADDR_TEXT 64

struct sockaddr_storage;                /* who has sockets includes sys/socket.h */

struct ipaddr {
	uint8_t fam;            /* 0 none, 4, 6 */
	uint8_t pad[3];
	uint8_t b[16];
};

bool      ipaddr_parse(struct ipaddr *, const char *);
/* Numeric text; returns to. */
char     *ipaddr_text(const struct ipaddr *, char to[IPADDR_TEXT]);
bool      ipaddr_eq(const struct ipaddr *, const struct ipaddr *);
int       ipaddr_cmp(const struct ipaddr *, const struct ipaddr *);
bool      ipaddr_in(const struct ipaddr *, const struct ipaddr *net, unsigned prefix);
/* 0 as port: any. Returns the length. */
unsigned  ipaddr_to_sa(const struct ipaddr *, uint16_t port, struct sockaddr_storage *);
bool      ipaddr_from_sa(struct ipaddr *, uint16_t *port, const struct sockaddr_storage *);

#endif

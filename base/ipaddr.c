/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/ipaddr.h"

static const uint8_t v4mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool
ipaddr_parse(struct ipaddr *a, const char *s)
{
	*a = (struct ipaddr){ 0 };
	if (inet_pton(AF_INET, s, a->b) == 1) {
		a->fam = 4;
		return true;
	}
	if (inet_pton(AF_INET6, s, a->b) == 1) {
		a->fam = 6;
		return true;
	}
	*a = (struct ipaddr){ 0 };
	return false;
}

char *
ipaddr_text(const struct ipaddr *a, char to[IPADDR_TEXT])
{
	if (a->fam == 0 ||
	    inet_ntop(a->fam == 4 ? AF_INET : AF_INET6, a->b, to, IPADDR_TEXT) == NULL)
		memcpy(to, "-", 2);
	return to;
}

bool
ipaddr_eq(const struct ipaddr *a, const struct ipaddr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

int
ipaddr_cmp(const struct ipaddr *a, const struct ipaddr *b)
{
	if (a->fam != b->fam)
		return a->fam < b->fam ? -1 : 1;
	return memcmp(a->b, b->b, sizeof(a->b));
}

bool
ipaddr_in(const struct ipaddr *a, const struct ipaddr *net, unsigned prefix)
{
	unsigned whole = prefix / 8, rest = prefix % 8;

	if (a->fam != net->fam || prefix > (a->fam == 4 ? 32u : 128u))
		return false;
	if (memcmp(a->b, net->b, whole) != 0)
		return false;
	return rest == 0 || ((a->b[whole] ^ net->b[whole]) >> (8 - rest)) == 0;
}

unsigned
ipaddr_to_sa(const struct ipaddr *a, uint16_t port, struct sockaddr_storage *ss)
{
	memset(ss, 0, sizeof(*ss));
	if (a->fam == 6) {
		struct sockaddr_in6 *s6 = (struct sockaddr_in6 *)(void *)ss;

		s6->sin6_family = AF_INET6;
		s6->sin6_port = htons(port);
		memcpy(&s6->sin6_addr, a->b, 16);
		return sizeof(*s6);
	}
	struct sockaddr_in *s4 = (struct sockaddr_in *)(void *)ss;

	s4->sin_family = AF_INET;
	s4->sin_port = htons(port);
	memcpy(&s4->sin_addr, a->b, 4);
	return sizeof(*s4);
}

bool
ipaddr_from_sa(struct ipaddr *a, uint16_t *port, const struct sockaddr_storage *ss)
{
	*a = (struct ipaddr){ 0 };
	if (ss->ss_family == AF_INET) {
		const struct sockaddr_in *s4 = (const struct sockaddr_in *)(const void *)ss;

		a->fam = 4;
		memcpy(a->b, &s4->sin_addr, 4);
		if (port != NULL)
			*port = ntohs(s4->sin_port);
		return true;
	}
	if (ss->ss_family == AF_INET6) {
		const struct sockaddr_in6 *s6 = (const struct sockaddr_in6 *)(const void *)ss;
		const uint8_t *b = s6->sin6_addr.s6_addr;

		if (memcmp(b, v4mapped, sizeof(v4mapped)) == 0) {
			a->fam = 4;
			memcpy(a->b, b + 12, 4);
		} else {
			a->fam = 6;
			memcpy(a->b, b, 16);
		}
		if (port != NULL)
			*port = ntohs(s6->sin6_port);
		return true;
	}
	return false;
}

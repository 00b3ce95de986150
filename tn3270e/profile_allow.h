/* SPDX-License-Identifier: Apache-2.0
 *
 * profile_allow.h - may a client have an application? ALLOWAPPL, RESTRICTAPPL.
 *
 * Takes:   the client's port, who it is, the application and its LU.
 * Gives:   the statement that lets it, or why not.
 * Memory:  the profile's.
 * Thread:  any; a profile doesn't change.
 * Source:  companion zos-telnet-server section 9.1.
 */
#ifndef TN3270E_PROFILE_ALLOW_H
#define TN3270E_PROFILE_ALLOW_H

#include "tn3270e/profile.h"

enum tnp_deny {
	TDN_NONE,
	TDN_UNKNOWN,            /* no statement names it */
	TDN_LU,                 /* not from this LU */
	TDN_NO_USER,            /* for users with a certificate, and it has shown none */
	TDN_USER,               /* for others */
	TDN_PASSWORD,           /* without CERTAUTH it takes a password */
	TDN_PRINTER             /* a printer, and no ALLOWPRINTER */
};

struct tnp_asks {
	const struct tnp_port *port;
	const struct tnp_client *who;
	const char *appl, *lu;
	uint8_t printer;                /* it can't show who it is: ALLOWPRINTER */
};

/* The entry that lets this client on this LU choose appl, or NULL and why. */
const struct tnp_appl *profile_allows(const struct tnp_asks *, enum tnp_deny *why);
/* The same of its default application, which needs no ALLOWAPPL: is it for others only? */
enum tnp_deny profile_restricts(const struct tnp_asks *);
/* Refused for the LU (TDN_LU): from which it would be allowed; NULL: no list. */
const struct tnp_group *profile_allow_lus(const struct tnp_port *, const struct tnp_client *,
             const char *appl);

#endif

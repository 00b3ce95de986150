/* SPDX-License-Identifier: Apache-2.0
 *
 * tnparm.h - the parameters of a client, and where each value came from.
 *
 * Built-in default, TELNETGLOBALS, TELNETPARMS, PARMSGROUP by PARMSMAP,
 * PARMSGROUP by LUMAP: the later wins.
 *
 * Units:   seconds, bytes.
 * Source:  companion zos-telnet-server section 3.
 */
#ifndef TN3270E_TNPARM_H
#define TN3270E_TNPARM_H

#include <stdint.h>

#include "base/con.h"

enum tnp_parm {
	TP_MSG07, TP_LUSESSIONPEND, TP_TN3270E, TP_SNAEXT, TP_SIMCLIENTLU, TP_SEQUENTIALLU,
	TP_REFRESHMSG10, TP_SINGLEATTN, TP_SGA, TP_BINARYLINEMODE, TP_DROPASSOCPRINTER,
	TP_EXPRESSLOGON, TP_OLDSOLICITOR, TP_PASSWORDPHRASE, TP_FORMAT, TP_UNLOCK,
	TP_SCANINTERVAL, TP_TIMEMARK, TP_INACTIVE, TP_PRTINACTIVE, TP_KEEPINACTIVE,
	TP_PROFILEINACTIVE, TP_SSLTIMEOUT, TP_CHECKCLIENTCONN, TP_KEEPLU, TP_MAXRECEIVE,
	TP_MAXREQSESS, TP_RSPTIMEOUT, TP_MAXRUCHAIN, TP_MAXVTAMSENDQ, TP_MAXTCPSENDQ, TP_CONNTYPE,
	TP_CLIENTAUTH, TP_DEBUG, TP_TKOSPECLU, TP_TKOGENLU, TP_TKOSPECOPT, TP_TKOGENOPT, TP_N
};
enum tnp_conntype { CT_SECURE = 1, CT_NEGTSECURE, CT_BASIC, CT_ANY, CT_NONE };
enum tnp_unlock { TNP_UNLOCK_AFTERREAD = 1, TNP_UNLOCK_BIND };  /* bits of TP_UNLOCK */
/* REQUEST is ours: a certificate is checked where there is one. SAFCERT: and it must be
 * a user's. */
enum tnp_clientauth { CA_NONE, CA_SSLCERT, CA_SAFCERT, CA_REQUEST };
enum tnp_debug { DB_OFF, DB_EXCEPTION, DB_SUMMARY, DB_DETAIL };
enum tnp_source { TS_DEFAULT, TS_GLOBALS, TS_PARMS, TS_GROUP, TS_PMAP };

struct tnp_parms {
	int32_t v[TP_N];
	uint8_t src[TP_N];              /* enum tnp_source */
};

struct tnp_parmdesc {
	const char *name;
	uint8_t flag;                   /* NAME and NONAME; else a number */
	uint8_t off;                    /* NONAME turns a number to 0 */
	uint8_t noop;                   /* accepted, without function here */
	uint8_t in_group;               /* PARMSGROUP may have it */
	int32_t preset, lo, hi;
};
const struct tnp_parmdesc *tnp_parm_at(enum tnp_parm);

void     tnp_parms_default(struct tnp_parms *);
/* What over has coded (src not DEFAULT) replaces. */
void     tnp_parms_over(struct tnp_parms *, const struct tnp_parms *over);
/* SCANINTERVAL is never above TIMEMARK. */
void     tnp_parms_settle(struct tnp_parms *);
/* Rows "MSG07 ON (TELNETPARMS)", one a parameter. */
void     tnp_parms_show(const struct tnp_parms *, struct con *);
const char *tnp_conntype_text(int32_t);

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * Parameters of the actions. What a rule of ours must not have (SSLv3, weak
 * ciphers, a client's role) is kept with the action and told when a rule that
 * a port uses has it: the same file may serve other programs on z/OS.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/ttls_in.h"

typedef void take_fn(struct tparse *, struct ttls_set *, const struct tnode *);

static void bad(struct tparse *, struct ttls_set *, const struct tnode *, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void
bad(struct tparse *ps, struct ttls_set *s, const struct tnode *n, const char *fmt, ...)
{
	struct ttls_bad *b = arena_get(&ps->t->arena, sizeof(*b));
	char text[260];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	*b = (struct ttls_bad){ n->pos, n->word, arena_strdup(&ps->t->arena, text),
		arena_get(&ps->t->arena, 1), s->bad };
	s->bad = b;
}

static enum ttls_switch
on_off(struct tparse *ps, const struct tnode *n)
{
	if (strcasecmp(n->value, "On") == 0)
		return TTLS_ON;
	if (strcasecmp(n->value, "Off") != 0)
		ttls_complain(ps, TNP_FAIL, n, "%.40s: On or Off is wanted", n->value);
	return TTLS_OFF;
}

static void
take_enabled(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	s->enabled = (uint8_t)on_off(ps, n);
}

static void
take_v12(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	s->v12 = (uint8_t)on_off(ps, n);
}

static void
take_v13(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	s->v13 = (uint8_t)on_off(ps, n);
}

static void
take_old_version(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	if (on_off(ps, n) == TTLS_ON)
		bad(ps, s, n, "%s is refused: it is broken (RFC 7568, RFC 8996). Code %s Off and "
		    "see that clients speak TLSv1.2 or TLSv1.3", n->word, n->word);
}

/* One of the words; -1: none. */
static int
one_word(struct tparse *ps, const struct tnode *n, const char *const *words)
{
	char all[160] = "";
	size_t k = 0;

	for (int i = 0; words[i] != NULL; i++) {
		if (strcasecmp(n->value, words[i]) == 0)
			return i;
		k += (size_t)snprintf(all + k, sizeof(all) - k, "%s%s", i == 0 ? "" : ", ",
		    words[i]);
	}
	ttls_complain(ps, TNP_FAIL, n, "%.40s: one of %s is wanted", n->value, all);
	return -1;
}

static void
take_role(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	static const char *const words[] = { "Client", "Server", "ServerWithClientAuth", NULL };
	int v = one_word(ps, n, words);

	if (v >= 0)
		s->role = (uint8_t)(v + TTLS_CLIENT);
	if (v == 0)
		bad(ps, s, n, "a Telnet server takes connections: Server or ServerWithClientAuth "
		    "is wanted");
}

static void
take_ask(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	static const char *const words[] = { "PassThru", "Full", "Required", "SAFCheck", NULL };
	int v = one_word(ps, n, words);

	if (v >= 0)
		s->ask = (uint8_t)(v + TTLS_PASSTHRU);
}

static void
take_timeout(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	char *end;
	long v = strtol(n->value, &end, 10);

	if (!isdigit((unsigned char)n->value[0]) || *end != '\0' || v < 0 ||
	    v > TLS_HANDSHAKE_MAX_S) {
		ttls_complain(ps, TNP_FAIL, n, "%.20s is not a number of seconds from 0 to %d",
		    n->value, TLS_HANDSHAKE_MAX_S);
		return;
	}
	s->has_timeout = 1;
	s->timeout_s = (uint16_t)v;
}

static void
take_controlled(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	(void)s;
	if (on_off(ps, n) == TTLS_OFF)
		ttls_complain(ps, TNP_INFO, n, "accepted, without function here: CONNTYPE of the "
		    "profile says how TLS begins");
}

static void
take_renegotiation(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	static const char *const words[] = { "Default", "Disabled", "All", "Abbreviated", NULL };

	(void)s;
	if (one_word(ps, n, words) > 1)
		ttls_complain(ps, TNP_WARN, n, "renegotiation is always refused here: it is taken "
		    "as Disabled");
}

static void
take_keyring(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	if (n->value[0] == '\0')
		ttls_complain(ps, TNP_FAIL, n, "a key ring's name is missing");
	s->keyring = n->value;
	s->keyring_pos = n->vpos;
}

static void
take_label(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	if (n->value[0] == '\0' || strchr(n->value, '/') != NULL)
		ttls_complain(ps, TNP_FAIL, n, "a label without / is wanted");
	else
		s->label = n->value;
}

static void
one_cipher(struct tparse *ps, struct ttls_set *s, const struct tnode *n,
    const struct ttls_cipher *c)
{
	const char **list = c->code >> 8 == 0x13 ? &s->c13 : &s->c12;

	if (c->weak != NULL)
		bad(ps, s, n, "%s (%04X) is refused: %s. Take it out of the list; "
		    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (C02F) is one that clients know",
		    c->name, c->code, c->weak);
	else if (c->openssl == NULL)
		ttls_complain(ps, TNP_WARN, n, "%s (%04X) is left out: OpenSSL does not have it, "
		    "or only for DSA keys", c->name, c->code);
	else
		*list = ttls_cipher_add(&ps->t->arena, *list, c);
}

static void
no_cipher(struct tparse *ps, const struct tnode *n, const char *text, size_t k)
{
	ttls_complain(ps, TNP_FAIL, n, "%.*s is not a cipher suite that is known", (int)k, text);
}

/* One name, or codes of so many digits without blanks. */
static void
cipher_list(struct tparse *ps, struct ttls_set *s, const struct tnode *n, size_t digits)
{
	size_t len = strlen(n->value);
	const struct ttls_cipher *c;

	if (strncasecmp(n->value, "TLS_", 4) == 0) {
		c = ttls_cipher_find(n->value, len);
		if (c == NULL)
			no_cipher(ps, n, n->value, len > 60 ? 60 : len);
		else
			one_cipher(ps, s, n, c);
		return;
	}
	if (len == 0 || len % digits != 0) {
		ttls_complain(ps, TNP_FAIL, n, "a name TLS_.. or codes of %zu hexadecimal digits "
		    "without blanks are wanted", digits);
		return;
	}
	for (size_t i = 0; i < len; i += digits) {
		c = ttls_cipher_find(n->value + i, digits);
		if (c == NULL)
			no_cipher(ps, n, n->value + i, digits);
		else
			one_cipher(ps, s, n, c);
	}
}

static void
take_v3(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	cipher_list(ps, s, n, 2);
}

static void
take_v3_4(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	if (strncasecmp(n->value, "TLS_", 4) == 0)
		ttls_complain(ps, TNP_INFO, n, "z/OS takes names in V3CipherSuites only");
	cipher_list(ps, s, n, 4);
}

static void
take_v2(struct tparse *ps, struct ttls_set *s, const struct tnode *n)
{
	bad(ps, s, n, "SSLv2 is not spoken: take this line out");
}

#define ACTS (TK(TK_ENV) | TK(TK_CONN))
#define ADVS (TK(TK_ENV_ADV) | TK(TK_CONN_ADV))
#define GSK (TK(TK_GSK_ADV) | TK(TK_GSK_LDAP) | TK(TK_GSK_OCSP) | TK(TK_GSK_CDP))
#define CRL "key rings here have revocation lists in crl.pem"
#define SSL "OpenSSL does without"

static const struct {
	const char *word;
	unsigned kinds;
	take_fn *take;
	const char *note;               /* accepted, why it has no function */
} parms[] = {
	{ "TTLSEnabled", TK(TK_GROUP), take_enabled, NULL },
	{ "HandshakeRole", ACTS, take_role, NULL },
	{ "Keyring", TK(TK_KEYRING), take_keyring, NULL },
	{ "KeyringPw", TK(TK_KEYRING), NULL, "keys are PEM files guarded by the file system" },
	{ "KeyringStashFile", TK(TK_KEYRING), NULL, "keys are PEM files guarded by the file "
	    "system" },
	{ "V3CipherSuites", TK(TK_CIPHER), take_v3, NULL },
	{ "V3CipherSuites4Char", TK(TK_CIPHER), take_v3_4, NULL },
	{ "V2CipherSuites", TK(TK_CIPHER), take_v2, NULL },
	{ "SSLv2", ADVS, take_old_version, NULL },
	{ "SSLv3", ADVS, take_old_version, NULL },
	{ "TLSv1", ADVS, take_old_version, NULL },
	{ "TLSv1.1", ADVS, take_old_version, NULL },
	{ "TLSv1.2", ADVS, take_v12, NULL },
	{ "TLSv1.3", ADVS, take_v13, NULL },
	{ "ClientAuthType", TK(TK_ENV_ADV), take_ask, NULL },
	{ "HandshakeTimeout", ADVS, take_timeout, NULL },
	{ "ApplicationControlled", ADVS, take_controlled, NULL },
	{ "CertificateLabel", ADVS, take_label, NULL },
	{ "ServerCertificateLabel", ADVS, take_label, NULL },
	{ "Renegotiation", ADVS, take_renegotiation, NULL },
	{ "Trace", TK(TK_GROUP) | ACTS, NULL, "see DEBUG of the profile and the log" },
	{ "CtraceClearText", TK(TK_GROUP) | ACTS, NULL, "see F NET,TRACE" },
	{ "GroupUserInstance", TK(TK_GROUP), NULL, "a changed file is read with the profile" },
	{ "EnvironmentUserInstance", TK(TK_ENV), NULL, "a changed file is read with the profile" },
	{ "ConnectionUserInstance", TK(TK_CONN), NULL, "a changed file is read with the profile" },
	{ "FIPS140", TK(TK_GROUP), NULL, "OpenSSL's own configuration says so" },
	{ "SuiteBProfile", TK(TK_ENV), NULL, "V3CipherSuites says which ciphers" },
	{ "SecondaryMap", ADVS, NULL, "every connection is looked up by itself" },
	{ "ResetCipherTimer", ADVS, NULL, "TLS 1.3 renews keys by itself" },
	{ "RenegotiationIndicator", ADVS, NULL, "renegotiation is refused" },
	{ "RenegotiationCertCheck", ADVS, NULL, "renegotiation is refused" },
	{ "TruncatedHMAC", ADVS, NULL, SSL }, { "ClientECurves", ADVS, NULL, SSL },
	{ "ServerECurves", ADVS, NULL, SSL }, { "CertValidationMode", ADVS, NULL, SSL },
	{ "3DESKeyCheck", ADVS, NULL, SSL }, { "MiddleBoxCompatMode", ADVS, NULL, SSL },
	{ "ServerMaxSSLFragment", ADVS, NULL, SSL }, { "ClientMaxSSLFragment", ADVS, NULL, SSL },
	{ "ServerEDHGroupSize", ADVS, NULL, SSL }, { "ClientEDHGroupSize", ADVS, NULL, SSL },
	{ "ServerExtendedMasterSecret", ADVS, NULL, SSL },
	{ "ClientExtendedMasterSecret", ADVS, NULL, SSL },
	{ "ServerHandshakeSNI", ADVS, NULL, "a key ring's folder sni holds certificates by name" },
	{ "ServerHandshakeSNIMatch", ADVS, NULL, "an unknown name gets the first certificate" },
	{ "ServerHandshakeSNIList", ADVS, NULL, "a key ring's folder sni holds certificates by "
	    "name" },
	{ "ServerScsv", ADVS, NULL, SSL }, { "PeerMinCertVersion", ADVS, NULL, SSL },
	{ "PeerMinDHKeySize", ADVS, NULL, SSL }, { "PeerMinDsaKeySize", ADVS, NULL, SSL },
	{ "PeerMinECCKeySize", ADVS, NULL, SSL }, { "PeerMinRsaKeySize", ADVS, NULL, SSL },
	{ "Envfile", TK(TK_GROUP_ADV), NULL, "there is no System SSL process" },
	{ "SyslogFacility", TK(TK_GROUP_ADV), NULL, "logs go to stderr" },
};

/* Inline "TTLSxxx { .. }" or "TTLSxxxRef name" inside an action. */
static const struct {
	enum tkind in, what;
} inlines[] = {
	{ TK_GROUP, TK_GROUP_ADV }, { TK_ENV, TK_KEYRING }, { TK_ENV, TK_CIPHER },
	{ TK_ENV, TK_SIGNATURE }, { TK_ENV, TK_ENV_ADV }, { TK_ENV, TK_GSK_ADV },
	{ TK_CONN, TK_CIPHER }, { TK_CONN, TK_SIGNATURE }, { TK_CONN, TK_CONN_ADV },
	{ TK_GSK_ADV, TK_GSK_LDAP }, { TK_GSK_ADV, TK_GSK_OCSP }, { TK_GSK_ADV, TK_GSK_CDP },
};

void
ttls_merge(struct tparse *ps, struct ttls_set *s, const struct ttls_set *over)
{
	s->enabled = over->enabled != 0 ? over->enabled : s->enabled;
	s->v12 = over->v12 != 0 ? over->v12 : s->v12;
	s->v13 = over->v13 != 0 ? over->v13 : s->v13;
	s->role = over->role != 0 ? over->role : s->role;
	s->ask = over->ask != 0 ? over->ask : s->ask;
	if (over->has_timeout) {
		s->has_timeout = 1;
		s->timeout_s = over->timeout_s;
	}
	if (over->keyring != NULL) {
		s->keyring = over->keyring;
		s->keyring_pos = over->keyring_pos;
	}
	s->label = over->label != NULL ? over->label : s->label;
	if (over->c12 != NULL || over->c13 != NULL) {   /* a list replaces a list */
		s->c12 = over->c12;
		s->c13 = over->c13;
	}
	for (const struct ttls_bad *b = over->bad; b != NULL; b = b->next) {
		struct ttls_bad *mine = arena_get(&ps->t->arena, sizeof(*mine));

		*mine = *b;
		mine->next = s->bad;
		s->bad = mine;
	}
}

static bool
is_ref(const char *word, const char *stmt)
{
	size_t n = strlen(stmt);

	return strncasecmp(word, stmt, n) == 0 && strcasecmp(word + n, "Ref") == 0;
}

/* True: the parameter is such an inline statement or reference. */
static bool
inline_of(struct tparse *ps, enum tkind in, const struct tnode *n, struct ttls_set *s)
{
	for (unsigned i = 0; i < sizeof(inlines) / sizeof(inlines[0]); i++) {
		const char *word = ttls_kind_text(inlines[i].what);
		struct ttls_set one = { 0 };
		const struct tobj *o;

		if (inlines[i].in != in)
			continue;
		if (is_ref(n->word, word)) {
			o = ttls_ref(ps, n, inlines[i].what);
			if (o != NULL)
				ttls_merge(ps, s, &o->set);
			return true;
		}
		if (strcasecmp(n->word, word) != 0)
			continue;
		if (!n->block)
			ttls_complain(ps, TNP_FAIL, n, "its parameters between braces are missing");
		ttls_parms(ps, inlines[i].what, n, &one);
		ttls_merge(ps, s, &one);
		return true;
	}
	return false;
}

static bool
one_parm(struct tparse *ps, enum tkind kind, const struct tnode *n, struct ttls_set *s)
{
	for (unsigned i = 0; i < sizeof(parms) / sizeof(parms[0]); i++) {
		if ((parms[i].kinds & TK(kind)) == 0 || strcasecmp(parms[i].word, n->word) != 0)
			continue;
		if (parms[i].take != NULL)
			parms[i].take(ps, s, n);
		else
			ttls_complain(ps, TNP_INFO, n, "accepted, without function here: %s",
			    parms[i].note);
		return true;
	}
	return false;
}

void
ttls_parms(struct tparse *ps, enum tkind kind, const struct tnode *block, struct ttls_set *s)
{
	if ((TK(kind) & (GSK | TK(TK_SIGNATURE))) != 0)
		ttls_complain(ps, TNP_INFO, block, "accepted, without function here: %s",
		    kind == TK_SIGNATURE ? SSL : CRL);
	for (const struct tnode *n = block->child; n != NULL; n = n->next) {
		if (inline_of(ps, kind, n, s) || one_parm(ps, kind, n, s))
			continue;
		if ((TK(kind) & (GSK | TK(TK_SIGNATURE))) != 0)
			continue;               /* said for the whole */
		ttls_complain(ps, TNP_FAIL, n, "is not a parameter of %s", block->word);
	}
}

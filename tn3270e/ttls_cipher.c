/* SPDX-License-Identifier: Apache-2.0
 *
 * Cipher suites as policies and profiles write them, and what OpenSSL calls
 * them. Source: IANA TLS Cipher Suites; the list System SSL documents.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tn3270e/ttls.h"

#define W_NULL "it does not encrypt"
#define W_EXPORT "its key of 40 bits is broken in minutes"
#define W_RC4 "RC4 is broken (RFC 7465)"
#define W_DES "a DES key is broken in hours"
#define W_3DES "3DES leaks after some gigabytes (Sweet32)"
#define W_ANON "the server does not say who it is"

static const struct ttls_cipher table[] = {
	{ 0x0000, "TLS_NULL_WITH_NULL_NULL", NULL, W_NULL },
	{ 0x0001, "TLS_RSA_WITH_NULL_MD5", NULL, W_NULL },
	{ 0x0002, "TLS_RSA_WITH_NULL_SHA", NULL, W_NULL },
	{ 0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", NULL, W_EXPORT },
	{ 0x0004, "TLS_RSA_WITH_RC4_128_MD5", NULL, W_RC4 },
	{ 0x0005, "TLS_RSA_WITH_RC4_128_SHA", NULL, W_RC4 },
	{ 0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", NULL, W_EXPORT },
	{ 0x0009, "TLS_RSA_WITH_DES_CBC_SHA", NULL, W_DES },
	{ 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0x000c, "TLS_DH_DSS_WITH_DES_CBC_SHA", NULL, W_DES },
	{ 0x000d, "TLS_DH_DSS_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0x000f, "TLS_DH_RSA_WITH_DES_CBC_SHA", NULL, W_DES },
	{ 0x0010, "TLS_DH_RSA_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0x0012, "TLS_DHE_DSS_WITH_DES_CBC_SHA", NULL, W_DES },
	{ 0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA", NULL, W_DES },
	{ 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0x0018, "TLS_DH_anon_WITH_RC4_128_MD5", NULL, W_ANON },
	{ 0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA", NULL, W_ANON },
	{ 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA", NULL },
	{ 0x0030, "TLS_DH_DSS_WITH_AES_128_CBC_SHA", NULL, NULL },
	{ 0x0031, "TLS_DH_RSA_WITH_AES_128_CBC_SHA", NULL, NULL },
	{ 0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA", NULL, NULL },
	{ 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "DHE-RSA-AES128-SHA", NULL },
	{ 0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA", NULL, W_ANON },
	{ 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA", NULL },
	{ 0x0036, "TLS_DH_DSS_WITH_AES_256_CBC_SHA", NULL, NULL },
	{ 0x0037, "TLS_DH_RSA_WITH_AES_256_CBC_SHA", NULL, NULL },
	{ 0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA", NULL, NULL },
	{ 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE-RSA-AES256-SHA", NULL },
	{ 0x003a, "TLS_DH_anon_WITH_AES_256_CBC_SHA", NULL, W_ANON },
	{ 0x003b, "TLS_RSA_WITH_NULL_SHA256", NULL, W_NULL },
	{ 0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256", NULL },
	{ 0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256", NULL },
	{ 0x003e, "TLS_DH_DSS_WITH_AES_128_CBC_SHA256", NULL, NULL },
	{ 0x003f, "TLS_DH_RSA_WITH_AES_128_CBC_SHA256", NULL, NULL },
	{ 0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256", NULL, NULL },
	{ 0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", "DHE-RSA-AES128-SHA256", NULL },
	{ 0x0068, "TLS_DH_DSS_WITH_AES_256_CBC_SHA256", NULL, NULL },
	{ 0x0069, "TLS_DH_RSA_WITH_AES_256_CBC_SHA256", NULL, NULL },
	{ 0x006a, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256", NULL, NULL },
	{ 0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", "DHE-RSA-AES256-SHA256", NULL },
	{ 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256", NULL },
	{ 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384", NULL },
	{ 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE-RSA-AES128-GCM-SHA256", NULL },
	{ 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE-RSA-AES256-GCM-SHA384", NULL },
	{ 0x00a0, "TLS_DH_RSA_WITH_AES_128_GCM_SHA256", NULL, NULL },
	{ 0x00a1, "TLS_DH_RSA_WITH_AES_256_GCM_SHA384", NULL, NULL },
	{ 0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", NULL, NULL },
	{ 0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", NULL, NULL },
	{ 0x00a4, "TLS_DH_DSS_WITH_AES_128_GCM_SHA256", NULL, NULL },
	{ 0x00a5, "TLS_DH_DSS_WITH_AES_256_GCM_SHA384", NULL, NULL },
	{ 0x1301, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", NULL },
	{ 0x1302, "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", NULL },
	{ 0x1303, "TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256", NULL },
	{ 0xc001, "TLS_ECDH_ECDSA_WITH_NULL_SHA", NULL, W_NULL },
	{ 0xc002, "TLS_ECDH_ECDSA_WITH_RC4_128_SHA", NULL, W_RC4 },
	{ 0xc003, "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0xc004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA", NULL, NULL },
	{ 0xc005, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA", NULL, NULL },
	{ 0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA", NULL, W_NULL },
	{ 0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", NULL, W_RC4 },
	{ 0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA", NULL },
	{ 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA", NULL },
	{ 0xc00b, "TLS_ECDH_RSA_WITH_NULL_SHA", NULL, W_NULL },
	{ 0xc00c, "TLS_ECDH_RSA_WITH_RC4_128_SHA", NULL, W_RC4 },
	{ 0xc00d, "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0xc00e, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", NULL, NULL },
	{ 0xc00f, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA", NULL, NULL },
	{ 0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA", NULL, W_NULL },
	{ 0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA", NULL, W_RC4 },
	{ 0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", NULL, W_3DES },
	{ 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA", NULL },
	{ 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA", NULL },
	{ 0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256", NULL },
	{ 0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "ECDHE-ECDSA-AES256-SHA384", NULL },
	{ 0xc025, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256", NULL, NULL },
	{ 0xc026, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384", NULL, NULL },
	{ 0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256", NULL },
	{ 0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "ECDHE-RSA-AES256-SHA384", NULL },
	{ 0xc029, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256", NULL, NULL },
	{ 0xc02a, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384", NULL, NULL },
	{ 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
	    "ECDHE-ECDSA-AES128-GCM-SHA256", NULL },
	{ 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
	    "ECDHE-ECDSA-AES256-GCM-SHA384", NULL },
	{ 0xc02d, "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256", NULL, NULL },
	{ 0xc02e, "TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384", NULL, NULL },
	{ 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", NULL },
	{ 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384", NULL },
	{ 0xc031, "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", NULL, NULL },
	{ 0xc032, "TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384", NULL, NULL },
	{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
	    "ECDHE-RSA-CHACHA20-POLY1305", NULL },
	{ 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
	    "ECDHE-ECDSA-CHACHA20-POLY1305", NULL },
	{ 0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "DHE-RSA-CHACHA20-POLY1305", NULL },
};
#define CIPHERS (sizeof(table) / sizeof(table[0]))

/* ENCRYPTION's names for some of them. */
static const struct {
	const char *name;
	uint16_t code;
} old[] = {
	{ "SSL_RC4_SHA", 0x0005 }, { "SSL_RC4_MD5", 0x0004 }, { "SSL_RC4_MD5_EX", 0x0003 },
	{ "SSL_RC2_MD5_EX", 0x0006 }, { "SSL_DES_SHA", 0x0009 }, { "SSL_3DES_SHA", 0x000a },
	{ "SSL_NULL_SHA", 0x0002 }, { "SSL_NULL_MD5", 0x0001 }, { "SSL_NULL_NULL", 0x0000 },
	{ "SSL_AES_128_SHA", 0x002f }, { "SSL_AES_256_SHA", 0x0035 },
};

const struct ttls_cipher *
ttls_cipher_code(unsigned code)
{
	for (unsigned i = 0; i < CIPHERS; i++)
		if (table[i].code == code)
			return &table[i];
	return NULL;
}

static bool
is_hex(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)s[i]))
			return false;
	return true;
}

const struct ttls_cipher *
ttls_cipher_find(const char *text, size_t n)
{
	char hex[5] = "";

	if ((n == 2 || n == 4) && is_hex(text, n)) {
		memcpy(hex, text, n);
		return ttls_cipher_code((unsigned)strtoul(hex, NULL, 16));
	}
	for (unsigned i = 0; i < CIPHERS; i++)
		if (strlen(table[i].name) == n && strncasecmp(table[i].name, text, n) == 0)
			return &table[i];
	for (unsigned i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		if (strlen(old[i].name) == n && strncasecmp(old[i].name, text, n) == 0)
			return ttls_cipher_code(old[i].code);
	return NULL;
}

const char *
ttls_cipher_add(struct arena *a, const char *list, const struct ttls_cipher *c)
{
	size_t n = (list == NULL ? 0 : strlen(list)) + strlen(c->openssl) + 2;
	char *to = arena_get(a, n);

	snprintf(to, n, "%s%s%s", list == NULL ? "" : list, list == NULL ? "" : ":", c->openssl);
	return to;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys that session tickets are sealed with (RFC 5077 4). All workers and all
 * ports share them, so a client may resume wherever it comes in. A key is
 * random and lives an hour; tickets of the hour before are still read, and
 * answered with a new one. Nothing is written down: a restart forgets.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "tn3270e/tls_in.h"

#define EPOCH_S 3600
#define SLOTS 4

struct tkey {
	_Atomic uint64_t epoch;         /* 0: none */
	unsigned char name[16], aes[32], mac[32];
};

struct tls_keys {
	struct tkey k[SLOTS];
	_Atomic uint32_t busy;          /* one thread makes a key */
};

struct tls_keys *
tls_keys_new(void)
{
	return calloc(1, sizeof(struct tls_keys));
}

void
tls_keys_free(struct tls_keys *ks)
{
	if (ks == NULL)
		return;
	OPENSSL_cleanse(ks, sizeof(*ks));
	free(ks);
}

static bool
fill(struct tkey *k)
{
	return RAND_bytes(k->name, sizeof(k->name)) == 1 &&
	    RAND_priv_bytes(k->aes, sizeof(k->aes)) == 1 &&
	    RAND_priv_bytes(k->mac, sizeof(k->mac)) == 1;
}

/* The hour's key. NULL: another thread is just making it. */
static const struct tkey *
current(struct tls_keys *ks, uint64_t epoch)
{
	struct tkey *k = &ks->k[epoch % SLOTS];
	uint32_t idle = 0;

	if (atomic_load_explicit(&k->epoch, memory_order_acquire) == epoch)
		return k;
	if (!atomic_compare_exchange_strong(&ks->busy, &idle, 1))
		return NULL;
	if (atomic_load(&k->epoch) != epoch) {
		atomic_store(&k->epoch, 0);
		if (fill(k))
			atomic_store_explicit(&k->epoch, epoch, memory_order_release);
	}
	idle = atomic_load(&k->epoch) == epoch;
	atomic_store(&ks->busy, 0);
	return idle != 0 ? k : NULL;
}

static const struct tkey *
named(const struct tls_keys *ks, uint64_t epoch, const unsigned char name[16])
{
	const struct tkey *k = &ks->k[epoch % SLOTS];

	return atomic_load_explicit(&k->epoch, memory_order_acquire) == epoch &&
	    memcmp(k->name, name, sizeof(k->name)) == 0 ? k : NULL;
}

static bool
set_mac(EVP_MAC_CTX *mac, const struct tkey *k)
{
	char sha[] = "SHA256";
	unsigned char key[sizeof(k->mac)];
	const OSSL_PARAM p[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, sizeof(key)),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha, 0),
		OSSL_PARAM_construct_end() };
	bool ok;

	memcpy(key, k->mac, sizeof(key));
	ok = EVP_MAC_CTX_set_params(mac, p) == 1;
	OPENSSL_cleanse(key, sizeof(key));
	return ok;
}

static int
seal(struct tls_keys *ks, uint64_t epoch, unsigned char name[16], unsigned char *iv,
    EVP_CIPHER_CTX *c, EVP_MAC_CTX *mac)
{
	const struct tkey *k = current(ks, epoch);
	struct tkey lone;               /* a ticket nobody can read: a full handshake next time */
	bool ok;

	if (k == NULL) {
		if (!fill(&lone))
			return -1;
		k = &lone;
	}
	memcpy(name, k->name, sizeof(k->name));
	ok = RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1 &&
	    EVP_EncryptInit_ex(c, EVP_aes_256_cbc(), NULL, k->aes, iv) == 1 && set_mac(mac, k);
	if (k == &lone)
		OPENSSL_cleanse(&lone, sizeof(lone));
	return ok ? 1 : -1;
}

int
tls_keys_cb(SSL *s, unsigned char name[16], unsigned char *iv, EVP_CIPHER_CTX *c, EVP_MAC_CTX *mac,
    int enc)
{
	const struct tls_ctx *x = SSL_CTX_get_app_data(SSL_get_SSL_CTX(s));
	struct tls_keys *ks = x->conf.keys;
	uint64_t epoch = atomic_load(&x->now_s) / EPOCH_S + 2;
	const struct tkey *k;

	if (enc)
		return seal(ks, epoch, name, iv, c, mac);
	k = named(ks, epoch, name);
	if (k == NULL)
		k = named(ks, epoch - 1, name);
	if (k == NULL)
		return 0;
	if (EVP_DecryptInit_ex(c, EVP_aes_256_cbc(), NULL, k->aes, iv) != 1 || !set_mac(mac, k))
		return -1;
	/* 2: give a new ticket, always in TLS 1.3: a ticket is for one use (RFC 8446 C.4). */
	return SSL_version(s) == TLS1_3_VERSION || k != &ks->k[epoch % SLOTS] ? 2 : 1;
}

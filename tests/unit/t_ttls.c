/* SPDX-License-Identifier: Apache-2.0
 *
 * The AT-TLS policy: reading it, telling what is wrong with it, choosing rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tn3270e/ttls.h"

struct fx {
	struct tnp_errs errs;
	struct ttls *t;
};

static void
parse(struct fx *f, const char *text)
{
	tnp_errs_init(&f->errs);
	f->t = ttls_parse("pol", text, strlen(text), &f->errs);
	assert_non_null(f->t);
}

static void
done(struct fx *f)
{
	ttls_free(f->t);
	tnp_errs_fini(&f->errs);
}

static void
told(const struct fx *f, const char *line)
{
	char text[420];

	for (const struct tnp_err *e = f->errs.first; e != NULL; e = e->next)
		if (strncmp(tnp_err_line(e, "?", text, sizeof(text)), line, strlen(line)) == 0)
			return;
	for (const struct tnp_err *e = f->errs.first; e != NULL; e = e->next)
		print_message("has: %s\n", tnp_err_line(e, "?", text, sizeof(text)));
	fail_msg("not told: %s", line);
}

static const char *
chosen(const struct fx *f, uint16_t port, const char *local, const char *remote)
{
	const struct ttls_rule *r;
	struct ipaddr l, m;

	assert_true(ipaddr_parse(&l, local));
	assert_true(ipaddr_parse(&m, remote));
	r = ttls_find(f->t, (struct ttls_end){ &l, port }, (struct ttls_end){ &m, 40000 });
	return r == NULL ? "-" : r->name;
}

#define ACTIONS \
	"TTLSGroupAction on\n{\n TTLSEnabled On\n Trace 7\n}\n" \
	"TTLSGroupAction off\n{\n TTLSEnabled Off\n}\n" \
	"TTLSEnvironmentAction env\n{\n HandshakeRole Server\n TTLSKeyRingParms\n {\n" \
	"  Keyring TNring\n }\n}\n"

/* As users write it: references before definitions, comments, any case of keywords. */
static void
rules_by_port_address_priority(void **s)
{
	struct fx f;

	(void)s;
	parse(&f, "## policy\nTTLSRule low # the usual\n{\n LocalPortRange 992 1023\n"
	    " Direction Inbound\n Jobname TN*\n TTLSGroupActionRef on\n"
	    " TTLSEnvironmentActionRef env\n Priority 10\n}\n"
	    "ttlsrule lab\n{\n LocalPortRangeRef ports\n RemoteAddrGroupRef lab\n Direction Both\n"
	    " Priority 20\n TTLSGroupActionRef off\n}\n"
	    "TTLSRule out\n{\n RemotePortRange 21\n Direction Outbound\n TTLSGroupActionRef on\n"
	    " TTLSEnvironmentActionRef env\n}\n"
	    "TTLSRule one {\n LocalAddr 10.0.0.9\n LocalPortRange 2023\n Direction Inbound\n"
	    " TTLSGroupActionRef on\n TTLSEnvironmentActionRef env\n}\n"
	    "PortRange ports\n{\n Port 992\n}\n"
	    "IpAddrGroup lab\n{\n IpAddr\n {\n  Addr 10.1.1.1\n }\n IpAddrSet\n {\n"
	    "  Prefix 10.2.0.0/15\n }\n IpAddrSetRef more\n}\n"
	    "IpAddrSet more\n{\n Range 10.9.0.5-10.9.0.7\n}\n" ACTIONS);
	assert_int_equal(f.errs.fails, 0);
	told(&f, "pol(6,2): note: Jobname: accepted");
	told(&f, "pol(22,2): note: Direction: rule out is not used");
	assert_string_equal(chosen(&f, 992, "10.0.0.1", "192.168.0.1"), "low");
	assert_string_equal(chosen(&f, 992, "10.0.0.1", "10.1.1.1"), "lab");
	assert_string_equal(chosen(&f, 992, "10.0.0.1", "10.3.255.255"), "lab");
	assert_string_equal(chosen(&f, 992, "10.0.0.1", "10.4.0.0"), "low");
	assert_string_equal(chosen(&f, 992, "10.0.0.1", "10.9.0.7"), "lab");
	assert_string_equal(chosen(&f, 1000, "10.0.0.1", "10.1.1.1"), "low");
	assert_string_equal(chosen(&f, 2023, "10.0.0.9", "10.1.1.1"), "one");
	assert_string_equal(chosen(&f, 2023, "10.0.0.8", "10.1.1.1"), "-");
	assert_string_equal(chosen(&f, 21, "10.0.0.8", "10.1.1.1"), "-");
	done(&f);
}

/* The connection action overrides the environment's. */
static void
actions_merge(void **s)
{
	const struct ttls_rule *r;
	struct fx f;

	(void)s;
	parse(&f, "TTLSRule a\n{\n LocalPortRange 992\n Direction Inbound\n"
	    " TTLSGroupActionRef on\n TTLSEnvironmentActionRef e\n TTLSConnectionActionRef c\n}\n"
	    "TTLSEnvironmentAction e\n{\n HandshakeRole ServerWithClientAuth\n"
	    " TTLSKeyringParmsRef k\n TTLSCipherParmsRef ci\n TTLSEnvironmentAdvancedParms\n {\n"
	    "  ClientAuthType SAFCheck\n  TLSv1 Off\n  TLSv1.1 Off\n  SSLv3 Off\n  TLSv1.3 Off\n"
	    "  HandshakeTimeout 600\n  ApplicationControlled On\n  Renegotiation Disabled\n }\n}\n"
	    "TTLSKeyringParms k\n{\n Keyring USER/TNring\n}\n"
	    "TTLSCipherParms ci\n{\n V3CipherSuites TLS_RSA_WITH_AES_128_CBC_SHA\n}\n"
	    "TTLSConnectionAction c\n{\n TTLSCipherParms\n {\n"
	    "  V3CipherSuites TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n"
	    "  V3CipherSuites4Char C02F1301\n  V3CipherSuites 9C3D\n }\n"
	    " TTLSConnectionAdvancedParms\n {\n  TLSv1.3 On\n  CertificateLabel tnlabel\n }\n}\n"
	    ACTIONS);
	assert_int_equal(f.errs.fails, 0);
	r = f.t->rules;
	assert_string_equal(r->set.c12, "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
	    "AES128-GCM-SHA256:AES256-SHA256");
	assert_string_equal(r->set.c13, "TLS_AES_128_GCM_SHA256");
	assert_string_equal(r->set.keyring, "USER/TNring");
	assert_string_equal(r->set.label, "tnlabel");
	assert_int_equal(r->set.v13, TTLS_ON);
	assert_int_equal(r->set.role, TTLS_CLIENTAUTH);
	assert_int_equal(r->set.ask, TTLS_SAFCHECK);
	assert_int_equal(r->set.timeout_s, 600);
	assert_null(r->set.bad);
	done(&f);
}

static void
mistakes_are_told_where_they_are(void **s)
{
	struct fx f;

	(void)s;
	parse(&f, "TTLSRule a\n{\n LocalPortRange 99x\n Direction Sideways\n Priority 0\n"
	    " Colour red\n TTLSGroupActionRef nope\n RemoteAddr 10.0.0.0/33\n}\n"
	    "TTLSRule b\n{\n}\n"
	    "TTLSGroupAction g\n{\n TTLSEnabled Maybe\n}\n"
	    "TTLSGroupAction g\n{\n TTLSEnabled On\n}\n"
	    "TTLSConfig /etc/x\n"
	    "Nonsense n\n{\n}\n"
	    "TTLSEnvironmentAction e\n{\n HandshakeRole Waiter\n TTLSCipherParms\n {\n"
	    "  V3CipherSuites TLS_NO_SUCH\n  V3CipherSuites4Char C02\n }\n"
	    " TTLSEnvironmentAdvancedParms\n {\n  HandshakeTimeout 601\n }\n}\n}\n"
	    "PortRange p\n{\n Port 1\n");
	told(&f, "pol(3,2): LocalPortRange: 99x is not a port");
	told(&f, "pol(4,2): Direction: Sideways: Inbound, Outbound or Both");
	told(&f, "pol(5,2): Priority: 0 is not a number from 1 to 2000000000");
	told(&f, "pol(6,2): Colour: is not a parameter of TTLSRule");
	told(&f, "pol(7,2): TTLSGroupActionRef: there is no TTLSGroupAction nope");
	told(&f, "pol(8,2): RemoteAddr: 10.0.0.0/33 is not an address");
	told(&f, "pol(10,1): TTLSRule: Direction is missing");
	told(&f, "pol(10,1): TTLSRule: a condition is missing");
	told(&f, "pol(10,1): TTLSRule: TTLSGroupActionRef is missing");
	told(&f, "pol(15,2): TTLSEnabled: Maybe: On or Off");
	told(&f, "pol(17,1): TTLSGroupAction: g is defined already");
	told(&f, "pol(21,1): TTLSConfig: names a file of the Policy Agent");
	told(&f, "pol(22,1): Nonsense: is not a statement");
	told(&f, "pol(27,2): HandshakeRole: Waiter: one of Client, Server");
	told(&f, "pol(30,3): V3CipherSuites: TLS_NO_SUCH is not a cipher");
	told(&f, "pol(31,3): V3CipherSuites4Char: a name TLS_.. or codes of 4");
	told(&f, "pol(35,3): HandshakeTimeout: 601 is not a number");
	told(&f, "pol(38,1): }: no block is open here");
	told(&f, "pol(39,1): PortRange: its closing brace is missing");
	done(&f);
}

static struct tnp_port
port_992(void)
{
	return (struct tnp_port){ .port = 992, .ttls = 1 };
}

/* What is weak is refused, but only where a port of ours uses it. */
static void
weak_is_refused_where_used(void **s)
{
	const struct tnp_port p = port_992();
	const struct ttls_files files = { NULL, NULL, 0 };
	struct fx f;

	(void)s;
	parse(&f, "TTLSRule ftp\n{\n LocalPortRange 21\n Direction Inbound\n"
	    " TTLSGroupActionRef on\n TTLSEnvironmentActionRef old\n}\n"
	    "TTLSEnvironmentAction old\n{\n HandshakeRole Server\n"
	    " TTLSKeyringParms\n {\n  Keyring R\n }\n"
	    " TTLSCipherParms\n {\n  V3CipherSuites 0A2F05\n }\n"
	    " TTLSEnvironmentAdvancedParms\n {\n  SSLv3 On\n  TLSv1.1 On\n }\n}\n" ACTIONS);
	assert_int_equal(ttls_load(f.t, &p, &files, &f.errs), 0);
	assert_int_equal(f.errs.fails, 0);
	done(&f);
	parse(&f, "TTLSRule tn\n{\n LocalPortRange 992\n Direction Inbound\n"
	    " TTLSGroupActionRef on\n TTLSEnvironmentActionRef old\n}\n"
	    "TTLSEnvironmentAction old\n{\n HandshakeRole Server\n"
	    " TTLSKeyringParms\n {\n  Keyring R\n }\n"
	    " TTLSCipherParms\n {\n  V3CipherSuites 0A2F05\n }\n"
	    " TTLSEnvironmentAdvancedParms\n {\n  SSLv3 On\n  TLSv1.1 On\n }\n}\n" ACTIONS);
	(void)ttls_load(f.t, &p, &files, &f.errs);
	assert_int_equal(f.errs.fails, 4);
	told(&f, "pol(17,3): V3CipherSuites: TLS_RSA_WITH_3DES_EDE_CBC_SHA (000A) is refused: "
	    "3DES leaks");
	told(&f, "pol(17,3): V3CipherSuites: TLS_RSA_WITH_RC4_128_SHA (0005) is refused: RC4");
	told(&f, "pol(21,3): SSLv3: SSLv3 is refused: it is broken (RFC 7568, RFC 8996). Code "
	    "SSLv3 Off");
	told(&f, "pol(22,3): TLSv1.1: TLSv1.1 is refused");
	done(&f);
}

static void
key_ring_that_is_not_there(void **s)
{
	const struct tnp_port p = port_992();
	const struct ttls_files files = { "/nowhere/rings", NULL, 0 };
	struct fx f;

	(void)s;
	parse(&f, "TTLSRule tn\n{\n LocalPortRange 992\n Direction Inbound\n"
	    " TTLSGroupActionRef on\n TTLSEnvironmentActionRef env\n}\n" ACTIONS);
	assert_int_equal(ttls_load(f.t, &p, &files, &f.errs), 1);
	told(&f, "pol(22,11): Keyring: key ring TNring is not there (looked for "
	    "/nowhere/rings/TNring)");
	done(&f);
}

static void
ciphers(void **s)
{
	const struct ttls_cipher *c = ttls_cipher_find("SSL_AES_128_SHA", 15);

	(void)s;
	assert_int_equal(c->code, 0x002f);
	assert_string_equal(c->openssl, "AES128-SHA");
	assert_ptr_equal(ttls_cipher_find("2F", 2), c);
	assert_ptr_equal(ttls_cipher_find("002f", 4), c);
	assert_ptr_equal(ttls_cipher_find("tls_rsa_with_aes_128_cbc_sha", 28), c);
	assert_non_null(ttls_cipher_find("SSL_3DES_SHA", 12)->weak);
	assert_null(ttls_cipher_find("FFFF", 4));
	assert_null(ttls_cipher_find("TLS_", 4));
}

int
main(void)
{
	const struct CMUnitTest t[] = {
		cmocka_unit_test(rules_by_port_address_priority), cmocka_unit_test(actions_merge),
		cmocka_unit_test(mistakes_are_told_where_they_are),
		cmocka_unit_test(weak_is_refused_where_used),
		cmocka_unit_test(key_ring_that_is_not_there), cmocka_unit_test(ciphers),
	};

	return cmocka_run_group_tests(t, NULL, NULL);
}

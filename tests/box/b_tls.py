#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TLS as clients see it: how it begins, whose certificates, which versions and
ciphers, the AT-TLS policy, and what operator and client are told when it fails.

One gateway with many ports serves most tests; each port is a case.
"""
import os
import socket
import ssl
import subprocess
import time

from box import Net, S3270, BIN, check, free_port, run, until
from pki import Pki

HELLO = b'\xff\xfd\x28'                 # DO TN3270E: the first word after TLS
DO_TLS, WILL_TLS, WONT_TLS = b'\xff\xfd\x2e', b'\xff\xfb\x2e', b'\xff\xfc\x2e'
FOLLOWS = b'\xff\xfa\x2e\x01\xff\xf0'


class World:
    """The gateway and its certificates, made when the first test asks."""
    net = pki = None
    ports = {}


POLICY = '''# AT-TLS as users write it
TTLSRule                          TN_Usual
{{
  LocalPortRange                  {any}
  Direction                       Inbound
  Priority                        10
  Jobname                         TN3270
  TTLSGroupActionRef              gOn
  TTLSEnvironmentActionRef        eUsual
  TTLSConnectionActionRef         c12
}}
TTLSRule                          TN_Lab
{{
  LocalPortRangeRef               pAny
  RemoteAddrSetRef                lab
  Direction                       Both
  Priority                        20
  TTLSGroupActionRef              gOff
}}
TTLSRule                          TN_Auth
{{
  LocalPortRange                  {auth}
  RemoteAddr                      127.0.0.0/8
  Direction                       Inbound
  TTLSGroupActionRef              gOn
  TTLSEnvironmentActionRef        eAuth
}}
PortRange pAny
{{
  Port {any}
}}
IpAddrSet lab
{{
  Range 127.99.0.1-127.99.0.9
}}
TTLSGroupAction                   gOn
{{
  TTLSEnabled                     On
}}
TTLSGroupAction                   gOff
{{
  TTLSEnabled                     Off
}}
TTLSEnvironmentAction             eUsual
{{
  HandshakeRole                   Server
  TTLSKeyringParmsRef             ring
}}
TTLSConnectionAction              c12
{{
  TTLSCipherParms
  {{
    V3CipherSuites4Char           C02C
    V3CipherSuites                TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  }}
}}
TTLSEnvironmentAction             eAuth
{{
  HandshakeRole                   ServerWithClientAuth
  TTLSKeyringParms
  {{
    Keyring                       TNring
  }}
  TTLSEnvironmentAdvancedParms
  {{
    ClientAuthType                SAFCheck
    HandshakeTimeout              600
    SSLv3                         Off
    TLSv1                         Off
    TLSv1.1                       Off
    TLSv1.2                       Off
    TLSv1.3                       On
  }}
}}
TTLSKeyringParms                  ring
{{
  Keyring                         TNring
}}
'''

NAMES = ('any', 'auth', 'secure', 'negt', 'both', 'basic', 'none', 'ask', 'must', 'saf', 'crl',
         'sni', 'fresh', 'tls13', 'old')


def block(kind, name, text):
    return (f'TELNETPARMS {kind} {World.ports[name]},@GW@\n{text}\nENDTELNETPARMS\n')


def profile(d):
    cert = f'CERTIFICATE {d}/server.pem PRIVATEKEY {d}/server.pem'
    ca = f'CLIENTCA {d}/ca.pem'
    quick = 'SSLTIMEOUT 1'
    return ''.join([
        'TELNETGLOBALS MSG07 LUSESSIONPEND DEBUG CONN SUMMARY ENDTELNETGLOBALS\n',
        block('TTLSPORT', 'any', 'CONNTYPE ANY ' + quick),
        block('TTLSPORT', 'auth', 'CONNTYPE SECURE'),
        block('SECUREPORT', 'secure', f'{cert} CONNTYPE SECURE {quick}'),
        block('SECUREPORT', 'negt', f'{cert} CONNTYPE NEGTSECURE'),
        block('SECUREPORT', 'both', f'{cert} CONNTYPE ANY {quick}'),
        block('PORT', 'basic', 'CONNTYPE BASIC'),
        block('PORT', 'none', 'CONNTYPE NONE'),
        block('SECUREPORT', 'ask', f'{cert} {ca} CLIENTAUTH REQUEST CERTUSER EMAIL UPN DNS CN '
              f'CERTMAP {d}/users.map'),
        block('SECUREPORT', 'must', f'{cert} {ca} CLIENTAUTH SSLCERT'),
        block('SECUREPORT', 'saf', f'{cert} {ca} CLIENTAUTH SAFCERT'),
        block('SECUREPORT', 'crl', f'{cert} {ca} CRL {d}/crl.pem CLIENTAUTH SSLCERT CERTCHECK 1'),
        block('SECUREPORT', 'sni', f'{cert} SNICERT two.test {d}/two.pem {d}/two.pem '
              f'SNICERT *.three.test {d}/three.pem {d}/three.pem'),
        block('SECUREPORT', 'fresh', f'CERTIFICATE {d}/fresh.pem PRIVATEKEY {d}/fresh.pem '
              f'CERTCHECK 1 SSLKEYLOG {d}/keys.log'),
        block('SECUREPORT', 'tls13', f'{cert} ENCRYPTION TLS_AES_128_GCM_SHA256 ENDENCRYPTION'),
        block('SECUREPORT', 'old', f'{cert} ENCRYPTION TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 '
              'ENDENCRYPTION'),
        'BEGINVTAM\n',
        'DEFAULTLUS TCP00001..TCP00999 ENDDEFAULTLUS\n',
        'DEFAULTLUSSPEC TCP00001..TCP00999 ENDDEFAULTLUSSPEC\n',
        'LUMAP TCP08801 USERID,USER1\nLUMAP TCP08802 USERID,ALICE\nLUMAP TCP08803 USERID,MAPPED\n',
        'ALLOWAPPL *\nENDVTAM\n'])


def certificates(d):
    p = World.pki = Pki(d)
    p.cert('server', '/CN=first.test', 'DNS:first.test,IP:127.0.0.1')
    p.cert('two', '/CN=two.test', 'DNS:two.test')
    p.cert('three', '/CN=three.test', 'DNS:*.three.test')
    p.cert('fresh', '/CN=fresh-one.test', 'DNS:fresh.test')
    p.cert('user1', '/CN=USER1')
    p.cert('alice', '/CN=Alice Long Name', 'email:alice@example.test')
    p.cert('upn', '/CN=Bob Long Name',
           'otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice@corp.example.test')
    p.cert('mapped', '/O=Firm, Inc/CN=Carol The Mapped')
    p.cert('nobody', '/CN=This Is No User Id')
    p.cert('bad', '/CN=USER1')
    p.own('stranger', '/CN=USER1')
    with open(p.path('users.map'), 'w', encoding='ascii') as f:
        f.write('# user ids of certificates\nMAPPED CN=Carol The *\n')
    os.makedirs(os.path.join(d, 'rings', 'TNring'))
    for src, to in (('server.crt', 'cert.pem'), ('server.key', 'key.pem'), ('ca.pem', 'ca.pem')):
        with open(p.path(src), encoding='ascii') as f, \
                open(os.path.join(d, 'rings', 'TNring', to), 'w', encoding='ascii') as g:
            g.write(f.read())


def world():
    if World.net is not None:
        return World.net
    World.ports = {n: free_port() for n in NAMES}

    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            return profile('pki').replace('@GW@', text.split('SECUREPORT')[1].split()[0]
                                          .split(',')[1])
        return text
    net = World.net = Net(edit=edit, gw_args=['--attls', 'policy', '--keyrings', 'pki/rings'])
    certificates(os.path.join(net.dir, 'pki'))
    with open(os.path.join(net.dir, 'policy'), 'w', encoding='ascii') as f:
        f.write(POLICY.format(**World.ports))
    net.gw.start()
    return net


def dial(name, source=None):
    net = world()
    return socket.create_connection((net.gw_ip, World.ports[name]), timeout=20,
                                    source_address=(source, 0) if source else None)


def context(cert=None, **kw):
    c = ssl.create_default_context()
    c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE
    if cert:
        c.load_cert_chain(World.pki.path(cert + '.pem'))
    for k, v in kw.items():
        setattr(c, k, v)
    return c


def tls(name, cert=None, sni=None, source=None, ctx=None, session=None):
    world()
    return (ctx or context(cert)).wrap_socket(dial(name, source), server_hostname=sni,
                                              session=session)


def upto(s, what, got=b''):
    while what not in got:
        b = s.recv(4096)
        check(b, f'closed before {what!r}: {got!r}')
        got += b
    return got


def rest(s):
    """All that comes until the end; abrupt ends count as ends."""
    got = b''
    while True:
        try:
            b = s.recv(4096)
        except (ConnectionError, ssl.SSLError):
            return got
        if not b:
            return got
        got += b


def refused(name, cert=None, ctx=None):
    """The client can't get in. In TLS 1.3 it hears so with its first read."""
    try:
        s = tls(name, cert, ctx=ctx)
        got = rest(s)
        s.close()
        check(HELLO not in got, repr(got))
    except (ssl.SSLError, ConnectionError):
        pass


def said(text, n=30):
    until(f'the operator hears "{text}"', lambda: text in World.net.gw.tail(n))


def lu_of(s):
    """Agrees on a device type; the LU's name."""
    upto(s, HELLO)
    s.sendall(b'\xff\xfb\x28\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0')
    got = upto(s, b'\x01TCP')
    while len(got.split(b'\x01TCP')[1]) < 5:
        got += s.recv(4096)
    return 'TCP' + got.split(b'\x01TCP')[1][:5].decode()


def detail(lu):
    return world().gw.console(f'D TCPIP,,TELNET,CONN,LUNAME={lu},DETAIL')


# --- the AT-TLS policy ---

def t_attls_rule_by_port():
    """A TTLSPORT takes certificate, version and ciphers from the rule; it is displayed."""
    s = tls('any')
    check(s.version() == 'TLSv1.2', s.version())        # c12 lists no cipher of 1.3
    check(s.cipher()[0] == 'ECDHE-ECDSA-AES256-GCM-SHA384', s.cipher())
    out = detail(lu_of(s))
    for want in ('TTLSRULE: TN_Usual', 'TTLSGRPACTION: gOn', 'TTLSENVACTION: eUsual',
                 'TTLSCONNACTION: c12', 'ACCESS: SECURE TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'):
        check(want in out, out)
    s.close()


def t_attls_rule_by_address_and_priority():
    """TTLSEnabled Off for some clients' addresses: CONNTYPE ANY speaks plainly with them."""
    s = dial('any', '127.99.0.5')
    check(upto(s, HELLO) == HELLO)
    s.close()
    s = tls('any', source='127.99.0.10')
    upto(s, HELLO)
    s.close()


def t_attls_client_auth():
    """ServerWithClientAuth and SAFCheck: no user id, no connection."""
    s = tls('auth', 'user1')
    check(s.version() == 'TLSv1.3')
    check(lu_of(s) == 'TCP08801')
    s.close()
    refused('auth')
    said('the client sent no certificate')
    refused('auth', 'nobody')
    said("CN This Is No User Id can't be a user id")


def check_policy(text, *want):
    net = world()
    path = os.path.join(net.dir, 'policy.try')
    with open(path, 'w', encoding='ascii') as f:
        f.write(text)
    p = subprocess.run([os.path.join(BIN, 'snagate'), '--check', '--vtamlst', 'gw/vtamlst',
                        '--profile', 'gw/telnet.profile', '--attls', 'policy.try', '--keyrings',
                        'pki/rings'], cwd=net.dir, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, check=False, timeout=60)
    out = p.stdout.decode()
    for w in want:
        check(w in out, f'{w!r} not in\n{out}')
    check(p.returncode == (1 if want else 0), out)


def t_check_covers_the_policy():
    """--check names file, line and reason of each error of the policy."""
    world()
    good = POLICY.format(**World.ports)
    check_policy(good)
    check_policy(good.replace('V3CipherSuites4Char           C02C', 'V3CipherSuites4Char 000A'),
                 'policy.try(53,5): V3CipherSuites4Char: TLS_RSA_WITH_3DES_EDE_CBC_SHA (000A) is '
                 'refused')
    check_policy(good.replace('TLSv1.1                       Off', 'TLSv1.1 On'),
                 'TLSv1.1: TLSv1.1 is refused: it is broken (RFC 7568, RFC 8996). Code')
    check_policy(good.replace('ring\n}', 'rong\n}', 1),
                 'TTLSKeyringParmsRef: there is no TTLSKeyringParms rong')
    check_policy(good.replace(f'LocalPortRange                  {World.ports["auth"]}',
                              'LocalPortRange 1'),
                 f'TTLSPORT: port {World.ports["auth"]}: no TTLSRule')
    check_policy(good.replace('TNring', 'NOring'), 'key ring NOring is not there')


def finish():
    """Not a test: the gateway of all of them ends."""
    if World.net is not None:
        World.net.__exit__(None, None, None)


if __name__ == '__main__':
    try:
        run([v for k, v in sorted(globals().items()) if k.startswith('t_')])
    finally:
        finish()

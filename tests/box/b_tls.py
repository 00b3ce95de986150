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

from box import BIN, TOP, Net, S3270, check, run, until
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
TTLSRule                          TN_Full
{{
  LocalPortRange                  {full}
  Direction                       Inbound
  TTLSGroupActionRef              gOn
  TTLSEnvironmentActionRef        eFull
}}
TTLSRule                          TN_Pass
{{
  LocalPortRange                  {passthru}
  Direction                       Inbound
  TTLSGroupActionRef              gOn
  TTLSEnvironmentActionRef        ePass
}}
TTLSRule                          TN_File
{{
  LocalPortRange                  {file}
  Direction                       Inbound
  TTLSGroupActionRef              gOn
  TTLSEnvironmentActionRef        eFile
}}
TTLSEnvironmentAction             eFull
{{
  HandshakeRole                   ServerWithClientAuth
  TTLSKeyringParmsRef             ring
  TTLSEnvironmentAdvancedParms
  {{
    ClientAuthType                Full
    CertificateLabel              labelled
  }}
}}
TTLSEnvironmentAction             ePass
{{
  HandshakeRole                   ServerWithClientAuth
  TTLSKeyringParmsRef             ring
  TTLSEnvironmentAdvancedParms
  {{
    ClientAuthType                PassThru
  }}
}}
TTLSEnvironmentAction             eFile
{{
  HandshakeRole                   Server
  TTLSKeyringParms
  {{
    Keyring                       {dir}/pki/two.pem
  }}
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
         'sni', 'fresh', 'tls13', 'old', 'stop',
         'full', 'passthru', 'file', 'group')


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
        block('TTLSPORT', 'full', 'CONNTYPE SECURE'),
        block('TTLSPORT', 'passthru', 'CONNTYPE SECURE'),
        block('TTLSPORT', 'file', 'CONNTYPE SECURE'),
        block('PORT', 'group', 'CONNTYPE BASIC'),
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
        block('SECUREPORT', 'stop', f'{cert} CONNTYPE SECURE'),
        block('SECUREPORT', 'tls13', f'{cert} ENCRYPTION TLS_AES_128_GCM_SHA256 ENDENCRYPTION'),
        block('SECUREPORT', 'old', f'{cert} ENCRYPTION TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 '
              'ENDENCRYPTION'),
        'BEGINVTAM\n',
        'DEFAULTLUS TCP00001..TCP00999 ENDDEFAULTLUS\n',
        'DEFAULTLUSSPEC TCP00001..TCP00999 ENDDEFAULTLUSSPEC\n',
        'DEFAULTPRT PRT00001..PRT00009 ENDDEFAULTPRT\n',
        'LUMAP TCP08801 USERID,USER1\nLUMAP TCP08802 USERID,ALICE\nLUMAP TCP08803 USERID,MAPPED\n',
        'PARMSGROUP MUSTTLS CONNTYPE SECURE ENDPARMSGROUP\nIPGROUP FAR 127.98.0.1 ENDIPGROUP\n',
        'PARMSMAP MUSTTLS FAR\n',
        'ALLOWAPPL *\nENDVTAM\n'])


def certificates(d):
    p = World.pki = Pki(d)
    p.cert('server', '/CN=first.test', 'DNS:first.test,IP:127.0.0.1')
    p.cert('two', '/CN=two.test', 'DNS:two.test')
    p.cert('three', '/CN=three.test', 'DNS:*.three.test')
    p.cert('fresh', '/CN=fresh-one.test', 'DNS:fresh.test', days=3)
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
    os.makedirs(os.path.join(d, 'rings', 'TNring', 'sni'))
    for src, to in (('two.pem', 'labelled.pem'), ('three.pem', 'sni/*.three.test.pem'), ('server.crt', 'cert.pem'), ('server.key', 'key.pem'), ('ca.pem', 'ca.pem')):
        with open(p.path(src), encoding='ascii') as f, \
                open(os.path.join(d, 'rings', 'TNring', to), 'w', encoding='ascii') as g:
            g.write(f.read())


def free_ports(n):
    """As many different ones."""
    held = [socket.socket() for _ in range(n)]
    for s in held:
        s.bind(('127.0.0.1', 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def world():
    if World.net is not None:
        return World.net
    World.ports = dict(zip(NAMES, free_ports(len(NAMES))))

    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            return profile('pki').replace('@GW@', text.split('SECUREPORT')[1].split()[0]
                                          .split(',')[1])
        return text
    net = Net(workers=2, edit=edit, gw_args=['--attls', 'policy', '--keyrings', 'pki/rings'])
    certificates(os.path.join(net.dir, 'pki'))
    with open(os.path.join(net.dir, 'policy'), 'w', encoding='ascii') as f:
        f.write(POLICY.format(dir=net.dir, **World.ports))
    try:
        net.gw.start()
    except Exception:
        net.__exit__(1, None, None)
        raise
    World.net = net
    for n in NAMES:                         # workers open their ports when they run
        until('every port listens', lambda n=n: listens(n))
    return net


def listens(name):
    try:
        dial(name).close()
        return True
    except ConnectionRefusedError:
        return False


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
    s = tls('auth', 'nobody')
    got = rest(s)                           # told inside TLS, too
    check(b"can't be a user id" in got and HELLO not in got, repr(got))
    s.close()
    said("CN This Is No User Id can't be a user id")


def t_attls_client_auth_types():
    """Full checks what there is; PassThru takes all and knows nobody; a label and a file
    name other certificates."""
    for name, cert, lu in (('full', None, None), ('full', 'user1', 'TCP08801'),
                           ('passthru', None, None), ('passthru', 'stranger', None),
                           ('passthru', 'user1', None)):
        s = tls(name, cert)
        got = lu_of(s)
        check(got == lu if lu else got < 'TCP01000', f'{name} {cert}: {got}')
        s.close()
    refused('full', 'stranger')
    for name, want in (('full', 'two.test'), ('file', 'two.test'), ('passthru', 'first.test')):
        out = s_client(name).stdout.decode('latin-1')
        check(f'subject=CN = {want}' in out, f'{name}: {out[:1500]}')
    out = s_client('passthru', '-servername', 'a.three.test').stdout.decode('latin-1')
    check('subject=CN = three.test' in out, out[:1500])     # the key ring's folder sni


def t_what_the_operator_sees_of_certificates():
    out = world().gw.console('D TCPIP,,TELNET,PROFILE,DETAIL')
    for want in ('TLS CERTIFICATE pki/server.pem: CN=first.test, good to 20',
                 'CLIENT CERTIFICATES WANTED, SIGNED BY pki/ca.pem, NOT ON pki/crl.pem',
                 'FOR *.three.test: pki/three.pem', 'SSLKEYLOG pki/keys.log: KEYS ARE WRITTEN',
                 'TTLSRULE TN_Usual CERTIFICATE pki/rings/TNring/cert.pem: CN=first.test',
                 'TTLSRULE TN_Lab WITHOUT TLS', 'SSKL*C****', 'SSK*E*****'):
        check(want in out, f'{want!r} not in\n{out}')


def t_group_that_needs_tls_on_a_plain_port():
    """CONNTYPE SECURE of a PARMSGROUP never becomes plain because the port has no TLS."""
    s = dial('group')
    check(upto(s, HELLO) == HELLO)
    s.close()
    s = dial('group', '127.98.0.1')
    got = rest(s)
    check(b'needs TLS' in got and HELLO not in got, repr(got))
    s.close()
    said('needs TLS and the port has no CERTIFICATE')


def t_attls_policy_replaced_by_obeyfile():
    """OBEYFILE reads the policy again: new clients get it, old ones stay; a broken one
    changes nothing."""
    net = world()
    path = os.path.join(net.dir, 'policy')
    with open(path, encoding='ascii') as f:
        text = f.read()
    s = tls('any')
    lu = lu_of(s)
    try:
        with open(path, 'w', encoding='ascii') as f:
            f.write(text.replace('C02C', 'C02B').replace('TN_Usual', 'TN_Newer'))
        net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
        t = tls('any')
        check(t.cipher()[0] == 'ECDHE-ECDSA-AES128-GCM-SHA256', t.cipher())
        check('TTLSRULE: TN_Newer' in detail(lu_of(t)))
        t.close()
        check('TTLSRULE: TN_Usual' in detail(lu) and alive(s))
        with open(path, 'w', encoding='ascii') as f:
            f.write(text.replace('C02C', '0005'))
        out, _ = net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile', rc=None)
        check('RC4 is broken' in out and 'NOTHING CHANGED' in out, out)
        tls('any').close()
    finally:
        with open(path, 'w', encoding='ascii') as f:
            f.write(text)
        net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
    s.close()


def check_policy(text, *want):
    net = world()
    path = os.path.join(net.dir, 'policy.try')
    with open(path, 'w', encoding='ascii') as f:
        f.write(text)
    p = subprocess.run([os.path.join(BIN, 'snagate'), '--check', '--vtamlst', 'gw/vtamlst',
                        '--profile', 'gw/telnet.profile', '--attls', 'policy.try', '--keyrings',
                        'pki/rings'], cwd=net.dir, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, check=False, timeout=60)
    out = p.stdout.decode('latin-1')
    for w in want:
        check(w in out, f'{w!r} not in\n{out}')
    check(p.returncode == (1 if want else 0), out)


def t_check_covers_the_policy():
    """--check names file, line and reason of each error of the policy."""
    world()
    good = POLICY.format(dir=World.net.dir, **World.ports)
    check_policy(good)
    with open(os.path.join(TOP, 'config', 'gateway', 'attls.policy'), encoding='ascii') as f:
        sample = f.read()                   # the one to copy, beside ours
    check_policy(good + sample.replace(
        ' 992', f' {World.ports["any"]}').replace(' 100', ' 30'))
    check_policy(good.replace('V3CipherSuites4Char           C02C', 'V3CipherSuites4Char 000A'),
                 'policy.try(101,5): V3CipherSuites4Char: TLS_RSA_WITH_3DES_EDE_CBC_SHA (000A) is '
                 'refused')
    check_policy(good.replace('TLSv1.1                       Off', 'TLSv1.1 On'),
                 'TLSv1.1: TLSv1.1 is refused: it is broken (RFC 7568, RFC 8996). Code')
    check_policy(good.replace('ring\n}', 'rong\n}', 1),
                 'TTLSKeyringParmsRef: there is no TTLSKeyringParms rong')
    check_policy(good.replace(f'LocalPortRange                  {World.ports["auth"]}',
                              'LocalPortRange 1'),
                 f'TTLSPORT: port {World.ports["auth"]}: no TTLSRule')
    check_policy(good.replace('TNring', 'NOring'), 'key ring NOring is not there')


# --- how TLS begins ---

def t_s01_tls_at_once():
    """S-01: a ClientHello as the first bytes is taken; TLS 1.2 and 1.3, nothing below."""
    for v in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        s = tls('secure', ctx=context(minimum_version=v, maximum_version=v))
        check(upto(s, HELLO) == HELLO)
        check(s.version() == {ssl.TLSVersion.TLSv1_2: 'TLSv1.2'}.get(v, 'TLSv1.3'))
        s.close()
    p = s_client('secure')
    check(p.returncode == 0 and b'New, TLSv1.3' in p.stdout, p.stdout)
    p = s_client('secure', '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')
    check('Cipher is (NONE)' in p.stdout.decode('latin-1') or p.returncode != 0, p.stdout)
    said('the client offers at most TLSv1.1')
    said('raise it in the client')


def s_client(name, *args):
    net = world()
    return subprocess.run(['openssl', 's_client', '-connect',
                           f'{net.gw_ip}:{World.ports[name]}', *args], check=False, timeout=60,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, cwd=os.path.join(net.dir, 'pki'))


def t_s02_start_tls_first():
    """S-02: DO START_TLS first, then FOLLOWS both ways, nothing else before the handshake."""
    s = dial('negt')
    check(upto(s, DO_TLS) == DO_TLS)
    s.sendall(WILL_TLS + FOLLOWS)
    check(upto(s, FOLLOWS) == FOLLOWS)
    s.settimeout(0.5)
    try:
        check(False, repr(s.recv(100)))         # silent until our ClientHello
    except TimeoutError:
        pass
    s.settimeout(20)
    t = context().wrap_socket(s)
    check(upto(t, HELLO) == HELLO)
    t.close()
    p = s_client('negt', '-starttls', 'telnet')
    check('Verify return code' in p.stdout.decode('latin-1') and 'first.test' in p.stdout.decode('latin-1'),
          p.stdout)


def t_s03_options_anew_after_tls():
    """S-03: what was agreed in the clear is void: DO TN3270E comes again inside TLS."""
    s = dial('negt')
    upto(s, DO_TLS)
    s.sendall(b'\xff\xfb\x28' + WILL_TLS + FOLLOWS)       # WILL TN3270E in the clear
    upto(s, FOLLOWS)
    t = context().wrap_socket(s)
    check(upto(t, HELLO) == HELLO)
    t.sendall(WONT_TLS)                     # and START_TLS is not asked for again
    check(lu_of_agreed(t).startswith('TCP'))
    t.close()


def lu_of_agreed(s):
    s.sendall(b'\xff\xfb\x28\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0')
    got = upto(s, b'\x01TCP')
    check(DO_TLS not in got, repr(got))
    while len(got.split(b'\x01TCP')[1]) < 5:
        got += s.recv(4096)
    return 'TCP' + got.split(b'\x01TCP')[1][:5].decode()


def t_s04_clear_bytes_are_discarded():
    """S-04: clear text sent with FOLLOWS never becomes part of the session."""
    s = dial('negt')
    upto(s, DO_TLS)
    s.sendall(WILL_TLS + FOLLOWS + b'\xff\xfb\x28\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0')
    upto(s, FOLLOWS)
    t = context().wrap_socket(s)
    got = upto(t, HELLO)
    check(got == HELLO, repr(got))          # not CONNECT, not SEND DEVICE-TYPE
    t.close()


def c_at_once(name):
    """A client that begins TLS itself."""
    try:
        s = tls(name)
    except (ssl.SSLError, ConnectionError):
        return 'refused'
    got = upto(s, HELLO)
    s.close()
    return 'tls' if got == HELLO else repr(got)


def c_start_tls(name):
    """One that waits and agrees to START_TLS."""
    s = dial(name)
    try:
        got = s.recv(100)
        if got == HELLO:
            return 'plain'
        if not got.startswith(DO_TLS):
            return 'refused'
        s.sendall(WILL_TLS + FOLLOWS)
        upto(s, FOLLOWS)
        s = context().wrap_socket(s)
        return 'tls' if upto(s, HELLO) == HELLO else 'wrong'
    finally:
        s.close()


def c_plain(name):
    """One that has no TLS."""
    s = dial(name)
    try:
        got = s.recv(100)
        if got == HELLO:
            return 'plain'
        if got.startswith(DO_TLS):
            s.sendall(WONT_TLS)
            got = rest_upto(s, HELLO)
            return 'plain' if HELLO in got else 'told' if b'needs TLS' in got else repr(got)
        return 'told' if b'CONNTYPE NONE' in got + rest(s) else repr(got)
    finally:
        s.close()


def rest_upto(s, what):
    got = b''
    while what not in got:
        b = s.recv(4096)
        if not b:
            break
        got += b
    return got


def c_s3270(name):
    """A real emulator that may do either."""
    net = world()
    with S3270('-model', '3279-2-E', '-noverifycert') as s:
        s.cmd(f'Connect({net.gw_ip}:{World.ports[name]})', ok=None)
        status = s.cmd('', ok=None)[1].split()
        if status[3] == 'N':
            return 'refused'
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if 'LOGON APPLID' in s.screen().upper():
                how = s.cmd('Query(Tls)', ok=None)[0]
                return 'tls' if how and 'secure' in how[0] and 'not' not in how[0] else 'plain'
            if s.cmd('', ok=None)[1].split()[3] == 'N':
                return 'refused'
            time.sleep(0.1)
        return 'nothing'


# First word: what each client gets, by CONNTYPE (tn3270e 4.3).
MATRIX = {
    'secure': ('tls', 'tls', 'told', 'tls'),
    'negt': ('refused', 'tls', 'told', 'tls'),
    'both': ('tls', 'tls', 'plain', 'tls'),
    'basic': ('refused', 'plain', 'plain', 'plain'),
    'none': ('refused', 'refused', 'told', 'refused'),
}


def t_s05_conntype_matrix():
    """S-05: four clients on each CONNTYPE: TLS at once, START_TLS, no TLS, s3270."""
    for name, want in MATRIX.items():
        got = tuple(c(name) for c in (c_at_once, c_start_tls, c_plain, c_s3270))
        check(got == want, f'{name}: {got}, wanted {want}')
    said('the client begins TLS by itself and this port asks for it with START_TLS', 200)
    said('the client begins TLS by itself and this port has none', 200)


def t_s06_client_certificates():
    """S-06: none, asked for, wanted; a user id maps the LU."""
    for name, cert, lu in (('secure', 'user1', None), ('ask', None, None), ('ask', 'user1',
                           'TCP08801'), ('must', 'user1', 'TCP08801'), ('saf', 'user1',
                           'TCP08801'), ('must', 'nobody', None)):
        s = tls(name, cert)
        got = lu_of(s)
        check(got == lu if lu else got < 'TCP01000', f'{name} {cert}: {got}')
        s.close()
    refused('must')
    said('the client sent no certificate and this port wants one')
    refused('saf', 'nobody')
    said("CN This Is No User Id can't be a user id (1-8 of A-Z 0-9 @ # $): add a line to CERTMAP")
    for name in ('ask', 'must'):
        refused(name, 'stranger')
        said("the client's certificate (CN=USER1) is refused: it is signed by itself")


def t_s07_no_text_on_a_failed_handshake():
    """S-07: clear or broken bytes on a TLS port: an alert at most, then the end."""
    for junk in (b'\x16\x03\x01\x00\x05hello', b'\x16' + os.urandom(300),
                 b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(500)):
        s = dial('secure')
        s.sendall(junk)
        s.shutdown(socket.SHUT_WR)
        got = rest(s)
        check(b'snagate' not in got and HELLO not in got, repr(got))
        check(got == b'' or got[0] == 0x15, repr(got))      # an alert record
        s.close()
    s = dial('secure')
    s.sendall(b'GET / HTTP/1.0\r\n\r\n')                # clear text: no record is made of it
    got = upto(s, DO_TLS)
    check(got == DO_TLS, repr(got))
    s.close()
    s = tls('secure')
    check(upto(s, HELLO) == HELLO)                          # others are served on
    s.close()


def t_s08_close_notify():
    """S-08: an orderly end says close_notify; a client that just vanishes is forgotten."""
    world()
    s = context().wrap_socket(dial('stop'), suppress_ragged_eofs=False)
    upto(s, HELLO)
    World.net.gw.console(f'V TCPIP,,TELNET,STOP,PORT={World.ports["stop"]}')
    got = b'x'
    while got:
        got = s.recv(4096)                  # SSLEOFError without close_notify
    s.close()
    s = tls('secure')
    lu = lu_of(s)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\x01\0\0\0\0\0\0\0')
    os.close(s.detach())                                    # RST, no close_notify
    until('the LU is free', lambda: '0 OF 0' in detail(lu))


def t_broken_records_are_no_hang_up():
    """Bytes that are not TLS's in the midst of a session: the end, and the operator hears."""
    s = tls('secure')
    lu = lu_of(s)
    raw = socket.socket(fileno=os.dup(s.fileno()))
    raw.sendall(b'\x17\x03\x03\x00\x30' + os.urandom(48))
    said('the client broke TLS: ')
    until('the LU is free', lambda: '0 OF 0' in detail(lu))
    raw.close()
    s.close()


def t_s09_handshake_timeout():
    """S-09: a client that begins a handshake and falls silent is dropped after SSLTIMEOUT."""
    s = dial('secure')
    s.sendall(b'\x16\x03\x01')
    check(rest(s) == b'')
    s.close()
    said('the TLS handshake was not finished in time (SSLTIMEOUT')
    s = dial('secure')                      # one that says nothing at all is asked
    check(upto(s, DO_TLS) == DO_TLS)
    s.close()


# --- certificates ---

def t_certificate_names_to_user_ids():
    """SAN e-mail, UPN, and the table of CERTMAP."""
    for cert, lu in (('alice', 'TCP08802'), ('upn', 'TCP08802'), ('mapped', 'TCP08803')):
        s = tls('ask', cert)
        got = lu_of(s)
        check(got == lu, f'{cert}: {got}')
        check(f'USERID: {"MAPPED" if cert == "mapped" else "ALICE"}' in detail(got), detail(got))
        s.close()


def t_s3270_with_a_client_certificate():
    net = world()
    with S3270('-model', '3279-2-E', '-noverifycert', '-certfile', World.pki.path('user1.pem'),
               '-keyfile', World.pki.path('user1.key')) as s:
        s.cmd(f'Connect(L:{net.gw_ip}:{World.ports["must"]})')
        s.see('TCP08801')


def t_pr3287_over_tls():
    net = world()
    p = subprocess.Popen(['pr3287', '-noverifycert', f'L:{net.gw_ip}:{World.ports["secure"]}'],
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    try:
        until('the printer has its LU', lambda: 'PRT00001' in net.gw.console(
            'D TCPIP,,TELNET,CONN'))
        check('ACCESS: SECURE TLSv1.' in detail('PRT00001'))
    finally:
        p.kill()
        p.wait()


def t_sni():
    """The certificate goes by the name asked for; an unknown name gets the first."""
    for sni, want in (('two.test', 'two.test'), ('TWO.test', 'two.test'),
                      ('x.three.test', 'three.test'), ('a.b.three.test', 'first.test'),
                      ('nowhere.test', 'first.test'), (None, 'first.test')):
        args = ['-servername', sni] if sni else ['-noservername']
        out = s_client('sni', *args).stdout.decode('latin-1')
        check(f'subject=CN = {want}' in out, f'{sni}: {out[:1500]}')


def resumed(first, second, cert=None, version=ssl.TLSVersion.TLSv1_3):
    """A session of one port taken up at another."""
    ctx = context(cert, minimum_version=version, maximum_version=version)
    s = tls(first, ctx=ctx)
    upto(s, HELLO)                          # tickets of TLS 1.3 come with it
    session = s.session
    s.close()
    s = tls(second, ctx=ctx, session=session)
    upto(s, HELLO)
    r = s.session_reused
    s.close()
    return r


def t_sessions_are_resumed():
    """By tickets, in TLS 1.2 and 1.3; at ports of equal claims, not at others."""
    for v in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        check(resumed('secure', 'secure', version=v), f'{v} not resumed')
        check(resumed('must', 'must', 'user1', version=v), f'{v} not resumed with certificate')
        check(not resumed('secure', 'must', 'user1', version=v), 'resumed past CLIENTAUTH')
    ctx = context('user1')
    s = tls('must', ctx=ctx)
    upto(s, HELLO)
    session = s.session
    s.close()
    s = tls('must', ctx=ctx, session=session)
    check(lu_of(s) == 'TCP08801')           # the certificate comes with the ticket
    check(s.session_reused and 'RESUMED' in detail('TCP08801'))
    s.close()


def t_ticket_of_an_authority_below():
    """A ticket does not hold the authorities the client showed: whoever was signed by one below
    ours comes in by a full handshake, and is not refused."""
    world()
    World.pki.authority('mid', '/CN=Test Authority Below')
    World.pki.cert('below', '/CN=USER1', signer='mid')
    with open(World.pki.path('below.pem'), 'a', encoding='ascii') as f, \
            open(World.pki.path('mid.pem'), encoding='ascii') as mid:
        f.write(mid.read())
    for v in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        resumed('must', 'must', 'below', version=v)


def t_names_in_certificates_that_deceive():
    """Two common names say nothing of who it is; one with a line end forges no message."""
    world()
    World.pki.cert('two-names', '/CN=USER1/CN=NOBODY')
    World.pki.cert('forger', '/CN=X\nEZZ9999I ALL IS WELL')
    refused('saf', 'two-names')
    said("has no name that CERTUSER asks for")
    s = tls('must', 'two-names')
    check(lu_of(s) < 'TCP01000')
    s.close()
    refused('saf', 'forger')
    said("CN X?EZZ9999I ALL IS WELL can't be a user id")
    check('\nEZZ9999I' not in World.net.gw.tail(400))


def t_crl():
    """A certificate on the revocation list is refused, also with a ticket; the list is read
    again when it changes."""
    world()
    ctx = context('bad', maximum_version=ssl.TLSVersion.TLSv1_2)
    s = tls('crl', ctx=ctx)
    check(lu_of(s) == 'TCP08801')
    session = s.session
    World.pki.crl('bad')
    time.sleep(1.1)                         # CERTCHECK 1
    tls('crl', 'user1').close()             # looks at the files
    said('the certificate files were read again')
    refused('crl', ctx=context('bad'))
    said('is refused: it is revoked')
    try:
        t = tls('crl', ctx=ctx, session=session)
        check(HELLO not in rest(t))
        t.close()
    except (ssl.SSLError, ConnectionError):
        pass
    check(alive(s), 'the connected client is gone')
    s.close()
    t = tls('crl', 'user1')
    upto(t, HELLO)
    t.close()


def alive(s):
    """The connection lives: TIMING-MARK is answered."""
    s.sendall(b'\xff\xfd\x06')
    return b'\x06' in upto(s, b'\x06')


def put(name, text):
    """Replaces a file as renewal programs do: written aside, then renamed."""
    path = World.pki.path(name)
    with open(path + '.new', 'w', encoding='ascii') as f:
        f.write(text)
    os.rename(path + '.new', path)


def subject(name):
    out = s_client(name).stdout.decode('latin-1')
    return out.split('subject=')[1].split('\n')[0] if 'subject=' in out else out


def read(name):
    with open(World.pki.path(name), encoding='ascii') as f:
        return f.read()


def t_certificate_renewed_while_clients_work():
    """New files hold for new clients, broken ones are told of and leave the old in place;
    nobody is dropped. By the check at a handshake, by OBEYFILE, by SIGHUP."""
    net = world()
    s = tls('fresh')
    lu = lu_of(s)
    check('fresh-one' in subject('fresh'))
    check('more days: renew it' in net.gw.tail(10000))
    World.pki.cert('newer', '/CN=fresh-two.test', 'DNS:fresh.test')
    put('fresh.pem', read('newer.pem'))
    time.sleep(1.1)                         # CERTCHECK 1
    until('the new certificate', lambda: 'fresh-two' in subject('fresh'))
    said('the certificate files were read again: CN=fresh-two.test, good to')
    put('fresh.pem', read('newer.crt'))     # no key
    time.sleep(1.1)
    until('told', lambda: subject('fresh') and "can't be used, the old ones stay"
          in net.gw.tail(30))
    check('fresh-two' in subject('fresh'))
    World.pki.cert('newest', '/CN=fresh-three.test', 'DNS:fresh.test')
    out, _ = net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile', rc=None)
    check("private key" in out and 'NOTHING CHANGED' in out, out)
    put('fresh.pem', read('newest.pem'))
    net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
    until('by OBEYFILE', lambda: 'fresh-three' in subject('fresh'))
    put('fresh.pem', read('newer.pem'))
    net.gw.proc.send_signal(1)
    until('by SIGHUP', lambda: 'fresh-two' in subject('fresh'))
    check(alive(s) and lu in net.gw.console('D TCPIP,,TELNET,CONN'))
    s.close()


def t_key_log_only_where_coded():
    """SSLKEYLOG writes for its port only, warned of, readable by the owner only."""
    s = tls('fresh')
    upto(s, HELLO)                          # all keys are known by now
    s.close()
    path = World.pki.path('keys.log')
    until('keys', lambda: os.path.exists(path) and os.path.getsize(path) > 0)
    check(os.stat(path).st_mode & 0o77 == 0)
    check('SSLKEYLOG: whoever reads this file' in World.net.gw.tail(500))
    size = os.path.getsize(path)
    s = tls('secure')
    upto(s, HELLO)
    s.close()
    check(os.path.getsize(path) == size)


def t_cipher_and_version_that_do_not_match():
    """The operator is told which, and how to mend it."""
    s = tls('tls13')
    check(s.version() == 'TLSv1.3' and s.cipher()[0] == 'TLS_AES_128_GCM_SHA256')
    s.close()
    refused('tls13', ctx=context(maximum_version=ssl.TLSVersion.TLSv1_2))
    said('the client offers at most TLSv1.2')
    said('this port speaks TLSv1.3')
    ctx = context(maximum_version=ssl.TLSVersion.TLSv1_2)
    ctx.set_ciphers('ECDHE-ECDSA-AES128-GCM-SHA256')
    refused('old', ctx=ctx)
    said('the client offers TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256')


def t_renegotiation_is_refused():
    net = world()
    p = subprocess.run(['openssl', 's_client', '-tls1_2', '-connect',
                        f'{net.gw_ip}:{World.ports["secure"]}'], input=b'R\n', check=False,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    check(b'no renegotiation' in p.stdout.lower(), p.stdout)


def t_part_of_a_hello_comes_with_follows():
    """FOLLOWS, filled up to what one read takes, and the first bytes of a TLS record behind
    it: once they were read as if TLS stood already, and the gateway ended."""
    net = world()
    for size in (512, 2048, 4608):          # the sizes of its buffers
        s = dial('negt')
        upto(s, DO_TLS)
        head = WILL_TLS + b'\xff\xfa\x2e\x01\xff\xf0'
        s.sendall(head + b'x' * (size - len(head)) + b'\x16\x03\x01\x02\x00\x01\x00')
        upto(s, b'\xff\xfa\x2e\x01\xff\xf0')
        s.close()
    s = tls('secure')
    upto(s, HELLO)
    s.close()
    check(net.gw.proc.poll() is None, 'the gateway has ended')


def finish():
    """Not a test: the gateway of all of them ends."""
    if World.net is not None:
        World.net.__exit__(None, None, None)


if __name__ == '__main__':
    try:
        run([v for k, v in sorted(globals().items()) if k.startswith('t_')])
    finally:
        finish()

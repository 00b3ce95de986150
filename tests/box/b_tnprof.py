#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The example of a z/OS site, config/gateway/tnprof.profile with tnprof.policy: it
passes --check as it is, and clients get what it says (ports, addresses and the
names of the host's applications changed)."""
import os
import re
import shutil
import subprocess
import sys

from box import BIN, TOP, Net, S3270, check, run, until
from pki import Pki
from tnclient import Rejected, Tn, tls_context

SITE = os.path.join(TOP, 'config', 'gateway')
APPLS = {'TSO': 'TSODEMO', 'CICS': 'ECHO'}       # the host's


def example(name):
    with open(os.path.join(SITE, name), encoding='ascii') as f:
        return f.read()


def as_here(text, net):
    """The site's addresses are 10.x, ours 127.x; its TSO and CICS are TSODEMO and ECHO."""
    text = re.sub(r'\b10\.1\.', '127.1.', text)
    text = re.sub(r'(?m)^  Port 23$', f'  Port {net.port},{net.gw_ip}', text)
    text = re.sub(r'TTLSPort 992', f'TTLSPort {net.tls_port},{net.gw_ip}', text)
    text = re.sub(r'(?m)^(\s+Port\s+)992$', rf'\g<1>{net.tls_port}', text)
    text = text.replace('Port 23 992', f'Port {net.port} {net.tls_port}')
    text = text.replace('/var/log/snagate', net.dir)
    return re.sub(r'\b(TSO|CICS)\b(?!\*)', lambda m: APPLS[m[1]], text)


def site(net):
    """The example in the net's folder, with a key ring."""
    pki = Pki(os.path.join(net.dir, 'pki'))
    ring = os.path.join(net.dir, 'rings', 'TNring')
    os.makedirs(ring)
    shutil.copy(pki.cert('server', '/CN=snagate.test'), os.path.join(ring, 'cert.pem'))
    shutil.copy(pki.path('server.key'), os.path.join(ring, 'key.pem'))
    shutil.copy(pki.path('ca.pem'), os.path.join(ring, 'ca.pem'))
    for tab in ('USSSITE', 'USSSITES', 'INTSITE'):
        with open(os.path.join(net.dir, 'gw/vtamlst', tab), 'w', encoding='ascii') as f:
            f.write(re.sub('(DEFAULT=|APPLICID,)(TSO|CICS)',
                           lambda m: m[1] + APPLS[m[2]], example('vtamlst/' + tab)))
    with open(os.path.join(net.dir, 'gw/telnet.profile'), 'w', encoding='ascii') as f:
        f.write(as_here(example('tnprof.profile'), net))
    with open(os.path.join(net.dir, 'policy'), 'w', encoding='ascii') as f:
        f.write(as_here(example('tnprof.policy'), net))
    net.pki = pki
    return net


def snagate_check(net, lib, profile, policy):
    p = subprocess.run([os.path.join(BIN, 'snagate'), '--check', '--vtamlst', lib, '--profile',
                        profile, '--attls', policy, '--keyrings',
                        os.path.join(net.dir, 'rings')], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    return p.returncode, p.stdout.decode()


def t_check_passes(net):
    """As it is in config/gateway: no error. A table that is not there is one, with its line."""
    args = [os.path.join(SITE, x) for x in ('vtamlst', 'tnprof.profile', 'tnprof.policy')]
    rc, out = snagate_check(net, *args)
    check(rc == 0 and '.policy: 0 errors' in out, out)
    lib = os.path.join(net.dir, 'lib')
    shutil.copytree(args[0], lib)
    os.unlink(os.path.join(lib, 'INTSITE'))
    rc, out = snagate_check(net, lib, *args[1:])
    check(rc == 1 and re.search(r'tnprof.profile\(\d+,\d+\): INTERPTCP: INTSITE', out), out)


def lu_of(net, source, connect=None, tls=None, devtype='IBM-3278-2-E', associate=None):
    with Tn(net, source=source, tls=tls) as c:
        c.will_e()
        try:
            return c.request(devtype, connect, associate)
        except Rejected as e:
            return e.name


def t_lus(net):
    """Who gets which LU: default pool, branch, tellers, shops; names on request."""
    with Tn(net, source='127.0.0.31') as a, Tn(net, source='127.0.0.31') as b:
        one, two = a.negotiate_e()[0], b.negotiate_e()[0]
        check(re.fullmatch('TCP00[0-9]{3}', one) and int(two[3:]) == int(one[3:]) + 1, one + two)
    check(lu_of(net, '127.0.0.31', 'TCP01500') == 'TCP01500', 'DEFAULTLUSSPEC')
    check(lu_of(net, '127.0.0.31', 'TCP00500') == 'INV-NAME', 'DEFAULTLUS is not for names')
    check(lu_of(net, '127.0.0.31', 'PRT00150', devtype='IBM-3287-1') == 'PRT00150', 'printer')
    check(lu_of(net, '127.1.9.1') == 'UNKNOWN-ERROR', 'its only LU is for who names it')
    check(lu_of(net, '127.1.9.1', 'TCPS0001') == 'TCPS0001', 'SPECIFIC')
    check(lu_of(net, '127.1.9.2') == 'TCPS0002', 'GENERIC')
    check(lu_of(net, '127.1.9.3') == 'TCP00003', 'a shop without a map: the default pool')


def t_branch_and_its_printers(net):
    """The n-th printer belongs to the n-th terminal; response times are measured."""
    with Tn(net, source='127.1.7.5') as c:
        lu = c.negotiate_e()[0]
        check(lu.startswith('TCPB70'), lu)
        prt = lu_of(net, '127.1.7.5', associate=lu, devtype='IBM-3287-1')
        check(prt == 'PRTB' + lu[4:], prt)
        text = net.gw.console(f'D TCPIP,,T,CONN,LUNAME={lu},DET')
        check('MONGROUP' in text and 'SLA1' in text, text)
        check(re.search(r'IPGRP? +BRANCH7', text) or 'BRANCH7' in text, text)


def t_tellers(net):
    """TLS only, straight to their application, parameters of QUICK."""
    with Tn(net, source='127.1.8.10') as c:
        check(b'TLS' in c.rest().upper(), 'told that TLS is needed')
    with Tn(net, source='127.1.8.10', port=net.tls_port, tls=tls_context()) as c:
        lu = c.negotiate_e()[0]
        check(re.fullmatch('TCPT[0-9A-F]{4}', lu), lu)
        until('in session', lambda: re.search(rf'{lu} +ECHO', net.gw.console(
            'D TCPIP,,T,CONN,APPL=ECHO')))
        text = net.gw.console(f'D TCPIP,,T,CONN,LUNAME={lu},DET')
        check('QUICK' in text and 'TLSONLY' in text and 'TTLSRULE: TN3270~others' in text, text)


def screen_after(net, typed, wanted, *args):
    with S3270(*args) as s:
        s.connect(net)
        s.see('YOUR COMPANY')
        s.type(typed)
        return s.see(wanted)


def t_screens(net):
    """USS screen, INTERPRET table, an application that is not allowed."""
    screen_after(net, 'HELLO world  and blanks', 'ECHO')
    screen_after(net, 'TSO IBMUSER', 'TSODEMO')
    text = screen_after(net, 'LOGON APPLID(DRIVER)', 'DRIVER')
    check('===' in text or 'DRIVER' in text, text)


def t_partners_have_their_network(net):
    """D NET,ID of several LUs: also where the BIND was faster than the word where ECHO is."""
    clients = [S3270() for _ in range(4)]
    for c in clients:
        c.connect(net)
        c.see('YOUR COMPANY')
        c.type('HELLO')
    for c in clients:
        lu = re.search(r'TCP\d{5}', c.see('comes back'))[0]
        text = net.gw.console('D NET,ID=' + lu)
        check(re.search(r'IST635I ECHO +ACTIV-P .* NETA\b', text), text)
        c.close()


def t_operator(net):
    """What is typed at a z/OS console, short forms too."""
    for cmd, wanted in (('D TCPIP,TN3270,PROF', 'EZZ6060I'), ('D TCPIP,,T,PROF,DET', 'EZZ6080I'),
                        ('D TCPIP,,T,CONN', 'EZZ6064I'), ('D TCPIP,,T,CL', 'BRANCH7'),
                        ('D TCPIP,,T,OB,TYPE=LUGRP', 'B7TERM'), ('D TCPIP,,T,INACTLUS', 'EZZ6061I'),
                        ('D TCPIP,,TELNET,OBJ,ID=TELLER', 'TCPT0000..TCPT0F9F..FFFFFXNX'),
                        ('D TCPIP,,T,OBJ,ID=PAYROLL', 'USER PAY*'),
                        ('D TCPIP,,T,OBJ,ID=PAYROLL', r'USER BOSS\n +TCP00001 '),
                        ('D TCPIP,,T,OBJ,TYPE=PARMSGRP,ID=QUICK', r'I------ .*QUICK'),
                        ('D TCPIP,,T,OBJ,TYPE=BAD', 'TYPE=BAD is not valid'),
                        ('D TCPIP,,T,CL,TYPE=IPGRP', 'SHOPS|BRANCH7'),
                        ('V TCPIP,,T,QUIESCE,PORT=9', 'the profile has no port 9 '),
                        ('V TCPIP,,O,DSN=gw/telnet.profile', 'OBEYFILE gw/telnet.profile COMPLETE')):
        text = net.gw.console(cmd, rc=None)[0]
        check(wanted in text or re.search(wanted, text), f'{cmd}\n{text}')


def stay(net):
    print(f'{net.dir} {net.gw_ip}:{net.port} tls {net.tls_port}', flush=True)
    sys.stdin.readline()


if __name__ == '__main__':
    NET = Net(gw_args=['--attls', 'policy', '--keyrings', 'rings'])
    run([stay] if 'stay' in sys.argv else
        [t_check_passes, t_lus, t_branch_and_its_printers, t_tellers, t_screens,
         t_partners_have_their_network, t_operator],
        site(NET))

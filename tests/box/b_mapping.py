#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who gets which LU, application and parameters: client identifiers in their
order, default pools, allowed applications, takeover, and the profile replaced."""
import os
import re
import subprocess

from box import Net, check, run, until
from tnclient import Rejected, Tn, tls_context


def profile(vtam, globals_='', parms=''):
    """An edit of the demonstration: its BEGINVTAM block and parameters replaced."""
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            gw = re.search(r'PORT \d+,([\d.]+)', text).group(1)
            text = (text[:text.index('BEGINVTAM')] + 'BEGINVTAM\n' + vtam.replace('@GW@', gw)
                    + '\nENDVTAM\n')
            text = text.replace('TELNETGLOBALS\n', 'TELNETGLOBALS\n' + globals_ + '\n', 1)
            text = re.sub(r'(PORT \d+,[\d.]+)', r'\1 ' + parms, text)
        return text
    return edit


def lu_of(net, source=None, connect=None, tls=None, devtype='IBM-3278-2-E'):
    """The LU a client gets, or the word of its REJECT."""
    with Tn(net, source=source, tls=tls) as c:
        try:
            return c.negotiate_e(devtype, connect)[0]
        except Rejected as e:
            return e.name


IDS = """
USERGROUP UGRP USER%% ENDUSERGROUP
HNGROUP HGRP **.INVALID ENDHNGROUP
IPGROUP IRANGE 127.0.0.20..127.0.0.29 ENDIPGROUP
IPGROUP IMASK 255.255.255.0:127.0.9.0 ENDIPGROUP
LINKGROUP LGRP L%* ENDLINKGROUP
DEFAULTLUS TCP00001..TCP00009 ENDDEFAULTLUS
DEFAULTLUSSPEC TCP00101..TCP00109 ENDDEFAULTLUSSPEC
LUGROUP LUG1 TCP00601..TCP00609 ENDLUGROUP
LUMAP TCP00200 HOSTNAME,LOCALHOST
LUMAP TCP00210 127.0.0.25
LUMAP TCP00220 IRANGE
LUMAP TCP00230 IMASK
LUMAP TCP00240 USERID,USER01
LUMAP TCP00250 UGRP
LUMAP TCP00260 USERGROUP,UGRP SPECIFIC
LUMAP LUG1 IPADDR,127.0.0.40 SPECIFIC
ALLOWAPPL *
"""


def certificate(net, user):
    """A certificate for a user, signed by itself: (certificate, key)."""
    pem, key = os.path.join(net.dir, user + '.pem'), os.path.join(net.dir, user + '.key')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                    'ec_paramgen_curve:P-256', '-nodes', '-days', '3', '-subj', '/CN=' + user,
                    '-keyout', key, '-out', pem], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return pem, key


def t_client_identifiers():
    """Z-01: exact identifiers before groups, ranges before masks; Z-02: the default pool only
    for who has no map. Names come from /etc/hosts; who has none is served after a while."""
    with Net(edit=profile(IDS)) as net:
        net.gw.start()
        check(lu_of(net, '127.0.0.25') == 'TCP00210', 'an address comes before its range')
        check(lu_of(net, '127.0.0.26') == 'TCP00220', 'range')
        check(lu_of(net, '127.0.9.77') == 'TCP00230', 'mask')
        check(lu_of(net, '127.0.0.1') == 'TCP00200', 'host name')
        with Tn(net, source='127.0.0.1'):
            until('the host name is on display', lambda: re.search(
                r'HOSTNAME: localhost', net.gw.console('D TCPIP,,TELNET,CONN,DETAIL')))
            check('LINKNAME: lo' in net.gw.console('D TCPIP,,TELNET,CONN,DETAIL'))
        check(lu_of(net, '127.0.0.30') == 'TCP00001', 'no map: the default pool')
        check(lu_of(net, '127.0.0.30', 'TCP00105') == 'TCP00105', 'DEFAULTLUSSPEC')
        check(lu_of(net, '127.0.0.30', 'TCP00005') == 'INV-NAME', 'DEFAULTLUS is not for names')
        check(lu_of(net, '127.0.0.26', 'TCP00105') == 'INV-NAME', 'mapped: no DEFAULTLUSSPEC')
        check(lu_of(net, '127.0.0.26', 'TCP00220') == 'TCP00220', 'a name of its own map')
        check(lu_of(net, '127.0.0.40') == 'UNKNOWN-ERROR', 'only SPECIFIC maps, generic asked')
        check(lu_of(net, '127.0.0.40', 'TCP00605') == 'TCP00605', 'exact LU of a group')
        check(lu_of(net, '127.0.0.40', 'LUG1') == 'TCP00601', 'the group by its name')


def t_destination_and_link():
    """Z-01: DESTIP, then LINKNAME, then their groups, all before NULL."""
    maps = ['LUMAP TCP00300 DESTIP,@GW@', 'LUMAP TCP00310 LO', 'LUMAP TCP00320 DGRP',
            'LUMAP TCP00330 LGRP']
    for first in range(5):
        vtam = ('LINKGROUP LGRP L% ENDLINKGROUP DESTIPGROUP DGRP 127.0.0.0/8 ENDDESTIPGROUP\n'
                'LUMAP TCP00340 LINKNAME,ETH99 ALLOWAPPL *\n'
                'DEFAULTLUS TCP00001 ENDDEFAULTLUS\n' + '\n'.join(reversed(maps[first:])))
        with Net(edit=profile(vtam)) as net:
            net.gw.start()
            want = f'TCP003{first}0' if first < 4 else 'TCP00001'
            check(lu_of(net) == want, f'{maps[first:]}: {lu_of(net)}')


def t_user_of_the_certificate():
    """Z-01, S-06: USERID first of all, then USERGROUP by wildcard."""
    with Net(edit=profile(IDS)) as net:
        pem = [certificate(net, u) for u in ('USER01', 'USER02', 'OTHER')]
        ca = os.path.join(net.dir, 'ca.pem')
        with open(ca, 'wb') as f:
            for p, _ in pem:
                with open(p, 'rb') as h:
                    f.write(h.read())
        prof = os.path.join(net.dir, 'gw', 'telnet.profile')
        with open(prof, encoding='latin-1') as f:
            text = f.read().replace('CONNTYPE SECURE',
                                    f'CONNTYPE SECURE CLIENTAUTH SSLCERT CLIENTCA {ca}')
        with open(prof, 'w', encoding='latin-1') as f:
            f.write(text)
        net.gw.start()
        for (p, k), lu in zip(pem, ('TCP00240', 'TCP00250', 'TCP00001')):
            got = lu_of(net, '127.0.0.30', tls=tls_context(p, k))
            check(got == lu, f'{p}: {got}')
        p, k = pem[1]
        check(lu_of(net, '127.0.0.30', 'TCP00260', tls_context(p, k)) == 'TCP00260',
              'a SPECIFIC map for a name')


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

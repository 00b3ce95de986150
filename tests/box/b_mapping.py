#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who gets which LU, application and parameters: client identifiers in their
order, default pools, allowed applications, takeover, and the profile replaced."""
import os
import re
import subprocess

from box import Fail, Net, check, run, until
from tnclient import (AO, BIND, BIND_IMAGE, CONNECT, DATA, DEVICE_TYPE, DO, REQUEST, RESPONSES,
                      SSCP, SYSREQ, TM, WONT, E, Rejected, Tn, ebcdic, tls_context)


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


POOL = """
DEFAULTLUS TCP00001..TCP00009 ENDDEFAULTLUS
DEFAULTLUSSPEC TCP00001..TCP00009 ENDDEFAULTLUSSPEC
ALLOWAPPL *
"""


def served(net):
    """Threads open their ports a moment after the console is there."""
    net.gw.start()

    def there():
        try:
            Tn(net, source='127.0.0.99').close()
            return True
        except ConnectionError:
            return False
    until('the port is open', there)


def lives(c):
    """The client answers the TIMING-MARK it is asked with."""
    c.opt(DO, TM)
    c.say(WONT, TM)


def t_keeplu():
    """L-09: the LU of a client that crashed is kept for it, nobody else gets it; a while later
    it is anybody's."""
    with Net(edit=profile(POOL, 'KEEPLU 3600')) as net:
        net.gw.start()
        a = Tn(net, source='127.0.0.21')
        check(a.negotiate_e()[0] == 'TCP00001')
        a.reset()
        until('it is seen', lambda: 'TCP00001' not in net.gw.console('D TCPIP,,TELNET,CONN'))
        check(lu_of(net, '127.0.0.22', 'TCP00001') == 'DEVICE-IN-USE', 'kept')
        others = [Tn(net, source='127.0.0.22') for _ in range(8)]
        for i, c in enumerate(others):
            check(c.negotiate_e()[0] == f'TCP0000{i + 2}', c.lu)
        check(lu_of(net, '127.0.0.22') == 'DEVICE-IN-USE', 'the only one left is kept')
        check(lu_of(net, '127.0.0.21') == 'TCP00001', 'it has it back')
        for c in others:
            c.close()
    with Net(edit=profile(POOL.replace('..TCP00009', ''), 'KEEPLU 1')) as net:
        net.gw.start()
        check(lu_of(net, '127.0.0.21') == 'TCP00001')
        until('the time is over', lambda: lu_of(net, '127.0.0.22') == 'TCP00001')


def t_takeover_of_an_lu():
    """N-15, L-09: a busy name is DEVICE-IN-USE; with TKOSPECLU its client is asked: alive it
    keeps it, silent or gone it loses it. Old and new one on any worker."""
    with Net(edit=profile(POOL)) as net:
        net.gw.start()
        with Tn(net) as a:
            check(a.negotiate_e(connect='TCP00003')[0] == 'TCP00003')
            check(lu_of(net, None, 'TCP00003') == 'DEVICE-IN-USE', 'no takeover is coded')
            a.ping()
    for workers in (0, 2):
        with Net(workers=workers, edit=profile(POOL, 'TKOSPECLU 2')) as net:
            served(net)
            a = Tn(net, source='127.0.0.21')
            a.negotiate_e(connect='TCP00003')
            with Tn(net, source='127.0.0.22') as b:
                b.will_e()
                b.put_sb(E, bytes((DEVICE_TYPE, REQUEST)) + b'IBM-3278-2-E' + bytes((CONNECT,))
                         + b'TCP00003')
                lives(a)
                try:
                    b.device_is('IBM-3278-2-E')
                    raise Fail('a living client lost its LU')
                except Rejected as e:
                    check(e.name == 'DEVICE-IN-USE', e.name)
                a.ping()
            check(lu_of(net, '127.0.0.22', 'TCP00003') == 'TCP00003', 'a silent one lost it')
            a.expect_close()
            until('the operator is told', lambda: re.search(
                r'TCP00003 CONN DROP +TKOSPEC', net.gw.tail()))
            a = Tn(net, source='127.0.0.21')
            a.negotiate_e(connect='TCP00004')
            with Tn(net, source='127.0.0.22') as b:
                b.will_e()
                b.put_sb(E, bytes((DEVICE_TYPE, REQUEST)) + b'IBM-3278-2-E' + bytes((CONNECT,))
                         + b'TCP00004')
                a.opt(DO, TM)
                a.reset()               # its machine says it does not know it any more
                check(b.device_is('IBM-3278-2-E') == 'TCP00004')
    with Net(edit=profile(POOL, 'TKOSPECLU 1 SAMEIPADDR')) as net:
        net.gw.start()
        with Tn(net, source='127.0.0.21') as a:
            a.negotiate_e(connect='TCP00003')
            check(lu_of(net, '127.0.0.22', 'TCP00003') == 'DEVICE-IN-USE', 'another address')
            check(lu_of(net, '127.0.0.21', 'TCP00003') == 'TCP00003', 'the same address')


def t_takeover_by_the_same_client():
    """L-09: TKOGENLU: a client that comes again gets the LU of its dead connection; living ones
    and other clients stay."""
    for workers in (0, 2):
        with Net(workers=workers, edit=profile(POOL, 'TKOGENLU 2')) as net:
            served(net)
            old = Tn(net, source='127.0.0.21')
            check(old.negotiate_e()[0] == 'TCP00001')
            other = Tn(net, source='127.0.0.22')
            check(other.negotiate_e()[0] == 'TCP00002', 'another client')
            with Tn(net, source='127.0.0.21') as c:
                c.will_e()
                c.put_sb(E, bytes((DEVICE_TYPE, REQUEST)) + b'IBM-3278-2-E')
                lives(old)
                check(c.device_is('IBM-3278-2-E') == 'TCP00003', 'the old one lives')
                with Tn(net, source='127.0.0.21') as d:
                    d.will_e()
                    d.put_sb(E, bytes((DEVICE_TYPE, REQUEST)) + b'IBM-3278-2-E')
                    lives(c)            # and old says nothing
                    check(d.device_is('IBM-3278-2-E') == 'TCP00001', 'it has the dead one\'s')
                    old.expect_close()
                    c.ping()
            other.ping()
            other.close()


def t_takeover_of_a_session():
    """L-09: TKOSPECLURECON and TKOGENLURECON: the session lives on with the new client, which
    gets BIND and, for the host is told, its screen; on the same worker or another."""
    for workers in (0, 2):
        for how, named in (('TKOSPECLURECON 1', 'TCP00004'), ('TKOGENLURECON 1', None)):
            with Net(workers=workers, edit=profile(POOL + 'USSTCP USSDEMO\n', how)) as net:
                net.up()
                old = Tn(net, source='127.0.0.21')
                old.negotiate_e('IBM-3278-2', connect=named)
                old.see('LOGON APPLID')
                old.text('LOGON APPLID(TSODEMO)')
                old.see('TSODEMO')
                old.record(DATA)                # Query; this is a Query Reply
                old.put_record('88 00 06 81 80 80 81')
                old.see('User ID')
                sess = net.gw.console('D NET,ID=' + old.lu)
                check('TSODEMO' in sess, sess)
                for _ in range(3):      # again and again
                    c = Tn(net, source='127.0.0.21')
                    lu = c.negotiate_e('IBM-3278-2', connect=named)[0]
                    check(lu == old.lu, f'{lu} is not {old.lu}')
                    r = c.see('TSODEMO')
                    check(r.type == BIND, f'no BIND: {r}')
                    c.see('User ID')            # the application paints again
                    old.expect_close()
                    old.close()
                    old = c
                check('TSODEMO' in net.gw.console('D NET,ID=' + lu))
                conns = net.gw.console('D TCPIP,,TELNET,CONN')
                check(conns.count('TSODEMO') == 1, conns)
                old.close()
                until('the session ends with its client', lambda lu=lu: 'TSODEMO' not in
                      net.gw.console('D NET,ID=' + lu, rc=None)[0])


def t_takeover_after_a_reset():
    """KEEPONTMRESET: the old client's machine answers the question with RST: the session is kept;
    without the word it ends, and the new client has the LU and begins anew."""
    for word in ('KEEPONTMRESET', ''):
        with Net(edit=profile(POOL + 'USSTCP USSDEMO\n', 'TKOSPECLURECON 5 ' + word)) as net:
            net.up()
            old = Tn(net, source='127.0.0.21')
            old.negotiate_e(connect='TCP00004')
            old.see('LOGON APPLID')
            old.text('LOGON APPLID(ECHO)')
            old.see('Type anything')
            with Tn(net, source='127.0.0.22') as c:
                c.will_e()
                c.put_sb(E, bytes((DEVICE_TYPE, REQUEST)) + b'IBM-3278-2-E' + bytes((CONNECT,))
                         + b'TCP00004')
                old.opt(DO, TM)
                old.reset()
                check(c.device_is('IBM-3278-2-E') == 'TCP00004')
                c.functions((BIND_IMAGE, RESPONSES, SYSREQ))
                c.see('ECHO' if word else 'LOGON APPLID')
                c.ping()
                check(('ECHO' in net.gw.console('D TCPIP,,TELNET,CONN')) == bool(word))


def t_check_of_old_connections():
    """CHECKCLIENTCONN: a client that comes again waits for nothing; its dead connections go."""
    with Net(edit=profile(POOL, 'CHECKCLIENTCONN 1')) as net:
        net.gw.start()
        old = Tn(net, source='127.0.0.21')
        old.negotiate_e()
        check(lu_of(net, '127.0.0.21') == 'TCP00002')
        old.expect_close()
        until('the operator is told', lambda: re.search(
            r'TCP00001 CONN DROP +TIMEMARK', net.gw.tail()))


APPLS = """
DEFAULTLUS TCP00001..TCP00009 ENDDEFAULTLUS
DEFAULTLUSSPEC TCP00001..TCP00009 ENDDEFAULTLUSSPEC
ALLOWAPPL EC*
ALLOWAPPL TSO* LU TCP00002 TCP00005..TCP00007
RESTRICTAPPL DRIVER CERTAUTH USER USER%1 USER ADM* LU TCP00003
RESTRICTAPPL SECRET USER USER01
"""


def tries(net, appl, want=None, lu=None, tls=None):
    """What a client is told that logs on to an application; None: it is bound to it."""
    with Tn(net, tls=tls) as c:
        c.negotiate_e('IBM-3278-2', connect=lu)
        c.see('LOGON APPLID')
        c.text(f'LOGON APPLID({appl})')
        r = c.see(want or appl)
        check(want or r.type == BIND, f'{appl}: {r}')


def t_allowed_applications():
    """Z-03: ALLOWAPPL with wildcards and lists of LUs; RESTRICTAPPL by the user of the
    certificate; every refusal says why."""
    with Net(edit=profile(APPLS)) as net:
        pem = [certificate(net, u) for u in ('USER01', 'ADM1')]
        ca = os.path.join(net.dir, 'ca.pem')
        with open(ca, 'wb') as f:
            for p, _ in pem:
                with open(p, 'rb') as h:
                    f.write(h.read())
        prof = os.path.join(net.dir, 'gw', 'telnet.profile')
        with open(prof, encoding='latin-1') as f:
            text = (f.read().replace('USER%1', 'USER01')
                    .replace('CONNTYPE SECURE',
                             f'CONNTYPE SECURE CLIENTAUTH SSLCERT CLIENTCA {ca}'))
        with open(prof, 'w', encoding='latin-1') as f:
            f.write(text)
        net.up()
        tries(net, 'ECHO')
        tries(net, 'NOSUCH', 'No ALLOWAPPL of this port')
        tries(net, 'TSODEMO', 'may not be chosen from LU', lu='TCP00001')
        tries(net, 'TSODEMO', lu='TCP00006')
        tries(net, 'SECRET', 'needs a password')
        tries(net, 'DRIVER', 'known by their certificate')
        user = tls_context(*pem[0])
        tries(net, 'DRIVER', tls=user)
        adm = tls_context(*pem[1])
        tries(net, 'DRIVER', 'may not be chosen from LU', lu='TCP00004', tls=adm)
        tries(net, 'DRIVER', lu='TCP00003', tls=adm)


def t_lu_by_application():
    """Z-01: complete lookup: a TN3270 client, or with SIMCLIENTLU a TN3270E client, that asked
    for no LU by name gets one from which its application may be chosen."""
    vtam = """
DEFAULTLUS TCP00001..TCP00009 ENDDEFAULTLUS DEFAULTLUSSPEC TCP00001..TCP00009 ENDDEFAULTLUSSPEC
USSTCP USSDEMO ALLOWAPPL ECHO LU TCP00500 TCP00006..TCP00007
"""
    with Net(edit=profile(vtam, 'SIMCLIENTLU')) as net:
        net.up()
        held = []
        for lu in ('TCP00006', 'TCP00007'):
            c = Tn(net)
            held.append(c)
            if lu == 'TCP00006':
                c.negotiate_3270('IBM-3278-2')
            else:
                check(c.negotiate_e('IBM-3278-2')[0] == 'TCP00002', c.lu)
            c.see('LOGON APPLID')
            c.text('LOGON APPLID(ECHO)')
            c.see('Type anything')
            check(lu in net.gw.console('D TCPIP,,TELNET,CONN,APPL=ECHO'), lu)
        with Tn(net) as c:                      # TCP00500 is not in its pool
            c.negotiate_e()
            c.see('LOGON APPLID')
            c.text('LOGON APPLID(ECHO)')
            c.expect_close()
        until('the operator hears why', lambda: 'no LU is free from which ECHO' in net.gw.tail())
        with Tn(net) as c:                      # named: it keeps what it asked for
            c.negotiate_e(connect='TCP00009')
            c.see('LOGON APPLID')
            c.text('LOGON APPLID(ECHO)')
            c.see('may not be chosen from LU')
        for c in held:
            c.close()


def t_logon_failures_and_logoffs():
    """Z-07: MSG07 and LUSESSIONPEND: neither, one, the other, both; an LU's own application
    that is not there is told whatever is coded."""
    for msg07, pend in ((0, 0), (1, 0), (0, 1), (1, 1)):
        words = ('MSG07 ' if msg07 else 'NOMSG07 ') + ('' if pend else 'NO') + 'LUSESSIONPEND'
        vtam = POOL + 'USSTCP USSDEMO LUMAP TCP00100 127.0.0.50 DEFAPPL NOSUCH\n'

        def edit(side, name, text, words=words, vtam=vtam):
            if name == 'telnet.profile':
                text = text.replace('  MSG07 ', '  ;').replace('  LUSESSIONPEND ', '  ;')
            return profile(vtam, words)(side, name, text)
        with Net(edit=edit) as net:
            net.up()
            for appl in ('NOSUCH', 'HOST1'):            # not there; refuses a terminal
                with Tn(net) as c:
                    c.negotiate_e()
                    c.see('LOGON APPLID')
                    c.text(f'LOGON APPLID({appl})')
                    if msg07:
                        c.see(appl)
                        c.ping()
                    else:
                        c.expect_close()
            with Tn(net, source='127.0.0.50') as c:
                c.negotiate_e()
                c.see('NOSUCH')
                c.ping()
            with Tn(net) as c:
                c.negotiate_e()
                c.see('LOGON APPLID')
                c.text('LOGON APPLID(ECHO)')
                c.see('Type anything')
                c.cmd(AO)                               # SYSREQ, LOGOFF
                c.put_record(ebcdic('LOGOFF'), kind=SSCP)
                if pend:
                    c.see('LOGON APPLID')
                    c.text('LOGON APPLID(ECHO)')
                    c.see('Type anything')
                else:
                    c.expect_close()
            with Tn(net, source='127.0.0.50') as c:     # a negotiation that fails
                c.opt(DO, E)
                c.say(WONT, E)
                c.opt(DO, 24)
                c.reset()


def t_profile_replaced():
    """Z-04: old clients stay on their profile, ports that are not named stay as they are, and
    what the new one leaves out is gone."""
    with Net(edit=profile(POOL + 'USSTCP USSDEMO DEFAULTAPPL ECHO\n')) as net:
        net.up()
        prof = os.path.join(net.dir, 'gw', 'telnet.profile')
        with open(prof, encoding='latin-1') as f:
            text = f.read()
        with Tn(net) as a:
            a.negotiate_e()
            a.see('Type anything')
            only = text[text.index('TELNETPARMS\n'):text.index('ENDTELNETPARMS') + 15]
            with open(prof, 'w', encoding='latin-1') as f:
                f.write(only + 'BEGINVTAM' + f' PORT {net.port}\nDEFAULTLUS TCP00501..TCP00509 '
                        'ENDDEFAULTLUS ALLOWAPPL * ENDVTAM\n')
            out = net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
            check('COMPLETE' in out, out)
            with Tn(net) as b:
                check(b.negotiate_e()[0] == 'TCP00501', 'the new profile')
                b.see('SNAGATE')                # no default application, no USS table
            with Tn(net, tls=True) as c:        # the port that was not named
                check(c.negotiate_e()[0] == 'TCP00002', 'the old profile')
                c.see('Type anything')
            a.enter('still here', field='11 5b 60')
            a.ping()

        def names():
            return re.search(r'LU NAMES +(\d+)', net.gw.console('D TCPIP,,TELNET,STOR')).group(1)
        for i in range(3):
            with open(prof, 'w', encoding='latin-1') as f:
                f.write(text.replace('TCP00001..TCP00009', f'TCP01{i}01..TCP01{i}07'))
            net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
        # 7 of this one, and of its two forerunners nothing: L-10
        until('the LUs of old profiles are forgotten', lambda: names() == '7')
        check(lu_of(net) == 'TCP01201')


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Printers with a real pr3287: generic, by name, as partner of a terminal; and
the ways a request for one is refused."""
import os
import re
import signal
import socket
import subprocess

from box import Net, S3270, check, run, until
from pages import paper
from tnclient import BIND, BIND_IMAGE, DSC, EOJ, RESPONSES, SCS, SCS_CTL, Rejected, Tn

PARTNERS = '''
  LUGROUP TERMS TCP00101..TCP00103 ENDLUGROUP
  PRTGROUP PRINTS PRT00101..PRT00103 ENDPRTGROUP
  LUMAP TERMS ALLV4 GENERIC PRINTS
  IPGROUP ALLV4 0.0.0.0:0.0.0.0 ENDIPGROUP
'''


def with_printer(extra='', appl='ECHO'):
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = text.replace('ENDVTAM', f'  PRTDEFAULTAPPL {appl}\n{extra}ENDVTAM')
        return text
    return edit


class Printer:
    """A pr3287 that appends what it prints to a file."""

    def __init__(self, net, *args, lu='', fails=0):
        """fails: the command fails so many times before it works."""
        self.out = os.path.join(net.dir, 'printed' + str(len(os.listdir(net.dir))))
        command = f'cat >> {self.out}'
        open(self.out, 'wb').close()
        for i in range(fails):
            flag = f'{self.out}.fail{i}'
            open(flag, 'wb').close()
            command = f'if test -e {flag}; then rm {flag}; cat >/dev/null; exit 7; fi; {command}'
        where = f'{lu}{"@" if lu else ""}{net.gw_ip}:{net.port}'
        self.p = subprocess.Popen(
            ['pr3287', '-eojtimeout', '1', '-command', command, *args, where],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.p.poll() is None:
            self.p.kill()
        self.p.wait()
        self.p.stdout.close()

    def text(self):
        try:
            with open(self.out, encoding='latin-1') as f:
                return f.read()
        except FileNotFoundError:
            return ''

    def ends(self):
        self.p.wait(60)
        return self.p.stdout.read().decode()


def negotiate_printer(c, **request):
    c.negotiate_e('IBM-3287-1', functions=(BIND_IMAGE, DSC, RESPONSES, SCS_CTL), **request)
    return c.lu


def refused(net, **request):
    """The reason a printer is refused for."""
    with Tn(net) as c:
        try:
            negotiate_printer(c, **request)
        except Rejected as e:
            return e.name
    return 'accepted'


def conn(net):
    return net.gw.console('D TCPIP,,TELNET,CONN')


def t_generic_prints():
    """P-01: a generic printer gets an LU of the printers' pool."""
    with Net(edit=with_printer()) as net:
        net.up()
        with Printer(net) as p:
            until('the application greets on paper', lambda: 'NETA.PRT00001' in p.text().upper())
            check('PAE' in conn(net), conn(net))
        until('the LU is free again', lambda: 'PRT00001' not in conn(net))


def t_by_name_and_refused():
    """P-02, N-16: by name; and what is refused, with which reason."""
    with Net(edit=with_printer()) as net:
        net.up()
        with Printer(net, lu='PRT00007') as p:
            until('it prints', lambda: 'PRT00007' in p.text())
            with Printer(net, lu='PRT00007') as q:
                check('DEVICE-IN-USE' in q.ends())
        with Printer(net, lu='NOSUCH') as q:
            check('INV-NAME' in q.ends())
        with Printer(net, lu='TCP00001') as q:
            check('TYPE-NAME-ERROR' in q.ends())
        with Printer(net, '-assoc', 'TCP00001') as q:
            check('INV-ASSOCIATE' in q.ends())


def t_partner_of_a_terminal():
    """P-03, N-13, N-14: ASSOCIATE finds the partner of a terminal that is there."""
    with Net(edit=with_printer(PARTNERS)) as net:
        net.up()
        with Printer(net, '-assoc', 'TCP00101') as q:          # the terminal is not there yet
            check('INV-ASSOCIATE' in q.ends())
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.see('TCP00101')
            with Printer(net, '-assoc', 'TCP00101') as p:
                until('the partner prints', lambda: 'PRT00101' in p.text())
                with Printer(net, lu='PRT00101') as q:
                    check('CONN-PARTNER' in q.ends())


def t_partner_goes_with_its_terminal():
    """P-04: DROPASSOCPRINTER."""
    with Net(edit=with_printer(PARTNERS + 'PARMSGROUP P DROPASSOCPRINTER ENDPARMSGROUP '
                                          'PARMSMAP P\n')) as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.see('TCP00101')
            with Printer(net, '-assoc', 'TCP00101') as p:
                until('the partner prints', lambda: 'PRT00101' in p.text())
                s.close()
                until('the printer has gone', lambda: 'PRT00101' not in conn(net))


def t_many_partners_go():
    """P-04: a crowd of terminals leaves at once: each one's printer is dropped, however full
    the rings between the threads are."""
    n = 300
    many = PARTNERS.replace('TCP00101..TCP00103', f'TCP00101..TCP00{100 + n}').replace(
        'PRT00101..PRT00103', f'PRT00101..PRT00{100 + n}')
    with Net(edit=with_printer(many + 'PARMSGROUP P DROPASSOCPRINTER DEBUG CONN DETAIL '
                               'ENDPARMSGROUP PARMSMAP P\n'), workers=2) as net:
        net.up()
        terms = [Tn(net) for _ in range(n)]
        prints = [Tn(net) for _ in range(n)]
        for t, p in zip(terms, prints):
            lu, _ = t.negotiate_e()
            negotiate_printer(p, associate=lu)
        net.gw.proc.send_signal(signal.SIGSTOP)         # all in one turn
        for t in terms:
            t.reset()
        net.gw.proc.send_signal(signal.SIGCONT)
        for p in prints:
            p.rest()
        until('nobody is left', lambda: '0 OF 0' in conn(net))
        text = net.gw.console('D TCPIP,,TELNET,PROF,DETAIL')
        check(re.search(rf'CONN DROP ASSOCPRT +9123 +{n} ', text), text)


def t_partner_stays_without_its_terminal():
    """P-04: NODROPASSOCPRINTER: the printer stays and works; the next terminal that gets the LU
    has it, and nobody else may associate with it meanwhile."""
    with Net(edit=with_printer(PARTNERS.replace('TCP00101..TCP00103', 'TCP00101')
                               .replace('PRT00101..PRT00103', 'PRT00101'))) as net:
        net.up()
        with Tn(net) as t, Tn(net) as p:
            check(t.negotiate_e()[0] == 'TCP00101')
            check(negotiate_printer(p, associate='TCP00101') == 'PRT00101')
            p.see('ECHO NETA.ECHO')
            t.close()
            until('the terminal has gone', lambda: 'TCP00101' not in conn(net))
            p.ping()
            check('PRT00101' in conn(net), conn(net))
            check(refused(net, associate='TCP00101') == 'INV-ASSOCIATE')
            with Tn(net) as u:
                check(u.negotiate_e()[0] == 'TCP00101')
                check(refused(net, associate='TCP00101') == 'DEVICE-IN-USE')
                p.ping()


def t_partner_across_profiles():
    """N-13, P-03: a terminal that came under the profile before this one has its partner, too;
    one that has gone has none."""
    with Net(edit=with_printer(PARTNERS)) as net:
        net.up()
        with Tn(net) as t:
            check(t.negotiate_e()[0] == 'TCP00101')
            with open(os.path.join(net.dir, 'gw/telnet.profile'), 'a', encoding='latin-1') as f:
                f.write('; read again\n')
            out = net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
            check('COMPLETE' in out, out)
            check('0001' in net.gw.console('D TCPIP,,TELNET,PROFILE,PROFILE=ALL'))
            with Tn(net) as p:
                check(negotiate_printer(p, associate='TCP00101') == 'PRT00101')
                p.see('ECHO NETA.ECHO')
        until('both have gone', lambda: '00101' not in conn(net))
        check(refused(net, associate='TCP00101') == 'INV-ASSOCIATE')


def t_idle_printer():
    """Z-10: PRTINACTIVE ends a printer's idle session, and no terminal's; INACT-P tells."""
    with Net(edit=with_printer('PARMSGROUP P PRTINACTIVE 2 ENDPARMSGROUP PARMSMAP P\n')) as net:
        net.up()
        with Tn(net) as t, Tn(net) as p:
            t.negotiate_e()
            t.see('LOGON APPLID')
            t.text('LOGON APPLID(ECHO)')
            t.see('what you type')
            negotiate_printer(p)
            p.see('ECHO NETA.ECHO')
            p.expect_close()
            t.ping()
        check('INACT-P' in net.gw.tail(200), net.gw.tail())


def t_logs_on_to_prtdemo():
    """PRTDEFAULTAPPL PRTDEMO: a page set for each printer that comes; it stays in session, and
    a user prints in that session; another application can't have it."""
    with Net(edit=with_printer(appl='PRTDEMO')) as net:
        net.up()
        with Tn(net) as p, Tn(net) as d:
            lu = negotiate_printer(p)
            for asks in (1, 2):
                r = p.record(SCS)
                check(r.rsp == asks and f'PAGE    {asks} OF    2' in r.text(), repr(r))
            p.respond(r)
            p.respond(p.record(EOJ))
            until('the job is done', lambda: '2 pages' in net.host.tail())
            d.negotiate_e()
            d.see('LOGON APPLID')
            d.text('LOGON APPLID(PRTDEMO)')
            d.see('PRTDEMO -')
            d.enter(lu + ' 1 SCS 1')
            d.see('in the session it has')
            p.respond(p.record(SCS))
            p.respond(p.record(EOJ))
            d.see('printed, 1 page')
            net.host.console('S PRTDEMO,APPL=ECHO2')
            with Tn(net) as o:
                o.negotiate_e()
                o.see('LOGON APPLID')
                o.text('LOGON APPLID(ECHO2)')
                o.see('PRTDEMO -')
                o.enter(lu + ' 1 SCS 1')
                o.see('no session, sense 0805')


def t_restricted_application():
    """Z-03: RESTRICTAPPL keeps printers, which can't say who they are, from their default
    application, and says so; ALLOWPRINTER lets them in."""
    with Net(edit=with_printer('  RESTRICTAPPL ECHO CERTAUTH USER USER01\n')) as net:
        net.up()
        with Tn(net) as c:
            negotiate_printer(c)
            c.expect_close()
        until('the operator hears why', lambda: 'ECHO is not for printers (RESTRICTAPPL '
              'without ALLOWPRINTER)' in net.gw.tail())
    with Net(edit=with_printer('  RESTRICTAPPL ECHO ALLOWPRINTER USER USER01\n')) as net:
        net.up()
        with Tn(net) as c:
            negotiate_printer(c)
            c.record(BIND)
        with Tn(net) as c:                      # and no terminal
            c.negotiate_e()
            c.see('LOGON APPLID')
            c.text('LOGON APPLID(ECHO)')
            c.see('needs a password')


def t_p07_pr3287_plain():
    """P-07: pr3287 without TN3270E, which knows LU type 3 only then: status records and AO,
    every byte on paper."""
    def edit(side, name, text):
        text = with_printer(appl='PRTDEMO')(side, name, text)
        if side == 'gw' and name == 'telnet.profile':
            text = text.replace('  MSG07 ', '  NOTN3270E\n  MSG07 ')
        return text
    with Net(edit=edit) as net:
        net.up()
        with Printer(net, lu='PRT00003') as p:
            want = paper(1, 'NETA.PRT00003', 2, '\f')
            until('the pages are on paper', lambda: len(p.text()) >= len(want))
            check(p.text() == want, p.text())
            until('the host knows', lambda: 'printed, 2 pages' in net.host.tail())
            check('PRT00003' in conn(net))


def t_functions_without_a_data_stream():
    """N-28: a printer that agrees on neither SCS nor 3270 data: down to plain TN3270, which
    the console is told."""
    with Net(edit=with_printer()) as net:
        net.up()
        s = socket.create_connection((net.gw_ip, net.port), timeout=20)
        got = b''

        def upto(what):
            nonlocal got
            while what not in got:
                b = s.recv(1000)
                check(b, f'closed before {what.hex()}: {got.hex()}')
                got += b
        upto(b'\xff\xfd\x28')
        s.sendall(b'\xff\xfb\x28')
        upto(b'\xff\xfa\x28\x08\x02\xff\xf0')
        s.sendall(b'\xff\xfa\x28\x02\x07IBM-3287-1\xff\xf0')
        upto(b'\x01PRT')
        s.sendall(b'\xff\xfa\x28\x03\x07\x00\x02\xff\xf0')
        upto(b'\xff\xfe\x28')
        upto(b'\xff\xfd\x18')
        until('it is told', lambda: re.search(
            r'LU PRT\d+ NEGOTIATED +NO TN3270E\n.*neither SCS-CTL-CODES nor', net.gw.tail()))
        check(re.search('telnet_tn3270e_left +1 ', net.gw.console('D TCPIP,,TELNET,PROF,DET')))
        s.close()


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

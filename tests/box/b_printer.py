#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Printers with a real pr3287: generic, by name, as partner of a terminal; and
the ways a request for one is refused."""
import os
import socket
import subprocess

from box import Net, S3270, check, run, until

PARTNERS = '''
  LUGROUP TERMS TCP00101..TCP00103 ENDLUGROUP
  PRTGROUP PRINTS PRT00101..PRT00103 ENDPRTGROUP
  LUMAP TERMS ALLV4 GENERIC PRINTS
  IPGROUP ALLV4 0.0.0.0:0.0.0.0 ENDIPGROUP
'''


def with_printer(extra=''):
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = text.replace('ENDVTAM', f'  PRTDEFAULTAPPL ECHO\n{extra}ENDVTAM')
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


def t_functions_without_a_data_stream():
    """N-28: a printer that agrees on neither SCS nor 3270 data: down to plain TN3270."""
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
        s.close()


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

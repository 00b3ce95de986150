#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The host goes away with sessions up and comes back: nobody is lost."""
import re
import signal
import socket

from box import Net, S3270, check, run, until


def quick_timers(_side, name, text):
    """The shortest timers the operands allow, so that a dead host shows early."""
    if name == 'ATCSTR00':
        text += 'HPRPST=(8S,7S,6S,5S)\n'
    text = re.sub(r'LIVTIME=\((\d+),(\d+)\)', 'LIVTIME=(05,0)', text)
    text = re.sub(r'SRQTIME=15', 'SRQTIME=03', text)
    return re.sub(r'REDDELAY=\d\d', 'REDDELAY=02', text)


def t_host_killed_and_back():
    with Net(edit=quick_timers) as net:
        net.up()
        clients = [S3270('-model', '3278-2-E') for _ in range(50)]
        try:
            for c in clients:
                c.connect(net)
            for c in clients:
                c.logon()
            for c in clients:
                c.see('ECHO')
            net.host.stop(signal.SIGKILL)
            until('the sessions ended', lambda: 'TCP000' not in net.gw.console('D NET,SESSIONS,LIST=ALL'),
                  180)
            for c in clients:
                c.see('LOGON APPLID')   # told, and kept
            net.host.start()
            net.linked()
            for n, c in enumerate(clients):
                c.type('LOGON APPLID(ECHO)')
                c.see('ECHO')
                c.type(f'back {n}')
                c.see(f'BACK {n}')
        finally:
            for c in clients:
                c.close()


def t_orderly_halt_says_so():
    """Each CP-CP session's end is told once, and nothing is called a failure."""
    with Net() as net:
        net.up()
        net.host.stop()
        until('both ends told', lambda: net.gw.tail(200).count('IST1097I') == 2)
        until('the link is down', lambda: 'IST1196I' in net.gw.tail(200))
        check('IST1110I' not in net.gw.tail(200), net.gw.tail(200))


def t_application_stopped_and_back():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            net.host.console('P ECHO')
            s.see('LOGON APPLID')
            net.host.console('S ECHO,APPL=ECHO')
            s.type('LOGON APPLID(ECHO)')
            s.see('ECHO')
            s.type('still here')
            s.see('STILL HERE')


def t_host_halted():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            net.host.stop(signal.SIGTERM)
            s.see('LOGON APPLID')


def t_link_deactivated_by_operator():
    with Net(edit=quick_timers) as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            net.gw.console('V NET,INACT,ID=PUHOST1,TYPE=FORCE')
            s.see('LOGON APPLID')
            net.gw.console('V NET,ACT,ID=PUHOST1')
            net.linked()
            s.type('LOGON APPLID(ECHO)')
            s.see('ECHO')


def ports_free(net):
    for port in range(12000, 12005):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            try:
                s.bind((net.gw_ip, port))
            except OSError:
                return False
    return True


def t_xca_gives_its_ports_back():
    with Net(edit=quick_timers) as net:
        net.up()
        check(not ports_free(net))
        net.gw.console('V NET,INACT,ID=EEGW1')
        until('the ports are free', lambda: ports_free(net))
        net.gw.console('V NET,ACT,ID=EEGW1')
        until('the ports are taken', lambda: not ports_free(net))
        net.gw.console('V NET,ACT,ID=PUHOST1')
        net.linked()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')


def by_name(side, name, text):
    """The gateway's PATH has a name instead of an address, and it is looked up before every dial."""
    if side == 'gw' and name == 'SWHOST1':
        text = re.sub(r'IPADDR=(127\.\S+)', r'HOSTNAME=\1', text)
    return quick_timers(side, name, text)


def t_partner_by_host_name():
    with Net(edit=by_name) as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            net.gw.console('V NET,INACT,ID=PUHOST1')
            s.see('LOGON APPLID')
            net.gw.console('V NET,ACT,ID=PUHOST1')
            net.linked()


def no_such_name(side, name, text):
    if side == 'gw' and name == 'SWHOST1':
        text = re.sub(r'IPADDR=127\.\S+', 'HOSTNAME=no.such.host.invalid', text)
    return quick_timers(side, name, text)


def t_host_name_without_address():
    """Told, tried again, and nothing waits for it."""
    with Net(edit=no_such_name) as net:
        net.host.start()
        net.gw.start()
        until('told', lambda: 'remote hostname no.such.host.invalid' in net.gw.tail(100).lower())
        check('IST097I' in net.gw.console('D NET,EE'))


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

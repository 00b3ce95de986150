#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""L-04: a client whose machine vanished, without FIN or RST: its LU is free in seconds, by TCP
keepalive, by TCP user timeout, by timing marks, each alone. The test moves into a network
namespace of its own, where an address that is taken away swallows what is sent to it."""
import os
import re
import subprocess
import sys

from box import Net, check, run, until
from driver import Driver
from tnclient import Tn

GW, CLIENT = '10.9.9.1', '10.9.9.2'


def ip(*args):
    subprocess.run(['ip', *args], check=True)


def into_namespace():
    """Runs this file again in it. Returns only where there are none."""
    args = ['-n'] if os.geteuid() == 0 else ['-rn']
    if subprocess.run(['unshare', *args, 'true'], check=False).returncode == 0:
        os.environ['NAMESPACE'] = '1'
        os.execvp('unshare', ['unshare', *args, sys.executable, *sys.argv])


def network():
    """A cable whose other end listens to nobody; who is not here is behind it."""
    ip('link', 'set', 'lo', 'up')
    ip('link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'end')
    ip('link', 'set', 'end', 'up')
    ip('link', 'set', 'cable', 'up')
    ip('addr', 'add', GW + '/24', 'dev', 'cable')
    ip('neigh', 'add', CLIENT, 'lladdr', '02:00:00:00:00:01', 'dev', 'cable', 'nud', 'permanent')
    come()


def come():
    ip('addr', 'add', CLIENT + '/32', 'dev', 'lo')


def vanish():
    ip('addr', 'del', CLIENT + '/32', 'dev', 'lo')


def operands(text):
    def edit(side, name, profile):
        if (side, name) == ('gw', 'telnet.profile'):
            profile = re.sub(r'(\n  (?:SECURE)?PORT \d+,)[\d.]+', rf'\g<1>{GW}\n  {text}', profile)
        return profile
    return edit


def freed(net, lu, reason, words):
    """LU and session are gone, and the operator reads why."""
    until('the LU is free', lambda: '0 OF 0' in net.gw.console(
        f'D TCPIP,,TELNET,CONN,LUNAME={lu}', rc=None)[0])
    until('the host lost the session', lambda: lu not in net.host.console(
        'D NET,SESSIONS,LIST=ALL', rc=None)[0])
    until('the operator is told', lambda: f'LU {lu} CONN DROP    {reason}' in net.gw.tail()
          and words in net.gw.tail())


def client(net, cls=Tn, tls=None):
    c = cls((GW, net.tls_port if tls else net.port), source=CLIENT, tls=tls)
    if cls is Tn:
        c.negotiate_e()
        c.see('LOGON APPLID')
        c.text('LOGON APPLID(ECHO)')
        c.see('Type anything')
    until('all is acknowledged', lambda: int(subprocess.run(
        ['ss', '-Htn', 'src', GW], stdout=subprocess.PIPE, check=True).stdout.split()[2]) == 0)
    return c


def lost(c, text, reason, words):
    with Net(edit=operands(text)) as net:
        net.up()
        d = c(net)
        vanish()
        try:
            freed(net, d.lu, reason, words)
        finally:
            come()


def t_l04_keepalive():
    """Nothing is under way: TCP's probes find out."""
    for tls in (None, True):
        lost(lambda net, tls=tls: client(net, tls=tls), 'TCPKEEPALIVE 2,1,2 TCPUSERTIMEOUT 0',
             'CLNTGONE', 'answers no more')


def t_l04_user_timeout():
    """The host's screen is on its way, and nobody takes it."""
    for tls in (None, True):
        def waits(net, tls=tls):
            d = client(net, Driver, tls)
            d.do('WAIT 1;SEND')
            return d
        lost(waits, 'TCPKEEPALIVE 3600,60,9 TCPUSERTIMEOUT 2', 'CLNTGONE', 'answers no more')


def t_l04_timing_mark():
    """Telnet's own question, where TCP asks nothing."""
    lost(client, 'TCPKEEPALIVE 3600,60,9 TCPUSERTIMEOUT 0 TIMEMARK 2 SCANINTERVAL 1', 'TIMEMARK',
         'TIMING-MARK')


def t_l04_as_it_comes():
    """The demonstration's profile as it is, with the documented defaults."""
    text = operands('')
    with Net(edit=text) as net:
        net.up()
        out = net.gw.console('D TCPIP,,TELNET,PROF,DET')
        check('TCPKEEPALIVE     30,10,3' in out and 'TCPUSERTIMEOUT   60' in out, out)


if __name__ == '__main__':
    if 'NAMESPACE' in os.environ:
        network()
        run([v for k, v in sorted(globals().items()) if k.startswith('t_')])
    into_namespace()
    print('no network namespaces here: nobody can vanish')
    run([t_l04_as_it_comes])

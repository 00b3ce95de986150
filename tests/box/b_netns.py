#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Host, gateway and client on machines of their own: network namespaces, with
cables (veth) between them, a router, and a link of 1400 bytes on the way.

       client ---- gateway ---- router --1400-- host        10.91.n.0, fd91:n::
                      |                          |
                      +-------- second path -----+          10.92.0.0, fd92::

Needs root, "ip netns" and veth. Where the machine has them not, one logon runs
over loopback addresses instead; b_wire_ee.py and b_far.py do the rest there.
Namespaces are named after the process; those of a test that was killed go when
the next one starts.
"""
import atexit
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from b_wire import fields
from b_wire_ee import PU, SW, cards, none_malformed
from box import Net, S3270, check, run, until

TAG = f'sngate{os.getpid()}'
G, R, H, C = (f'{TAG}{x}' for x in 'grhc')
GW, HOST = '10.91.1.1', '10.91.2.2'
GW2, HOST2 = '10.92.0.1', '10.92.0.2'
GW6, HOST6 = 'fd91:1::1', 'fd91:2::2'


def sh(*args, ok=True):
    p = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                       stdin=subprocess.DEVNULL)
    if ok and p.returncode != 0:
        raise OSError(f'{" ".join(args)}: {p.stdout.decode()}')
    return p.stdout.decode()


def ip(ns, text):
    sh('ip', '-n', ns, *text.split())


class Lab:
    """The namespaces and their cables. Gone with the test; a SIGKILL leaves them to the next."""

    def __enter__(self):
        atexit.register(self.remove)
        for ns in (G, R, H, C):
            sh('ip', 'netns', 'add', ns)
            ip(ns, 'link set lo up')
            for k in ('ipv6.conf.default.accept_dad=0', 'ipv6.conf.all.keep_addr_on_down=1',
                      'ipv6.conf.default.keep_addr_on_down=1'):
                sh('ip', 'netns', 'exec', ns, 'sysctl', '-qw', 'net.' + k, ok=False)
        self.cable(C, 'tog', '10.91.3.2', 'fd91:3::2', G, 'toc', '10.91.3.1', 'fd91:3::1')
        self.cable(G, 'tor', GW, GW6, R, 'tog', '10.91.1.254', 'fd91:1::fe')
        self.cable(R, 'toh', '10.91.2.254', 'fd91:2::fe', H, 'tor', HOST, HOST6)
        self.cable(G, 'toh', GW2, 'fd92::1', H, 'tog', HOST2, 'fd92::2')
        ip(R, 'link set toh mtu 1400')
        ip(H, 'link set tor mtu 1400')
        for k in ('ipv4.ip_forward=1', 'ipv6.conf.all.forwarding=1'):
            sh('ip', 'netns', 'exec', R, 'sysctl', '-qw', 'net.' + k)
        ip(C, 'route add 10.91.0.0/16 via 10.91.3.1')
        ip(G, 'route add 10.91.2.0/24 via 10.91.1.254')
        ip(H, 'route add 10.91.1.0/24 via 10.91.2.254')
        ip(G, '-6 route add fd91:2::/64 via fd91:1::fe')
        ip(H, '-6 route add fd91:1::/64 via fd91:2::fe')
        return self

    def cable(self, *ends):
        a, b = ends[:4], ends[4:]
        sh('ip', '-n', a[0], 'link', 'add', 'name', a[1], 'type', 'veth', 'peer', 'name', b[1],
           'netns', b[0])
        for ns, dev, v4, v6 in (a, b):
            ip(ns, f'addr add {v4}/24 dev {dev}')
            ip(ns, f'-6 addr add {v6}/64 dev {dev} nodad')
            ip(ns, f'link set {dev} gso_max_segs 1')    # captures see what a wire would
            ip(ns, f'link set {dev} up')

    def remove(self):
        atexit.unregister(self.remove)
        for ns in (G, R, H, C):
            sh('ip', 'netns', 'del', ns, ok=False)

    def __exit__(self, *exc):
        self.remove()
        return False


class LabNet(Net):
    """The demonstration's nodes in their namespaces. pairs: local addresses and links."""

    def __init__(self, pairs=((GW, HOST),), options=''):
        self.pairs, self.options = pairs, options
        super().__init__(trace=True, edit=self.write, ips=(GW, HOST))
        self.gw.prefix, self.host.prefix = (['ip', 'netns', 'exec', n] for n in (G, H))

    def write(self, side, name, text):
        mine = [p[side == 'host'] for p in self.pairs]
        if name == 'ATCSTR00':
            text = text.replace(f'IPADDR={GW if side == "gw" else HOST}', f'IPADDR={mine[0]}')
            return text + self.options
        if name in ('EEGW1', 'EEHOST1'):
            text = text.replace('LIVTIME=(10,0)', 'LIVTIME=(2,0)')
            head, group = text[:text.index('* The lines')], text[text.index('GRP'):]
            group = group[:group.rindex('IPADDR=')]
            for k, a in enumerate(mine):
                g = group if k == 0 else group.replace(f'GRP{name[2:]}', f'GRX{name[2:]}').replace(
                    'LN,PN', 'LX,PX')
                head += g + f'IPADDR={a}\n'
            return cards(head.replace('SRQTIME=15,SRQRETRY=3', 'SRQTIME=1,SRQRETRY=2'))
        if name in ('SWHOST1', 'SWGW1'):
            other = 'HOST1' if side == 'gw' else 'GW1'
            grp = name.replace('SW', '') and ('GW1' if side == 'gw' else 'HOST1')
            body = ''.join(PU.format(pu=f'PU{other}{"X" * k}', path=f'PT{other}{"X" * k}', cp=other,
                                     grp=('GRP', 'GRX')[k] + grp, ip=p[side == 'gw'],
                                     dial='YES' if side == 'gw' else 'NO', redial='FOREVER')
                           for k, p in enumerate(self.pairs))
            return cards(SW.format(m=name, body=body))
        return text


def client():
    return S3270('-model', '3279-5-E', program=('ip', 'netns', 'exec', C, 's3270'))


def enter(s, text):
    """Enter without waiting for the answer: the test has a cable to put back first."""
    s.cmd('Set(aidWait,false)')
    s.type(text)


def big_screens(s, n):
    s.cmd('Set(aidWait,true)')
    s.type('SIZE 3400')
    s.see('3400 bytes')
    for k in range(n):
        s.type(f'big screen {k}')
        s.see(f'BIG SCREEN {k}')


def capture(ns, dev, path):
    p = subprocess.Popen(       # pylint: disable=consider-using-with
        ['ip', 'netns', 'exec', ns, 'dumpcap', '-q', '-i', dev, '-w', path],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until('a capture', lambda: p.poll() is not None or os.path.exists(path))
    check(p.poll() is None, 'dumpcap ended')
    return p


def t_three_machines():
    """A logon over a link of 1400 bytes; the router sees each priority with its TOS byte."""
    with Lab(), LabNet() as net:
        path = os.path.join(net.dir, 'router.pcapng')
        cap = capture(R, 'toh', path)
        try:
            net.up()
            with client() as s:
                s.connect(net)
                s.logon()
                s.see('ECHO')
                big_screens(s, 5)
                s.cmd('PF(3)', ok=None)
                s.see('LOGON APPLID')
            net.gw.console('Z NET,QUICK', rc=None)
            until('snagate ended', lambda: net.gw.proc.poll() is not None)
            net.host.stop()
            time.sleep(0.5)
        finally:
            cap.terminate()
            cap.wait()
        none_malformed(path, os.path.join(net.dir, 'gw.pcapng'))
        tos = {tuple(r) for r in fields(path, 'udp && llc && !icmp', 'udp.dstport',
                                        'ip.dsfield.dscp')}
        check(tos == {('12000', '48'), ('12001', '48'), ('12002', '32'), ('12003', '16'),
                      ('12004', '8')}, str(tos))
        sizes = [int(v) for r in fields(path, 'ip', 'ip.len') for v in r[0].split(',')]
        check(1000 < max(sizes) <= 1400, f'largest packet {max(sizes)}')
        check(fields(path, 'sna.th.fid == 5', 'frame.number'), 'PIUs crossed the router')


def mtu_of(node, pu):
    return node.console(f'D NET,EE,ID={pu},LIST=DETAIL')


def t_path_mtu():
    """The router's cable takes less than ours: ICMP says so, links and pipes shrink."""
    with Lab(), LabNet() as net:
        path = os.path.join(net.dir, 'router.pcapng')
        net.up()
        with client() as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            big_screens(s, 3)               # the host's: its own interface takes 1400
            s.cmd('PF(3)', ok=None)
            s.see('LOGON APPLID')
            s.logon()
            s.see('ECHO')
            for dev, ns in (('toh', R), ('tor', H)):
                ip(ns, f'link set {dev} mtu 1200')
            big_screens(s, 1)               # in fragments, until the next TEST asks
            until('the host knows', lambda: 'MTU SIZE = 1172' in net.host.tail(400))
            cap = capture(R, 'toh', path)
            big_screens(s, 5)
            until('captured', lambda: os.path.getsize(path) > 20000)
            cap.terminate()
            cap.wait()
        check('SNG0003I PATH MTU DISCOVERY FOR PU' in net.host.tail(400), net.host.tail(40))
        said = mtu_of(net.host, 'PUGW1')
        check('MTU SIZE = 1172' in said, said)
        sizes = [int(v) for r in fields(path, 'ip && udp', 'ip.len') for v in r[0].split(',')]
        check(1000 < max(sizes) <= 1200, f'largest packet {max(sizes)}')
        check(not fields(path, 'ip.flags.mf == 1 || ip.frag_offset > 0', 'frame.number'),
              'nothing is fragmented any more')


def t_cut_and_heal():
    """The router's cable is pulled with a session up, and put back: a pause, no more."""
    with Lab(), LabNet() as net:
        net.up()
        with client() as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            for round_ in range(2):
                ip(R, 'link set toh down')
                enter(s, f'cut {round_}')
                for side in (net.gw, net.host):     # a link under 20 s may not be called anew
                    until('the link is noticed', lambda n=round_, s=side: s.tail(400).count(
                        'IST1196I') > n)
                ip(R, 'link set toh up')
                s.see(f'CUT {round_}')
                until('told', lambda n=round_: net.gw.tail(400).count(
                    'PATH SWITCH COMPLETED') > n)
            big_screens(s, 3)
        check('PATH SWITCH FAILED' not in net.gw.tail(400), net.gw.tail(60))


def t_short_cut():
    """Shorter than LIVTIME and its retries: nobody is told, nothing is lost."""
    with Lab(), LabNet() as net:
        net.up()
        with client() as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            ip(R, 'link set toh down')
            enter(s, 'through a short cut')
            time.sleep(1.2)
            ip(R, 'link set toh up')
            s.see('THROUGH A SHORT CUT')
        check('IST1196I' not in net.gw.tail(400), 'the link stayed up')


def t_two_paths():
    """Local addresses on both networks, a link each: one cable is pulled for good."""
    with Lab(), LabNet(pairs=((GW, HOST), (GW2, HOST2))) as net:
        net.up()
        until('both links', lambda: net.gw.tail(400).count(
            'APPN CONNECTION FOR NETA.HOST1 IS ACTIVE') >= 2)
        text = net.gw.console('D NET,TOPO,ORIG=NETA.GW1,DEST=NETA.HOST1')
        pus = re.findall(r'IST1737I +(\w+)', text)
        check(sorted(pus) == ['PUHOST1', 'PUHOST1X'], text)     # each TG its own
        with client() as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            s.type('before the cut')
            s.see('BEFORE THE CUT')
            ip(R, 'link set toh down')
            enter(s, 'over the other network')
            s.see('OVER THE OTHER NETWORK')
            until('the first link is noticed', lambda: 'IST1196I' in net.gw.tail(400))
            big_screens(s, 3)
            ip(R, 'link set toh up')
            until('both again', lambda: net.gw.tail(400).count(
                'APPN CONNECTION FOR NETA.HOST1 IS ACTIVE') >= 3)
            ip(G, 'link set toh down')
            enter(s, 'back again')
            s.see('BACK AGAIN')
        check('PATH SWITCH FAILED' not in net.gw.tail(400), net.gw.tail(60))
        check('PATH SWITCH COMPLETED' in net.gw.tail(400), net.gw.tail(60))


def t_ipv6():
    """The same over IPv6: a smaller BTU, the same frames."""
    with Lab(), LabNet(pairs=((GW6, HOST6),)) as net:
        router = os.path.join(net.dir, 'router.pcapng')
        cap = capture(R, 'tog', router)
        net.up()
        with client() as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            big_screens(s, 3)
            time.sleep(0.5)
            cap.terminate()
            cap.wait()
            tos = {tuple(r) for r in fields(router, 'ipv6 && udp && llc && !icmpv6',
                                            'udp.dstport', 'ipv6.tclass.dscp')}
            check(tos == {('12000', '48'), ('12001', '48'), ('12002', '32'), ('12003', '16'),
                          ('12004', '8')}, str(tos))
            ip(R, 'link set toh down')
            enter(s, 'cut')
            for side in (net.gw, net.host):
                until('the link is noticed', lambda s=side: 'IST1196I' in s.tail(400))
            ip(R, 'link set toh up')
            s.see('CUT')
        ee = net.gw.console('D NET,EE,LIST=DETAIL')
        check(HOST6 in ee.lower() or GW6 in ee.lower(), ee)
        net.gw.console('Z NET,QUICK', rc=None)
        until('snagate ended', lambda: net.gw.proc.poll() is not None)
        path = os.path.join(net.dir, 'gw.pcapng')
        none_malformed(path)
        rows = fields(path, 'ipv6 && sna', 'ipv6.src', 'ipv6.dst')
        check({tuple(sorted(r)) for r in rows} == {(GW6, HOST6)}, str(rows[:3]))
        size = {int(v) for r in fields(path, 'ipv6', 'sna.nlp.thdr.optional.14.si.maxpsize')
                for v in r[0].split(',') if v}
        check(size and max(size) <= 1441, f'largest NLP over IPv6: {size}')


def t_loopback():
    """A machine that has none of it: the same logon over loopback addresses."""
    with Net(trace=True) as net:
        net.up()
        with S3270('-model', '3279-5-E') as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            big_screens(s, 3)
        net.gw.console('Z NET,QUICK', rc=None)
        until('snagate ended', lambda: net.gw.proc.poll() is not None)
        if shutil.which('tshark'):
            none_malformed(os.path.join(net.dir, 'gw.pcapng'))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def sweep():
    """Namespaces of a test that is no more, and what it left running in them."""
    for name in os.listdir('/run/netns') if os.path.isdir('/run/netns') else ():
        m = re.fullmatch(r'sngate(\d+)[grhc]?', name)
        if m and not alive(int(m[1])):
            for pid in sh('ip', 'netns', 'pids', name, ok=False).split():
                with contextlib.suppress(OSError, ValueError):
                    os.kill(int(pid), signal.SIGKILL)
            sh('ip', 'netns', 'del', name, ok=False)


def impossible():
    """Why there can be no namespaces here, or ''."""
    if os.geteuid() != 0:
        return 'not root'
    for p in ('ip', 'tshark', 'dumpcap'):
        if shutil.which(p) is None:
            return f'no {p}'
    try:
        sweep()
        sh('ip', 'netns', 'add', TAG)
        sh('ip', '-n', TAG, 'link', 'add', 'name', 'v0', 'type', 'veth', 'peer', 'v1')
        sh('ip', 'netns', 'exec', TAG, 'true')
    except OSError as e:
        return str(e)
    finally:
        if os.path.exists('/run/netns/' + TAG):
            sh('ip', 'netns', 'del', TAG, ok=False)
    return ''


if __name__ == '__main__':
    for sig in (signal.SIGTERM, signal.SIGHUP):         # so that all is cleaned up
        signal.signal(sig, lambda *_: sys.exit(1))
    why = 'told so' if os.environ.get('NETNS') == '0' else impossible()
    if why:
        print(f'no network namespaces, loopback instead: {why}')
        run([t_loopback])
    run([v for k, v in sorted(globals().items()) if k.startswith('t_') and k != 't_loopback'])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Limits and the life of a connection: checklist L-01, L-02, L-03, L-04, L-07, L-08, L-10 and
Z-10, traffic regulation by address, the PROXY protocol, IPv6, descriptors that run out."""
import os
import re
import resource
import socket
import struct
import subprocess

from b_print import ALL, Desk
from box import BIN, Fail, Net, check, run, until
from driver import COMMAND, Driver
from tnclient import DO, E, SCS, TM, WILL, Tn, tls_context

SIGN = b'\r\n\r\n\0\r\nQUIT\n'


def with_port(statements, vtam='', globals_=''):
    """Operands for the plain port of the demonstration's gateway."""
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = re.sub(r'(\n  PORT \d+,\S+)', r'\1\n' + statements, text, count=1)
            text = text.replace('ENDTELNETGLOBALS', globals_ + ' ENDTELNETGLOBALS')
            text = text.replace('ENDVTAM', vtam + ' ENDVTAM')
        return text
    return edit


def descriptors(net):
    return len(os.listdir(f'/proc/{net.gw.proc.pid}/fd'))


def stat(net, name):
    """A counter of D TCPIP,,TELNET,STATS; 0 where it is not shown."""
    m = re.search(r'snagate_' + name + r'(?:_total)?(?:\{\})? (\d+)', metrics(net))
    return int(m.group(1)) if m else 0


def metrics(net):
    with socket.create_connection(net.metrics, timeout=20) as s:
        s.sendall(b'GET /metrics HTTP/1.0\r\n\r\n')
        got = b''
        while True:
            b = s.recv(65536)
            if not b:
                return got.decode()
            got += b


class LNet(Net):
    """A Net whose gateway shows its counters."""

    def __init__(self, **k):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            port = s.getsockname()[1]
        self.metrics = ('127.0.0.1', port)
        k['gw_args'] = [*k.get('gw_args', ()), '--metrics', f'127.0.0.1:{port}']
        super().__init__(**k)


def gone(net, reason, n=1):
    """So many connections have ended for this reason, and the operator read of it."""
    name = f'telnet_drops_total{{reason="{reason}"}} '
    until(f'{n} ended: {reason}', lambda: any(
        x.startswith('snagate_' + name) and int(x.split()[-1]) >= n
        for x in metrics(net).splitlines()))
    until(f'{reason} in the log', lambda: reason in net.gw.tail(400))


def session(net, **k):
    c = Tn(net, **k)
    c.negotiate_e()
    c.see('LOGON APPLID')
    c.text('LOGON APPLID(ECHO)')
    c.see('ECHO')
    return c


def work(c, text):
    c.enter(text)
    c.see(text)


def told(c, words):
    got = c.rest()
    check(words.encode() in got, f'{words}: {got!r}')


def t_maxreceive():
    """L-01: 200 kB without end of record end this client and nobody else."""
    with LNet() as net:
        net.up()
        other, c = session(net), session(net)
        try:
            for _ in range(50):
                c.send(b'\xc1' * 4096)
            c.rest()
        except (ConnectionError, OSError):
            pass
        gone(net, 'MAXRECV')
        work(other, 'STILL HERE')


def t_timemark():
    """L-03: a silent client is asked by TIMING-MARK; no answer: TIMEMARK. Any byte counts."""
    with LNet(edit=with_port('TIMEMARK 1 SCANINTERVAL 1\n')) as net:
        net.up()
        quiet, nop, live = session(net), session(net), session(net)
        quiet.opt(DO, TM)
        for _ in range(3):                      # a NOP is as good as an answer
            nop.opt(DO, TM)
            nop.send(b'\xff\xf1')
            live.opt(DO, TM)
            live.say(WILL, TM)
        told(quiet, '')
        gone(net, 'TIMEMARK')
        check('TIMEMARK' in net.gw.console('D TCPIP,,TELNET,PROF,DET'))
        work(live, 'STILL HERE')
        quiet.close()



def t_timemark_that_cannot_be_sent():
    """L-03: what waits in front of it does not leave; after five scans the client is dropped."""
    with LNet(edit=with_port('TIMEMARK 2 SCANINTERVAL 1 TCPUSERTIMEOUT 0\n')) as net:
        net.up()
        slow = Driver(net)
        slow.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.enter('FLOOD COUNT=30000', field=COMMAND)
        gone(net, 'TIMEMARK')
        check('could not be sent on five scans' in net.gw.tail(400))
        until('its LU is free', lambda: stat(net, 'telnet_clients') == 0)


def t_sockets_options():
    """L-04: TCP keepalive and user timeout are on the socket, by the profile's operands."""
    with LNet(edit=with_port('TCPKEEPALIVE 7,3,2 TCPUSERTIMEOUT 13\n')) as net:
        net.gw.start()
        with Tn(net) as c:
            c.opt(DO, E)
            port = c.s.getsockname()[1]

            def timer():
                p = subprocess.run(['ss', '-tno', 'state', 'established', 'sport', '=',
                                    f':{net.port}'], stdout=subprocess.PIPE, check=True)
                return [x for x in p.stdout.decode().splitlines()
                        if f':{port} ' in x and re.search(r'keepalive,[0-6](\.\d+)?', x)]
            until('the keepalive timer runs, with 7 seconds', timer)
        text = net.gw.console('D TCPIP,,TELNET,PROF,DET')
        check('TCPKEEPALIVE     7,3,2' in text and 'TCPUSERTIMEOUT   13' in text, text)


def t_inactivity():
    """Z-10: INACTIVE, PRTINACTIVE, KEEPINACTIVE, PROFILEINACTIVE, each with its reason; who
    works is not inactive."""
    edit = with_port('INACTIVE 2 PRTINACTIVE 1 KEEPINACTIVE 1 PROFILEINACTIVE 1\n',
                     vtam='IPGROUP KEEPER 127.3.3.3 ENDIPGROUP\n LUGROUP KEEPLUS TCP08801 '
                          'ENDLUGROUP\n LUMAP KEEPLUS KEEPER KEEPOPEN\n')
    with LNet(edit=edit) as net:
        net.up()
        idle, kept, free = session(net), Tn(net, source='127.3.3.3'), Tn(net)
        kept.negotiate_e()
        check(kept.lu == 'TCP08801', kept.lu)
        free.negotiate_e()
        gone(net, 'INACT-K')
        gone(net, 'INACT-S')
        idle.rest()
        kept.rest()
        free.see('LOGON APPLID')                # no session and no KEEPOPEN: nothing ends it
        check(not free.closed and stat(net, 'telnet_clients') == 1)
        net.gw.console(f'V TCPIP,,TELNET,OBEYFILE,{os.path.join(net.dir, "gw/telnet.profile")}')
        gone(net, 'INACT-PF')
        free.rest()
        with Tn(net) as prt, Desk(net) as desk:
            prt.negotiate_e('IBM-3287-1', functions=ALL)
            desk.ask(prt.lu)
            prt.record(SCS)                     # a page that is never said to be printed
            gone(net, 'INACT-P')
            prt.rest()


def regulated(statements, **k):
    return LNet(edit=with_port(statements + '\n'), **k)


def t_connections_of_one_address():
    """MAXCONNADDR, MAXCONNRATE: who is over them reads why; others come in."""
    with regulated('MAXCONNADDR 3') as net:
        net.gw.start()
        have = [Tn(net, source='127.9.0.1') for _ in range(3)]
        for c in have:
            c.opt(DO, E)
        told(Tn(net, source='127.9.0.1'), 'as many connections as it may have (MAXCONNADDR)')
        with Tn(net, source='127.9.0.2') as c:
            c.opt(DO, E)
        gone(net, 'CONNADDR')
        have.pop().close()
        until('the place is free', lambda: stat(net, 'telnet_clients') == 2)
        with Tn(net, source='127.9.0.1') as c:
            c.opt(DO, E)
        for c in have:
            c.close()
    with regulated('MAXCONNRATE 5') as net:
        net.gw.start()
        heard = b''
        for _ in range(30):                     # more than two windows' worth
            with Tn(net, source='127.9.0.1') as c:
                c.more()
                heard += c.buf
        check(b'connects too often' in heard, repr(heard))
        gone(net, 'CONNRATE')
        with Tn(net, source='127.9.0.2') as c:
            c.opt(DO, E)


def t_share_of_a_port():
    """TRTOTALCONN, TRPERCENT as the IDS traffic regulation: fewer as fewer are left; the first
    of a host always comes in while there is room."""
    with regulated('TRTOTALCONN 10 TRPERCENT 50') as net:
        net.gw.start()
        have = []
        for i in range(4):
            have.append(Tn(net, source='127.9.0.1'))
            have[i].opt(DO, E)
        told(Tn(net, source='127.9.0.1'), 'its share of this port')
        for i in range(6):
            have.append(Tn(net, source=f'127.9.1.{i + 1}'))
            have[-1].opt(DO, E)
        told(Tn(net, source='127.9.2.1'), 'as many connections as it may have (TRTOTALCONN)')
        gone(net, 'TRPERCNT')
        gone(net, 'TRTOTAL')
        check(stat(net, 'telnet_refused_limit') == 2)
        for c in have:
            c.close()


def t_slowloris():
    """Connections that never negotiate: the oldest goes, a client that speaks comes in."""
    with regulated('MAXNEGOTIATING 20', workers=0) as net:      # it is each worker's
        net.up()
        first = Tn(net)
        first.opt(DO, E)
        held = [Tn(net) for _ in range(40)]
        told(first, 'MAXNEGOTIATING')
        gone(net, 'NEGLIMIT', 20)
        c = session(net)
        more = [Tn(net) for _ in range(40)]     # who has negotiated is not among them
        gone(net, 'NEGLIMIT', 60)
        work(c, 'STILL HERE')
        for x in [*held, *more, c]:
            x.close()
        until('all gone', lambda: stat(net, 'telnet_clients') == 0)


def v2(src, dst, sport=4711, dport=23, tlv=b'', cmd=0x21):
    fam = socket.AF_INET6 if ':' in src else socket.AF_INET
    body = (socket.inet_pton(fam, src) + socket.inet_pton(fam, dst)
            + struct.pack('>HH', sport, dport) + tlv)
    return SIGN + bytes((cmd, 0x21 if ':' in src else 0x11)) + struct.pack('>H', len(body)) + body


def t_proxy_protocol():
    """PROXYPROTOCOL: versions 1 and 2, IPv4 and IPv6, in pieces; the address of the header maps,
    is limited and shown; LOCAL; TLS behind it."""
    edit = with_port('PROXYPROTOCOL 127.8.0.0/16 ENDPROXYPROTOCOL MAXCONNADDR 1\n',
                     vtam='IPGROUP SIX 2001:db8:9::/48 ENDIPGROUP\n LUGROUP SIXLU TCP08802 '
                          'ENDLUGROUP\n LUMAP SIXLU SIX\n')

    def both(side, name, text):
        text = edit(side, name, text)
        if name == 'telnet.profile':
            text = re.sub(r'(\n  SECUREPORT \d+,\S+)',
                          r'\1\n  PROXYPROTOCOL 127.8.0.1 ENDPROXYPROTOCOL', text)
        return text
    with LNet(edit=both) as net:
        net.up()
        heads = (b'PROXY TCP4 10.9.8.7 10.0.0.1 56324 23\r\n', v2('10.9.8.6', '10.0.0.1'),
                 v2('2001:db8:9::5', '2001:db8::1', tlv=b'\x04\0\x80' + bytes(128)))
        have = []
        for i, h in enumerate(heads):
            c = Tn(net, source='127.8.0.1')
            c.slow = True                       # byte by byte
            c.send(h)
            c.slow = False
            have.append(c)
            c.negotiate_e()
            if i == 2:
                check(c.lu == 'TCP08802', c.lu)
        text = net.gw.console('D TCPIP,,TELNET,CONN')
        for a in ('10.9.8.7', '10.9.8.6', '2001:db8:9::5'):
            check(a in text, f'{a}\n{text}')
        check('56324' in text, text)
        again = Tn(net, source='127.8.0.1')
        again.send(heads[0])
        told(again, 'MAXCONNADDR')
        check(stat(net, 'telnet_proxied') == 4)
        t = Tn(net, port=net.tls_port, source='127.8.0.1')
        t.send(v2('10.9.8.5', '10.0.0.1'))
        t.start_tls(tls_context())
        t.negotiate_e()
        check('10.9.8.5' in net.gw.console('D TCPIP,,TELNET,CONN'))
        with Tn(net, source='127.8.0.2') as c:  # a health check
            c.send(SIGN + b'\x20\0\0\0')
            c.opt(DO, E)
            check('127.8.0.2' in net.gw.console('D TCPIP,,TELNET,CONN'))
        for c in have:
            c.close()


def t_proxy_refused():
    """PROXYPROTOCOL: not from others, not without a header, not with a wrong one; each is told."""
    with regulated('PROXYPROTOCOL 127.8.0.1..127.8.0.9 ENDPROXYPROTOCOL') as net:
        net.gw.start()
        told(Tn(net, source='127.7.0.1'), 'from its proxies only (PROXYPROTOCOL)')
        gone(net, 'NOTPROXY')
        for h in (b'\xff\xfb\x28', b'PROXY TCP4 1.2.3 4.5.6.7 1 2\r\n', b'PROXY ' + b'x' * 200,
                  SIGN + b'\x21\x11\xff\xff', SIGN + b'\x11\x11\0\x0c' + bytes(12),
                  v2('1.2.3.4', '1.2.3.4')[:14] + b'\0\x04' + bytes(4)):
            c = Tn(net, source='127.8.0.1')
            c.send(h)
            told(c, 'PROXY header')
        gone(net, 'PROXYHDR', 6)
        c = Tn(net, source='127.8.0.9')         # half of it, and then nothing
        c.send(b'PROXY TCP4 1.2')
        told(c, 'did not come in time')


def t_ipv6():
    """A port on an IPv6 address, and one for both families: dual stack; limits by /64."""
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = re.sub(r'PORT (\d+),127\.[\d.]+', r'PORT \1', text, count=1)
            text = text.replace('MSG07 ', 'MSG07 MAXCONNADDR 2 ', 1)
            text = text.replace('BEGINVTAM', f'TELNETPARMS PORT {six},::1 ENDTELNETPARMS\n'
                                'BEGINVTAM', 1)
            text = re.sub(r'\n  PORT (\d+) (\d+)\n', rf'\n  PORT \1 \2 {six},::1\n', text)
        return text
    with socket.socket(socket.AF_INET6) as s:
        s.bind(('::1', 0))
        six = s.getsockname()[1]
    with LNet(edit=edit) as net:
        net.up()
        with Tn(('::1', six)) as c:
            c.negotiate_e()
        with Tn(('::1', net.port)) as c, Tn(net) as d:
            c.negotiate_e()
            d.negotiate_e()
            text = net.gw.console('D TCPIP,,TELNET,CONN')
            check('::1' in text and '127.0.0.1' in text and '::ffff' not in text, text)
            check('::1' in net.gw.console('D TCPIP,,TELNET,CONN,DETAIL'))
            text = net.gw.console('D TCPIP,,TELNET,CONN,IPADDR=::1')
            check(c.lu in text and d.lu not in text, text)



def t_slow_reader():
    """L-02: the host of a client that never reads is held back by pacing; what waits for it is
    bounded, and another client in the same session turn goes on."""
    with LNet() as net:
        net.up()
        other, slow = session(net), Driver(net)
        before = net.gw.rss_kib()
        slow.enter('FLOOD COUNT=30000', field=COMMAND)      # 30 MB
        sent, last = 0, -1000
        while sent - last > 100:                # until it moves no more
            for i in range(50):
                work(other, f'ROUND {i:02}')
            sent, last = stat(net, 'telnet_records_out'), sent
        check(1000 < sent < 25000, f'{sent} records were taken for a client that reads none')
        grown = net.gw.rss_kib() - before
        check(grown < 8192, f'{grown} KiB more for one slow reader')
        check(stat(net, 'telnet_dropped_slow') == 0, 'pacing alone must hold the host back')
        slow.close()
        until('the slow one is gone', lambda: stat(net, 'telnet_clients') == 1)
        work(other, 'STILL HERE')


def t_maxvtamsendq():
    """MAXVTAMSENDQ: so many records wait for the host's turn; behind them the client is not
    read, and none is lost."""
    for limit, ahead in ((3, True), (16, False)):
        with LNet(edit=with_port(f'MAXVTAMSENDQ {limit}\n')) as net:
            net.up()
            with Driver(net) as d:
                d.together('SEND NOCD TEXT=FIRST;WAIT 1;SEND TEXT=DONE',
                           *(f'STATUS {n}' for n in range(8)))
                d.see('FIRST')
                d.see('DONE')
                for n in range(8):
                    check(f'INPUT {n + 2} ' in d.see('DRIVER -').text())
                check(('typed ahead' in net.gw.tail(30)) == ahead, net.gw.tail(30))


def t_bind_storm():
    """L-08: more BINDs in ten seconds than MAXREQSESS end the connection; it is told."""
    with LNet(edit=with_port('MAXREQSESS 3\n')) as net:
        net.up()
        other = session(net)
        d = Driver(net)
        try:
            for _ in range(5):
                d.enter('REBIND', field=COMMAND)
                d.see('DRIVER -')
        except Fail:
            pass
        d.rest()
        gone(net, 'MAXREQSS')
        work(other, 'STILL HERE')


def t_storm_on_an_empty_pool():
    """L-07: 1500 clients for 20 LUs: each of the others has its REJECT, and nothing leaks."""
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = text.replace('TCP00001..TCP09999', 'TCP00001..TCP00020')
        return text
    with LNet(edit=edit, workers=1) as net:
        net.up()
        have = [Tn(net) for _ in range(20)]
        for c in have:
            c.negotiate_e()
        fds = descriptors(net)
        for _ in range(15):
            storm = [Tn(net) for _ in range(100)]
            for c in storm:
                c.will_e()
                c.put_sb(E, b'\x02\x07IBM-3278-2-E')
            for c in storm:
                got = c.sb()
                check(got == b'\x02\x06\x05\x01', f'REJECT DEVICE-IN-USE is due: {got!r}')
                c.close()
        check(stat(net, 'telnet_lu_refused') == 1500)
        until('only the twenty', lambda: stat(net, 'telnet_clients') == 20)
        have.pop().close()
        c = Tn(net)
        until('the freed LU', lambda: c.negotiate_e())
        for x in [*have, c]:
            x.close()
        until('all gone', lambda: stat(net, 'telnet_clients') == 0)
        until('no descriptor is left', lambda: descriptors(net) <= fds)


def t_a_thousand_come_and_go():
    """L-10: descriptors, memory and LUs are where they were after a thousand connections."""
    with LNet() as net:
        net.up()

        def thousand():
            for _ in range(50):
                some = [Tn(net) for _ in range(20)]
                for c in some:
                    c.negotiate_e()
                for k, c in enumerate(some):
                    c.reset() if k % 2 else c.close()
            until('all gone', lambda: stat(net, 'telnet_clients') == 0)
            until('no LU is open', lambda: 'TCP0' not in net.gw.console(
                'D NET,SESSIONS,LIST=ALL', rc=None)[0])
        thousand()                              # what a pool touches it keeps
        fds, kib = descriptors(net), net.gw.rss_kib()
        thousand()
        until('no descriptor is left', lambda: descriptors(net) <= fds)
        if 'san' not in BIN:                    # a sanitizer keeps what was freed
            check(net.gw.rss_kib() - kib < 512, f'{net.gw.rss_kib() - kib} KiB are left')


def t_descriptors_run_out():
    """EMFILE: clients wait in the backlog, nobody is lost, and they come in when others go."""
    with LNet(workers=0) as net:                # each worker has a table of its own
        net.up()
        work_on = session(net)
        fds = descriptors(net)
        resource.prlimit(net.gw.proc.pid, resource.RLIMIT_NOFILE, (fds + 10, fds + 10))
        have = [Tn(net) for _ in range(10)]
        for c in have:
            c.opt(DO, E)
        late = Tn(net)                          # the kernel's, not yet the server's
        until('the operator is told', lambda: 'accepting rests' in net.gw.tail(50))
        work(work_on, 'STILL HERE')
        for c in have:
            c.close()
        late.negotiate_e()
        late.see('LOGON APPLID')
        late.close()


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients and partners that mean harm or are broken: the gateway answers the
others as if nothing happened, and nothing is left behind. B=build-asan runs the
same against the sanitized build; SEED, HARD=1 (every prefix, every bit) and WORKERS
widen it."""
import os
import random
import resource
import socket
import ssl
import subprocess
import time

import tnclient as tn
from box import Fail, Net, PATIENCE, S3270, check, run, until
from tnclient import Tn

SEED = int(os.environ.get('SEED', '7'))
HARD = os.environ.get('HARD') == '1'
SANE = 'asan' not in os.environ.get('B', '')    # the sanitizer's memory is its own
GROWTH = 40000          # KiB of one kind of harm
WILL_E = b'\xff\xfb\x28'
REQUEST = b'\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0'
FUNCTIONS = b'\xff\xfa\x28\x03\x07\x00\x02\x04\xff\xf0'


# --- what must hold before and after ---

def descriptors(net):
    """Of all threads: a worker has a table of its own."""
    top = f'/proc/{net.gw.proc.pid}/task'
    tables = {frozenset(os.listdir(f'{top}/{t}/fd')) for t in os.listdir(top)}
    return sum(len(t) for t in tables)


class Peace:
    """with Peace(net): harm; afterwards another client works, and LUs, descriptors,
    sessions and memory are where they were."""

    def __init__(self, net):
        self.net = net

    def __enter__(self):
        self.quiet()
        self.fds = descriptors(self.net)
        self.rss = self.net.gw.rss_kib()
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            healthy(self.net)
            self.quiet()
            until('descriptors are back', lambda: self.alive() and
                  descriptors(self.net) <= self.fds)
            grew = self.net.gw.rss_kib() - self.rss
            check(not SANE or grew < GROWTH, f'{grew} KiB more than before')
        return False

    def alive(self):
        return self.net.gw.dead_or(lambda: True) and self.net.host.dead_or(lambda: True)

    def quiet(self):
        def none():
            self.alive()
            out = self.net.gw.console('D TCPIP,,TELNET,CONN', rc=None)[0]
            ses = self.net.gw.console('D NET,SESSIONS,LIST=ALL', rc=None)[0]
            return '0 OF 0 RECORDS' in out and 'TCP0' not in ses
        until('no client and no session is left', none)


def healthy(net, **how):
    """A well-behaved client logs on, is answered and leaves."""
    with Tn(net, **how) as c:
        c.negotiate_e()
        c.text('LOGON APPLID(ECHO)')
        c.see('Type anything')
        c.enter('alive')
        c.see('alive')


def real_client(net):
    with S3270('-model', '3279-2-E') as s:
        s.connect(net)
        s.logon()
        s.see('ECHO')
        s.type('alive')
        s.see('ALIVE')


# --- ways to do harm ---

def dial(net, port=None):
    s = socket.create_connection((net.gw_ip, port or net.port), timeout=PATIENCE)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def push(s, data):
    """Sends what the other side takes; never waits for it."""
    s.setblocking(False)
    try:
        while data:
            data = data[s.send(data):]
    except (BlockingIOError, ConnectionError, ssl.SSLError):
        pass


def leave(s, way):
    """FIN, RST, or half a close and silence."""
    if way == 1:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\x01\0\0\0\0\0\0\0')
    if way == 2:
        try:
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    s.close()


def drain(s):
    """Reads until the server closes, or has nothing to say for a moment."""
    got = b''
    s.settimeout(0.3)
    try:
        while True:
            b = s.recv(65536)
            if not b:
                return got, True
            got += b
    except (socket.timeout, ssl.SSLWantReadError):
        return got, False
    except (ConnectionError, ssl.SSLError):
        return got, True


class Recorded(Tn):
    """Remembers what it says."""

    def __init__(self, *args, **how):
        self.said = b''
        super().__init__(*args, **how)

    def send(self, what):
        self.said += tn.raw(what)
        super().send(what)


def dialogue(net):
    """The bytes of a client that logs on, works and logs off; how many of them negotiate."""
    with Recorded(net) as c:
        c.negotiate_e()
        n = len(c.said)
        c.text('LOGON APPLID(ECHO)')
        c.see('Type anything')
        c.enter('a line')
        c.see('a line')
        c.cmd(tn.IP)
        c.ping()
        c.put_record(b'\xf3\x40\x40')          # PF3
        c.see('LOGON APPLID')
        return c.said, n


def sample(rnd, many, n):
    return range(many) if HARD or many <= n else sorted(rnd.sample(range(many), n))


# --- tests ---

def t_thousands_that_say_nothing_or_little(net):
    """L-10: two thousand silent clients and five hundred that drip, byte by byte."""
    whole, _ = dialogue(net)
    with Peace(net):
        silent = [dial(net) for _ in range(2000)]
        drips = [dial(net) for _ in range(500)]
        for i in range(12):
            for k, s in enumerate(drips):
                push(s, whole[i + k % 3:i + k % 3 + 1])
            if i % 4 == 0:
                healthy(net)
        check(not SANE or net.gw.rss_kib() < 200000, 'memory of clients that say nothing')
        for k, s in enumerate(silent + drips):
            leave(s, k % 3)


def floods():
    """(what, bytes, how often)."""
    opts = b''.join(bytes((255, v, o)) for o in range(255) for v in (251, 252, 253, 254))
    return [
        ('AYT', b'\xff\xf6', 50000), ('NOP', b'\xff\xf1', 50000), ('TM', b'\xff\xfd\x06', 30000),
        ('TM answers', b'\xff\xfb\x06', 30000), ('IP', b'\xff\xf4', 20000),
        ('AO', b'\xff\xf5', 20000), ('BRK', b'\xff\xf3', 20000), ('EOR', b'\xff\xef', 30000),
        ('options', opts, 20), ('SGA', b'\xff\xfb\x03\xff\xfc\x03', 20000),
        ('E on and off', b'\xff\xfb\x28\xff\xfc\x28', 5000),
        ('SB', b'\xff\xfa\x24\x00\xff\xf0', 20000), ('TTYPE', b'\xff\xfa\x18\x00IBM-3278-2\xff\xf0',
                                                     10000),
        ('DEVICE-TYPE', REQUEST, 5000), ('FUNCTIONS', FUNCTIONS, 5000),
        ('records', b'\x00\x00\x00\x00\x00\x7d\x40\x40\xff\xef', 10000),
        ('SSCP', b'\x07\x00\x00\x00\x00\xc1\xc2\xff\xef', 5000),
        ('RESPONSE', b'\x02\x00\x00\x00\x00\x00\xff\xef', 20000),
        ('wrong headers', b'\x55\x01\x02\xff\xef', 20000), ('NVT', b'\x05\0\0\0\0a\r\n\xff\xef', 5000),
        ('lines', b'\r\n', 20000),
    ]


def states(net, tls=None):
    """Clients at every stage, ready for a flood."""
    c = Tn(net, tls=tls)
    yield 'fresh', c
    c = Tn(net, tls=tls)
    c.will_e()
    yield 'negotiating', c
    c = Tn(net, tls=tls)
    c.negotiate_e()
    c.see('LOGON APPLID')
    yield 'logon screen', c
    c = Tn(net, tls=tls)
    c.negotiate_e()
    c.text('LOGON APPLID(ECHO)')
    c.see('Type anything')
    yield 'session', c
    c = Tn(net, tls=tls)
    c.negotiate_3270()
    c.see('LOGON APPLID')
    yield 'plain', c
    c = Tn(net, tls=tls)
    c.refuse_e()
    c.opt(tn.DO, tn.TTYPE)
    c.say(tn.WONT, tn.TTYPE)
    c.upto(b'LOGON APPLID')
    yield 'line', c


def t_floods(net):
    """Each kind at each stage, from clients that read and from such that
    don't (L-02), some in TLS."""
    rnd = random.Random(SEED)
    with Peace(net):
        for n, (name, data, times) in enumerate(floods()):
            held = []
            for k, (_, c) in enumerate(states(net, tls=n % 3 == 0 or None)):
                push(c.s, data * times)
                if (n + k) % 2:
                    drain(c.s)
                held.append(c)
            try:
                healthy(net)
            except Fail as e:
                raise Fail(f'{name}: {e}') from None
            check(not SANE or net.gw.rss_kib() < 150000, f'{name}: memory ran away')
            for c in held:
                leave(c.s, rnd.randrange(3))


def t_names_are_not_to_be_guessed(net):
    """Ten rejected DEVICE-TYPE requests are all a client has."""
    with Peace(net):
        with Tn(net) as c:
            c.will_e()
            answers = 0
            try:
                for i in range(40):
                    c.put_sb(tn.E, b'\x02\x07IBM-3278-2-E\x01NOLU%04d' % i)
                    c.sb()
                    answers += 1
            except (Fail, ConnectionError):
                pass
            check(answers <= 10, f'{answers} guesses')


def t_tls(net):
    """ClientHellos in pieces, damaged, cut off, endless; HTTP; renegotiation."""
    rnd = random.Random(SEED)
    out = ssl.MemoryBIO()
    context = tn.tls_context()
    o = context.wrap_bio(ssl.MemoryBIO(), out)
    try:
        o.do_handshake()
    except ssl.SSLWantReadError:
        pass
    hello = out.read()

    def say(data, way):
        s = dial(net, net.tls_port)
        push(s, data)
        leave(s, way)
    with Peace(net):
        for n in sample(rnd, len(hello), 60):
            for way in range(3):
                say(hello[:n], way)
        for i in sample(rnd, len(hello) * 8, 150):
            b = bytearray(hello)
            b[i // 8] ^= 1 << i % 8
            say(bytes(b), i % 3)
        for data in (b'GET / HTTP/1.1\r\n\r\n', b'\x16\x03\x01\xff\xff' + b'A' * 70000,
                     b'\x16\x03\x01\x00\x01\x01' * 5000, b'\x15\x03\x03\x00\x02\x01\x00' * 5000,
                     b'\x80\x2e\x01\x00\x02', b'\x00' * 5000, rnd.randbytes(5000),
                     hello + hello, hello * 50, b'\xff\xfd\x2e' * 5000):
            for way in range(3):
                say(data, way)
        slow = dial(net, net.tls_port)          # one byte a segment: it is a ClientHello still
        for i in range(len(hello)):
            slow.sendall(hello[i:i + 1])
        check(slow.recv(5)[:1] == b'\x16', 'no ServerHello for a hello in pieces')
        slow.close()
        pieces = [hello[5:][i:i + 7] for i in range(0, len(hello) - 5, 7)]
        s = dial(net, net.tls_port)             # one record a few bytes
        push(s, b''.join(hello[:3] + len(p).to_bytes(2, 'big') + p for p in pieces))
        s.settimeout(PATIENCE)
        got = s.recv(5)
        check(got[:1] in (b'\x16', b'\x15'), f'a hello in many records: {got.hex()}')
        s.close()
        healthy(net, tls=True)
    renegotiation(net)


def renegotiation(net):
    """A client of TLS 1.2 that wants a second handshake does not get it."""
    p = subprocess.Popen(['openssl', 's_client', '-tls1_2', '-connect',
                          f'{net.gw_ip}:{net.tls_port}'], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        for _ in range(3):
            p.stdin.write(b'R\n')
            p.stdin.flush()
            time.sleep(0.1)
        p.stdin.close()
    except BrokenPipeError:
        pass
    out = p.stdout.read().decode('latin-1')
    p.stdout.close()
    p.wait()
    check('RENEGOTIATING' in out, out[-500:])
    check('no renegotiation' in out or 'renegotiat' in out.split('RENEGOTIATING')[-1] or
          p.returncode != 0, out[-500:])
    healthy(net, tls=True)


def t_too_long(net):
    """L-01, T-08: sub-negotiations and records without end; in pieces, in TLS too."""
    with Peace(net):
        for tls in (None, True):
            for data in (b'\xff\xfa\x28' + b'A' * 300000, b'\xff\xfa\x18' + b'\xff\xff' * 200000,
                         b'\xff\xfa\x27\x00' + b'\x03A\x01' * 100000, b'A' * 300000):
                with Tn(net, tls=tls) as c:
                    c.opt(tn.DO, tn.E)
                    push(c.s, data)
            with Tn(net, tls=tls) as c:
                c.negotiate_e()
                c.see('LOGON APPLID')
                push(c.s, b'\x00\x00\x00\x00\x00' + b'\x40' * 300000)
                for _ in range(20):
                    drain(c.s)
                    push(c.s, b'\x40' * 100000)
                until('a record without end is dropped',
                      lambda: 'MAXRECV' in net.gw.tail(200) or drain(c.s)[1])


def t_every_truncation_of_a_dialogue(net):
    """A valid client's bytes up to each place, then FIN, RST, or half a close and silence."""
    whole, _ = dialogue(net)
    with Peace(net):
        for n in range(len(whole)):
            for way in range(3):
                s = dial(net)
                push(s, whole[:n])
                leave(s, way)
            if n % 50 == 0:
                healthy(net)


def t_truncations_that_listen(net):
    """The same, but each waits for what the server has to say before it goes."""
    whole, _ = dialogue(net)
    rnd = random.Random(SEED)
    with Peace(net):
        for n in sample(rnd, len(whole), 24):
            for way in range(3):
                s = dial(net)
                push(s, whole[:n])
                drain(s)
                leave(s, way)


def t_every_bit_of_the_negotiation(net):
    whole, neg = dialogue(net)
    rnd = random.Random(SEED)
    with Peace(net):
        held = []
        for i in sample(rnd, neg * 8, 300):
            b = bytearray(whole)
            b[i // 8] ^= 1 << i % 8
            s = dial(net)
            push(s, bytes(b))
            held.append(s)
            if len(held) == 50:
                healthy(net)
                for k, h in enumerate(held):
                    leave(h, k % 3)
                held = []
        for h in held:
            leave(h, 0)


def t_never_reads(net):
    """L-02: hosts that write to clients that don't read; others don't notice."""
    with Peace(net):
        held = []
        for _ in range(5):
            c = Tn(net)
            c.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            c.negotiate_e()
            c.text('LOGON APPLID(DRIVER)')
            c.see('Do it')
            c.put_record(b'\x7d\x5b\x6b\x11\x5b\x6b' + tn.ebcdic('FLOOD'))
            held.append(c)
        for _ in range(5):
            healthy(net)
        check(not SANE or net.gw.rss_kib() < 150000, 'memory of clients that do not read')
        for k, c in enumerate(held):
            push(c.s, b'\xff\xfd\x06' * 1000)
            leave(c.s, k % 3)


def t_half_close(net):
    """A client that has said all it will ever say is let go."""
    with Peace(net):
        for stage, c in states(net):
            c.s.shutdown(socket.SHUT_WR)
            try:
                c.rest()
            except Fail as e:
                raise Fail(f'{stage}: {e}') from None


def noise(rnd):
    """Bytes a Telnet client might send, in an order none would."""
    parts = [lambda: bytes((255, rnd.choice((251, 252, 253, 254)), rnd.choice(
        (0, 1, 3, 6, 24, 25, 31, 39, 40, 46, rnd.randrange(256))))),
             lambda: WILL_E, lambda: REQUEST, lambda: FUNCTIONS,
             lambda: b'\xff\xfa' + bytes((rnd.choice((24, 39, 40, 46)),)) + rnd.randbytes(
                 rnd.randrange(12)) + b'\xff\xf0',
             lambda: b'\xff\xfa\x18\x00IBM-3279-4-E@TCP00009\xff\xf0',
             lambda: b'\xff\xfa\x28\x02\x07IBM-3287-1\x00TCP00001\xff\xf0',
             lambda: bytes((rnd.randrange(10), 0, rnd.randrange(3), 0, rnd.randrange(4))) +
             rnd.randbytes(rnd.randrange(40)).replace(b'\xff', b'') + b'\xff\xef',
             lambda: b'\x07\0\0\0\0' + tn.ebcdic('LOGON APPLID(ECHO)') + b'\xff\xef',
             lambda: bytes((255, rnd.randrange(236, 256))), lambda: rnd.randbytes(rnd.randrange(20)),
             lambda: b'LOGON APPLID(TSODEMO)\r\n']
    return b''.join(rnd.choice(parts)() for _ in range(rnd.randrange(1, 60)))


def t_noise(net):
    rnd = random.Random(SEED)
    with Peace(net):
        for i in range(400):
            s = dial(net)
            push(s, noise(rnd))
            if i % 40 == 0:
                drain(s)
                healthy(net)
            leave(s, i % 3)


def t_storm_of_connections(net):
    """L-07, L-10: a thousand that connect, take an LU and crash; every LU is free again."""
    with Peace(net):
        held = []
        for i in range(1000):
            s = dial(net)
            push(s, WILL_E + REQUEST + FUNCTIONS)
            held.append(s)
            if len(held) == 100:
                for k, h in enumerate(held):
                    leave(h, k % 3)
                held = []


def t_forged_datagrams(net):
    """Enterprise Extender bytes of nobody."""
    rnd = random.Random(SEED)
    with S3270('-model', '3279-2-E') as c:
        c.connect(net)
        c.logon()
        c.see('ECHO')
        u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        u.bind((net.host_ip[:-1] + '9', 0))
        heads = [b'\x04\x04\xbf', b'\x04\x05\xbf', b'\x04\x04\xf3', b'\x04\x04\x53',
                 b'\xc8\xc8\x03', b'\xc8\xc8\x03\xa6\x10\xff\x00\x03',
                 b'\xc8\xc8\x03\xc4\x00\x80\x00\x00\x03\xff\x00', b'']
        for i in range(3000):
            data = rnd.choice(heads) + rnd.randbytes(rnd.randrange(0, 120))
            u.sendto(data[:rnd.randrange(0, len(data) + 1)], (net.gw_ip, 12000 + i % 5))
        u.close()
        c.type('after the storm')
        c.see('AFTER THE STORM')


def t_killed_emulators(net):
    with Peace(net):
        for _ in range(5):
            c = S3270('-model', '3279-2-E')
            c.connect(net)
            c.logon()
            c.see('ECHO')
            c.close()                   # killed: the kernel closes the socket
    check('TCP000' not in net.host.console('D NET,SESSIONS,LIST=ALL', rc=None)[0])
    real_client(net)


def t_byte_at_a_time(net):
    """A client of one byte a segment is slow, not hostile."""
    with Peace(net), Tn(net) as c:
        c.slow = True
        c.negotiate_e()
        c.see('LOGON APPLID')
        c.text('LOGON APPLID(ECHO)')
        c.see('Type anything')


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')],
        Net(workers=int(os.environ.get('WORKERS', '0'))))


if __name__ == '__main__':
    main()

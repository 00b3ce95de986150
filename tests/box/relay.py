# SPDX-License-Identifier: Apache-2.0
"""A network between two nodes that loses, doubles, turns around and cuts what a
test says, needs no rights, and keeps a capture of its own.

Each way is a pair of loopback addresses: what node A sends to the first comes
to node B from the second, and back. Enterprise Extender knows a partner by its
IP address alone, so each node takes the way's near address for its partner
(as with static address translation); two ways are two parallel links.
"""
import select
import socket
import struct
import threading
import time

PORTS = range(12000, 12005)
TOS = {12000: 0xc0, 12001: 0xc0, 12002: 0x80, 12003: 0x40, 12004: 0x20}
PASS, DROP, TWICE, HOLD = 'pass', 'drop', 'twice', 'hold'


class Capture:
    """pcap of raw IPv4 packets made up from datagrams."""

    def __init__(self, path):
        self.f = open(path, 'wb')       # pylint: disable=consider-using-with
        self.f.write(struct.pack('=IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))

    def add(self, src, dst, port, data):
        ip = struct.pack('>BBHHHBBH4s4s', 0x45, TOS[port], 28 + len(data), 0, 0, 64, 17, 0,
                         socket.inet_aton(src), socket.inet_aton(dst))
        b = ip + struct.pack('>HHHH', port, port, 8 + len(data), 0) + data
        now = time.time()
        self.f.write(struct.pack('=IIII', int(now), int(now % 1 * 1e6), len(b), len(b)) + b)

    def close(self):
        self.f.close()


class Dgram:
    """One datagram on its way; what a rule sees."""

    def __init__(self, way, to_b, port, data):
        self.way, self.to_b, self.port, self.data = way, to_b, port, data

    @property
    def nlp(self):
        """Routed by labels, so part of a pipe."""
        d = self.data
        return len(d) > 8 and d[:2] == b'\xc8\xc8' and d[3] >> 5 == 6

    @property
    def thdr(self):
        """Offset of the THDR in an NLP."""
        return self.data.index(0xff, 5) + 2

    @property
    def bytes_of_data(self):
        """The data length field."""
        return struct.unpack_from('>I', self.data, self.thdr + 12)[0] if self.nlp else 0


class Way:
    def __init__(self, a, near_a, near_b, b):
        self.a, self.near_a, self.near_b, self.b = a, near_a, near_b, b
        self.cut = False
        self.held = None
        self.socks = {}                 # (address, port): socket
        for addr in (near_a, near_b):
            for port in PORTS:
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
                s.bind((addr, port))
                self.socks[addr, port] = s

    def send(self, d):
        src, dst = (self.near_b, self.b) if d.to_b else (self.near_a, self.a)
        try:
            self.socks[src, d.port].sendto(d.data, (dst, d.port))
        except OSError:
            pass                        # nobody listens there now


class Relay:
    """ways: tuples (a, near a, near b, b). The capture is A's view, before anything is lost,
    changed or doubled. rule(Dgram) gives what becomes of it
    and may change its data; it runs on the relay's thread."""

    def __init__(self, ways, path):
        self.capture = Capture(path)
        self.ways = [Way(*w) for w in ways]
        self.rule = lambda d: PASS
        self.passed = self.dropped = 0
        self.lock = threading.Lock()
        self.wake, self.stop_at = socket.socketpair()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def keep(self, d):
        """As A sees it, whatever becomes of it."""
        ends = (d.way.a, d.way.near_a)
        self.capture.add(*(ends if d.to_b else ends[::-1]), d.port, d.data)

    def handle(self, w, addr, port, data):
        d = Dgram(w, addr == w.near_a, port, data)
        self.keep(d)
        todo = DROP if w.cut else self.rule(d)
        if todo == HOLD and w.held is None:
            w.held = d
            return
        if todo == DROP:
            self.dropped += 1
            return
        self.passed += 1
        w.send(d)
        if todo == TWICE:
            w.send(d)
        if w.held is not None:
            w.send(w.held)
            w.held = None

    def run(self):
        by_fd = {s.fileno(): (w, k[0], k[1], s) for w in self.ways for k, s in w.socks.items()}
        poll = select.poll()
        for fd in by_fd:
            poll.register(fd, select.POLLIN)
        poll.register(self.stop_at, select.POLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd == self.stop_at.fileno():
                    return
                w, addr, port, s = by_fd[fd]
                try:
                    data = s.recv(65536)
                except OSError:
                    continue
                with self.lock:
                    self.handle(w, addr, port, data)

    def inject(self, way, to_b, port, data):
        """A datagram of our own, as if the other node had sent it."""
        with self.lock:
            w = self.ways[way]
            d = Dgram(w, to_b, port, data)
            self.keep(d)
            w.send(d)

    def close(self):
        self.wake.send(b'x')
        self.thread.join()
        for w in self.ways:
            for s in w.socks.values():
                s.close()
        self.wake.close()
        self.stop_at.close()
        self.capture.close()

# SPDX-License-Identifier: Apache-2.0
"""A Telnet/TN3270E client for scripts, byte by byte: c = Tn(net) or Tn(net, tls=True),
lu, funcs = c.negotiate_e('IBM-3278-2-E', connect='TCP00007'); r = c.record(); c.text('LOGON
APPLID(ECHO)'); c.respond(r). c.send()/c.upto() are the raw bytes (hex text or bytes), c.event()
the next option, sub-negotiation, command or record, c.opt()/c.sb() the one named. What nobody
asked for stays in c.events; every failure is a box.Fail that tells all that was heard.
"""
import socket
import ssl
import time

from box import PATIENCE, Fail, check

BINARY, ECHO, SGA, TM, TTYPE, EOR, NAWS, NEWENV, E, TLS = 0, 1, 3, 6, 24, 25, 31, 39, 40, 46
C_EOR, SE, NOP, DM, BRK, IP, AO, AYT, EC, EL, GA, SB = range(239, 251)
WILL, WONT, DO, DONT, IAC = range(251, 256)
ASSOCIATE, CONNECT, DEVICE_TYPE, FUNCTIONS, IS, REASON, REJECT, REQUEST, SEND = range(9)
REASONS = ('CONN-PARTNER', 'DEVICE-IN-USE', 'INV-ASSOCIATE', 'INV-NAME', 'INV-DEVICE-TYPE',
           'TYPE-NAME-ERROR', 'UNKNOWN-ERROR', 'UNSUPPORTED-REQ')
(DATA, SCS, RESPONSE, BIND, UNBIND, NVT, REQ, SSCP, EOJ, BID) = range(10)
BIND_IMAGE, DSC, RESPONSES, SCS_CTL, SYSREQ, CONTENTION, SNA_SENSE = range(7)
AID_ENTER = 0x7d


def raw(what):
    """Bytes as they are, or of a text of hex digits ("ff fd 28")."""
    return bytes.fromhex(what) if isinstance(what, str) else bytes(what)


def double(data):
    return data.replace(b'\xff', b'\xff\xff')


def ebcdic(text):
    return text.encode('cp037')


def plain(data):
    """EBCDIC as text; what can't be printed is a blank."""
    return ''.join(ch if ch.isprintable() else ' ' for ch in data.decode('cp037'))


def tls_context(cert=None, key=None):
    c = ssl.create_default_context()
    c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE
    if cert:
        c.load_cert_chain(cert, key)
    return c


class Rejected(Fail):
    """DEVICE-TYPE REJECT: reason is the code, name its word."""

    def __init__(self, reason):
        self.reason = reason
        self.name = REASONS[reason] if reason < len(REASONS) else str(reason)
        super().__init__(f'DEVICE-TYPE REJECT {self.name}')


class Record:
    """One record. In plain TN3270 there is no header: type DATA, all of it in data."""

    def __init__(self, whole, header):
        self.whole = whole
        check(not header or len(whole) >= 5, f'a record shorter than its header: {whole.hex()}')
        h = whole[:5] if header else bytes(5)
        self.type, self.rq, self.rsp = h[0], h[1], h[2]
        self.seq = int.from_bytes(h[3:5], 'big')
        self.data = whole[5:] if header else whole

    def __repr__(self):
        return (f'<type {self.type} rq {self.rq} rsp {self.rsp} seq {self.seq} '
                f'{self.data[:60].hex()}{"..." if len(self.data) > 60 else ""}>')

    def text(self):
        return plain(self.data)


class Tn:
    """One client. where: a box.Net (its port, or tls_port with tls), or (address, port)."""

    def __init__(self, where, tls=None, port=None, source=None, patience=PATIENCE):
        addr = where if isinstance(where, tuple) else (
            where.gw_ip, port or (where.tls_port if tls else where.port))
        self.patience = patience
        self.s = socket.create_connection(addr, timeout=patience,
                                          source_address=(source, 0) if source else None)
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buf = b''                  # bytes not looked at
        self.data = b''                 # of the record, or text, under way
        self.events = []                # found, not taken: see event()
        self.heard = b''                # the last of everything, for failures
        self.closed = False
        self.e = False                  # records have headers
        self.seq = 0
        self.lu = self.devtype = ''
        self.funcs = []
        self.slow = False               # one byte a segment
        if tls:
            self.start_tls(tls if isinstance(tls, ssl.SSLContext) else None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        return False

    def close(self):
        self.s.close()

    def reset(self):
        """Closes with RST, as a crashed machine's stack would."""
        self.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\x01\0\0\0\0\0\0\0')
        self.s.close()

    def start_tls(self, context=None):
        self.s = (context or tls_context()).wrap_socket(self.s)
        self.buf = self.data = b''
        self.events = []

    # --- raw bytes ---

    def send(self, what):
        b = raw(what)
        if not self.slow:
            self.s.sendall(b)
            return
        for i in range(len(b)):
            self.s.sendall(b[i:i + 1])

    def fail(self, text):
        raise Fail(f'{text}; heard last: {self.heard[-120:].hex(" ")} '
                   f'[{plain(self.heard[-300:])}]')

    def more(self, end=None):
        """One read into buf; False: closed. end: when to give up (monotonic)."""
        end = end or time.monotonic() + self.patience
        self.s.settimeout(max(end - time.monotonic(), 0.01))
        b = None
        try:
            b = self.s.recv(65536)
        except (socket.timeout, ssl.SSLWantReadError):
            pass
        except (ConnectionError, ssl.SSLError):
            b = b''
        if b is None:
            self.fail('nothing came in time')
        self.closed = not b
        self.buf += b
        self.heard = (self.heard + b)[-4000:]
        return bool(b)

    def upto(self, what):
        """Raw: reads until what has come; all of it. Not to be mixed with a half read event()."""
        want = raw(what)
        while want not in self.buf:
            if not self.more():
                self.fail(f'closed before {want.hex(" ")}')
        n = self.buf.index(want) + len(want)
        got, self.buf = self.buf[:n], self.buf[n:]
        return got

    def rest(self):
        """Reads until the server closes; what came."""
        while not self.closed:
            self.more()
        got, self.buf = self.buf, b''
        return got

    expect_close = rest

    def quiet(self, seconds=0.3):
        """Nothing comes for a while (the one place where time matters: keep it for what must
        not happen, and prove beside it that the server is alive); the raw bytes otherwise."""
        try:
            self.patience, keep = seconds, self.patience
            while self.more():
                pass
        except Fail:
            pass
        finally:
            self.patience = keep
        return self.buf

    # --- events ---

    def _take(self):
        """One event out of buf, or None. ('opt', verb, option), ('sb', option, body),
        ('cmd', command), ('rec', bytes). Other bytes go to data."""
        b = self.buf
        i = b.find(b'\xff')
        if i != 0:
            n = len(b) if i < 0 else i
            self.data += b[:n]
            self.buf = b = b[n:]
        if len(b) < 2:
            return None
        if b[1] == IAC:
            self.data, self.buf = self.data + b'\xff', b[2:]
            return self._take()
        if b[1] == SB:
            return self._take_sb()
        if b[1] >= WILL:
            if len(b) < 3:
                return None
            self.buf = b[3:]
            return 'opt', b[1], b[2]
        self.buf = b[2:]
        if b[1] == C_EOR:
            whole, self.data = self.data, b''
            return 'rec', whole
        return 'cmd', b[1]

    def _take_sb(self):
        body, i, b = b'', 2, self.buf
        while i < len(b):
            if b[i] != IAC:
                body += b[i:i + 1]
                i += 1
            elif i + 1 == len(b):
                return None
            elif b[i + 1] == IAC:
                body += b'\xff'
                i += 2
            else:
                check(b[i + 1] == SE, f'IAC {b[i + 1]} in a sub-negotiation: {b.hex(" ")}')
                self.buf = b[i + 2:]
                return 'sb', body[0], body[1:]
        return None

    def event(self, wanted=lambda ev: True):
        """The first event that is wanted; earlier ones stay in events. None: closed."""
        for i, ev in enumerate(self.events):
            if wanted(ev):
                return self.events.pop(i)
        end = time.monotonic() + self.patience
        while True:
            ev = self._take()
            if ev is None:
                if not self.more(end):
                    return None
            elif wanted(ev):
                return ev
            else:
                self.events.append(ev)

    def drain(self):
        """What has come already, without waiting for more: events."""
        while True:
            ev = self._take()
            if ev is None:
                return self.events
            self.events.append(ev)

    def opt(self, verb, option):
        """Waits for this verb and option."""
        if self.event(lambda ev: ev == ('opt', verb, option)) is None:
            self.fail(f'closed before option {verb} {option}')

    def sb(self, option=E):
        """The next sub-negotiation of an option: its body."""
        ev = self.event(lambda ev: ev[:2] == ('sb', option))
        if ev is None:
            self.fail(f'closed before a sub-negotiation of {option}')
        return ev[2]

    def say(self, verb, option):
        self.send(bytes((IAC, verb, option)))

    def put_sb(self, option, body):
        self.send(bytes((IAC, SB, option)) + double(body) + bytes((IAC, SE)))

    def cmd(self, command):
        self.send(bytes((IAC, command)))

    def ping(self):
        """DO TIMING-MARK and its answer: all said before has been looked at."""
        self.say(DO, TM)
        ev = self.event(lambda ev: ev[0] == 'opt' and ev[1] in (WILL, WONT) and ev[2] == TM)
        if ev is None:
            self.fail('closed before the TIMING-MARK')

    # --- negotiation ---

    def will_e(self):
        """DO TN3270E heard, WILL said, SEND DEVICE-TYPE heard."""
        self.opt(DO, E)
        self.say(WILL, E)
        got = self.sb()
        check(got == bytes((SEND, DEVICE_TYPE)), f'not SEND DEVICE-TYPE: {got.hex()}')

    def request(self, devtype, connect=None, associate=None):
        """DEVICE-TYPE REQUEST; the LU of IS. Rejected: raises."""
        body = bytes((DEVICE_TYPE, REQUEST)) + devtype.encode()
        if connect is not None:
            body += bytes((CONNECT,)) + connect.encode()
        if associate is not None:
            body += bytes((ASSOCIATE,)) + associate.encode()
        self.put_sb(E, body)
        return self.device_is(devtype)

    def device_is(self, devtype):
        got = self.sb()
        if got[:3] == bytes((DEVICE_TYPE, REJECT, REASON)):
            check(len(got) == 4, f'REJECT: {got.hex()}')
            raise Rejected(got[3])
        want = bytes((DEVICE_TYPE, IS)) + devtype.encode() + bytes((CONNECT,))
        check(got.startswith(want), f'IS does not echo {devtype} with CONNECT: {got!r}')
        self.devtype, self.lu = devtype, got[len(want):].decode()
        return self.lu

    def functions(self, wanted):
        """FUNCTIONS dialogue; a shorter list of the server's is taken. The list agreed."""
        self.put_sb(E, bytes((FUNCTIONS, REQUEST, *wanted)))
        got = self.sb()
        check(got[0] == FUNCTIONS and got[1] in (IS, REQUEST), f'not FUNCTIONS: {got.hex()}')
        self.funcs = list(got[2:])
        if got[1] == REQUEST:
            self.put_sb(E, bytes((FUNCTIONS, IS)) + got[2:])
        else:
            check(set(self.funcs) == set(wanted), f'IS {self.funcs} is not {wanted}')
        self.e = True
        return self.funcs

    def negotiate_e(self, devtype='IBM-3278-2-E', connect=None, associate=None,
                    functions=(BIND_IMAGE, RESPONSES, SYSREQ)):
        """All of TN3270E: (LU, functions agreed)."""
        self.will_e()
        self.request(devtype, connect, associate)
        self.functions(functions)
        return self.lu, self.funcs

    def refuse_e(self):
        self.opt(DO, E)
        self.say(WONT, E)

    def ttype(self, name):
        """DO TTYPE or another SEND heard; says the terminal type."""
        got = self.sb(TTYPE)
        check(got == b'\x01', f'not TTYPE SEND: {got.hex()}')
        self.put_sb(TTYPE, b'\x00' + name.encode())

    def negotiate_3270(self, ttype='IBM-3278-2-E', refuse=True):
        """Plain TN3270; name@LU asks for an LU (RFC 1646)."""
        if refuse:
            self.refuse_e()
        self.opt(DO, TTYPE)
        self.say(WILL, TTYPE)
        self.ttype(ttype)
        self.options_3270()

    def options_3270(self):
        for o in (EOR, BINARY):
            self.opt(DO, o)
            self.opt(WILL, o)
            self.say(WILL, o)
            self.say(DO, o)
        self.e = False

    # --- records ---

    def record(self, kind=None):
        """The next record (of this type; others before it stay). None: closed."""
        ev = self.event(lambda ev: ev[0] == 'rec' and
                        (kind is None or not self.e or ev[1][:1] == bytes((kind,))))
        return Record(ev[1], self.e) if ev else None

    def see(self, text):
        """Reads records until one has this text in it, in any case; that record."""
        seen = []
        while True:
            r = self.record()
            if r is None:
                self.fail(f'closed before "{text}"; records: {seen}')
            if text.upper() in r.text().upper():
                return r
            if r.rsp == 2 and r.type in (DATA, SCS):
                self.respond(r)
            seen.append(r)

    def put_record(self, data, kind=DATA, rq=0, rsp=0, seq=None):
        """One record; in plain TN3270 without header."""
        if seq is None:
            seq = self.seq
            if kind in (DATA, SCS, SSCP):
                self.seq = (self.seq + 1) & 0x7fff
        head = bytes((kind, rq, rsp)) + seq.to_bytes(2, 'big') if self.e else b''
        self.send(double(head + raw(data)) + bytes((IAC, C_EOR)))

    def respond(self, record, negative=None, sense=None):
        """RESPONSE to a record: positive; negative: its byte (0-3); sense: 4 bytes."""
        if sense is not None:
            self.put_record(sense, RESPONSE, rsp=2, seq=record.seq)
        else:
            self.put_record(bytes((negative or 0,)), RESPONSE,
                            rsp=0 if negative is None else 1, seq=record.seq)

    def enter(self, text, aid=AID_ENTER, at=b'\x40\xc6', field=b''):
        """An AID with a cursor address and text; field: SBA order in front ("11 40 c7")."""
        self.put_record(bytes((aid,)) + at + raw(field) + ebcdic(text))

    def text(self, text):
        """As typed on the logon screen (SSCP-LU-DATA where SYSREQ was agreed)."""
        if self.e and SYSREQ in self.funcs:
            self.put_record(ebcdic(text), SSCP)
        else:
            self.enter(text)

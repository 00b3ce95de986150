#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What users of such servers complain about: each is told on the terminal where one can be
painted, to the operator, and in a counter. One test a complaint; those that need more than
this net has are elsewhere: takeover in b_mapping, timing marks in b_check_limits, DACTLU and
ACTLU in b_check_turns (t_lu_recycled), TLS in b_tls."""
import re

from box import check, until
from b_check_limits import LNet, metrics, with_port
from driver import Driver, run_with
from tnclient import (AO, DATA, DO, IAC, NOP, SSCP, TTYPE, WILL, Rejected, Tn, ebcdic)

NOAPPL, ONLY = '127.5.5.5', '127.5.5.6'
PRT = 'IBM-3287-1'
EDIT = with_port('MAXCONNADDR 3\n', vtam=f"""
  IPGROUP LOST {NOAPPL} ENDIPGROUP
  LUGROUP ODD XYZ00001..XYZ00003 ENDLUGROUP
  PRTGROUP ODDPRT XYZ00011..XYZ00013 ENDPRTGROUP
  LUMAP ODD LOST
  PRTMAP ODDPRT LOST
  IPGROUP FEW {ONLY} ENDIPGROUP
  LUMAP TCP00900 FEW
  PRTDEFAULTAPPL NOSUCHP
""")


def edit(side, name, text):
    if (side, name) == ('gw', 'telnet.profile'):
        text = text.replace('DEBUG CONN SUMMARY', 'DEBUG CONN EXCEPTION')
    return EDIT(side, name, text)


NET = LNet(edit=edit)


def counter(name):
    """Of /metrics; all labels together."""
    return sum(int(x.split()[-1]) for x in metrics(NET).splitlines()
               if re.match(rf'snagate_{name}(_total)?(\{{.*\}})? ', x))


class Told:
    """with Told(counter, pattern): the operator reads the pattern's line, the counter grows."""

    def __init__(self, name, pattern, n=1):
        self.name, self.pattern, self.n = name, pattern, n

    def __enter__(self):
        self.before, self.seen = counter(self.name), len(NET.gw.tail(100000))

    def __exit__(self, kind, *_):
        if kind is None:
            until(f'the operator reads "{self.pattern}"', lambda: re.search(
                self.pattern, NET.gw.tail(100000)[self.seen:]))
            until(f'{self.name} is counted',
                  lambda: counter(self.name) == self.before + self.n)


def at_logon(**kw):
    c = Tn(NET, **kw)
    c.negotiate_e()
    c.see('LOGON APPLID')
    return c


def t_10_refused_connection():
    """A refused connection: words on the line, EZZ6034I, counters."""
    have = [Tn(NET, source='127.5.5.9') for _ in range(3)]
    for c in have:
        c.opt(DO, 40)
    with Told('telnet_refused_limit', r'CONN DROP    CONNADDR\n.*127\.5\.5\.9.*MAXCONNADDR'):
        with Tn(NET, source='127.5.5.9') as c:
            check(b'as many connections as it may have (MAXCONNADDR)' in c.rest(), c.heard)
    for c in have:
        c.close()


def t_10_refused_lu():
    """A refused LU: the reject code or words, which name and why for the operator, a counter."""
    with Told('telnet_lu_refused', r'NEGOTIATED   NO LU\n.*NOSUCHLU: .*none.*\(INV-NAME\)'):
        with Tn(NET) as c:
            c.will_e()
            try:
                c.request('IBM-3278-2-E', connect='NOSUCHLU')
                check(False, 'it got one')
            except Rejected as e:
                check(e.name == 'INV-NAME', e.name)
    with Tn(NET, source=ONLY) as c:
        c.negotiate_e()
        with Told('telnet_lu_refused', r'all LUs the client may have are in use.*DEVICE-IN-USE'):
            with Tn(NET, source=ONLY) as d:
                d.will_e()
                try:
                    d.request('IBM-3278-2-E')
                    check(False, 'it got one')
                except Rejected as e:
                    check(e.name == 'DEVICE-IN-USE', e.name)
    with Told('telnet_drops', r'CONN DROP    NEGOTIATE\n.*the LU name asked for is not'):
        with Tn(NET) as c:                      # plain: its line says it in words
            c.refuse_e()
            c.opt(DO, TTYPE)
            c.say(WILL, TTYPE)
            c.ttype('IBM-3278-2@NOSUCHLU')
            c.ttype('IBM-3278-2@NOSUCHLU')
            check(b'the LU name asked for is not defined here' in c.rest(), c.heard)


def t_10_refused_logon():
    """A refused logon: the sense code in words on the screen, for the operator, a counter; the
    terminal is still there for another."""
    with at_logon() as c:
        for line, sense, words in (
                ('LOGON APPLID(NOSUCH)', '08060012', 'NOSUCH: destination LU or application'),
                ('LOGON APPLID(DRIVER) LOGMODE(NOMODE)', '08210002', 'logon mode name'),
                ('LOGON APPLID(HOST1)', '[0-9A-F]{8}', 'HOST1: ')):
            with Told('telnet_logons_failed', rf'{c.lu} NO SESS      {sense}\n.*{words}'):
                c.text(line)
                t = c.see('UNABLE TO ESTABLISH').text()
                check(words in t and re.search(sense, t), t)
        c.text('LOGON APPLID(ECHO)')
        c.see('Type anything')


def t_10_refused_logon_in_lines():
    """The same without a screen, and over 3270 without TN3270E."""
    with Told('telnet_logons_failed', r'NO SESS      08060012\n.*NOSUCH3: ', 2):
        with Tn(NET) as c:
            c.refuse_e()
            c.opt(DO, TTYPE)
            c.say(252, TTYPE)
            c.upto(b'LOGON APPLID')
            c.send(b'LOGON APPLID(NOSUCH2)\r\n')
            c.upto(b'08060012')
        with Tn(NET) as c:
            c.negotiate_3270('IBM-3278-2')
            c.see('LOGON APPLID')
            c.text('LOGON APPLID(NOSUCH3)')
            c.see('08060012')


def t_10_printer_without_its_application():
    """A printer has no screen, and is tried again by itself: the operator hears it once."""
    with Told('telnet_logons_failed', r'PRT\d+ NO SESS      08060012\n.*NOSUCHP: '):
        with Tn(NET) as c:
            c.negotiate_e(PRT, functions=(0, 1, 2, 3))
            c.ping()
            until('it was tried', lambda: 'NOSUCHP' in NET.gw.tail(100))


def t_10_refused_bind():
    """A refused BIND: both sizes and the sense code, on screen and console, and counted."""
    with at_logon() as c:
        with Told('telnet_binds_refused',
                  r'NO SESS      08210000\n.*DRIVER wants a screen of 62 by 160, .* 24 by 80'):
            c.text('LOGON APPLID(DRIVER) DATA(AROWS=62 ACOLS=160 SIZECODE=7F)')
            t = c.see('DRIVER wants').text()
            check('62 by 160' in t and '24 by 80' in t and '08210000' in t, t)


def t_10_failed_open_is_no_loop():
    """OPEN ACB fails (no APPL for the LU): one answer, no screens, and the client's next word
    is heard. A printer, plain clients: the same."""
    for dev in ('IBM-3278-2-E', PRT):
        with Told('telnet_lu_refused', r'NO LU\n.*no APPL definition of the node has its name'):
            with Tn(NET, source=NOAPPL) as c:
                c.will_e()
                try:
                    c.request(dev)
                    check(False, 'it got one')
                except Rejected as e:
                    check(e.name == 'UNKNOWN-ERROR', e.name)
                c.ping()
                c.ping()
                check(c.drain() == [] and not c.closed, str(c.events))
    with Told('telnet_lu_refused', r'no APPL definition', 1):
        with Tn(NET, source=NOAPPL) as c:
            c.refuse_e()
            c.opt(DO, TTYPE)
            c.say(WILL, TTYPE)
            c.ttype('IBM-3278-2')
            c.ttype('IBM-3278-2')
            got = c.rest()
            check(got.count(b'snagate:') == 1, repr(got))


def t_10_unknown_terminal_type():
    """An unknown terminal type is asked for its next one; one that has none is told in lines."""
    with Tn(NET) as c:
        c.refuse_e()
        c.opt(DO, TTYPE)
        c.say(WILL, TTYPE)
        c.ttype('WONDER-TERM')
        c.ttype('IBM-3278-2')
        c.options_3270()
        c.see('LOGON APPLID')


def t_10_nops_are_not_data():
    """NOPs before, in and behind a record: what is typed arrives as typed, once."""
    with Driver(NET) as d:
        nop = bytes((IAC, NOP))
        rec = bytes((DATA, 0, 0, 0, 1, 0x7d, 0x40, 0x40, 0x11, 0xd9, 0xc6)) + ebcdic('STATUS')
        d.send(nop * 3 + b''.join(bytes((x,)) + nop for x in rec) + bytes((IAC, 239)) + nop * 3)
        t = d.see('DRIVER -').text()
        check('INPUT 1 LENGTH 12' in t, t)


def t_10_null_ru_with_definite_response():
    """A null RU that asks for a definite response gets one, though the client shows nothing."""
    with Driver(NET) as d:
        d.do('NULL RQD NOCD;AWAIT;STATUS')
        t = d.see('DRIVER -').text()
        check('RESPONSES +1 -0' in t, t)


def t_10_host_ends_the_session():
    """LUSESSIONPEND: the logon screen again, with why the session ended where that was not
    its normal end; the same connection and LU."""
    with Driver(NET) as d:
        d.do('LOGOFF')
        d.see('LOGON APPLID')
        d.logon()
        d.see('DRIVER -')
        with Told('telnet_sessions_lost', rf'{d.lu} SESS DROP    HOSTINIT\n.*DRIVER ended: LU'):
            d.do('UNBIND TYPE=0E')
            d.see('Session with DRIVER ended: LU failed')
        d.logon()
        check(d.lu in d.see('DRIVER -').text())
        d.cmd(AO)
        d.record(SSCP)
        d.text('LOGOFF')
        d.see('LOGON APPLID')


if __name__ == '__main__':
    run_with(NET, [v for k, v in sorted(globals().items()) if k.startswith('t_')])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns, keys and sessions: SYSREQ, ATTN, the keyboard, contention resolution, late and missing
answers, BINDs that do not fit, input nobody waits for. The ids are those of the conformance
checklist (companion tn3270e, section 22)."""
import random
import re

from box import Net, S3270, check, until
from driver import COMMAND, Driver, run_with
from tnclient import (AO, BID, BIND, BRK, CONTENTION, DATA, IAC, IP, REQ, RESPONSE, SNA_SENSE,
                      SSCP, SYSREQ, UNBIND, Tn, ebcdic)

CR = (0, 2, SYSREQ, CONTENTION, SNA_SENSE)
NULL_WRITE = b'\xf1\xc2'


def edit(side, name, text):
    """The TLS port has other parameters."""
    if side == 'gw' and name == 'telnet.profile':
        text = text.replace('CONNTYPE SECURE', 'CONNTYPE SECURE\n  RSPTIMEOUT 1\n  SINGLEATTN\n'
                            '  UNLOCKKEYBOARD AFTERREAD NOTN3270BIND')
    return text


NET = Net(edit=edit)


def sent():
    """Messages DRIVER has sent, all sessions."""
    text = NET.host.console('D NET,APPS')
    return int(re.search(r'DRIVER .*\n.*OUT (\d+)', text)[1])


def counter(name):
    """One of D TCPIP,,TELNET,PROFILE,DETAIL."""
    return int(re.search(rf'{name} +(\d+)', NET.gw.console('D TCPIP,,TELNET,PROF,DETAIL'))[1])


def t_r12_r28_sysreq():
    """R-12, R-28: suspended, nothing of the host reaches the client and the host hears 082D; the
    second SYSREQ resumes: LUSTAT 082B, and the host repaints."""
    with Driver(NET) as d:
        before = sent()
        d.together('WAIT 1;SEND TEXT=NEVERSEEN RQD CD', bytes((IAC, AO)))
        check(d.record(SSCP).data == b'\x15')
        until('the host has written', lambda: sent() > before)
        d.put_record(ebcdic('X'), SSCP)
        check(b'UNRECOGNIZED' in d.record().text().encode(), 'something else came first')
        d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic('SEND'))       # 3270-DATA: not now (L-05)
        d.cmd(AO)
        t = d.see('DRIVER -').text()
        check('-1 LAST SENSE 082D0000' in t and 'LUSTATS 1 LAST 082B0000' in t, t)
        check('INPUT 1 ' in t, t)
        check(counter('telnet_chains_refused') == 1)
        # resumed before the host wrote: it has the turn, its write arrives
        d.cmd(AO)
        d.cmd(AO)
        check('LUSTATS 2' in d.see('DRIVER -').text())


def t_r13_sysreq_not_agreed():
    """R-13: AO is ignored."""
    with Driver(NET, functions=(0, 2)) as d:
        d.cmd(AO)
        d.cmd(AO)
        d.ping()
        st = d.status()
        check(st['lustats'] == 0 and st['inputs'] == 1, str(st))


def t_r14_attn():
    """R-14: IP is SIGNAL, also when it is not the client's turn; FM profile 2: X'6C'; without
    a session nothing."""
    with Driver(NET) as d:
        d.do('SEND NOCD TEXT=HELD')
        d.see('HELD')
        d.cmd(IP)
        check('SIGNALS 1' in d.see('DRIVER -').text())
        for n, key in ((2, IP), (3, BRK)):      # one at a time: SIGNAL is answered first
            d.cmd(key)
            st = d.status()
            check(st['signals'] == n, str(st))
        d.do('LOGOFF')
        d.see('LOGON APPLID')
        d.cmd(IP)
        d.ping()
        d.logon(logmode='D4B32782')
        t = d.see('DRIVER -').text()
        check('FM 2' in t and 'SIGNALS 0' in t, t)
        d.cmd(IP)
        t = d.see('DRIVER -').text()
        check('INPUT 1 LENGTH 1' in t and 'SIGNALS 0' in t, t)


def t_r14_single_attn():
    """SINGLEATTN: PA1 and BREAK are one key of some clients; the next key is another."""
    for tls, inputs in ((True, 1), (None, 2)):
        with Driver(NET, tls=tls, mode='3270', logmode='NSX32702') as d:
            d.send(b'\x6c\xff\xef\xff\xf3')
            d.ping()
            d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic('STATUS LAST'))
            until('all of it', lambda: f'INPUT {inputs + 1} ' in d.record().text())


def t_r20_keyboard():
    """R-20: the restore bit of the WCC goes with CD and EB, whatever the host wrote there."""
    with Driver(NET) as d:
        for line, first in (('SEND HEX=F5C340 NOCD;SEND TEXT=X', 'f5c140'),
                            ('SEND HEX=F1C140 CD', 'f1c340'), ('SEND HEX=7EC140 EB', '7ec340'),
                            ('SEND N=2 SIZE=5 CMD=F1 WCC=C1', 'f1c3'),
                            ('SEND HEX=F3000501FF02 CD', 'f3000501ff02'),
                            ('SEND HEX=6F CD', '6f')):
            d.do(line)
            r = d.rec()
            check(r.data.hex().startswith(first), f'{line}: {r}')
            if 'TEXT=X' in line:
                d.see('X 000001')
    with S3270('-model', '3279-2-E', '-xrm', 's3270.aidWait: false') as s:
        s.connect(NET)
        s.logon('DRIVER')
        s.see('DRIVER -')
        s.type('SEND NOCD')
        s.see('CHAIN 000001')
        check(s.cmd('', ok=None)[1].startswith('L'), 'the keyboard is free')
        s.cmd('Attn()', ok=None)
        s.see('SIGNAL RECEIVED')
        check(s.cmd('', ok=None)[1].startswith('U'))


def t_r20_reads():
    """UNLOCKKEYBOARD: a Read with CD frees the keyboard, before it or behind it."""
    with Driver(NET) as d:
        d.do('SEND CMD=F6 SIZE=1')
        check([d.rec().data for _ in '12'] == [NULL_WRITE, b'\xf6'])
    with Driver(NET, tls=True) as d:
        d.do('SEND CMD=F6 SIZE=1')
        check([d.rec().data for _ in '12'] == [b'\xf6', NULL_WRITE])


def t_r20_bind_frees_the_keyboard():
    """UNLOCKKEYBOARD TN3270BIND: a client that hears no BIND gets its keyboard at BIND."""
    for tls, clear in ((None, True), (True, False)):
        with Driver(NET, tls=tls, mode='3270', logmode='SNX32702', data='QUIET', first=False) as d:
            if clear:
                check(d.record().data == b'\xf5\xc3')
            until('in session', lambda: 'DRIVER' in NET.gw.console('D TCPIP,,TELNET,CONN'))
            d.enter('STATUS')
            check('DRIVER -' in d.record().text(), 'another record before it')


def t_r21_contention_resolution():
    """R-21: SEND-DATA with every CD and EB; empty 00 03 where nothing else would free the
    keyboard; a kept turn has neither. An old client that asks for 05 alone (I-11) gets it."""
    with Driver(NET, functions=CR) as d:
        check(d.funcs == list(CR) and d.first.rq == 1, repr(d.first))
        for line, rq, data in (('SEND HEX=F1C3 NOCD;NULL CD', 0, 'f1c3'), ('', 3, ''),
                               ('SEND HEX=F1C1 CD', 1, 'f1c3'), ('NULL EB', 3, ''),
                               ('SEND N=3 SIZE=50', 1, None), ('SEND CMD=F6 SIZE=1', 1, 'f6')):
            if line:
                d.do(line)
            r = d.rec()
            check(r.rq == rq and (data is None or r.data.hex() == data), f'{line}: {r}')


def t_r21_bid():
    """R-21: the client decides about a BID. Accepted: nothing of it goes before the host's
    bracket. Refused: 0813. Where it can't be asked the typing decides."""
    with Driver(NET, functions=CR) as d:
        d.do('SEND EB;BID;AWAIT;SEND TEXT=BRACKET')
        d.rec()
        r = d.record(BID)
        check((r.rq, r.rsp, r.data) == (0, 2, b''), repr(r))
        d.do('STATUS')                  # typed before the BID was heard
        d.respond(r)
        check(d.rec().rq == 1)          # BRACKET, then what was typed
        check('INPUT 2 ' in d.see('DRIVER -').text())
        d.do('SEND EB;BID;AWAIT;STATUS')
        d.rec()
        d.respond(d.record(BID), negative=0)
        check('LAST SENSE 08130000' in d.see('DRIVER -').text())
        d.do('SEND EB;BID')
        d.rec()
        r = d.record(BID)
        d.do('SEND TEXT=MINE')          # refused, and then its own bracket
        d.respond(r, negative=0)
        d.see('MINE')
    with Driver(NET) as d:
        d.do('SEND EB;BID;AWAIT;STATUS')
        d.rec()
        check('RESPONSES +1 -0' in d.see('DRIVER -').text())
        check(BID not in [ev[1][0] for ev in d.drain() if ev[0] == 'rec'])


def t_r21_forced_bid():
    """R-21: the host's SIGNAL is a BID with the SIGNAL flag; accepted, the turn goes back."""
    with Driver(NET, functions=CR) as d:
        d.do('SEND TEXT=YOURS;SIGNAL')
        d.see('YOURS')
        r = d.record(BID)
        check((r.rq, r.rsp) == (4, 2), repr(r))
        d.respond(r)
        check('LAST 00060000' in d.see('DRIVER -').text())
    with Driver(NET) as d:              # others don't hear it; the host is answered
        d.do('SEND TEXT=YOURS;SIGNAL')
        d.see('YOURS')
        st = d.status()
        check(st['plus'] == 1 and st['lustats'] == 0, str(st))


def t_r29_answer_that_never_comes():
    """R-29: after RSPTIMEOUT the host hears 0831; the late answer is ignored."""
    with Driver(NET, tls=True) as d:
        d.do('SEND RQD NOCD;AWAIT;STATUS')
        r = d.rec()
        t = d.see('DRIVER -').text()
        check('+0 -1 LAST SENSE 08310000' in t, t)
        d.respond(r)
        st = d.status()
        check((st['plus'], st['minus']) == (0, 1), str(st))
        until('the operator hears of it', lambda: 'no answer of the client' in NET.gw.tail(20))
        check(counter('telnet_answers_overdue') == 1)


def t_i03_unbind_02_then_bind():
    """I-03: the connection, the LU, and no logo between; the new image counts."""
    with Driver(NET, devtype='IBM-3278-4-E') as d:
        d.do('REBIND MODE=SNX32703')
        got = [d.record() for _ in range(3)]
        check([r.type for r in got] == [UNBIND, BIND, DATA], str(got))
        check(got[0].data == b'\x02' and got[1].data[22:25] == b'\x20\x50\x7f', str(got))
        check('MODE SNX32703' in got[2].text() and d.lu in got[2].text())
        d.do('REBIND MODE=D4B32782')
        check('FM 2' in d.see('DRIVER -').text())


def t_i05_null_ru():
    """I-05: a null RU with CD or EB is a Write that only frees the keyboard; without it is
    nothing, and a definite response is given in either case."""
    with Driver(NET) as d:
        for line in ('NULL CD', 'NULL EB', 'NULL NOBB EB'):
            d.do(line)
            check(d.rec().data == NULL_WRITE, line)
        d.do('NULL RQD NOCD;AWAIT;STATUS')
        check('RESPONSES +1 -0' in d.see('DRIVER -').text())
        d.do('NULL RQD EB')
        r = d.rec()
        check(r.data == NULL_WRITE and r.rsp == 2, repr(r))
        d.respond(r)
        check(d.status()['plus'] == 2)


def t_responses_in_order():
    """The host's responses come in the order of its requests: a null RU that we answer waits for
    the client's answer to the chain before it."""
    with Driver(NET, data='PRI=F1') as d:       # delayed request mode: it may go on unanswered
        d.do('SEND RQD NOCD;NULL RQD NOCD;CHASE;AWAIT;STATUS')
        r = d.rec()
        d.ping()
        check(not [ev for ev in d.drain() if ev[0] == 'rec'], 'an answer was given too soon')
        d.respond(r, negative=2)
        t = d.see('DRIVER -').text()
        check('-1 LAST SENSE 10050000' in t, t)
        st = d.status()
        check((st['plus'], st['minus']) == (2, 1), str(st))


def t_i07_late_response():
    """I-07: the answer to a record of the session before is ignored."""
    with Driver(NET) as d:
        d.do('SEND RQD NOCD;WAIT 1;REBIND')
        r = d.rec()
        d.see('DRIVER -')
        d.respond(r)
        d.respond(r, negative=2)
        d.do('SEND RQD NOCD;AWAIT;STATUS')
        new = d.rec()
        d.respond(r)
        d.respond(new)
        t = d.see('DRIVER -').text()
        check('RESPONSES +1 -0' in t, t)


def t_i08_ru_size_00():
    """I-08: no limit: long chains go both ways."""
    with Driver(NET, data='RUS=00 RUP=00') as d:
        check(d.image.data[10:12] == b'\0\0', d.image.data.hex())
        d.do('SEND N=2 SIZE=4000')
        check(len(d.rec().data) == 8000)
        d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic('STATUS'.ljust(4000)))
        check('LENGTH 4006' in d.see('DRIVER -').text())


def t_z09_chain_of_a_megabyte():
    """Z-09: a chain of 1 MiB is one record; a longer one is refused with 0812 in bounded
    memory, and the session goes on."""
    with Driver(NET, data='RUS=00 RUP=00') as d:
        for rus, size, minus in ((256, 4096, 0), (257, 4081, 1), (256, 4096, 1)):
            before = NET.gw.rss_kib()
            d.do(f'SEND N={rus} SIZE={size} RQD NOCD;AWAIT;STATUS')
            if rus == 256:
                r = d.rec()
                check(len(r.data) == 1048576, str(len(r.data)))
                d.respond(r)
            t = d.see('DRIVER -').text()
            check(f'-{minus} ' in t and (minus == 0 or 'SENSE 08120000' in t), t)
            check(NET.gw.rss_kib() < before + 8192, f'{before} KiB, then {NET.gw.rss_kib()}')


def t_i09_input_waits_for_the_turn():
    """I-09: what is typed in the host's turn is kept, in order, and delivered when it ends; a
    client that types too far ahead is read no more till then, and the operator hears of it."""
    with Driver(NET) as d:
        d.together('SEND NOCD TEXT=FIRST;WAIT 1;SEND TEXT=DONE',
                   *(f'STATUS {n}' for n in range(20)))
        d.see('FIRST')
        d.see('DONE')
        for n in range(20):
            check(f'INPUT {n + 2} ' in d.see('DRIVER -').text())
        check('typed ahead' in NET.gw.tail(30), NET.gw.tail(30))
        check(counter('telnet_typed_ahead') >= 1)


def t_bind_that_does_not_fit():
    """The BIND's screen and the terminal's: refused with a sense code, and the user reads why."""
    for devtype, data, words in (
            ('IBM-3278-2-E', 'AROWS=62 ACOLS=160 SIZECODE=7F', '62 by 160'),
            ('IBM-3278-4-E', 'ROWS=12 COLS=40 SIZECODE=7E', '12 by 40'),
            ('IBM-DYNAMIC', 'AROWS=43 ACOLS=80 SIZECODE=7F', 'its own size')):
        with Tn(NET) as c:
            c.negotiate_e(devtype)
            c.see('LOGON APPLID')
            c.text(f'LOGON APPLID(DRIVER) LOGMODE(SNX32702) DATA({data})')
            r = c.see('DRIVER wants')
            check(words in r.text() and '08210000' in r.text() and devtype in r.text(), r.text())
            c.text('LOGON APPLID(DRIVER)')      # and it is still there for another
            c.see('DRIVER -')
    with Driver(NET, mode='3270') as d:         # no BIND is heard: Erase/Write is 24 by 80
        d.do('REBIND MODE=SNX32702 ROWS=24 COLS=80 AROWS=43 ACOLS=80 SIZECODE=7F')
        d.see('wants a screen of 43 by 80')
    until('the operator hears of it', lambda: 'BIND of DRIVER refused' in NET.gw.tail(40))
    check(counter('telnet_binds_refused') >= 4)


def t_lu_recycled():
    """DACTLU and ACTLU while nobody is logged on: the client is kept, reads what happens and
    has its logon screen again. One in session is dropped, and the log says why."""
    with Driver(NET) as d, Driver(NET) as other:
        d.do('LOGOFF')
        d.see('LOGON APPLID')
        NET.gw.console('V NET,INACT,ID=APPLTN')
        d.see('WAS DEACTIVATED')
        other.rest()
        check(d.lu in NET.gw.console('D TCPIP,,TELNET,CONN'))
        NET.gw.console('V NET,ACT,ID=APPLTN')
        d.see('LOGON APPLID')
        d.logon()
        check(d.lu in d.see('DRIVER -').text())
        until('the log says why', lambda: 'deactivated' in NET.gw.tail(40))


def t_sysreq_gives_up_a_logon():
    """SYSREQ while a session is awaited: the logon screen."""
    with Driver(NET) as d:
        d.do('UNBIND TYPE=02')
        check(d.record(UNBIND).data == b'\x02')
        d.cmd(AO)
        d.see('LOGON APPLID')
        d.logon()
        d.see('DRIVER -')


def t_l05_input_nobody_waits_for():
    """L-05: before BIND, between BINDs, after UNBIND, during a logon: dropped, no harm."""
    with Tn(NET) as c:
        c.negotiate_e()
        for kind in range(256):
            c.put_record(b'\x7d\x40\x40\xc1', kind, seq=9)
        c.see('LOGON APPLID')
        c.text('LOGON APPLID(DRIVER)')
        for kind in (DATA, SSCP, RESPONSE, REQ, BIND, UNBIND, BID) * 5:
            c.put_record(b'\x7d\x40\x40\xc1', kind, seq=9)
        c.see('DRIVER -')
    with Driver(NET) as d:
        d.do('UNBIND TYPE=02')
        check(d.record(UNBIND).data == b'\x02')
        for kind in (DATA, SSCP, RESPONSE, REQ) * 5:
            d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic('LOGOFF'), kind, seq=9)
        d.cmd(AO)                               # no BIND came: up to the client again
        d.see('LOGON APPLID')
        d.logon()
        check('INPUT 0 ' in d.see('DRIVER -').text())
        check(d.status()['inputs'] == 1)


def t_l06_damaged_input():
    """L-06: damaged structured fields, orders and headers, at every length: nobody falls over."""
    rnd = random.Random(20260721)
    pids = NET.gw.proc.pid, NET.host.proc.pid
    reply = bytes.fromhex('88000e81808081848586878895a1a6001781810100005000180100')
    for appl in ('DRIVER', 'TSODEMO', 'ECHO'):
        with Tn(NET) as c:
            c.negotiate_e(functions=CR)
            c.see('LOGON APPLID')
            c.text(f'LOGON APPLID({appl})')
            c.record(UNBIND)
            until('a screen of it', lambda: c.record().type == DATA)    # pylint: disable=W0640
            for n in range(len(reply)):
                c.put_record(reply[:n])
            for n in range(300):
                body = bytes(rnd.randrange(256) for _ in range(rnd.randrange(40)))
                kind = rnd.choice((DATA, DATA, SSCP, RESPONSE, REQ, rnd.randrange(256)))
                c.put_record(rnd.choice((b'\x88', b'\x7d', b'\x60', b'')) + body, kind,
                             rq=rnd.randrange(256), rsp=rnd.randrange(256), seq=n)
                if n % 50 == 0:
                    c.ping()
            c.ping()
    check(pids == (NET.gw.proc.pid, NET.host.proc.pid) and NET.gw.proc.poll() is None
          and NET.host.proc.poll() is None)
    with Driver(NET) as d:
        check(d.status()['minus'] == 0)


if __name__ == '__main__':
    run_with(NET, [v for k, v in sorted(globals().items()) if k.startswith('t_')])

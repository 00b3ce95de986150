#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records between client and host: headers, numbers, BIND-IMAGE, responses, data types. The
ids are those of the conformance checklist (companion tn3270e, section 22)."""
import os

from box import Net, S3270, check, until
from driver import COMMAND, HIDDEN, Driver, run_with
from tnclient import (BIND, BIND_IMAGE, CONTENTION, DATA, NVT, RESPONSE, RESPONSES, SNA_SENSE, SSCP,
                      SYSREQ, UNBIND, Tn, double, ebcdic)

EBCDIC_CR = ebcdic('COMMAND UNRECOGNIZED')


def edit(side, name, text):
    """The TLS port has other parameters."""
    if side == 'gw' and name == 'telnet.profile':
        text = text.replace('CONNTYPE SECURE', 'CONNTYPE SECURE NOSNAEXT')
    return text


NET = Net(edit=edit, trace=True)


def kinds(c):
    """Types of all records that have come and were not taken."""
    return [ev[1][0] for ev in c.drain() if ev[0] == 'rec']


def t_r01_header_and_doubled_ff():
    """R-01, T-01: five bytes in front of the data, FF doubled in both, EOR behind."""
    with Driver(NET) as d:
        d.do('SEND HEX=F5C340FFEFFFFF RQE CD')
        r = d.rec()
        check(len(r.whole) == 5 + 7 and r.data == bytes.fromhex('f5c340ffefffff'), repr(r))
        wire = double(r.whole) + b'\xff\xef'
        check(wire in d.heard, f'{wire.hex(" ")} not in {d.heard[-80:].hex(" ")}')
        check(wire.count(b'\xff\xff') == 3)
        # and back: FF of the client arrives as one
        d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic('STATUS') + b'\x11\x40\x40\xff\xff\xc1')
        check('114040FFFFC1' in d.see('DRIVER -').text())


def t_r02_r27_numbers_count_on():
    """R-02, R-27: +1 for each data record, from 32767 to 0; sessions don't reset them."""
    with Driver(NET) as d:
        d.do('LOGOFF')
        d.record(UNBIND)
        last = d.see('LOGON APPLID').seq
        check(last > d.first.seq)
        d.logon()
        r = d.see('DRIVER -')
        check(r.seq == last + 1, f'{r.seq} after {last}')
        d.do('FLOOD COUNT=33000 SIZE=12')
        want = r.seq
        wraps = 0
        for _ in range(33000):
            r = d.rec()
            want = 0 if want == 32767 else want + 1
            wraps += want == 0
            check(r.seq == want and r.rsp == 1, f'{r} but {want} is due')
        check(wraps == 1)
        check(b'\x00\xff\xff' in double(b'\x00\xff'))
        st = d.status()
        check(st['minus'] == 0, str(st))


def t_r02_only_data_counts():
    """R-02, R-24: BIND-IMAGE, UNBIND and SSCP-LU-DATA have number 0 and no flags."""
    with Driver(NET) as d:
        d.cmd(245)
        r = d.record(SSCP)
        check((r.rq, r.rsp, r.seq, r.data) == (0, 0, 0, b'\x15'), repr(r))
        d.cmd(245)
        d.see('DRIVER -')
        d.do('LOGOFF')
        r = d.record(UNBIND)
        check((r.rq, r.rsp, r.seq, r.data) == (0, 0, 0, b'\x01'), repr(r))
        r = d.record(BIND)
        check((r.rq, r.rsp, r.seq) == (0, 0, 0), repr(r))


def t_r03_responses_by_number():
    """R-03, R-09: ALWAYS-RESPONSE where the host wants one; its number brings it home."""
    with Driver(NET) as d:
        d.do('SEND RQD NOCD;AWAIT;STATUS')
        r = d.rec()
        check(r.rsp == 2, repr(r))
        d.put_record(b'\0', RESPONSE, seq=(r.seq + 77) & 0x7fff)        # unknown: ignored
        d.put_record(b'\0', RESPONSE, rsp=7, seq=r.seq)                 # malformed: ignored
        d.ping()
        check(DATA not in kinds(d), 'the host had an answer already')
        d.respond(r)
        check('RESPONSES +1 -0' in d.see('DRIVER -').text())
        d.respond(r)                                                    # twice: ignored
        check(d.status()['plus'] == 1)


def t_r04_basic():
    """R-04, N-19: no functions: data and nothing else, no BIND, no UNBIND, no numbers."""
    with Driver(NET, functions=()) as d:
        check(d.first.seq == 0 and d.first.rsp == 0)
        d.do('SEND RQD NOCD;AWAIT;STATUS')      # we answer for the client
        check('RESPONSES +1' in d.see('DRIVER -').text())
        d.do('LOGOFF')
        d.see('LOGON APPLID')
        check(set(kinds(d)) <= {DATA}, str(d.events))


def t_r05_bind_image_frames_the_session():
    """R-05, I-13: no data before BIND-IMAGE, none between UNBIND and the next BIND."""
    with Tn(NET) as c:
        c.negotiate_e()
        bound = sessions = 0
        c.logged = False
        c.seen = []
        while sessions < 3:
            r = c.record()
            c.seen.append(r)
            if r.type == BIND:
                check(not bound, f'BIND in a session: {c.seen}')
                bound = 1
            elif r.type == UNBIND:
                check(bound, f'UNBIND without a session: {c.seen}')
                bound = 0
                sessions += 1
            elif r.type == DATA:
                check(bound, f'data without a session: {c.seen}')
                if 'LOGON APPLID' in r.text():
                    c.text('LOGON APPLID(DRIVER)')
                elif 'DRIVER -' in r.text():
                    c.enter('', aid=0xf3)
            check(r.type in (BIND, UNBIND, DATA), repr(r))


def t_r06_unbind_01_at_logoff():
    """R-06, R-12: LOGOFF typed to the SSCP: UNBIND 01, the logo, and the same LU."""
    with Driver(NET) as d:
        d.cmd(245)
        check(d.record(SSCP).data == b'\x15')
        d.put_record(ebcdic('  logoff  '), SSCP)
        check(d.record(UNBIND).data == b'\x01')
        d.see('LOGON APPLID')
        check(d.lu in NET.gw.console('D TCPIP,,TELNET,CONN'))


def t_r07_image_is_the_ru():
    """R-07: the image is the host's BIND, byte for byte: it is in the packet trace."""
    images = []
    for data in ('', 'B25=00 B9=87', 'FM=2 TS=2', 'LU=0', 'RUS=00 RUP=00'):
        with Driver(NET, data=data, first=not data.startswith('LU=0')) as d:
            check(d.image.data[0] == 0x31)
            images.append(d.image.data)
    check(images[1][9] == 0x87 and images[2][2] == 2 and images[3][14] == 0)
    check(len(set(images)) == 5)

    def traced():
        with open(os.path.join(NET.dir, 'gw.pcapng'), 'rb') as f:
            trace = f.read()
        return all(i in trace for i in images)
    NET.gw.console('F NET,TRACE,STATUS', rc=None)
    until('the BINDs in the trace', traced)


def t_r08_dynamic_gets_size_code_03():
    """R-08: IBM-DYNAMIC: its own sizes count."""
    with Driver(NET, devtype='IBM-DYNAMIC') as d:
        check(d.image.data[24] == 0x03, d.image.data.hex())


def t_r08_oversize():
    """R-08: a real emulator tells its size in the Query Reply; the application uses it."""
    with S3270('-model', '3279-2-E', '-oversize', '100x40') as s:
        s.connect(NET)
        s.logon('TSODEMO')
        s.see('User ID')
        until('a screen of 40 by 100', lambda: ' 40 100 ' in s.cmd('', ok=None)[1])


def t_r09_r22_a_chain_is_one_record():
    """R-09, R-22: three RUs: one record, one answer wanted, one given; and a long record of the
    client is one chain to the host."""
    with Driver(NET) as d:
        d.do('SEND N=3 SIZE=700 RQD NOCD;AWAIT;STATUS')
        r = d.rec()
        check(len(r.data) == 2100 and r.rsp == 2, repr(r))
        d.respond(r)
        check('RESPONSES +1 -0' in d.see('DRIVER -').text())
        d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic('STATUS'.ljust(3500)))
        check('LENGTH 3506' in d.see('DRIVER -').text())


def t_r10_answers_become_sense_codes():
    """R-10: section 8.4, byte by byte."""
    with Driver(NET, functions=(BIND_IMAGE, RESPONSES, SYSREQ, SNA_SENSE)) as d:
        for how, sense in (({'negative': 0}, '10030000'), ({'negative': 1}, '08020000'),
                           ({'negative': 2}, '10050000'), ({'negative': 3}, '08310000'),
                           ({'sense': '08120007'}, '08120007')):
            d.do('SEND RQD NOCD;AWAIT;STATUS')
            d.respond(d.rec(), **how)
            t = d.see('DRIVER -').text()
            check(f'LAST SENSE {sense}' in t, f'{how}: {t}')
            # and an exception response, where only a refusal is answered
            d.do('SEND RQE NOCD;AWAIT;STATUS')
            r = d.rec()
            check(r.rsp == 1, repr(r))
            d.respond(r, **how)
            check(f'LAST SENSE {sense}' in d.see('DRIVER -').text())
        # an error nobody asked for: the host is told too
        d.do('SEND CMD=99 RQE CD')
        d.respond(d.rec(), negative=0)
        check('NEGATIVE RESPONSE' in d.see('DRIVER -').text())


def t_r10_sna_sense_without_agreement():
    """R-10: NOSNAEXT takes functions 05 and 06 out of the list; a sense code is then a plain
    refusal."""
    with Driver(NET, tls=True, functions=(0, 2, 4, CONTENTION, SNA_SENSE)) as d:
        check(d.funcs == [0, 2, 4], str(d.funcs))
        d.do('SEND RQD NOCD;AWAIT;STATUS')
        d.respond(d.rec(), sense='08120007')
        check('LAST SENSE 10030000' in d.see('DRIVER -').text())
    with Driver(NET, functions=(0, 2, 4, CONTENTION, SNA_SENSE)) as d:
        check(d.funcs == [0, 2, 4, CONTENTION, SNA_SENSE], str(d.funcs))


def t_r17_nvt_data():
    """R-17: a line of NVT text outside a session is a command; the LU stays, 3270 goes on."""
    with Tn(NET) as c:
        c.negotiate_e()
        c.see('LOGON APPLID')
        c.put_record(b'IBMTEST 1 HELLO\r\n', NVT)
        c.see('HELLO')
        c.put_record(b'LOGON APPLID(DRIVER)\r\n', NVT)
        c.see('DRIVER -')
        c.put_record(b'garbage', NVT)                   # in session: nothing
        c.ping()
        check(c.lu in NET.gw.console('D TCPIP,,TELNET,CONN'))


def t_r18_r25_minimal_functions():
    """R-18, R-25: what was not agreed is not sent: no BIND, no SSCP data, flags and numbers 0."""
    for functions, never in (((), {BIND, UNBIND, SSCP}), ((BIND_IMAGE,), {SSCP}),
                             ((RESPONSES,), {BIND, UNBIND, SSCP}), ((SYSREQ,), {BIND, UNBIND})):
        with Driver(NET, functions=functions) as d:
            seen = []
            d.cmd(245)
            if SYSREQ in functions:
                check(d.record(SSCP).data == b'\x15')
                d.cmd(245)
                d.see('DRIVER -')
            for line in ('SEND RQD', 'NULL EB RQD', 'SEND'):
                d.do(line)
                r = d.rec()
                seen.append(r)
                if r.rsp == 2:
                    d.respond(r)
            d.do('BID;AWAIT;SEND TEXT=LAST')
            seen.append(d.see('LAST'))
            for r in seen:
                check(r.rq == 0, repr(r))
                if RESPONSES not in functions:
                    check(r.rsp == 0 and r.seq == 0, repr(r))
            d.do('LOGOFF')
            seen.append(d.see('LOGON APPLID'))
            check(not never & {r.type for r in seen} and not never & set(kinds(d)),
                  f'{functions}: {seen} {d.events}')


def t_r24_flags_of_the_client_are_ignored():
    """R-24: garbage in the flags of 3270-DATA changes nothing."""
    with Driver(NET) as d:
        for n, (rq, rsp, seq) in enumerate(((0xff, 0xff, 0xffff), (1, 2, 0), (4, 1, 5))):
            d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic(f'STATUS GARBAGE{n}'), rq=rq, rsp=rsp,
                         seq=seq)
            r = d.see('DRIVER -')
            check(r.rq == 0 and f'INPUT {n + 1}' in r.text(), r.text())
        d.put_record(b'nobody knows this type', 0x77)
        d.send('00 ff ef')                                      # shorter than a header
        d.ping()
        check(d.status()['inputs'] == 4)


def t_r19_i12_sscp_text():
    """R-19, I-12: SSCP-LU-DATA both ways: newlines are X'15', no character is lost, and none of
    3270 is in it."""
    with Driver(NET) as d:
        d.cmd(245)
        check(d.record(SSCP).data == b'\x15')
        for typed in ('WHAT', 'LOGOF', 'LOGOFFS', ''):
            d.put_record(ebcdic(typed), SSCP)
            check(d.record(SSCP).data == b'\x15' + EBCDIC_CR + b'\x15')
        d.put_record(ebcdic('LOGOFF') + b'\x15', SSCP)
        check(d.record(UNBIND).data == b'\x01')
        d.see('LOGON APPLID')
        # no last character is lost: ECHO2 does not exist, ECHO does
        d.put_record(ebcdic('LOGON APPLID(DRIVER'), SSCP)       # an open bracket is fine, or told
        d.ping()
        d.drain()
        d.events.clear()
        d.put_record(ebcdic('LOGON APPLID(NOSUCHA1)') + b'\x15', SSCP)
        d.see('NOSUCHA1')
    with Tn(NET) as c:                                          # 3270 form: unformatted, with AID
        c.negotiate_e()
        c.see('LOGON APPLID')
        c.put_record(b'\x7d\x40\x40' + ebcdic('LOGON APPLID(DRIVER)'))
        c.see('DRIVER -')


def t_r23_plain_tn3270():
    """R-23: no header at all; SYSREQ is a test request, BREAK and IP are ATTN, AO is nothing. In a session
    of FM profile 2 ATTN is the one byte X'6C'."""
    with Driver(NET, mode='3270', logmode='NSX32702') as d:
        d.cmd(243)
        check('LENGTH 1' in d.see('DRIVER -').text())
    with Driver(NET, mode='3270', logmode='SNX32702') as d:
        d.do('SEND HEX=F5C3FF40 NOCD;SEND TEXT=NEXT')
        r = d.record()
        check(r.data == bytes.fromhex('f5c1ff40'), repr(r))
        d.see('NEXT')
        d.do('SEND NOCD TEXT=HOLD')
        d.see('HOLD')
        d.cmd(243)
        check('SIGNALS 1' in d.see('DRIVER -').text())
        d.do('SEND NOCD TEXT=HOLD')
        d.see('HOLD')
        d.cmd(245)
        d.cmd(244)
        check('SIGNALS 2' in d.see('DRIVER -').text())
        d.send('01 6c 61 02 ff ef')
        d.see('SYSREQ')
        d.send('01 6c 61 02 ff ef')
        check('LAST 082B0000' in d.see('DRIVER -').text())
        d.send('01 6c 61 02 ff ef')
        d.see('SYSREQ')
        d.put_record(b'\x7d\x40\x40' + ebcdic('LOGOFF'))
        d.see('LOGON APPLID')


def t_hidden_input_is_not_reported():
    """DRIVER shows what arrived in hex, but not what was typed into a non-display field."""
    with Driver(NET) as d:
        d.put_record(b'\x7d\x40\x40' + COMMAND + ebcdic('STATUS') + HIDDEN +
                     ebcdic('SECRET'))
        t = d.see('DRIVER -').text()
        check('************' in t and ebcdic('SECRET').hex().upper() not in t, t)


if __name__ == '__main__':
    run_with(NET, [v for k, v in sorted(globals().items()) if k.startswith('t_')])

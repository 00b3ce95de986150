#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Conformance checklist, Telnet layer: T-01 to T-12, on the wire."""
import re
import socket

from box import Net, check, run, until
from tnclient import (AO, AYT, BINARY, BRK, DATA, DO, DONT, EC, EL, EOR, GA, IAC, IP, NAWS, NEWENV,
                      NOP, SB, SE, SGA, TM, TTYPE, WILL, WONT, E, Tn, ebcdic)

DRIVER_FIELD = '11 5b 60'               # where ECHO's input field stands


def in_echo(net, **kw):
    """A client in session with ECHO."""
    c = Tn(net, **kw)
    c.negotiate_e()
    c.text('LOGON APPLID(ECHO)')
    c.see('Type anything')
    return c


def in_driver(net, request='', functions=(0, 2, 4)):
    c = Tn(net)
    c.negotiate_e(functions=functions)
    c.text(f'LOGON APPLID(DRIVER){request}')
    c.see('SIGNALS')
    return c


def drive(c, line):
    c.enter(line)


def signals(c):
    """How many SIGNALs the host has had."""
    drive(c, 'STATUS')
    return int(re.search(r'SIGNALS (\d+)', c.see('SIGNALS').text()).group(1))


def alive(c, text='still here'):
    c.enter(text)
    c.see(text)


def t_01_iac_is_doubled_on_send(net):
    """T-01: X'FF' in data and in the header goes out as FF FF."""
    c = in_driver(net)
    drive(c, 'SEND SIZE=100 FF NOCD')
    got = c.upto('ff ef')
    body = got[:-2]
    check(body.count(b'\xff') >= 100 and body.count(b'\xff') % 2 == 0, body.hex())
    check(not body.replace(b'\xff\xff', b'').count(b'\xff'), 'a single X\'FF\' in the data')
    c.close()
    c = in_driver(net)                  # the header: number X'00FF' is 00 FF FF on the wire
    r = None
    while r is None or r.seq < 254:
        drive(c, 'STATUS')
        r = c.record(DATA)
    drive(c, 'STATUS')
    got = c.upto('ff ef')
    check(got[:6] == b'\0\0' + got[2:3] + b'\0\xff\xff', got[:8].hex())
    c.close()


def t_02_doubled_ff_one_byte_a_segment(net):
    """T-02: FF FF is one X'FF' however TCP cuts it: in data, in the header, beside EOR."""
    c = Tn(net)
    c.slow = True
    c.negotiate_e()
    c.text('LOGON APPLID(DRIVER)')
    c.see('SIGNALS')
    c.put_record(b'\x7d\x40\x40\x11\x40\x40\xc1\xff\xff\xc2\xff', seq=0xffff)
    check('7D4040114040C1FFFFC2FF' in c.see('SIGNALS').text(), 'the host read other bytes')
    c.close()


def t_03_commands_between_records(net):
    """T-03: NOP, AYT, EC, EL, GA and unknown commands between and in records change nothing."""
    c = in_echo(net)
    for cmd in (NOP, AYT, EC, EL, GA, 0xec, 0xed, 0xee, 0xf2, SE, 0x01, 0x41):
        c.cmd(cmd)
        alive(c, f'after {cmd:02x}')
    head, body = bytes(5) + b'\x7d\x40\xc6' + bytes.fromhex(DRIVER_FIELD), ebcdic('inside')
    for cmd in (NOP, AYT, EC, EL, GA, 0xee, 0xf2):
        c.send(head + body[:3] + bytes((IAC, cmd)) + body[3:] + b'\xff\xef')
        c.see('inside')
    check(c.quiet() == b'' and not c.drain(), f'AYT was answered in 3270 mode: {c.events}')
    c.close()


def t_04_ip_and_ao_inside_a_record(net):
    """T-04: IP in a record is a SIGNAL after that record; AO likewise SYSREQ."""
    c = in_driver(net)
    check(signals(c) == 0)
    c.send(bytes(5) + b'\x7d\x40')
    c.cmd(IP)
    c.ping()                            # it has been looked at, and the host hears nothing
    check(not c.drain(), f'IP was acted on inside the record: {c.events}')
    c.send(b'\xc6' + ebcdic('STATUS') + b'\xff\xef')
    n = int(re.search(r'SIGNALS (\d+)', c.see('SIGNALS').text()).group(1))
    check(n == 0, 'the SIGNAL came before its record')
    until('the SIGNAL', lambda: signals(c) == 1)
    c.send(bytes(5) + b'\x7d\x40')
    c.cmd(AO)
    c.ping()
    check(not c.drain(), f'AO was acted on inside the record: {c.events}')
    c.send(b'\xc6' + ebcdic('STATUS') + b'\xff\xef')
    r = c.event(lambda ev: ev[0] == 'rec' and ev[1][0] == 7)
    check(r[1][5:] == b'\x15', f'the SSCP\'s prompt: {r}')
    c.close()


def t_05_answers_only_on_change(net):
    """T-05: WILL twice is answered once (RFC 1143); so are WONT, DO and DONT."""
    c = Tn(net)
    c.opt(DO, E)
    c.send('ff fb 28 ff fb 28 ff fb 28')
    c.ping()
    check(c.events == [('sb', E, b'\x08\x02')], f'{c.events}')
    c.events.clear()
    for verb, o, answer in ((WILL, SGA, DO), (DO, SGA, WILL), (WONT, SGA, DONT), (DONT, SGA, WONT),
                            (WILL, EOR, DO), (DO, BINARY, WILL)):
        for _ in range(3):
            c.say(verb, o)
        c.ping()
        check(c.events == [('opt', answer, o)], f'{verb} {o}: {c.events}')
        c.events.clear()
    c.close()


def t_06_unknown_options_are_refused(net):
    """T-06: DO and WILL of what we don't do are answered WONT and DONT."""
    c = Tn(net)
    c.opt(DO, E)
    for o in (35, 5, 24, 31, 34, 36, 37, NEWENV, 42, 46, 70, 85, 86, 200, 255):
        c.say(DO, o)
        c.ping()
        check(c.events == [('opt', WONT, o)], f'DO {o}: {c.events}')
        c.events.clear()
    for o in (1, 5, NAWS, 34, 36, 37, NEWENV, 42, 46, 86, 255):
        c.say(WILL, o)
        c.ping()
        check(c.events == [('opt', DONT, o)], f'WILL {o}: {c.events}')
        c.events.clear()
    c.say(WILL, E)
    check(c.sb() == b'\x08\x02')
    c.close()


def t_07_unknown_subnegotiation_is_ignored(net):
    """T-07: sub-negotiations of options unknown, refused or not agreed; broken ones."""
    c = Tn(net)
    c.will_e()
    junk = [bytes((o,)) + b'\x01garbage' for o in (36, NAWS, NEWENV, 46, 86, 85, 42, 200, TTYPE)]
    junk += [b'\x28', b'\x28\x02', b'\x28\x09\x09', b'\x28\x08\x02', b'\x28\x02\x04IBM-3278-2']
    for body in junk:
        c.send(bytes((IAC, SB)) + body + bytes((IAC, SE)))
    c.send(bytes((IAC, SB, 36)) + b'\xff\xff' + bytes((IAC, SE)))
    c.send(bytes((IAC, SB, E, 2, 7)) + b'IBM' + bytes((IAC, NOP)))      # broken by a command
    c.ping()
    check(c.events == [], f'{c.events}')
    check(c.request('IBM-3278-2-E').startswith('TCP'))
    c.functions((0, 2, 4))
    c.text('LOGON APPLID(ECHO)')
    c.see('Type anything')
    for body in junk:
        c.send(bytes((IAC, SB)) + body + bytes((IAC, SE)))
        alive(c)
    c.close()


def t_08_subnegotiation_is_bounded(net):
    """T-08: 200 kB of sub-negotiation are thrown away; the session goes on, memory stays."""
    c = in_echo(net)
    before = net.gw.rss_kib()
    for o in (E, TTYPE, 36):
        c.send(bytes((IAC, SB, o)) + b'A' * 200000 + bytes((IAC, SE)))
        alive(c)
    check(net.gw.rss_kib() - before < 1024, f'{before} KiB before, {net.gw.rss_kib()} now')
    c.close()
    c = Tn(net)
    c.will_e()
    c.send(bytes((IAC, SB, E, 2, 7)) + b'A' * 200000 + bytes((IAC, SE)))
    check(c.request('IBM-3278-2-E').startswith('TCP'))
    c.close()


def t_09_timing_mark_is_always_answered(net):
    """T-09: DO TIMING-MARK is answered each time: negotiating, in E, in 3270, in a record."""
    c = Tn(net)
    for _ in range(3):
        c.ping()
    c.negotiate_e()
    c.ping()
    c.text('LOGON APPLID(ECHO)')
    c.see('Type anything')
    c.ping()
    c.send(bytes(5) + b'\x7d\x40')
    c.ping()
    c.send(b'\xc6' + ebcdic('tm') + b'\xff\xef')
    c.see('tm')
    c.say(WILL, TM)                     # an answer to nothing: not answered
    c.say(WONT, TM)
    c.ping()
    check(c.drain() == [], f'{c.events}')
    c.close()
    c = Tn(net)
    c.negotiate_3270()
    c.ping()
    c.close()


def t_10_nop_is_no_data(net):
    """T-10: NOP between header and data, in the header, in front of EOR."""
    c = in_echo(net)
    nop = bytes((IAC, NOP))
    data = b'\x7d\x40\xc6' + bytes.fromhex(DRIVER_FIELD) + ebcdic('nops')
    c.send(nop + b'\0\0' + nop + b'\0\0\0' + nop + data[:1] + nop + data[1:] + nop + b'\xff\xef' + nop)
    c.see('nops')
    c.close()


def t_11_server_speaks_first(net):
    """T-11: the first bytes are the server's: DO TN3270E and nothing else."""
    s = socket.create_connection((net.gw_ip, net.port), timeout=20)
    check(s.recv(100) == b'\xff\xfd\x28')
    s.close()


def t_12_urgent_data(net):
    """T-12: a Synch (DM as urgent data) and any other urgent byte do no harm; the mark itself
    is no data."""
    c = in_echo(net)
    c.s.send(b'\xff', 0)
    c.s.send(b'\xf2', socket.MSG_OOB)
    alive(c, 'after synch')
    c.s.send(b'\xff\xf2', socket.MSG_OOB)
    alive(c, 'and again')
    c.cmd(BRK)                          # ATTN; ECHO has nothing to say to it
    c.s.send(b'\xff\xf1', socket.MSG_OOB)
    alive(c, 'and at last')
    c.close()


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')], Net())

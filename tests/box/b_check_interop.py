#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Conformance checklist, field bugs about negotiation and clients that vanish: I-01, I-02,
I-04, I-10, I-11; and clients that go another way than the usual one.
The field bugs about records are tested in b_check_records.py."""
import subprocess

from b_printer import Printer
from box import Net, S3270, check, free_port, run, until
from tnclient import (AYT, CONTENTION, DO, DONT, EC, EL, FUNCTIONS, IAC, IP, NAWS, NEWENV, REQUEST,
                      SB, SE, SGA, TM, TTYPE, WILL, WONT, E, Tn)

NO_E, QUICK, NO_EXT = free_port(), free_port(), free_port()
SEND_ENV = b'\x01\x03IBMELF\x03IBMAPPLID'


def edit(side, name, text):
    if side != 'gw' or name != 'telnet.profile':
        return text
    gw = text[text.index('PORT ') + 5:].split()[0].split(',')[1]
    i = text.index('BEGINVTAM')
    more = ''.join(f'TELNETPARMS PORT {p},{gw} {what} ENDTELNETPARMS\n' for p, what in
                   ((NO_E, 'NOTN3270E NOSGA'), (QUICK, 'TIMEMARK 1 SCANINTERVAL 1'),
                    (NO_EXT, 'NOSNAEXT DEBUG CONN SUMMARY')))
    head, tail = text[:i] + more, text[i:]
    head = head.replace('CONNTYPE SECURE', 'CONNTYPE SECURE EXPRESSLOGON')
    tail = tail.replace('ENDVTAM', '  PRTDEFAULTAPPL ECHO\nENDVTAM')
    return head + tail.replace('PORT ', f'PORT {NO_E} {QUICK} {NO_EXT} ', 1)


def log_on(c):
    c.text('LOGON APPLID(ECHO)')
    c.see('Type anything')


def conn(net):
    return net.gw.console('D TCPIP,,TELNET,CONN')


def to_ttype(net, port=None):
    """A client without TN3270E that was asked for its terminal type."""
    c = Tn(net, port=port)
    if port != NO_E:
        c.refuse_e()
    c.opt(DO, TTYPE)
    return c


def t_i01_notn3270e(net):
    """I-01: a client that hangs up at DO TN3270E: it does no harm, and on a NOTN3270E port it
    never hears of it, whatever it says."""
    for _ in range(5):
        c = Tn(net)
        c.opt(DO, E)
        c.reset()
    c = to_ttype(net, NO_E)
    c.say(WILL, E)
    c.opt(DONT, E)
    c.say(DO, E)
    c.opt(WONT, E)
    c.say(WILL, TTYPE)
    c.ttype('IBM-3278-2-E')
    c.options_3270()
    c.see('LOGON')
    log_on(c)
    check(b'\xff\xfd\x28' not in c.heard, 'DO TN3270E was said')
    c.close()
    with S3270('-model', '3279-2-E') as s:
        s.connect(net, port=NO_E)
        s.logon()
        s.see('Type anything')


def t_i02_will_ttype_before_wont_e(net):
    """I-02: WILL TTYPE in front of WONT TN3270E is answered once; DO TTYPE is not said again."""
    for mid in (b'', b'\xff\xfb\x28\xff\xfc\x28'):      # also one that changes its mind
        c = Tn(net)
        c.opt(DO, E)
        c.say(WILL, TTYPE)
        c.opt(DO, TTYPE)
        c.send(mid or b'\xff\xfc\x28')
        if mid:
            check(c.sb() == b'\x08\x02')
            c.opt(DONT, E)
        c.ttype('IBM-3278-2-E')
        c.options_3270()
        c.see('LOGON')
        check(c.heard.count(b'\xff\xfd\x18') == 1, c.heard.hex(' '))
        c.close()


def t_i04_lu_names_upper_case(net):
    """I-04: names are upper case everywhere, however they were written."""
    with Tn(net) as c:
        c.negotiate_e(connect='tCp00071')
        check(c.lu == 'TCP00071')
        c.see('TCP00071')
        check('TCP00071' in conn(net) and 'tCp' not in conn(net))
    with Tn(net) as c:
        c.negotiate_3270('ibm-3278-2@tcp00072')
        c.see('TCP00072')
    with S3270('-model', '3279-2-E') as s:
        s.connect(net, prefix='tcp00073@')
        s.see('TCP00073')


def t_i10_stale_lu_is_freed(net):
    """I-10: a client that is dead without a word loses its LU after TIMEMARK and SCANINTERVAL,
    and the next one gets it; one that answers keeps it, by WILL, by WONT or by anything."""
    dead = Tn(net, port=QUICK)
    dead.negotiate_e(connect='TCP00074')
    log_on(dead)
    live = Tn(net, port=QUICK)
    live.negotiate_e(connect='TCP00075')
    log_on(live)
    s = S3270('-model', '3279-2-E')
    s.connect(net, prefix='TCP00076@', port=QUICK)
    s.logon()
    s.see('Type anything')
    for verb in (WONT, WILL):
        live.opt(DO, TM)
        live.say(verb, TM)
    live.opt(DO, TM)
    live.cmd(241)                       # NOP: a sign of life like any other
    live.opt(DO, TM)
    live.say(WONT, TM)
    check(b'\xff\xfd\x06' in dead.rest(), 'no TIMING-MARK before it was dropped')
    until('the LU is free', lambda: 'TCP00074' not in conn(net))
    until('the operator hears why', lambda: 'TIMEMARK' in net.gw.tail(10))
    until('the host hears', lambda: 'TCP00074' not in
          net.host.console('D NET,SESSIONS,LIST=ALL'))
    with Tn(net) as c:
        c.negotiate_e(connect='TCP00074')
        c.see('TCP00074')
    live.say(WILL, TM)
    live.enter('still here')
    live.see('still here')
    s.type('me too')
    s.see('me too')
    s.close()
    live.close()
    dead.close()


def t_i11_function_05_is_taken_out(net):
    """I-11: where contention resolution is not allowed it is taken out of the list, TN3270E
    stays; a client that then says WONT TN3270E, as OS/390 did, is served as TN3270."""
    c = Tn(net, port=NO_EXT)
    c.negotiate_e(functions=(0, 2, 4, CONTENTION))
    check(c.funcs == [0, 2, 4], f'{c.funcs}')
    log_on(c)
    c.close()
    c = Tn(net, port=NO_EXT)
    c.will_e()
    c.request('IBM-3278-2-E', 'TCP00077')
    c.put_sb(E, bytes((FUNCTIONS, REQUEST, 0, 2, 4, CONTENTION)))
    check(c.sb() == bytes((FUNCTIONS, REQUEST, 0, 2, 4)))
    c.say(WONT, E)
    c.opt(DONT, E)
    c.negotiate_3270('IBM-3278-2-E@TCP00077', refuse=False)
    c.see('TCP00077')
    log_on(c)
    c.close()


def t_e_refused_midway_and_back(net):
    """WONT TN3270E after its session began, then WILL again: a new dialogue, a new session; the
    first one's end is told."""
    c = Tn(net, port=NO_EXT)
    c.negotiate_e(connect='TCP00078')
    log_on(c)
    c.say(WONT, E)
    c.opt(DONT, E)
    c.opt(DO, TTYPE)
    c.say(WILL, E)
    c.opt(DO, E)
    check(c.sb() == b'\x08\x02')
    until('the LU is free', lambda: 'TCP00078' not in conn(net))
    until('the operator hears', lambda: 'SESS DROP    NEGOTIATE' in net.gw.tail(10))
    c.request('IBM-3278-2-E', 'TCP00078')
    c.functions((0, 2, 4))
    c.see('TCP00078')
    log_on(c)
    c.close()


def t_client_asks_for_e(net):
    """A client that says DO TN3270E instead of WILL is served all the same."""
    c = Tn(net)
    c.opt(DO, E)
    c.say(DO, E)
    c.opt(WILL, E)
    check(c.sb() == b'\x08\x02')
    c.request('IBM-3278-2-E')
    c.functions((0, 2, 4))
    log_on(c)
    check([ev for ev in c.events if ev[0] == 'opt'] == [], f'{c.events}')
    c.close()


def t_nobody_minds_naws_and_ayt(net):
    """WILL NAWS and its sizes, AYT, IP, EC and EL while the negotiation is under way."""
    c = Tn(net)
    c.opt(DO, E)
    junk = bytes((IAC, WILL, NAWS, IAC, SB, NAWS, 0, 80, 0, 43, IAC, SE, IAC, AYT, IAC, IP, IAC, EC,
                  IAC, EL))
    c.send(junk)
    c.opt(DONT, NAWS)
    c.say(WILL, E)
    check(c.sb() == b'\x08\x02')
    c.send(junk)
    c.request('IBM-3278-2-E')
    c.send(junk)
    c.functions((0, 2, 4))
    log_on(c)
    c.cmd(AYT)
    c.ping()
    check([ev for ev in c.events if ev[0] != 'opt'] == [] and c.data == b'', f'{c.events}')
    c.close()


def t_pr3287_without_tn3270e(net):
    """pr3287 on a port without TN3270E gives its LU in the terminal type (RFC 1646)."""
    p = Printer(net, lu='PRT00009')
    p.p.kill()
    p.p.wait()
    p.p.stdout.close()
    p.p = subprocess.Popen(['pr3287', f'PRT00009@{net.gw_ip}:{NO_E}'], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT)
    with p:
        until('it has its LU, as TN3270', lambda: 'PRT00009' in conn(net))
        check(p.p.poll() is None)
    until('the LU is free', lambda: 'PRT00009' not in conn(net))


def t_new_environ(net):
    """NEW-ENVIRON: asked inside TLS where EXPRESSLOGON is coded, before TN3270E, and nowhere
    else; an answer of any kind, or none wanted, and the negotiation goes on."""
    c = Tn(net, tls=True)
    c.opt(DO, NEWENV)
    c.ping()
    check(not c.events, f'another offer beside it: {c.events}')
    c.say(WILL, NEWENV)
    check(c.sb(NEWENV) == SEND_ENV)
    c.put_sb(NEWENV, b'\x00\x03IBMELF\x01YES\x03IBMAPPLID\x01ECHO')
    c.negotiate_e()
    log_on(c)
    c.put_sb(NEWENV, b'\x02\x03IBMELF\x01NO')   # INFO, later: nothing
    c.enter('goes on')
    c.see('goes on')
    c.close()
    for answer in (b'\x00', b'\x00\x03IBMELF', b'\x07nonsense', b'', b'\x00\x02', b'\x00\x03',
                   b'\x00\x03IBMELF\x00YES', b'\x00' + b'\x03A\x01B' * 900, b'\x00\x03\xff\x01\xff',
                   b'\x00\x03IBMAPPLID\x01' + b'A' * 4000):
        c = Tn(net, tls=True)
        c.opt(DO, NEWENV)
        c.say(WILL, NEWENV)
        c.sb(NEWENV)
        c.put_sb(NEWENV, answer)
        c.negotiate_e()
        c.see('LOGON')
        c.close()
    c = Tn(net, tls=True)
    c.opt(DO, NEWENV)
    c.say(WONT, NEWENV)
    c.negotiate_e()
    c.close()
    c = Tn(net, tls=True)               # one that goes its own way meanwhile
    c.opt(DO, NEWENV)
    c.say(WILL, NEWENV)
    c.sb(NEWENV)
    c.say(WONT, NEWENV)
    c.negotiate_3270()
    c.see('LOGON')
    c.close()
    with S3270('-model', '3279-2-E', '-noverifycert') as s:
        s.connect(net, prefix='L:', port=net.tls_port)
        s.logon()
        s.see('Type anything')
    c = Tn(net)                         # in the clear it is not asked for, and not read
    c.opt(DO, E)
    c.say(WILL, NEWENV)
    c.opt(DONT, NEWENV)
    c.close()


def t_line_editing(net):
    """Lines of an NVT: CR LF and CR NUL end them, EC, BS and EL edit, AYT is answered, IP is
    nothing; SGA is agreed to, or with NOSGA not."""
    for end in (b'\r\n', b'\r\0', b'\n', b'\r'):
        c = to_ttype(net)
        c.say(WONT, TTYPE)
        c.upto(b'LOGON APPLID')
        c.send(b'LOGXX\x08\x7fON' + bytes((IAC, IP)) + b' APPLID(NOSUC' + bytes((IAC, EC)) + b'CH)'
               + end)
        c.upto(b'NOSUCH')
        c.upto(b'08060012')
        c.send(b'nonsense' + bytes((IAC, EL)) + b'LOGON APPLID(NONE2)' + end)
        c.upto(b'NONE2')
        c.cmd(AYT)
        c.upto(b'[Yes]')
        c.close()
    for port, answers in ((None, (WILL, DO)), (NO_E, (WONT, DONT))):
        c = to_ttype(net, port)
        c.say(DO, SGA)
        c.opt(answers[0], SGA)
        c.say(WILL, SGA)
        c.opt(answers[1], SGA)
        c.say(WONT, TTYPE)
        c.upto(b'LOGON APPLID')
        c.close()


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')], Net(edit=edit))

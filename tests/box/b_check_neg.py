#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Conformance checklist, negotiation: N-01 to N-30, on the wire."""
import os
import subprocess
import time

from box import BIN, Net, S3270, check, free_port, run, until
from tnclient import (ASSOCIATE, BINARY, BIND_IMAGE, CONNECT, CONTENTION, DATA, DEVICE_TYPE, DO,
                      DONT, DSC, EOR, FUNCTIONS, IS, NVT, REQUEST, RESPONSES, SCS_CTL, SNA_SENSE,
                      SSCP, SYSREQ, TTYPE, WILL, WONT, E, Rejected, Tn, ebcdic)

NO_E, NO_EXT, NO_SPEC = free_port(), free_port(), free_port()
TERMS, SMALL = '127.0.0.51', '127.0.0.52'       # where mapped clients come from
PRT = 'IBM-3287-1'
VTAM = f"""
BEGINVTAM
  PORT @PORT@ {NO_E} {NO_EXT}
  DEFAULTLUS TCP00001..TCP00020 ENDDEFAULTLUS
  DEFAULTLUSSPEC TCP00001..TCP00099 ENDDEFAULTLUSSPEC
  DEFAULTPRT PRT00001..PRT00009 ENDDEFAULTPRT
  DEFAULTPRTSPEC PRT00001..PRT00099 ENDDEFAULTPRTSPEC
  LUGROUP TERMGRP TCP00101..TCP00103 ENDLUGROUP
  PRTGROUP PRINTS PRT00101..PRT00103 ENDPRTGROUP
  PRTGROUP FREEPRT PRT00111..PRT00112 ENDPRTGROUP
  LUMAP TERMGRP {TERMS} GENERIC PRINTS
  PRTMAP FREEPRT {TERMS}
  LUGROUP SMALLGRP TCP00201..TCP00202 ENDLUGROUP
  LUMAP SMALLGRP {SMALL}
  USSTCP USSDEMO,USSDEMOS
  ALLOWAPPL *
ENDVTAM
BEGINVTAM
  PORT {NO_SPEC}
  DEFAULTLUS TCP00301..TCP00309 ENDDEFAULTLUS
  USSTCP USSDEMO,USSDEMOS
  ALLOWAPPL *
ENDVTAM
"""
held = {}


def edit(side, name, text):
    if side != 'gw' or name != 'telnet.profile':
        return text
    gw = text[text.index('PORT ') + 5:].split()[0].split(',')[1]
    more = ''.join(f'TELNETPARMS PORT {p},{gw} {what} ENDTELNETPARMS\n' for p, what in
                   ((NO_E, 'NOTN3270E'), (NO_EXT, 'NOSNAEXT'), (NO_SPEC, '')))
    i = text.index('BEGINVTAM')
    return text[:i] + more + VTAM.replace('@PORT@', text[i:].split()[2] + ' ' + text[i:].split()[3])


def rejected(c, *args, **kw):
    """The word of a REJECT."""
    try:
        lu = c.request(*args, **kw)
    except Rejected as e:
        return e.name
    check(False, f'{args} {kw} was given {lu}')


def at_device(net, **kw):
    c = Tn(net, **kw)
    c.will_e()
    return c


def at_functions(net, devtype='IBM-3278-2-E', connect=None, **kw):
    c = at_device(net, **kw)
    c.request(devtype, connect)
    return c


def log_on(c, appl='ECHO', see='Type anything'):
    c.text(f'LOGON APPLID({appl})')
    return c.see(see)


def lu_is_free(net, lu):
    def tried():
        with at_device(net) as c:
            try:
                return c.request('IBM-3278-2-E', lu) == lu
            except Rejected:
                return False
    until(f'{lu} is free', tried)


def t_00_silence_begins(net):
    """N-26 begins: two clients that keep silent while the others are tested."""
    held['mute'], held['half'] = Tn(net), at_device(net)
    held['at'] = time.monotonic()


def t_01_do_tn3270e_first(net):
    """N-01: the first word is DO TN3270E; with NOTN3270E it is DO TERMINAL-TYPE."""
    c = Tn(net)
    c.more()
    check(c.buf == b'\xff\xfd\x28', c.buf.hex())
    c.close()
    c = Tn(net, port=NO_E)
    c.more()
    check(c.buf == b'\xff\xfd\x18', c.buf.hex())
    c.close()


def t_02_wont_falls_back(net):
    """N-02: WONT TN3270E leads to TTYPE, EOR and BINARY, with s3270 too."""
    c = Tn(net)
    c.negotiate_3270()
    c.see('LOGON')
    log_on(c)
    c.close()
    with S3270('-model', '3279-2-E') as s:
        s.connect(net, prefix='N:')
        s.logon()
        s.see('Type anything')


def t_03_binary_and_eor_are_implied(net):
    """N-03: under TN3270E neither is offered; volunteered, each is answered once."""
    c = Tn(net)
    c.opt(DO, E)
    c.say(WILL, BINARY)
    c.say(DO, EOR)
    c.say(WILL, E)
    c.sb()
    c.request('IBM-3278-2-E')
    c.functions((0, 2, 4))
    c.say(DO, BINARY)
    c.say(WILL, EOR)
    log_on(c)
    c.ping()
    opts = [ev for ev in c.events if ev[0] == 'opt']
    check(opts == [('opt', DO, BINARY), ('opt', WILL, EOR), ('opt', WILL, BINARY),
                   ('opt', DO, EOR)], f'{opts}')
    c.say(WONT, BINARY)                 # and nobody minds
    c.say(DONT, EOR)
    c.enter('goes on')
    c.see('goes on')
    c.close()


def t_04_send_device_type_once(net):
    """N-04: SEND DEVICE-TYPE comes once a dialogue, not again after a REJECT."""
    c = at_device(net)
    check(rejected(c, 'IBM-9999-9') == 'INV-DEVICE-TYPE')
    check(rejected(c, 'IBM-3278-2', 'NOSUCHLU') == 'INV-NAME')
    c.request('IBM-3278-2')
    c.functions(())
    c.ping()
    check(not [ev for ev in c.events if ev[0] == 'sb'], f'{c.events}')
    c.close()
    c = at_device(net)                  # a new dialogue: asked again
    c.say(WONT, E)
    c.opt(DONT, E)
    c.say(WILL, E)
    c.opt(DO, E)
    check(c.sb() == b'\x08\x02')
    c.request('IBM-3278-2')
    c.close()


def t_05_type_is_echoed(net):
    """N-05: IS has the type as it was written; each type of RFC 2355 is known."""
    for t in ('IBM-3278-2', 'IBM-3278-2-E', 'IBM-3278-3', 'IBM-3278-3-E', 'IBM-3278-4',
              'IBM-3278-4-E', 'IBM-3278-5', 'IBM-3278-5-E', 'IBM-DYNAMIC', 'IBM-3279-2-E',
              'IBM-3279-5-E', 'ibm-3278-2-e', 'Ibm-Dynamic', PRT, 'ibm-3287-1'):
        at_functions(net, t).close()            # device_is() compares


def t_06_is_has_connect(net):
    """N-06: generic, specific and associated: the LU's name is in IS."""
    c = at_functions(net)
    check(c.lu.startswith('TCP000'), c.lu)
    c.close()
    c = at_functions(net, connect='TCP00042')
    check(c.lu == 'TCP00042')
    c.close()
    c = at_functions(net, source=TERMS)
    p = at_device(net)
    check(p.request(PRT, associate=c.lu) == c.lu.replace('TCP', 'PRT'), p.lu)
    c.close()
    p.close()


def check_profile(net, vtam):
    """snagate --check with another BEGINVTAM block: (exit code, text)."""
    prof = os.path.join(net.dir, 'check.profile')
    with open(prof, 'w', encoding='latin-1') as f:
        f.write('TELNETPARMS PORT 2323 ENDTELNETPARMS\nBEGINVTAM PORT 2323\n' + vtam
                + '\nALLOWAPPL *\nENDVTAM\n')
    p = subprocess.run([os.path.join(BIN, 'snagate'), '--check', '--vtamlst', 'gw/vtamlst',
                        '--profile', prof], cwd=net.dir, stdout=subprocess.PIPE, check=False,
                       stderr=subprocess.STDOUT)
    return p.returncode, p.stdout.decode()


def t_07_a_pool_is_not_called_as_an_lu(net):
    """N-07: a group with the name of an LU is refused, of a group or of a default pool."""
    bad = ('LUGROUP TCP00005 TCP00101 ENDLUGROUP LUMAP TCP00005',
           'LUGROUP TCP00005 TCP00101 TCP00005 ENDLUGROUP LUMAP TCP00005',
           'LUGROUP ONE TCP00101 TCP00102 ENDLUGROUP LUGROUP TCP00102 TCP00201 ENDLUGROUP',
           'PRTGROUP TCP00005 PRT00001 ENDPRTGROUP')
    for groups in bad:
        rc, text = check_profile(net, 'DEFAULTLUSSPEC TCP00001..TCP00009 ENDDEFAULTLUSSPEC '
                                 'DEFAULTLUS TCP00001..TCP00009 ENDDEFAULTLUS ' + groups)
        check(rc == 1 and 'name of a group and of an LU' in text, f'{groups}: {rc}\n{text}')
    for kind in ('DEFAULTLUS', 'DEFAULTLUSSPEC', 'DEFAULTPRT', 'DEFAULTPRTSPEC'):
        rc, text = check_profile(net, f'{kind} TCP00001..TCP00009 END{kind} '
                                 'LUGROUP TCP00005 TCP00101 ENDLUGROUP LUMAP TCP00005')
        check(rc == 1 and f'of an LU in {kind}' in text, f'{kind}: {rc}\n{text}')
    rc, text = check_profile(net, 'DEFAULTLUS TCP00001..TCP00009 ENDDEFAULTLUS '
                             'LUGROUP TCP00010 TCP00101 ENDLUGROUP LUMAP TCP00010')
    check(rc == 0, text)


def t_08_names_in_any_case(net):
    """N-08: luName and LUNAME are one."""
    c = at_functions(net, connect='tcp00043')
    check(c.lu == 'TCP00043')
    d = at_device(net)
    check(rejected(d, 'IBM-3278-2-E', 'Tcp00043') == 'DEVICE-IN-USE')
    c.close()
    d.close()
    c = at_device(net, source=SMALL)    # and of groups
    check(c.request('IBM-3278-2', 'smallGrp').startswith('TCP0020'))
    c.close()


def t_09_no_substitution(net):
    """N-09: a type is taken or refused, never changed; which screen the LU's mode would have
    does not matter."""
    for t in ('IBM-3278-4-E', 'IBM-3278-5', 'IBM-DYNAMIC'):
        c = at_functions(net, t, source=SMALL)
        check(c.devtype == t)
        c.close()
    for t in ('IBM-3278-6-E', 'IBM-3278-1', 'IBM-3278', 'IBM-3278-2-F', 'IBM-3278-2-', 'XTERM', '',
              'IBM-3277-5', 'LINEMODE', 'IBM-LINEMODE', 'IBM-3278-2-E-E', 'A' * 100, 'A' * 2000):
        c = at_device(net)
        check(rejected(c, t) == 'INV-DEVICE-TYPE', t)
        c.close()


def t_10_reasons(net):
    """N-10: each way to fail has its code; the ways are those of the companion, 7.5."""
    term = at_functions(net, source=TERMS)
    prt = at_device(net)
    prt.request(PRT, associate=term.lu)
    busy = at_functions(net, connect='TCP00050')
    small = [at_functions(net, source=SMALL) for _ in range(2)]
    cases = (
        ('INV-DEVICE-TYPE', {}, ('IBM-3278-9',)),
        ('INV-ASSOCIATE', {}, ('IBM-3278-2', None, 'TCP00050')),
        ('INV-ASSOCIATE', {}, (PRT, None, 'NOSUCHLU')),
        ('INV-ASSOCIATE', {}, (PRT, None, 'TCP00050')),         # a terminal without a partner
        ('DEVICE-IN-USE', {}, (PRT, None, term.lu)),            # its partner is taken
        ('UNSUPPORTED-REQ', {'port': NO_SPEC}, ('IBM-3278-2', 'TCP00301')),
        ('INV-NAME', {}, ('IBM-3278-2', 'NOSUCHLU')),
        ('INV-NAME', {'source': SMALL}, ('IBM-3278-2', 'TCP00050')),    # not in its map
        ('INV-NAME', {}, ('IBM-3278-2', 'SMALLGRP')),           # a group of others
        ('TYPE-NAME-ERROR', {}, ('IBM-3278-2', 'PRT00001')),
        ('TYPE-NAME-ERROR', {}, (PRT, 'TCP00001')),
        ('CONN-PARTNER', {}, (PRT, 'PRT00102')),
        ('DEVICE-IN-USE', {}, ('IBM-3278-2', busy.lu)),
        ('DEVICE-IN-USE', {'source': SMALL}, ('IBM-3278-2', 'SMALLGRP')),       # a full pool
        ('DEVICE-IN-USE', {'source': SMALL}, ('IBM-3278-2',)),
    )
    for want, where, request in cases:
        with at_device(net, **where) as c:
            got = rejected(c, *request)
            check(got == want, f'{request} {where}: {got}, not {want}')
    net.gw.console('V TCPIP,,TELNET,INACT,TCP00060')
    with at_device(net) as c:           # the LU is there and can't be had
        got = rejected(c, 'IBM-3278-2', 'TCP00060')
        check(got in ('UNKNOWN-ERROR', 'DEVICE-IN-USE'), got)
    net.gw.console('V TCPIP,,TELNET,ACT,TCP00060')
    for c in (term, prt, busy, *small):
        c.close()


def t_11_reject_leaves_the_connection(net):
    """N-11: after a REJECT another REQUEST is served, and the session works; ten are enough."""
    c = at_device(net)
    check(rejected(c, 'IBM-3278-9') == 'INV-DEVICE-TYPE')
    check(rejected(c, 'IBM-3278-2', 'NOSUCHLU') == 'INV-NAME')
    check(c.request('IBM-3278-2', 'TCP00044') == 'TCP00044')
    c.functions((0, 2, 4))
    log_on(c)
    c.close()
    c = at_device(net)
    for _ in range(10):
        rejected(c, 'IBM-3278-2', 'NOSUCHLU')
    check(b'too many' in c.rest())
    c.close()
    until('the operator hears why', lambda: 'too many negotiation' in net.gw.tail(10))


def t_12_associate_wants_a_printer(net):
    """N-12: ASSOCIATE with a display's type."""
    term = at_functions(net, source=TERMS)
    c = at_device(net)
    for t in ('IBM-3278-2', 'IBM-3278-5-E', 'IBM-DYNAMIC'):
        check(rejected(c, t, associate=term.lu) == 'INV-ASSOCIATE')
    c.close()
    term.close()


def t_13_associate_wants_a_terminal(net):
    """N-13: ASSOCIATE with an LU unknown, unassigned, without partner, or a printer."""
    other = at_functions(net, connect='TCP00045')
    c = at_device(net)
    for lu in ('NOSUCHLU', 'TCP00101', other.lu, 'PRT00101', 'TERMGRP', '', 'A' * 32, 'A' * 40):
        check(rejected(c, PRT, associate=lu) == 'INV-ASSOCIATE', lu)
    c.close()
    other.close()


def t_14_partner_by_connect(net):
    """N-14: a partner printer is not had by its name."""
    c = at_device(net)
    for lu in ('PRT00101', 'prt00103'):
        check(rejected(c, PRT, lu) == 'CONN-PARTNER', lu)
    c.close()


def t_15_busy(net):
    """N-15: a name in use is refused (no takeover is configured), and the owner keeps it."""
    a = at_functions(net, connect='TCP00046')
    a.functions((0, 2, 4))
    log_on(a)
    b = at_device(net)
    check(rejected(b, 'IBM-3278-2', 'TCP00046') == 'DEVICE-IN-USE')
    a.enter('mine')
    a.see('mine')
    a.close()
    lu_is_free(net, 'TCP00046')
    b.close()


def t_16_class_of_name(net):
    """N-16: a printer's name with a display's type, and the other way round."""
    c = at_device(net)
    check(rejected(c, 'IBM-3278-2', 'PRT00002') == 'TYPE-NAME-ERROR')
    check(rejected(c, PRT, 'TCP00002') == 'TYPE-NAME-ERROR')
    c.close()
    c = at_device(net, source=TERMS)    # where maps say it too
    check(rejected(c, 'IBM-3278-2', 'PRT00111') == 'TYPE-NAME-ERROR')
    c.close()


def t_17_client_starts_functions(net):
    """N-17: after IS the server waits; it never begins FUNCTIONS."""
    c = at_functions(net)
    c.ping()
    check(c.events == [] and c.quiet() == b'', f'{c.events} {c.buf}')
    c.functions((RESPONSES,))
    c.close()


def ask(c, verb, wanted):
    c.put_sb(E, bytes((FUNCTIONS, verb, *wanted)))
    got = c.sb()
    check(got[0] == FUNCTIONS, got.hex())
    return got[1], list(got[2:])


def t_18_is_or_fewer(net):
    """N-18: IS equals what was asked; else a REQUEST with fewer, and nothing that was taken
    out comes back."""
    for wanted in ((0, 2, 4), (4, 2, 0), (2,), (0, 4), (0, 2, 4, 5), (2, 2, 0)):
        c = at_functions(net)
        verb, got = ask(c, REQUEST, wanted)
        check(verb == IS and set(got) == set(wanted), f'{wanted}: {verb} {got}')
        c.close()
    c = at_functions(net)
    check(ask(c, REQUEST, (0, 1, 2, 3, 4)) == (REQUEST, [0, 2, 4]))
    check(ask(c, REQUEST, (0, 2)) == (IS, [0, 2]))      # the client asks for fewer still
    c.close()
    c = at_functions(net)
    check(ask(c, REQUEST, (0, 1, 2, 3, 4)) == (REQUEST, [0, 2, 4]))
    verb, got = ask(c, REQUEST, (0, 1, 2))      # another list, 01 again: not given
    check((verb, got) == (REQUEST, [0, 2]), f'{verb} {got}')
    c.put_sb(E, bytes((FUNCTIONS, IS, 0, 2)))
    c.e = True
    c.see('LOGON')
    c.close()
    c = at_functions(net, PRT)
    check(ask(c, REQUEST, (0, 1, 2, 3, 4)) == (IS, [0, 1, 2, 3, 4]))
    c.close()


def t_19_no_functions(net):
    """N-19: an empty list is agreed to; then only 3270-DATA and NVT-DATA come, number and
    flags 0."""
    c = at_functions(net)
    check(ask(c, REQUEST, ()) == (IS, []))
    c.e, c.funcs = True, []
    c.see('LOGON')
    log_on(c)
    c.enter('basic')
    c.see('basic')
    c.close()
    for ev in c.events:
        check(ev[0] != 'rec' or ev[1][0] in (DATA, NVT), f'{ev}')
    c = at_functions(net)
    c.functions(())
    r = c.record()
    check(r.type in (DATA, NVT) and (r.rq, r.rsp, r.seq) == (0, 0, 0), f'{r}')
    log_on(c)
    c.enter('again')
    r = c.see('again')
    check(r.type == DATA and (r.rq, r.rsp, r.seq) == (0, 0, 0), f'{r}')
    c.close()


def t_20_impasse(net):
    """N-20: who insists gets DONT TN3270E and goes on as TN3270; the LU is given back."""
    c = at_functions(net, connect='TCP00047', port=NO_EXT)
    check(ask(c, REQUEST, (0, 2, CONTENTION)) == (REQUEST, [0, 2]))
    c.put_sb(E, bytes((FUNCTIONS, REQUEST, 0, 2, CONTENTION)))
    c.opt(DONT, E)
    c.say(WONT, E)
    c.negotiate_3270('IBM-3278-2-E@TCP00047', refuse=False)
    c.see('TCP00047')
    log_on(c)
    c.close()
    c = at_functions(net)
    c.put_sb(E, bytes((FUNCTIONS, IS, 0, 2)))   # to what was never asked
    c.opt(DONT, E)
    c.say(WONT, E)
    c.negotiate_3270(refuse=False)
    c.see('LOGON')
    c.close()


def t_21_unknown_functions(net):
    """N-21: codes nobody knows are taken out, also all of them."""
    c = at_functions(net)
    check(ask(c, REQUEST, (0, 0x7f, 2, 0xff, 9)) == (REQUEST, [0, 2]))
    c.put_sb(E, bytes((FUNCTIONS, IS, 0, 2)))
    c.e = True
    c.see('LOGON')
    c.close()
    c = at_functions(net)
    check(ask(c, REQUEST, (0x7f,)) == (REQUEST, []))
    c.put_sb(E, bytes((FUNCTIONS, IS)))
    c.e = True
    c.see('LOGON')
    c.close()


def t_22_lu_in_terminal_type(net):
    """N-22: type@LU (RFC 1646): given; busy or unknown: the next of the list is asked for."""
    c = Tn(net)
    c.negotiate_3270('IBM-3278-2-E@tcp00048')
    c.see('TCP00048')
    d = Tn(net)
    d.refuse_e()
    d.opt(DO, TTYPE)
    d.say(WILL, TTYPE)
    d.ttype('IBM-3278-2-E@TCP00048')    # in use
    d.ttype('IBM-3278-2-E@NOSUCHLU')
    d.ttype('IBM-3278-2-E@TCP00049')
    d.options_3270()
    d.see('TCP00049')
    d.close()
    d = Tn(net)
    d.refuse_e()
    d.opt(DO, TTYPE)
    d.say(WILL, TTYPE)
    d.ttype('IBM-3278-2-E@TCP00048')
    d.ttype('IBM-3278-2-E@TCP00048')    # the list is over
    check(b'in use' in d.rest())
    c.close()
    lu_is_free(net, 'TCP00048')
    with S3270('-model', '3279-4-E') as s:
        s.connect(net, prefix='N:TCP00048@')
        s.see('TCP00048')


def t_23_connect_and_associate(net):
    """N-23: both in one REQUEST are refused, and nothing is given."""
    c = at_device(net)
    for first, second in ((CONNECT, ASSOCIATE), (ASSOCIATE, CONNECT), (CONNECT, CONNECT)):
        c.put_sb(E, bytes((DEVICE_TYPE, REQUEST)) + PRT.encode() + bytes((first,)) + b'PRT00003'
                 + bytes((second,)) + b'TCP00003')
        try:
            lu = c.device_is(PRT)
            check(False, f'{first} {second}: {lu}')
        except Rejected as e:
            check(e.name == 'UNSUPPORTED-REQ', e.name)
    check(c.request(PRT, 'PRT00003') == 'PRT00003')
    c.close()


def t_24_long_names(net):
    """N-24: names up to 32 bytes are read whole and refused as unknown, longer ones too;
    none is cut down to one that exists."""
    c = at_device(net)
    for name in ('TCP00001X', 'TCP00001' * 4, 'TCP00001' * 4 + 'X', 'TCP00001' * 30, 'TCP00001 ',
                 'TCP 0001', '\x7f', ''):
        check(rejected(c, 'IBM-3278-2', name) == 'INV-NAME', name)
    c.put_sb(E, bytes((DEVICE_TYPE, REQUEST)) + b'IBM-3278-2\x01TCP00001\xff\x80')
    try:
        check(False, c.device_is('IBM-3278-2'))
    except Rejected as e:
        check(e.name == 'INV-NAME', e.name)
    check(c.request('IBM-3278-2', 'TCP00001') == 'TCP00001')
    c.close()


def t_25_lu_goes_back(net):
    """N-25: WONT TN3270E or a lost connection frees the LU: before, in and after FUNCTIONS."""
    lu = 'TCP00051'
    c = at_functions(net, connect=lu)
    c.reset()
    lu_is_free(net, lu)
    for done in ('', 'counter', 'functions', 'session'):
        c = at_functions(net, connect=lu)
        if done == 'counter':
            check(ask(c, REQUEST, (0, 3))[0] == REQUEST)
        if done in ('functions', 'session'):
            c.functions((0, 2, 4))
        if done == 'session':
            log_on(c)
        c.say(WONT, E)
        c.opt(DONT, E)
        lu_is_free(net, lu)
        c.negotiate_3270(f'IBM-3278-2-E@{lu}', refuse=False)     # and it may have it again
        c.see(lu)
        log_on(c)
        c.close()
        lu_is_free(net, lu)
    term = at_functions(net, source=TERMS)      # a partner's terminal is not one any more
    lu = term.lu
    term.say(WONT, E)
    term.opt(DO, TTYPE)
    p = at_device(net)
    check(rejected(p, PRT, associate=lu) == 'INV-ASSOCIATE')
    p.close()
    term.close()


def t_26_silent_clients_are_dropped(net):
    """N-26: one that says nothing is offered TTYPE, then dropped; each told why."""
    c = held['mute']
    c.patience = 60
    got = c.rest()
    check(got.startswith(b'\xff\xfd\x28\xff\xfd\x18') and b'did not answer' in got, repr(got))
    until('the operator hears why', lambda: 'did not answer the negotiation' in net.gw.tail(40))
    d = held['half']                    # it has begun, and has a minute for the rest
    if time.monotonic() - held['at'] < 50:
        d.ping()
    d.close()


def t_27_after_unsupported(net):
    """N-27: after UNSUPPORTED-REQ a generic REQUEST is served; specific ones stay refused."""
    c = at_device(net, port=NO_SPEC)
    check(rejected(c, 'IBM-3278-2', 'TCP00301') == 'UNSUPPORTED-REQ')
    check(rejected(c, 'IBM-3278-2', 'TCP00302') == 'UNSUPPORTED-REQ')
    check(c.request('IBM-3278-2').startswith('TCP0030'))
    c.functions((0, 2, 4))
    log_on(c)
    c.close()


def t_28_printer_without_streams(net):
    """N-28: a printer that agrees to neither SCS nor 3270 data ends in DONT TN3270E."""
    for wanted in ((BIND_IMAGE, RESPONSES), (), (SYSREQ, SNA_SENSE)):
        c = at_functions(net, PRT, 'PRT00004')
        c.put_sb(E, bytes((FUNCTIONS, REQUEST, *wanted)))
        c.opt(DONT, E)
        check('PRT00004' not in net.gw.console('D TCPIP,,TELNET,CONN'), 'it kept its LU')
        c.close()
    for one in (SCS_CTL, DSC):
        c = at_functions(net, PRT, 'PRT00004')
        check(ask(c, REQUEST, (one,)) == (IS, [one]))
        c.close()
        until('the LU is free', lambda: 'PRT00004' not in
              net.gw.console('D TCPIP,,TELNET,CONN'))


def t_29_printers_and_partners(net):
    """N-29: partner printers by ASSOCIATE only, the others by CONNECT or from their pool."""
    term = at_functions(net, source=TERMS)
    with at_device(net) as p:
        check(p.request(PRT).startswith('PRT0000'))             # generic: the printer pool
    with at_device(net) as p:
        check(p.request(PRT, 'PRT00077') == 'PRT00077')
    with at_device(net, source=TERMS) as p:
        check(p.request(PRT) in ('PRT00111', 'PRT00112'))       # its map, not the partners
    with at_device(net, source=TERMS) as p:
        check(p.request(PRT, 'PRT00112') == 'PRT00112')
        check('PRT' in p.lu)
    with at_device(net) as p:
        check(rejected(p, PRT, 'PRT00101') == 'CONN-PARTNER')
        check(rejected(p, PRT, associate='PRT00077') == 'INV-ASSOCIATE')
        check(p.request(PRT, associate=term.lu) == term.lu.replace('TCP', 'PRT'))
    term.close()


def t_30_records_before_functions(net):
    """N-30: what comes before FUNCTIONS is agreed goes nowhere."""
    c = at_functions(net)
    c.e = True
    c.put_record(b'\x7d\x40\x40' + ebcdic('LOGON APPLID(ECHO)'))
    c.put_record(ebcdic('LOGON APPLID(ECHO)'), SSCP)
    c.ping()
    c.functions((0, 2, 4))
    c.see('LOGON')
    c.ping()
    check(not [ev for ev in c.events if ev[0] == 'rec'], f'{c.events}')
    check(c.lu not in net.gw.console('D NET,SESSIONS,LIST=ALL'), 'it was logged on')
    log_on(c)
    c.close()


def t_type_lists(net):
    """RFC 1091: other terminal types are asked for until the list is over, then lines."""
    c = Tn(net)
    c.refuse_e()
    c.opt(DO, TTYPE)
    c.say(WILL, TTYPE)
    for t in ('XTERM', 'IBM-3477-FC', 'IBM-5555-C01'):
        c.ttype(t)
    c.ttype('IBM-3279-4-E')
    c.options_3270()
    c.see('LOGON')
    c.close()
    for names in (('XTERM', 'VT220', 'VT220'), ('XTERM', 'XTERM'), ('XTERM', 'VT220', 'XTERM')):
        c = Tn(net)
        c.refuse_e()
        c.opt(DO, TTYPE)
        c.say(WILL, TTYPE)
        for t in names:
            c.ttype(t)
        c.upto(b'LOGON APPLID')
        c.close()


def t_eor_or_binary_refused(net):
    """A client that refuses EOR or BINARY gets lines; what it had agreed to goes off again."""
    for o in (EOR, BINARY):
        for will in (0, 1):
            c = Tn(net)
            c.refuse_e()
            c.opt(DO, TTYPE)
            c.say(WILL, TTYPE)
            c.ttype('IBM-3278-2')
            for p in (EOR, BINARY):
                c.opt(DO, p)
                c.opt(WILL, p)
                c.say(WONT if p == o and will else WILL, p)
                c.say(DONT if p == o and not will else DO, p)
            c.upto(b'LOGON APPLID')
            c.send(b'LOGON APPLID(NOSUCH)\r\n')
            c.upto(b'08060012')
            c.close()


def t_back_to_lines(net):
    """A TN3270 client that takes BINARY back is a line client from then on, with an LU of its
    own; the session it had ends at the host."""
    c = Tn(net)
    c.negotiate_3270('IBM-3278-2@TCP00052')
    c.see('TCP00052')
    log_on(c)
    c.say(WONT, BINARY)
    c.say(DONT, BINARY)
    c.upto(b'LOGON APPLID')
    lu_is_free(net, 'TCP00052')
    until('no session is left', lambda: 'TCP00052' not in
          net.host.console('D NET,SESSIONS,LIST=ALL'))
    c.send(b'LOGON APPLID(NOSUCH)\r\n')
    c.upto(b'08060012')
    c.close()


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')], Net(edit=edit))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Telnet server's operator: displays and their columns (Z-05), filters,
VARY, the life of a connection in the log (Z-06)."""
import glob
import os
import re
import socket
import urllib.request

from box import TOP, Net, S3270, check, free_port, run, until
from tnclient import Rejected, Tn

MARKS = {'ip': r'[0-9a-f.:]+', 'n': r'\d+', 'id': '[0-9A-F]{8}', 'any': '.*', 'port': r' *\d+',
         'when': r'\d\d:\d\d:\d\d \d\d/\d\d/\d{4}'}

GROUPS = '''  IPGROUP LOCALS 255.0.0.0:127.0.0.0 ENDIPGROUP
  LUGROUP GRP1,80% TCP20001..TCP20100 ENDLUGROUP
  LUMAP GRP1 LOCALS KEEPOPEN
  PARMSGROUP PG1 INACTIVE 3000 ENDPARMSGROUP
  PARMSMAP PG1 LOCALS
'''


def mapped(side, name, text):
    if side == 'gw' and name == 'telnet.profile':
        text = text.replace('  USSTCP', GROUPS + '  USSTCP', 1)
        text = text.replace('TELNETGLOBALS\n', 'TELNETGLOBALS\n  DEBUG CONN SUMMARY\n  DEBUG CONFIG DETAIL'
                            ' CONSOLE\n', 1)
    return text


def golden(got, want):
    """Line by line, blanks count; {ip} {n} .. stand for what differs from run to run."""
    have = [x.rstrip() for x in got.rstrip('\n').split('\n')]
    for i, line in enumerate(want.strip('\n').split('\n')):
        parts = re.split(r'\{(\w+)\}', line.rstrip())
        pat = ''.join(MARKS[p] if k % 2 else re.escape(p) for k, p in enumerate(parts))
        check(i < len(have) and re.fullmatch(pat, have[i]),
              f'line {i + 1}:\nwanted {line}\ngot    {have[i] if i < len(have) else ""}\n{got}')
    check(len(have) == i + 1, f'{len(have) - i - 1} lines more than wanted:\n{got}')


DIVIDER = '------------------------------------------------------------'
PORTS = f'''
----- PORT: {{port}},{{ip}}  ACTIVE   BASIC    PROF: CURR CONNS:      1
{DIVIDER}
----- PORT: {{port}},{{ip}}  ACTIVE   SECURE   PROF: CURR CONNS:      0
{DIVIDER}'''.strip('\n')

STATUS = '''
EZAOP60I TELNET STATUS REPORT
TELNET NAME VERSION    STATUS
----------- ---------- --------------------------------
SNAGATE     {any} ACTIVE
*** END TELNET STATUS REPORT ***'''

LETTERS = '''
PERSIS   FUNCTION        DIA   SECURITY     TIMERS    MISC
(LMTGCAK)(OPATSKTQSSHRT) (DRF) (PCKLECXN23) (IPKPSTS) (SMLT)
-------  -------------   ---   ----------   -------   ----'''.strip('\n')

PROFILE = f'''
EZZ6060I SNAGATE PROFILE DISPLAY
{LETTERS}
LM*****  ***TSBTQ***RT   SC*   BB********   ***PSTS   *M**
----- PORT: {{port}},{{ip}}  ACTIVE   BASIC    PROF: CURR CONNS:      1
{DIVIDER}
LM*****  ***TSBTQ***RT   SC*   SSK*******   ***PSTS   *M**
----- PORT: {{port}},{{ip}}  ACTIVE   SECURE   PROF: CURR CONNS:      0
{DIVIDER}
PROFILE CURR FILE gw/telnet.profile
FORMAT SHORT
TCPIPJOBNAME **N/A**
DEBUG TASK EXCEPTION CONSOLE
DEBUG CONFIG DETAIL CONSOLE
DEBUG CONN SUMMARY
12 OF 12 RECORDS DISPLAYED'''

CONN = f'''
EZZ6064I SNAGATE CONN DISPLAY
         EN                                         TSP
CONN     TY IPADDR..PORT           LUNAME   APPLID   PTR LOGMODE
-------- -- ---------------------- -------- -------- --- --------
00000001    127.0.0.1..{{n}}       TCP20001 ECHO     TAE SNX32702
{PORTS}
1 OF 1 RECORDS DISPLAYED'''

DETAIL = '''
EZZ6065I SNAGATE CONN DISPLAY
  CONNECTED: {when}   STATUS: SESSION ACTIVE
  CLIENT IDENTIFIER FOR CONN: 00000001  SECLABEL: **N/A**
    CLIENTAUTH USERID: **N/A**
    HOSTNAME: {any}
    CLNTIP..PORT: 127.0.0.1..{n}
    DESTIP..PORT: {ip}..{n}
    LINKNAME: {any}
  PORT: {port}  QUAL: {ip}
    AFFINITY: **N/A**
    STATUS: ACTIVE BASIC      ACCESS: NON-SECURE
  PROTOCOL: TN3270E          LOGMODE: SNX32702 DEVICETYPE: IBM-3278-2-E
    OPTIONS: E-------  3270E FUNCTIONS: {any}
                        NEWENV FUNCTIONS: {any}
  LUNAME: TCP20001   TYPE: TERMINAL GENERIC
  APPL: ECHO
  USERIDS  RESTRICTAPPL: **N/A**   EXPRESSLOGON: **N/A**
  MAPPING TYPE:    CONN IDENTIFIER
                                    OBJECT     ITEM SPECIFIC     OPTIONS
      LUMAP GEN: IG LOCALS
                                   >GRP1                         K----
     DEFLT APPL: **N/A**
      USS TABLE: NL (NULL)
                                   >USSDEMO,>USSDEMOS
      INT TABLE: **N/A**'''

DETAIL_PARMS = '''
  *******  ***TSBTQ***RT   EC*   B*********   ***PSTS   *M**  DEFAULT
  LM-----  -------------   S--   ----------   ----ST-   ----  *TGLOBAL
  LM*****  ***TSBTQ***RT   SC*   BB********   ***PSTS   *M**  TP-CURR
  -------  -------------   ---   ----------   I------   ----  PG1
  LM*****  ***TSBTQ***RT   SC*   BB********   I**PSTS   *M**  <-FINAL'''

CLIENTID = f'''
EZZ6081I SNAGATE CLIENTID DISPLAY
CLIENT ID           CONNS   OBJECT     OBJECT   ITEM
NAME                USING   TYPE       NAME     SPECIFIC     OPTIONS
------------------  ------ ---------  --------  ----------  --------
IPGRP
  LOCALS                 1 LUGRP      GRP1                  GK------
                         1 PARMSGRP   PG1                   --------
NULL
  NULL                   1 ARAPPL     *                     --------
                         1 USS        USSDEMO   USSDEMOS    --------
{PORTS}
6 OF 6 RECORDS DISPLAYED'''

OBJECT = f'''
EZZ6083I SNAGATE OBJECT DISPLAY
OBJECT          CONNS  CLIENT  ID CLIENT ID              ITEM
NAME            USING  TYPE       NAME                   SPECIFIC      OPTIONS
----------      ------ --------- ----------------        ----------    --------
LUGRP
  GRP1               1 IPGRP     LOCALS                                GK------
LUGRP: GRP1                      100 LUS          1 IN USE
        TCP20001..TCP20100..FFFNNNNN             100
{PORTS}
4 OF 4 RECORDS DISPLAYED'''


def t_layouts():
    """Z-05: every display prints its message's layout."""
    with Net(edit=mapped) as net:
        net.up()
        c = net.gw.console
        golden(c('D TCPIP,TELNET'), STATUS)
        golden(c('D TCPIP,,T'), STATUS)
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('Type anything')
            golden(c('D TCPIP,,TELNET,PROF'), PROFILE)
            golden(c('D TCPIP,TN3270,PROF,PORT=ALL,SUM'), PROFILE)
            golden(c('D TCPIP,,TELNET,CONN'), CONN)
            text = c('D TCPIP,,TELNET,CONN,CONN=1')
            golden(text[:text.index('  PARMS:')], DETAIL)
            check(DETAIL_PARMS in text, text)
            check(re.search(r'(\d+) OF \1 RECORDS', text), text)
            golden(c('D TCPIP,,TELNET,CLID'), CLIENTID)
            golden(c('D TCPIP,,TELNET,OBJ,TYPE=LUGRP'), OBJECT)
            check('255.0.0.0:127.0.0.0' in c('D TCPIP,,TELNET,CLID,ID=LOCALS'))
            text = c('D TCPIP,,TELNET,PROF,DET')
            check('EZZ6080I' in text and '<-FINAL' in text and '*TGLOBAL' in text, text)
            for what, mid in (('XCF', 'EZZ6089I'), ('WLM', 'EZZ6067I'), ('LUNS', 'EZZ6085I')):
                text = c(f'D TCPIP,,TELNET,{what}')
                check(mid in text and 'NOT CONFIGURED' in text, text)
            check('EZZ8453I' in c('D TCPIP,,TELNET,STOR'))
            for what, mid in (('', 'EZZ6103I'), (',CONN', 'EZZ6107I'), (',RESUME', 'EZZ6128I'),
                              (',TELNET,ABENDTRAP', 'EZZ6123I')):
                check(mid in c('D TCPIP,,TELNET,HELP' + what), what)
            refused(net)


def refused(net):
    """Each refusal has EZZ6039I, a return code and words."""
    for cmd in ('D TCPIP,,TELNET,CONN,MAX=0', 'D TCPIP,,TELNET,CONN,NOSUCH=1',
                'D TCPIP,,TELNET,WHAT', 'V TCPIP,,TELNET,STOP,PORT=70000',
                'V TCPIP,,TELNET,STOP,PORT=1', 'V TCPIP,,TELNET,ACT,TCP00001',
                'V TCPIP,,TELNET,DEBUG,ON', 'V TCPIP,,TELNET,INACT,NO-NAME',
                'D TCPIP,,TELNET,CONN,IPADDR=1.2.3'):
        text, rc = net.gw.console(cmd, rc=None)
        check(rc == 1 and re.match(r'EZZ6039I SNAGATE COMMAND .* FAILED, RCODE=9\d\d\d\n +\w', text),
              f'{cmd}: {rc} {text}')
    text, rc = net.gw.console('D TCPIP,,NETSTAT,CONN', rc=None)
    check(rc == 1 and 'EZZ0163I' in text, text)


def t_filters():
    """Z-05: each filter of EZZ6107I chooses."""
    with Net(edit=mapped) as net:
        net.up()
        c = net.gw.console
        with S3270('-model', '3279-2-E') as s, S3270('-model', '3278-3-E') as t:
            s.connect(net)
            s.logon()
            s.see('Type anything')
            t.connect(net, prefix='N:')
            t.see('LOGON APPLID')
            one = re.search(r'00000001 +127.0.0.1..(\d+)', c('D TCPIP,,TELNET,CONN')).group(1)

            def lus(operands):
                return re.findall(r'TCP2\d{4}', c('D TCPIP,,TELNET,CONN,SUM,' + operands))
            both, first, second = ['TCP20001', 'TCP20002'], ['TCP20001'], ['TCP20002']
            for operands, want in (
                    ('PORT=ALL', both), (f'PORT={net.port}', both), ('PORT=1', []),
                    (f'PORT={net.port},{net.gw_ip}', both), (f'PORT={net.port},1.2.3.4', []),
                    (f'PORT=1..{net.port}', both), ('PROF=CURRENT', both), ('PROF=1', []),
                    ('PROF=BASIC', both), ('PROF=SECURE', []), ('PROF=ACTIVE', both),
                    ('APPL=ECHO', first), ('APPL=E*', first), ('APPL=X*', []),
                    ('PROTOCOL=TN3270', second), ('PROTOCOL=TN3270E', first),
                    ('LUNAME=TCP2*', both), ('LUNAME=*2', second), ('LUGROUP=GRP1', both),
                    ('LUGROUP=GRP2', []), ('IPGROUP=LOCALS', both), ('IPGROUP=NONE', []),
                    ('IPADDR=127.0.0.1', both), ('IPADDR=255.255.0.0:127.0.0.0', both),
                    ('IPADDR=127.0.0.0/8', both), ('IPADDR=2001:db8::/32', []),
                    ('TCPIPJOBNAME=TCPIP', both), ('MAX=1', first), ('MAX=*', both),
                    ('NOHNAME', both)):
                check(sorted(lus(operands)) == want, f'{operands}: {lus(operands)}')
            for operands in ('CONN=1', f'IPPORT=127.0.0.1..{one}', 'LUNAME=TCP20001'):
                text = c('D TCPIP,,TELNET,CONN,' + operands)
                check('EZZ6065I' in text and 'LUNAME: TCP20001' in text, text)
                check('EZZ6064I' in c('D TCPIP,,TELNET,CONN,' + operands + ',SUM'))
            check('1 OF 2 RECORDS' in c('D TCPIP,,TELNET,CONN,MAX=1'))


def t_life_in_the_log():
    """Z-06: EZZ6034I for connect, negotiation, session and both ends."""
    with Net(edit=mapped) as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('Type anything')
        until('the end is told', lambda: 'CONN DROP' in net.gw.tail())
        lines = re.findall(r'EZZ6034I SNAGATE CONN (\S+) LU (\S+) +(.*)\n.* IP\.\.PORT: '
                           r'127\.0\.0\.1\.\.\d+', net.gw.tail())
        check([(x[1], re.sub(' +', ' ', x[2])) for x in lines] == [
            ('**N/A**', f'ACCEPTED {net.port}'), ('TCP20001', 'NEGOTIATED TN3270E'),
            ('TCP20001', 'IN SESSION ECHO'), ('TCP20001', 'SESS DROP CLNTDISC'),
            ('TCP20001', 'CONN DROP CLNTDISC')], lines)
        check(len({x[0] for x in lines}) == 1, lines)
        net.gw.console('V TCPIP,,TELNET,DEBUG,OFF')
        with socket.create_connection((net.gw_ip, net.port)):
            pass
        until('it is gone', lambda: '0 OF 0' in net.gw.console('D TCPIP,,TELNET,CONN'))
        check('ACCEPTED' not in net.gw.tail(5), net.gw.tail(5))


def t_detail_cut_between_clients():
    """MAX= leaves out whole clients, and says how many: no page ends in another's."""
    with Net(edit=mapped, workers=2) as net:
        net.up()
        c = net.gw.console
        clients = [Tn(net) for _ in range(8)]
        for t in clients:
            t.negotiate_e()
        until('all are there', lambda: '8 OF 8' in c('D TCPIP,,TELNET,CONN'))
        for more, n in (('', None), (',MAX=1', 1), (',MAX=*', 8)):
            text = c('D TCPIP,,TELNET,CONN,DETAIL' + more)
            shape = re.findall(r'^  (CONNECTED|FSMS): ', text, re.M)
            shown = len(shape) // 2
            check(shape == ['CONNECTED', 'FSMS'] * shown, text)
            check(n is None and 0 < shown < 8 or shown == n, text)
            left = re.search(r'^(\d) OF 8 CONNECTIONS NOT SHOWN: MAX=', text, re.M)
            check((int(left.group(1)) if left else 0) == 8 - shown, text)
        for t in clients:
            t.close()


def t_lu_taken_from_the_network():
    """V NET,INACT,ID=lu: a client at its logon screen waits and reads why, one in session is
    dropped, the console hears of both; nobody gets the LU until V NET,ACT."""
    def few(side, name, text):
        return mapped(side, name, text).replace('TCP20001..TCP20100', 'TCP20001..TCP20002').replace(
            'DEBUG CONN SUMMARY', 'DEBUG CONN EXCEPTION')
    with Net(edit=few) as net:
        net.up()
        c = net.gw.console
        with Tn(net) as t:
            lu, _ = t.negotiate_e()
            t.see('LOGON APPLID')
            check('IST105I' in c(f'V NET,INACT,ID={lu}'))
            t.see('was deactivated')
            until('it is told', lambda: re.search(
                f'EZZ6034I .* LU {lu} LU INACT +VARY\n.*its client waits', net.gw.tail()))
            for _ in range(2):          # the round goes over it twice
                with Tn(net) as u:
                    check(u.negotiate_e()[0] != lu, u.lu)
                until('one is left', lambda: '1 OF 1' in c('D TCPIP,,TELNET,CONN'))
            check(lu in c('D TCPIP,,TELNET,INACTLUS'))
            check('STATUS= INACT' in c(f'D NET,ID={lu}'))
            check('IST093I' in c(f'V NET,ACT,ID={lu}'))
            t.see('LOGON APPLID')
            check('STATUS= ACT' in c(f'D NET,ID={lu}') and lu not in c('D TCPIP,,TELNET,INACTLUS'))
            t.text('LOGON APPLID(ECHO)')
            t.see('Type anything')
            c(f'V NET,INACT,ID={lu}')
            t.rest()
            until('it is told', lambda: re.search(f'LU {lu} CONN DROP +LUINACT\n.*deactivated',
                                                  net.gw.tail()))
        with Tn(net) as t:
            t.will_e()
            try:
                t.request('IBM-3278-2-E', connect=lu)
                check(False, 'an inactive LU was given')
            except Rejected:
                pass
            c(f'V NET,ACT,ID={lu}')
            check(t.request('IBM-3278-2-E', connect=lu) == lu)


def t_term_names_the_operator():
    """V NET,TERM: the log, the counters and the client hear that the operator did it."""
    def port(side, name, text):
        text = mapped(side, name, text).replace('DEBUG CONN SUMMARY', 'DEBUG CONN EXCEPTION')
        return text.replace('LUSESSIONPEND', 'NOLUSESSIONPEND', 1)
    for edit, kept in ((port, False), (mapped, True)):
        with Net(edit=edit) as net:
            net.up()
            with Tn(net) as t:
                lu, _ = t.negotiate_e()
                t.text('LOGON APPLID(ECHO)')
                t.see('Type anything')
                net.gw.console(f'V NET,TERM,LU1={lu}')
                if kept:
                    t.see('Session with ECHO ended by the operator')
                else:
                    t.rest()
                what = 'SESS' if kept else 'CONN'
                until('it is told', lambda: re.search(f'LU {lu} {what} DROP +OPERTERM\n',
                                                      net.gw.tail()))
                check('unknown' not in net.gw.tail(4), net.gw.tail())
                check(kept or 'by the operator (V NET,TERM)' in net.gw.tail(), net.gw.tail())


def t_two_profiles():
    """An old profile stands beside the new one as long as a client is on it (Z-04's view)."""
    with Net(edit=mapped) as net:
        net.up()
        c = net.gw.console
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.see('LOGON APPLID')
            text, rc = c('V TCPIP,,OBEYFILE,/no/such', rc=None)
            check(rc == 1 and 'RCODE=9007' in text and 'NOTHING CHANGED' in text, text)
            check(re.search(r'EZZ6035I SNAGATE DEBUG CONFIG DETAIL\n +LINE: 0 MOD: \w+\n +RCODE: '
                            r'9007-03 /no/such: ', text), text)
            c('V TCPIP,,OBEYFILE')
            with S3270('-model', '3279-2-E') as t:
                t.connect(net)
                t.see('LOGON APPLID')
                for prof, lu in (('1', 'TCP20001'), ('CURRENT', 'TCP20002')):
                    text = c(f'D TCPIP,,TELNET,CONN,PROF={prof}')
                    check(re.findall(r'TCP2\d{4}', text) == [lu], text)
                text = c('D TCPIP,,TELNET,CONN')
                check(text.index('TCP20001') < text.index('PROF: 0001 CONNS:      1') or
                      text.index('TCP20002') < text.index('PROF: CURR CONNS:      1'), text)
                text = c('D TCPIP,,TELNET,PROF')
                check('PROF: 0001' in text and 'PROFILE 0001 FILE' in text, text)
                check('CONNS:      1' in c('D TCPIP,,TELNET,OBJ,PROF=1'))
                check('0 OF 0' in c('D TCPIP,,TELNET,OBJ,PROF=2'))
        until('the old one is gone',
              lambda: 'PROF: 0001' not in c('D TCPIP,,TELNET,PROF'))


def t_every_end_has_a_reason():
    """What conn_drop() is given stands in the table: it has a code, a counter, words."""
    with open(os.path.join(TOP, 'tn3270e', 'drop_reason.c'), encoding='utf-8') as f:
        table = set(re.findall(r'\{ "([^"]+)", \d+,', f.read()))
    used = set()
    for name in glob.glob(os.path.join(TOP, 'tn3270e', '*.c')):
        with open(name, encoding='utf-8') as f:
            for m in re.finditer(r'conn_drop\(\w+, ([^;]*?),\s', f.read()):
                used |= set(re.findall(r'"([^"]+)"', m.group(1)))
    check(used and used <= table, f'without a row in drop_reason.c: {sorted(used - table)}')


def t_refusals_are_diagnosed():
    """DEBUG CONN DETAIL: EZZ6035I with a return code; the reason is counted."""
    def edit(side, name, text):
        text = mapped(side, name, text).replace('DEBUG CONN SUMMARY', 'DEBUG CONN DETAIL')
        return text.replace('TCP20001..TCP20100', 'TCP20001..TCP20001')
    port = free_port()
    with Net(edit=edit, gw_args=['--metrics', f'127.0.0.1:{port}']) as net:
        net.gw.start()
        with S3270('-model', '3279-2-E') as s, S3270('-model', '3279-2-E') as t:
            s.connect(net)
            s.see('LOGON APPLID')
            t.cmd(f'Connect({net.gw_ip}:{net.port})', ok=None)
            until('EZZ6035I', lambda: 'EZZ6035I' in net.gw.tail())
            log = net.gw.tail()
            check(re.search(r'EZZ6035I SNAGATE DEBUG CONN DETAIL\n.*IP\.\.PORT: 127\.0\.0\.1\.\.\d+'
                            r'\n.*CONN: [0-9A-F]{8} LU: \S+ MOD: \w+\n.*RCODE: 3012-01 \w.*\n'
                            r'.*PARM1: [0-9A-F]{8} PARM2: 0{8} PARM3: 0{8}', log), log)
        until('both are gone', lambda: '0 OF 0' in net.gw.console('D TCPIP,,TELNET,CONN'))
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=10) as r:
            page = r.read().decode()
        check('snagate_telnet_in_bytes_total ' in page and
              not re.search(r'_(\w+)_\1\b', page), page)
        check(re.search(r'snagate_telnet_drops_total\{reason="CLNTDISC"\} [1-9]', page), page)
        check('CONN DROP CLNTDISC' in net.gw.console('D TCPIP,,TELNET,PROF,DET'))


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

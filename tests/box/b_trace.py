#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The packet trace: what was selected is in it, named; users' data is not. tshark reads it."""
import os
import re
import subprocess

from box import Net, S3270, check, run, until


def tshark(path, *args):
    p = subprocess.run(['tshark', '-r', path, *args], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, check=False)
    check(p.returncode == 0, p.stderr.decode())
    return p.stdout.decode()


def comments(path, flt='frame'):
    return tshark(path, '-Y', flt, '-T', 'fields', '-e', 'frame.comment').splitlines()


def well_formed(path):
    bad = tshark(path, '-Y', '_ws.malformed || _ws.short', '-V')
    check(bad == '', 'malformed frames:\n' + bad)


NET = Net()


def path(name):
    return os.path.join(NET.dir, name)


def trace(name, *operands):
    text = NET.gw.console(','.join(["F NET,TRACE,TYPE=BUF", f"FILE='{path(name)}'", *operands]))
    check('IST513I TRACE INITIATED' in text, text)


def notrace():
    text = NET.gw.console('F NET,NOTRACE,TYPE=BUF')
    check('IST513I TRACE TERMINATED' in text, text)


def session(word):
    """A logon; the LU's name."""
    with S3270('-model', '3279-2-E') as s:
        s.connect(NET)
        s.logon()
        s.see('ECHO')
        s.type(word)
        s.see(word.upper())
        lu = re.search(r'TCP\d{5}', NET.gw.console('D TCPIP,,TELNET,CONN')).group()
        s.cmd('PF(3)', ok=None)
        s.see('LOGON APPLID')
    return lu


def ebcdic(word):
    return word.encode('cp037')


def t_everything_is_named_and_blanked():
    trace('all.pcapng')
    lu = session('secretword')
    notrace()
    well_formed(path('all.pcapng'))
    with open(path('all.pcapng'), 'rb') as f:
        data = f.read()
    for word in ('secretword', 'SECRETWORD'):
        check(ebcdic(word) not in data, 'user data in the trace')
    c = comments(path('all.pcapng'))
    check(any(re.search(r'^PU \w+, medium, CNR\w{5} #CONNECT to NETA.HOST1, '
                        rf'NETA.{lu} - NETA.ECHO, BIND$', x) for x in c), '\n'.join(c))
    check(any(x.endswith(f'NETA.{lu} - NETA.ECHO, FMD') for x in c), '\n'.join(c))
    check(any(x.endswith(f'NETA.{lu} - NETA.ECHO, UNBIND') for x in c), '\n'.join(c))
    names = tshark(path('all.pcapng'), '-T', 'fields', '-e', 'frame.interface_name').split()
    check(set(names) == {'EEGW'} or len(set(names)) == 1, str(set(names)))
    # Lengths are those of the packets: blanked, not cut.
    cut = tshark(path('all.pcapng'), '-Y', 'frame.cap_len != frame.len', '-T', 'fields', '-e',
                 'frame.number')
    check(cut == '', cut)


def t_full_has_the_data():
    trace('full.pcapng', 'AMOUNT=FULL')
    session('plainword')
    notrace()
    well_formed(path('full.pcapng'))
    with open(path('full.pcapng'), 'rb') as f:
        check(ebcdic('plainword') in f.read(), 'no data with AMOUNT=FULL')


def t_one_lu():
    """Two terminals, one is traced: no packet of the other, none of the link."""
    with S3270('-model', '3279-2-E') as a:
        a.connect(NET)
        a.logon()
        a.see('ECHO')
        lu = re.search(r'TCP\d{5}', NET.gw.console('D TCPIP,,TELNET,CONN')).group()
        trace('lu.pcapng', f'ID={lu}')
        other = session('other')
        check(other, 'no LU')
        a.type('mine')
        a.see('MINE')
        text = NET.gw.console('D NET,TRACES,TYPE=NODES')
        check(f'IST1041I {lu}' in text, text)
        notrace()
    c = comments(path('lu.pcapng'))
    check(len(c) >= 2 and all(f'NETA.{lu} - NETA.ECHO' in x for x in c), '\n'.join(c))


def t_one_pipe():
    text = NET.gw.console('D NET,RTPS,APPNCOS=CPSVCMG')
    cnr = re.search(r'CNR\w{5}', text).group()
    trace('pipe.pcapng', f'ID={cnr}')
    session('pipe')                             # its pipe is another one
    NET.gw.console(f'F NET,RTP,ID={cnr}', rc=None)

    def some():
        text = NET.gw.console('D NET,TRACES,TYPE=NODES')
        return not re.search(r'^0 PACKETS', text, re.M)
    until('packets of the pipe', some)
    notrace()
    c = comments(path('pipe.pcapng'))
    check(c and all(f', {cnr} CPSVCMG to NETA.HOST1' in x for x in c), '\n'.join(c))


def t_last_packets():
    """Headers of what went by before anybody asked; nothing a user typed."""
    session('lastword')
    text = NET.gw.console('D NET,RTPS,APPNCOS=#*')
    cnr = re.search(r'CNR\w{5}', text).group()
    NET.gw.console(f"D NET,ID={cnr},TRACE=YES,FILE='{path('last.pcapng')}'")
    c = comments(path('last.pcapng'))
    check(len(c) > 5 and any('DATA' in x for x in c), '\n'.join(c))
    well_formed(path('last.pcapng'))
    with open(path('last.pcapng'), 'rb') as f:
        data = f.read()
    for word in ('lastword', 'LASTWORD'):
        check(ebcdic(word) not in data, word)


def t_size_limit_and_rotation():
    trace('small.pcapng', 'MAX=65536')          # the least is 2 x 256 KiB
    with S3270('-model', '3279-2-E') as s:
        s.connect(NET)
        s.logon()
        s.see('ECHO')
        for _ in range(1200):
            s.cmd('Enter')
            if os.path.exists(path('small.pcapng.1')):
                break
    notrace()
    for name in ('small.pcapng', 'small.pcapng.1'):
        check(os.path.getsize(path(name)) <= 4 * 65536, name)
        well_formed(path(name))
        check(comments(path(name))[0].startswith('PU '), name)


if __name__ == '__main__':
    with NET:
        NET.up()
        run([t_everything_is_named_and_blanked, t_full_has_the_data, t_one_lu, t_one_pipe,
             t_last_packets, t_size_limit_and_rotation])

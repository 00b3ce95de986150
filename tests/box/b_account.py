#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Accounting: one record when a session begins, one when it ends (SMF 119
subtypes 20 and 21), as lines of JSON; renamed, reopened, a full disk."""
import json
import os
import re
import signal
import stat

from box import Net, S3270, check, run, until


def accounting(side, name, text):
    if side == 'gw' and name == 'telnet.profile':
        text = text.replace('TELNETGLOBALS\n', 'TELNETGLOBALS\n  SMFINIT TYPE119 SMFTERM TYPE119 '
                            'SMFFILE tn.json 10 KEEP 2\n', 1)
    return text


def records(net, name='tn.json'):
    try:
        with open(os.path.join(net.dir, name), encoding='ascii') as f:
            text = f.read()
    except FileNotFoundError:
        return []
    check(text == '' or text.endswith('\n'), f'half a line: {text[-200:]}')
    return [json.loads(line) for line in text.splitlines()]


def session(net, typed=('one', 'two'), port=None, prefix='', args=()):
    with S3270('-model', '3279-2-E', *args) as s:
        s.connect(net, port=port, prefix=prefix)
        s.logon()
        s.see('Type anything')
        for t in typed:
            s.type(t)
            s.see(t)


def t_what_a_client_did():
    with Net(edit=accounting) as net:
        net.up()
        text = net.gw.console('D TCPIP,,TELNET,PROF')
        check('SMFINIT TYPE119\nSMFTERM TYPE119\nSMFFILE tn.json 10 KEEP 2\n' in text, text)
        check(re.search(r'  S\S{3}\n-----', text), text)
        session(net)
        until('two records', lambda: len(records(net)) == 2)
        net.gw.proc.send_signal(signal.SIGUSR1)
        until('the state is told', lambda: 'accounting_records' in net.gw.tail(200))
        a, b = records(net)
        mode = os.stat(os.path.join(net.dir, 'tn.json')).st_mode
        check(stat.S_IMODE(mode) == 0o640, oct(mode))
        check((a['type'], a['subtype'], b['subtype']) == (119, 20, 21), a)
        for r in (a, b):
            check(r['appl'] == 'ECHO' and re.fullmatch(r'TCP\d{5}', r['lu']), r)
            check(r['client'] == '127.0.0.1' and r['local'] == net.gw_ip, r)
            check(r['local_port'] == net.port and r['client_port'] > 0, r)
            check(r['session_type'] == 'TN3270E' and r['lu_selection'] == 'SERVER', r)
            check((r['tls'], r['tls_version'], r['tls_cipher']) == ('NONE', '', ''), r)
            check(r['options'] == '80' and int(r['functions'], 16) & 0xe000 == 0xe000, r)
            check(r['logmode'] == 'SNX32702' and r['device_type'] == 'IBM-3278-2-E', r)
            check(r['start'] == a['start'] and r['device_number'] == 1, r)
        check('reason' not in a and b['reason'] == 'CLNTDISC', b)
        check(b['transactions'] == 2, b)
        check(20 < b['bytes_in'] < 400 and b['bytes_out'] > 100, b)
        check(b['end'] >= b['start'] and b['duration_cs'] >= 0, b)

        session(net, typed=(), port=net.tls_port, prefix='L:TCP00077@', args=['-noverifycert'])
        until('four records', lambda: len(records(net)) == 4)
        r = records(net)[3]
        check(r['tls'] == 'SERVER' and r['tls_version'].startswith('TLSv1.') and r['tls_cipher'],
              r)
        check(r['lu'] == 'TCP00077' and r['lu_selection'] == 'CLIENT', r)

        # Two sessions of one connection, each with its own numbers.
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            for _ in range(2):
                s.logon('TSODEMO')
                s.see('User ID')
                s.suspend()
                s.type('logoff')
                s.see('LOGON APPLID')
        until('eight records', lambda: len(records(net)) == 8)
        last = records(net)[4:]
        check([r['subtype'] for r in last] == [20, 21, 20, 21], last)
        check(last[1]['bytes_out'] * 2 > last[3]['bytes_out'], last)
        with S3270('-model', '3279-2-E') as s:
            s.connect(net, prefix='N:')
            s.logon()
            s.see('Type anything')
        until('ten records', lambda: len(records(net)) == 10)
        last = records(net)[9]
        check(last['session_type'] == 'TN3270' and last['options'] == '70', last)
        check(last['functions'] == '0000', last)


def t_renamed_and_started_again():
    """Another program renames the file: SIGHUP opens a new one. A restart goes on in it."""
    with Net(edit=accounting) as net:
        net.up()
        session(net, typed=())
        until('two records', lambda: len(records(net)) == 2)
        path = os.path.join(net.dir, 'tn.json')
        os.rename(path, path + '.old')
        net.gw.proc.send_signal(signal.SIGHUP)
        until('a new file', lambda: os.path.exists(path))
        session(net, typed=())
        until('two in the new one', lambda: len(records(net)) == 2)
        check(len(records(net, 'tn.json.old')) == 2)
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('Type anything')
            check(net.gw.stop() == 0)
        check([r.get('reason') for r in records(net)[2:]] == [None, 'HALT'], records(net))
        with open(path, 'a', encoding='ascii') as f:
            f.write('{"half')               # a machine stopped in the middle
        net.gw.start()
        net.linked()
        session(net, typed=())

        def good():
            with open(path, encoding='ascii') as f:
                lines = f.read().split('\n')
            return len(lines) == 8 and lines[4] == '{"half' and all(
                json.loads(x) for x in lines[5:7])
        until('lines behind the half one', good)


def t_renamed_by_size():
    """What would make the file longer than SMFFILE says goes into a new one."""
    def edit(side, name, text):
        return accounting(side, name, text).replace('tn.json 10 KEEP 2', 'tn.json 1 KEEP 2')
    with Net(edit=edit) as net:
        line = json.dumps({'old': 'x' * 1012}) + '\n'       # 1024 of them fill it
        check(len(line) == 1024)
        with open(os.path.join(net.dir, 'tn.json'), 'w', encoding='ascii') as f:
            f.write(line * 1024)
        net.up()
        session(net, typed=())
        until('two in the new one', lambda: len(records(net)) == 2)
        old = records(net, 'tn.json.1')
        check(len(old) == 1024 and 'old' in old[-1], len(old))


def t_full_disk():
    """Told once, clients go on; told again when it is over."""
    with Net(edit=accounting) as net:
        path = os.path.join(net.dir, 'tn.json')
        os.symlink('/dev/full', path)
        net.up()
        session(net, typed=('one',))
        session(net, typed=('one',))
        until('told', lambda: "CAN'T BE WRITTEN: No space left" in net.gw.tail())
        os.remove(path)
        net.gw.proc.send_signal(signal.SIGHUP)
        until('written again', lambda: 'IS WRITTEN AGAIN' in net.gw.tail())
        until('nothing is lost', lambda: len(records(net)) == 4)
        check(net.gw.tail(200).count("CAN'T BE WRITTEN") == 1, net.gw.tail(200))


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

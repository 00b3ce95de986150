#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A user logs on, works and logs off, with a real s3270."""
from box import Net, S3270, check, run, until


def work(s, word):
    s.see('ECHO')
    s.type(f'hello {word}')
    return s.see(f'HELLO {word}'.upper())


def session(net, *args, prefix='', port=None):
    with S3270(*args) as s:
        s.connect(net, prefix, port)
        s.logon()
        work(s, 'one')
        work(s, 'two')
        s.cmd('PF(3)', ok=None)
        s.see('LOGON APPLID')           # LUSESSIONPEND: the logo again
        s.cmd('Disconnect()')


def t_tn3270e():
    with Net() as net:
        net.up()
        for model in ('3278-2', '3279-3-E', '3279-4-E', '3279-5-E'):
            session(net, '-model', model)


def t_plain_tn3270_without_e():
    with Net() as net:
        net.up()
        session(net, '-model', '3279-2-E', prefix='N:')


def t_lu_by_name():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s, S3270('-model', '3279-2-E') as t:
            s.connect(net, 'TCP00042@')
            check('TCP00042' in s.see('LOGON APPLID'), s.screen())
            check('TCP00042' in net.gw.console('D NET,ID=TCP00042'))
            # The same name again: refused while it is in use.
            t.cmd(f'Connect(TCP00042@{net.gw_ip}:{net.port})', ok=None)
            until('the second client gave up or got another mode',
                  lambda: 'TCP00042' not in t.screen())


def t_tls():
    with Net() as net:
        net.up()
        session(net, '-model', '3279-2-E', '-noverifycert', prefix='L:', port=net.tls_port)


def t_workers():
    with Net(workers=2) as net:
        net.up()
        session(net, '-model', '3279-2-E')
        session(net, '-model', '3279-2-E', '-noverifycert', prefix='L:', port=net.tls_port)


def t_tsodemo():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-4-E') as s:
            s.connect(net)
            s.logon('TSODEMO')
            s.see('PASSWORD')


def t_unknown_application_says_why():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon('NOSUCH')
            text = s.see('NOSUCH')
            check('SENSE' in text.upper() or '08' in text, text)
            s.cmd('Clear()', ok=None)
            s.logon('ECHO')
            work(s, 'again')


def t_fifty_at_once():
    with Net() as net:
        net.up()
        clients = [S3270('-model', '3278-2-E') for _ in range(50)]
        try:
            for c in clients:
                c.connect(net)
            for c in clients:
                c.logon()
            for n, c in enumerate(clients):
                work(c, f'n{n}')
            text = net.gw.console('D NET,SESSIONS,LIST=ALL')
            check(text.count('ECHO') >= 1, text)
        finally:
            for c in clients:
                c.close()
        until('all LUs are free again',
              lambda: 'TCP000' not in net.gw.console('D NET,SESSIONS,LIST=ALL', rc=None)[0])


if __name__ == '__main__':
    run([t_tn3270e, t_plain_tn3270_without_e, t_lu_by_name, t_tls, t_workers, t_tsodemo,
         t_unknown_application_says_why, t_fifty_at_once])

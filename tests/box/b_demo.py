#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""README's first command, in the background form: make start, a logon plain
and over TLS at the ports README names, make stop."""
import os
import socket
import subprocess

from box import TOP, S3270, check, run


def make(target):
    env = dict(os.environ, MAKEFLAGS='', MAKELEVEL='')
    p = subprocess.run(['make', '-s', target, 'B=' + os.environ.get('B', 'build')], cwd=TOP,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, check=False,
                       stdin=subprocess.DEVNULL)
    return p.returncode, p.stdout.decode('utf-8', 'replace')


def taken():
    for kind, at in ((socket.SOCK_STREAM, ('127.0.0.1', 2323)),
                     (socket.SOCK_DGRAM, ('127.0.0.2', 12000))):
        with socket.socket(type=kind) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, kind == socket.SOCK_STREAM)
            try:
                s.bind(at)
            except OSError:
                return True
    return False


def t_make_start_and_stop():
    if taken():
        print('a demonstration runs on this machine already: that one is used for nothing')
        return
    rc, text = make('start')
    try:
        check(rc == 0, text)
        check('c3270 127.0.0.1:2323' in text, text)
        check(len(text.strip().splitlines()) <= 12, text)
        for prefix, port, args in (('', 2323, []), ('L:', 2992, ['-noverifycert'])):
            with S3270('-model', '3279-2-E', *args) as s:
                s.cmd(f'Connect({prefix}127.0.0.1:{port})')
                s.logon()
                s.see('ECHO')
                s.type('readme')
                s.see('README')
        rc, again = make('start')
        check(rc != 0 and 'runs already' in again, again)
    finally:
        rc, text = make('stop')
    check(rc == 0, text)
    check(not taken(), 'port 2323 is still open after make stop')
    check(not os.path.exists(os.path.join(TOP, 'run', 'snagate.pid')))


if __name__ == '__main__':
    run([t_make_start_and_stop])

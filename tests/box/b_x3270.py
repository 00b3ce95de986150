#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""x3270 with its windows on a display that nobody sees (Xvfb): models and
oversize screens, TLS, and the application's screen drawn in the window."""
import os
import socket
import subprocess

from box import Net, S3270, check, run, until


class Display:
    """An X server without a screen."""

    def __init__(self):
        r, w = os.pipe()
        self.p = subprocess.Popen(['Xvfb', '-displayfd', str(w), '-screen', '0', '1400x1100x24',
                                   '-nolisten', 'tcp', '-noreset'], pass_fds=[w],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(w)
        with os.fdopen(r) as f:
            self.name = ':' + f.readline().strip()
        check(self.name != ':', 'Xvfb did not start')
        until('the display takes clients', self.answers)

    def answers(self):
        with socket.socket(socket.AF_UNIX) as s:
            return s.connect_ex('/tmp/.X11-unix/X' + self.name[1:]) == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.wait()


def x3270(display, *args):
    return S3270(*args, program=('x3270', '-script'),
                 env={**os.environ, 'DISPLAY': display.name})


def t_models():
    with Net() as net, Display() as d:
        net.up()
        for model, rows in (('3279-2-E', 24), ('3278-3-E', 32), ('3279-4-E', 43)):
            with x3270(d, '-model', model) as x:
                x.connect(net)
                x.logon()
                x.see('Type anything')
                x.type('in a window')
                x.see('You typed: in a window')
                check(len(x.cmd('Ascii()')[0]) == rows, model)


def t_oversize():
    """IBM-DYNAMIC: the host learns the size from the Query Reply."""
    with Net() as net, Display() as d:
        net.up()
        with x3270(d, '-model', '3279-5-E', '-oversize', '160x62') as x:
            x.connect(net)
            x.see('LOGON APPLID')
            check('IBM-DYNAMIC' in net.gw.console('D TCPIP,,TELNET,CONN,DETAIL'))
            x.logon()
            x.see('Type anything')


def t_over_tls():
    with Net() as net, Display() as d:
        net.up()
        with x3270(d, '-model', '3279-2-E', '-noverifycert') as x:
            x.connect(net, prefix='L:', port=net.tls_port)
            x.logon()
            x.see('Type anything')
            check(' TL ' in net.gw.console('D TCPIP,,TELNET,CONN'))


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients without 3270: a real telnet on a terminal, in its two ways of sending lines."""
import os
import pty
import select
import subprocess
import time

from box import PATIENCE, Fail, Net, run, until


class Telnet:
    """telnet(1) on a terminal of its own."""

    def __init__(self, net):
        self.fd, side = pty.openpty()
        self.p = subprocess.Popen(['telnet', net.gw_ip, str(net.port)], stdin=side, stdout=side,
                                  stderr=side, start_new_session=True,
                                  env=dict(os.environ, TERM='vt100'))
        os.close(side)
        self.got = ''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.p.poll() is None:
            self.p.kill()
        self.p.wait()
        os.close(self.fd)

    def see(self, text):
        """Waits for text; what came up to it."""
        end = time.monotonic() + PATIENCE
        while text not in self.got:
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                raise Fail(f'no "{text}" in: {self.got}')
            try:
                self.got += os.read(self.fd, 4096).decode('latin-1')
            except OSError:
                raise Fail(f'telnet ended without "{text}": {self.got}') from None
        at = self.got.index(text) + len(text)
        before, self.got = self.got[:at], self.got[at:]
        return before

    def type(self, text):
        os.write(self.fd, text.encode())


def work(t):
    t.see('TO LOG ON')
    t.type('LOGXX\x7f\x7fON APPLID(NOSUCH)\r')
    t.see('SENSE 08060012\r\n')         # what it means stands on a line of its own
    t.see('NOSUCH: ')
    t.type('LOGON APPLID(ECHO)\r')
    t.see('you are NETA.TCP')
    t.type('hello there\r')
    t.see('1: hello there')


def t_lines(net):
    """telnet as it starts: what it does depends on SUPPRESS-GO-AHEAD, which we offer."""
    with Telnet(net) as t:
        work(t)
        t.type('\x1d')
        t.see('telnet>')
        t.type('send ayt\r')
        t.see('[Yes]')
        t.type('LOGOFF\r')
        t.see('TO LOG ON')
        t.type('UNDIAL\r')
        t.see('closed by foreign host')
    until('nothing is left', lambda: 'TCP000' not in net.gw.console('D NET,SESSIONS,LIST=ALL'))


def t_characters(net):
    """telnet in character mode (SGA): each byte at once, Enter as CR NUL, DEL not edited."""
    with Telnet(net) as t:
        t.see('TO LOG ON')
        t.type('\x1dmode character\r')
        t.see('telnet>')
        t.type('\r')
        t.type('logxx')
        t.type('\x7f\x7fon applid(NOSUCH)\r')
        t.see('SENSE 08060012')
        t.type('ECHO\r')
        t.see('you are NETA.TCP')
        t.type('xyz\r')
        t.see('1: xyz')


if __name__ == '__main__':
    run([t_lines, t_characters], Net())

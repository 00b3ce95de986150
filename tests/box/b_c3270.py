#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a person sees: the demonstration as README tells it, c3270 in a real
terminal (tmux), and the operator's console typed at by hand."""
import os
import subprocess
import tempfile

from box import BIN, TOP, Net, check, run, until


class Term:
    """A terminal of 80x43 with a program in it."""

    def __init__(self, command, cwd=TOP):
        self.dir = tempfile.mkdtemp(prefix='snagate-tmux-')
        self.sock = os.path.join(self.dir, 's')
        self.tmux('-f', '/dev/null', 'new-session', '-d', '-x', '82', '-y', '45', '-c', cwd,
                  'TERM=xterm ' + command + '; sleep 600')

    def tmux(self, *args):
        p = subprocess.run(['tmux', '-S', self.sock, *args], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, check=False)
        check(p.returncode == 0, p.stderr.decode())
        return p.stdout.decode('utf-8', 'replace')

    def keys(self, *keys):
        self.tmux('send-keys', *keys)

    def text(self, text):
        self.tmux('send-keys', '-l', text)

    def screen(self):
        return self.tmux('capture-pane', '-p')

    def see(self, text):
        until(f'"{text}" in the terminal', lambda: text in self.screen())
        return self.screen()

    def close(self):
        self.tmux('kill-server')
        for f in os.listdir(self.dir):
            os.unlink(os.path.join(self.dir, f))
        os.rmdir(self.dir)


def logon_and_off(term, appl):
    term.see('LOGON APPLID')
    term.text(f'LOGON APPLID({appl})')
    term.keys('Enter')


def t_c3270_in_a_terminal():
    with Net() as net:
        net.up()
        term = Term(f'c3270 -model 3279-2-E {net.gw_ip}:{net.port}')
        try:
            logon_and_off(term, 'ECHO')
            term.see('ECHO')
            term.text('typed by hand')
            term.keys('Enter')
            term.see('You typed: typed by hand')
        finally:
            term.close()


def t_operator_types():
    with Net() as net:
        net.up()
        term = Term(f'{os.path.join(BIN, "vtamcon")} -s {net.gw.sock}')
        try:
            term.text('d net,majnodes')
            term.keys('Enter')
            term.see('IST350I DISPLAY TYPE = MAJOR NODES')
            term.see('IST314I END')
            term.text('d net,nonsense')
            term.keys('Enter')
            term.see('IST')
            term.keys('Up')
            term.see('d net,nonsense')
            # An unsolicited message comes while the line is being typed.
            net.host.stop()
            term.see('IST1097I')
        finally:
            term.close()


if __name__ == '__main__':
    run([t_c3270_in_a_terminal, t_operator_types])

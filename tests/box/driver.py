# SPDX-License-Identifier: Apache-2.0
"""DRIVER of vtamsim, from a tnclient: d = Driver(net), d.do('SEND RQD NOCD'), d.status().

DRIVER does on the session what it is told (docs/vtamsim.md), so a test says what the host
sends and sees what the client gets, and the other way round.
"""
import re
import sys

import box
from tnclient import BIND, DATA, Tn, ebcdic, plain, raw

# Command field: row 21, column 7. The hidden one: row 22, column 15.
COMMAND = bytes((0x11, 0xd9, 0xc6))
HIDDEN = bytes((0x11, 0x5a, 0x5e))


class Driver(Tn):
    """A client in session with DRIVER. mode: 'E', '3270'; logmode: other than the device's;
    data: changes to the BIND."""

    def __init__(self, where, devtype='IBM-3278-2-E', mode='E', data='', functions=(0, 2, 4),
                 first=True, logmode='', **kw):
        super().__init__(where, **kw)
        if mode == 'E':
            self.negotiate_e(devtype, functions=functions)
        else:
            self.negotiate_3270(devtype)
        self.see('LOGON APPLID')
        self.logon(data, logmode)
        self.image = None
        if mode == 'E' and 0 in functions:
            # the logon screen had a BIND of its own
            while self.image is None or plain(self.image.data).find('DRIVER') < 0:
                self.image = self.record(BIND)
        self.first = self.see('DRIVER -') if first else None

    def logon(self, data='', logmode=''):
        self.text('LOGON APPLID(DRIVER)' + (f' LOGMODE({logmode})' if logmode else '')
                  + (f' DATA({data})' if data else ''))

    def do(self, line):
        """Types a line of commands."""
        self.put_record(bytes((0x7d, 0x40, 0x40)) + COMMAND + ebcdic(line))

    def together(self, *lines):
        """Types lines (bytes: sends them) in one write: nothing of the host comes between."""
        out, self.send = [], lambda b: out.append(raw(b))
        for line in lines:
            if isinstance(line, bytes):
                self.send(line)
            else:
                self.do(line)
        del self.send
        self.send(b''.join(out))

    def status(self, line='STATUS'):
        """The facts of the next status screen, after a line that ends with one."""
        self.do(line)
        return facts(self.see('DRIVER -').text())

    def rec(self):
        """The next 3270-DATA record."""
        return self.record(DATA)


def facts(text):
    f = {}
    for name, pattern in (('plus', r'RESPONSES \+(\d+)'), ('minus', r'RESPONSES \+\d+ -(\d+)'),
                          ('sense', r'-\d+ LAST SENSE ([0-9A-F]{8})'),
                          ('signals', r'SIGNALS (\d+)'), ('lustats', r'LUSTATS (\d+)'),
                          ('lustat', r'LUSTATS \d+ LAST ([0-9A-F]{8})'),
                          ('refused', r'REFUSED HERE (\d+)'),
                          ('inputs', r'INPUT (\d+)'), ('length', r'LENGTH (\d+)'),
                          ('fm', r'FM (\d+)'), ('maxru', r'MAXRU (\d+)')):
        m = re.search(pattern, text)
        if m:
            f[name] = m[1] if name in ('sense', 'lustat') else int(m[1])
    m = re.search(r'LENGTH \d+(.*?)SEND N=', text)
    f['hex'] = re.sub(r'[^0-9A-F*]', '', re.sub(r'.[^0-9A-F]{2,}', ' ', m[1])) if m else ''
    return f


def run_with(net, tests):
    """Like box.run(), for tests that share one net."""
    with net:
        net.up()
        try:
            box.run(tests)
        except SystemExit as e:
            code = e.code
            if code:
                print(f'--- snagate log ---\n{net.gw.tail(60)}--- vtamsim log ---\n'
                      f'{net.host.tail(30)}')
    sys.exit(code)

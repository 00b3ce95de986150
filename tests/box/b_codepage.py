#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Terminals that are no 3270s: lines in and out, their code pages; what code pages
mean for 3270 clients; and the double-byte data of those, which nobody may touch."""
import os
import random
import re
import subprocess

import tnclient as tn
from box import BIN, Net, check, run, until
from tnclient import Tn

LINE = 1920             # bytes of a typed line


def edited(globals_='', port='', vtam=''):
    """The demonstration's profile with more statements."""
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = text.replace('ENDTELNETGLOBALS', globals_ + '\nENDTELNETGLOBALS')
            text = text.replace('TELNETPARMS\n  PORT', f'TELNETPARMS\n  {port}\n  PORT', 1)
            text = text.replace('ENDVTAM', vtam + '\nENDVTAM')
        return text
    return edit


def line_client(net, sga=True, port=None):
    """In line mode, the logo read."""
    c = Tn(net, port=port)
    c.upto('ff fd 28')
    c.send('ff fc 28')
    c.upto('ff fd 18')
    c.send('ff fc 18')
    if sga:
        c.upto('ff fb 03 ff fd 03')
    return c


def logged_on(net, appl):
    c = line_client(net)
    c.upto(b'UNDIAL')
    c.send(f'LOGON APPLID({appl})\r\n'.encode())
    c.upto({'ECHO': b'ends the session\r\n', 'DRIVER': b'LENGTH 0\r\n'}[appl])
    return c


def status(c):
    """The last input DRIVER had, in hex."""
    c.send(b'STATUS\r\n')
    c.upto(b'INPUT ')
    c.upto(b'\r\n')
    return c.upto(b'\r\n').decode().strip()


def t_lines_and_keys():
    """What ends a line, what takes it back, keys, and a line too long."""
    with Net() as net:
        net.up()
        c = logged_on(net, 'ECHO')
        c.send(b'SIZE 200\r\n')
        for typed, shown in ((b'one\r\n', b': one\r\n'), (b'two\r\0', b': two\r\n'),
                             (b'three\n', b': three\r\n'), (b'abx\bc\r\n', b': abc\r\n'),
                             (b'abx\xff\xf7c\r\n', b': abc\r\n'),
                             (b'never\xff\xf8said\r\n', b': said\r\n'),
                             (b'never\x15ctl\r\n', b': ctl\r\n')):
            c.send(typed)
            c.upto(shown)
        c.slow = True
        c.send(b'slowly\r\n')
        c.upto(b': slowly\r\n')
        c.slow = False
        c.cmd(tn.AYT)
        c.upto(b'[Yes]')
        c.cmd(tn.IP)            # 6.5: no ATTN in line mode
        c.cmd(tn.BRK)
        c.cmd(tn.AO)
        c.send(b'after the keys\r\n')
        c.upto(b': after the keys\r\n')
        c.send(b'x' * LINE + b'\r\n')
        c.upto(b': xxx')
        c.send(b'y' * (LINE + 1) + b'\r\n')
        check(b'yyy' not in c.upto(b'was not sent'))
        c.send(b'z\r\n' * 20)                   # typed ahead
        for _ in range(20):
            c.upto(b': z\r\n')
        c.send(b'LOGOFF\r\n')
        c.upto(b'LOGON')
        c.send(b'LOGON APPLID(NOSUCH)\r\n')
        c.upto(b'08060012')
        c.send(b'UNDIAL\r\n')
        c.expect_close()


def t_output_of_the_host():
    """Page after page; colours, formats and 3270 orders do not leak."""
    with Net() as net:
        net.up()
        c = logged_on(net, 'DRIVER')
        for sent, shown in (('C1C2284211C315', b'ABC\r\n'),
                            ('C12BC105F1F2F3F4C215', b'AB\r\n'),
                            ('11C1C11DF0C229020DF042F4C315', b'BC\r\n'),
                            ('C10E42C10FC215', b'A??B\r\n'),
                            ('C10DC215', b'A\r\0B\r\n')):
            c.send(f'SEND HEX={sent}\r\n'.encode())
            got = c.upto(b'\r\n')
            check(got == shown, f'{sent}: {got!r}')
        c.send(b'SEND N=40 SIZE=900\r\n')       # DRIVER numbers what it sends
        got = b''
        while len(got) < 30000:
            check(c.more(), 'closed')
            got, c.buf = got + c.buf, b''
        check(not [b for b in got if b < 0x20 and b not in b'\r\n'], 'a control leaked')
        c.quiet(0.5)
        c.buf = b''
        check(status(c) == 'E2E3C1E3E4E2')


def t_code_pages():
    """One port in German, one with UTF-8; EZZ6024I; OBEYFILE changes the page."""
    edit = edited('CODEPAGE ISO8859-1 IBM-273', 'CODEPAGE UTF-8 1141')
    with Net(edit=edit) as net:
        net.up()
        for a, e, port in (('UTF-8', '1141', net.port), ('ISO8859-1', 'IBM-273', net.tls_port)):
            check(f'EZZ6024I SNAGATE CODE PAGE CONVERSION {a} {e} SET UP FOR PORT {port}'
                  in net.gw.tail(60), net.gw.tail(60))
        check('CODEPAGE UTF-8 1141' in net.gw.console('D TCPIP,,TELNET,PROF,DET'))
        c = logged_on(net, 'DRIVER')
        c.send('äöüß@!€\r\n'.encode())
        c.upto(b'LENGTH 7\r\n')
        check(c.upto(b'\r\n').strip() == b'C06AD0A1B54F9F')
        c.send(b'\xc3\r\n')                     # half a character
        c.upto(b'LENGTH 1\r\n')
        check(c.upto(b'\r\n').strip() == b'6F')
        c.send('ä\b\b\bö\r\n'.encode())
        c.upto(b'LENGTH 1\r\n')
        check(c.upto(b'\r\n').strip() == b'6A')
        c.send(b'SEND HEX=C06AD0A1B54F9F15\r\n')
        check(c.upto(b'\r\n') == 'äöüß@!€\r\n'.encode())
        prof = os.path.join(net.dir, 'gw', 'telnet.profile')
        with open(prof, encoding='latin-1') as f:
            text = f.read()
        with open(prof, 'w', encoding='latin-1') as f:
            f.write(text.replace('CODEPAGE UTF-8 1141', 'CODEPAGE ISO8859-1 IBM-1047'))
        out = net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
        check('EZZ6024I' in out and 'ISO8859-1 IBM-1047' in out, out)
        d = logged_on(net, 'DRIVER')
        d.send(b'SEND HEX=ADBD15\r\n')
        check(d.upto(b'\r\n') == b'[]\r\n')
        c.send(b'SEND HEX=C015\r\n')            # who was there keeps the old one
        check(c.upto(b'\r\n') == 'ä\r\n'.encode())


def t_own_screens_in_the_hosts_page():
    """What the gateway paints for 3270 clients is in the page of the profile, and
    what they type there is read in it."""
    with Net(edit=edited('CODEPAGE ISO8859-1 IBM-273')) as net:
        net.up()
        with Tn(net) as c:
            c.negotiate_e()
            c.see('LOGON APPLID')
            c.put_record('LOGON APPLID(A@B#$!)'.encode('cp273'), tn.SSCP)
            r = c.record(tn.DATA)
            while 'A@B' not in r.data.decode('cp273', 'replace'):
                check('@' not in tn.plain(r.data), 'in 037')
                r = c.record(tn.DATA)
            c.put_record('LOGON APPLID(ECHO)'.encode('cp273'), tn.SSCP)
            c.see('Type anything')              # letters are the same in both


def t_wrong_statements():
    """--check and OBEYFILE tell file, line and reason."""
    wrong = (('CODEPAGE ISO8859-1 IBM-99999', 'IBM-99999 is no code page iconv knows'),
             ('CODEPAGE IBM-1047 ISO8859-1', 'IBM-1047 is no ASCII page'),
             ('CODEPAGE ISO8859-1 IBM-939', 'characters of more than one byte'),
             ('CODEPAGE ISO8859-1', 'two code pages are wanted'),
             ('DBCSTRANSFORM', 'double-byte text is for TN3270 and TN3270E clients'))
    with Net() as net:
        prof = os.path.join(net.dir, 'gw', 'telnet.profile')
        with open(prof, encoding='latin-1') as f:
            text = f.read()
        at = 1 + text[:text.index('  MSG07')].count('\n')
        for stmt, why in wrong:
            with open(prof, 'w', encoding='latin-1') as f:
                f.write(text.replace('  MSG07', f'  {stmt}\n  MSG07', 1))
            p = subprocess.run([os.path.join(BIN, 'snagate'), '--check', '--vtamlst', 'gw/vtamlst',
                                '--profile', 'gw/telnet.profile'], cwd=net.dir, check=False,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            out = p.stdout.decode()
            check(p.returncode == 1 and why in out, f'{stmt}: {p.returncode} {out}')
            check(f'telnet.profile({at},' in out, f'{stmt}: not at line {at}: {out}')


def t_binary_line_mode_and_nosga():
    """BINARYLINEMODE: bytes go as they are; NOSGA: SUPPRESS-GO-AHEAD is refused."""
    with Net(edit=edited('BINARYLINEMODE NOSGA')) as net:
        net.up()
        c = line_client(net, sga=False)
        c.upto(b'UNDIAL')
        c.send(b'LOGON APPLID(DRIVER)\r\n')
        c.upto('LENGTH 0'.encode('cp037') + b'\x15')
        check(b'\xff\xfb\x03' not in c.heard and b'\xff\xfd\x03' not in c.heard, 'SGA offered')
        c.say(tn.DO, tn.SGA)
        c.upto('ff fc 03')
        c.say(tn.WILL, tn.SGA)
        c.upto('ff fe 03')
        # DRIVER reads EBCDIC: we are the terminal that speaks it
        c.send(tn.double('SEND HEX=00FF15250DC1'.encode('cp037')) + b'\r\n')
        check(c.upto(b'\xc1') == b'\x00\xff\xff\x15\x25\x0d\xc1')
        c.send('a\b\x7fb'.encode('cp037') + b'\r\n')
        c.upto('LENGTH 4'.encode('cp037'))
        c.upto(b'\x15')
        want = 'a\b\x7fb'.encode('cp037').hex().upper()
        got = c.upto(b'\x15').decode('cp037').strip()
        check(got == want, f'{got} is not {want}')


def t_line_mode_application():
    with Net(edit=edited(vtam='LINEMODEAPPL ECHO')) as net:
        net.up()
        c = line_client(net)
        c.upto(b'mode INTERACT')
        c.send(b'at once\r\n')
        c.upto(b': at once\r\n')


def t_flood_of_lines():
    """A thousand empty lines, each answered with the logo, are taken as fast as they
    are read, not at once."""
    with Net() as net:
        net.up()
        before = net.gw.rss_kib()
        c = line_client(net)
        c.upto(b'UNDIAL')
        c.send(b'\n' * 5000 + b'LOGON APPLID(NOSUCH)\r\n')
        with Tn(net) as d:                      # another one is served meanwhile
            d.negotiate_e()
            d.text('LOGON APPLID(ECHO)')
            d.see('Type anything')
        check('asan' in BIN or net.gw.rss_kib() - before < 20000, 'memory ran away')
        logos = 0
        while b'08060012' not in c.buf:
            logos += c.buf.count(b'UNDIAL')
            c.buf = c.buf[-20:] if b'UNDIAL' not in c.buf[-20:] else c.buf[-5:]
            check(c.more(), 'closed')
        logos += c.buf.count(b'UNDIAL')
        check(logos > 4990, f'{logos} answers to 5000 lines')


def random_text(rnd, n):
    """Bytes with SO and SI among them; orders of the 3270 stay out of it."""
    keep = b'\x0e\x0f' * 20 + bytes(range(0x40, 256))
    return bytes(rnd.choice(keep) for _ in range(n))


def t_double_byte_data():
    """SO, SI and any bytes between pass both ways untouched, in TN3270E and TN3270,
    whatever the code pages are."""
    rnd = random.Random(int(os.environ.get('SEED', '41')))
    with Net(edit=edited('CODEPAGE UTF-8 IBM-1047')) as net:
        net.up()
        for plain in (False, True):
            with Tn(net) as c:
                if plain:
                    c.negotiate_3270()
                else:
                    c.negotiate_e()
                c.see('LOGON APPLID')
                c.text('LOGON APPLID(DRIVER) ')
                c.see('Do it')
                for _ in range(30):
                    data = random_text(rnd, rnd.randrange(1, 60))
                    c.put_record(b'\x7d\x5b\x6b\x11\x5b\x6b' + data)
                    shown = c.see('INPUT')
                    hexed = ''.join(re.findall('-([0-9A-F]{2,48}) ',
                                               shown.text().split('INPUT')[-1]))
                    check(hexed.startswith('7D5B6B115B6B' + data.hex().upper()),
                          f'{data.hex()} not in {shown.text()}')
                for _ in range(30):
                    data = bytes(rnd.randrange(256) for _ in range(rnd.randrange(1, 80)))
                    whole = b'\xf5\xc3' + data
                    c.put_record(b'\x7d\x5b\x6b\x11\x5b\x6b' +
                                 tn.ebcdic('SEND HEX=' + whole.hex().upper()))
                    r = c.record(tn.DATA)
                    check(r.data == whole, f'{whole.hex()} came as {r.data.hex()}')


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starting, refusing to start, and ending: one clear line and exit 1."""
import os
import re
import signal
import subprocess

from box import BIN, Net, check, run


def attempt(net, program, *args):
    p = subprocess.run([os.path.join(BIN, program), *args], cwd=net.dir,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                       stdin=subprocess.DEVNULL, check=False)
    return p.returncode, p.stdout.decode('utf-8', 'replace')


def t_second_node_on_the_same_address():
    with Net() as net:
        net.host.start()
        rc, text = attempt(net, 'vtamsim', '--vtamlst', 'host/vtamlst', '--foreground',
                           '--console', os.path.join(net.dir, 'other.sock'))
        check(rc == 1, f'exit {rc}\n{text}')
        check('12000' in text or 'in use' in text.lower(), text)


def t_missing_library_and_profile():
    with Net() as net:
        rc, text = attempt(net, 'vtamsim', '--vtamlst', 'nosuch', '--foreground',
                           '--console', os.path.join(net.dir, 'x.sock'))
        check(rc == 1 and 'nosuch' in text, text)
        rc, text = attempt(net, 'snagate', '--vtamlst', 'gw/vtamlst', '--profile', 'none',
                           '--foreground', '--console', os.path.join(net.dir, 'y.sock'))
        check(rc == 1 and 'none' in text, text)


def t_check_is_clean_on_the_demo():
    with Net() as net:
        rc, text = attempt(net, 'snagate', '--vtamlst', 'gw/vtamlst', '--profile',
                           'gw/telnet.profile', '--check')
        check(rc == 0, text)
        rc, text = attempt(net, 'vtamsim', '--vtamlst', 'host/vtamlst', '--check')
        check(rc == 0, text)


def t_check_names_member_line_and_operand():
    with Net() as net:
        with open(os.path.join(net.dir, 'host/vtamlst/BADAPPL'), 'w', encoding='ascii') as f:
            f.write('BADAPPL  VBUILD TYPE=APPL\nECHO9    APPL  AUHT=(ACQ)\n')
        path = os.path.join(net.dir, 'host/vtamlst/ATCCON00')
        with open(path, 'a', encoding='latin-1') as f:
            f.write('BADAPPL\n')
        rc, text = attempt(net, 'vtamsim', '--vtamlst', 'host/vtamlst', '--check')
        check(rc == 1, f'exit {rc}\n{text}')
        check('BADAPPL' in text and 'AUHT' in text and '2' in text, text)


def t_check_of_a_profile_beside_its_library():
    """LUs without an APPL, logon modes nobody has, a folder that is not there: told with the
    line, before a client meets them. A profile that fits has no warning."""
    def add(side, name, text):
        if (side, name) == ('gw', 'telnet.profile'):
            text = text.replace('TELNETGLOBALS\n', 'TELNETGLOBALS\n  SMFFILE none/tn.json\n'
                                '  TELNETDEVICE DYNAMIC NOSUCHMD,D4A32XX3\n', 1)
            text = text.replace('  USSTCP', """  LUGROUP ODD TCP00001 XYZ00001..XYZ00003 ENDLUGROUP
  PRTGROUP PAPER ODDPRT1 ENDPRTGROUP
  LUMAP ONELU 10.1.2.3
  LUMAP ODD 10.1.2.4
  USSTCP""", 1)
        return text
    args = ('--vtamlst', 'gw/vtamlst', '--profile', 'gw/telnet.profile', '--check')
    with Net(edit=add) as net:
        rc, text = attempt(net, 'snagate', *args)
        check(rc == 0, text)
        with open(os.path.join(net.dir, 'gw/telnet.profile'), encoding='latin-1') as f:
            lines = f.read().split('\n')
        for word, pattern in (('ODD TCP', 'LUGROUP: ODD: no APPL.* XYZ00001 and others'),
                              ('PAPER', 'PRTGROUP: PAPER: no APPL.* ODDPRT1:'),
                              ('ONELU', 'LUGROUP: ONELU: no APPL.* ONELU:'),
                              ('NOSUCHMD', 'TELNETDEVICE: NOSUCHMD: .* 08210002'),
                              ('SMFFILE', 'SMFFILE: none/tn.json: the folder none is not')):
            at = next(i for i, x in enumerate(lines) if word in x) + 1
            check(re.search(rf'telnet.profile\({at},\d+\): warning: {pattern}', text),
                  f'{pattern} at {at}\n{text}')
        check(text.count('warning') == 5, text)
    with Net() as net:
        rc, text = attempt(net, 'snagate', *args)
        check(rc == 0 and 'warning' not in text, text)


def t_bad_options():
    with Net() as net:
        for prog in ('snagate', 'vtamsim', 'vtamcon'):
            rc, text = attempt(net, prog, '--nosuchoption')
            check(rc != 0 and 'nosuchoption' in text, text)
            check('--help' in text, text)
            rc, text = attempt(net, prog, '--version')
            check(rc == 0 and text.startswith(f'{prog} (Snagate) '), text)
            for word in ('--help', '-h'):
                rc, text = attempt(net, prog, word)
                check(rc == 0 and text.startswith(f'Usage: {prog} '), text)
                check('--version' in text and 'invalid' not in text, text)


def t_console_is_owner_only():
    with Net() as net:
        net.host.start()
        check(os.stat(net.host.sock).st_mode & 0o777 == 0o600)


def t_ends_on_sigterm_and_znet():
    with Net() as net:
        net.host.start()
        check(net.host.stop(signal.SIGTERM) == 0)
        net.host.start()
        net.host.console('Z NET,QUICK', rc=None)
        check(net.host.proc.wait(60) == 0)


if __name__ == '__main__':
    run([t_second_node_on_the_same_address, t_missing_library_and_profile,
         t_check_is_clean_on_the_demo, t_check_names_member_line_and_operand,
         t_check_of_a_profile_beside_its_library, t_bad_options,
         t_console_is_owner_only, t_ends_on_sigterm_and_znet])

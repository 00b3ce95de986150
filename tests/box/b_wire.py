#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tshark, a decoder that is not ours, reads every datagram of a whole logon."""
import os
import subprocess

from box import Net, S3270, check, run, until
from tnclient import AO, SSCP, Tn


def tshark(path, *args):
    p = subprocess.run(['tshark', '-r', path, *args], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, check=False)
    check(p.returncode == 0, p.stderr.decode())
    return p.stdout.decode()


def fields(path, flt, *names):
    args = ['-Y', flt, '-T', 'fields']
    for n in names:
        args += ['-e', n]
    return [r.split('\t') for r in tshark(path, *args).splitlines()]


def t_every_datagram_decodes():
    with Net(trace=True) as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon()
            s.see('ECHO')
            s.type('wire test')
            s.see('WIRE TEST')
            s.cmd('PF(3)', ok=None)
            s.see('LOGON APPLID')
        net.gw.console('Z NET,QUICK', rc=None)
        until('snagate ended', lambda: net.gw.proc.poll() is not None)
        path = os.path.join(net.dir, 'gw.pcapng')
        check(tshark(path, '-Y', '_ws.malformed', '-T', 'fields', '-e', 'frame.number') == '',
              'malformed frames:\n' + tshark(path, '-Y', '_ws.malformed', '-V'))
        all_udp = fields(path, 'udp', 'udp.dstport', 'llc.control', '_ws.col.Info')
        check(len(all_udp) > 20, str(len(all_udp)))
        for port, control, info in all_udp:
            check(12000 <= int(port) <= 12004, port)
            check(control != '', info)
        # Link: XID3 both ways with CP names, and the XID_DONE pair (section 2.5).
        names = {v for r in fields(path, 'sna.xid.format == 3', 'sna.control.0e.value')
                 for v in r[0].split(',')}
        check({'NETA.GW1', 'NETA.HOST1'} <= names, str(names))
        frh = {r[0] for r in fields(path, 'sna.nlp.frh', 'sna.nlp.frh')}
        check({'0x03', '0x04'} <= frh or {'3', '4'} <= frh, str(frh))
        # Pipes: a setup each way is answered with a connection identifier.
        setups = fields(path, 'sna.nlp.thdr.setupi == 1', 'frame.number')
        check(setups, 'no connection setup seen')
        ids = fields(path, 'sna.nlp.thdr.optional.type == 0x10', 'frame.number')
        check(ids, 'no connection identifier exchange seen')
        # Sessions: FID5 PIUs with BIND (SC, expedited) and FMD data.
        cats = {r[0] for r in fields(path, 'sna.th.fid == 5', 'sna.rh.ru_category')}
        check(len(cats) >= 2, str(cats))


def t_unbind_of_a_lost_client():
    """The host of a client that is lost gets UNBIND 0F, with DISCONNECTABLE and without, so
    that what the user was doing may be kept; of one that says LOGOFF 01."""
    def edit(side, name, text):
        if (side, name) == ('gw', 'telnet.profile'):
            text = text.replace('ENDVTAM', 'ALLOWAPPL ECHO DISCONNECTABLE\nENDVTAM')
        return text

    def ends(appl, how):
        with Tn(net) as c:
            c.negotiate_e()
            c.see('LOGON APPLID')
            c.text(f'LOGON APPLID({appl})')
            c.see(f'{appl} -')
            if how == 'LOGOFF':
                c.cmd(AO)
                c.record(SSCP)
                c.text('LOGOFF')
                c.see('LOGON APPLID')
            elif how == 'RESET':
                c.reset()
        until('the LU is free', lambda: '0 OF 0' in net.gw.console(
            f'D TCPIP,,TELNET,CONN,LUNAME={c.lu}', rc=None)[0])

    with Net(trace=True, edit=edit) as net:
        net.up()
        for appl, how in (('ECHO', 'RESET'), ('ECHO', 'CLOSE'), ('DRIVER', 'RESET'),
                          ('DRIVER', 'CLOSE'), ('DRIVER', 'LOGOFF')):
            ends(appl, how)
        net.gw.console('Z NET,QUICK', rc=None)
        until('snagate ended', lambda: net.gw.proc.poll() is not None)
        types = [ru[:4] for ru, comment in fields(
            os.path.join(net.dir, 'gw.pcapng'), 'frame.comment contains ", UNBIND"',
            'data.data', 'frame.comment') if len(ru) > 2 and 'CPSVCMG' not in comment]
    check(types == ['320f', '320f', '320f', '320f', '3201'], str(types))


if __name__ == '__main__':
    run([t_every_datagram_decodes, t_unbind_of_a_lost_client])

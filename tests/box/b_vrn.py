#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A connection network of real processes: gateway and host know one node in the
middle only, and call each other when a session begins. tshark reads the call."""
import os
import shutil

from b_far import cpcp, edit as far_edit, middle
from b_wire import fields
from b_wire_ee import CV, N, T, TH, X, bool_, none_malformed, num, seen
from box import Net, S3270, check, run, until


def edit(side, name, text):
    """As in b_far.py, and both (and the middle) are attached to NETA.VRN1."""
    text = far_edit(side, name, text)
    if name in ('EEGW1', 'EEHOST1'):
        text = text.rstrip('\n') + '''
GRPV     GROUP DIAL=YES,CALL=INOUT,AUTOGEN=(4,LV,PV),                  X
               ISTATUS=ACTIVE,VNNAME=NETA.VRN1,VNTYPE=LOCAL
'''
    return text


def labels(rows):
    return {r[N + 'anr'] for r in rows}


def t_a_call_over_it():
    with Net(edit=edit, trace=True) as net:
        mid = middle(net).start()
        mid_ip = net.host_ip[:-1] + '3'
        try:
            net.host.start()
            net.gw.start()
            until('the gateway meets the middle', lambda: cpcp(net.gw, 'HMID1'))
            until('the host meets the middle', lambda: cpcp(net.host, 'HMID1'))
            until('both know of the other', lambda: all(
                'VRN1' in n.console('D NET,TOPO,LIST=VN') for n in (net.gw, net.host)))
            with S3270('-model', '3279-2-E') as s:
                s.connect(net)
                s.logon()
                s.see('Type anything')
                s.type('straight on')
                s.see('STRAIGHT ON')
            text = net.gw.console('D NET,EE')
            check('LOCAL VRN EE CONNECTIONS = 1' in text, text)
            check('CNV00001' in net.gw.console('D NET,ID=VRN1') + net.gw.tail(400), net.gw.tail())
            net.gw.console('Z NET,QUICK', rc=None)
            until('snagate ended', lambda: net.gw.proc.poll() is not None)
        finally:
            mid.stop()
        path = os.path.join(net.dir, 'gw.pcapng')
        none_malformed(path)
        direct = f'ip.addr == {net.gw_ip} && ip.addr == {net.host_ip}'
        far = fields(path, f'ip.addr == {mid_ip} && sna && udp.dstport == 12003', 'frame.number')
        check(not far, f'{len(far)} packets of the session went by the middle')
        x = seen(path, 'XID3', f'sna.xid.format == 3 && {direct}',
                 get=(X + 'state', X + 'tg', X + 'negcomp', CV + 'key', 'udp.payload'))
        first = x[0]
        check(num(first[X + 'state']) == [2] and 0x46 in num(first[CV + 'key']), str(first))
        raw = bytes.fromhex(first['udp.payload'].replace(':', ''))
        check('NETA.VRN1'.encode('cp037') in raw, 'the caller names the connection network')
        check(any(bool_(r[X + 'negcomp']) for r in x), 'the exchange came to its end')
        done = seen(path, 'XID_DONE', f'sna.nlp.frh && {direct}', get=('sna.nlp.frh',))
        check([num(r['sna.nlp.frh'])[0] for r in done][:2] == [3, 4], str(done))
        setup = seen(path, 'setup', f'{T}setupi == 1 && {direct}', get=(N + 'anr',))
        check(labels(setup) == {'80000003ff'}, f'one hop, LUs only: {labels(setup)}')
        bind = seen(path, 'BIND', f'sna.th.fid == 5 && sna.rh.ru_category == 3 && {direct}',
                    get=(TH + 'sa', 'udp.dstport'))
        check({b['udp.dstport'] for b in bind} == {'12003'}, str(bind))


if __name__ == '__main__':
    if shutil.which('tshark') is None:
        print('[  SKIPPED ] tshark is not installed')
    else:
        run([t_a_call_over_it])

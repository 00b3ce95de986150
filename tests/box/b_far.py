#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three nodes in a row: the host is behind another network node. Searches pass
through it, Route Setup asks it for labels, and NLPs pass by it."""
import re

from box import Net, S3270, check, run, until
from middle import cpcp, edit, middle


def t_logon_through_a_node():
    with Net(edit=edit) as net:
        mid = middle(net).start()
        try:
            net.host.start()
            net.gw.start()
            until('the gateway meets the middle', lambda: cpcp(net.gw, 'HMID1'))
            until('the host meets the middle', lambda: cpcp(net.host, 'HMID1'))
            with S3270('-model', '3279-2-E') as s:
                s.connect(net)
                s.logon()
                s.see('Type anything')
                for n in range(20):
                    s.type(f'line {n} there and back')
                    s.see(f'line {n} there and back')
                # The host called: its display has the route, one row a hop.
                pipes = net.host.console('D NET,RTPS')
                name = re.search(r'CNR\w+(?=.*NETA\.GW1)', pipes).group(0)
                text = net.host.console(f'D NET,ID={name},HPRDIAG=YES')
                check('NETA.HMID1' in text and 'NETA.GW1' in text, text)
                check('IST1739I' in text, text)
                text = net.host.console('D NET,SESSIONS,LIST=ALL')
                sid = re.search(r'ECHO +NETA\.TCP\w+ +([0-9A-F]{16})', text).group(1)
                text = net.host.console(f'D NET,SESSIONS,SID={sid}')
                hops = re.findall(r'IST1461I +(\d+) +(\S+)', text)
                check([h[1] for h in hops] == ['NETA.HMID1', 'NETA.GW1'], text)
                check('0' not in [h[0] for h in hops], text)
                net.host.console(f'F NET,RTP,ID={name}')
                until('switched on command',
                      lambda: 'PATH SWITCH COMPLETED' in net.host.tail(200))
                s.type('after the switch')
                s.see('after the switch')
                text = mid.console('D NET,SESSIONS,LIST=ALL')
                check('ECHO' not in text, text)         # the node between has no part in it
            # Nobody has it: told at once.
            with S3270('-model', '3279-2-E') as s:
                s.connect(net)
                s.logon('NOSUCH')
                s.see('08060012')
        finally:
            mid.stop()


if __name__ == '__main__':
    run([t_logon_through_a_node])

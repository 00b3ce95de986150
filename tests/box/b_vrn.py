#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A connection network: gateway and host are end nodes of one server and know only
it. A logon makes a link between them, and the session outlives the server."""
import re
import signal

import middle
from box import Net, S3270, check, run, until

VRN = ('GRPV     GROUP DIAL=YES,AUTOGEN=(4,LV,PV),CALL=INOUT,                  X\n'
       '               VNNAME=NETA.VRN1,VNTYPE=LOCAL,UNRCHTIM=60\n')


def edit(side, name, text):
    """End nodes on the network; both dial the server at address .3."""
    if name == 'ATCSTR00':
        text = text.replace('NODETYPE=NN', 'NODETYPE=EN')
    if name in ('EEGW1', 'EEHOST1'):
        text += VRN
    return middle.edit(side, name, text)


def server(net):
    """A network node that is not on the connection network itself."""
    return middle.middle(net, lambda text: text.replace(VRN, '').replace(
        'NODETYPE=EN', 'NODETYPE=NN'))


def links(node):
    """Over the connection network, as D NET,EE counts them."""
    return int(re.search(r'IST2019I .* = (\d+)', node.console('D NET,EE')).group(1))


def t_link_of_their_own():
    with Net(edit=edit) as net:
        mid = server(net).start()
        try:
            net.host.start()
            net.gw.start()
            until('the gateway meets the server', lambda: middle.cpcp(net.gw, 'HMID1'))
            until('the host meets the server', lambda: middle.cpcp(net.host, 'HMID1'))
            text = net.gw.console('D NET,ID=NETA.VRN1')
            check('VNNAME = NETA.VRN1' in text and ' VN ' in text, text)
            check(links(net.gw) == 0 and links(net.host) == 0)
            with S3270('-model', '3279-2-E') as s:
                s.connect(net)
                s.logon()
                s.see('Type anything')
                check(links(net.gw) == 1 and links(net.host) == 1)
                check(not middle.cpcp(net.gw, 'HOST1'))
                text = net.gw.console('D NET,ADJCP,ID=VRN1')
                name = re.search(r'IST1106I (CNV\w+)', text).group(1)
                text = net.gw.console(f'D NET,ID={name}')
                check('CP NAME = HOST1' in text.replace('CPNAME', 'CP NAME'), text)
                check('(DYNAMIC)' in text, text)
                text = net.host.console('D NET,RTPS')
                pipe = re.search(r'CNR\w+(?=.*NETA\.GW1)', text).group(0)
                text = net.host.console(f'D NET,ID={pipe},HPRDIAG=YES')
                check('HMID1' not in text, text)
                # No packet of the session passes the server: it is not needed any more.
                mid.stop(signal.SIGKILL)
                for n in range(10):
                    s.type(f'line {n} past the server')
                    s.see(f'line {n} past the server')
        finally:
            mid.stop()


if __name__ == '__main__':
    run([t_link_of_their_own])

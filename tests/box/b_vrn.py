#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A connection network: gateway and host are end nodes of one server and know only
it. A logon makes a link between them, and the session outlives the server."""
import os
import re
import shutil
import signal

from box import Net, Node, S3270, check, run, until

VRN = ('GRPV     GROUP DIAL=YES,AUTOGEN=(4,LV,PV),CALL=INOUT,                  X\n'
       '               VNNAME=NETA.VRN1,VNTYPE=LOCAL,UNRCHTIM=60\n')


def edit(side, name, text):
    """End nodes on the network; both dial the server at address .3."""
    if name == 'ATCSTR00':
        text = text.replace('NODETYPE=NN', 'NODETYPE=EN')
    if name in ('EEGW1', 'EEHOST1'):
        text += VRN
    if side == 'gw' and name == 'SWHOST1':
        text = text.replace('CPNAME=HOST1', 'CPNAME=HMID1')
        text = re.sub(r'IPADDR=(127\.\d+\.\d+)\.2', r'IPADDR=\1.3', text)
    if side == 'host' and name == 'SWGW1':
        text = text.replace('CPNAME=GW1,NETID=NETA,  ', 'CPNAME=HMID1,NETID=NETA,')
        text = text.replace('DWACT=NO,DWINOP=NO,  ', 'DWACT=YES,DWINOP=YES,')
        text = re.sub(r'IPADDR=(127\.\d+\.\d+)\.1', r'IPADDR=\1.3', text)
    return text


def server(net):
    """A network node that is not on the connection network itself."""
    folder = os.path.join(net.dir, 'mid')
    shutil.copytree(os.path.join(net.dir, 'host', 'vtamlst'), folder)
    for f in os.listdir(folder):
        p = os.path.join(folder, f)
        with open(p, encoding='latin-1') as h:
            text = h.read().replace(VRN, '').replace('NODETYPE=EN', 'NODETYPE=NN')
        text = text.replace('HOST1', 'HMID1').replace(net.host_ip, net.host_ip[:-1] + '3')
        text = text.replace('SSCPID=2', 'SSCPID=3').replace('HOSTSA=2', 'HOSTSA=3')
        if f == 'ATCCON00':
            text = text.replace('SWGW1 ', '*     ').replace('APPLS ', '*     ')
        with open(p, 'w', encoding='latin-1') as h:
            h.write(text)
    os.rename(os.path.join(folder, 'EEHOST1'), os.path.join(folder, 'EEHMID1'))
    n = Node(net, 'vtamsim', ['--vtamlst', 'mid'])
    n.sock, n.log = os.path.join(net.dir, 'mid.sock'), os.path.join(net.dir, 'mid.log')
    return n


def cpcp(node, name):
    text = node.console('D NET,CPCP', rc=None)[0]
    return name in text and ' UP ' in text


def links(node):
    """Over the connection network, as D NET,EE counts them."""
    return int(re.search(r'IST2019I .* = (\d+)', node.console('D NET,EE')).group(1))


def t_link_of_their_own():
    with Net(edit=edit) as net:
        mid = server(net).start()
        try:
            net.host.start()
            net.gw.start()
            until('the gateway meets the server', lambda: cpcp(net.gw, 'HMID1'))
            until('the host meets the server', lambda: cpcp(net.host, 'HMID1'))
            text = net.gw.console('D NET,ID=NETA.VRN1')
            check('VNNAME = NETA.VRN1' in text and ' VN ' in text, text)
            check(links(net.gw) == 0 and links(net.host) == 0)
            with S3270('-model', '3279-2-E') as s:
                s.connect(net)
                s.logon()
                s.see('Type anything')
                check(links(net.gw) == 1 and links(net.host) == 1)
                check(not cpcp(net.gw, 'HOST1'))
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

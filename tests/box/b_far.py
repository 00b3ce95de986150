#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three nodes in a row: the host is behind another network node. Searches pass
through it, Route Setup asks it for labels, and NLPs pass by it."""
import os
import re
import shutil

from box import Net, Node, S3270, check, run, until


def edit(side, name, text):
    """The gateway knows only the node in the middle; the host dials it."""
    if side == 'gw' and name == 'SWHOST1':
        text = text.replace('CPNAME=HOST1', 'CPNAME=HMID1')
        text = re.sub(r'IPADDR=(127\.\d+\.\d+)\.2', r'IPADDR=\1.3', text)
    if side == 'host' and name == 'SWGW1':
        text = text.replace('CPNAME=GW1,NETID=NETA,  ', 'CPNAME=HMID1,NETID=NETA,')
        text = text.replace('DWACT=NO,DWINOP=NO,  ', 'DWACT=YES,DWINOP=YES,')
        text = re.sub(r'IPADDR=(127\.\d+\.\d+)\.1', r'IPADDR=\1.3', text)
    return text


def middle(net):
    """A node like the host, with other names and address and without applications."""
    folder = os.path.join(net.dir, 'mid')
    shutil.copytree(os.path.join(net.dir, 'host', 'vtamlst'), folder)
    for f in os.listdir(folder):
        p = os.path.join(folder, f)
        with open(p, encoding='latin-1') as h:
            text = h.read()
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

# SPDX-License-Identifier: Apache-2.0
"""A third node between the gateway and the host of a Net: who dials it, and itself."""
import os
import re
import shutil

from box import Node


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


def middle(net, change=lambda text: text):
    """A node like the host, with other names and address and without applications."""
    folder = os.path.join(net.dir, 'mid')
    shutil.copytree(os.path.join(net.dir, 'host', 'vtamlst'), folder)
    for f in os.listdir(folder):
        p = os.path.join(folder, f)
        with open(p, encoding='latin-1') as h:
            text = change(h.read())
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

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Response times (RFC 2562): by definite responses, the host's and our own
(DYNAMICDR), by TIMING-MARK, without the network; shown on the console, in the
metrics and in the accounting record."""
import json
import os
import re
import time
import urllib.request

from box import Net, S3270, check, free_port, run, until
from tnclient import DO, TM, WILL, Tn

GROUPS = '''  MONITORGROUP DYN DYNAMICDR INCLUDEIP AVERAGE BUCKETS BOUNDARY1 0.2 BOUNDARY2 1 BOUNDARY3 30
    BOUNDARY4 50 ENDMONITORGROUP
  MONITORGROUP MARK NODYNAMICDR INCLUDEIP AVERAGE NOBUCKETS ENDMONITORGROUP
  MONITORGROUP NOIP NOINCLUDEIP AVERAGE BUCKETS ENDMONITORGROUP
  MONITORMAP DYN 127.0.0.5
  MONITORMAP MARK 127.0.0.6
  MONITORMAP NOIP 127.0.0.7
  LUGROUP GRP1 TCP20001..TCP20100 ENDLUGROUP
  LUMAP GRP1 127.0.0.5
'''


def monitored(side, name, text):
    if side == 'gw' and name == 'telnet.profile':
        text = text.replace('  USSTCP', GROUPS + '  USSTCP', 1)
        text = text.replace('TELNETGLOBALS\n', 'TELNETGLOBALS\n  SMFTERM TYPE119 SMFFILE tn.json\n',
                            1)
    return text


def logged_on(net, source, appl='ECHO', see='Type anything'):
    c = Tn(net, source=source)
    c.negotiate_e()
    c.text(f'LOGON APPLID({appl})')
    c.see(see)
    return c


def group(net, name):
    """The numbers of a group's display."""
    text = net.gw.console(f'D TCPIP,,TELNET,OBJ,ID={name}')
    life = re.search(r'LIFE +(\d+) +([\d.]+) +([\d.]+) +([\d.]+)', text)
    by = re.search(r'BY DEFINITE RESPONSE (\d+)  BY TIMING MARK (\d+)  UNANSWERED (\d+)', text)
    check(life and by, text)
    keys = ('n', 'total', 'ip', 'sna', 'dr', 'tm', 'late')
    return dict(zip(keys, map(float, life.groups() + by.groups()))), text


def counted(net, name, n):
    return until(f'{n} transactions of {name}',
                 lambda: group(net, name)[0]['n'] == n and group(net, name))


def dynamic(net):
    """ECHO asks for error responses only: we ask for definite ones, the host hears none."""
    with logged_on(net, '127.0.0.5') as c:
        for word, nap in (('one', 0), ('two', 0.3), ('three', 0)):
            c.enter(word)
            r = c.record()
            check(r.rsp == 2 and word.upper() in r.text().upper(), r)
            time.sleep(nap)
            c.respond(r)
        c.enter('four')                         # refused: the host hears that
        c.respond(c.record(), negative=0)
        v, text = counted(net, 'DYN', 4)
        check(v['dr'] == 4 and v['tm'] == 0 and v['ip'] >= 75, text)
        check(v['total'] >= v['ip'] and 'DYNAMICDR' in text and 'SLIDING' in text, text)
        low, high = map(int, re.search(r'<=0\.200: (\d+)  <=1\.000: (\d+)', text).groups())
        check(low <= 3 and low + high <= 4 and 'ABOVE: 0' in text, text)
        text = net.gw.console(f'D TCPIP,,TELNET,CONN,LUNAME={c.lu}')
        check('MONGROUP: IP 127.0.0.5' in text and re.search(r'LIFE +4 ', text), text)
        text = net.gw.console('D TCPIP,,TELNET,OBJ,TYPE=LUGRP')
        check(re.search(r'LUGRP: GRP1.*LIFE +4 ', text, re.S), text)
        text = net.gw.console('D TCPIP,,TELNET,OBJ,TYPE=MONGRP')
        check(re.search(r'DYN +1 IPADDR +127\.0\.0\.5', text), text)


def marks(net):
    """Nobody asks for responses: a TIMING-MARK follows the record."""
    with logged_on(net, '127.0.0.6') as c:
        for i in range(2):
            c.enter('word')
            r = c.record()
            check(r.rsp != 2, r)
            c.opt(DO, TM)
            time.sleep(0.2 * i)
            c.say(WILL, TM)
        v, text = counted(net, 'MARK', 2)
        check((v['dr'], v['tm']) == (0, 2) and v['ip'] >= 100, text)
        check('NOBUCKETS' in text and 'ABOVE' not in text, text)


def hosts_responses(net):
    """DRIVER asks for a definite response: that is what is measured."""
    with logged_on(net, '127.0.0.6', 'DRIVER', 'DRIVER') as c:
        was = group(net, 'MARK')[0]
        c.enter('SEND RQD CD')
        while True:
            r = c.record()
            if r.rsp == 2:
                break
        c.respond(r)
        counted(net, 'MARK', was['n'] + 1)
        check(group(net, 'MARK')[0]['dr'] == was['dr'] + 1)


def without_network(net):
    with logged_on(net, '127.0.0.7') as c:
        c.enter('word')
        c.see('word')
        v, text = counted(net, 'NOIP', 1)
        check((v['ip'], v['dr'], v['tm']) == (0, 0, 0) and 'NOINCLUDEIP' in text, text)


def accounted(net):
    path = os.path.join(net.dir, 'tn.json')

    def lines():
        with open(path, encoding='ascii') as f:
            return [json.loads(x) for x in f]
    until('a record of the client', lambda: os.path.exists(path) and lines())
    r = [x for x in lines() if x.get('monitor_group') == 'DYN'][0]
    t = r['response_times']
    check(t['count'] == 4 == t['definite_response'] and t['sum_ms'] >= t['ip_sum_ms'] >= 300, r)
    check(sum(r['buckets']) == 4 and r['bucket_bounds_ms'] == [200, 1000, 30000, 50000], r)


def t_response_times():
    port = free_port()
    with Net(edit=monitored, gw_args=['--metrics', f'127.0.0.1:{port}']) as net:
        net.up()
        dynamic(net)
        marks(net)
        hosts_responses(net)
        without_network(net)
        accounted(net)
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/metrics', timeout=10) as r:
            page = r.read().decode()
        for want in (r'response_seconds_count\{monitorgroup="DYN"\} 4\n',
                     r'response_seconds_bucket\{monitorgroup="DYN",le="\+Inf"\} 4\n',
                     r'response_seconds_bucket\{lugroup="GRP1",le="30\.000"\} [34]\n',
                     r'response_ip_seconds_count\{monitorgroup="MARK"\} 3\n'):
            check(re.search('snagate_telnet_' + want, page), want + page[-3000:])


def t_real_client_with_workers():
    """s3270 answers definite responses: each of its inputs is measured, on any worker."""
    def edit(side, name, text):
        return monitored(side, name, text).replace('MONITORMAP NOIP 127.0.0.7',
                                                   'MONITORMAP DYN 127.0.0.1')
    with Net(edit=edit, workers=2) as net:
        net.up()
        for _ in range(3):
            with S3270('-model', '3279-2-E') as s:
                s.connect(net)
                s.logon()
                s.see('Type anything')
                for word in ('alpha', 'beta'):
                    s.type(word)
                    s.see(word)
        v, text = counted(net, 'DYN', 6)
        check(v['dr'] == 6, text)


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

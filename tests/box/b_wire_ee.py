#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every flow of Enterprise Extender between real processes, read by tshark: no
frame malformed, and the fields of each flow named and compared. docs/snaee.md
has the table of flows, tests and figures.

A relay (relay.py) stands between the nodes, loses and cuts what a test says,
and keeps a capture of what came to it; the gateway writes its own; dumpcap
takes a third one from the loopback interface where the rights allow.
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from b_far import edit as far_edit, middle
from b_wire import fields, tshark
from box import Fail, Net, PATIENCE, S3270, TOP, check, run, until
from relay import DROP, PASS, Relay

sys.path.insert(0, os.path.join(TOP, 'tests', 'vec'))
from v_tshark import load       # pylint: disable=wrong-import-position

N, T, S, X = 'sna.nlp.nhdr.', 'sna.nlp.thdr.', 'sna.nlp.thdr.optional.', 'sna.xid.type3.'
TH, CV = 'sna.th.', 'sna.control.'

SW = '''{m:8} VBUILD TYPE=SWNET
{body}'''
PU = '''{pu:8} PU    CPNAME={cp},NETID=NETA,CONNTYPE=APPN,CPCP=YES,HPR=YES,  X
               DWACT={dial},DWINOP={dial},DISCNT=NO,PUTYPE=2
{path:8} PATH  GRPNM={grp},SAPADDR=4,REDIAL={redial},REDDELAY=2,       X
               IPADDR={ip}
'''


def cards(text):
    """The X of a continued card in column 72."""
    return re.sub(r'^(.*?) *X$', lambda m: m.group(1).ljust(71) + 'X', text, flags=re.M)


class World(Net):
    """Gateway and host with the relay between them. ways: how many; wrong: a
    second PU of the gateway expects another partner behind the second way."""

    def __init__(self, ways=1, wrong=False, options='', timers='LIVTIME=(2,0)'):
        self.nways, self.wrong, self.options, self.timers = ways, wrong, options, timers
        super().__init__(trace=True, edit=self.write)
        n = self.gw_ip[:-1]
        self.near = [(f'{n}{10 * k + 11}', f'{n}{10 * k + 12}') for k in range(ways)]
        self.pcap = os.path.join(self.dir, 'relay.pcap')
        self.relay = Relay([(self.gw_ip, a, b, self.host_ip) for a, b in self.near], self.pcap)
        self.lo = self.dumpcap()

    def dumpcap(self):
        """A capture from the interface, or None where that isn't allowed."""
        path = os.path.join(self.dir, 'lo.pcapng')
        try:
            p = subprocess.Popen(       # pylint: disable=consider-using-with
                ['dumpcap', '-q', '-i', 'lo', '-w', path, '-f', 'udp portrange 12000-12004 '
                 f'and host {self.gw_ip}'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except OSError:
            return None
        end = time.monotonic() + 3
        while p.poll() is None and time.monotonic() < end and not os.path.exists(path):
            time.sleep(0.05)
        return (p, path) if p.poll() is None else None

    def write(self, side, name, text):
        n = self.gw_ip[:-1]
        near = [(f'{n}{10 * k + 11}', f'{n}{10 * k + 12}') for k in range(self.nways)]
        if name == 'ATCSTR00':
            return text + self.options
        if name in ('EEGW1', 'EEHOST1'):
            text = re.sub(r'LIVTIME=\(10,0\)', self.timers, text)
            return cards(text.replace('SRQTIME=15,SRQRETRY=3', 'SRQTIME=1,SRQRETRY=2'))
        if name == 'SWHOST1':
            body = ''.join(PU.format(pu=f'PUHOST{k + 1}', path=f'PTHOST{k + 1}', grp='GRPGW1',
                                     cp='OTHER' if self.wrong and k else 'HOST1', ip=a, dial='YES',
                                     redial='0' if self.wrong and k else 'FOREVER')
                           for k, (a, _) in enumerate(near))
            return cards(SW.format(m=name, body=body))
        if name == 'SWGW1':
            body = ''.join(PU.format(pu=f'PUGW{k + 1}', path=f'PTGW{k + 1}', grp='GRPHOST1',
                                     cp='GW1', ip=b, dial='NO', redial='FOREVER')
                           for k, (_, b) in enumerate(near))
            return cards(SW.format(m=name, body=body))
        return text

    def halt(self):
        """Orderly; the captures are then complete. The paths of those there are."""
        self.gw.console('Z NET,QUICK', rc=None)
        until('snagate ended', lambda: self.gw.proc.poll() is not None)
        self.host.stop()
        self.relay.close()
        self.dropped, self.relay = self.relay.dropped, None
        if self.lo is not None:
            time.sleep(0.3)             # what the kernel still holds back
            self.end_dumpcap()
        return self.captures()

    def end_dumpcap(self):
        self.lo[0].terminate()
        self.lo[0].wait(PATIENCE)

    def captures(self):
        out = [self.pcap, os.path.join(self.dir, 'gw.pcapng')]
        return out + ([self.lo[1]] if self.lo is not None else [])

    def __exit__(self, *exc):
        if self.relay is not None:
            self.relay.close()
            if self.lo is not None:
                self.end_dumpcap()
        return super().__exit__(*exc)


def none_malformed(*paths):
    for path in paths:
        for flt in ('_ws.malformed', 'sna.nlp.thdr.optional.len == 0'):
            check(tshark(path, '-Y', flt, '-T', 'fields', '-e', 'frame.number') == '',
                  path + ':\n' + tshark(path, '-Y', flt, '-V'))
        stray = fields(path, 'udp && !llc', 'frame.number')
        check(not stray, f'{path}: not LLC: {stray}')


def seen(path, what, flt, get=()):
    """Frames of a flow, at least one, as dicts of the fields named."""
    names = ['frame.number', 'ip.src', 'ip.dst', 'udp.dstport', *get]
    rows = [dict(zip(names, r)) for r in fields(path, flt, *names)]
    check(rows, f'{what}: no frame in {path} with {flt}')
    return rows


def num(text):
    return [int(v, 0) for v in text.split(',')] if text else []


def bool_(text):
    return text in ('1', 'True')


# ---- one day of a link --------------------------------------------------

class Day:
    """All that happens in one world, once; the tests below look at its captures."""

    def __init__(self):
        self.world = World(wrong=True, ways=2)
        self.tcid = {}
        self.lost = []
        self.lose_next = 0

    def rule(self, d):
        """Remembers the pipe to the gateway; loses one part of a message when told."""
        if d.nlp and not d.to_b and d.port == 12003 and d.data[d.thdr + 8] & 0x40 == 0:
            self.tcid['lu'] = d.data[:d.thdr + 8]
        if self.lose_next and not d.to_b and d.bytes_of_data > 500:
            self.lose_next -= 1
            if self.lose_next == 0:
                self.lost.append(d.data[d.thdr + 16:d.thdr + 20].hex())
                return DROP
        return PASS

    def go(self):
        w = self.world
        w.relay.rule = self.rule
        w.up()
        with S3270('-model', '3279-5-E') as s:
            s.connect(w)
            s.logon()
            s.see('ECHO')
            s.type('wire test')
            s.see('WIRE TEST')
            s.type('SIZE 3400')
            s.see('3400 bytes')
            self.lose_next = 2          # the second large packet of the next screen
            s.type('a large one')
            s.see('A LARGE ONE')
            check(self.lost, 'nothing was lost')
            for n in range(24):         # more than a burst: rate requests
                s.type(f'screen {n}')
                s.see(f'SCREEN {n}')
            s.type('SIZE 500')
            s.type('after the loss')
            s.see('AFTER THE LOSS')
            self.silence()
            self.fault()
            s.see('LOGON APPLID')       # the pipe's sessions are told
            s.logon()
            s.see('ECHO')
            s.cmd('PF(3)', ok=None)
            s.see('LOGON APPLID')
        self.strangers()
        until('told of the wrong partner', lambda: '08090054' in w.gw.tail(400))
        self.paths, self.dropped = w.halt(), w.dropped

    def silence(self):
        """Longer than LIVTIME: a TEST each way."""
        time.sleep(3)

    def fault(self):
        """A segment twice in one packet ends the pipe: A01AFF0F."""
        head = self.tcid['lu']
        bad = head + bytes.fromhex('00040007' + '00000000' + '00000001' + '010f0001' * 2)
        self.world.relay.inject(0, False, 12003, bad)

    def strangers(self):
        """Calls that the gateway must turn away, from another address."""
        vec = {v[0]: bytes.fromhex(''.join(v[1])) for v in
               load(os.path.join(TOP, 'tests', 'vec', 'ee.hex'))}
        no_tg = bytearray(vec['LDLC-04'])
        no_tg[1] = 4                    # a command, CV 46 missing
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            ip = self.world.gw_ip[:-1] + '3'
            s.bind((ip, 12000))
            s.settimeout(PATIENCE)
            self.answers = {}
            for name, data in (('no TG', bytes(no_tg)), ('no HPR', vec['LDLC-15']),
                               ('TEST', vec['LDLC-11']), ('DISC', vec['LDLC-13'])):
                s.sendto(data, (self.world.gw_ip, 12000))
                self.answers[name] = s.recv(2048)
            for _ in range(3):          # SRQRETRY times null for null, then the refusal
                s.sendto(vec['LDLC-01'], (self.world.gw_ip, 12000))
                self.answers['null'] = s.recv(2048)


DAY = None


def t_0_no_frame_is_malformed():
    """Three captures of the same day: the relay's, the gateway's, the interface's."""
    none_malformed(*DAY.paths)
    counts = []
    for path in DAY.paths:
        rows = fields(path, f'ip.addr == {DAY.world.near[0][0]}', 'udp.dstport')
        counts.append(len(rows))
        check({r[0] for r in rows} == {str(p) for p in range(12000, 12005)} - {'12002', '12004'}
              or {'12000', '12001', '12003'} <= {r[0] for r in rows}, str(rows[:9]))
    # dumpcap may miss the last frames when it is told to end
    check(counts[0] - DAY.dropped == counts[1] and -6 <= counts[-1] - counts[1] <= 0,
          f'captures differ: {counts}, {DAY.dropped} dropped')


def xids():
    return seen(DAY.pcap, 'XID3', f'sna.xid.format == 3 && ip.addr == {DAY.world.near[0][0]}',
                get=('llc.control.p', 'llc.control.f', 'llc.ssap.cr', 'sna.xid.type',
                     'sna.xid.len', X + 'state', X + 'negcsup', X + 'negcomp', X + 'partg',
                     X + 'cp', X + 'cpcp', X + 'nwnode', X + 'tg', X + 'dlc', X + 'dlen',
                     CV + 'key', CV + 'len', CV + '0e.type', CV + '0e.value', 'udp.payload'))


def t_1_link_activation():
    """Null XIDs, prenegotiation, negotiation, XID_DONE: RFC 2353 figures 3 and 4."""
    w = DAY.world
    a = w.near[0][0]
    nulls = seen(DAY.pcap, 'null XID', f'llc.control == 0xbf && udp.length == 11 && ip.addr == {a}',
                 get=('llc.ssap.cr', 'llc.dsap', 'udp.length'))
    check([bool_(n['llc.ssap.cr']) for n in nulls[:2]] == [False, True], str(nulls))
    check(nulls[0]['udp.length'] == '11' and num(nulls[0]['llc.dsap']) == [4], str(nulls[0]))
    x = xids()
    check(x[0]['ip.src'] == w.gw_ip and x[1]['ip.src'] == a, 'caller first')
    pn, pn_rsp, np, np_rsp, sec = x[:5]
    for one in (pn, pn_rsp):
        check(num(one[X + 'state']) == [2], 'prenegotiation')
        check(0x0e in num(one[CV + 'key']) and 0x61 in num(one[CV + 'key']), one[CV + 'key'])
    check(0x46 in num(pn[CV + 'key']), 'the caller names the TG')
    check(pn[CV + '0e.value'] == 'NETA.GW1' and pn_rsp[CV + '0e.value'] == 'NETA.HOST1')
    check(all(num(v) == [0xf4] for v in (pn[CV + '0e.type'], pn_rsp[CV + '0e.type'])))
    for one in (np, np_rsp, sec):
        check(num(one[X + 'state']) == [1] and bool_(one[X + 'negcsup']), 'S of every np XID')
    check(not bool_(np[X + 'negcomp']) and bool_(sec[X + 'negcomp']), 'C ends the exchange')
    for one in x[:5]:
        check(bool_(one[X + 'partg']) and num(one[X + 'dlc']) == [1] and
              num(one[X + 'dlen']) == [11], str(one))
        check(num(one['sna.xid.type']) == [2], 'T2.1')
        check(2 * (3 + num(one['sna.xid.len'])[0]) == len(one['udp.payload'].replace(':', '')))
    # Roles are in the part that tshark skips: byte 19, bits 2-3 (companion 7.2).
    role = [int(one['udp.payload'].replace(':', '')[2 * 22:2 * 22 + 2], 16) >> 4 & 3
            for one in x[:5]]
    check(role[:3] == [3, 3, 3] and sorted(role[3:]) == [0, 1], str(role))
    check(sorted(num(sec[X + 'tg']) + num(np_rsp[X + 'tg'])) == [21, 21], 'TG 21')
    done = seen(DAY.pcap, 'XID_DONE', f'sna.nlp.frh && ip.addr == {a}',
                get=('sna.nlp.frh', N + 'sm', N + 'tpf', N + 'ft', N + 'fra', 'llc.dsap'))
    check([num(d['sna.nlp.frh'])[0] for d in done[:2]] == [3, 4], 'request, then response')
    for d in done[:2]:
        check((num(d[N + 'sm']), num(d[N + 'tpf']), num(d[N + 'ft']), d[N + 'fra']) ==
              ([5], [3], [1], 'ff') and num(d['llc.dsap']) == [0xc8], str(d))
        check(d['udp.dstport'] == '12000')
    pri = x[3] if role[3] == 1 else x[4]
    check(done[0]['ip.src'] == pri['ip.src'], 'the primary asks')


def t_2_ee_probe():
    """EEVERIFY: a TEST to each of the five ports, answered there byte for byte."""
    w = DAY.world
    a = w.near[0][0]
    for src, dst in ((w.gw_ip, a), (a, w.gw_ip)):
        rows = seen(DAY.pcap, 'probe', f'llc.control == 0xf3 && (ip.src == {src} && ip.dst == '
                    f'{dst}) && udp.length == 20', get=('llc.ssap.cr', 'udp.payload'))
        cmd = {r['udp.dstport']: r['udp.payload'] for r in rows if not bool_(r['llc.ssap.cr'])}
        rsp = seen(DAY.pcap, 'answers', f'llc.control == 0xf3 && (ip.src == {dst} && ip.dst == '
                   f'{src}) && llc.ssap.cr == 1 && udp.length == 20', get=('udp.payload',))
        rsp = {r['udp.dstport']: r['udp.payload'] for r in rsp}
        check(set(cmd) == {str(p) for p in range(12000, 12005)}, str(cmd))
        for port, info in cmd.items():
            check(rsp.get(port, '').replace(':', '')[6:] == info.replace(':', '')[6:], port)


def t_3_cp_cp_pipe():
    """Setup with CQF, segments 0D, 14, 22; answered by 10, 14, 0E, 22: companion 5.3."""
    first = seen(DAY.pcap, 'setup', f'{T}setupi == 1 && udp.dstport == 12001',
                 get=(N + 'sm', N + 'tpf', N + 'anr', T + 'tcid', T + 'sri', T + 'cqfi', T + 'bsn',
                      S + 'type', S + 'len', S + '0d.version', S + '0d.arb', S + '0d.reliable',
                      S + '14.si.refifo', S + '14.si.maxpsize', S + '14.si.switch',
                      S + '14.si.alive', S + '14.rr.num', S + '22.type', S + '22.arb',
                      CV + 'hprkey', CV + 'key'))[0]
    check(num(first[N + 'sm']) == [6] and num(first[N + 'tpf']) == [3], str(first))
    check(first[N + 'anr'] == '80000001ff', 'NCE of the control point: ' + first[N + 'anr'])
    check(bool_(first[T + 'sri']) and num(first[T + 'cqfi']) == [1], str(first))
    check(num(first[S + 'type']) == [0x0d, 0x14, 0x22], first[S + 'type'])
    check(num(first[S + '0d.version']) == [0x0101] and bool_(first[S + '0d.arb']) and
          bool_(first[S + '0d.reliable']))
    check(bool_(first[S + '14.si.refifo']), 'REFIFO on every EE path: RFC 2353 2.6.5')
    check(num(first[S + '14.si.maxpsize']) == [1461] and num(first[S + '14.rr.num']) == [1])
    check(num(first[S + '14.si.switch']) == [20000] and num(first[S + '14.si.alive']) == [180000],
          'HPRPST of network priority, ALIVE')
    check(num(first[S + '22.type']) == [0] and num(first[S + '22.arb']) == [1])
    check(num(first[CV + 'hprkey']) == [0x05, 0x00, 0x03], first[CV + 'hprkey'])
    check(num(first[CV + 'key']) == [0x26, 0x39, 0x2c, 0x67, 0x46], first[CV + 'key'])
    reply = seen(DAY.pcap, 'reply', f'{S}type == 0x10 && ip.src == {first["ip.dst"]} || '
                 f'{S}type == 0x10 && udp.dstport == 12001',
                 get=(T + 'tcid', S + 'type', S + '10.tcid', S + '0e.rseq', T + 'setupi'))[0]
    check(num(reply[S + 'type']) == [0x10, 0x14, 0x0e, 0x22], reply[S + 'type'])
    check(not bool_(reply[T + 'setupi']), 'never 0D from the called side: A019FF0D')
    own, asked = int(reply[T + 'tcid'].replace(':', ''), 16), int(first[T + 'tcid'].replace(
        ':', ''), 16)
    check(own == asked & (1 << 63) - 1 and asked >> 63 == 1, 'its TCID, the assignor bit off')
    later = seen(DAY.pcap, 'after', f'{T}tcid == {reply[S + "10.tcid"]}', get=(T + 'setupi',))
    check(not any(bool_(r[T + 'setupi']) for r in later), 'the partner has its TCID')
    binds = seen(DAY.pcap, 'BIND of CP-CP', 'udp.dstport == 12001 && sna.th.fid == 5 && '
                 'sna.rh.ru_category == 3', get=(TH + 'efi', TH + 'mpf', TH + 'sa', T + 'somi',
                                                 T + 'eomi', 'data.data'))
    check(all(num(b[TH + 'mpf']) == [3] and bool_(b[T + 'somi']) and bool_(b[T + 'eomi'])
              for b in binds), 'whole BIUs')
    check(any(b['data.data'].replace(':', '').startswith('31') for b in binds), 'a BIND')


def t_4_lu_pipe():
    """The session's own pipe, by class of service, on its priority's port."""
    s = seen(DAY.pcap, 'setup', f'{T}setupi == 1 && udp.dstport == 12003',
             get=(N + 'tpf', N + 'anr', S + 'type', S + '14.si.switch', CV + 'key'))[0]
    check(num(s[N + 'tpf']) == [1] and s[N + 'anr'] == '80000003ff', str(s))
    check(num(s[S + '14.si.switch']) == [45000], 'HPRPST of medium priority')
    for tpf, port in ((3, 12001), (2, 12002), (1, 12003), (0, 12004)):
        off = fields(DAY.pcap, f'{N}sm == 6 && {N}tpf == {tpf} && udp.dstport != {port}',
                     'frame.number')
        check(not off, f'priority {tpf} on another port than {port}: {off}')
    bind = seen(DAY.pcap, 'BIND', 'udp.dstport == 12003 && sna.th.fid == 5 && '
                'sna.rh.ru_category == 3', get=(TH + 'efi', TH + 'sa', 'data.data'))
    bind = [b for b in bind if b['data.data'].replace(':', '').startswith('31')]
    check(bind and num(bind[0][TH + 'efi']) == [1], str(bind))
    check(int(bind[0][TH + 'sa'].replace(':', ''), 16) >> 63 == 1, 'the PLU assigned the address')


def t_5_data_status_arb():
    """PIUs with their status; a message in parts; rate requests and their replies."""
    data = seen(DAY.pcap, 'data', 'udp.dstport == 12003 && sna.th.fid == 5 && '
                'sna.rh.ru_category == 0', get=(TH + 'snf', T + 'somi', T + 'eomi', T + 'dlf'))
    check(all(bool_(d[T + 'somi']) for d in data), 'a TH begins a message')
    parts = seen(DAY.pcap, 'parts', f'udp.dstport == 12003 && {T}dlf > 0 && {T}somi == 0',
                 get=(T + 'eomi', T + 'bsn'))
    check({bool_(p[T + 'eomi']) for p in parts} == {False, True}, 'middle and last')
    st = seen(DAY.pcap, 'status', f'udp.dstport == 12003 && {S}type == 0x0e',
              get=('ip.src', S + '0e.sync', S + '0e.echo', S + '0e.rseq', T + 'sri'))
    for src in {r['ip.src'] for r in st}:
        sync = [num(r[S + '0e.sync'])[0] for r in st if r['ip.src'] == src]
        check(sync == sorted(sync) or len(set(sync)) > 1, str(sync))
        check(any(num(r[S + '0e.echo'])[0] > 0 for r in st if r['ip.src'] == src), 'echoed')
    arb = seen(DAY.pcap, 'ARB', f'{S}type == 0x22 && {S}22.type != 0',
               get=('ip.src', T + 'tcid', S + 'len', S + '22.type', S + '22.raa', S + '22.arb',
                    S + '22.ratereq', S + '22.raterep', S + '22.field1'))
    asked = [(a['ip.src'], num(a[S + '22.ratereq'])[0]) for a in arb if
             num(a[S + '22.type']) == [2]]
    told = [(a['ip.dst'], num(a[S + '22.raterep'])[0]) for a in arb if
            num(a[S + '22.type']) == [1]]
    check(asked and told and set(told) <= set(asked), f'{asked} {told}')
    check(all(num(a[S + '22.arb']) == [1] and 3 in num(a[S + 'len']) for a in arb), 'responsive')


def t_6_loss():
    """A part of a message is lost: the gap is told with its span, that part alone comes again."""
    lost = DAY.lost[0]
    sent = seen(DAY.pcap, 'the lost part', f'{T}bsn == 0x{lost} && {T}dlf > 0 && ip.dst == '
                f'{DAY.world.gw_ip} && udp.dstport == 12003', get=(T + 'dlf', 'frame.number'))
    check(len(sent) == 2 and sent[0][T + 'dlf'] == sent[1][T + 'dlf'], str(sent))
    gap = seen(DAY.pcap, 'gap', f'{S}0e.gap == 1 && udp.dstport == 12003',
               get=(S + '0e.rseq', S + '0e.nabsp', S + 'len', 'udp.payload'))[0]
    check(num(gap[S + '0e.rseq']) == [int(lost, 16)], 'all before it is there')
    check(num(gap[S + '0e.nabsp']) == [1] and num(gap[S + 'len'])[0] == 7, 'one span')
    check(int(sent[0]['frame.number']) < int(gap['frame.number']) <
          int(sent[1]['frame.number']), 'lost, told, sent again')
    raw = bytes.fromhex(gap['udp.payload'].replace(':', ''))
    begin, end = (int.from_bytes(raw[k:k + 4], 'big') for k in (len(raw) - 8, len(raw) - 4))
    check(begin == int(lost, 16) + num(sent[0][T + 'dlf'])[0] and end > begin,
          'the span begins behind the hole')


def t_7_liveness():
    """LIVTIME without a packet: TEST on the signal port, answered with F=1."""
    w = DAY.world
    rows = seen(DAY.pcap, 'TEST', f'llc.control == 0xf3 && udp.dstport == 12000 && ip.addr == '
                f'{w.near[0][0]} && udp.length != 20', get=('llc.ssap.cr', 'llc.dsap', 'llc.ssap',
                'llc.control.p', 'llc.control.f', 'udp.payload'))
    cmd = [r for r in rows if not bool_(r['llc.ssap.cr'])]
    rsp = [r for r in rows if bool_(r['llc.ssap.cr'])]
    check(cmd and len(rsp) >= len(cmd) - 1, str(rows))
    check(all(bool_(r['llc.control.p']) and num(r['llc.dsap']) == [4] for r in cmd))
    check(all(bool_(r['llc.control.f']) for r in rsp))


def t_8_connection_fault():
    """A segment twice ends the pipe with A01AFF0F in segment 12, and its sessions; no more."""
    f = seen(DAY.pcap, 'fault', f'{S}type == 0x12', get=(S + '12.sense', S + 'len', T + 'lmi',
                                                        'ip.src'))[0]
    check(f[S + '12.sense'].replace(':', '') == 'a01aff0f', str(f))
    check(2 in num(f[S + 'len']) and f['ip.src'] == DAY.world.gw_ip)
    after = seen(DAY.pcap, 'a new pipe', f'{T}setupi == 1 && udp.dstport == 12003 && '
                 f'frame.number > {f["frame.number"]}')
    check(after, 'the next session has a pipe again')


def t_9_takedown():
    """UNBIND, client bits asked and accepted, the last message, DISC and DM: figure 5."""
    cob = seen(DAY.pcap, 'client bits', f'{S}type == 0x0f', get=(S + '0f.bits', T + 'sri'))
    bits = [num(c[S + '0f.bits'])[0] for c in cob]
    ask = [k for k, b in enumerate(bits) if b == 1]
    check(ask and 0x8000 in bits[ask[0]:], str(bits))
    lmi = seen(DAY.pcap, 'last message', f'{T}lmi == 1 && !({S}type == 0x12)', get=(T + 'dlf',))
    check(all(num(r[T + 'dlf']) == [0] for r in lmi), 'LMI on an empty packet')
    a = DAY.world.near[0][0]
    end = seen(DAY.pcap, 'DISC', f'llc.control == 0x53 && ip.addr == {a}')
    dm = seen(DAY.pcap, 'DM', f'llc.control == 0x1f && ip.addr == {a}',
              get=('llc.ssap.cr', 'llc.control.f'))
    check(int(lmi[-1]['frame.number']) < int(end[0]['frame.number']) <
          int(dm[0]['frame.number']), 'pipes, then the link')
    check(bool_(dm[0]['llc.ssap.cr']) and bool_(dm[0]['llc.control.f']))


def sense_of(answer):
    """Of CV 22 in an XID3."""
    check(answer[:3] == b'\x04\x05\xbf' and answer[3] == 0x32, answer.hex())
    k = answer.rindex(b'\x22\x07')
    return answer[k + 5:k + 9].hex()


def t_refused_calls():
    """Calls turned away: an XID3 with CV 22 and its sense; TEST echoed, DISC answered by DM."""
    a = DAY.answers
    check(sense_of(a['no TG']) == '088c4680', a['no TG'].hex())
    check(sense_of(a['no HPR']) == '10160031', a['no HPR'].hex())
    check(sense_of(a['null']) == '0809003a', a['null'].hex())
    check(a['TEST'] == bytes.fromhex('0405f34f50454e45450001') and
          a['DISC'] == bytes.fromhex('04051f'), str(a))
    for path in DAY.paths[1:]:          # what the gateway's own trace says
        rows = seen(path, 'refusals', f'sna.xid.format == 3 && ip.dst == '
                    f'{DAY.world.gw_ip[:-1]}3', get=(CV + 'key', CV + 'len', 'llc.ssap.cr'))
        check(len(rows) == 3, str(rows))
        for r in rows:
            key = num(r[CV + 'key'])
            check(0x22 in key and num(r[CV + 'len'])[key.index(0x22)] == 7, str(r))
            check(bool_(r['llc.ssap.cr']), 'a response')


def t_refused_by_the_caller():
    """The partner is not the one the PU names: 08090054 in a CV 22, and no link."""
    near = DAY.world.near[1][0]
    rows = seen(DAY.pcap, 'refusal', f'{CV}key == 0x22 && ip.dst == {near}',
                get=(CV + 'key', 'udp.payload'))
    check('220700' in rows[0]['udp.payload'].replace(':', '') and
          rows[0]['udp.payload'].replace(':', '').endswith('08090054'), str(rows[0]))
    done = fields(DAY.pcap, f'sna.nlp.frh && ip.addr == {near}', 'frame.number')
    check(not done, 'no XID_DONE')


# ---- worlds of their own ------------------------------------------------

def t_path_switch():
    """Two ways, one cut with a session up: segments 14 and 0E on the other, and it goes on."""
    with World(ways=2) as w:
        w.up()
        until('both links', lambda: w.gw.console('D NET,EE').count('CONNECTED TO SWITCHED') >= 2
              or w.gw.tail(400).count('APPN CONNECTION FOR NETA.HOST1 IS ACTIVE') >= 2)
        with S3270('-model', '3279-2-E') as s:
            s.connect(w)
            s.logon()
            s.see('ECHO')
            s.type('before the cut')
            s.see('BEFORE THE CUT')
            used = w.near[0][0]
            w.relay.ways[0].cut = True
            s.type('through the cut')
            s.see('THROUGH THE CUT')
            until('told', lambda: 'PATH SWITCH COMPLETED' in w.gw.tail(400))
            w.relay.ways[0].cut = False
            until('healed', lambda: w.gw.tail(400).count(
                'APPN CONNECTION FOR NETA.HOST1 IS ACTIVE') >= 3)
            s.type('after the healing')
            s.see('AFTER THE HEALING')
        paths = w.halt()
        none_malformed(*paths)
        other = w.near[1][0]
        sw = seen(w.pcap, 'switch', f'{S}type == 0x14 && {T}setupi == 0 && !({S}type == 0x10) && '
                  f'ip.addr == {other}', get=(S + 'type', T + 'sri', T + 'rasapi', T + 'tcid',
                  S + '14.si.refifo', S + '14.si.maxpsize', S + '0e.sync', 'ip.src'))
        check({0x14, 0x0e} <= set(num(sw[0][S + 'type'])), sw[0][S + 'type'])
        check(bool_(sw[0][T + 'sri']) and bool_(sw[0][T + 'rasapi']) and
              bool_(sw[0][S + '14.si.refifo']), str(sw[0]))
        tcid = sw[0][T + 'tcid']
        before = fields(w.pcap, f'{T}tcid == {tcid} && ip.addr == {used}', 'frame.number')
        check(before and int(before[0][0]) < int(sw[0]['frame.number']), 'the same pipe')
        echo = seen(w.pcap, 'answer', f'{S}type == 0x0e && ip.addr == {other} && {S}0e.echo == '
                    f'{num(sw[0][S + "0e.sync"])[0]}', get=('ip.src',))
        check(any(e['ip.src'] != sw[0]['ip.src'] for e in echo), 'answered with its number')
        tests = fields(w.pcap, f'llc.control == 0xf3 && llc.ssap.cr == 0 && ip.src == {w.gw_ip} && '
                       f'ip.dst == {used} && udp.dstport == 12000 && udp.length != 20',
                       'frame.number')
        check(len(tests) >= 3, f'SRQRETRY + 1 tests before INOP: {len(tests)}')


def t_both_dial():
    """Simultaneous activation: null commands cross, one exchange and one link come of it."""
    with World() as w:
        sw = os.path.join(w.dir, 'host', 'vtamlst', 'SWGW1')
        with open(sw, encoding='utf-8') as f:
            text = f.read().replace('DWACT=NO,DWINOP=NO', 'DWACT=YES,DWINOP=YES')
        with open(sw, 'w', encoding='utf-8') as f:
            f.write(cards(text))
        check('DWACT=YES' in text, text)
        hold = []
        a = w.near[0][0]

        def both(d):            # what arrives first waits until the other side has dialed too
            hold.append(d.to_b)
            return DROP if set(hold) != {True, False} else PASS
        w.relay.rule = both
        w.up()
        paths = w.halt()
        none_malformed(*paths)
        nulls = seen(w.pcap, 'null XID commands', 'llc.control == 0xbf && udp.length == 11 && '
                     'llc.ssap.cr == 0', get=())
        check({n['ip.src'] for n in nulls} >= {w.gw_ip} and
              len({n['ip.src'] for n in nulls}) >= 2, f'both called: {nulls}')
        done = seen(w.pcap, 'XID_DONE', f'sna.nlp.frh && ip.addr == {a}', get=('sna.nlp.frh',))
        check({num(d['sna.nlp.frh'])[0] for d in done} == {3, 4}, str(done))
        for n in (w.gw, w.host):
            check(n.tail(400).count('IST1086I') == 1, 'one link')


def t_route_setup():
    """Three nodes: Route Setup (GDS 12CE) asks and answers, NLPs then carry two labels."""
    with Net(edit=far_edit, trace=True) as net:
        mid = middle(net).start()
        mid_trace = os.path.join(net.dir, 'mid.pcapng')
        try:
            mid.console(f"F NET,TRACE,FILE='{mid_trace}'")
            net.host.start()
            net.gw.start()
            for n in (net.gw, net.host):
                until('the middle', lambda n=n: 'HMID1' in n.console('D NET,CPCP', rc=None)[0]
                      and ' UP ' in n.console('D NET,CPCP', rc=None)[0])
            with S3270('-model', '3279-2-E') as s:
                s.connect(net)
                s.logon()
                s.see('Type anything')
                s.type('far away')
                s.see('far away')
            net.gw.console('Z NET,QUICK', rc=None)
            until('snagate ended', lambda: net.gw.proc.poll() is not None)
        finally:
            mid.stop()
        path = os.path.join(net.dir, 'gw.pcapng')
        none_malformed(path, mid_trace)
        rs = seen(path, 'Route Setup', 'sna.gds.type == 0x12ce',
                  get=('sna.gds.len', T + 'dlf', N + 'anr', T + 'somi', T + 'eomi', 'sna.gds.cont'))
        check({r['ip.dst'] for r in rs} >= {net.gw_ip}, 'asked')
        check({r['ip.src'] for r in rs} >= {net.gw_ip}, 'answered')
        for r in rs:
            check(num(r['sna.gds.len']) == num(r[T + 'dlf']) and not bool_(r['sna.gds.cont']) and
                  bool_(r[T + 'somi']) and bool_(r[T + 'eomi']) and r['udp.dstport'] == '12001',
                  str(r))
            check(r[N + 'anr'] == '80000002ff', 'NCE of Route Setup: ' + r[N + 'anr'])
        anr = {r[N + 'anr'] for r in seen(mid_trace, 'transit', f'{N}sm == 6 && '
               'udp.dstport == 12003', get=(N + 'anr',))}
        two = [a for a in anr if len(a) > len('80000003ff')]
        check(two and '80000003ff' in anr, f'a label is taken off: {anr}')


def t_the_page_s_packet():
    """docs/ee.md shows a packet byte by byte: tshark reads the same in it."""
    with open(os.path.join(TOP, 'docs', 'ee.md'), encoding='utf-8') as f:
        data = bytes.fromhex(re.search(r'^```\n(c8 c8 03\n.*?)^```', f.read(), re.M | re.S)[1])
    folder = tempfile.mkdtemp(prefix='snagate-test-')
    try:
        hexa, pcap = (os.path.join(folder, x) for x in ('page.txt', 'page.pcap'))
        with open(hexa, 'w', encoding='ascii') as f:
            f.write('000000 ' + data.hex(' ') + '\n')
        subprocess.run(['text2pcap', '-q', '-u', '12003,12003', hexa, pcap], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        none_malformed(pcap)
        get = (N + 'sm', N + 'tpf', N + 'anr', T + 'tcid', T + 'somi', T + 'eomi', T + 'sri',
               T + 'offset', T + 'dlf', T + 'bsn', S + 'type', S + '0e.sync', S + '0e.echo',
               S + '0e.rseq', TH + 'fid', TH + 'snf', TH + 'sa', 'sna.rh.cdi', 'data.data')
        r = seen(pcap, 'the packet', 'sna', get=get)[0]
        want = (6, 1, None, None, 1, 1, 1, 10, 26, 77, 0x0e, 5, 3, 649, 5, 1, None, 1, None)
        for name, v in zip(get, want):
            check(v is None or r[name] in ('True', str(v)) or num(r[name]) == [v],
                  f'{name}: {r[name]}, the page says {v}')
        check(r[N + 'anr'] == '80000003ff' and len(data) == 77)
        check(bytes.fromhex(r['data.data'].replace(':', ''))[-5:].decode('cp037') == 'HELLO')
    finally:
        shutil.rmtree(folder)


def tests():
    return [v for k, v in sorted(globals().items()) if k.startswith('t_')]


if __name__ == '__main__':
    if shutil.which('tshark') is None:
        print('[  SKIPPED ] tshark is not installed')
        sys.exit(0)
    DAY = Day()
    with DAY.world:
        try:
            DAY.go()
        except Fail as e:
            print(f'[ RUN      ] day\n{e}\n[  FAILED  ] day', flush=True)
            raise
        DAY.pcap = DAY.world.pcap
        run(tests())

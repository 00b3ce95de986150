# SPDX-License-Identifier: Apache-2.0
"""Clients that come and go, for bench.py: what one connection costs with few and with many LUs,
the longest turn of the SNA thread in a storm of TLS logons, and active clients beside such that
read nothing. Ratios to the row above where that says something."""
import os
import re
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'box'))
from box import BIN, Net, check, until      # noqa: E402
from driver import COMMAND, Driver          # noqa: E402


def keys(line):
    return {k: float(v) for k, v in (w.split('=') for w in line.split())}


class LoadNet(Net):
    """So many LUs, an ECHO of the gateway's own, and the counters."""

    def __init__(self, lus, workers):
        def edit(side, name, text):
            if side == 'gw' and name == 'ATCCON00':
                text += 'BENCH\n'
            if name == 'telnet.profile':
                text = text.replace('TCP00001..TCP09999', f'TCP00001..TCP{lus:05}')
            return text
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            port = s.getsockname()[1]
        self.page = ('127.0.0.1', port)
        super().__init__(workers=workers, edit=edit, gw_args=[
            '--commands', 'gw/bench', '--metrics', f'127.0.0.1:{port}'])
        with open(os.path.join(self.dir, 'gw', 'bench'), 'w', encoding='ascii') as f:
            f.write('S ECHO,APPL=LECHO\n')
        with open(os.path.join(self.dir, 'gw', 'vtamlst', 'BENCH'), 'w', encoding='ascii') as f:
            f.write('BENCH    VBUILD TYPE=APPL\n'
                    'LECHO    APPL  AUTH=(PASS),EAS=64000,PARSESS=YES,VPACING=7\n')

    def counters(self):
        """All of them, by name; the longest turn begins anew."""
        with socket.create_connection(self.page, timeout=60) as s:
            s.sendall(b'GET /metrics HTTP/1.0\r\n\r\n')
            got = b''
            while b := s.recv(65536):
                got += b
        return {k: float(v) for k, v in re.findall(r'^(snagate_\w+) (\d+)', got.decode(), re.M)}

    def load(self, n, *args, tls=False):
        return subprocess.Popen(
            [os.path.join(BIN, 'bench', 'tnload'), '-a', self.gw_ip, '-p',
             str(self.tls_port if tls else self.port), '-n', str(n), '-A', 'LECHO', '-w', '90',
             *(['-T'] if tls else []), *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def come_and_go(self, n, tls=False):
        """n log on, idle, and leave at once: (the load's line, CPU seconds of the gateway)."""
        before = self.gw.cpu_s()
        p = self.load(n, '-I', tls=tls)
        r = keys(p.stdout.readline().decode())
        p.stdin.close()
        p.wait()
        check(p.returncode == 0, f'clients failed: {r}')
        until('all have left', lambda: self.counters().get('snagate_telnet_clients') == 0)
        return r, self.gw.cpu_s() - before


def many_lus(say, n):
    """A hundred clients at a time, so that a hundred LUs are enough; as many of the larger."""
    base, rounds = None, max(n // 50, 4)
    for lus in (100, 64000):
        with LoadNet(lus, 1) as net:
            net.up()
            net.come_and_go(100)                # pools are touched
            us = min(sum(net.come_and_go(100)[1] for _ in range(rounds)) for _ in range(3))
            us *= 1e6 / rounds / 100
            say(f'connect, logon, leave: {lus:6} LUs    {rounds * 100:7} clients {us:8.1f} us CPU '
                'each' + (f', x {us / base:.2f}' if base else ''))
            base = base or us


def turn(c, was=(0, 0)):
    """Longest turn in ms, and in ms of the processor: others share the machine."""
    return tuple(max(o, c.get(f'snagate_loop_longest{k}_us', 0) / 1000)
                 for o, k in zip(was, ('', '_cpu')))


def longest_turn(say, n):
    for workers in (0, 1, 2):
        for tls in (False, True):
            with LoadNet(64000, workers) as net:
                net.up()
                net.come_and_go(100, tls)
                net.counters()
                p = net.load(n, '-I', tls=tls)
                r = keys(p.stdout.readline().decode())
                up = turn(net.counters())
                p.stdin.close()
                p.wait()
                down, left = (0, 0), 1
                while left:
                    c = net.counters()
                    down, left = turn(c, down), c['snagate_telnet_clients']
                say(f'longest turn, {workers} workers, {"TLS" if tls else "plain":5} {n:7} logons in '
                    f'{r["logon_s"]:.1f} s: {up[1]:.2f} ms of CPU ({up[0]:.2f} ms in all), '
                    f'leaving {down[1]:.2f} ({down[0]:.2f})')


def active(net, seconds):
    """Fifty clients at work: (their numbers, CPU of the gateway a transaction)."""
    p = net.load(50, '-t', str(seconds))
    p.stdout.readline()
    before = net.gw.cpu_s()
    r = keys(p.stdout.readline().decode())
    us = (net.gw.cpu_s() - before) * 1e6 / r['transactions']
    p.stdin.close()
    p.wait()
    return r, us


def stalled(say, seconds):
    """The same fifty with and without the others, in turns: the machine drifts."""
    ms, cpu = [], []
    for _ in range(3):
        for slow in (0, 10):
            with LoadNet(9999, 1) as net:
                net.up()
                held = [Driver(net) for _ in range(slow)]
                for d in held:
                    d.enter('FLOOD COUNT=10000', field=COMMAND)
                was = -1
                while held and was != (now := net.counters()['snagate_telnet_records_out_total']):
                    was = now
                    time.sleep(0.5)             # until their hosts are held back
                r, us = active(net, seconds)
                ms.append(r['mean_ms'])
                cpu.append(us)
                for d in held:
                    d.close()

    def ratio(v):
        return sorted(v[i + 1] / v[i] for i in (0, 2, 4))[1]
    say(f'50 active beside 10 that read nothing: mean {sorted(ms[1::2])[1]:.2f} ms, '
        f'x {ratio(ms):.2f}; {sorted(cpu[1::2])[1]:.1f} us CPU a transaction, x {ratio(cpu):.2f}')


def rows(say, seconds, quick):
    n = 200 if quick else 2000
    many_lus(say, n)
    longest_turn(say, n)
    stalled(say, seconds)


if __name__ == '__main__':
    rows(print, 2, 'quick' in sys.argv)

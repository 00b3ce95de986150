#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: the gateway beside a bare epoll echo in the same run.

Everything is printed as a ratio to that neighbour where that makes sense, for
the machine's speed drifts. Results go to tests/bench/results/latest.txt; keep
one worth keeping under its own name. Usage: make bench, or
bench.py [quick] for a tenth of the time.
"""
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'box'))
import clientload    # noqa: E402
import pipeload      # noqa: E402
from box import BIN, Net, Node, check, free_port, until      # noqa: E402

QUICK = 'quick' in sys.argv
SECONDS = 2 if QUICK else 10
SIZES = (100, 1000) if QUICK else (1000, 10000)
OUT = []


def say(text):
    print(text, flush=True)
    OUT.append(text)


def keys(line):
    return {k: float(v) for k, v in (w.split('=') for w in line.split())}


class Echo:
    """The bare neighbour."""

    def __init__(self, net, tls):
        self.port = free_port()
        args = [os.path.join(BIN, 'bench', 'echo'), '-p', str(self.port), '-s', '800']
        if tls:
            args += ['-c', net.pem, '-k', net.key]
        self.proc = subprocess.Popen(args)
        time.sleep(0.3)

    cpu_s = Node.cpu_s
    rss_kib = Node.rss_kib

    def stop(self):
        self.proc.kill()
        self.proc.wait()


def load(server, *args):
    """Runs the load; (its numbers, CPU seconds of the server while it worked)."""
    p = subprocess.Popen([os.path.join(BIN, 'bench', 'tnload'), '-t', str(SECONDS), '-w', '90',
                          *args], stdout=subprocess.PIPE)
    first = keys(p.stdout.readline().decode())
    before = server.cpu_s()
    line = p.stdout.readline().decode()
    cpu = server.cpu_s() - before
    p.wait()
    check(p.returncode == 0, f'load failed: {first} {line}')
    r = keys(line)
    r['us'] = cpu * 1e6 / r['transactions']
    r['logon_s'] = first['logon_s']
    return r


def row(name, r, base=None):
    text = (f'{name:34} {r["clients"]:7.0f} {r["tps"]:9.0f} {r["us"]:8.2f} '
            f'{r["mean_ms"]:9.2f} {r["max_ms"]:8.1f}')
    if base:
        text += f' {r["tps"] / base["tps"]:8.2f} {r["us"] / base["us"]:8.2f}'
    say(text)


def with_local_echo(side, name, text):
    """The gateway gets an APPL of its own for an ECHO without the link."""
    if side == 'gw' and name == 'ATCCON00':
        text += 'BENCH\n'
    if name == 'telnet.profile':
        text = text.replace('TCP00001..TCP09999', 'TCP00001..TCP19999')
    return text


def bench_net():
    net = Net(workers=0, edit=with_local_echo, gw_args=['--commands', 'gw/bench'])
    with open(os.path.join(net.dir, 'gw', 'bench'), 'w', encoding='ascii') as f:
        f.write('S ECHO,APPL=LECHO\n')
    with open(os.path.join(net.dir, 'gw', 'vtamlst', 'BENCH'), 'w', encoding='ascii') as f:
        f.write('BENCH    VBUILD TYPE=APPL\n'
                'LECHO    APPL  AUTH=(PASS),EAS=64000,PARSESS=YES,VPACING=7\n')
    return net


def transactions(tls):
    kind = 'TLS' if tls else 'plain'
    flags = ['-T'] if tls else []
    for n in SIZES:
        with bench_net() as net:
            net.up()
            e = Echo(net, tls)
            base = load(e, '-p', str(e.port), '-r', '-n', str(n), *flags)
            e.stop()
            row(f'bare echo, {kind}', base)
            port = str(net.tls_port if tls else net.port)
            local = load(net.gw, '-a', net.gw_ip, '-p', port, '-n', str(n), '-A', 'LECHO', *flags)
            row(f'gateway, local ECHO, {kind}', local, base)
            ee = load(net.gw, '-a', net.gw_ip, '-p', port, '-n', str(n), '-A', 'ECHO', *flags)
            row(f'gateway, ECHO over EE, {kind}', ee, base)


def memory(tls):
    kind = 'TLS' if tls else 'plain'
    for n in SIZES:
        with bench_net() as net:
            net.up()
            before = net.gw.rss_kib()
            port = str(net.tls_port if tls else net.port)
            p = subprocess.Popen([os.path.join(BIN, 'bench', 'tnload'), '-a', net.gw_ip, '-p',
                                  port, '-n', str(n), '-A', 'LECHO', '-I', '-w', '90']
                                 + (['-T'] if tls else []),
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            r = keys(p.stdout.readline().decode())
            time.sleep(1)
            each = (net.gw.rss_kib() - before) / n
            say(f'idle, {kind:30} {n:7} sessions: {each:6.2f} KiB each, {r["failed"]:.0f} failed, '
                f'logons took {r["logon_s"]:.1f} s')
            p.stdin.close()
            p.wait()
            check(p.returncode == 0, 'idle clients failed')
            until('all sessions ended',
                  lambda n=net: 'TCP0' not in n.gw.console('D NET,SESSIONS,LIST=ALL', rc=None)[0])


def main():
    with open('/proc/cpuinfo', encoding='ascii', errors='replace') as f:
        cpu = next((x.split(':')[1].strip() for x in f if x.startswith('model name')), '?')
    say(f'# {time.strftime("%Y-%m-%d")}  {os.cpu_count()} cores, {cpu}')
    say('# 100 bytes in, 800 out; CPU is the server\'s, in microseconds a transaction;')
    say('# ratios are to the bare echo of the same run. One thread (--workers 0).')
    say(f'{"":34} {"clients":>7} {"trans/s":>9} {"us CPU":>8} {"mean ms":>9} {"max ms":>8} '
        f'{"x tps":>8} {"x CPU":>8}')
    for tls in (False, True):
        transactions(tls)
    for tls in (False, True):
        memory(tls)
    clientload.rows(say, SECONDS, QUICK)
    pipeload.rows(say, SECONDS)
    pipeload.goodput(say, 2 * SECONDS)
    pipeload.many(say, QUICK)
    with open(os.path.join(HERE, 'results', 'latest.txt'), 'w', encoding='ascii') as f:
        f.write('\n'.join(OUT) + '\n')


if __name__ == '__main__':
    main()

# SPDX-License-Identifier: Apache-2.0
"""One RTP connection beside the bare system calls with datagrams of its size."""
import os
import subprocess

from box import BIN

KINDS = (
    ('bare sendmmsg/recvmmsg', ['bare', '-n', '1400']),
    ('bare GSO/GRO', ['gso', '-n', '1400']),
    ('one pipe, bulk of 1400', ['bulk', '-n', '1400']),
    ('one pipe, bulk of 4000', ['bulk', '-n', '4000']),
    ('one pipe, 64 questions open', ['pairs', '-w', '64']),
    ('one pipe, 1 question open', ['pairs', '-w', '1']),
)


def goodput(say, seconds):
    """In virtual time: RTP beside a CUBIC-like sender on the same simulated link."""
    say('# goodput of one RTP connection and of a CUBIC-like sender, each alone on a simulated')
    say('# link with a queue as long as the path; Mbit/s')
    p = subprocess.run([os.path.join(BIN, 'bench', 'arbsim'), str(seconds)],
                       stdout=subprocess.PIPE, check=True)
    for line in p.stdout.decode().splitlines():
        say(line)


def many(say, quick):
    say('# pipes of one node among many, in virtual time; CPU of both ends; x: beside ten pipes')
    p = subprocess.run([os.path.join(BIN, 'bench', 'manypipes'), *(['quick'] if quick else [])],
                       stdout=subprocess.PIPE, check=True)
    for line in p.stdout.decode().splitlines():
        say(line)


def rows(say, seconds):
    say('# one RTP pipe between two processes; CPU in seconds of sender and receiver; ratio to')
    say('# the bare calls: received bits per second')
    base = None
    for name, args in KINDS:
        p = subprocess.run([os.path.join(BIN, 'bench', 'pipeload'), *args, '-t', str(seconds)],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        r = {k: float(v) for k, v in (w.split('=') for w in p.stdout.decode().split())}
        base = base or r
        text = f'{name:30} {r["mbit"]:8.0f} Mbit/s  CPU {r["cpu_a"]:5.2f} {r["cpu_b"]:5.2f}'
        if args[0] == 'pairs':
            text += f'  {r["pairs"]:8.0f} pairs/s'
        else:
            text += f'  {r["mbit"] / base["mbit"]:6.2f} of bare'
        say(text)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the wire vectors as seeds: corpus.py FOLDER fills FOLDER/fuzz_X/."""
import os
import re
import sys

VEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'vec')
LLC, TH_RH = 3, 9       # bytes in front of an XID or NLP; of an RU in a FID2 PIU


def load(name):
    out = []
    with open(os.path.join(VEC, name), encoding='utf-8') as f:
        for line in f:
            m = re.match(r'# (\S+) \| ', line)
            if m:
                out.append([m.group(1), ''])
            elif line.strip() and not line.startswith('#') and out:
                out[-1][1] += line.strip().replace(' ', '')
    return [(n, bytes.fromhex(h)) for n, h in out]


def seed(top, target, name, data):
    folder = os.path.join(top, 'fuzz_' + target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), 'wb') as f:
        f.write(data)


TN = ['fffb28', 'fffc28fffb18', 'fffb18fffc28', 'fffb2efffa2e01fff0', 'fffd06fff1fff4fff5fff3',
      'fffa28 0207 49424d2d333237382d342d45 01 4c5531 fff0 fffa28 0307 000204 fff0',
      'fffa28 0207 49424d2d333238372d31 00 4c5531 fff0 fffa28 0307 0001020304 fff0',
      'fffa18 00 49424d2d333237392d342d45404c5531 fff0 fffb19fffd19fffb00fffd00',
      '0000000000 7dfffffff401 ffef 020000ffff0000 ffef 0200010001 01 ffef',
      'fffa24 01ffff fff0 fffd23 01 fff1 02 ffef',
      'fffa18 00 585445524d fff0 fffa18 00 56543232 fff0 fffa18 00 56543232 fff0',
      'fffa18 00 49424d2d333237382d32404c5531 fff0 fffc19 fffd19 fffb00 fffd00 fffc18 fffb28',
      'fff7 61 fff8 62 0d00 630a fff4 0d']
# Scripts for two ees: fuzz_ee_seq.c has the code.
EE_SEQ = ['60 55 63 55 6e ed 55 64 58 62 55', '60 55 61 55 63 55 6d 68 55 4c 5b 6e 55 62 5b',
          '60 e0 55 63 e3 55 6e ee 55 6b 5b 63 55', '60 55 63 55 66 6d 03 20ff 2101 08 10 11 55 e4 5b',
          '60 10 90 10 90 31 11 91 36 09 89 55 63 10 90 6d 10 10 10 90 35 38 55',
          '60 55 63 55 6d 23 02 13 04040300c0000300ff 0000000000000000 0c 04 6e 55 e5 5b',
          '60 55 e3 55 66 ee 44 48 4c 56 69 55 6a 5b eb 60 5c']
# Behind WILL NEW-ENVIRON: what a client may tell.
SIGN = b'\r\n\r\n\0\r\nQUIT\n'
PROXY = (b'PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n', b'PROXY UNKNOWN\r\n',
         SIGN + b'\x21\x11\0\x0c' + bytes(12), SIGN + b'\x21\x21\0\x24' + bytes(36),
         SIGN + b'\x20\0\0\0')
ENV = ['00 03 49424d454c46 01 594553 03 49424d4150504c4944 01 54534f', '00', '00 03 49424d454c46',
       '00 03 49424d454c46 00 594553', '00 00 55534552 01 64656d6f 03 41 01 02 03 42 02 ffff',
       '02 01 41 00 42 03 43', '07 02']


V2 = b'\r\n\r\n\0\r\nQUIT\n'
PROXY = [b'PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n', b'PROXY UNKNOWN\r\n',
         b'PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n\xff\xfb\x28',
         V2 + bytes.fromhex('2111000c') + bytes(range(12)), V2 + bytes.fromhex('20000000'),
         V2 + bytes.fromhex('21210027') + bytes(range(36)) + b'\x04\0\0',
         V2 + bytes.fromhex('213100d8') + bytes(216)]


def proxy(top):
    for i, b in enumerate(PROXY):
        seed(top, 'proxy', 'h%d' % i, b)


def step(what, data, client=0):
    return bytes([what | client << 3, len(data)]) + data


def conn(top):
    """fuzz_conn: a client of each mode logs on and is written to."""
    below = [step(3, bytes([0, how, rh, 1]) + data) for how, rh, data in (
        (1, 0, b''), (0, 0, b''), (0x10, 0, b''), (0x70, 0, b'\xf5\xc3\xc1\xc2'),
        (0x70, 1, b'\xf1\xc2\xff'), (0x20, 1, b''))]
    ways = {'e': ([0, 1], [21, 12]), 'basic': ([0, 1], [5, 12]), 'printer': ([0, 2], [6]),
            'cr': ([0, 1], [21, 12, 18, 19, 20, 22]), '3270': ([7, 8, 16], [10, 17, 14, 15]),
            'line': ([7, 9], [11, 11, 13])}
    for name, (first, then) in ways.items():
        for profile in range(16):
            work = step(1, bytes(then)) + b''.join(below[1:5])
            seed(top, 'conn', '%s-%d' % (name, profile), bytes([profile]) + step(
                1, bytes(first)) + below[0] + work + step(1, bytes(then)) + step(5, b'\x32')
                + below[5] + work + step(7, bytes([profile & 1])))


def telnet(top):
    for i, h in enumerate(TN):
        b = bytes.fromhex(h.replace(' ', ''))
        for how in (0, 1, 2):
            seed(top, 'telnet', 'tn%d-%d' % (i, how), bytes([how, 3]) + b)
        for how in (0x08, 0x0c, 0x09):
            seed(top, 'tnneg', 'tn%d-%d' % (i, how),
                 bytes([how, 0x77]) + bytes(16) + (b if i == 0 else bytes.fromhex(
                     'fffb28' if i % 2 else 'fffc28fffb18') + b))
    for i, h in enumerate(ENV):
        b = bytes.fromhex('fffb27 fffa27' + h.replace(' ', '') + 'fff0 fffb28')
        seed(top, 'tnneg', 'env%d' % i, bytes([0x18, 0x77]) + bytes(16) + b)
        seed(top, 'telnet', 'env%d' % i, bytes([0x81, 3]) + b)
    for i in range(10):
        seed(top, 'tnhdr', 'type%d' % i, bytes([i, 0, i % 3, 0, 255, 1, 8, 2, 0, 0]))
    for i, h in enumerate(PROXY):
        seed(top, 'proxy', 'h%d' % i, h)
    for where in ('demo/gw', 'gateway'):
        with open(os.path.join(VEC, '..', '..', 'config', where, 'telnet.profile'), 'rb') as f:
            seed(top, 'profile', where.replace('/', '-'), f.read())
    with open(os.path.join(VEC, '..', '..', 'config', 'gateway', 'attls.policy'), 'rb') as f:
        seed(top, 'ttls', 'gateway', f.read())


def main():
    top = sys.argv[1]
    for name, b in load('ee.hex') + load('ee-bad.hex'):
        seed(top, 'piu', name, b)
        seed(top, 'xid' if b[2] & 0xef == 0xaf else 'nlp', name, b[LLC:])
        for how in (0x00, 0x40, 0xc2, 0xe8):
            seed(top, 'ee', '%s-%02x' % (name, how),
                 bytes([how]) + len(b).to_bytes(2, 'big') + b)
    for name, b in load('sna.hex'):
        seed(top, 'piu', name, b)
        seed(top, 'xid', name, b)
        seed(top, 'bind', name, b[TH_RH:])
        seed(top, 'gds', name, b[TH_RH:])
    for i, h in enumerate(EE_SEQ):
        seed(top, 'ee_seq', 's%d' % i, bytes.fromhex(h))
    telnet(top)
    conn(top)
    proxy(top)
    return 0


if __name__ == '__main__':
    sys.exit(main())

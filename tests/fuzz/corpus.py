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
    return 0


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds every wire vector of tests/vec/*.hex to tshark, an independent reader.

Each vector's "#:" lines name fields and the values tshark must find; a field
with several occurrences lists them with commas. No vector may be malformed
but those of ee-bad.hex that say so. Usage: v_tshark.py [FILE.hex ...]
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
WRAP = {'i': '04040000', 'xid': '0404bf', 'ui': '040403'}     # LLC in front of a bare PIU
BOOL = {'True': '1', 'False': '0'}


def load(path):
    """[(name, hex, {field: value})] of one file."""
    out = []
    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.strip()
            m = re.match(r'# (\S+) \| ', line)
            if m:
                out.append((m.group(1), [], {}))
            elif line.startswith('#:') and out:
                out[-1][2].update(x.split('=', 1) for x in line[2:].split())
            elif line and not line.startswith('#') and out:
                out[-1][1].append(line.replace(' ', ''))
    return [(n, ''.join(h), e) for n, h, e in out]


def decode(vectors, tmp):
    """One dictionary of field to list of values per vector."""
    got = []
    ports = sorted({e.get('udp', '12001') for _, _, e in vectors})
    by_name = {}
    for port in ports:
        mine = [v for v in vectors if v[2].get('udp', '12001') == port]
        text, pcap = os.path.join(tmp, 'in.txt'), os.path.join(tmp, 'in.pcap')
        with open(text, 'w', encoding='ascii') as f:
            for _, hx, e in mine:
                hx = WRAP.get(e.get('wrap'), '') + hx
                f.write('000000 ' + ' '.join(hx[i:i + 2] for i in range(0, len(hx), 2)) + '\n')
        subprocess.run(['text2pcap', '-q', '-u', f'{port},{port}', '-4', '10.0.0.1,10.0.0.2',
                        text, pcap], check=True, stderr=subprocess.DEVNULL)
        names = sorted({k for _, _, e in mine for k in e if '.' in k})
        cmd = ['tshark', '-r', pcap, '-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=a',
               '-e', '_ws.malformed', '-e', 'frame.protocols']
        for n in names:
            cmd += ['-e', n]
        lines = subprocess.run(cmd, check=True, capture_output=True, text=True).stdout.splitlines()
        if len(lines) != len(mine):
            raise SystemExit(f'tshark saw {len(lines)} of {len(mine)} packets')
        for (name, _, _), line in zip(mine, lines):
            cols = line.split('|')
            by_name[name] = dict(zip(['_ws.malformed', 'frame.protocols'] + names, cols))
    for name, _, _ in vectors:
        got.append(by_name[name])
    return got


def norm(v):
    out = []
    for x in v.split(','):
        x = BOOL.get(x, x).lower()
        if re.fullmatch(r'0x[0-9a-f]+', x):
            x = str(int(x, 16))
        elif re.fullmatch(r'\d+', x) and len(x) < 12:
            x = str(int(x))
        out.append(x)
    return ','.join(out)


def check(path):
    """Prints the result of each vector; the names of those that failed."""
    bad = []
    vectors = load(path)
    if not vectors:
        raise SystemExit(f'{path}: no vectors')
    with tempfile.TemporaryDirectory() as tmp:
        got = decode(vectors, tmp)
    for (name, _, want), have in zip(vectors, got):
        errors = []
        malformed = have['_ws.malformed'] != '' or 'malformed' in have['frame.protocols']
        if malformed != ('malformed' in want):
            errors.append('malformed' if malformed else 'not malformed')
        for k, v in want.items():
            if '.' not in k:
                continue
            if norm(have[k]) != norm(v) and not (v == '0' and have[k] == ''):
                errors.append(f'{k}: want {v}, have {have[k]}')
        if errors:
            bad.append(name)
            print(f'[  FAILED  ] {name} vector')
            for e in errors:
                print('    ' + e)
        else:
            print(f'[       OK ] {name}')
    return bad


def main():
    files = sys.argv[1:] or sorted(glob.glob(os.path.join(HERE, '*.hex')))
    bad = [name for f in files for name in check(f)]
    for name in bad:
        print(f'[  FAILED  ] {name} vector')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())

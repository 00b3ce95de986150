#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Enforces the size limits of the house style on C files and headers.

Usage: tests/shape.py FOLDER...   Exit 1 and one line a breach.
A breach is allowed where the line before it, or the function's first lines,
carry a comment that starts "style:" and says why.
"""
import os
import re
import sys

C_MAX, H_MAX, FUNC_MAX, SWITCH_MAX, NEST_MAX, COL_MAX, PARAM_MAX = 900, 250, 80, 150, 4, 100, 6
BANNED = re.compile(r'^(util|utils|common|misc|helper|helpers)\.[ch]$')
FUNC = re.compile(r'^([a-z_][A-Za-z0-9_]*)\(')


def width(line):
    return len(line.expandtabs(8))


def strip(text):
    """Comments, strings and characters out, line count kept."""
    out = []
    pat = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    last = 0
    for m in pat.finditer(text):
        out.append(text[last:m.start()])
        out.append('\n' * m.group().count('\n') or '""')
        last = m.end()
    out.append(text[last:])
    return ''.join(out)


def functions(lines):
    """(name, first line, last line) of every function body, 0-based."""
    i = 0
    while i < len(lines):
        m = FUNC.match(lines[i])
        if m:
            j = i
            while j < len(lines) and lines[j] != '{' and not lines[j].rstrip().endswith(';'):
                j += 1
            if j < len(lines) and lines[j] == '{':
                k = j
                while k < len(lines) and lines[k] != '}':
                    k += 1
                yield m.group(1), i, j, k
                i = k
        i += 1


def nesting(body):
    depth = deepest = 0
    for line in body:
        for ch in line:
            if ch == '{':
                depth += 1
                deepest = max(deepest, depth)
            elif ch == '}':
                depth -= 1
    return deepest - 1


def check(path, bad):
    with open(path, encoding='utf-8') as f:
        text = f.read()
    raw = text.split('\n')
    lines = strip(text).split('\n')
    limit = H_MAX if path.endswith('.h') else C_MAX
    whole = 'style: long file' in text
    if len(raw) - 1 > limit and not whole:
        bad.append(f'{path}: {len(raw) - 1} lines, limit {limit}')
    if BANNED.match(os.path.basename(path)):
        bad.append(f'{path}: a file name that says nothing')
    for n, line in enumerate(raw):
        if width(line) > COL_MAX:
            bad.append(f'{path}:{n + 1}: {width(line)} columns, limit {COL_MAX}')
        if re.match(r'^\s*#\s*if\s+0\b', line):
            bad.append(f'{path}:{n + 1}: dead code')
    for name, a, b, c in functions(lines):
        said = any('style:' in x for x in raw[max(0, a - 4):min(c, b + 4)])
        if said:
            continue
        size = c - b - 1
        cap = SWITCH_MAX if any(x.startswith('\tswitch (') for x in lines[b:c]) else FUNC_MAX
        if size > cap:
            bad.append(f'{path}:{a + 1}: {name}() has {size} lines, limit {cap}')
        deep = nesting(lines[b:c + 1])
        if deep > NEST_MAX:
            bad.append(f'{path}:{a + 1}: {name}() nests {deep} deep, limit {NEST_MAX}')
        params = ' '.join(lines[a:b])
        if params.count(',') + 1 > PARAM_MAX:
            bad.append(f'{path}:{a + 1}: {name}() has over {PARAM_MAX} parameters')


def main():
    bad, seen = [], 0
    for top in sys.argv[1:] or ["base", "snaee", "vtamsim", "tn3270e", "tests"]:
        for d, _, files in os.walk(top):
            for f in sorted(files):
                if f.endswith(('.c', '.h')):
                    check(os.path.join(d, f), bad)
                    seen += 1
    for b in bad:
        print(b)
    print(f'shape: {seen} files, {len(bad)} breaches')
    return 1 if bad or not seen else 0


if __name__ == '__main__':
    sys.exit(main())

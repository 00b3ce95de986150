#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each requirement of the TN3270E conformance list has a black-box test: one whose
name or docstring carries its id, and that is run."""
import ast
import glob
import os
import re

from box import check, run

HERE = os.path.dirname(os.path.abspath(__file__))
LAST = {'T': 12, 'N': 30, 'S': 9, 'R': 29, 'L': 10, 'P': 7, 'Z': 10, 'I': 13}
IDS = [f'{part}-{n:02d}' for part, last in LAST.items() for n in range(1, last + 1)]
ONE = re.compile(r'\b([TNSRLPZI])-(\d\d)\b')
SPAN = re.compile(r'\b([TNSRLPZI])-(\d\d)\s*(?:\.\.|\bto\b)\s*\1-(\d\d)\b')


def ids_of(text):
    """The ids a text names; T-01..T-04 names four."""
    found = {f'{part}-{n}' for part, n in ONE.findall(text)}
    for part, lo, hi in SPAN.findall(text):
        found |= {f'{part}-{n:02d}' for n in range(int(lo), int(hi) + 1)}
    return found


def tests_of(path):
    """(name, its name and docstring) of each function t_* of a file; the whole file's
    docstring does not count, a test's does."""
    with open(path, encoding='utf-8') as f:
        tree = ast.parse(f.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith('t_'):
            name = re.sub(r'(?i)_([tnsrlpzi])_?(\d\d)(?=_|$)', r' \1-\2 ', node.name).upper()
            yield node.name, f'{name} {ast.get_docstring(node) or ""}'


def t_every_requirement_is_tested():
    where = {}
    for path in sorted(glob.glob(os.path.join(HERE, 'b_*.py'))):
        if path != os.path.abspath(__file__):
            for name, text in tests_of(path):
                for i in ids_of(text):
                    where.setdefault(i, []).append(f'{os.path.basename(path)}:{name}')
    missing = [i for i in IDS if i not in where]
    check(not missing, f'{len(missing)} of {len(IDS)} without a test: {" ".join(missing)}')
    unknown = sorted(set(where) - set(IDS))
    check(not unknown, f'no such requirement: {[(i, where[i]) for i in unknown]}')


def t_the_list_itself():
    check(len(IDS) == 120 and len(set(IDS)) == 120, str(len(IDS)))


if __name__ == '__main__':
    run([t_every_requirement_is_tested, t_the_list_itself])

# SPDX-License-Identifier: Apache-2.0
"""Console transcripts: tests/oper/*.con, typed and expected.

A transcript:

    * a comment
    node vtamsim member.d            which program, which definitions (a folder
                                     beside the transcript; default host.d)
    files NAME ... end               a member of this transcript alone
    @NET@                            in members and commands: 127.x.y of this run
    > D NET,MAJNODES                 typed
    IST097I DISPLAY ACCEPTED         expected, line by line, blanks count
    ...                              any number of lines
    {any} {time} {date} {hex} {n}    placeholders: text without an end of line,
                                     hh:mm:ss, mm/dd/yy, hex digits, digits
    rc 1                             expected exit code (default 0)
    ! IST093I PUEEQ2 ACTIVE          an unsolicited message must have come (any order)
    node snagate host.d              with file TELPROF ...: the Telnet profile
    wait D NET,EE / IST2021I {any}= 1     repeats the command until a line matches

Everything typed goes over the node's socket, as vtamcon does it.
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BIN = os.path.join(TOP, os.environ.get('B', 'build'))
PATIENCE = float(os.environ.get('PATIENCE', '30'))

MARKS = {'any': '.*', 'time': r'\d\d:\d\d:\d\d', 'date': r'\d\d/\d\d/\d\d',
         'hex': '[0-9A-F]+', 'n': r'\d+'}


NET = f'127.{128 + os.getpid() % 64}.{os.getpid() // 64 % 256}'


class Fail(AssertionError):
    pass


def pattern(line):
    out, last = '', 0
    for m in re.finditer(r'\{(any|time|date|hex|n)\}', line):
        out += re.escape(line[last:m.start()]) + MARKS[m.group(1)]
        last = m.end()
    return re.compile(out + re.escape(line[last:]) + r'\Z')


class Console:
    def __init__(self, path):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.settimeout(PATIENCE)
        self.s.connect(path)
        self.got = b''                  # read, not taken yet
        self.events = []
        self.s.sendall(b'.events\n')

    def line(self):
        """The next line; None at the end. A timeout loses nothing of it."""
        while b'\n' not in self.got:
            more = self.s.recv(65536)
            if not more:
                return None
            self.got += more
        line, self.got = self.got.split(b'\n', 1)
        return line.decode('latin-1')

    def command(self, text):
        self.s.sendall(text.encode() + b'\n')
        lines = []
        while True:
            line = self.line()
            if line is None:
                raise Fail(f'the node ended during {text!r}')
            if line.startswith('= '):
                return lines, int(line[2:])
            (self.events if line.startswith('! ') else lines).append(line[2:])

    def until_event(self, want):
        p, end = pattern(want), time.monotonic() + PATIENCE
        while not any(p.match(e) for e in self.events):
            if time.monotonic() > end:
                raise Fail(f'no message {want!r}; there were:\n' + '\n'.join(self.events))
            self.s.settimeout(0.2)
            try:
                line = self.line()
                if line is None:
                    raise Fail(f'the node ended before {want!r}')
                if line.startswith('! '):
                    self.events.append(line[2:])
            except TimeoutError:
                pass
            finally:
                self.s.settimeout(PATIENCE)


class Node:
    """A node of a transcript; more than one may run, the first is typed at."""

    def __init__(self, folder, program, defs, extra):
        self.dir = tempfile.mkdtemp(prefix='snagate-oper-')
        self.sock = os.path.join(self.dir, 'c')
        self.log = open(os.path.join(self.dir, 'log'), 'wb+')
        lib = os.path.join(self.dir, 'vtamlst')
        os.mkdir(lib)
        src = os.path.join(folder, defs)
        for name in os.listdir(src):
            with open(os.path.join(src, name), encoding='utf-8') as f:
                self.member(lib, name, f.read())
        for name, text in extra.items():
            self.member(lib, name, text)
        profile = os.path.join(lib, 'TELPROF')
        more = ['--profile', profile, '--workers', '0'] if os.path.exists(profile) else []
        self.proc = subprocess.Popen(
            [os.path.join(BIN, program), '--vtamlst', lib, '--console', self.sock,
             '--foreground'] + more, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.console = None

    @staticmethod
    def member(lib, name, text):
        text = text.replace('@NET@', NET)
        with open(os.path.join(lib, name), 'w', encoding='utf-8') as f:
            f.write(text)

    def connect(self):
        end = time.monotonic() + PATIENCE
        while self.console is None:
            if self.proc.poll() is not None:
                raise Fail(f'the node ended with {self.proc.returncode}:\n{self.tail()}')
            try:
                self.console = Console(self.sock)
            except OSError:
                if time.monotonic() > end:
                    raise Fail('the node does not answer:\n' + self.tail())
                time.sleep(0.05)
        return self.console

    def tail(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read().decode('utf-8', 'replace')[-3000:]

    def stop(self):
        if self.proc.poll() is None:
            self.proc.send_signal(signal.SIGTERM)
            try:
                self.proc.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
                raise Fail('SIGTERM did not end the node:\n' + self.tail())
        return self.proc.returncode


def compare(command, got, want, where):
    """Lines against expected lines; "..." stands for any number."""
    def match(i, j):
        while j < len(want):
            if want[j] == '...':
                return any(match(k, j + 1) for k in range(i, len(got) + 1))
            if i >= len(got) or not pattern(want[j]).match(got[i]):
                return False
            i, j = i + 1, j + 1
        return i == len(got)
    if not match(0, 0):
        raise Fail(f'{where}: > {command}\nexpected:\n  ' + '\n  '.join(want)
                   + '\ngot:\n  ' + '\n  '.join(got))


def wait(console, text, where):
    command, _, want = text.partition(' / ')
    p, end = pattern(want), time.monotonic() + PATIENCE
    while True:
        lines, _ = console.command(command)
        if any(p.match(x) for x in lines):
            return
        if time.monotonic() > end:
            raise Fail(f'{where}: {command}: no line {want!r} in\n  ' + '\n  '.join(lines))
        time.sleep(0.1)


def parse(path):
    """(nodes, steps)"""
    nodes, steps, files = [], [], {}
    with open(path, encoding='utf-8') as f:
        lines = f.read().split('\n')
    i = 0
    while i < len(lines):
        line, where = lines[i], f'{os.path.basename(path)}:{i + 1}'
        i += 1
        if line.startswith('* ') or line == '*' or not line.strip():
            continue
        if line.startswith('node '):
            nodes.append(line.split()[1:])
        elif line.startswith('file '):
            text = []
            while lines[i] != 'end':
                text.append(lines[i])
                i += 1
            i += 1
            files[line.split()[1]] = '\n'.join(text) + '\n'
        elif line.startswith('> '):
            want = []
            rc = 0
            while i < len(lines) and lines[i].strip() and lines[i][:2] not in ('> ', '* ', '! ') \
                    and not lines[i].startswith(('wait ', 'node ')):
                if re.match(r'rc \d$', lines[i]):
                    rc = int(lines[i][3:])
                else:
                    want.append(lines[i])
                i += 1
            steps.append(('type', where, line[2:], want, rc))
        elif line.startswith('! '):
            steps.append(('event', where, line[2:]))
        elif line.startswith('wait '):
            steps.append(('wait', where, line[5:]))
        else:
            raise Fail(f'{where}: what is {line!r}?')
    return nodes or [['vtamsim', 'host.d']], steps, files


def run(path):
    wanted, steps, files = parse(path)
    nodes = [Node(os.path.dirname(path), n[0], n[1], files) for n in wanted]
    try:
        for n in nodes:
            n.connect()
        console = nodes[0].console
        for step in steps:
            if step[0] == 'type':
                got, rc = console.command(step[2].replace('@NET@', NET))
                compare(step[2], got, step[3], step[1])
                if rc != step[4]:
                    raise Fail(f'{step[1]}: > {step[2]}: exit {rc}, expected {step[4]}')
            elif step[0] == 'event':
                console.until_event(step[2])
            else:
                wait(console, step[2], step[1])
        for n in nodes:
            rc = n.stop()
            if rc != 0:
                raise Fail(f'the node ended with {rc}:\n{n.tail()}')
    finally:
        for n in nodes:
            if n.proc.poll() is None:
                n.proc.kill()
                n.proc.wait()


def main(names):
    folder = HERE
    paths = [os.path.join(folder, n) for n in
             (names or sorted(x for x in os.listdir(folder) if x.endswith('.con')))]
    failed = []
    print(f'[==========] Running {len(paths)} test(s).')
    for p in paths:
        name = 'oper_' + os.path.basename(p)[:-4]
        print(f'[ RUN      ] {name}')
        try:
            run(p)
            print(f'[       OK ] {name}')
        except Exception as e:      # a broken transcript is a failed test too
            print(e if isinstance(e, Fail) else traceback.format_exc())
            print(f'[  FAILED  ] {name}')
            failed.append(name)
    print(f'[==========] {len(paths)} test(s) run.')
    for name in failed:
        print(f'[  FAILED  ] {name}')
    return 1 if failed or not paths else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

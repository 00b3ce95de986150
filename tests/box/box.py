# SPDX-License-Identifier: Apache-2.0
"""What the black-box tests share: two nodes on loopback addresses of their
own, the operator's console, a scripted s3270, and a runner that prints
results as cmocka does (so tests/run.sh counts them).

The nodes run the demonstration's definitions with other addresses and ports,
so a test can run beside "make run" and beside another test.
"""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.join(TOP, os.environ.get('B', 'build'))
# Nothing here depends on how fast the machine is: PATIENCE only ends a hang.
PATIENCE = float(os.environ.get('PATIENCE', '60'))
# Worker threads of the gateway where a test doesn't say; 0: all in one thread.
WORKERS = int(os.environ.get('WORKERS', '0'))


class Fail(AssertionError):
    pass


def check(cond, text=''):
    if not cond:
        raise Fail(text)


def until(what, cond, patience=PATIENCE):
    """Waits until cond() is true; its value."""
    end = time.monotonic() + patience
    while True:
        v = cond()
        if v:
            return v
        if time.monotonic() > end:
            raise Fail(f'not within {patience:.0f} s: {what}')
        time.sleep(0.05)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def certificate(folder):
    key, pem = os.path.join(folder, 'server.key'), os.path.join(folder, 'server.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                    'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj',
                    '/CN=snagate.test', '-addext', 'subjectAltName=IP:127.0.0.1',
                    '-keyout', key, '-out', pem], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return pem, key


class Node:
    """One snagate or vtamsim."""

    def __init__(self, net, program, args):
        self.net, self.program, self.args = net, program, args
        self.sock = os.path.join(net.dir, program + '.sock')
        self.log = os.path.join(net.dir, program + '.log')
        self.proc = None
        self.prefix = []                # a command that runs it, and becomes it

    def start(self, wait=True):
        with open(self.log, 'ab') as log:
            self.proc = subprocess.Popen(
                self.prefix + [os.path.join(BIN, self.program), '--console', self.sock,
                               '--foreground'] + self.args, cwd=self.net.dir, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL)
        if wait:
            until(self.program + ' answers its operator',
                  lambda: self.dead_or(lambda: self.console('D NET,VTAMOPTS', rc=None)[1] == 0))
        return self

    def dead_or(self, cond):
        if self.proc.poll() is not None:
            raise Fail(f'{self.program} ended with {self.proc.returncode}:\n{self.tail()}')
        return cond()

    def tail(self, n=40):
        with open(self.log, encoding='utf-8', errors='replace') as f:
            return ''.join(f.readlines()[-n:])

    def console(self, command, rc=0, json=False):
        """The reply's text; rc None: (text, exit code)."""
        p = subprocess.run([os.path.join(BIN, 'vtamcon'), '-s', self.sock]
                           + (['-j'] if json else []) + [command],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE,
                           stdin=subprocess.DEVNULL, check=False)
        text = p.stdout.decode('utf-8', 'replace')
        if rc is None:
            return text, p.returncode
        check(p.returncode == rc, f'{command}: exit {p.returncode}, wanted {rc}\n{text}')
        return text

    def stop(self, sig=signal.SIGTERM):
        if self.proc is None:
            return 0
        if self.proc.poll() is None:
            self.proc.send_signal(sig)
            try:
                self.proc.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
                raise Fail(f'{self.program} did not end on signal {sig}')
        rc = self.proc.returncode
        self.proc = None
        return rc

    def rss_kib(self):
        with open(f'/proc/{self.proc.pid}/status', encoding='ascii') as f:
            for line in f:
                if line.startswith('RssAnon:'):
                    return int(line.split()[1])
        return 0

    def cpu_s(self):
        with open(f'/proc/{self.proc.pid}/stat', encoding='ascii') as f:
            v = f.read().rsplit(')', 1)[1].split()
        return (int(v[11]) + int(v[12])) / os.sysconf('SC_CLK_TCK')


class Net:
    """The demonstration's two nodes on other addresses. Use with "with"."""

    def __init__(self, workers=WORKERS, trace=False, edit=None, gw_args=(), host_args=(),
                 ips=None):
        self.dir = tempfile.mkdtemp(prefix='snagate-test-')
        n = os.getpid()
        self.gw_ip = f'127.{64 + n % 64}.{n // 64 % 256}.1'
        self.host_ip = self.gw_ip[:-1] + '2'
        if ips is not None:
            self.gw_ip, self.host_ip = ips
        self.port, self.tls_port = free_port(), free_port()
        self.pem, self.key = certificate(self.dir)
        for side in ('gw', 'host'):
            self.copy(side, edit)
        gw = ['--vtamlst', 'gw/vtamlst', '--profile', 'gw/telnet.profile',
              '--workers', str(workers)] + list(gw_args)
        host = ['--vtamlst', 'host/vtamlst', '--commands', 'host/commands'] + list(host_args)
        if trace:
            gw += ['--trace', os.path.join(self.dir, 'gw.pcapng')]
        self.gw, self.host = Node(self, 'snagate', gw), Node(self, 'vtamsim', host)

    def copy(self, side, edit):
        src, dst = os.path.join(TOP, 'config', 'demo', side), os.path.join(self.dir, side)
        shutil.copytree(src, dst)
        for d, _, files in os.walk(dst):
            for f in files:
                p = os.path.join(d, f)
                with open(p, encoding='latin-1') as h:
                    text = h.read()
                text = (text.replace('127.0.0.1', '@GW@').replace('127.0.0.2', '@HOST@')
                        .replace('2323', str(self.port)).replace('2992', str(self.tls_port))
                        .replace('run/server.pem', self.pem).replace('run/server.key', self.key))
                text = self.keep_columns(text)
                if edit:
                    text = edit(side, f, text)
                with open(p, 'w', encoding='latin-1') as h:
                    h.write(text)

    def keep_columns(self, text):
        """An address of another length must not move a card's column 72."""
        out = []
        for line in text.split('\n'):
            new = line.replace('@GW@', self.gw_ip).replace('@HOST@', self.host_ip)
            old = line.replace('@GW@', '127.0.0.1').replace('@HOST@', '127.0.0.2')
            if new != old and len(old) >= 72 and old[71] != ' ':
                body = new[:len(new) - (len(old) - 71)].rstrip()
                new = body.ljust(71) + old[71:]
            out.append(new)
        return '\n'.join(out)

    def __enter__(self):
        return self

    def up(self):
        """Both started, link and CP-CP sessions active, applications open."""
        self.host.start()
        self.gw.start()
        self.linked()
        return self

    def linked(self):
        until('CP-CP sessions between the nodes',
              lambda: self.gw.dead_or(lambda: 'HOST1' in self.cpcp()))

    def cpcp(self):
        text = self.gw.console('D NET,CPCP', rc=None)[0]
        return text if ' UP ' in text else ''

    def __exit__(self, kind, value, tb):
        bad = ''
        for n in (self.gw, self.host):
            if kind is not None and n.proc is not None:
                print(f'--- {n.program} log ---\n{n.tail()}')
            try:
                rc = n.stop()
                if rc not in (0, -signal.SIGKILL, -signal.SIGTERM):     # those a test sends
                    bad += f'{n.program} ended with {rc}:\n{n.tail(200)}'
            except Fail as e:
                bad += str(e)
        shutil.rmtree(self.dir, ignore_errors=True)
        if kind is None:
            check(bad == '', bad)
        elif bad != '':
            print(bad)
        return False


class S3270:
    """A scripted s3270, or another program with its script language."""

    def __init__(self, *args, program=('s3270',), env=None):
        self.p = subprocess.Popen([*program, *args], stdin=subprocess.PIPE, env=env,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.p.poll() is None:
            self.p.kill()
        self.p.wait()
        self.p.stdin.close()
        self.p.stdout.close()

    def cmd(self, text, ok=True):
        """(data lines, status line); ok None: (data, status, 'ok' or 'error')."""
        self.p.stdin.write((text + '\n').encode())
        self.p.stdin.flush()
        data, status = [], ''
        while True:
            line = self.p.stdout.readline()
            if not line:
                raise Fail(f's3270 ended at {text}')
            line = line.decode('utf-8', 'replace').rstrip('\n')
            if line in ('ok', 'error'):
                if ok is None:
                    return data, status, line
                check((line == 'ok') == ok, f'{text}: {line} {data} {status}')
                return data, status
            if line.startswith('data:'):
                data.append(line[6:])
            else:
                status = line

    def connect(self, net, prefix='', port=None, host=None):
        self.cmd(f'Connect({prefix}{host or net.gw_ip}:{port or net.port})')

    def screen(self):
        return '\n'.join(self.cmd('Ascii()')[0])

    def see(self, text, patience=PATIENCE):
        """Waits for a text on the screen, in any case; the screen."""
        last = ['']

        def there():
            last[0] = self.screen()
            return text.upper() in last[0].upper()
        try:
            until(f'"{text}" on the screen', there, patience)
        except Fail as e:
            raise Fail(f'{e}\n{last[0]}') from None
        return last[0]

    def suspend(self):
        """SysReq, and waits for the server's new line: what is typed before it is lost."""
        self.cmd('SysReq()', ok=None)
        until('the SSCP has the screen', lambda: self.cmd('Ascii(0,0,1)')[1].split()[8:10] ==
              ['1', '0'])

    def type(self, text, key='Enter()'):
        self.cmd(f'String("{text}")')
        self.cmd(key, ok=None)

    def logon(self, appl='ECHO'):
        self.see('LOGON APPLID')
        self.type(f'LOGON APPLID({appl})')


def run_each(tests, args):
    """Names of those that failed; results as cmocka prints them."""
    bad = []
    wanted = sys.argv[1:]
    for t in tests:
        if wanted and t.__name__ not in wanted:
            continue
        print(f'[ RUN      ] {t.__name__}', flush=True)
        try:
            t(*args)
            print(f'[       OK ] {t.__name__}', flush=True)
        except Exception:           # pylint: disable=broad-except
            traceback.print_exc(file=sys.stdout)
            bad.append(t.__name__)
            print(f'[  FAILED  ] {t.__name__}', flush=True)
    return bad


def run(tests, net=None):
    """Runs functions named t_*, all on the one net if it is given."""
    if net is None:
        bad = run_each(tests, ())
    else:
        with net:
            net.up()
            bad = run_each(tests, (net,))
            if bad:
                print(f'--- snagate log ---\n{net.gw.tail()}')
    if bad:
        print(f'[  FAILED  ] {len(bad)} test(s), listed below:')
        for b in bad:
            print(f'[  FAILED  ] {b}')
    sys.exit(1 if bad else 0)

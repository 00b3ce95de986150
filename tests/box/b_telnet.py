#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Telnet server's ways in (TLS at once, negotiated, none; line mode) and
its operator: profiles replaced while clients work, ports closed and opened."""
import os
import signal
import socket
import ssl
import subprocess
import time

from box import Net, S3270, check, run, until


def conntype(kind):
    """The TLS port of the demonstration with another CONNTYPE."""
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = text.replace('CONNTYPE SECURE', f'CONNTYPE {kind} SSLTIMEOUT 1')
        return text
    return edit


def dial(net, port):
    return socket.create_connection((net.gw_ip, port), timeout=20)


def tls_context():
    c = ssl.create_default_context()
    c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE
    return c


def upto(s, what, got=b''):
    while what not in got:
        b = s.recv(4096)
        check(b, f'closed before {what!r}: {got!r}')
        got += b
    return got


def t_tls_at_once():
    with Net(edit=conntype('SECURE')) as net:
        net.gw.start()
        s = tls_context().wrap_socket(dial(net, net.tls_port))
        check(s.version() in ('TLSv1.2', 'TLSv1.3'))
        upto(s, b'\xff\xfd\x28')
        s.close()
        p = subprocess.run(['openssl', 's_client', '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0',
                            '-connect', f'{net.gw_ip}:{net.tls_port}'], check=False,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        check(p.returncode != 0, 'TLS 1.1 was accepted')
        until('the operator hears why', lambda: 'before 1.2' in net.gw.tail(20))


def t_plain_client_on_a_tls_port():
    with Net(edit=conntype('SECURE')) as net:
        net.gw.start()
        s = dial(net, net.tls_port)
        got = upto(s, b'\xff\xfd\x2e')          # after SSLTIMEOUT: START_TLS is wanted
        check(got == b'\xff\xfd\x2e', repr(got))
        s.sendall(b'\xff\xfc\x2e')
        got, b = b'', b'x'
        while b:
            b = s.recv(4096)
            got += b
        check(b'needs TLS' in got and b'\xff\xfd\x28' not in got, repr(got))


def t_start_tls():
    """What clients without -L do on a port that negotiates: S-02, S-03, S-04."""
    for kind in ('NEGTSECURE', 'ANY'):
        with Net(edit=conntype(kind)) as net:
            net.gw.start()
            s = dial(net, net.tls_port)
            upto(s, b'\xff\xfd\x2e')
            s.sendall(b'\xff\xfb\x2e\xff\xfa\x2e\x01\xff\xf0\xff\xfb\x28')      # and one too early
            upto(s, b'\xff\xfa\x2e\x01\xff\xf0')
            t = tls_context().wrap_socket(s)
            got = upto(t, b'\xff\xfd\x28')
            check(got == b'\xff\xfd\x28', repr(got))
            t.close()


def t_any_takes_plain_too():
    with Net(edit=conntype('ANY')) as net:
        net.gw.start()
        s = dial(net, net.tls_port)
        upto(s, b'\xff\xfd\x2e')
        s.sendall(b'\xff\xfc\x2e')
        upto(s, b'\xff\xfd\x28')
        s.close()
        t = tls_context().wrap_socket(dial(net, net.tls_port))
        upto(t, b'\xff\xfd\x28')
        t.close()


def t_s3270_negotiates_tls():
    with Net(edit=conntype('NEGTSECURE')) as net:
        net.up()
        with S3270('-model', '3279-2-E', '-noverifycert') as s:
            s.connect(net, port=net.tls_port)
            s.logon()
            s.see('Type anything')
            check(' TL ' in net.gw.console('D TCPIP,,TELNET,CONN'))


def t_client_certificate():
    with Net() as net:
        ca = os.path.join(net.dir, 'ca.pem')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3',
                        '-subj', '/CN=USER1', '-keyout', 'ca.key', '-out', 'ca.pem'], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=net.dir)
        prof = os.path.join(net.dir, 'gw', 'telnet.profile')
        with open(prof, encoding='latin-1') as f:
            text = f.read().replace('CONNTYPE SECURE',
                                    f'CONNTYPE SECURE CLIENTAUTH SSLCERT CLIENTCA {ca}')
        text = text.replace('ENDVTAM', 'LUMAP TCP08888 USERID,USER1 ENDVTAM')
        with open(prof, 'w', encoding='latin-1') as f:
            f.write(text)
        net.gw.start()
        try:
            s = tls_context().wrap_socket(dial(net, net.tls_port))
            check(s.recv(10) == b'', 'let in without a certificate')
        except (ssl.SSLError, ConnectionError):
            pass
        until('told why', lambda: 'no certificate' in net.gw.tail(20))
        c = tls_context()
        c.load_cert_chain(ca, os.path.join(net.dir, 'ca.key'))
        s = c.wrap_socket(dial(net, net.tls_port))
        upto(s, b'\xff\xfd\x28')
        s.sendall(b'\xff\xfb\x28\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0')
        upto(s, b'TCP08888')            # the certificate's name has an LU of its own
        s.close()


def t_requests_in_one_segment():
    """A client that sends its next request before the LU is there is answered all the same."""
    with Net() as net:
        net.gw.start()
        s = dial(net, net.port)
        upto(s, b'\xff\xfd\x28')
        s.sendall(b'\xff\xfb\x28\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0'
                  b'\xff\xfa\x28\x03\x07\x00\x02\xff\xf0')
        upto(s, b'\xff\xfa\x28\x03\x04\x00\x02\xff\xf0')
        s.close()


def t_line_mode():
    with Net() as net:
        net.up()
        s = dial(net, net.port)
        upto(s, b'\xff\xfd\x28')
        s.sendall(b'\xff\xfc\x28')
        upto(s, b'\xff\xfd\x18')
        s.sendall(b'\xff\xfc\x18')
        upto(s, b'LOGON')
        s.sendall(b'LOGON APPLID(NOSUCH)\r\n')
        upto(s, b'08060012')
        s.close()


def t_sysreq():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon('TSODEMO')
            s.see('User ID')
            s.suspend()
            s.type('WHAT')
            s.see('COMMAND UNRECOGNIZED')
            s.cmd('SysReq()', ok=None)
            s.see('User ID')            # the application repaints
            s.suspend()
            s.type('logoff')
            s.see('LOGON APPLID')


def t_obeyfile_keeps_clients():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s, S3270('-model', '3279-2-E') as t:
            s.connect(net)
            s.logon()
            s.see('Type anything')
            prof = os.path.join(net.dir, 'gw', 'telnet.profile')
            with open(prof, encoding='latin-1') as f:
                text = f.read()
            with open(prof, 'w', encoding='latin-1') as f:
                f.write(text.replace('ENDVTAM', 'DEFAULTAPPL ECHO\nENDVTAM'))
            out = net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile')
            check('EZZ6044I' in out and 'COMPLETE' in out, out)
            t.connect(net)
            t.see('Type anything')      # the new one has a default application
            s.type('still here')
            s.see('still here')
            check('PROFILE 0001' in net.gw.console('D TCPIP,,TELNET,PROF'))
            with open(prof, 'w', encoding='latin-1') as f:
                f.write(text.replace('ENDVTAM', 'NONSENSE HERE\nENDVTAM'))
            out = net.gw.console('V TCPIP,,OBEYFILE,gw/telnet.profile', rc=None)[0]
            check('NONSENSE' in out and 'NOTHING CHANGED' in out, out)
            s.type('and still')
            s.see('and still')


def t_quiesce_stop_inact():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.see('LOGON APPLID')
            net.gw.console(f'V TCPIP,,TELNET,QUIESCE,PORT={net.port}')

            def closed():
                try:
                    dial(net, net.port).close()
                    return False
                except ConnectionError:
                    return True
            until('no new clients', closed)
            s.logon()
            s.see('Type anything')
            net.gw.console('V TCPIP,,TELNET,RESUME,PORT=ALL')
            until('new clients again', lambda: not closed())
            net.gw.console('V TCPIP,,TELNET,INACT,TCP00500')
            check('TCP00500' in net.gw.console('D TCPIP,,TELNET,INACTLUS'))
            with S3270('-model', '3279-2-E') as t:
                t.cmd(f'Connect(TCP00500@{net.gw_ip}:{net.port})', ok=None)
                time.sleep(0.5)
                check('TCP00500' not in net.gw.console('D TCPIP,,TELNET,CONN'))
            net.gw.console('V TCPIP,,TELNET,ACT,TCP00500')
            with S3270('-model', '3279-2-E') as t:
                t.connect(net, prefix='TCP00500@')
                t.see('TCP00500')
            _, rc = net.gw.console('V TCPIP,,TELNET,ACT,TCP00500', rc=None)
            check(rc == 1, 'ACT of an active LU is not refused')
            net.gw.console('V TCPIP,,TELNET,STOP')
            until('the client is gone', lambda: s.cmd('', ok=None)[1].split()[3] == 'N')


def t_sighup_reads_again():
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.see('LOGON APPLID')
            net.gw.proc.send_signal(signal.SIGHUP)
            until('reread', lambda: 'OBEYFILE' in net.gw.tail(10))
            s.logon()
            s.see('Type anything')


def t_warning_level_of_a_group():
    def edit(side, name, text):
        if side == 'gw' and name == 'telnet.profile':
            text = text.replace('DEFAULTLUS      TCP00001..TCP09999',
                                'DEFAULTLUS ,50% TCP00001..TCP00004')
        return text
    with Net(edit=edit) as net:
        net.gw.start()
        held = []
        for _ in range(2):
            s = dial(net, net.port)
            upto(s, b'\xff\xfd\x28')
            s.sendall(b'\xff\xfb\x28\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0')
            upto(s, b'\x01TCP')
            held.append(s)
        until('the operator is warned', lambda: 'EZZ6007I' in net.gw.tail(5))
        for s in held:
            s.close()


if __name__ == '__main__':
    run([v for k, v in sorted(globals().items()) if k.startswith('t_')])

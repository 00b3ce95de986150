#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients and partners that mean harm or are broken: the gateway answers the
others as if nothing happened, and nothing is left behind."""
import os
import random
import socket

from box import Net, S3270, check, run, until

DO_E = b'\xff\xfd\x28'
WILL_E = b'\xff\xfb\x28'
REQUEST = b'\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0'
FUNCTIONS = b'\xff\xfa\x28\x03\x07\x00\x02\x04\xff\xf0'


def dial(net):
    s = socket.create_connection((net.gw_ip, net.port), timeout=20)
    return s


def drain(s, n=4096):
    try:
        return s.recv(n)
    except (socket.timeout, ConnectionError):
        return b''


def healthy(net):
    with S3270('-model', '3279-2-E') as s:
        s.connect(net)
        s.logon()
        s.see('ECHO')
        s.type('alive')
        s.see('ALIVE')


def nothing_left(net):
    until('no session is left',
          lambda: 'TCP000' not in net.gw.console('D NET,SESSIONS,LIST=ALL', rc=None)[0])


def t_garbage_and_half_open():
    rnd = random.Random(int(os.environ.get('SEED', '7')))
    with Net() as net:
        net.up()
        for _ in range(60):
            s = dial(net)
            drain(s)
            try:
                s.sendall(rnd.randbytes(rnd.randrange(1, 3000)))
            except ConnectionError:
                pass
            s.close()
        held = [dial(net) for _ in range(50)]           # silent
        healthy(net)
        for s in held:
            s.close()
        nothing_left(net)


def t_byte_at_a_time():
    with Net() as net:
        net.up()
        s = dial(net)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        got = b''

        def slowly(data):
            for i in range(len(data)):
                s.sendall(data[i:i + 1])
        check(s.recv(3) == DO_E, 'the server speaks first')
        slowly(WILL_E)
        until('SEND DEVICE-TYPE', lambda: b'\xff\xfa\x28\x08\x02\xff\xf0' in s.recv(64))
        slowly(REQUEST)
        while b'\xff\xf0' not in got:
            got += s.recv(256)
        check(got.startswith(b'\xff\xfa\x28\x02\x04IBM-3278-2-E\x01TCP'), repr(got))
        slowly(FUNCTIONS)
        got = b''
        while b'\xff\xef' not in got:
            got += s.recv(4096)
        check(b'\xff\xfa\x28\x03\x04\x00\x02\x04\xff\xf0' in got, repr(got[:40]))
        s.close()
        nothing_left(net)


def t_every_truncation_of_a_dialogue():
    whole = WILL_E + REQUEST + FUNCTIONS + b'\x07\x00\x00\x00\x00' + \
        'LOGON APPLID(ECHO)'.encode('cp037') + b'\xff\xef'
    with Net() as net:
        net.up()
        for n in range(1, len(whole)):
            s = dial(net)
            s.sendall(whole[:n])
            s.close()
        healthy(net)
        nothing_left(net)


def t_oversized_subnegotiation_and_record():
    with Net() as net:
        net.up()
        s = dial(net)
        s.sendall(b'\xff\xfa\x28' + b'A' * 200000)
        drain(s)
        s.close()
        s = dial(net)
        s.sendall(WILL_E + REQUEST + FUNCTIONS)
        try:
            s.sendall(b'\x00\x00\x00\x00\x00' + b'\x40' * 300000)
            while drain(s):
                pass
        except ConnectionError:
            pass
        s.close()
        healthy(net)
        nothing_left(net)


def t_forged_datagrams():
    rnd = random.Random(int(os.environ.get('SEED', '11')))
    with Net() as net:
        net.up()
        with S3270('-model', '3279-2-E') as c:
            c.connect(net)
            c.logon()
            c.see('ECHO')
            u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            u.bind((net.host_ip[:-1] + '9', 0))
            heads = [b'\x04\x04\xbf', b'\x04\x05\xbf', b'\x04\x04\xf3', b'\x04\x04\x53',
                     b'\xc8\xc8\x03', b'\xc8\xc8\x03\xa6\x10\xff\x00\x03',
                     b'\xc8\xc8\x03\xc4\x00\x80\x00\x00\x03\xff\x00', b'']
            for i in range(3000):
                data = rnd.choice(heads) + rnd.randbytes(rnd.randrange(0, 120))
                u.sendto(data[:rnd.randrange(0, len(data) + 1)],
                         (net.gw_ip, 12000 + i % 5))
            u.close()
            c.type('after the storm')
            c.see('AFTER THE STORM')


def t_client_reset_in_session():
    with Net() as net:
        net.up()
        for _ in range(10):
            c = S3270('-model', '3279-2-E')
            c.connect(net)
            c.logon()
            c.see('ECHO')
            c.close()                   # killed: the kernel closes the socket
        nothing_left(net)
        check('TCP000' not in net.host.console('D NET,SESSIONS,LIST=ALL', rc=None)[0])


if __name__ == '__main__':
    run([t_garbage_and_half_open, t_byte_at_a_time, t_every_truncation_of_a_dialogue,
         t_oversized_subnegotiation_and_record, t_forged_datagrams, t_client_reset_in_session])

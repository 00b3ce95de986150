#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Express Logon (Z-08): user id and ticket in place of )USR.ID( and )PSS.WD(, only where
EXPRESSLOGON is coded, the certificate is a user's and the client has said IBMELF=YES; the
maker of tickets is asked beside the loop and may be slow, wrong or away."""
import os
import queue
import socket
import threading

from box import PATIENCE, Net, check, run, until
from pki import Pki
from tnclient import BIND, DO, NEWENV, WILL, Tn, tls_context

BOTH = ')USR.ID( )PSS.WD('


class Question:
    """What the maker of tickets was asked; the test answers it."""

    def __init__(self, c):
        self.c, self.text = c, c.recv(100).decode()

    def answer(self, text):
        if text:
            try:
                self.c.send(text.encode())
            except OSError:
                pass
        self.c.close()


class Maker:
    """Takes questions at the socket of PTKTSOCKET."""

    def __init__(self, path):
        self.asked = queue.Queue()
        self.s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.s.bind(path)
        self.s.listen(20)
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            self.asked.put(Question(self.s.accept()[0]))

    def question(self):
        return self.asked.get(timeout=PATIENCE)


class World:
    net = maker = pki = None


def world():
    if World.net:
        return World.net

    def edit(side, name, text):
        if side != 'gw' or name != 'telnet.profile':
            return text
        ca = 'CONNTYPE SECURE CLIENTCA pki/ca.pem CLIENTAUTH REQUEST PTKTSOCKET ptkt.sock'
        text = text.replace('PORT 2323 2992', '')
        first, rest = text.split('CONNTYPE SECURE', 1)
        return first + ca + ' EXPRESSLOGON' + rest
    net = World.net = Net(edit=edit)
    World.pki = Pki(os.path.join(net.dir, 'pki'))
    World.pki.cert('user1', '/CN=USER1')
    World.maker = Maker(os.path.join(net.dir, 'ptkt.sock'))
    net.up()
    return net


def client(cert='user1', elf='YES', applid='TSO'):
    """In session with ECHO; what it said of NEW-ENVIRON first."""
    net = world()
    c = Tn(net, tls=tls_context(World.pki.path(cert + '.pem') if cert else None))
    c.opt(DO, NEWENV)
    c.say(WILL, NEWENV)
    got = c.sb(NEWENV)
    check(got == b'\x01\x03IBMELF\x03IBMAPPLID', repr(got))
    c.put_sb(NEWENV, b'\x00\x03IBMELF\x01' + elf.encode() + b'\x03IBMAPPLID\x01' + applid.encode())
    c.negotiate_e()
    c.see('LOGON')
    c.text('LOGON APPLID(ECHO)')
    check(c.record(BIND))
    c.see('Type anything')
    return c


def typed(c, text):
    c.enter(text, field=b'\x11\x40\xc8')


def said(text):
    until(f'the operator hears "{text}"', lambda: text in world().gw.tail(60))


def t_z08_user_and_ticket():
    """Z-08: both placeholders are replaced, padded to 8; the ticket is in no log."""
    c = client()
    typed(c, BOTH)
    q = World.maker.question()
    check(q.text == 'PASSTICKET USER1 TSO', q.text)
    q.answer('TICKET01')
    r = c.see('TICKET01')
    check('USER1    TICKET01' in r.text() and 'PSS.WD' not in r.text(), r)
    out = world().gw.console(f'D TCPIP,,TELNET,CONN,LUNAME={c.lu},DETAIL')
    check('EXPRESSLOGON: USER1' in out, out)
    typed(c, ')USR.ID(')                    # the user id alone needs nobody
    c.see('USER1   ')
    c.close()
    check('TICKET01' not in world().gw.tail(10000))


def t_z08_ticket_for_the_application_in_session():
    """Z-08: without a name in IBMAPPLID the ticket is for the session's application."""
    c = client(applid='None')
    typed(c, BOTH)
    q = World.maker.question()
    check(q.text == 'PASSTICKET USER1 ECHO', q.text)
    q.answer('TICKET02')
    c.see('TICKET02')
    c.close()


def t_z08_conditions():
    """Z-08: not without a certificate, not for a client that did not ask for it."""
    for c in (client(cert=None), client(elf='NO')):
        typed(c, BOTH)
        c.see(BOTH)
        c.close()
    check(World.maker.asked.empty())


def t_z08_not_where_it_is_not_coded():
    """Z-08: a plain port neither asks for NEW-ENVIRON nor replaces."""
    with Tn(world()) as c:
        c.negotiate_e()                     # its first word is DO TN3270E
        c.see('LOGON')
        c.text('LOGON APPLID(ECHO)')
        c.see('Type anything')
        typed(c, BOTH)
        c.see(BOTH)


def t_z08_no_ticket():
    """Z-08: refused, nonsense, hung up: the record goes on as typed, the operator hears why."""
    for answer, text in (('ERR no PTKTDATA for TSO', "maker says: ERR no PTKTDATA for TSO"),
                         ('short', "maker says: short"), ('', "the ticket's maker hung up")):
        c = client()
        typed(c, BOTH)
        World.maker.question().answer(answer)
        c.see(BOTH)
        said(text)
        c.close()
    said('Express Logon of USER1 to TSO')


def t_z08_a_slow_maker_holds_nobody_else():
    """Z-08: input behind the record waits in order; other clients work on; in the end the
    record goes on without a ticket. A client that leaves takes its question with it."""
    c, d = client(), client()
    typed(c, BOTH)
    q = World.maker.question()
    typed(d, 'others work on')
    d.see('others work on')
    q.answer('TICKET03')
    c.see('TICKET03')
    typed(c, BOTH)
    q = World.maker.question()
    c.reset()                               # gone while it is asked
    until('the LU is free', lambda: '0 OF 0' in world().gw.console(
        f'D TCPIP,,TELNET,CONN,LUNAME={c.lu}', rc=None)[0])
    q.answer('TICKET04')
    typed(d, BOTH)
    q = World.maker.question()
    d.see(BOTH)                             # nobody answers: after some seconds
    said('no ticket came in time from PTKTSOCKET')
    q.answer('TICKET05')
    typed(d, 'and on')
    d.see('and on')
    d.close()


def t_z08_no_maker():
    """Z-08: nobody listens at PTKTSOCKET."""
    net = world()
    path = os.path.join(net.dir, 'ptkt.sock')
    os.rename(path, path + '.away')
    try:
        c = client()
        typed(c, BOTH)
        c.see(BOTH)
        said('PTKTSOCKET ptkt.sock: No such file')
        c.close()
    finally:
        os.rename(path + '.away', path)


if __name__ == '__main__':
    try:
        run([v for k, v in sorted(globals().items()) if k.startswith('t_')])
    finally:
        if World.net:
            World.net.__exit__(None, None, None)

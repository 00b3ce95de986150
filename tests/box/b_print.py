#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Jobs of PRTDEMO on paper: pr3287 and a printer of bytes. What is on paper is compared byte for
byte with pages made here. The ids are those of the conformance checklist (companion tn3270e,
section 22)."""
import re

from b_printer import Printer, conn
from box import Net, check, until
from driver import run_with
from pages import paper, rec
from tnclient import (AO, BIND, BIND_IMAGE, DATA, DSC, EOJ, REQ, RESPONSES, SCS, SCS_CTL, SSCP,
                      UNBIND, Tn)

PARTNERS = '''
  LUGROUP TERMS TCP00101..TCP00140 ENDLUGROUP
  PRTGROUP PRINTS PRT00101..PRT00140 ENDPRTGROUP
  LUMAP TERMS ALLV4 GENERIC PRINTS
  IPGROUP ALLV4 0.0.0.0:0.0.0.0 ENDIPGROUP
'''
ALL = (BIND_IMAGE, DSC, RESPONSES, SCS_CTL)


def edit(side, name, text):
    if side == 'gw' and name == 'telnet.profile':
        text = text.replace('ENDVTAM', PARTNERS + 'ENDVTAM')
        text = text.replace('  MSG07 ', '  MAXRUCHAIN 20\n  MSG07 ')
    return text


NET = Net(edit=edit, trace=True)


class Desk(Tn):
    """A terminal user of PRTDEMO."""

    def __init__(self, where, **kw):
        super().__init__(where, **kw)
        self.negotiate_e()
        self.see('LOGON APPLID')
        self.text('LOGON APPLID(PRTDEMO)')
        self.see('PRTDEMO -')

    def ask(self, lu, pages=1, form='SCS', chain=1):
        """The number of the job."""
        self.enter(f'{lu} {pages} {form} {chain}')
        r = self.see(f' {lu}: ').text()
        return int(r.split(f' {lu}: ')[-2].split()[-1])

    def ends(self, n):
        """The last words on job n."""
        return self.see('ENTER=Print').text().split(f'Job {n} ')[-1]

    def job(self, *args, **kw):
        n = self.ask(*args, **kw)
        return n, self.ends(n)


class Bytes(Tn):
    """A printer that shows its records."""

    def __init__(self, lu=None, functions=ALL, **kw):
        super().__init__(NET, **kw)
        self.negotiate_e('IBM-3287-1', connect=lu, functions=functions)

    def next(self, kind):
        """The very next record, of this type."""
        r = self.record()
        check(r is not None and r.type == kind, f'{r} but type {kind} is due')
        return r

    def eoj(self, asks=True):
        """PRINT-EOJ; answered when it asks."""
        r = self.next(EOJ)
        check((r.rq, r.data, r.rsp) == (0, b'', 2 if asks else 0), repr(r))
        if asks:
            self.respond(r)
        return r


def there(lu):
    until(f'{lu} is connected', lambda: lu in conn(NET))


def counter(name):
    """One of D TCPIP,,TELNET,PROFILE,DETAIL."""
    return int(re.search(rf'{name} +(\d+)', NET.gw.console('D TCPIP,,TELNET,PROF,DETAIL'))[1])


def on_paper(p, want):
    until('the job is on paper', lambda: len(p.text()) >= len(want))
    check(p.text() == want, f'{p.text()!r}\nis not\n{want!r}')


# --- pr3287 ---

def t_p02_scs_on_paper():
    """P-02, R-16: LU type 1 by name: every byte on paper; the job ends with PRINT-EOJ."""
    with Printer(NET, lu='PRT00001') as p, Desk(NET) as d:
        there('PRT00001')
        n, said = d.job('PRT00001', 3)
        check('printed, 3 pages' in said, said)
        on_paper(p, paper(n, 'NETA.PRT00001', 3, '\n' * 48))


def t_p01_3270_on_paper():
    """P-01, R-16: LU type 3, generic: the LU is of the printers' pool."""
    with Printer(NET) as p, Desk(NET) as d:
        until('a printer LU', lambda: 'PRT0' in conn(NET))
        lu = [w for w in conn(NET).split() if w.startswith('PRT0')][0]
        n, said = d.job(lu, 2, '3270')
        check('printed, 2 pages' in said, said)
        on_paper(p, paper(n, 'NETA.' + lu, 2, '\f'))
        n2, said = d.job(lu, 1, 'DSC4K')        # and once more, after UNBIND
        check('printed, 1 page' in said, said)
        on_paper(p, paper(n, 'NETA.' + lu, 2, '\f') + paper(n2, 'NETA.' + lu, 1, '\f'))


def t_p03_associated_on_paper():
    """P-03, N-29: the partner of a terminal; a second one is refused; each has its own."""
    with Desk(NET) as d, Desk(NET) as e:
        lu, other = (x.lu.replace('TCP', 'PRT') for x in (d, e))
        with Printer(NET, '-assoc', d.lu, '-ffthru') as p, Printer(NET, '-assoc', e.lu) as q:
            there(lu)
            there(other)
            with Printer(NET, '-assoc', d.lu) as second:
                check('DEVICE-IN-USE' in second.ends())
            n, said = d.job(lu, 2, 'SCS', 2)
            check('printed' in said, said)
            on_paper(p, paper(n, 'NETA.' + lu, 2, '\f'))
            m, said = e.job(other, 1)
            check('printed' in said, said)
            on_paper(q, paper(m, 'NETA.' + other, 1, '\n' * 48))


def t_p05_command_fails():
    """P-05, R-11: the print command fails: 0802 to the host; pr3287 says that it is mended, in
    its own way (07); LUSTAT 0001; the job goes on, and the printer has stayed."""
    with Printer(NET, lu='PRT00005', fails=1) as p, Desk(NET) as d:
        there('PRT00005')
        n = d.ask('PRT00005', 2)
        d.see('intervention required, sense 08020000')
        d.see('from the first page')
        said = d.ends(n)
        check('printed, 2 pages' in said, said)
        on_paper(p, paper(n, 'NETA.PRT00005', 2, '\n' * 48))
        n, said = d.job('PRT00005', 1)
        check('printed, 1 page' in said, said)


# --- byte by byte ---

def t_r15_r16_scs_records():
    """R-15, R-16, R-22, R-24: SCS-DATA for LU type 1; errors only, then an answer, then
    PRINT-EOJ; a chain of several RUs is one record."""
    jobs = counter('telnet_print_jobs')
    with Bytes('PRT00011') as p, Desk(NET) as d:
        n = d.ask('PRT00011', 3)
        check(p.next(BIND).data[14] == 1)
        for i in (1, 2, 3):
            r = p.next(SCS)
            check(r.data == rec(n, 'NETA.PRT00011', i, 3, 'SCS') and len(r.data) > 1024, repr(r))
            check((r.rq, r.rsp, r.seq) == (0, 2 if i == 3 else 1, i - 1), repr(r))
        check(not p.drain(), f'before the answer: {p.events}')
        p.respond(r)
        e = p.eoj()
        check(e.seq == 3, repr(e))
        check(counter('telnet_print_jobs') == jobs + 1)
        check('printed, 3 pages' in d.ends(n))
        check(p.next(UNBIND).data == b'\x01')


def t_r15_3270_records():
    """R-15: 3270-DATA for LU type 3, byte for byte; several pages of SCS in one chain."""
    with Bytes('PRT00012') as p, Desk(NET) as d:
        n = d.ask('PRT00012', 1, '3270')
        check(p.next(BIND).data[14] == 3)
        r = p.next(DATA)
        check(r.data == rec(n, 'NETA.PRT00012', 1, 1, '3270') and r.rsp == 2, repr(r))
        p.respond(r)
        p.eoj()
        check('printed' in d.ends(n))
        p.next(UNBIND)
        n = d.ask('PRT00012', 5, 'SCS', 3)
        p.next(BIND)
        for a, z in ((1, 3), (4, 5)):
            r = p.next(SCS)
            check(r.data == b''.join(rec(n, 'NETA.PRT00012', i, 5, 'SCS')
                                     for i in range(a, z + 1)), repr(r))
        p.respond(r)
        p.eoj()
        check('printed, 5 pages' in d.ends(n))


def t_r26_kind_that_was_not_agreed():
    """R-26, R-15: no LU type 1 without SCS-CTL-CODES, no 3 without DATA-STREAM-CTL: the host
    is told why, the printer sees nothing and serves the other kind."""
    for functions, no, yes in (((BIND_IMAGE, RESPONSES, SCS_CTL), '3270', 'SCS'),
                               ((BIND_IMAGE, RESPONSES, DSC), 'SCS', '3270')):
        with Bytes('PRT00013', functions=functions) as p, Desk(NET) as d:
            _, said = d.job('PRT00013', 1, no)
            check('sense 08210000' in said, said)
            p.ping()
            check(not [ev for ev in p.events if ev[0] == 'rec'], str(p.events))
            n = d.ask('PRT00013', 1, yes)
            p.next(BIND)
            r = p.record()
            check(r.data == rec(n, 'NETA.PRT00013', 1, 1, yes))
            p.respond(r)
            p.eoj()
            check('printed' in d.ends(n))


def t_i06_empty_chain():
    """I-05, I-06, R-16: an RU without data but with EB: nothing but PRINT-EOJ."""
    with Bytes('PRT00014') as p, Desk(NET) as d:
        n = d.ask('PRT00014', 1, 'SCS', 0)
        p.next(BIND)
        r = p.next(SCS)
        check(r.rsp == 1, repr(r))
        p.eoj()
        check('printed' in d.ends(n))


def t_p05_errors_one_by_one():
    """P-05, R-10, R-11: each error of a printer as its sense code; what can be mended waits for
    ERR-COND-CLEARED (06, or 07 as pr3287 has it), the rest ends the job."""
    stops = counter('telnet_print_stops')
    with Bytes('PRT00015') as p, Desk(NET) as d:
        n = d.ask('PRT00015', 1)
        p.next(BIND)
        for err, sense, kind in ((1, '08020000', REQ), (3, '08310000', REQ), (1, '08020000', SSCP)):
            r = p.next(SCS)
            check(r.data == rec(n, 'NETA.PRT00015', 1, 1, 'SCS'))
            p.respond(r, negative=err)
            d.see('sense ' + sense)
            p.ping()
            check(not [ev for ev in p.events if ev[0] == 'rec'], f'it did not wait: {p.events}')
            p.put_record(b'', kind)
            d.see('from the first page')
        r = p.next(SCS)
        p.respond(r)
        r = p.next(EOJ)
        p.respond(r, negative=2)                # spooled, but not printed
        said = d.ends(n)
        check('not printed, sense 10050000' in said, said)
        check(counter('telnet_print_stops') == stops + 3)
        log = NET.gw.tail(400)
        check(log.count('PRT00015: the printer stops, sense 0802') == 2, log)
        check(log.count('PRT00015: it is ready again') == 3, log)
        check(p.next(UNBIND).data[:1] == b'\x01')


def t_p05_error_on_a_page_between():
    """P-05: a page that asks for errors only is refused: the job begins anew."""
    with Bytes('PRT00016') as p, Desk(NET) as d:
        n = d.ask('PRT00016', 2)
        p.next(BIND)
        one, two = p.next(SCS), p.next(SCS)
        check((one.rsp, two.rsp) == (1, 2))
        p.respond(one, negative=1)
        p.put_record(b'', REQ)
        p.respond(two)
        p.eoj()                                 # our choice: the second was accepted
        d.see('from the first page')
        check(p.next(SCS).data == one.data)
        two = p.next(SCS)
        p.respond(two)
        p.eoj()
        said = d.ends(n)
        check('printed, 2 pages' in said, said)


def t_p06_one_answer_at_a_time():
    """P-06: 40 pages: never more than one answer is asked for, none is out of turn."""
    with Bytes('PRT00017') as p, Desk(NET) as d:
        n = d.ask('PRT00017', 40)
        p.next(BIND)
        asked = []
        for i in range(1, 41):
            r = p.next(SCS)
            check(r.data == rec(n, 'NETA.PRT00017', i, 40, 'SCS'))
            if r.rsp == 2:
                asked.append(i)
                p.ping()
                check(not [ev for ev in p.events if ev[0] == 'rec'], f'{p.events} behind page {i}')
                p.respond(r)
        check(asked == [16, 32, 40], str(asked))
        p.eoj()
        check('printed, 40 pages' in d.ends(n))


def t_user_gives_up():
    """ATTN: the user waits no longer; the printer is let go."""
    with Bytes('PRT00018') as p, Desk(NET) as d:
        n = d.ask('PRT00018', 1)
        p.next(BIND)
        r = p.next(SCS)
        d.cmd(244)
        check('given up' in d.ends(n))
        p.next(EOJ)
        p.next(UNBIND)
        p.respond(r)                            # late: I-07
        _, said = d.job('NOSUCH', 1)
        check('no session, sense' in said, said)


# --- plain TN3270 ---

class Plain(Tn):
    """A TN3287: IBM-3287-1, no TN3270E."""

    def __init__(self, lu):
        super().__init__(NET)
        self.negotiate_3270('IBM-3287-1@' + lu)

    def status(self, text='02 00'):
        self.put_record(b'\x01\x6c\xd9' + bytes.fromhex(text))

    def ao(self):
        if self.event(lambda ev: ev == ('cmd', AO)) is None:
            self.fail('closed before AO')


def t_p07_plain_status_records():
    """P-07: status records are the answers; AO at the end of the job; 04 10 is 0802."""
    with Plain('PRT00021') as p, Desk(NET) as d:
        there('PRT00021')
        for form in ('SCS', '3270'):
            n = d.ask('PRT00021', 2, form)
            for i in (1, 2):
                r = p.record()
                check(r.data == rec(n, 'NETA.PRT00021', i, 2, form), repr(r))
                p.status('04 10' if i == 2 else '02 00')
            p.ao()
            d.see('sense 08020000')
            p.status()                          # the paper is back
            for i in (1, 2):
                check(p.record().data == rec(n, 'NETA.PRT00021', i, 2, form))
                p.status()
            p.ao()
            said = d.ends(n)
            check('printed, 2 pages' in said, said)


def t_p07_no_answer_no_hang():
    """P-07: a plain printer that says nothing: the job is believed printed after ten seconds,
    and the next one at once; the client stays."""
    with Plain('PRT00022') as p, Desk(NET, patience=40) as d:
        there('PRT00022')
        for _ in range(3):
            n = d.ask('PRT00022', 1)
            check(p.record().data == rec(n, 'NETA.PRT00022', 1, 1, 'SCS'))
            p.ao()
            said = d.ends(n)
            check('printed' in said, said)
        p.ping()


def t_p07_pr3287_without_e():
    """P-07, N-02: pr3287 that may not use TN3270E. It ends then (its own rule); we do not."""
    with Printer(NET, lu='N:PRT00023') as p:
        p.p.wait(60)
    with Bytes('PRT00023') as p:
        check(p.lu == 'PRT00023')


# --- large jobs ---

def t_z09_megabyte():
    """Z-09: a job of more than 1 MB goes through in bounded memory; a chain of more RUs than
    MAXRUCHAIN is refused with 0812 and the printer stays."""
    with Bytes('PRT00024') as p, Desk(NET) as d:
        before = NET.gw.rss_kib()
        n = d.ask('PRT00024', 800, 'SCS', 8)
        p.next(BIND)
        size = 0
        for i in range(1, 801, 8):
            r = p.next(SCS)
            want = b''.join(rec(n, 'NETA.PRT00024', k, 800, 'SCS') for k in range(i, i + 8))
            check(r.data == want, f'page {i}')
            size += len(r.data)
            if r.rsp == 2:
                p.respond(r)
        p.eoj()
        check('printed, 800 pages' in d.ends(n))
        check(size > 1000000, str(size))
        check(NET.gw.rss_kib() < before + 2048, f'{before} KiB before, {NET.gw.rss_kib()} now')
        _, said = d.job('PRT00024', 16, 'SCS', 16)
        check('sense 0812' in said, said)
        p.ping()


if __name__ == '__main__':
    run_with(NET, [v for k, v in sorted(globals().items()) if k.startswith('t_')])

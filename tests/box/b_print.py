#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Jobs of PRTDEMO on paper: pr3287 and a printer of bytes. What is on paper is compared byte for
byte with pages made here. The ids are those of the conformance checklist (companion tn3270e,
section 22)."""
from b_printer import Printer, conn
from box import Net, check, until
from driver import run_with
from tnclient import (BIND, BIND_IMAGE, DSC, EOJ, RESPONSES, SCS, SCS_CTL, DATA, Tn, UNBIND)

PARTNERS = '''
  LUGROUP TERMS TCP00101..TCP00140 ENDLUGROUP
  PRTGROUP PRINTS PRT00101..PRT00140 ENDPRTGROUP
  LUMAP TERMS ALLV4 GENERIC PRINTS
  IPGROUP ALLV4 0.0.0.0:0.0.0.0 ENDIPGROUP
'''
ALL = (BIND_IMAGE, DSC, RESPONSES, SCS_CTL)
TEXT = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
FORMAT = bytes.fromhex('2bc102842bc20242')      # SHF 132, SVF 66


def edit(side, name, text):
    if side == 'gw' and name == 'telnet.profile':
        text = text.replace('ENDVTAM', PARTNERS + 'ENDVTAM')
    return text


NET = Net(edit=edit, trace=True)


def page_lines(job, lu, page, pages):
    """The text of a page, said anew and otherwise than PRTDEMO does."""
    out = [f'PRTDEMO   JOB {job:06d}   PRINTER {lu:<17s}   PAGE {page:4d} OF {pages:4d}', '-' * 72]
    for i in range(1, 15):
        start = (4 + i + page) % 36
        out.append(f'{i:02d} |' + (TEXT * 4)[start:start + 68])
    out += ['-' * 72, f'END OF PAGE {page}' + (' AND OF THE JOB' if page == pages else '')]
    return out


def paper(job, lu, pages, end):
    """end: what FF becomes on paper."""
    return ''.join('\n'.join(page_lines(job, lu, i, pages)) + '\n' + end
                   for i in range(1, pages + 1))


def rec(job, lu, page, pages, form):
    """A page as the record the printer gets."""
    body = '\x15'.join(page_lines(job, lu, page, pages)) + '\x15'
    out = b'\x15'.join(ln.encode('cp037') for ln in body.split('\x15')) + b'\x0c'
    if form == 'SCS':
        return (FORMAT if page == 1 else b'') + out
    return b'\xf5\xc8' + out + b'\x19'


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

    def job(self, *args, **kw):
        """Prints; (job, the last word on it)."""
        n = self.ask(*args, **kw)
        r = self.see('ENTER=Print').text()
        return n, r.split(f'Job {n} ')[-1]


def there(lu):
    until(f'{lu} is connected', lambda: lu in conn(NET))


def t_p02_scs_on_paper():
    """P-02, R-16: LU type 1 by name: every byte on paper; the job ends with PRINT-EOJ."""
    with Printer(NET, lu='PRT00001') as p, Desk(NET) as d:
        there('PRT00001')
        n, said = d.job('PRT00001', 3)
        check('printed, 3 pages' in said, said)
        want = paper(n, 'NETA.PRT00001', 3, '\n' * 48)
        until('the job is on paper', lambda: len(p.text()) >= len(want))
        check(p.text() == want, p.text())


if __name__ == '__main__':
    run_with(NET, [v for k, v in sorted(globals().items()) if k.startswith('t_')])

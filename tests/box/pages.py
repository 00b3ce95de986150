# SPDX-License-Identifier: Apache-2.0
"""Pages of PRTDEMO, said anew and otherwise than it does: as text, on paper, as records."""
TEXT = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
FORMAT = bytes.fromhex('2bc102842bc20242')      # SHF 132, SVF 66


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

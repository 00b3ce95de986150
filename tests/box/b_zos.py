#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/zos.md, word by word: the members it shows for z/OS, given to vtamsim,
and config/gateway/ as it is installed, with other addresses alone."""
import os
import re
import shutil

from box import Net, S3270, TOP, check, run, until

ZOS_IP, GW_IP = '192.0.2.1', '192.0.2.10'


def members():
    with open(os.path.join(TOP, 'docs', 'zos.md'), encoding='utf-8') as f:
        blocks = re.findall(r'^```\n(\* (\w+) of z/OS.*?)^```$', f.read(), flags=re.M | re.S)
    out = {name: text for text, name in blocks}
    check(set(out) == {'ATCSTR00', 'EEXCA', 'SWSNAG'}, str(sorted(out)))
    out['ATCCON00'] = 'EEXCA\nSWSNAG\nAPPLS\n'
    return out


class Site(Net):
    def __init__(self):
        super().__init__()
        gw, host = (os.path.join(self.dir, s, 'vtamlst') for s in ('gw', 'host'))
        shutil.rmtree(gw)
        shutil.copytree(os.path.join(TOP, 'config', 'gateway', 'vtamlst'), gw)
        for name in set(os.listdir(host)) - {'APPLS'}:
            os.unlink(os.path.join(host, name))
        for name, text in members().items():
            with open(os.path.join(host, name), 'w', encoding='utf-8') as f:
                f.write(text)
        profile = os.path.join(self.dir, 'gw', 'telnet.profile')
        shutil.copy(os.path.join(TOP, 'config', 'gateway', 'telnet.profile'), profile)
        for folder in (gw, host):
            for name in os.listdir(folder):
                self.other_addresses(os.path.join(folder, name))
        self.other_addresses(profile)

    def other_addresses(self, path):
        with open(path, encoding='utf-8') as f:
            text = f.read()
        if path.endswith('profile'):
            text = (text.replace('PORT 23 992', f'PORT {self.port} {self.tls_port}')
                    .replace('PORT 23', f'PORT {self.port}')
                    .replace('SECUREPORT 992', f'SECUREPORT {self.tls_port}')
                    .replace('/etc/snagate/server.pem', self.pem)
                    .replace('/etc/snagate/server.key', self.key))
        text = text.replace(GW_IP, '@GW@').replace(ZOS_IP, self.host_ip).replace('@GW@', self.gw_ip)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)


def t_the_page():
    with Site() as net:
        net.host.start()
        net.gw.start()
        until('CP-CP sessions', lambda: all(
            'ACTIVATED' in n.tail(400) and 'IST1096I' in n.tail(400) for n in (net.gw, net.host)))
        for n in (net.gw, net.host):
            text = n.tail(400)
            check('IST320I' not in text and 'IST052I' not in text and 'IST043I' not in text, text)
            check('IST1086I APPN CONNECTION FOR' in text and 'TGN = 21' in text, text)
        check('PUSNAG' in net.host.console('D NET,EE,ID=PUSNAG'), 'step 5 at z/OS')
        check('PUZOS1' in net.gw.console('D NET,EE,ID=PUZOS1'), 'step 5 at the gateway')
        check('CPSVCMG' in net.gw.console('D NET,RTPS'), 'step 6')
        check('NETA.ZOSCP1' in net.gw.console('D NET,CPCP'), 'step 7')
        with S3270('-model', '3279-2-E') as s:
            s.connect(net)
            s.logon('TSODEMO')
            s.see('PASSWORD')
            check('ZOSCP1' in net.gw.console('D NET,DIRECTRY,ID=NETA.TSODEMO'), 'step 8')
            check('TSODEMO' in net.gw.console('D NET,SESSIONS,LIST=ALL'), 'step 9')
        for n, pu in ((net.gw, 'PUZOS1'), (net.host, 'PUSNAG')):
            n.console(f'D NET,EEDIAG,TEST=YES,ID={pu}')
            until('the ports answer', lambda n=n: 'IST2139I' in n.tail(400))
            check(n.tail(400).count('CONNECTIVITY SUCCESSFUL') == 5, n.tail())


def t_functions_named_exist():
    """Whoever has a capture goes by these names: wire.md's and zos.md's last column."""
    source = {}
    for room in ('base', 'snaee', 'vtamsim', 'tn3270e'):
        for name in os.listdir(os.path.join(TOP, room)):
            with open(os.path.join(TOP, room, name), encoding='utf-8', errors='replace') as f:
                source[name] = f.read()
    missing = []
    for page in ('wire.md', 'zos.md'):
        with open(os.path.join(TOP, 'docs', page), encoding='utf-8') as f:
            cells = [r.rstrip(' |\n').rsplit(' | ', 1)[-1] for r in f if r.startswith('| ')]
        for cell in cells:
            for name, more in re.findall(r'`(?:\w+/)?(\w+\.[ch])`((?: \w+,?)*)', cell):
                names = re.findall(r'\b[a-z0-9]+_\w+', more)
                missing += [name] if name not in source else [
                    f'{name} {n}' for n in names if not re.search(rf'\b{n}', source[name])]
    check(not missing, str(missing))


if __name__ == '__main__':
    run([t_functions_named_exist, t_the_page])

# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests: an authority, servers, clients, a revocation list."""
import os
import subprocess

CONF = '''[ca]
default_ca = d
[d]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 3
certificate = ca.pem
private_key = ca.key
'''


class Pki:
    """Files in a folder: NAME.pem (certificate and key), NAME.crt, NAME.key."""

    def __init__(self, folder):
        self.dir = folder
        os.makedirs(folder, exist_ok=True)
        with open(self.path('ca.cnf'), 'w', encoding='ascii') as f:
            f.write(CONF)
        with open(self.path('crlnumber'), 'w', encoding='ascii') as f:
            f.write('01\n')
        with open(self.path('index.txt'), 'w', encoding='ascii'):
            pass
        self.serial = 100
        self.ssl('req', '-x509', *self.key('ca'), '-days', '3', '-subj', '/CN=Test Authority',
                 '-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-out', 'ca.pem')
        self.crl()

    def path(self, name):
        return os.path.join(self.dir, name)

    def ssl(self, *args):
        subprocess.run(['openssl', *args], check=True, cwd=self.dir, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @staticmethod
    def key(name):
        return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout',
                name + '.key']

    def cert(self, name, subject, san=None, days=30, signer='ca'):
        """Makes NAME.pem signed by the authority; its path."""
        self.serial += 1
        ext = self.path(name + '.ext')
        with open(ext, 'w', encoding='ascii') as f:
            f.write('basicConstraints=CA:FALSE\n' + (f'subjectAltName={san}\n' if san else ''))
        self.ssl('req', '-new', *self.key(name), '-subj', subject, '-out', name + '.csr')
        self.ssl('x509', '-req', '-in', name + '.csr', '-CA', signer + '.pem', '-CAkey',
                 signer + '.key', '-set_serial', str(self.serial), '-days', str(days),
                 '-extfile', ext, '-out', name + '.crt')
        with open(self.path(name + '.pem'), 'w', encoding='ascii') as out:
            for part in ('.crt', '.key'):
                with open(self.path(name + part), encoding='ascii') as f:
                    out.write(f.read())
        return self.path(name + '.pem')

    def authority(self, name, subject):
        """An authority below the one there is."""
        self.serial += 1
        with open(self.path(name + '.ext'), 'w', encoding='ascii') as f:
            f.write('basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n')
        self.ssl('req', '-new', *self.key(name), '-subj', subject, '-out', name + '.csr')
        self.ssl('x509', '-req', '-in', name + '.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key',
                 '-set_serial', str(self.serial), '-days', '3', '-extfile', name + '.ext',
                 '-out', name + '.pem')

    def own(self, name, subject):
        """A certificate nobody has signed."""
        self.ssl('req', '-x509', *self.key(name), '-days', '3', '-subj', subject, '-out',
                 name + '.crt')
        with open(self.path(name + '.pem'), 'w', encoding='ascii') as out:
            for part in ('.crt', '.key'):
                with open(self.path(name + part), encoding='ascii') as f:
                    out.write(f.read())
        return self.path(name + '.pem')

    def crl(self, *revoked):
        for r in revoked:
            self.ssl('ca', '-config', 'ca.cnf', '-revoke', r + '.crt')
        self.ssl('ca', '-config', 'ca.cnf', '-gencrl', '-out', 'crl.pem')
        return self.path('crl.pem')

"""One TLS policy for all ports: the server's own, and those of ``ssl:`` endpoints with certificates of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.net.tls import make_certificate, renew_certificate
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE, Server, free_port

#: Protocols and suites by OpenSSL's names, and whether a port may take them.
OFFERS = (
    (("-tls1_3",), True),
    (("-tls1_2", "-cipher", "ECDHE+AESGCM"), True),
    (("-tls1_2", "-cipher", "ECDHE+CHACHA20"), True),
    (("-tls1_2", "-cipher", "ALL:eNULL:-AESGCM:-CHACHA20:@SECLEVEL=0"), False),
    (("-tls1_2", "-cipher", "AESCCM:AESCCM8:@SECLEVEL=0"), False),
    (("-tls1_2", "-cipher", "ECDHE+AES:-AESGCM:-AESCCM:@SECLEVEL=0"), False),
    (("-tls1_2", "-cipher", "DHE:-ECDHE:@SECLEVEL=0"), False),
    (("-tls1_2", "-cipher", "kRSA:@SECLEVEL=0"), False),
    (("-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"), False),
    (("-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"), False),
    (("-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"), False),
    (("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), False),
    (("-tls1", "-cipher", "ALL:@SECLEVEL=0"), False),
)

#: 3DES; many builds of OpenSSL have none any more.
TRIPLE_DES = ("-tls1_2", "-cipher", "3DES:@SECLEVEL=0")


def client() -> str:
    """Return the ``openssl`` of this machine; skips without."""
    found = shutil.which("openssl")
    if found is None:
        raise SkipTest("no openssl here to shake hands with")
    return found


def rsa_certificate(directory: Path) -> tuple[Path, Path]:
    """Return a self-signed RSA certificate, with which suites of every kind could be spoken, and its key."""
    certificate, key = directory / "rsa.pem", directory / "rsa-key.pem"
    command = [client(), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*command, "-out", certificate, "-keyout", key], check=True, capture_output=True, timeout=PATIENCE)
    return certificate, key


def shakes_hands(port: int, *offer: str) -> bool:
    """Say whether a client with this offer gets through."""
    command = [client(), "s_client", "-connect", f"127.0.0.1:{port}", *offer]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode == 0 and b"Cipher is (NONE)" not in done.stdout


def connect(port: int) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE))


def shown(port: int) -> bytes:
    """Return the certificate of a port."""
    with connect(port) as connection:
        found = connection.getpeercert(True)
        assert found is not None
        return found


class PolicyTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.files = temporary_directory()
        self.rsa, self.rsa_key = rsa_certificate(self.files)
        self.certificate, self.key = make_certificate(self.files)
        self.chat, self.site, self.second = free_port(), free_port(), free_port()
        settings = (
            f'chat.tcp=["ssl:{self.chat}:privateKey={self.rsa_key}:certKey={self.rsa}:interface=127.0.0.1"]',
            f'web.endpoints=["ssl:{self.site}:privateKey={self.key}:certKey={self.certificate}:interface=127.0.0.1"]',
        )
        self.server = Server(("chat.tls",), settings)
        self.addCleanup(self.server.kill)
        self.server.start()

    def test_the_same_versions_and_suites_everywhere(self) -> None:
        ports = {"chat.tls": self.server.ports["chat.tls"], "chat.tcp": self.chat, "web.endpoints": self.site}
        known = subprocess.run(
            [client(), "ciphers", "3DES:@SECLEVEL=0"], capture_output=True, check=False, timeout=60
        )
        offers = OFFERS if known.returncode else (*OFFERS, (TRIPLE_DES, False))
        for key, port in ports.items():
            for offer, good in offers:
                with self.subTest(key=key, offer=offer):
                    self.assertEqual(shakes_hands(port, *offer), good, (key, offer))

    def test_people_speak_behind_it(self) -> None:
        with connect(self.chat) as chat:
            chat.sendall(b'{"Command":"01","Name":"alice"}\n')
            self.assertIn(b'"Flag":1', chat.recv(4096))
        with connect(self.site) as site:
            site.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            self.assertIn(b" 200 ", site.recv(4096))
        with connect(self.site) as site:
            site.sendall(
                b"GET /v1/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: osT3F7mvlojIvf3/8uIsJQ==\r\n\r\n"
            )
            self.assertIn(b" 101 ", site.recv(4096))
            # The games answer this text with the text 1.
            site.sendall(b"\x81\x81\0\0\0\x000")
            self.assertEqual(site.recv(4096), b"\x81\x011")
        self.assertIn(f"open https://127.0.0.1:{self.site}/", self.server.log)

    def test_renewed_files_are_taken_over_on_sighup_and_wrong_ones_are_not(self) -> None:
        before = {port: shown(port) for port in (self.chat, self.site)}
        renew_certificate(self.files)
        self.rsa.write_text("no certificate")
        assert self.server.process is not None
        os.kill(self.server.process.pid, signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while shown(self.site) == before[self.site]:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        self.assertEqual(shown(self.chat), before[self.chat])
        self.assertIn(f"certificates not reloaded: {self.rsa} and {self.rsa_key}", self.server.log)
        self.assertNotIn("certificates reloaded", self.server.log)

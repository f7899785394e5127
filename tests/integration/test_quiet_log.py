"""What a busy server writes at info: nearly nothing, and nothing of what people send."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request

from twisted.trial.unittest import SynchronousTestCase

from tests.integration.server import PATIENCE, Server

PEOPLE = 100

#: Lines that all of them together may cost.
MOST_LINES = 3


class QuietLogTests(SynchronousTestCase):
    def test_a_hundred_who_come_talk_play_and_go(self) -> None:
        server = Server(("web.endpoints", "chat.tcp", "kassel.ss14"))
        self.addCleanup(server.kill)
        server.start()
        before = len(server.lines)
        for number in range(PEOPLE):
            with self.connect(server, "chat.tcp") as chat:
                chat.sendall(json.dumps({"Command": "01", "Name": f"guest{number}"}).encode())
                self.assertIn(b'"Flag":1', chat.recv(4096))
                chat.sendall(b'{"Command":"05","Message":"a thing nobody writes down"}{"Command":"99"}')
                self.assertTrue(chat.recv(4096))
            with self.connect(server, "kassel.ss14") as lobby:
                lobby.sendall(f"LOGIN player{number} a-password-of-mine\r\nHELP\r\n".encode())
                self.assertTrue(lobby.recv(4096))
            if number % 10 == 0:
                self.ask(server, f"/no-such-page-{number}?token=a-token-of-mine")
                # Half a message, something undecodable, a TLS hello at a plain port.
                for data in (b'{"Comm', b"\xff\xfe{{{{", b"\x16\x03\x01\x02\x00\x01\x00"):
                    with self.connect(server, "chat.tcp") as broken:
                        broken.sendall(data)
        self.ask(server, "/healthz")
        told = server.lines[before:]
        self.assertLessEqual(len(told), MOST_LINES, "\n".join(told))
        self.assertEqual(server.stop(), 0)
        for secret in ("nobody writes down", "a-password-of-mine", "a-token-of-mine"):
            self.assertNotIn(secret, server.log)

    def connect(self, server: Server, key: str) -> socket.socket:
        return socket.create_connection(("127.0.0.1", server.ports[key]), PATIENCE)

    def ask(self, server: Server, path: str) -> None:
        try:
            urllib.request.urlopen(
                f"http://127.0.0.1:{server.ports['web.endpoints']}{path}", timeout=PATIENCE
            ).close()
        except urllib.error.HTTPError as error:
            error.close()

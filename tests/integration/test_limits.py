"""Limits of people and addresses over real sockets: who floods, comes again and again, or makes accounts."""

from __future__ import annotations

import json
import socket
import statistics
import threading
import time
import urllib.error
import urllib.request

from twisted.trial.unittest import TestCase

from tests.integration.chat_socket import ChatSocket
from tests.integration.server import Server

#: Seconds a flood lasts, and that a bystander may wait meanwhile for an answer, most of the time.
FLOOD, BYSTANDER = 2.0, 0.25


class LimitTests(TestCase):
    def serve(self, protocols: tuple[str, ...], *settings: str) -> Server:
        server = Server(protocols, settings)
        self.addCleanup(server.kill)
        return server.start()

    def client(self, server: Server) -> ChatSocket:
        client = ChatSocket(server.ports["chat.tcp"])
        self.addCleanup(client.close)
        return client

    def flood(self, server: Server, name: str) -> None:
        """Log in, say a thousand things at once, go, and come again, for a while."""
        line = json.dumps({"Command": "05", "Message": "flood"}).encode() + b"\n"
        end = time.monotonic() + FLOOD
        while time.monotonic() < end:
            client = ChatSocket(server.ports["chat.tcp"])
            try:
                client.log_in(name)
                client.raw.sendall(line * 1000)
                # The server ends it; until then something may still be said.
                client.raw.settimeout(0.05)
                while client.raw.recv(65536):
                    pass
            except OSError:
                pass
            finally:
                client.close()

    def test_whoever_floods_from_many_connections_and_comes_again_has_one_person_s_say(self) -> None:
        server = self.serve(("chat.tcp",))
        bystander, watcher = self.client(server), self.client(server)
        bystander.log_in("anne")
        watcher.log_in("watcher")
        heard: list[str] = []

        def watch() -> None:
            while found := watcher.receive():
                heard.append(found["Command"] + found.get("Speaker", ""))

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        began = time.monotonic()
        floods = [threading.Thread(target=self.flood, args=(server, "flooder")) for _ in range(5)]
        for thread in floods:
            thread.start()
        waited = []
        while any(thread.is_alive() for thread in floods):
            since = time.monotonic()
            bystander.send(Command="04", FriendName="anne", Message="x")
            bystander.receive_command("14")
            waited.append(time.monotonic() - since)
            time.sleep(0.05)
        took = time.monotonic() - began
        watcher.raw.shutdown(2)
        watching.join()
        self.assertLess(statistics.median(waited), BYSTANDER)
        # The burst of one person, and what the time allows: 60 a second.
        self.assertLessEqual(heard.count("32flooder"), 240 + 60 * (took + 1))
        self.assertGreater(heard.count("32flooder"), 200)
        # Comings and goings likewise: 60 at once and one in two seconds.
        self.assertLessEqual(heard.count("30"), 60 + took + 1)

    def test_guests_who_come_and_go_have_the_limit_of_their_address(self) -> None:
        server = self.serve(("chat.tcp",), "limits.logins_per_address=50", "limits.logins_per_second=0.01")
        watcher = self.client(server)
        watcher.log_in("watcher")
        flags = []
        for number in range(100):
            client = ChatSocket(server.ports["chat.tcp"])
            flags.append(client.log_in(f"guest{number}")["Flag"])
            client.close()
        # The watcher's is one of the fifty; a little runs out meanwhile.
        self.assertEqual(flags[:49], [1] * 49)
        self.assertLess(sum(flags), 75)

    def test_a_class_of_forty_behind_one_address_signs_up_and_logs_in_without_waiting(self) -> None:
        server = self.serve(("chat.tcp",))
        for number in range(40):
            client = self.client(server)
            client.send(Command="02", Name=f"pupil{number}", Password="secret1")
            self.assertEqual(client.receive()["Flag"], 1)
            self.assertEqual(client.log_in(f"pupil{number}", "secret1")["Flag"], 1)

    def test_accounts_of_an_address_are_counted_at_all_protocols_together(self) -> None:
        server = self.serve(
            ("chat.tcp", "web.endpoints"),
            "accounts.registrations_per_address=4",
            "accounts.registration_seconds=3600",
        )

        def sign_up(name: str) -> int:
            body = json.dumps({"name": name, "password": "secret1"}).encode()
            asked = urllib.request.Request(f"http://127.0.0.1:{server.ports['web.endpoints']}/api/accounts", body)
            try:
                with urllib.request.urlopen(asked) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as error:
                return error.code

        client = self.client(server)
        flags = []
        for number in range(2):
            client.send(Command="02", Name=f"anne{number}", Password="secret1")
            flags.append(client.receive()["Flag"])
        self.assertEqual(flags, [1, 1])
        self.assertEqual([sign_up(f"bob{number}") for number in range(3)], [200, 200, 429])
        client.send(Command="02", Name="carla", Password="secret1")
        refused = client.receive()
        self.assertEqual(refused["Flag"], 0)
        self.assertIn("Too many accounts", refused["Message"])

    def test_a_byte_now_and_then_does_not_keep_a_connection_without_a_login(self) -> None:
        server = self.serve(("chat.tcp", "kassel.ss14"), "kassel.login_timeout=2", "chat.login_timeout=2")
        chat = self.client(server)
        kassel = socket.create_connection(("127.0.0.1", server.ports["kassel.ss14"]))
        self.addCleanup(kassel.close)
        stop = threading.Event()

        def type_slowly() -> None:
            while not stop.wait(0.2):
                try:
                    chat.raw.sendall(b" ")
                    kassel.sendall(b"x")
                except OSError:
                    return

        typing = threading.Thread(target=type_slowly, daemon=True)
        typing.start()
        began = time.monotonic()
        self.assertEqual(chat.receive(), {})
        said = b""
        while data := kassel.recv(65536):
            said += data
        self.assertIn(b"Nobody has logged in", said)
        stop.set()
        typing.join()
        self.assertGreater(time.monotonic() - began, 1.5)

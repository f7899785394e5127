"""Two servers on one PostgreSQL and one Redis are one community."""

from __future__ import annotations

import json
import time
import urllib.request

from twisted.trial.unittest import SynchronousTestCase

from tests.cluster.redis_server import REDIS, address, fresh_name
from tests.databases import fresh_postgresql
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import PATIENCE, Server


class TwoServersTests(SynchronousTestCase):
    def setUp(self) -> None:
        address()
        url = fresh_postgresql(self)
        settings = (
            f"storage.url={url}",
            f"cluster.redis={REDIS}",
            f"cluster.name={fresh_name()}",
            "cluster.silence=10",
        )
        self.servers = [Server(("chat.tcp", "web.endpoints"), settings) for _ in range(2)]
        for server in self.servers:
            self.addCleanup(server.kill)
            server.start()

    def client(self, server: int) -> ChatSocket:
        client = ChatSocket(self.servers[server].ports["chat.tcp"])
        self.addCleanup(client.close)
        return client

    def wait_until_online(self, server: int, name: str) -> None:
        """Wait until a server has heard of somebody at the other."""
        address = f"http://127.0.0.1:{self.servers[server].ports['web.endpoints']}/api/status"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                if name in [player["name"] for player in json.load(answer)["online"]]:
                    return
            time.sleep(0.02)
        self.fail(f"{name} never came to server {server}")

    def test_they_share_accounts_presence_and_chat(self) -> None:
        ann, bob = self.client(0), self.client(1)
        ann.send(Command="02", Name="anne", Password="secret1")
        self.assertEqual(ann.receive()["Flag"], 1)
        self.assertEqual(ann.log_in("anne", "secret1")["Flag"], 1)
        self.wait_until_online(1, "anne")
        self.assertEqual(self.client(1).log_in("ANNE")["Flag"], 0)
        self.assertEqual(bob.log_in("bobby"), {"Command": "11", "Flag": 1, "Friends": [["bobby", 1], ["anne", 0]]})
        self.assertEqual(ann.receive(), {"Command": "30", "LogOnUserName": "bobby", "IsUserGuest": 1})

        ann.send(Command="04", FriendName="bobby", Message="psst")
        self.assertEqual(ann.receive()["Flag"], 1)
        self.assertEqual(bob.receive(), {"Command": "13", "FriendName": "anne", "Message": "psst"})
        bob.send(Command="05", Message="hello all")
        for client in (ann, bob):
            self.assertEqual(client.receive(), {"Command": "32", "Speaker": "bobby", "Message": "hello all"})

        again = self.client(1)
        self.assertEqual(again.log_in("anne", "secret1")["Flag"], 1)
        self.assertEqual(ann.receive()["Speaker"], "admin")
        self.assertEqual(ann.receive(), {})
        self.assertTrue(bob.silent())

        bob.close()
        self.assertEqual(again.receive(), {"Command": "31", "LogOutUserName": "bobby"})

    def test_whoever_was_at_a_server_that_dies_is_gone_once(self) -> None:
        ann, bob = self.client(0), self.client(1)
        ann.log_in("anne")
        bob.log_in("bobby")
        self.assertEqual(ann.receive()["LogOnUserName"], "bobby")
        self.servers[1].kill()
        self.assertEqual(ann.receive(), {"Command": "31", "LogOutUserName": "bobby"})
        self.servers[1].start()
        self.wait_until_online(1, "anne")
        bob = self.client(1)
        self.assertEqual(bob.log_in("bobby")["Friends"], [["bobby", 1], ["anne", 1]])
        self.assertEqual(ann.receive()["LogOnUserName"], "bobby")
        self.assertEqual(self.servers[1].stop(), 0)
        self.assertEqual(ann.receive(), {"Command": "31", "LogOutUserName": "bobby"})
        self.assertTrue(ann.silent())

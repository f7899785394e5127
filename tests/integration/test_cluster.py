"""Two servers on one PostgreSQL and one Redis are one community."""

from __future__ import annotations

import json
import signal
import time
import urllib.request
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.integration.chat_socket import ChatSocket
from tests.integration.server import PATIENCE
from tests.integration.two_servers import two_servers

#: How often two do something at the same moment.
RACES = 20


def post(url: str, token: str = "", **value: object) -> dict[str, Any]:
    """Send a JSON object and return the answer's."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, json.dumps(value).encode(), headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


class TwoServersTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.url, self.servers = two_servers(self, ("chat.tcp", "web.endpoints"), 4)

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

    def test_what_must_not_be_a_matter_of_luck(self) -> None:
        self.of_two_who_ask_for_a_name_at_once_one_gets_it()
        self.who_has_just_come_to_one_is_found_from_the_other()
        self.who_is_kicked_is_out_at_the_other_server_as_well()
        self.a_receipt_across_servers_says_whether_it_was_shown()

    def of_two_who_ask_for_a_name_at_once_one_gets_it(self) -> None:
        for number in range(RACES):
            clients = [self.client(server) for server in (0, 1)]
            for client in clients:
                client.send(Command="01", Name=f"guest{number}")
            flags = [client.receive_command("11")["Flag"] for client in clients]
            self.assertEqual(sorted(flags), [0, 1], number)
            for client in clients:
                client.close()

    def who_has_just_come_to_one_is_found_from_the_other(self) -> None:
        ann = self.client(0)
        ann.log_in("anne")
        for number in range(RACES):
            bob = self.client(1)
            self.assertEqual(bob.log_in(f"bob{number}")["Flag"], 1)
            ann.send(Command="04", FriendName=f"bob{number}", Message="there?")
            self.assertEqual(ann.receive_command("14")["Flag"], 1, number)
            self.assertEqual(bob.receive_command("13")["Message"], "there?")
            bob.close()

    def a_receipt_across_servers_says_whether_it_was_shown(self) -> None:
        ann, bob = self.client(0), self.client(1)
        ann.log_in("anneke")
        bob.log_in("bobbie")
        self.wait_until_online(0, "bobbie")
        process = self.servers[1].process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        self.addCleanup(process.send_signal, signal.SIGCONT)
        ann.send(Command="04", FriendName="bobbie", Message="lost?")
        self.assertEqual(ann.receive_command("14")["Flag"], 0)

    def who_is_kicked_is_out_at_the_other_server_as_well(self) -> None:
        secret = "a long secret"
        made = (f"--set=storage.url={self.url}", "user", "add", "boss", "--password", secret, "--role", "admin")
        moderator = self.servers[0].run(*made)
        self.assertEqual(moderator.returncode, 0, moderator.stderr)
        bob = self.client(1)
        bob.log_in("bobby")
        self.wait_until_online(0, "bobby")
        site = f"http://127.0.0.1:{self.servers[0].ports['web.endpoints']}"
        token = post(f"{site}/api/login", name="boss", password=secret)["token"]
        done = post(f"{site}/api/operator/act", token, action="kick", subject="bobby", reason="Enough.")
        self.assertEqual(done["ended"], 1)
        self.assertEqual(bob.receive_command("32")["Message"], "Enough.")
        self.assertEqual(bob.receive(), {})

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

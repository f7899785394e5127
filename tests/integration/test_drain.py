"""Two servers on one database, one of which is asked to end while people are there."""

from __future__ import annotations

import signal
import socket
import time
import urllib.error
import urllib.request

from twisted.trial.unittest import SynchronousTestCase

from tests.integration.chat_socket import ChatSocket
from tests.integration.kassel_player import Player
from tests.integration.server import PATIENCE
from tests.integration.two_servers import two_servers

SECRET = "a long secret"


class Drained(SynchronousTestCase):
    def setUp(self) -> None:
        protocols = ("web.endpoints", "chat.tcp", "kassel.ss14")
        self.url, self.servers = two_servers(self, protocols, 2, ("drain.seconds=3600",))

    def health(self) -> tuple[int, bytes]:
        address = f"http://127.0.0.1:{self.servers[0].ports['web.endpoints']}/healthz"
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def guest(self, server: int, name: str) -> ChatSocket:
        client = ChatSocket(self.servers[server].ports["chat.tcp"])
        self.addCleanup(client.raw.close)
        self.assertEqual(client.log_in(name)["Flag"], 1)
        return client

    def player(self, server: int) -> Player:
        player = Player(self.servers[server].ports["kassel.ss14"])
        self.addCleanup(player.close)
        self.assertEqual(player.ask(f"LOGIN carl {SECRET}")[-1], "OK")
        return player

    def command(self, *arguments: str) -> tuple[int, str]:
        settings = (f"--set=storage.url={self.url}", "--set=cluster.silence=2")
        done = self.servers[0].run(*settings, *arguments)
        return done.returncode, done.stdout + done.stderr

    def until_state(self, state: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while state not in (shown := self.command("nodes")[1]):
            self.assertLess(time.monotonic(), deadline, shown)
        return shown

    def test_who_is_there_may_leave_and_the_other_goes_on_with_the_games(self) -> None:
        self.assertEqual(self.health(), (200, b"ok\n"))
        anne = self.guest(0, "anne")
        self.assertEqual(self.command("user", "add", "carl", "--password", SECRET)[0], 0)
        player = self.player(0)
        self.assertEqual(player.ask("CREATE GAME g -maxPlayers 2")[-1], "OK")
        dump = player.join("g")
        status, said = self.command("drain")
        self.assertEqual((status, said.split()[1:3]), (0, ["lets", "nobody"]), said)
        notice = anne.receive_command("32")
        self.assertEqual((notice["Speaker"], notice["Message"][:16]), ("admin", "The server stops"))
        self.assertEqual(self.health(), (503, b"draining\n"))
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", self.servers[0].ports["chat.tcp"]), PATIENCE).close()
        self.assertIn("alive", self.until_state("draining"))
        # Those who stay may go on.
        bertha = self.guest(1, "bertha")
        anne.send(Command="05", Message="still here")
        self.assertEqual(bertha.receive_command("32")["Message"], "still here")
        player.close()
        anne.raw.close()
        process = self.servers[0].process
        assert process is not None
        self.assertEqual(process.wait(PATIENCE), 0)
        again = self.player(1)
        deadline = time.monotonic() + PATIENCE
        while not (first := again.ask("JOIN GAME g")[0]).startswith("SENDING"):
            self.assertLess(time.monotonic(), deadline, first)
        self.assertEqual(int(first.split()[1]), len(dump))
        status, said = self.command("drain", "nobody")
        self.assertEqual((status, said.split(":")[1]), (1, " no server nobody is heard of"))

    def test_a_second_signal_ends_it_at_once(self) -> None:
        self.guest(0, "anne")
        process = self.servers[0].process
        assert process is not None
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while self.health()[0] != 503:
            self.assertLess(time.monotonic(), deadline)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0)

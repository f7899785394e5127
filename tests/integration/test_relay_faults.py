"""A player at another server than their match: what they are told when the two lose each other, and the way back."""

from __future__ import annotations

import os
import signal
import time

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from chaos.proxy import Proxy
from gameserver.edge.relay.relays import UNREACHABLE
from tests.cluster.redis_server import address, fresh_name
from tests.databases import fresh_postgresql
from tests.integration.kassel_player import Player
from tests.integration.server import PATIENCE, Server

#: Seconds after which a silent server is taken for dead.
SILENCE = 2
SECRET = "a long secret"


class RelayFaults(SynchronousTestCase):
    """The match is at the first server; between the second one and Redis is a proxy."""

    def setUp(self) -> None:
        if not os.environ.get("GAMESERVER_LONG"):
            raise SkipTest("half a minute: GAMESERVER_LONG=1 takes it; tests/protocols/kassel has it on a clock")
        redis = address()
        self.proxy = Proxy(redis.host, redis.port)
        self.addCleanup(self.proxy.stop)
        url, name = fresh_postgresql(self), fresh_name()
        self.servers: list[Server] = []
        for port in (redis.port, self.proxy.port):
            settings = (
                f"storage.url={url}",
                f"cluster.redis=redis://127.0.0.1:{port}",
                f"cluster.name={name}",
                f"cluster.silence={SILENCE}",
            )
            server = Server(("kassel.ss14",), settings)
            self.addCleanup(server.kill)
            server.start()
            self.servers.append(server)
        for person in ("anne", "bob"):
            made = self.servers[0].run(f"--set=storage.url={url}", "user", "add", person, "--password", SECRET)
            self.assertEqual(made.returncode, 0, made.stderr)
        self.anne, self.bob = self.player(0, "anne"), self.player(1, "bob")
        self.anne.ask("CREATE GAME g -maxPlayers 2")
        self.anne.join("g")
        self.bob.join("g")

    def player(self, server: int, name: str) -> Player:
        player = Player(self.servers[server].ports["kassel.ss14"])
        self.addCleanup(player.close)
        self.assertEqual(player.ask(f"LOGIN {name} {SECRET}")[-1], "OK")
        return player

    def come_back(self) -> None:
        """See that Bob is sent away, and join again as soon as that is possible."""
        self.assertIn(UNREACHABLE, self.bob.ended()[-1])
        self.bob = self.player(1, "bob")

    def check_playing(self) -> None:
        """Join again as soon as that is possible; both hear each other."""
        deadline = time.monotonic() + PATIENCE
        while not (first := self.bob.ask("JOIN GAME g")[0]).startswith("SENDING"):
            self.assertEqual(first, f"ERROR: {UNREACHABLE}")
            self.assertLess(time.monotonic(), deadline, "the match is never reached again")
            time.sleep(0.1)
        for _ in range(int(first.split()[1])):
            self.bob.line()
        self.bob.order("MESSAGE", message="back")
        self.anne.until("PUBLIC_MESSAGE", "back")

    def test_a_cut_a_frozen_line_and_a_server_that_stood_still(self) -> None:
        self.proxy.refuse()
        self.proxy.cut()
        self.come_back()
        self.assertEqual(self.bob.ask("JOIN GAME g"), [f"ERROR: {UNREACHABLE}"])
        self.proxy.listen()
        self.check_playing()
        self.proxy.freeze()
        self.come_back()
        self.proxy.thaw()
        self.check_playing()
        process = self.servers[1].process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        self.addCleanup(process.send_signal, signal.SIGCONT)
        time.sleep(2 * SILENCE)
        process.send_signal(signal.SIGCONT)
        self.come_back()
        self.check_playing()

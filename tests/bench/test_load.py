"""The load generator counts what comes back, and tells when it is not what was expected."""

from __future__ import annotations

from twisted.trial.unittest import TestCase

from bench import generator, peers
from bench.servers import Missing, Peer

LINE = ("--message", "hello", "--connections", "4")


def unbuilt() -> str | None:
    """Return why there is no load generator, ``None`` if there is one."""
    try:
        generator.program()
    except Missing as why:
        return str(why)
    return None


class LoadCase(TestCase):
    skip = unbuilt()

    def loaded(self, peer: Peer, *options: str) -> generator.Generator:
        made = generator.Generator(peer.ports["peer"], peer.pids, options)
        self.addCleanup(made.end)
        return made

    def started(self, name: str) -> Peer:
        peer = peers.start(name)
        self.addCleanup(peer.end)
        return peer


class TestLines(LoadCase):
    def setUp(self) -> None:
        self.peer = self.started("stock line-echo")

    def test_each_answer_is_counted_and_timed(self) -> None:
        load = self.loaded(self.peer, "echo", *LINE)
        told = load.run(0.2)
        self.assertGreater(told["messages"], 20)
        self.assertEqual(told["rounds"], told["messages"])
        self.assertGreater(told["p50"], 1)
        self.assertLessEqual(told["p50"], told["p99"])
        self.assertLessEqual(told["p99"], told["max"])
        self.assertGreater(told["memory"], 1 << 20)
        # A second run begins anew.
        self.assertGreater(load.run(0.1)["messages"], 10)

    def test_sixteen_are_under_way_or_come_together(self) -> None:
        sliding = self.loaded(self.peer, "echo", *LINE, "--depth", "16").run(0.1)
        self.assertGreaterEqual(sliding["messages"], 64)
        self.assertEqual(sliding["rounds"], sliding["messages"])
        together = self.loaded(self.peer, "echo", *LINE, "--depth", "16", "--together").run(0.1)
        self.assertEqual(together["messages"], 16 * together["rounds"])

    def test_more_answers_than_expected_are_an_error(self) -> None:
        # "\n" in the message makes two lines of it, and so two answers.
        load = self.loaded(self.peer, "echo", "--message", "hex:610a62", "--connections", "1")
        self.assertIn("more messages than", str(self.assertRaises(Missing, load.run, 0.1)))
        self.assertGreater(
            self.loaded(self.peer, "echo", "--message", "hex:610a62", "--answers", "2").run(0.1)["messages"], 10
        )

    def test_everybody_has_a_name_and_is_welcomed(self) -> None:
        load = self.loaded(self.peer, "open", "--hello", "guest{n}", "--welcomes", "1", "--connections", "300")
        self.assertEqual(load.opening["ready"], 300)
        self.assertEqual(load.opening["heard"], 300)

    def test_connections_come_and_go(self) -> None:
        self.assertGreater(self.loaded(self.peer, "churn", "--connections", "4").run(0.2)["messages"], 10)

    def test_a_server_that_has_gone_is_an_error(self) -> None:
        load = self.loaded(self.peer, "echo", *LINE)
        self.peer.process.kill()
        self.peer.process.wait()
        self.assertRaises(Missing, load.run, 0.1)


class TestMany(LoadCase):
    def test_everybody_hears_everything(self) -> None:
        load = self.loaded(self.started("stock line-all"), "fan", *LINE, "--depth", "8", "--settle", "0.5")
        told = load.run(0.1)
        self.assertGreater(told["rounds"], 0)
        self.assertEqual(told["messages"], told["rounds"] * 4 * 8)


class TestWebSocket(LoadCase):
    def test_frames_of_every_length_come_back(self) -> None:
        peer = self.started("stock ws-echo")
        for size in (1, 125, 126, 60_000):
            load = self.loaded(peer, "echo", "--websocket", "/", "--message", "x" * size, "--connections", "2")
            self.assertGreater(load.run(0.05)["messages"], 1)

    def test_requests_are_numbered(self) -> None:
        load = self.loaded(self.started("stock ws-echo"), "echo", "--websocket", "/", "--message", "{n}-{k}")
        self.assertGreater(load.run(0.05)["messages"], 50)


class TestTls(LoadCase):
    def test_lines_come_back(self) -> None:
        try:
            peer = self.started("stock tls-echo")
            load = self.loaded(peer, "echo", "--tls", *LINE)
        except Missing as why:
            self.skipTest(str(why))
        self.assertGreater(load.run(0.1)["messages"], 10)

"""The small parts of the process: log, periodic tasks, data directory, ports, metrics, open files."""

from __future__ import annotations

import io
import json
import resource
import socket
import stat
import sys
from configparser import ConfigParser
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock
from twisted.logger import Logger, LogLevel
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase, TestCase

from gameserver.app import logs
from gameserver.app.data_directory import DataDirectory, _write_once
from gameserver.app.listening import Ports, PortTaken, raise_open_files
from gameserver.app.logs import JsonLines, RecentLines, Written
from gameserver.app.periodic import PeriodicTasks
from gameserver.config.tree import Log
from gameserver.edge.part import PeriodicTask
from gameserver.errors import Unavailable
from gameserver.metrics import Metrics
from gameserver.net.endpoints import BACKLOG, EndpointText, Listener, listen, wrong_with
from tests.directories import temporary_directory
from tests.reactor import reactor


class LevelTests(SynchronousTestCase):
    """Levels of parts: by the package that tells, and by the protocol that is told of."""

    def written(self, log: Log) -> list[str]:
        stream = io.StringIO()
        self.patch(sys, "stdout", stream)
        written = Written(None, RecentLines(), log)
        for namespace, protocol in (
            ("gameserver.storage.database.Database", ""),
            ("gameserver.protocols.chat.connection.Connection", ""),
            ("gameserver.edge.connection.Connection", "chat"),
            ("gameserver.edge.connection.Connection", "kassel"),
            ("txredisapi", ""),
        ):
            Logger(namespace, observer=written).info("{namespace} {protocol}", namespace=namespace, protocol=protocol)
        return [" ".join(line.split("] ")[-1].split()) for line in stream.getvalue().splitlines()]

    def test_a_part_has_its_own(self) -> None:
        self.assertEqual(len(self.written(Log())), 5)
        self.assertEqual(
            self.written(Log(level="error", levels={"chat": "debug"})),
            ["gameserver.protocols.chat.connection.Connection", "gameserver.edge.connection.Connection chat"],
        )
        self.assertEqual(
            self.written(Log(levels={"storage": "warn", "edge": "warn", "chat": "info"})),
            [
                "gameserver.protocols.chat.connection.Connection",
                "gameserver.edge.connection.Connection chat",
                "txredisapi",
            ],
        )

    def test_what_an_event_tells_is_a_field_of_its_own(self) -> None:
        stream = io.StringIO()
        Logger("here", observer=JsonLines(stream)).warn(
            "{protocol} session {session}", protocol="chat", session=7, player=3, code="busy", duration=0.5, data=b"x"
        )
        found = json.loads(stream.getvalue())
        told = {name: found.pop(name) for name in ("protocol", "session", "player", "code", "duration", "text")}
        self.assertEqual(
            told,
            {
                "protocol": "chat",
                "session": 7,
                "player": 3,
                "code": "busy",
                "duration": 0.5,
                "text": "chat session 7",
            },
        )
        self.assertEqual(sorted(found), ["level", "system", "time"])


class LogTests(SynchronousTestCase):
    def test_json_lines_hold_time_level_system_text_and_failure(self) -> None:
        stream = io.StringIO()
        log = Logger(namespace="here", observer=JsonLines(stream))
        log.info("anne\n{what}", what="came")
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            log.failure("broken", Failure())
        JsonLines(stream)({"log_format": "{missing}", "log_level": LogLevel.warn, "log_time": 0.0})
        first, second, third = (json.loads(line) for line in stream.getvalue().splitlines())
        self.assertEqual((first["level"], first["system"], first["text"]), ("info", "here", "anne\ncame"))
        self.assertIn("ZeroDivisionError", second["failure"])
        self.assertEqual((third["time"], third["level"]), ("1970-01-01T00:00:00.000+00:00", "warn"))

    def test_the_level_is_kept_and_a_file_is_appended_to(self) -> None:
        path = temporary_directory() / "log"
        path.write_text("before\n")
        stream = logs._append(str(path))
        self.addCleanup(stream.close)
        self.patch(logs, "_append", lambda _: stream)
        recent = RecentLines(2)
        log = Logger(observer=Written(str(path), recent, Log(level="warn")))
        log.info("quiet")
        log.warn("loud")
        said = path.read_text()
        self.assertIn("before\n", said)
        self.assertIn("loud", said)
        self.assertNotIn("quiet", said)
        self.assertEqual([line.split("] ")[-1] for line in recent.lines()], ["loud"])
        for text in ("louder", "loudest"):
            log.warn(text)
        self.assertEqual([line.split("] ")[-1] for line in recent.lines()], ["louder", "loudest"])

    def test_without_a_path_it_writes_to_standard_output(self) -> None:
        stream = io.StringIO()
        self.patch(sys, "stdout", stream)
        Logger(observer=Written("-", RecentLines(), Log())).info("hello")
        self.assertIn("hello", stream.getvalue())


class PeriodicTaskTests(SynchronousTestCase):
    def test_each_has_its_pace_and_a_failure_or_a_slow_one_does_not_end_it(self) -> None:
        clock, done, gate = Clock(), list[str](), Deferred[None]()

        async def often() -> None:
            done.append("often")
            raise ZeroDivisionError

        async def slow() -> None:
            done.append("slow")
            await gate

        periodic = PeriodicTasks(clock, [PeriodicTask(10, often), PeriodicTask(10, slow)])
        periodic.start()
        clock.pump([10, 10])
        self.assertEqual((done.count("often"), done.count("slow")), (3, 1))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 3)
        gate.callback(None)
        periodic.stop()
        clock.pump([10, 10])
        self.assertEqual(done.count("often"), 3)
        self.assertEqual(clock.getDelayedCalls(), [])

    def test_a_database_that_cannot_be_used_is_no_news_of_theirs(self) -> None:
        clock, done = Clock(), []

        async def work() -> None:
            done.append(1)
            raise Unavailable("the disk is full")

        periodic = PeriodicTasks(clock, [PeriodicTask(10, work)])
        periodic.start()
        clock.pump([10])
        periodic.stop()
        self.assertEqual((len(done), self.flushLoggedErrors()), (2, []))


class DataDirectoryTests(SynchronousTestCase):
    def test_everything_is_its_owners_only_and_secrets_stay(self) -> None:
        directory = DataDirectory.open(temporary_directory() / "a" / "b")
        secret = directory.secret("key")
        self.assertEqual((directory.secret("key"), len(secret)), (secret, 32))
        file = directory.file("x/y")
        file.write_text("kept")
        self.assertEqual(directory.file("x/y").read_text(), "kept")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in directory.path.rglob("*") if path.is_file()}
        self.assertEqual(modes, {0o600})
        self.assertEqual(stat.S_IMODE(directory.path.stat().st_mode), 0o700)

    def test_what_others_may_read_is_closed_to_them(self) -> None:
        path = temporary_directory()
        DataDirectory.open(path).secret("key")
        for name in ("secrets", "secrets/key", "."):
            (path / name).chmod(0o755)
        DataDirectory.open(path).file("gameserver.db")
        (path / "gameserver.db").chmod(0o644)
        DataDirectory.open(path)
        modes = {path.stat().st_mode & 0o077 for path in (path, *path.rglob("*"))}
        self.assertEqual(modes, {0})

    def test_a_directory_with_other_things_in_it_stays_as_it_is(self) -> None:
        path = temporary_directory()
        (path / "letter.txt").write_text("")
        path.chmod(0o755)
        DataDirectory.open(path)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o755)

    def test_a_damaged_secret_is_not_taken_for_one(self) -> None:
        directory = DataDirectory.open(temporary_directory())
        directory.secret("key")
        (directory.path / "secrets" / "key").write_text("00\n")
        with self.assertRaises(OSError):
            directory.secret("key")
        (directory.path / "secrets" / "key").write_text("no number\n")
        with self.assertRaises(OSError):
            directory.secret("key")

    def test_of_two_who_make_a_secret_at_once_the_first_ones_stays(self) -> None:
        path = temporary_directory() / "key"
        for text in ("first", "second"):
            _write_once(path, text)
        self.assertEqual((path.read_text(), list(path.parent.iterdir())), ("first", [path]))

    def test_a_directory_that_cannot_be_made_is_an_error(self) -> None:
        file = temporary_directory() / "file"
        file.write_text("")
        with self.assertRaises(OSError):
            DataDirectory.open(file / "inside")


class HintTests(SynchronousTestCase):
    def test_the_line_to_try_a_door_names_the_address_it_listens_on(self) -> None:
        for interface, host, address in (
            ("", "127.0.0.1", "127.0.0.1:4004"),
            (":interface=127.0.0.1", "127.0.0.1", "127.0.0.1:4004"),
            (":interface=0.0.0.0", "127.0.0.1", "127.0.0.1:4004"),
            (":interface=192.0.2.7:backlog=9", "192.0.2.7", "192.0.2.7:4004"),
            (r":interface=\:\:", "127.0.0.1", "127.0.0.1:4004"),
            (r":interface=\:\:1", "::1", "[::1]:4004"),
        ):
            (listener,) = listen("chat.tcp", (f"tcp:4004{interface}",), Factory(), "nc {host} {port}, {address}")
            self.assertEqual(listener.hint, f"nc {host} 4004, {address}", interface)


class PortsTests(TestCase):
    async def test_all_ports_are_open_or_none(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            endpoints = ["tcp:0:interface=127.0.0.1", f"tcp:{taken.getsockname()[1]}:interface=127.0.0.1"]
            with self.assertRaises(PortTaken) as caught:
                Ports(reactor).open([Listener("k", endpoint, Factory()) for endpoint in endpoints])
            self.assertIn("cannot listen: Address already in use", str(caught.exception))

    async def test_an_optional_port_is_left_out_with_a_line(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            number = taken.getsockname()[1]
            endpoints = [f"optional:tcp:{number}:interface=127.0.0.1", "tcp:0:interface=127.0.0.1"]
            endpoints += ["optional:tcp:0:interface=127.0.0.1"]
            ports = Ports(reactor)
            opened = ports.open([Listener("k", endpoint, Factory()) for endpoint in endpoints])
            self.assertEqual([listener.endpoint for listener in opened], endpoints[1:])
            (line,) = ports.left_out
            self.assertIn(f"k = {endpoints[0]}: cannot listen: Address already in use", line)
            await ports.close()

    def test_what_an_optional_endpoint_is_otherwise(self) -> None:
        parsed = EndpointText.parse("optional:tcp:80:interface=127.0.0.1")
        self.assertEqual((parsed.kind, parsed.port, parsed.optional, parsed.local), ("tcp", 80, True, True))
        self.assertEqual(parsed.with_backlog, f"tcp:80:interface=127.0.0.1:backlog={BACKLOG}")
        self.assertEqual(wrong_with("optional:tcp:80"), "")
        self.assertIn("not an endpoint", wrong_with("optional:nonsense"))

    async def test_what_is_no_endpoint_is_named(self) -> None:
        for endpoint in ("nonsense", "tcp:x", "tcp", "unknown:1", "tcp:1:interface"):
            with self.assertRaises(PortTaken) as caught:
                Ports(reactor).open([Listener("chat.tcp", endpoint, Factory())])
            self.assertTrue(str(caught.exception).startswith(f"chat.tcp = {endpoint}: "), str(caught.exception))

    def test_a_rush_has_room_in_the_kernel(self) -> None:
        self.assertEqual(
            EndpointText.parse("tcp:4004:interface=::").with_backlog, f"tcp:4004:interface=:::backlog={BACKLOG}"
        )
        for own in ("tcp:4004:backlog=5", "unix:/run/chat", "systemd:domain=INET:index=0"):
            self.assertEqual(EndpointText.parse(own).with_backlog, own)

    async def test_who_waits_in_the_kernel_is_let_in_before_a_port_closes(self) -> None:
        made: list[Protocol] = []

        class Counted(Factory):
            noisy = False

            def buildProtocol(self, addr: object) -> Protocol:
                made.append(Protocol())
                return made[-1]

        for accepting, expected in ((True, 20), (False, 0)):
            made.clear()
            ports = Ports(reactor)
            ports.open([Listener("k", "tcp:0:interface=127.0.0.1", Counted())])
            number: int = ports._ports[0][1].getHost().port  # type: ignore[attr-defined]
            if accepting:
                ports.accept()
            clients = [socket.create_connection(("127.0.0.1", number)) for _ in range(20)]
            closed = ports.close()
            self.assertEqual(len(made), expected)
            for client in clients:
                client.close()
            await closed
            for protocol in made:
                protocol.transport.abortConnection()  # type: ignore[union-attr]

    async def test_an_ipv6_endpoint_works(self) -> None:
        ports = Ports(reactor)
        ports.open([Listener("k", "tcp:0:interface=\\:\\:1", Factory())])
        ports.accept()
        await ports.close()


class MetricsTests(SynchronousTestCase):
    def test_gauges_and_families_are_read_when_somebody_looks(self) -> None:
        metrics = Metrics()
        depth = [3.0]
        metrics.gauge("queue", "x", lambda: depth[0])
        metrics.family("rooms", "x", ["type"], lambda: {("classic",): depth[0]})
        metrics.messages("chat", "say").note(0.0025)
        metrics.messages("chat", "say").note(60.0)
        self.assertEqual(2, metrics.messages("chat", "say").count)
        metrics.transaction("accounts.by_name", 0.1, 0.2)
        depth[0] = 5.0
        text = metrics.render().decode()
        for line in (
            "gameserver_queue 5.0",
            'gameserver_rooms{type="classic"} 5.0',
            'gameserver_messages_total{kind="say",protocol="chat"} 2.0',
            'gameserver_message_seconds_bucket{kind="say",le="0.001",protocol="chat"} 0.0',
            'gameserver_message_seconds_bucket{kind="say",le="0.0025",protocol="chat"} 1.0',
            'gameserver_message_seconds_bucket{kind="say",le="+Inf",protocol="chat"} 2.0',
            'gameserver_message_seconds_count{kind="say",protocol="chat"} 2.0',
            'gameserver_message_seconds_sum{kind="say",protocol="chat"} 60.0025',
            'gameserver_database_seconds_count{name="accounts.by_name"} 1.0',
        ):
            self.assertIn(line, text)


class OpenFilesTests(SynchronousTestCase):
    def test_the_soft_limit_becomes_the_hard_one(self) -> None:
        _, after = raise_open_files()
        self.assertEqual(resource.getrlimit(resource.RLIMIT_NOFILE)[0], after)

    def test_a_system_that_refuses_keeps_its_limit(self) -> None:
        def refuse(*_: object) -> None:
            raise ValueError

        self.patch(resource, "setrlimit", refuse)
        before, after = raise_open_files()
        self.assertEqual(before, after)


class ProjectTests(SynchronousTestCase):
    def test_the_plugin_and_the_tac_files_are_a_few_lines(self) -> None:
        root = Path(__file__).resolve().parents[2]
        for name in ("twisted/plugins/gameserver_plugin.py", "tac/gameserver.tac", "tac/chat.tac"):
            self.assertLess(len((root / name).read_text().splitlines()), 15, name)
        self.assertFalse(list((root / "twisted").rglob("__init__.py")))

    def test_the_contract_of_the_rules_names_every_other_room(self) -> None:
        root = Path(__file__).resolve().parents[2]
        contracts = ConfigParser()
        contracts.read(root / "setup.cfg", "utf-8")
        named = set(contracts["importlinter:contract:pure-rules"]["forbidden_modules"].split())
        rooms = {
            f"gameserver.{path.stem}"
            for path in (root / "gameserver").iterdir()
            if path.suffix == ".py" or (path / "__init__.py").exists()
        }
        self.assertEqual(rooms - named, {"gameserver.__init__", "gameserver.games", "gameserver.errors"})

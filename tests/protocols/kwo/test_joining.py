"""The configuration of the protocol: what is refused before anything starts, and who is let in from where."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from gameserver.consoles.events import Joined
from gameserver.consoles.plan import Plan
from gameserver.errors import GameError, StartError
from gameserver.net.endpoints import is_loopback
from gameserver.net.websocket import Upgrade
from gameserver.protocols.kwo.admission import Admission, weak
from gameserver.protocols.kwo.programs import plan_of
from tests.protocols.kwo.services import Services, program
from tests.typed import the

STRONG = "a long Password 123"


class JoiningTests(SynchronousTestCase):
    def services(self, servers: dict[str, Any] | None = None, **keys: Any) -> Services:
        return Services(Clock(), servers, **keys)

    def refused(self, servers: dict[str, Any] | None = None, **keys: Any) -> str:
        with self.assertRaises(StartError) as caught:
            self.services(servers, **keys)
        return str(caught.exception)

    def test_the_first_server_has_the_default_port_and_without_servers_the_hub(self) -> None:
        self.assertIn("server hub", self.services().part.listeners[0].hint)
        listeners = self.services({"b": program(endpoints=["tcp:9"]), "a": program()}).part.listeners
        self.assertEqual([one.key for one in listeners], ["kwo.endpoints", "kwo.servers.b.endpoints"])
        self.assertIn("server b", listeners[0].hint)

    def test_wrong_sections(self) -> None:
        cases = [
            ({"hub": program()}, "kwo.servers.hub"),
            ({'"a/b"': program()}, "kwo.servers"),
            ({"a": program(command=[])}, "kwo.servers.a.command"),
            ({"a": program(encoding="utf-16")}, "kwo.servers.a.encoding"),
            ({"a": program(say="hello")}, "kwo.servers.a.say"),
            ({"a": program(stop_command="a\nb")}, "kwo.servers.a.stop_command"),
            ({"a": program(rules=[{"event": "join", "pattern": "(?=x)"}])}, "kwo.servers.a.rules[0].pattern"),
            ({"a": program(prefix="(")}, "kwo.servers.a.prefix"),
            ({"a": program(stop_command="quit", stop_signal="INT")}, "kwo.servers.a.stop_signal"),
        ]
        for servers, expected in cases:
            self.assertIn(expected, self.refused(servers))

    def test_a_weak_password_and_a_port_that_others_can_reach(self) -> None:
        opened = ["tcp:8123:interface=0.0.0.0"]
        self.assertIn(
            "kwo.hub.password: too weak for tcp:8123",
            self.refused(kwo__hub__password="passwd", kwo__endpoints=opened),
        )
        for texts in (["tcp:8123"], ["tcp:8123:interface=\\:\\:"]):
            self.assertIn("too weak", self.refused({"a": program(password="short")}, kwo__endpoints=texts))
        self.assertIn("too weak", self.refused(kwo__hub__password="passwd", web__endpoints=opened))
        self.services(kwo__hub__password=STRONG, kwo__endpoints=opened)
        self.services(kwo__endpoints=opened)
        for texts in (["tcp:8123:interface=127.0.0.1"], ["tcp6:8123:interface=\\:\\:1"], ["unix:/tmp/x"]):
            self.services(kwo__hub__password="passwd", kwo__endpoints=texts)

    def test_a_section_becomes_a_plan(self) -> None:
        services = self.services({"a": program(dialect="openttd", say="", stderr="output", stop_command="")})
        plan = plan_of("a", services.config.kwo.servers["a"])
        self.assertEqual((plan.stop_command, plan.merge, plan.dialect.rules[0].kind), ("exit", True, "join"))
        services = self.services({"a": program(dialect="terraria", say="shout {text}")})
        plan = plan_of("a", services.config.kwo.servers["a"])
        self.assertEqual(the(plan.dialect.say)("x", "utf-8"), ["shout x"])
        plan = self.plan(program())
        self.assertEqual((plan.stop_command, plan.stop_signal, plan.times.ready), ("stop", "", 0.0))

    def plan(self, section: dict[str, Any]) -> Plan:
        return plan_of("a", self.services({"a": section}).config.kwo.servers["a"])

    def test_a_program_without_a_stop_command_gets_a_signal(self) -> None:
        plan = self.plan(program(stop_signal="INT"))
        self.assertEqual((plan.stop_command, plan.stop_signal), ("", "INT"))
        plan = self.plan(program(dialect="luanti"))
        self.assertEqual((plan.stop_command, plan.stop_signal), ("", "INT"))
        plan = self.plan(program(dialect="luanti", stop_command="quit"))
        self.assertEqual((plan.stop_command, plan.stop_signal), ("quit", ""))

    def test_a_prefix_of_one_s_own_is_no_part_of_what_rules_and_answers_see(self) -> None:
        dialect = self.plan(program(prefix=r"\[\d\d:\d\d\] ")).dialect
        self.assertEqual(dialect.read("[12:34] anne came").event, Joined("anne"))
        self.assertIsNone(dialect.read("anne came").event)
        self.assertEqual(dialect.body("[12:34] x"), "x")

    def test_a_word_that_it_is_ready_is_waited_for_where_a_rule_knows_one(self) -> None:
        ready = [{"event": "ready", "pattern": "Done.*"}]
        self.assertEqual(self.plan(program(rules=ready)).times.ready, 120.0)
        self.assertEqual(self.plan(program(rules=ready, ready_within=5)).times.ready, 5.0)
        self.assertEqual(self.plan(program(dialect="java")).times.ready, 120.0)

    def test_the_start_log_says_which_packs_a_server_takes(self) -> None:
        servers = {"a": program(), "b": program(password=STRONG), "c": program(password=STRONG, plain=True)}
        for number, section in enumerate(servers.values()):
            section["endpoints"] = [f"tcp:{number + 10}:interface=127.0.0.1"]
        hints = {one.key: one.hint for one in self.services(servers).part.listeners}
        self.assertEqual(
            [hints[f"kwo.servers.{name}.endpoints"].partition(", ")[2] for name in servers],
            ["packs as JSON", "encrypted packs", "encrypted packs, from this machine plain ones too"],
        )


class AdmissionTests(SynchronousTestCase):
    def admit(self, admission: Admission, address: str, **headers: str) -> bool | str:
        try:
            return admission.admit(Upgrade("/", {}, headers, b"", address))
        except GameError as error:
            return error.code

    def test_weak_passwords(self) -> None:
        for password in (
            "",
            "passwd",
            "password",
            "Password123!",
            "short",
            "aaaaaaaaaaaaaaa",
            "1234567890",
            "qwertyuiop",
            "abcdefghi",
            "abcdabcdabcd",
        ):
            self.assertTrue(weak(password), password)
        for password in (STRONG, "你好世界一二三四五六七", "correct horse battery", "abcdefghij", "abcdeabcdeab"):
            self.assertFalse(weak(password), password)

    def test_addresses(self) -> None:
        for host in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "", "localhost"):
            self.assertTrue(is_loopback(host), host)
        for host in ("192.0.2.1", "::", "0.0.0.0", "::ffff:192.0.2.1", "fe80::1%eth0", "example.org", "?"):
            self.assertFalse(is_loopback(host), host)

    def test_who_may_come_and_how(self) -> None:
        here, there = "127.0.0.1", "192.0.2.1"
        cases: list[tuple[Admission, str, dict[str, str], bool | str]] = [
            (Admission("", True), here, {}, True),
            (Admission("", True), there, {}, "forbidden"),
            (Admission("", False), here, {}, "forbidden"),
            (Admission("passwd", False), here, {}, False),
            (Admission("passwd", False), there, {}, "forbidden"),
            (Admission(STRONG, False), there, {}, False),
            (Admission(STRONG, True), there, {}, False),
            (Admission(STRONG, True), here, {}, True),
            (Admission(STRONG, True), here, {"x-forwarded-for": there}, False),
            (Admission("", True), here, {"forwarded": "for=192.0.2.1"}, "forbidden"),
            (Admission("", True), here, {"origin": "http://evil.example"}, "forbidden"),
            (Admission("", True), here, {"origin": "null"}, "forbidden"),
            (Admission("", True), here, {"origin": "http://127.0.0.1:8080"}, True),
            (Admission(STRONG, False), here, {"origin": "http://evil.example"}, False),
        ]
        for admission, address, headers, expected in cases:
            self.assertEqual(self.admit(admission, address, **headers), expected, (admission, address, headers))

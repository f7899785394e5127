"""The configuration: where values come from, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
from twisted.trial.unittest import SynchronousTestCase

from gameserver.config import Config, ConfigError
from tests.configuration import load
from tests.directories import temporary_directory


class LoadingTests(SynchronousTestCase):
    def file(self, text: str) -> Path:
        path = temporary_directory() / "x.toml"
        path.write_text(text)
        return path

    def refused(self, *settings: str, file: Path | None = None) -> str:
        with self.assertRaises(ConfigError) as caught:
            load(file=file, settings=settings)
        return str(caught.exception)

    def test_every_key_has_a_default_and_every_default_fits(self) -> None:
        config = load()
        self.assertEqual(config.chat.tcp, ("tcp:4004:interface=127.0.0.1",))
        self.assertTrue(Path(config.data_dir).is_absolute())

    def test_later_sources_win(self) -> None:
        file = self.file("[chat]\npace_ms = 1\nheartbeat = 5\ngarbage = 7\n")
        environment = {"GAMESERVER__CHAT__PACE_MS": "2", "GAMESERVER__CHAT__HEARTBEAT": "6", "PATH": "/bin"}
        chat = load(file, environment, ["chat.pace_ms=3"]).chat
        self.assertEqual((chat.pace_ms, chat.heartbeat, chat.garbage), (3, 6.0, 7))

    def test_listen_opens_the_default_endpoints_only(self) -> None:
        config = load(settings=['web.endpoints=["tcp:1:interface=10.0.0.1"]'], listen="::")
        self.assertEqual(config.chat.tcp, ("tcp:4004:interface=\\:\\:",))
        self.assertEqual(config.web.endpoints, ("tcp:1:interface=10.0.0.1",))

    def test_an_empty_list_closes_a_door(self) -> None:
        self.assertEqual(load(settings=["chat.tcp=[]"]).chat.tcp, ())

    def test_a_text_needs_no_quotes(self) -> None:
        self.assertEqual(load(settings=["storage.url=postgresql+psycopg://u@h/d"]).storage.url[:10], "postgresql")

    def test_one_item_of_a_list_needs_no_brackets_where_nothing_has_quotes(self) -> None:
        self.assertEqual(load(settings=["chat.tcp=tcp:1"]).chat.tcp, ("tcp:1",))
        self.assertEqual(load(environment={"GAMESERVER__CHAT__TCP": ""}).chat.tcp, ())
        self.assertIn("expected a list", self.refused(file=self.file('[chat]\ntcp = "tcp:1"\n')))

    def test_numbers_and_tables_without_end_are_refused_in_one_line(self) -> None:
        for text in ("x = " + "9" * 5000, "x = " + "[" * 5000, "limits.burst = " + "{a=" * 5000):
            self.assertIn("not a TOML file: ", self.refused(file=self.file(text)))
        for setting, wrong in (
            ("limits.burst=" + "9" * 5000, "expected a whole number"),
            ("chat.depth=0x" + "f" * 5000, "chat.depth = (too long to show): expected a whole number"),
            ("limits.address_factor=1" + "0" * 400, "limits.address_factor = inf: expected a number"),
            ("limits.burst=" + "[" * 5000, "expected a whole number"),
            ("kwo.servers.a.ru" + ".ru" * 5000 + "=1", "kwo.servers.a.ru = (too long to show): there is no such key"),
        ):
            with self.subTest(setting=setting[:40]):
                self.assertIn(wrong, self.refused(setting))

    def test_what_is_no_endpoint_is_refused_before_anything_listens(self) -> None:
        for key in ("chat.tcp", "web.endpoints", "kwo.hub.endpoints", "kwo.servers.a.endpoints"):
            for text in ("bogus:1", "tcp:abc", "tcp", "", "tcp:1:nonsense=2", "ssl:1:privateKey=/nonexistent"):
                with self.subTest(key=key, text=text):
                    self.assertIn(f"{key}[0] = {text!r}: not an endpoint", self.refused(f'{key}=["{text}"]'))
        self.assertEqual(load(settings=['chat.tcp=["unix:/run/chat"]']).chat.tcp, ("unix:/run/chat",))

    def test_unknown_keys_are_refused_with_the_nearest_known_one(self) -> None:
        self.assertEqual(
            self.refused("chat.pase_ms=5"), "chat.pase_ms = 5: there is no such key; did you mean chat.pace_ms?"
        )
        self.assertIn("there is no such key", self.refused("nonsense=1"))
        self.assertIn("there is no such key", self.refused(file=self.file("[kwo.servers.a]\nx = 1\n")))

    def test_ill_typed_values_are_refused_with_path_value_and_what_was_expected(self) -> None:
        for setting, said in (
            ("chat.pace_ms=fast", "chat.pace_ms = 'fast': expected a whole number from 0 to 10000"),
            ("chat.pace_ms=true", "chat.pace_ms = true: expected a whole number from 0 to 10000"),
            ("chat.pace_ms=10001", "chat.pace_ms = 10001: expected a whole number from 0 to 10000"),
            ("chat.heartbeat=nan", "chat.heartbeat = nan: expected a number of at least 0"),
            ("chat.community=1", "chat.community = 1: expected true or false"),
            ("log.format=xml", "log.format = 'xml': expected one of text, json"),
            ("chat.tcp=5", "chat.tcp = 5: expected a list"),
            ("chat.tcp=[5]", "chat.tcp[0] = 5: expected a text"),
            ("chat.heartbeat=inf", "chat.heartbeat = inf: expected a number of at least 0"),
            ('chat.tcp="tcp:4004"', "chat.tcp = 'tcp:4004': expected a list"),
            ("web.proxies=here", "web.proxies[0] = 'here': expected an IP address"),
            (
                "accounts.team=A B",
                "accounts.team = 'A B': expected 1 to 64 characters, no blanks, quotes, '=' and ':'",
            ),
            (
                "accounts.team=A\x7f",
                "accounts.team = 'A\\x7f': expected 1 to 64 characters, no blanks, quotes, '=' and ':'",
            ),
            ("listen=no host", "listen = 'no host': expected an address such as 127.0.0.1, 0.0.0.0 or ::"),
            ("chat.tcp=tcp:70000", "chat.tcp[0] = 'tcp:70000': a port is 0 to 65535"),
            ("chat=5", "chat = 5: expected a table"),
            ("chat", "--set chat: expected key=value, for example --set chat.pace_ms=0"),
        ):
            with self.subTest(setting):
                self.assertEqual(self.refused(setting), said)

    def test_a_secret_is_not_shown_when_it_is_refused(self) -> None:
        self.assertNotIn("12345", self.refused("storage.url=12345"))

    def test_a_file_that_is_not_there_or_no_toml_is_one_line(self) -> None:
        self.assertIn("No such file", self.refused(file=Path("/nonexistent/x.toml")))
        self.assertIn("not a TOML file", self.refused(file=self.file("= 5")))

    def test_every_key_says_what_it_means(self) -> None:
        def look(kind: type, path: str) -> None:
            for field in attrs.fields(kind):
                self.assertTrue(field.metadata.get("about"), f"{path}{field.name}")
                if attrs.has(type(field.default)) or hasattr(field.default, "factory"):
                    made = field.default.factory()
                    if attrs.has(type(made)):
                        look(type(made), f"{path}{field.name}.")

        look(Config, "")

    def test_the_data_directory_follows_the_xdg_convention(self) -> None:
        self.patch(os, "environ", {"XDG_DATA_HOME": "/somewhere", "HOME": "/home/x"})
        self.assertEqual(load().data_dir, "/somewhere/gameserver")

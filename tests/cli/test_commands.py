"""The ``gameserver`` command, as an operator runs it."""

from __future__ import annotations

import contextlib
import io
import ipaddress
import json
import sqlite3
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

from cryptography import x509
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.build import build
from gameserver.cli.main import commands, main
from gameserver.errors import StartError
from gameserver.tap import Options, read_config
from tests.databases import fresh_postgresql
from tests.directories import temporary_directory
from tests.integration.server import TWISTD, Server, free_port
from tests.reactor import reactor


class AccountTests(SynchronousTestCase):
    """Commands that open the stores, each in a process of its own."""

    def setUp(self) -> None:
        self.server = Server(protocols=())

    def gameserver(self, *arguments: str, status: int = 0) -> str:
        done = self.server.run(*arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def test_accounts_are_made_listed_changed_and_banned(self) -> None:
        made = self.gameserver("user", "add", "alice", "--email", "a@b", "--password", "secret1", "--team", "Red")
        self.assertEqual(
            made,
            "alice has account 1, role player, team Red\ncan log in at chat, invoker, kassel, techmino\n",
        )
        self.assertRegex(self.gameserver("user", "list"), r"1  alice +player +Red +a@b")
        self.assertIn("alice is admin", self.gameserver("user", "role", "alice", "admin"))
        self.assertIn("new password", self.gameserver("user", "passwd", "alice", "--password", "secret2"))
        self.assertIn("e-mail address alice@x.org", self.gameserver("user", "email", "alice", "alice@x.org"))
        self.assertRegex(self.gameserver("user", "reset", "alice"), "site: /#/reset/[0-9a-f]{64}\n$")
        self.assertIn("log in again", self.gameserver("user", "revoke", "alice"))
        self.assertIn("banned", self.gameserver("user", "ban", "alice", "--reason", "spam"))
        self.assertIn("may come in", self.gameserver("user", "ban", "alice", "--lift"))

        self.assertEqual(
            self.gameserver("user", "role", "bob", "admin", status=1),
            f"gameserver: There is no account bob in {self.server.data} (--data-dir names another directory).\n",
        )
        self.assertEqual(
            self.gameserver("user", "add", "a b", "--password", "secret1", status=1),
            "gameserver: A name has 1 to 64 characters, without blanks, quotes, '=' and ':'.\n",
        )

    def test_a_course_gets_accounts_from_a_list(self) -> None:
        file = self.server.data.parent / f"{self.server.data.name}.csv"
        self.addCleanup(file.unlink)
        file.write_text("\ufeffname, email, team\nann, ann@x.org, Red\n\nbob\na b\n", "utf-8")
        done = self.server.run("user", "import", str(file))
        self.assertEqual(done.returncode, 1, "one could not be made")
        self.assertIn("line 5, a b: A name has", done.stderr)
        self.assertIn("2 accounts made, 0 were there already, 1 could not be made", done.stderr)
        header, *rows = [line.split(",") for line in done.stdout.splitlines()]
        self.assertEqual((header, [name for name, _ in rows]), (["name", "password"], ["ann", "bob"]))
        self.assertTrue(all(len(password) == 10 for _, password in rows))
        self.assertRegex(self.gameserver("user", "list"), r"ann +player +Red +ann@x.org")
        file.write_text("ann\nbob\ncarl\n")
        self.assertRegex(self.gameserver("user", "import", str(file)), r"\Aname,password\ncarl,\w{10}\n\Z")
        file.write_text("name,colour\nann,red\n")
        self.assertIn("line 1: no column colour", self.gameserver("user", "import", str(file), status=1))

    def test_what_is_kept_of_a_player_is_printed_and_deleted(self) -> None:
        for name in ("alice", "bob"):
            self.gameserver("user", "add", name, "--password", "secret1")
        self.gameserver("wallet", "credit", "alice", "12.50")
        kept = json.loads(self.gameserver("user", "export", "alice"))
        self.assertEqual((kept["account"]["name"], kept["tokens"]), ("alice", []))
        self.assertEqual(next(one["reason"] for one in kept["wallet_entries"]), "CREDIT")
        self.assertIn("no account carl", self.gameserver("user", "export", "carl", status=1))
        # Who is asked and does not answer has deleted nothing.
        self.assertIn("nothing was deleted", self.gameserver("user", "delete", "alice", status=1))
        self.assertIn("alice is deleted", self.gameserver("user", "delete", "alice", "--yes"))
        self.assertIn("no account alice", self.gameserver("user", "delete", "alice", "--yes", status=1))
        self.assertNotIn("alice", self.gameserver("user", "list"))
        self.assertIn("taken", self.gameserver("user", "add", "alice", "--password", "secret1", status=1))
        self.assertEqual(self.server.run("wallet", "audit").returncode, 0)

    def test_everything_moves_to_another_database(self) -> None:
        self.gameserver("user", "add", "alice", "--password", "secret1")
        self.gameserver("wallet", "credit", "alice", "12.50")
        url = fresh_postgresql(self)
        done = self.server.run("db", "copy", str(self.server.data / "gameserver.db"), url)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("rows copied and compared; the books balance.", done.stdout)
        self.assertRegex(done.stderr, r"accounts +1 of 1 copied\n")
        self.assertRegex(done.stderr, r"wallet_entries +\d+ compared\n")
        moved = f"--set=storage.url={url}"
        self.assertIn("alice", self.gameserver(moved, "user", "list"))
        self.assertIn("the books balance", self.gameserver(moved, "wallet", "audit"))
        self.assertIn(
            "the second database is not empty",
            self.gameserver("db", "copy", str(self.server.data / "gameserver.db"), url, status=1),
        )

    def test_a_name_that_a_protocol_has_no_place_for_is_made_and_told_so(self) -> None:
        done = self.server.run("user", "add", "李雷", "--password", "password")
        self.assertIn(
            "can log in at invoker, kassel, techmino\nnot at chat: A name has at least 4 letters", done.stdout
        )
        self.assertEqual(done.stderr, "gameserver: warning: This is a top-10 common password.\n")
        for password in ("short", "MAX-power"):
            self.gameserver("user", "add", "max-power", "--password", password, status=1)
        self.assertEqual(
            self.gameserver("user", "passwd", "李雷", "--password", "x", status=1)[:22], "gameserver: A password"
        )

    def test_names_that_are_older_than_the_policy_are_flagged(self) -> None:
        self.gameserver("user", "add", "bob", "--password", "secret1")
        self.gameserver("user", "add", "carl", "--password", "secret1")
        self.gameserver("user", "add", "dora", "--password", "secret1")
        with sqlite3.connect(self.server.data / "gameserver.db") as database:
            for name, old in (("b0b", "carl"), ("SERVER", "dora")):
                database.execute(
                    "UPDATE accounts SET name = ?, name_key = ? WHERE name = ?", (name, name.lower(), old)
                )
        database.close()
        lines = self.gameserver("user", "list").splitlines()
        remarks = [line.partition("  ! ")[2] for line in lines]
        self.assertEqual(remarks, ["", "", "looks like bob", "This name is reserved."])

    def test_bans_are_listed_and_lifted(self) -> None:
        self.assertIn("force", self.gameserver("ban", "address", "127.0.0.1", status=1))
        self.assertIn("127.0.0.1 is banned", self.gameserver("ban", "address", "127.0.0.1", "--force"))
        banned = self.gameserver("ban", "address", "2001:DB8::1", "--reason", "spam", "--minutes", "5")
        self.assertIn("2001:db8::/64 is banned", banned)
        self.gameserver("ban", "name", "10.0.0.7")
        self.assertIn("--minutes", self.gameserver("ban", "name", "carl", "--minutes", "0", status=1))
        self.assertIn("no IP address", self.gameserver("ban", "address", "localhost", status=1))
        listed = self.gameserver("ban", "list").splitlines()
        self.assertEqual(len(listed), 3)
        self.assertRegex(listed[1], r"^ban  address:2001:db8::/64  since .* UTC until .* UTC, by operator: spam$")
        for subject in ("::ffff:127.0.0.1", "2001:db8::1", "10.0.0.7"):
            self.assertIn("lifted", self.gameserver("ban", "lift", subject))
        self.assertEqual(self.gameserver("ban", "list"), "")
        self.assertIn("There is no ban", self.gameserver("ban", "lift", "10.0.0.7", status=1))

    def test_who_is_banned_gets_no_token(self) -> None:
        self.gameserver("user", "add", "alice", "--password", "secret1")
        self.gameserver("token", "alice")
        self.gameserver("user", "ban", "alice")
        self.assertEqual(self.gameserver("token", "alice", status=1), "gameserver: This player is banned.\n")

    def test_a_bot_says_where_nobody_listens(self) -> None:
        port = str(free_port())
        done = self.server.run("bot", "carcassonne", "--port", port)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"game 1: cannot connect to 127.0.0.1 port {port}: ", done.stdout)


class PlainTests(SynchronousTestCase):
    """Commands that need no reactor, in this process."""

    def setUp(self) -> None:
        self.data = str(temporary_directory())

    def gameserver(self, *arguments: str, status: int = 0) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                ended = main(["--data-dir", self.data, *arguments])
            except SystemExit as end:
                ended = int(end.code or 0)
        self.assertEqual(ended, status, out.getvalue() + err.getvalue())
        return out.getvalue() if status == 0 else err.getvalue()

    def test_mistakes_are_one_line_and_status_1(self) -> None:
        said = self.gameserver("--set", "x=1", "check-config", status=1)
        self.assertRegex(said, r"\Agameserver: x = 1: there is no such key; .*\n\Z")
        self.assertIn("usage:", self.gameserver("nonsense", status=2))

    def test_the_version_names_what_runs(self) -> None:
        line = rf"gameserver {metadata.version('gameserver')}, Python 3\.\d+\.\d+\S*, Twisted \d+\.\d+\.\d+\S*\n"
        self.assertRegex(self.gameserver("--version"), rf"\A{line}\Z")
        done = subprocess.run([*TWISTD, "--version"], capture_output=True, text=True, check=False)
        self.assertRegex(done.stdout, rf"\A{line}\Z")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_bot_s_account_needs_its_password(self) -> None:
        for half in (("--name", "anne"), ("--password", "secret")):
            self.assertIn("belong together", self.gameserver("bot", "carcassonne", *half, status=1))

    def test_check_config_prints_toml_that_can_be_used_and_hides_secrets(self) -> None:
        shown = self.gameserver("--set", "cluster.redis=redis://:secret@h", "check-config")
        self.assertNotIn("secret@", shown)
        tree = tomllib.loads(shown)
        self.assertEqual(tree["cluster"]["redis"], "(hidden)")
        self.assertEqual(tree["chat"]["pace_ms"], 40)
        self.assertNotIn("#", self.gameserver("check-config", "--brief"))
        self.assertIn("| `chat.pace_ms` | 40 |", self.gameserver("check-config", "--reference"))

    def test_check_config_refuses_what_the_start_refuses(self) -> None:
        weak = 'kwo.servers.a={command=["x"], password="short", endpoints=["tcp:9:interface=0.0.0.0"]}'
        rule = 'kwo.servers.a={command=["x"], rules=[{event="join", pattern="(?=x)"}]}'
        cases = [
            (weak, "kwo.servers.a.password: too weak for tcp:9"),
            ("kwo.servers.a={command=[]}", "kwo.servers.a.command: "),
            ('kwo.servers.a={command=["x"], encoding="utf-16"}', "kwo.servers.a.encoding = "),
            ('kwo.servers.a={command=["x"], say="hello"}', "kwo.servers.a.say = "),
            (rule, r"kwo.servers.a.rules\[0\].pattern = "),
            ("invoker.usd.min_bet=0.001", "invoker.usd.min_bet = 0.001: expected an amount"),
            ("invoker.operators.x={key='k', secret=''}", "invoker.operators.x: key and secret"),
            ("cluster.redis=nonsense", "cluster.redis: "),
            ("storage.url=foo://x", "storage.url: the database cannot be used: "),
            ("storage.url=nonsense", "storage.url: the database cannot be used: "),
            ("storage.url=postgresql+nosuch://x/y", "storage.url: the database cannot be used: "),
            ("tls.certificate=/no/such.pem", "tls.certificate and tls.private_key belong together"),
        ]
        for setting, reason in cases:
            self.assertRegex(self.gameserver("--set", setting, "check-config", status=1), rf"\Agameserver: {reason}")
            options = Options()
            options["data-dir"], options["set"] = self.data, [setting]
            with self.assertRaises(StartError) as caught:
                build(read_config(options), reactor)
            self.assertRegex(str(caught.exception), rf"\A{reason}")

    def test_the_certificate_is_shown_and_renewed(self) -> None:
        self.gameserver("cert", "renew")
        first = self.gameserver("cert")
        self.assertEqual(self.gameserver("cert", "show"), first)
        self.assertNotEqual(self.gameserver("cert", "renew", "--host", "example.org"), first)
        self.assertIn("CN=example.org", self.gameserver("cert"))
        self.gameserver("cert", "renew", "--host", "192.0.2.7")
        made = x509.load_pem_x509_certificate((Path(self.data) / "tls" / "certificate.pem").read_bytes())
        names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        self.assertIn(ipaddress.ip_address("192.0.2.7"), names.get_values_for_type(x509.IPAddress))
        self.assertEqual(names.get_values_for_type(x509.DNSName), [])

    def test_a_certificate_that_cannot_be_shown_or_made_is_one_line_and_costs_nothing(self) -> None:
        self.gameserver("cert", "renew")
        first = self.gameserver("cert")
        for host in ("m\u00fcnchen.de", "", "x" * 65):
            self.assertRegex(
                self.gameserver("cert", "renew", "--host", host, status=1),
                r"\Agameserver: '.*' cannot stand in a certificate: .*\n\Z",
            )
        self.assertEqual(self.gameserver("cert"), first)
        strange = Path(self.data) / "strange.pem"
        strange.write_text("nothing")
        for arguments, reason in (
            (("--set", "tls.certificate=/nonexistent.pem", "cert"), "/nonexistent.pem: No such file or directory"),
            (("--set", f"tls.certificate={strange}", "cert"), f"{strange}: not a certificate: .*"),
            (("--set", f"tls.certificate={strange}", "cert", "renew"), "tls.certificate is set; .*"),
            (("--data-dir", str(strange), "cert"), f"{strange}: there is no server's data here; .*"),
            (("--data-dir", str(strange), "cert", "renew"), f"data_dir = {strange}: .*"),
        ):
            self.assertRegex(self.gameserver(*arguments, status=1), rf"\Agameserver: {reason}\n\Z")

    def test_every_command_explains_itself(self) -> None:
        overview = self.gameserver("--help")
        for command in commands():
            self.assertIn(command.NAME, overview)
            self.assertIn("usage:", self.gameserver(command.NAME, "--help"))

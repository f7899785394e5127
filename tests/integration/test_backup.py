"""Backups of a running server, and the way back, also when they are cut short."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.databases import fresh_postgresql
from tests.directories import temporary_directory
from tests.integration.chat_socket import ChatSocket
from tests.integration.commands import environment, gameserver
from tests.integration.kassel_player import Player
from tests.integration.server import PATIENCE, Server

COMMAND = (sys.executable, "-c", "import sys; from gameserver.cli.main import main; sys.exit(main())")

#: How often a backup and a restore are cut short.
CUTS = 4


def commanded(*arguments: str) -> str:
    """Run a command that has to succeed; return what it prints."""
    done = gameserver(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(*arguments: str) -> str:
    """Run a command that has to be refused; return its one line."""
    done = gameserver(*arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def cut_short(seconds: float, *arguments: str) -> int:
    """Kill a command after so long; return its status."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=-3, stderr=-3, env=environment(), start_new_session=True
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


class Registering(threading.Thread):
    """Registers people at the chat one after the other, until it is told to stop; ``confirmed`` are their names."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self.stopped = threading.Event()
        self.confirmed: list[str] = []

    def run(self) -> None:
        while not self.stopped.is_set():
            name = f"user{'abcdefghij'[len(self.confirmed) // 26 % 10]}{chr(97 + len(self.confirmed) % 26)}"
            client = ChatSocket(self._port)
            client.send(Command="02", Name=name, Password="secret1")
            if client.receive()["Flag"]:
                self.confirmed.append(name)
            client.close()
            time.sleep(0.01)


class BackupTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = Server(("chat.tcp", "kassel.ss14"), ("accounts.registrations_per_address=100000",)).start()
        self.addCleanup(self.server.kill)
        self.folder = temporary_directory()
        self.file = self.folder / "saved.tar.gz"

    def save(self) -> None:
        commanded("--data-dir", str(self.server.data), "backup", str(self.file))

    def test_what_was_confirmed_is_back_though_both_ways_were_cut_short(self) -> None:
        anne = self.play()
        people = Registering(self.server.ports["chat.tcp"])
        people.start()
        chance = random.Random(19)
        data, backup = ("--data-dir", str(self.server.data)), ("backup", str(self.file))
        for _ in range(CUTS):
            cut_short(chance.uniform(0.2, 1.2), *data, *backup)
            if self.file.exists():
                commanded("backup", "--check", str(self.file))
        before = list(people.confirmed)
        self.assertIn("the books in it balance", commanded(*data, *backup))
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["saved.tar.gz"])
        people.stopped.set()
        people.join(PATIENCE)
        self.assertIn("a server runs on it", refused(*data, "restore", str(self.file), "--force"))
        token = commanded(*data, "token", "anne").strip()
        self.server.kill()
        anne.close()
        self.assertIn("is not empty; --force", refused(*data, "restore", str(self.file)))

        target = self.folder / "new"
        again = ("--data-dir", str(target), "restore", "--force", str(self.file))
        cuts = 0
        for _ in range(CUTS):
            cut_short(chance.uniform(0.3, 0.8), *again)
            if (target / "restoring").exists():
                cuts += 1
                for command in (
                    ("user", "list"),
                    ("wallet", "audit"),
                    ("user", "add", "eve", "--password", "secret1"),
                ):
                    self.assertIn("was cut short", refused("--data-dir", str(target), *command))
        self.assertIn("is back", commanded(*again))
        listed = commanded("--data-dir", str(target), "user", "list")
        self.assertEqual([name for name in before if f" {name} " not in listed], [])
        self.assertIn("balance", commanded("--data-dir", str(target), "wallet", "audit"))
        self.assertEqual(commanded("--data-dir", str(target), "token", "anne").count("."), token.count("."))

        server = Server(("chat.tcp", "kassel.ss14"), data=target).start()
        self.addCleanup(server.kill)
        player = Player(server.ports["kassel.ss14"])
        self.addCleanup(player.close)
        self.assertEqual(player.ask("LOGIN anne secret1")[-1], "OK")
        self.assertTrue(player.join("g"), "the match goes on")

    def play(self) -> Player:
        """Return anne, in a game that has begun."""
        players = []
        for name in ("anne", "bob"):
            commanded("--data-dir", str(self.server.data), "user", "add", name, "--password", "secret1")
            player = Player(self.server.ports["kassel.ss14"])
            self.addCleanup(player.close)
            self.assertEqual(player.ask(f"LOGIN {name} secret1")[-1], "OK")
            players.append(player)
        players[0].ask("CREATE GAME g -maxPlayers 2")
        for player in players:
            player.join("g")
        players[0].order("START_GAME")
        players[0].until("USER_MESSAGE", "OK - drawCard")
        return players[0]

    def test_it_moves_from_one_kind_of_database_to_the_other(self) -> None:
        data = str(self.server.data)
        commanded("--data-dir", data, "user", "add", "anne", "--password", "secret1")
        commanded("--data-dir", data, "wallet", "credit", "anne", "12.50")
        self.save()
        url = f"--set=storage.url={fresh_postgresql(self)}"
        first, second = str(self.folder / "first"), str(self.folder / "second")
        commanded("--data-dir", first, url, "restore", str(self.file))
        self.assertIn("is not empty", refused("--data-dir", first, url, "restore", str(self.file)))
        commanded("--data-dir", first, url, "restore", "--force", str(self.file))
        self.assertIn("anne", commanded("--data-dir", first, url, "user", "list"))
        back = str(self.folder / "back.tar.gz")
        commanded("--data-dir", first, url, "backup", back)
        commanded("--data-dir", second, "restore", back)
        self.assertIn("balance", commanded("--data-dir", second, "wallet", "audit"))
        for name in ("secrets/seeds", "node"):
            self.assertEqual((Path(second) / name).read_bytes(), (Path(data) / name).read_bytes())

    def test_a_damaged_file_is_refused_and_leaves_everything_as_it_is(self) -> None:
        self.save()
        whole = self.file.read_bytes()
        target = self.folder / "new"
        chance = random.Random(1)
        spoiled = [whole[: len(whole) // 2], whole[:-20], b"", b"no tar"]
        for _ in range(5):
            at = chance.randrange(40, len(whole) - 8)
            spoiled.append(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        for content in spoiled:
            self.file.write_bytes(content)
            for command in (("backup", "--check"), ("restore",)):
                self.assertIn(str(self.file), refused("--data-dir", str(target), *command, str(self.file)))
        self.assertIn("No such file", refused("backup", "--check", str(self.folder / "nothing")))
        self.assertFalse((target / "gameserver.db").exists())

    def test_a_file_that_somebody_has_made_writes_nowhere_else(self) -> None:
        for name in ("../outside", "/tmp/outside", "secrets/../../outside", "a/b/c"):
            with tarfile.open(self.file, "w:gz") as tar:
                member = tarfile.TarInfo(name)
                member.size = 4
                tar.addfile(member, io.BytesIO(b"evil"))
            self.assertIn("does not belong there", refused("restore", str(self.file)))

    def test_one_of_a_newer_version_is_refused(self) -> None:
        self.save()
        other = self.folder / "newer.tar.gz"
        with tarfile.open(self.file) as tar, tarfile.open(other, "w:gz") as newer:
            for member in tar:
                content = tar.extractfile(member)
                assert content is not None
                data = content.read()
                if member.name == "manifest.json":
                    data = json.dumps(json.loads(data) | {"schema": "9999", "version": "99.0"}).encode()
                    member.size = len(data)
                newer.addfile(member, io.BytesIO(data))
        said = refused("--data-dir", str(self.folder / "new"), "restore", str(other))
        self.assertIn("of version 99.0, with schema 9999, which this one does not know", said)

    def test_in_a_directory_they_are_named_by_the_time_and_the_last_are_kept(self) -> None:
        for number in range(1, 4):
            (self.folder / f"gameserver-2026010{number}-000000.tar.gz").touch()
        (self.folder / "notes.txt").touch()
        said = commanded("--data-dir", str(self.server.data), "backup", str(self.folder), "--keep", "2")
        self.assertEqual(said.count("deleted"), 2)
        names = sorted(path.name for path in self.folder.iterdir())
        self.assertEqual(names[0], "gameserver-20260103-000000.tar.gz")
        self.assertEqual(len(names), 3)
        noted = json.loads((self.server.data / "backup.json").read_text())
        self.assertEqual(noted["file"], str(self.folder / names[1]))


class NothingThereTests(SynchronousTestCase):
    """A mistyped directory makes nothing."""

    READING = (
        ("user", "list"),
        ("user", "passwd", "anne", "--password", "secret1"),
        ("user", "role", "anne", "admin"),
        ("user", "email", "anne", "a@b"),
        ("user", "reset", "anne"),
        ("user", "revoke", "anne"),
        ("user", "export", "anne"),
        ("user", "delete", "anne", "--yes"),
        ("user", "ban", "anne"),
        ("ban", "list"),
        ("ban", "lift", "anne"),
        ("cert",),
        ("cert", "show"),
        ("drain",),
        ("token", "anne"),
        ("wallet", "audit"),
        ("wallet", "credit", "anne", "1"),
        ("wallet", "debit", "anne", "1"),
        ("map", "list"),
        ("backup", "saved.tar.gz"),
    )

    def test_commands_that_read_make_no_directory(self) -> None:
        missing = temporary_directory() / "mistyped"
        for command in self.READING:
            self.assertIn(
                f"{missing}: there is no server's data here", refused("--data-dir", str(missing), *command), command
            )
            self.assertFalse(missing.exists(), command)
        empty = temporary_directory()
        for command in self.READING:
            self.assertIn("there is no server's data here", refused("--data-dir", str(empty), *command), command)
            self.assertEqual(list(empty.iterdir()), [], command)

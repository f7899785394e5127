"""What an operator does first: `init`, `check-config`, `doctor`, `run`."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.parts import config_class
from gameserver.config import ConfigError, load
from gameserver.config.option import build
from gameserver.config.schema import schema
from tests.databases import fresh_postgresql
from tests.directories import temporary_directory
from tests.integration.commands import environment, gameserver
from tests.integration.server import PATIENCE, Server, free_port

COMMAND = (sys.executable, "-c", "import sys; from gameserver.cli.main import main; sys.exit(main())")

EXAMPLES = Path(__file__).parents[2] / "examples"


class InitTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.file = temporary_directory() / "g.toml"

    def made(self) -> dict[str, Any]:
        """Return what has been written, which the server would start with."""
        checked = gameserver("--config", str(self.file), "check-config", "--brief")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        return tomllib.loads(self.file.read_text("utf-8"))

    def test_the_defaults_need_no_answer(self) -> None:
        done = gameserver("init", str(self.file), "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            self.made(), {"listen": "127.0.0.1", "name": "gameserver", "accounts": {"registration": True}}
        )
        self.assertIn("# whether people may register themselves\nregistration = true\n", self.file.read_text())
        self.assertIn("--force", gameserver("init", str(self.file), "--yes").stderr)
        self.assertEqual(gameserver("init", str(self.file), "--yes", "--force").returncode, 0)

    def test_answers_may_stand_on_the_command_line(self) -> None:
        given = (
            "--name",
            "Kurs 2026",
            "--who",
            "everybody",
            "--accounts",
            "operators",
            "--protocols",
            "kassel, chat",
        )
        done = gameserver("init", str(self.file), "--yes", *given)
        self.assertIn("cert renew --host localhost", done.stdout)
        made = self.made()
        self.assertEqual((made["listen"], made["name"]), ("0.0.0.0", "Kurs 2026"))
        self.assertFalse(made["accounts"]["registration"])
        self.assertEqual(made["techmino"]["endpoints"], [])
        self.assertNotIn("kassel", made)
        self.assertNotIn("web", made)

    def test_wrong_answers_are_one_line(self) -> None:
        for answer, reason in (
            (("--who", "nobody"), "expected one of machine, network, everybody"),
            (("--protocols", "chat gopher"), "there is no gopher; there are chat, "),
            (("--host", "a b"), "expected an address"),
            (("--name", "a\nb"), "one line"),
        ):
            done = gameserver("init", str(self.file), "--yes", *answer)
            self.assertEqual(done.returncode, 1)
            self.assertIn(reason, done.stderr)
            self.assertFalse(self.file.exists())

    def ran(self, typed: str, **streams: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, "init", str(self.file)],
            input=typed,
            env=environment(),
            timeout=PATIENCE,
            capture_output=True,
            text=True,
            **streams,
        )

    def test_it_reads_a_pipe(self) -> None:
        done = self.ran("Hall\nwhat?\nnetwork\n\n\nchat\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("expected one of machine", done.stdout)
        self.assertEqual((self.made()["name"], self.made()["listen"]), ("Hall", "0.0.0.0"))
        self.file.unlink()
        self.assertEqual(self.ran("").returncode, 0, "at the end of the input the rest has its default")

    def test_it_asks_at_a_terminal(self) -> None:
        keyboard, terminal = pty.openpty()
        self.addCleanup(os.close, keyboard)
        command = [*COMMAND, "init", str(self.file)]
        with subprocess.Popen(
            command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment()
        ) as process:
            os.close(terminal)
            said = b""
            for question, answer in (
                (b"called?", b"Hall"),
                (b"come", b""),
                (b"find", b""),
                (b"makes", b""),
                (b"Which", b""),
            ):
                while question not in said or not said.rstrip().endswith(b"]"):
                    said += os.read(keyboard, 1000)
                os.write(keyboard, answer + b"\n")
                said = b""
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(self.made()["name"], "Hall")


class SchemaTests(SynchronousTestCase):
    """What an editor says of a file is what the server says of it."""

    kind = config_class()
    validator = Draft202012Validator(schema(kind))

    def agree(self, values: dict[str, Any]) -> bool:
        """Return whether both accept; what only the server can see is not asked here."""
        try:
            build(self.kind, values)
            accepted = True
        except ConfigError:
            accepted = False
        self.assertEqual(self.validator.is_valid(values), accepted, values)
        return accepted

    def test_the_schema_is_one_and_the_examples_are_valid(self) -> None:
        Draft202012Validator.check_schema(self.validator.schema)
        files = sorted(EXAMPLES.glob("*/*.toml"))
        files = [file for file in files if file.name != "pyproject.toml"]
        self.assertGreaterEqual(len(files), 4)
        for file in files:
            self.assertTrue(self.agree(tomllib.loads(file.read_text("utf-8"))), file)

    def test_it_finds_what_the_server_finds(self) -> None:
        wrong: tuple[dict[str, Any], ...] = (
            {"chat": {"pace_ms": "fast"}},
            {"chat": {"pace_ms": -1}},
            {"log": {"format": "xml"}},
            {"unknown": 1},
            {"limits": []},
            {"name": 5},
            {"kwo": {"servers": {"a": {"colour": 1}}}},
        )
        for values in wrong:
            self.assertFalse(self.agree(values), values)
        self.assertTrue(self.agree({"kwo": {"servers": {"a": {"command": ["sh"]}}}}))

    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from(("burst", "login_delay", "hash_threads", "messages_per_second", "nothing")),
        st.one_of(
            st.booleans(), st.integers(-10, 10**7), st.floats(-5, 1e6).filter(lambda x: x % 1), st.text(max_size=3)
        ),
    )
    def test_both_agree_on_whatever_is_set(self, key: str, value: object) -> None:
        self.agree({"limits": {key: value}})


class DifferenceTests(SynchronousTestCase):
    def test_only_what_was_set_is_shown(self) -> None:
        self.assertEqual(gameserver("check-config", "--diff").stdout, "")
        done = gameserver("--set", "chat.pace_ms=0", "--set", "kwo.hub.password=abc", "check-config", "--diff")
        self.assertEqual(done.stdout, 'chat.pace_ms = 0  # 40\nkwo.hub.password = "(hidden)"  # ""\n')
        file = temporary_directory() / "other.toml"
        file.write_text('listen = "0.0.0.0"\n[chat]\npace_ms = 5\n')
        done = gameserver("--set", "chat.pace_ms=0", "check-config", "--diff", str(file))
        self.assertIn("chat.pace_ms = 0  # 5\n", done.stdout)
        self.assertIn('listen = "127.0.0.1"  # "0.0.0.0"\n', done.stdout)


class DoctorTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = Server(("chat.tcp", "chat.tls"))
        self.addCleanup(self.server.kill)

    def findings(self, *more: str, status: int | None = None) -> dict[str, list[dict[str, str]]]:
        """Return what is found, by subject."""
        sets = [f"--set={setting}" for setting in (*self.server.settings, *more)]
        done = self.server.run(*sets, "doctor", "--json")
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        found: dict[str, list[dict[str, str]]] = {}
        for line in done.stdout.splitlines():
            one = json.loads(line)
            found.setdefault(one["subject"], []).append(one)
        return found

    def level(self, subject: str, *more: str) -> str:
        return self.findings(*more)[subject][0]["level"]

    def test_before_the_first_start_it_makes_nothing(self) -> None:
        missing = temporary_directory() / "nothing"
        done = gameserver("--data-dir", str(missing), "doctor")
        self.assertEqual(done.returncode & ~1, 0 if done.returncode < 2 else 2, done.stdout)
        self.assertFalse(missing.exists())
        self.assertIn("start the server once", done.stdout)

    def test_a_running_server_is_well(self) -> None:
        self.server.start()
        self.assertEqual(self.server.run("backup", str(self.server.data / "b.tar.gz")).returncode, 0)
        found = self.findings()
        wrong = [one for ones in found.values() for one in ones if one["level"] == "wrong"]
        self.assertEqual(wrong, [])
        self.assertEqual([one["level"] for one in found["port"]], ["ok", "ok"])
        self.assertIn("answers at 127.0.0.1", found["port"][0]["text"])
        self.assertEqual(found["backup"][0]["level"], "ok")
        self.assertIn("self-signed", found["certificate"][0]["text"])
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGSTOP)
        self.server.ports["chat.tcp"] = free_port()
        self.server.process.send_signal(signal.SIGCONT)
        said = self.findings(status=2)["port"][0]
        self.assertEqual(said["level"], "wrong")
        self.assertIn("does not answer", said["text"])

    def test_what_is_broken_is_found(self) -> None:
        self.server.start()
        self.server.stop()
        data = self.server.data
        self.assertEqual(self.findings()["server"][0]["text"], "none runs on this data directory")
        with socket.socket() as other:
            other.bind(("127.0.0.1", self.server.ports["chat.tcp"]))
            other.listen()
            said = self.findings(status=2)["port"][0]
            self.assertIn("cannot be had: Address already in use", said["text"])
            self.assertIn("ss -ltnp", said["remedy"])
        self.assertEqual(self.level("backup"), "warning")
        (data / "backup.json").write_text('{"made": "2020-01-01T00:00:00Z", "file": "/x", "bytes": 1}')
        self.assertIn("days old", self.findings()["backup"][0]["text"])
        self.assertEqual(self.level("Redis", f"cluster.redis=redis://127.0.0.1:{free_port()}"), "wrong")
        nobody = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/x"
        self.assertEqual(self.level("database", f"storage.url={nobody}"), "wrong")
        self.assertEqual(self.level("open files", "limits.connections=2000000000"), "warning")
        data.chmod(0o755)
        self.assertEqual(self.level("data directory"), "warning")
        data.chmod(0o700)
        (data / "restoring").write_text("/backup/x.tar.gz\n")
        self.assertIn("cut short", self.findings(status=2)["data directory"][0]["text"])
        (data / "restoring").unlink()
        expired = data / "tls" / "certificate.pem"
        expired.write_text("nothing")
        self.assertEqual(self.level("certificate"), "wrong")
        self.assertEqual(self.level("configuration", "tls.certificate=/x"), "wrong")

    def test_databases_elsewhere_are_asked(self) -> None:
        url = f"storage.url={fresh_postgresql(self)}"
        found = self.findings(url)
        self.assertEqual(found["database"][0]["text"], "is empty")
        self.assertIn("the database's agrees", found["clock"][0]["text"])

    def test_too_few_descriptors_are_a_warning(self) -> None:
        def few() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

        done = subprocess.run(
            [*COMMAND, "--data-dir", str(self.server.data), "doctor"],
            preexec_fn=few,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        self.assertIn("at most 256 here", done.stdout)
        self.assertIn("LimitNOFILE", done.stdout)


class RunTests(SynchronousTestCase):
    def test_the_command_is_the_server(self) -> None:
        program = (sys.executable, "-c", "from gameserver.cli.main import main; main()")
        server = Server(("chat.tcp",), data=temporary_directory())
        sets = [f"--set={setting}" for setting in server.settings]
        command = [*program, "--data-dir", str(server.data), *sets, "run", "--listen", "127.0.0.1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
            assert process.stdout is not None
            deadline = time.monotonic() + PATIENCE
            while "gameserver ready" not in process.stdout.readline():
                self.assertLess(time.monotonic(), deadline)
            socket.create_connection(("127.0.0.1", server.ports["chat.tcp"])).close()
            process.send_signal(signal.SIGTERM)
            process.stdout.read()
            self.assertEqual(process.wait(PATIENCE), 0)

    def test_what_is_wrong_is_said_once(self) -> None:
        done = gameserver("--set", "chat.pace_ms=-1", "run")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1)
        with self.assertRaises(ConfigError):
            load(config_class(), settings=["chat.pace_ms=-1"])


class CompletionTests(SynchronousTestCase):
    def test_bash_completes_commands_and_options(self) -> None:
        script = gameserver("completion", "bash").stdout
        file = temporary_directory() / "gameserver.bash"
        file.write_text(script)
        ask = (
            f". {file}; COMP_WORDS=(gameserver ba); COMP_CWORD=1; COMP_LINE='gameserver ba'; "
            'COMP_POINT=13; _shtab_gameserver; echo "${COMPREPLY[@]}"'
        )
        done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(sorted(done.stdout.split()), ["backup", "ban"], done.stderr)
        for shell in ("zsh", "tcsh"):
            self.assertIn("gameserver", gameserver("completion", shell).stdout)

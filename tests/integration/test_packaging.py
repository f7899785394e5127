"""A wheel in an empty environment gives a working server, from any directory."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import venv
import zipfile
from functools import cache
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.directories import temporary_directory
from tests.integration.commands import environment
from tests.integration.server import DOORS, PATIENCE, free_port

ROOT = Path(__file__).resolve().parents[2]


#: What is in a working tree and no source.
NOT_SOURCE = (".*", "data", "build", "dist", "_build", "*.egg-info", "__pycache__", "_trial_temp*", "node_modules")


def run(*command: str, directory: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    # Trial's workers find our packages by PYTHONPATH; an empty environment must not.
    clean = {key: value for key, value in environment().items() if key != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=timeout, check=False, env=clean
    )


@cache
def wheel(project: Path) -> Path:
    """Return the wheel of a project, built once."""
    place = temporary_directory()
    # A copy, because building leaves files behind, and takes along what an earlier build has left.
    source = place / "source"
    shutil.copytree(project, source, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    built = run(sys.executable, "-m", "build", "--wheel", "--outdir", str(place), str(source), directory=str(place))
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = place.glob("*.whl")
    return found


@cache
def installation() -> Path:
    """Return the programs of an environment that was empty before our wheel was installed there, made once."""
    home = temporary_directory() / "venv"
    venv.create(home, with_pip=True)
    installed = run(str(home / "bin" / "pip"), "install", "--quiet", str(wheel(ROOT)), directory=str(home))
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return home / "bin"


class WheelTests(SynchronousTestCase):
    timeout = 900

    def test_a_wheel_has_what_the_server_needs_and_nothing_else(self) -> None:
        names = zipfile.ZipFile(wheel(ROOT)).namelist()
        self.assertIn("twisted/plugins/gameserver_plugin.py", names)
        self.assertNotIn("twisted/plugins/__init__.py", names)
        for file in (
            "storage/migrations/versions/0001_accounts.py",
            "web/static/index.html",
            "games/catan/maps/map_lake.map",
            "py.typed",
        ):
            self.assertIn(f"gameserver/{file}", names)
        self.assertFalse([name for name in names if name.startswith(("tests/", "bench/", "examples/"))])

    def started(self, *settings: str) -> tuple[subprocess.Popen[str], str]:
        """Start a server with no open port but those that are set; return it, ready, and its data directory."""
        data = str(temporary_directory())
        closed = [f"--set={key}=[]" for key in DOORS]
        command = [str(installation() / "twistd"), "--pidfile=", "-n", "gameserver", "--data-dir", data, *closed]
        process = subprocess.Popen(
            [*command, *(f"--set={setting}" for setting in settings)],
            cwd="/",
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.addCleanup(process.kill)
        assert process.stdout is not None
        self.addCleanup(process.stdout.close)
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "gameserver ready" in line:
                return process, data
        raise AssertionError("".join(lines))

    def stopped(self, process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, output)

    def install(self, example: str) -> None:
        """Install an example from its wheel, beside the server as that is, until the end of the test."""
        pip = str(installation() / "pip")
        package = str(wheel(ROOT / "examples" / example))
        installed = run(pip, "install", "--quiet", "--no-index", package, directory="/")
        self.assertEqual(installed.returncode, 0, installed.stdout + installed.stderr)
        self.addCleanup(run, pip, "uninstall", "--quiet", "--yes", f"gameserver-{example}", directory="/")

    def test_it_starts_the_server_from_any_directory(self) -> None:
        process, data = self.started()
        self.stopped(process)
        command = run(str(installation() / "gameserver"), "--data-dir", data, "user", "list", directory="/")
        self.assertEqual(command.returncode, 0, command.stderr)

    def test_a_client_of_every_protocol_comes_in(self) -> None:
        done = run(sys.executable, str(ROOT / ".ci" / "acceptance.py"), str(installation()), directory="/")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("stopped in order; the books balance", done.stdout)

    def test_a_game_of_a_package_of_its_own_is_played(self) -> None:
        self.install("nim")
        port = free_port()
        process, data = self.started(f'kassel.nim=["tcp:{port}:interface=127.0.0.1"]')
        program = str(installation() / "gameserver")
        bots = run(program, "--data-dir", data, "bot", "nim", "--port", str(port), directory="/")
        self.assertEqual(bots.returncode, 0, bots.stdout + bots.stderr)
        self.assertRegex(bots.stdout, r"^game 1: bots-[0-9a-f]+: tempUser\d+ won of .* 0 refused, ")
        self.stopped(process)

    def test_a_protocol_of_a_package_of_its_own_is_spoken(self) -> None:
        self.install("ircd")
        port = free_port()
        setting = f'ircd.tcp=["tcp:{port}:interface=127.0.0.1"]'
        process, data = self.started(setting)
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client, client.makefile() as lines:
            client.sendall(b"NICK anne\r\nUSER anne 0 * :Anne\r\nJOIN #public\r\n")
            heard = list(iter(lambda: lines.readline().strip(), ":gameserver 366 anne #public :That is all."))
            self.assertIn(":gameserver 001 anne :Welcome to the community.", heard)
            self.assertIn(":gameserver 353 anne = #public :anne", heard)
            self.stopped(process)
            self.assertEqual(lines.read().splitlines()[-1], "ERROR :The server is stopping.")
        program = str(installation() / "gameserver")
        shown = run(program, "--data-dir", data, "check-config", directory="/")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn('[ircd]\n# where IRC clients connect\ntcp = ["tcp:6667:interface=127.0.0.1"]\n', shown.stdout)

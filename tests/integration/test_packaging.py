"""A wheel in an empty environment gives a working server, from any directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.directories import temporary_directory
from tests.integration.server import DOORS, environment

ROOT = Path(__file__).resolve().parents[2]


#: What is in a working tree and no source.
NOT_SOURCE = (".*", "data", "build", "dist", "_build", "*.egg-info", "__pycache__", "_trial_temp*", "node_modules")


def run(*command: str, directory: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    # Trial's workers find our packages by PYTHONPATH; an empty environment must not.
    clean = {key: value for key, value in environment().items() if key != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=timeout, check=False, env=clean
    )


class WheelTests(SynchronousTestCase):
    timeout = 900

    def test_a_wheel_in_an_empty_environment_starts_the_server(self) -> None:
        place = str(temporary_directory())
        # A copy, because building leaves files behind, and takes along what an earlier build has left.
        source = os.path.join(place, "source")
        shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*NOT_SOURCE))
        built = run(sys.executable, "-m", "build", "--wheel", "--outdir", place, source, directory=place)
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        (wheel,) = Path(place).glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        self.assertIn("twisted/plugins/gameserver_plugin.py", names)
        self.assertNotIn("twisted/plugins/__init__.py", names)
        for file in (
            "storage/migrations/versions/0001_accounts.py",
            "web/static/index.html",
            "games/catan/maps/map_lake.map",
            "py.typed",
        ):
            self.assertIn(f"gameserver/{file}", names)
        self.assertFalse([name for name in names if name.startswith(("tests/", "bench/"))])

        home = Path(place) / "venv"
        venv.create(home, with_pip=True)
        installed = run(str(home / "bin" / "pip"), "install", "--quiet", str(wheel), directory=place)
        self.assertEqual(installed.returncode, 0, installed.stdout + installed.stderr)
        program = (
            "import os, signal, subprocess, sys\n"
            "process = subprocess.Popen([sys.argv[1], '--pidfile=', '-n', 'gameserver', '--data-dir', sys.argv[2],\n"
            "    *['--set=%s=[]' % key for key in sys.argv[3:]]], stdout=subprocess.PIPE, text=True)\n"
            "for line in process.stdout:\n"
            "    if 'gameserver ready' in line:\n"
            "        process.send_signal(signal.SIGTERM)\n"
            "sys.exit(process.wait())\n"
        )
        data = os.path.join(place, "data")
        started = run(
            str(home / "bin" / "python"), "-c", program, str(home / "bin" / "twistd"), data, *DOORS, directory="/"
        )
        self.assertEqual(started.returncode, 0, started.stdout + started.stderr)
        command = run(str(home / "bin" / "gameserver"), "--data-dir", data, "user", "list", directory="/")
        self.assertEqual(command.returncode, 0, command.stderr)

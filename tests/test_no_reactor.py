"""No module may choose a reactor while it is imported: that choice is the command line's."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

import gameserver


class ImportTests(SynchronousTestCase):
    def test_importing_everything_installs_no_reactor(self) -> None:
        names = [module.name for module in pkgutil.walk_packages(gameserver.__path__, "gameserver.")]
        names = [name for name in names if ".migrations." not in name and not name.endswith("__main__")]
        program = (
            "import importlib, sys\n"
            f"for name in {names!r}:\n"
            "    importlib.import_module(name)\n"
            "    assert 'twisted.internet.reactor' not in sys.modules, name\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

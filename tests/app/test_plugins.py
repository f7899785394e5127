"""What installed distributions add: found by entry points, and refused with one line that names the distribution."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.app import parts
from gameserver.app.parts import config_class, installed_parts
from gameserver.app.plugins import PROTOCOLS, load
from gameserver.edge.part import Part
from gameserver.errors import StartError
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE, TWISTD, environment

GOOD = """\
import attrs
from gameserver.edge.part import Part, RunningPart

@attrs.frozen
class Section:
    '''Nothing to set.'''

PART = Part("extra", Section, lambda context, section: RunningPart())
"""


def distribution(directory: Path, name: str, module: str, text: str, *points: str) -> None:
    """Write a distribution as an installer leaves it: a module and what is known of it."""
    (directory / f"{module}.py").write_text(text)
    info = directory / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("\n".join(["[gameserver.protocols]", *points, ""]))


class LoadingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.directory = temporary_directory()
        sys.path.insert(0, str(self.directory))
        self.addCleanup(sys.path.remove, str(self.directory))

    def refused(self, name: str, module: str, text: str, *points: str) -> str:
        distribution(self.directory, name, module, text, *points)
        error = self.assertRaises(StartError, load, PROTOCOLS, "protocol", Part)
        self.assertNotIn("\n", str(error))
        return str(error)

    def test_ours_are_found_like_everybody_elses(self) -> None:
        distribution(self.directory, "extra-protocol", "extra_protocol", GOOD, "extra = extra_protocol:PART")
        found = load(PROTOCOLS, "protocol", Part)
        self.assertEqual(set(found) - {"extra"}, {"chat", "invoker", "kassel", "kwo", "techmino"})
        self.assertEqual(found["extra"].name, "extra")

    def test_one_that_cannot_be_imported_is_named_with_its_distribution(self) -> None:
        told = self.refused("broken", "broken_one", "import no_such_module\n", "extra = broken_one:PART")
        self.assertIn("the protocol extra of the distribution broken 1.2 cannot be loaded: ModuleNotFoundError", told)

    def test_what_is_none_is_refused(self) -> None:
        told = self.refused("none", "none_one", "PART = 5\n", "extra = none_one:PART")
        self.assertIn(
            "the protocol extra of the distribution none 1.2 cannot be loaded: none_one:PART is no Part", told
        )

    def test_a_name_that_is_taken_is_refused(self) -> None:
        text = GOOD.replace('"extra"', '"chat"')
        told = self.refused("zzz", "second_chat", text, "chat = second_chat:PART")
        self.assertIn("the protocol chat of the distribution zzz 1.2 cannot be loaded: gameserver", told)

    def test_the_name_of_the_entry_is_the_parts(self) -> None:
        self.patch(parts, "load", lambda *asked: {"other": installed_parts()["chat"]})
        error = self.assertRaises(StartError, installed_parts.__wrapped__)
        self.assertEqual(str(error), "the protocol chat is registered as other: both must be the same")

    def test_every_part_has_a_section_of_its_name(self) -> None:
        config = config_class()()
        for name, part in installed_parts().items():
            self.assertIsInstance(config.section(part.section), part.section)
            self.assertIs(getattr(config, name), config.section(part.section))


class StartTests(SynchronousTestCase):
    def test_a_broken_one_ends_the_start_and_every_command_with_one_line(self) -> None:
        directory = temporary_directory()
        distribution(directory, "broken", "broken_one", "raise OSError('no\\nlicence')\n", "extra = broken_one:PART")
        path = os.pathsep.join([str(directory), str(Path(__file__).resolve().parents[2])])
        line = "gameserver: the protocol extra of the distribution broken 1.2 cannot be loaded: OSError: no licence"
        command = (sys.executable, "-c", "import sys; from gameserver.cli.main import main; sys.exit(main())", "user")
        for program in ((*TWISTD, "--data-dir", str(directory / "data")), (*command, "list")):
            ended = subprocess.run(
                program,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
                env=environment() | {"PYTHONPATH": path},
            )
            self.assertEqual((ended.returncode, ended.stderr.strip().splitlines()[-1:]), (1, [line]), ended.stdout)
            self.assertNotIn("Traceback", ended.stderr)

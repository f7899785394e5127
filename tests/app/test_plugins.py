"""What installed distributions add: found by entry points, and refused with one line that names the distribution."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.app.games import installed_kinds
from gameserver.app.parts import config_class, installed_parts
from gameserver.app.plugins import GAMES, PROTOCOLS, load
from gameserver.edge.part import Part
from gameserver.errors import StartError
from gameserver.games.kind import Kind
from gameserver.protocols.kassel.config import with_seasons
from tests.directories import temporary_directory
from tests.integration.commands import environment
from tests.integration.server import PATIENCE, TWISTD

GOOD = """\
import attrs
from gameserver.edge.part import Part, RunningPart

@attrs.frozen
class Section:
    '''Nothing to set.'''

PART = Part("extra", Section, lambda context, section: RunningPart())
"""


def distribution(directory: Path, name: str, module: str, text: str, *points: str, group: str = PROTOCOLS) -> None:
    """Write a distribution as an installer leaves it: a module and what is known of it."""
    (directory / f"{module}.py").write_text(text)
    info = directory / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("\n".join([f"[{group}]", *points, ""]))


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
        told = self.refused("misnamed", "misnamed_one", GOOD, "other = misnamed_one:PART")
        self.assertIn(
            "the protocol other of the distribution misnamed 1.2 cannot be loaded: it calls itself extra", told
        )

    def test_every_part_has_a_section_of_its_name(self) -> None:
        config = config_class()()
        for name, part in installed_parts().items():
            self.assertIsInstance(config.section(part.section), part.section)
            self.assertIs(getattr(config, name), config.section(part.section))


class GameTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.directory = temporary_directory()
        sys.path.insert(0, str(self.directory))
        self.addCleanup(sys.path.remove, str(self.directory))
        # A copy of a game of ours that only has names of its own.
        self.text = (
            "import attrs\n"
            "from gameserver.games.carcassonne.kind import KIND as OURS\n"
            "KIND = attrs.evolve(OURS, name={name!r}, season=attrs.evolve(OURS.season, name={season!r}, port=None))\n"
        )

    def kinds(self, module: str, text: str, point: str) -> Mapping[str, Kind[Any]]:
        distribution(self.directory, module.replace("_", "-"), module, text, point, group=GAMES)
        return installed_kinds.__wrapped__()

    def refused(self, module: str, text: str, point: str) -> str:
        with self.assertRaises(StartError) as caught:
            with_seasons(self.kinds(module, text, point))
        self.assertNotIn("\n", str(caught.exception))
        return str(caught.exception)

    def test_a_game_brings_its_season_with_a_key_of_its_own(self) -> None:
        found = self.kinds("other_game", self.text.format(name="other", season="lent"), "other = other_game:KIND")
        self.assertEqual(list(found), ["carcassonne", "catan", "creepsmash", "other"])
        section = with_seasons(found)()
        self.assertEqual((section.endpoints("lent"), len(section.endpoints("ss14"))), ((), 1))

    def test_one_that_cannot_be_loaded_is_named_with_its_distribution(self) -> None:
        told = self.refused("broken_game", "raise OSError('no\\nlicence')\n", "broken = broken_game:KIND")
        named = "the game broken of the distribution broken-game 1.2 cannot be loaded"
        self.assertEqual(told, f"{named}: OSError: no licence")
        text = self.text.format(name="bad", season="No Season")
        told = self.refused("bad_season", text, "bad = bad_season:KIND")
        self.assertIn("cannot be loaded: ValueError: 'No Season' cannot be the name of a season", told)

    def test_names_and_seasons_are_their_own(self) -> None:
        for module, name, season, point, words in (
            ("second", "carcassonne", "lent", "carcassonne", "carcassonne of the distribution second 1.2 cannot"),
            ("misnamed", "name", "lent", "other", "misnamed 1.2 cannot be loaded: it calls itself name"),
            ("same_season", "other", "ss12", "other", "the games creepsmash and other both have the season ss12"),
            (
                "a_key",
                "other",
                "grace",
                "other",
                "cannot have the season grace: kassel has such a key",
            ),
            ("a_method", "other", "endpoints", "other", "cannot have the season endpoints"),
        ):
            told = self.refused(module, self.text.format(name=name, season=season), f"{point} = {module}:KIND")
            self.assertIn(words, told)
            shutil.rmtree(self.directory / f"{module.replace('_', '-')}-1.2.dist-info")


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

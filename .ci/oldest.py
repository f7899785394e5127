"""Print the oldest versions that setup.cfg allows, as constraints for pip: ``>=`` becomes ``==``."""

from __future__ import annotations

import configparser
import re
import sys
from pathlib import Path

SETUP = Path(__file__).parents[1] / "setup.cfg"

#: A name, extras that constraints cannot have, the version it has to have, perhaps one that it must not reach.
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(\[[\w,-]+\])?>=(?P<version>[\w.]+)(,<[\w.]+)?")


def oldest(requirements: str) -> list[str]:
    """Return a constraint for each line of requirements. Raises ``ValueError`` for one without a lower bound."""
    found = []
    for line in requirements.split("\n"):
        if not line.strip():
            continue
        parts = _REQUIREMENT.fullmatch(line.strip())
        if parts is None:
            raise ValueError(f"{line.strip()}: expected NAME>=VERSION, so that the oldest version can be tried")
        found.append(f"{parts['name']}=={parts['version']}")
    return found


def main() -> None:
    """Print them."""
    setup = configparser.ConfigParser()
    setup.read(SETUP)
    sys.stdout.write("\n".join(oldest(setup["options"]["install_requires"])) + "\n")


if __name__ == "__main__":
    main()

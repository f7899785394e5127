"""The installed protocols as parts of this server: their sections of the configuration, and joining them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gameserver.app.games import installed_kinds
from gameserver.app.plugins import PROTOCOLS, load
from gameserver.config import Config
from gameserver.config.tree import whole
from gameserver.edge.context import Context
from gameserver.edge.part import AnyPart, Part, RunningPart


@cache
def installed_parts() -> Mapping[str, AnyPart]:
    """Return every installed protocol by its name. Raises ``StartError`` for one that cannot be loaded."""
    return load(PROTOCOLS, "protocol", Part)


def config_class() -> type[Config]:
    """Return the class of the whole configuration, with a section for every installed protocol.

    Raises ``StartError`` for a protocol or game that cannot be loaded.
    """
    kinds = installed_kinds()
    return whole({name: part.section_with(kinds) for name, part in installed_parts().items()})


def check_parts(config: Config) -> None:
    """Check every protocol's section as the start does. Raises ``StartError`` for one that cannot be served."""
    for part in installed_parts().values():
        part.check(config, config.section(part.section))


def build_parts(config: Config, context: Context) -> list[RunningPart]:
    """Join every protocol to the server; their sections have been checked. Raises ``StartError``."""
    return [part.build(context, config.section(part.section)) for part in installed_parts().values()]

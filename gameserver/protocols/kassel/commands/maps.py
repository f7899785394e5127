"""See and delete what teams have uploaded. Works beside a running server."""

from __future__ import annotations

import argparse

from gameserver.edge.context import Context
from gameserver.edge.part import Installation
from gameserver.errors import Code, GameError

NAME = "map"
ABOUT = "list the maps that teams have uploaded, delete one"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="season, name, team, version and bytes of each")
    listing.add_argument("season", nargs="?", help="only those of a season such as ss12")
    delete = actions.add_parser("delete", help="delete a map; a running server knows within half a minute")
    delete.add_argument("season")
    delete.add_argument("name")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Do what was asked and print the result."""
    if parsed.action == "list":
        return installation.with_context(lambda context: _list(context, parsed.season))
    return installation.with_context(lambda context: _delete(context, parsed.season, parsed.name))


def _kind(context: Context, season: str) -> str:
    seasons = {kind.season.name: kind.name for kind in context.kinds.values()}
    if season not in seasons:
        raise GameError(Code.NO_MAP, f"There is no season {season}: it is one of {', '.join(sorted(seasons))}.")
    return seasons[season]


async def _list(context: Context, season: str | None) -> int:
    wanted = _kind(context, season) if season is not None else None
    seasons = {kind.name: kind.season.name for kind in context.kinds.values()}
    for found in await context.stores.maps.all():
        if wanted in (None, found.kind):
            # A game that is installed no more has no season, and its maps are still there.
            where = seasons.get(found.kind, found.kind)
            print(f"{where} {found.name} by {found.owner}, version {found.version}, {found.size} bytes")
    return 0


async def _delete(context: Context, season: str, name: str) -> int:
    if not await context.stores.maps.remove(_kind(context, season), name):
        raise GameError(Code.NO_MAP, f"No team has uploaded {name} in {season}: map list shows all.")
    print(f"{name} is deleted")
    return 0

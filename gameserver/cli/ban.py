"""Keep addresses and names out, list and lift bans and mutes. Works beside a running server."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from gameserver.edge.context import Context
from gameserver.edge.part import Installation
from gameserver.errors import Code, GameError
from gameserver.moderation import COMMAND_LINE
from gameserver.reactor import wall

NAME = "ban"
ABOUT = "ban addresses and names, list and lift bans and mutes"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="list bans and mutes")
    address = actions.add_parser("address", help="keep an address out")
    address.add_argument("address")
    address.add_argument("--force", action="store_true", help="even if it is this machine")
    name = actions.add_parser("name", help="keep a player out, with an account or without")
    name.add_argument("name")
    for one in (address, name):
        one.set_defaults(makes=True)
        one.add_argument("--reason", default="", help="what the audit log will say")
        one.add_argument("--minutes", type=int, help="for how long (default: for good)")
    lift = actions.add_parser("lift", help="end a ban before its time")
    lift.add_argument("subject", metavar="ADDRESS|NAME")
    lift.add_argument("--mute", action="store_true", help="end a mute instead")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Do what was asked and print the result."""
    return installation.with_context(lambda context: _ACTIONS[parsed.action](context, parsed))


async def _list(context: Context, _parsed: argparse.Namespace) -> int:
    now_ms = wall(context.reactor) * 1000
    for item in await context.moderation.sanctions():
        if item.until_ms is None or item.until_ms > now_ms:
            until = "for good" if item.until_ms is None else f"until {_time(item.until_ms)}"
            print(f"{item.kind}  {item.subject}  since {_time(item.since_ms)} {until}, by {item.by}: {item.reason}")
    return 0


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


async def _address(context: Context, parsed: argparse.Namespace) -> int:
    banned = await context.moderation.ban_address(
        parsed.address, COMMAND_LINE, parsed.reason, _minutes(parsed), force=parsed.force
    )
    print(f"{banned} is banned; a running server puts it out within seconds")
    return 0


async def _name(context: Context, parsed: argparse.Namespace) -> int:
    await context.moderation.ban(parsed.name, COMMAND_LINE, parsed.reason, _minutes(parsed))
    print(f"{parsed.name} is banned; a running server puts them out within seconds")
    return 0


def _minutes(parsed: argparse.Namespace) -> int | None:
    minutes: int | None = parsed.minutes
    if minutes is not None and minutes < 1:
        raise GameError(Code.BAD_REQUEST, "--minutes is 1 or more.")
    return minutes


async def _lift(context: Context, parsed: argparse.Namespace) -> int:
    """End what an address has, or what a name has that may look like one."""
    kind = "mute" if parsed.mute else "ban"
    try:
        await context.moderation.lift(kind, f"address:{parsed.subject}", COMMAND_LINE)
    except GameError as error:
        if error.code not in (Code.BAD_ADDRESS, Code.NO_SANCTION):
            raise
        await context.moderation.lift(kind, f"name:{parsed.subject}", COMMAND_LINE)
    print(f"the {kind} of {parsed.subject} is lifted")
    return 0


_ACTIONS = {"list": _list, "address": _address, "name": _name, "lift": _lift}

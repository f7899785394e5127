"""Make and look after accounts. Works beside a running server on the same data directory."""

from __future__ import annotations

import argparse
import csv
import getpass
import sys

import msgspec

from gameserver.accounts.account import ROLES
from gameserver.accounts.names import check_name
from gameserver.accounts.password_rules import weakness
from gameserver.accounts.reset_links import LIFETIME
from gameserver.accounts.roster import enrol, read
from gameserver.app.parts import installed_parts
from gameserver.edge.context import Context
from gameserver.edge.part import Installation, account_of
from gameserver.errors import Code, GameError
from gameserver.moderation import COMMAND_LINE
from gameserver.sessions.names import skeleton

NAME = "user"
ABOUT = "make, list and change accounts"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make an account")
    add.set_defaults(makes=True)
    add.add_argument("name")
    add.add_argument("--email", help="e-mail address, for protocols where people log in with it")
    add.add_argument("--password", help="asked for when it is not given")
    add.add_argument("--role", choices=ROLES, default="player")
    add.add_argument("--team", help="team name (default: the configured one)")
    several = actions.add_parser(
        "import",
        help="make accounts for all names of a list that have none",
        description="Reads a list, comma-separated, with a line of headings (name, email, password, team) or names "
        "alone; makes an account for each name that has none, and prints the names with their passwords, which are "
        "made where the list has none. Nothing happens to those who have an account, so it may be done again.",
    )
    several.set_defaults(makes=True)
    several.add_argument("file", metavar="FILE", help="the list; - is standard input")
    several.add_argument("--role", choices=ROLES, default="player")
    several.add_argument("--team", help="team of who has none in the list (default: the configured one)")
    actions.add_parser("list", help="list all accounts")
    passwd = actions.add_parser("passwd", help="give an account a new password")
    passwd.add_argument("name")
    passwd.add_argument("--password", help="asked for when it is not given")
    reset = actions.add_parser("reset", help="make a link by which somebody gives their account a new password")
    reset.add_argument("name")
    role = actions.add_parser("role", help="give an account another role")
    role.add_argument("name")
    role.add_argument("role", choices=ROLES)
    email = actions.add_parser("email", help="give an account an e-mail address, for clients that log in with one")
    email.add_argument("name")
    email.add_argument("address", help="empty: none any more")
    revoke = actions.add_parser("revoke", help="end all tokens and sessions of an account")
    revoke.add_argument("name")
    export = actions.add_parser("export", help="print everything that is kept of an account, as JSON")
    export.add_argument("name")
    delete = actions.add_parser("delete", help="delete an account and what is kept of it; there is no way back")
    delete.add_argument("name")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    ban = actions.add_parser("ban", help="keep an account out, or let it in again with --lift")
    ban.add_argument("name")
    ban.add_argument("--reason", default="", help="what the audit log will say")
    ban.add_argument("--lift", action="store_true", help="end the ban")


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Do what was asked and print the result."""
    if parsed.action in ("add", "passwd") and parsed.password is None:
        parsed.password = _ask()
    if parsed.action == "delete" and not parsed.yes and not _agreed(parsed.name):
        raise GameError(Code.BAD_REQUEST, "nothing was deleted: type the name once more, or give --yes")
    return installation.with_context(lambda context: _ACTIONS[parsed.action](context, parsed))


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise GameError(Code.BAD_PASSWORD, "The two passwords are not the same.")
    return first


def _agreed(name: str) -> bool:
    print(f"Everything that is kept of {name} is about to be deleted. Type the name once more:", file=sys.stderr)
    return sys.stdin.readline().strip() == name


async def _add(context: Context, parsed: argparse.Namespace) -> int:
    account = await context.accounts.create(parsed.name, parsed.password, parsed.email, parsed.role, parsed.team)
    print(f"{account.name} has account {account.id}, role {account.role}, team {account.team}")
    _tell_where(account.name)
    _warn(parsed.password, account.name, account.email or "")
    return 0


async def _import(context: Context, parsed: argparse.Namespace) -> int:
    if parsed.file == "-":
        people = read(sys.stdin)
    else:
        with open(parsed.file, encoding="utf-8-sig", newline="") as file:
            people = read(file)
    made, wrong = csv.writer(sys.stdout, lineterminator="\n"), 0
    made.writerow(("name", "password"))
    there = 0
    for person in people:
        try:
            password = await enrol(context.accounts, person, parsed.role, parsed.team)
        except GameError as error:
            wrong += 1
            print(f"gameserver: {error.text}", file=sys.stderr)
            continue
        if password is None:
            there += 1
            continue
        made.writerow((person.name, password))
        sys.stdout.flush()
    count = len(people) - there - wrong
    print(f"{count} accounts made, {there} were there already, {wrong} could not be made", file=sys.stderr)
    return 1 if wrong else 0


def _tell_where(name: str) -> None:
    """Print at which protocols a name can log in, and why not at the others."""
    able, unable = [], []
    for part in installed_parts().values():
        if part.check_name is None:
            continue
        try:
            part.check_name(name)
            able.append(part.name)
        except GameError as error:
            unable.append(f"not at {part.name}: {error.text}")
    print(f"can log in at {', '.join(able) or 'no protocol'}", *unable, sep="\n")


def _warn(password: str, *about: str) -> None:
    if found := weakness(password, *about):
        print(f"gameserver: warning: {found}", file=sys.stderr)


async def _list(context: Context, _parsed: argparse.Namespace) -> int:
    print(f"{'id':>6}  {'name':<20} {'role':<10} {'team':<12} e-mail")
    first: dict[str, str] = {}
    for account in await context.accounts.everybody():
        name = account.name + (" (temporary)" if account.temporary else "")
        alike = first.setdefault(skeleton(account.name), account.name)
        remark = "" if account.temporary else _remark(account.name, alike)
        print(f"{account.id:>6}  {name:<20} {account.role:<10} {account.team:<12} {account.email or '-'}{remark}")
    return 0


def _remark(name: str, alike: str) -> str:
    """Return what today's policy has against a name that is older than it, empty if nothing."""
    if alike != name:
        return f"  ! looks like {alike}"
    try:
        check_name(name)
    except GameError as error:
        return f"  ! {error.text}"
    return ""


async def _passwd(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    await context.accounts.change_password(account.id, parsed.password)
    print(f"{account.name} has a new password; older tokens are refused, open sessions end within seconds")
    _warn(parsed.password, account.name, account.email or "")
    return 0


async def _reset(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    token = await context.moderation.reset(account.name, COMMAND_LINE)
    print(f"good once, for {LIFETIME // 3600} hours, behind the address of the site: /#/reset/{token}")
    return 0


async def _role(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    await context.accounts.change(account.id, {"role": parsed.role})
    print(f"{account.name} is {parsed.role}")
    return 0


async def _email(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    changed = await context.accounts.change(account.id, {"email": parsed.address or None})
    print(f"{changed.name} has the e-mail address {changed.email}" if changed.email else f"{changed.name} has none")
    return 0


async def _ban(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    if parsed.lift:
        await context.moderation.lift("ban", f"name:{account.player.key}", COMMAND_LINE)
        print(f"{account.name} may come in again")
    else:
        await context.moderation.ban(account.name, COMMAND_LINE, parsed.reason)
        print(f"{account.name} is banned; a running server puts it out within seconds")
    return 0


async def _revoke(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    await context.moderation.revoke(account.name, COMMAND_LINE)
    print(f"{account.name} has to log in again: tokens are refused, open sessions end within seconds")
    return 0


async def _export(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    found = await context.stores.personal.export(account.id)
    print(msgspec.json.format(msgspec.json.encode(found)).decode())
    return 0


async def _delete(context: Context, parsed: argparse.Namespace) -> int:
    account = await account_of(context, parsed.name)
    await context.moderation.delete(account.name, COMMAND_LINE)
    left = await context.stores.personal.forget_former()
    print(f"{account.name} is deleted; tokens are refused, open sessions end within seconds")
    if left:
        print("a match that is not over yet has the name until then")
    return 0


_ACTIONS = {
    "add": _add,
    "import": _import,
    "list": _list,
    "passwd": _passwd,
    "reset": _reset,
    "role": _role,
    "email": _email,
    "export": _export,
    "delete": _delete,
    "ban": _ban,
    "revoke": _revoke,
}

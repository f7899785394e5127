"""What each command of the lobby does; see ``Handler``. ``HANDLERS`` has them all."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from gameserver.errors import Code, GameError
from gameserver.matches.listing import Listing
from gameserver.protocols.kassel.lobby.achievements import (
    create_achievement,
    delete_achievement,
    list_achievements,
    update_achievement,
)
from gameserver.protocols.kassel.lobby.arguments import creation, joining
from gameserver.protocols.kassel.lobby.client import Client, Handler, Lines
from gameserver.protocols.kassel.lobby.commands import offered, overview, split, words_of
from gameserver.protocols.kassel.lobby.creating import make_game
from gameserver.protocols.kassel.lobby.maps import download_map, list_maps, upload_map
from gameserver.protocols.kassel.lobby.talk import say_message
from gameserver.protocols.kassel.shared import INGAME, LOBBY
from gameserver.sessions.manager import DuplicateLogin

#: What ``ROLE`` shows for the roles of an account.
_ROLES = {"player": "STUDENT", "moderator": "TUTOR", "admin": "SE"}


def team_id(team: str) -> str:
    """Return the number of a team: eight hex digits that only depend on its name."""
    return f"{zlib.crc32(team.encode()) | 0x10000000:x}"


def team_line(team: str) -> str:
    """Return the line of a team."""
    return f"TEAM NAME={team} ID={team_id(team)}"


def explain(client: Client, rest: str) -> Lines:
    """HELP, alone or with a command."""
    season = client.shared.season
    if not rest:
        return list(overview(season))
    known = offered(season)
    words = [word.upper() for word in words_of(rest)]
    several = [command for command in known.values() if command.words.split()[: len(words)] == words]
    if several:
        return [line for command in several for line in command.lines(season)]
    command, _ = split(rest, known)
    return known[command].lines(season)


def do_nothing(_client: Client, _rest: str) -> Lines:
    """NOOP."""
    return []


def tell_changelog(client: Client, _rest: str) -> Lines:
    """CHANGELOG."""
    return list(client.shared.season.changelog)


async def log_in(client: Client, rest: str) -> Lines:
    """LOGIN with a name or an e-mail address; a wrong one of either kind is an unknown user."""
    shared, session = client.shared, client.session
    if session.player is not None:
        raise GameError(Code.ALREADY_LOGGED_IN, f"You are logged in already as {session.player.name}: LOGOUT first.")
    login, _, password = rest.partition(" ")
    password = password.strip(" \t")
    if not login or not password:
        raise offered(shared.season)["LOGIN"].usage_error(shared.season, "A login and a password are needed.")
    try:
        player = await client.identified(login, password)
    except GameError as error:
        if error.code == Code.BAD_CREDENTIALS:
            raise GameError(Code.UNKNOWN_USER, "unknown user") from None
        raise
    # A half-dead connection blocks nobody: a seat goes to whoever joins last (see ``Match.enter``).
    client.login(player, DuplicateLogin.KEEP)
    client.enter_lobby()
    return await who_am_i(client, "")


async def who_am_i(client: Client, _rest: str) -> Lines:
    """ID: the two lines that LOGIN answers with."""
    player = client.require_player()
    account = await client.shared.accounts.by_id(player.account) if player.account is not None else None
    email = account.email if account is not None and account.email else f"{player.name}@se1.invalid"
    role = _ROLES.get(player.role, player.role.upper())
    return [f"USER NICK={player.shown} EMAIL={email} ROLE={role}", team_line(player.team)]


async def create_testplayer(client: Client, _rest: str) -> Lines:
    """CREATE TESTPLAYER, before and after the login."""
    account, password = await client.shared.accounts.testplayers.make(client.session.address)
    return [f"TEMPORARY USER NICK={account.name} PASSWORD={password}"]


async def change_password(client: Client, rest: str) -> Lines:
    """CHANGE PASSWORD, with the new one twice: everything but this connection has to log in anew."""
    season = client.shared.season
    usage = offered(season)["CHANGE PASSWORD"]
    words = words_of(rest)
    if len(words) != 2:
        raise usage.usage_error(season, "Two words are needed.")
    if words[0] != words[1]:
        raise usage.usage_error(season, "The two passwords are not the same.")
    number = client.require_player().account
    if number is None:
        raise GameError(Code.NO_ACCOUNT, "Guests have no password.")
    shared = client.shared
    # This connection goes on, in the new epoch.
    client.session.epoch = await shared.accounts.change_password(number, words[0])
    shared.sessions.end_older(number, client.session.epoch)
    return []


def list_users(client: Client, _rest: str) -> Lines:
    """LIST USERS: everybody of the community, each once."""
    shared = client.shared
    playing = shared.playing
    return [
        f"USER NICK={player.shown} TEAM={player.team} STATE={INGAME if player.key in playing else LOBBY}"
        for player in shared.sessions.online(shared.namespace)
    ]


async def list_teams(client: Client, _rest: str) -> Lines:
    """LIST TEAMS."""
    return [team_line(team) for team in await client.shared.accounts.teams()]


def list_games(client: Client, _rest: str) -> Lines:
    """LIST GAMES: a line for each game that is not over."""
    season = client.shared.season
    matches = client.shared.listings.open(client.shared.kind.name)
    return [_game_line(match, season.maps is not None) for match in matches] or ["NO GAMES IN PROGRESS"]


def _game_line(match: Listing, maps: bool) -> str:
    place = f" MAPNAME={match.map_name}" if maps else ""
    status = "RUNNING" if match.running else "JOINING"
    return (
        f"GAME NAME={match.name} EVENTS={match.events}{place} PLAYERS={len(match.seated)}/{match.capacity}"
        f" STATUS={status} TESTGAME={'true' if match.test_game else 'false'}"
    )


async def create_game(client: Client, rest: str) -> Lines:
    """CREATE GAME; the creator still has to join it."""
    shared = client.shared
    await make_game(shared, creation(shared.season, rest), client.require_player())
    return []


async def join_game(client: Client, rest: str) -> None:
    """JOIN GAME; the answer is given with the dump, see ``game.ingame``."""
    name, visitor = joining(client.shared.season, rest)
    await client.join_game(name, visitor)


def log_out(client: Client, _rest: str) -> None:
    """LOGOUT: the OK is the last line of the connection."""
    client.send(["OK"])
    client.leave()


HANDLERS: Mapping[str, Handler] = {
    "HELP": explain,
    "NOOP": do_nothing,
    "LOGIN": log_in,
    "LOGOUT": log_out,
    "CREATE TESTPLAYER": create_testplayer,
    "CHANGELOG": tell_changelog,
    "ID": who_am_i,
    "LIST USERS": list_users,
    "LIST TEAMS": list_teams,
    "LIST GAMES": list_games,
    "LIST MAPS": list_maps,
    "CREATE GAME": create_game,
    "JOIN GAME": join_game,
    "MSG": say_message,
    "DOWNLOAD MAP": download_map,
    "UPLOAD MAP": upload_map,
    "CHANGE PASSWORD": change_password,
    "CREATE ACHIEVEMENT": create_achievement,
    "UPDATE ACHIEVEMENT": update_achievement,
    "DELETE ACHIEVEMENT": delete_achievement,
    "LIST ACHIEVEMENTS": list_achievements,
}

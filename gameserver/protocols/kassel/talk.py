"""MSG in all its forms: to everybody of the community, to one person, to a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gameserver.errors import Code, GameError
from gameserver.protocols.kassel.help import offered
from gameserver.protocols.kassel.news import message_line

if TYPE_CHECKING:
    from gameserver.protocols.kassel.connection import Connection

#: Longest message, in characters.
LONGEST = 8000


def say(connection: Connection, rest: str) -> list[str]:
    """MSG. What the speaker gets to hear himself comes before the OK."""
    first, _, text = rest.partition(" ")
    kind = first.upper()
    text = text.strip(" \t")
    if kind == "USER":
        return _to_user(connection, text)
    if kind == "TEAM":
        return _to_team(connection, text)
    if kind != "ALL":
        text = rest
    _check(connection, text)
    shared = connection.shared
    shared.rooms.say(shared.namespace, connection.player, text)
    return []


def _to_user(connection: Connection, rest: str) -> list[str]:
    recipient, text = _recipient(connection, rest)
    shared = connection.shared
    player = shared.sessions.player(recipient, shared.namespace)
    reached, own = connection.overhear(
        lambda: shared.rooms.tell(shared.namespace, connection.player, recipient, text)
    )
    if player is None or not reached:
        raise GameError(Code.NOT_ONLINE, f"{recipient[:40]} is not online: LIST USERS shows who is.")
    # The echo comes first, also before what somebody hears who talks to himself.
    connection.send([message_line("ME", player.name, text)])
    for payload in own:
        connection.deliver(payload)
    return []


def _to_team(connection: Connection, rest: str) -> list[str]:
    team, text = _recipient(connection, rest)
    shared = connection.shared
    reached = shared.rooms.tell_team(shared.namespace, connection.player, team, text)
    if not reached:
        raise GameError(Code.NOT_ONLINE, f"Nobody of a team {team[:40]} is online: LIST TEAMS shows the teams.")
    # Members hear it as everybody of the team does.
    return [] if team.casefold() == connection.player.team.casefold() else [message_line("ME", team, text)]


def _recipient(connection: Connection, rest: str) -> tuple[str, str]:
    recipient, _, text = rest.partition(" ")
    text = text.strip(" \t")
    if not recipient:
        raise _usage(connection, "The recipient is missing.")
    _check(connection, text)
    return recipient, text


def _check(connection: Connection, text: str) -> None:
    if not text:
        raise _usage(connection, "The message is missing.")
    if len(text) > LONGEST:
        raise GameError(Code.TOO_LONG, f"A message has at most {LONGEST} characters.")


def _usage(connection: Connection, sentence: str) -> GameError:
    season = connection.shared.season
    return offered(season)["MSG"].usage_error(season, sentence)

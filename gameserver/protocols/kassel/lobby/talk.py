"""MSG in all its forms: to everybody of the community, to one person, to a team."""

from __future__ import annotations

from gameserver.errors import Code, GameError
from gameserver.protocols.kassel.encoders import message_line
from gameserver.protocols.kassel.lobby.client import Answer, Client, Lines
from gameserver.protocols.kassel.lobby.commands import offered
from gameserver.protocols.kassel.shared import LONGEST_MESSAGE
from gameserver.rooms.rooms import told


def say_message(client: Client, rest: str) -> Answer:
    """MSG. What the speakers get to hear themselves comes before the OK."""
    first, _, text = rest.partition(" ")
    kind = first.upper()
    text = text.strip(" \t")
    if kind == "USER":
        return _to_user(client, text)
    if kind == "TEAM":
        return _to_team(client, text)
    if kind != "ALL":
        text = rest
    _check(client, text)
    shared = client.shared
    shared.rooms.say(shared.namespace, client.require_player(), text)
    return []


async def _to_user(client: Client, rest: str) -> Lines:
    recipient, text = _recipient(client, rest)
    shared = client.shared
    # The echo comes first, also before what somebody hears who talks to themselves.
    with client.pushes_held():
        player = shared.sessions.player(recipient, shared.namespace)
        reached = await told(shared.rooms.tell(shared.namespace, client.require_player(), recipient, text))
        player = player or shared.sessions.player(recipient, shared.namespace)
        if player is None or not reached:
            raise GameError(Code.NOT_ONLINE, f"{recipient[:40]} is not online: LIST USERS shows who is.")
        client.send([message_line("ME", player.name, text)])
    return []


def _to_team(client: Client, rest: str) -> Lines:
    team, text = _recipient(client, rest)
    shared, player = client.shared, client.require_player()
    reached = shared.rooms.tell_team(shared.namespace, player, team, text)
    if not reached:
        raise GameError(Code.NOT_ONLINE, f"Nobody of a team {team[:40]} is online: LIST TEAMS shows the teams.")
    # Members hear it as everybody of the team does.
    return [] if team.casefold() == player.team.casefold() else [message_line("ME", team, text)]


def _recipient(client: Client, rest: str) -> tuple[str, str]:
    recipient, _, text = rest.partition(" ")
    text = text.strip(" \t")
    if not recipient:
        raise _usage(client, "The recipient is missing.")
    _check(client, text)
    return recipient, text


def _check(client: Client, text: str) -> None:
    if not text:
        raise _usage(client, "The message is missing.")
    if len(text) > LONGEST_MESSAGE:
        raise GameError(Code.TOO_LONG, f"A message has at most {LONGEST_MESSAGE} characters.")


def _usage(client: Client, sentence: str) -> GameError:
    season = client.shared.season
    return offered(season)["MSG"].usage_error(season, sentence)

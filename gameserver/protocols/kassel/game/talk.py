"""The MESSAGE command: who hears it, by the published table of audience and recipient, and as what kind.

To all is a PUBLIC_MESSAGE, to one a USER_MESSAGE, to a team a TEAM_MESSAGE. Speakers hear themselves, too. What the
table does not send is refused with a sentence.
"""

from __future__ import annotations

from gameserver.errors import Code, GameError
from gameserver.games.api import Command
from gameserver.matches.batch import Chat
from gameserver.matches.match import Match
from gameserver.matches.seat import Seat
from gameserver.protocols.kassel.shared import LONGEST_MESSAGE, SeasonShared
from gameserver.rooms.rooms import told
from gameserver.sessions.players import Player, name_key


async def send_message(shared: SeasonShared, player: Player, match: Match, seat: Seat, command: Command) -> None:
    """Carry out MESSAGE. Raises ``GameError`` with the reason why nothing was sent."""
    text = command.arguments.get("message", "")
    audience = command.arguments.get("audience", "").upper()
    recipient = command.arguments.get("recipient", "")
    if not text:
        raise GameError(Code.NO_MESSAGE, "The key message is missing.")
    if len(text) > LONGEST_MESSAGE:
        raise GameError(Code.TOO_LONG, f"A message has at most {LONGEST_MESSAGE} characters.")
    if shared.rooms.muted(player):
        raise GameError(Code.MUTED, "You may not speak at the moment.")
    if audience == "USER":
        await _to_user(shared, player, match, seat, recipient, text)
    elif audience == "TEAM":
        _to_team(player, match, seat, recipient, text)
    elif audience in ("", "ALL"):
        if recipient:
            raise GameError(Code.NOT_SENT, "With a recipient audience must be USER or TEAM: nothing was sent.")
        match.chat_to_all(Chat("PUBLIC_MESSAGE", player.shown, text))
    else:
        raise GameError(Code.NOT_SENT, "audience must be ALL, USER or TEAM: nothing was sent.")


async def _to_user(shared: SeasonShared, player: Player, match: Match, seat: Seat, recipient: str, text: str) -> None:
    if not recipient:
        raise GameError(Code.NOT_SENT, "With audience USER recipient must be a nickname: nothing was sent.")
    other = match.seat_of(recipient)
    chat = Chat("USER_MESSAGE", player.shown, text)
    if other is not None and other.receiver is not None:
        match.chat([seat] if other is seat else [other, seat], chat)
    elif await told(shared.rooms.tell(shared.namespace, player, recipient, text)):
        match.chat([seat], chat)
    else:
        raise GameError(Code.NOT_ONLINE, f"{recipient[:40]} is not here: nothing was sent.")


def _to_team(player: Player, match: Match, seat: Seat, recipient: str, text: str) -> None:
    team = name_key(recipient or seat.participant.team)
    members = [other for other in match.seats() if name_key(other.participant.team) == team]
    if not members:
        raise GameError(Code.NO_TEAM, f"Nobody of a team {recipient[:40]} is in this game: nothing was sent.")
    hearers = members if seat in members else [*members, seat]
    match.chat(hearers, Chat("TEAM_MESSAGE", player.shown, text))

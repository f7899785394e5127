"""What the game asks of a seat: the prompt, the answers it takes, and the answer of somebody who is gone.

A prompt is ``OK - <type>``; a ``choose`` lists every legal value. A remark that says what the choice is about goes
before it as a message of its own, so that the prompt stays as short as a program likes it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from gameserver.games.api import Command, Illegal
from gameserver.games.catan.assets import Card, UserAssets
from gameserver.games.catan.board import Border, Intersection
from gameserver.games.catan.goods import Track
from gameserver.games.catan.pieces import Knight
from gameserver.games.entity import Entity
from gameserver.games.rng import Chance

T = TypeVar("T")
O = TypeVar("O", bound=Entity | str)  # noqa: E741


def camel(action: str) -> str:
    """Return ``rollDies`` for ``ROLL_DIES``; anything that is no command name becomes ``command``."""
    if not action.isascii() or not action.replace("_", "").isalpha() or len(action) > 32:
        return "command"
    head, *tail = action.lower().split("_")
    return head + "".join(part.capitalize() for part in tail)


def argument(command: Command, key: str) -> str:
    """Return an argument of a command. ``Illegal`` if it is missing."""
    value = command.arguments.get(key)
    if value is None:
        raise Illegal(camel(command.action), f"the key {key} is missing")
    return value


class Question(ABC):
    """Something one seat has to answer before the game goes on."""

    def __init__(self, player: UserAssets, prompt: str, reason: str | None, optional: bool) -> None:
        self.seat = player.seat
        self.prompt = f"OK - {prompt}"
        self.remark = None if reason is None else f"OK - {reason}"
        self.optional = optional

    @property
    def lines(self) -> list[str]:
        """The remark, if any, and the prompt."""
        return [self.prompt] if self.remark is None else [self.remark, self.prompt]

    def accept(self, command: Command) -> Any:
        """Return what a command means as an answer, ``None`` for END_PLAY. ``Illegal`` if it is no answer."""
        if command.action == "END_PLAY" and self.optional:
            return None
        return self.read(command)

    def refuse(self, command: Command) -> Illegal:
        """Return the complaint about a command that does not answer at all."""
        ending = ", END_PLAY ends the card" if self.optional else ""
        return Illegal(camel(command.action), f"answer '{self.prompt[5:]}' first{ending}")

    def legal(self) -> list[Command]:
        """Return every command that answers."""
        return [*self.answers(), *([Command("END_PLAY")] if self.optional else [])]

    @abstractmethod
    def read(self, command: Command) -> Any:
        """Return what a command other than a permitted END_PLAY means. ``Illegal`` if it is no answer."""

    @abstractmethod
    def answers(self) -> list[Command]:
        """Return every answer but END_PLAY."""

    @abstractmethod
    def fallback(self, chance: Chance) -> Any:
        """Return the answer given for somebody who has left."""


class Choose(Question, Generic[O]):
    """Pick one of the listed objects or words."""

    def __init__(
        self, player: UserAssets, kind: str, options: Sequence[O], reason: str | None, optional: bool = False
    ) -> None:
        self.options: Mapping[str, O] = {
            option.id if isinstance(option, Entity) else str(option): option for option in options
        }
        super().__init__(player, f"choose({kind}:{','.join(self.options)})", reason, optional)

    def read(self, command: Command) -> O:
        """See the base class."""
        if command.action != "CHOOSE":
            raise self.refuse(command)
        value = argument(command, "id")
        if value not in self.options:
            raise Illegal("choose", f"id must be one of {', '.join(self.options)}")
        return self.options[value]

    def answers(self) -> list[Command]:
        """See the base class."""
        return [Command("CHOOSE", {"id": value}) for value in self.options]

    def fallback(self, chance: Chance) -> O:
        """See the base class."""
        return chance.choice(list(self.options.values()))


class Place(Question):
    """Build one piece at one of the given places, without paying for it."""

    def __init__(
        self,
        player: UserAssets,
        piece: str,
        places: Iterable[Intersection | Border],
        reason: str | None,
        optional: bool = False,
    ) -> None:
        super().__init__(player, f"build({piece})", reason, optional)
        self.piece = piece
        self.places = {place.id: place for place in places}

    def read(self, command: Command) -> Intersection | Border:
        """See the base class."""
        if command.action != "BUILD":
            raise self.refuse(command)
        if argument(command, "type") != self.piece:
            raise Illegal("build", f"type must be {self.piece} now")
        value = argument(command, "destination")
        if value not in self.places:
            raise Illegal("build", f"a {self.piece} cannot be built there by the rules of this card or of the founding")
        return self.places[value]

    def answers(self) -> list[Command]:
        """See the base class."""
        return [Command("BUILD", {"type": self.piece, "destination": value}) for value in self.places]

    def fallback(self, chance: Chance) -> None:
        """See the base class: whoever left builds nothing."""


class PickKnight(Question):
    """Promote one of the given knights without paying."""

    def __init__(self, player: UserAssets, knights: Sequence[Knight], reason: str | None) -> None:
        super().__init__(player, "upgradeKnight(knight)", reason, True)
        self.knights = {knight.id: knight for knight in knights}

    def read(self, command: Command) -> Knight:
        """See the base class."""
        if command.action != "UPGRADE_KNIGHT":
            raise self.refuse(command)
        value = argument(command, "id")
        if value not in self.knights:
            raise Illegal("upgradeKnight", "that is no knight of yours that can be promoted now")
        return self.knights[value]

    def answers(self) -> list[Command]:
        """See the base class."""
        return [Command("UPGRADE_KNIGHT", {"id": value}) for value in self.knights]

    def fallback(self, chance: Chance) -> None:
        """See the base class."""


class PickTrack(Question):
    """Build one of the given tracks further at the card's price."""

    def __init__(self, player: UserAssets, tracks: Sequence[Track], reason: str | None) -> None:
        super().__init__(player, f"upgradeProgress({','.join(tracks)})", reason, True)
        self.tracks = tuple(tracks)

    def read(self, command: Command) -> Track:
        """See the base class."""
        if command.action != "UPGRADE_PROGRESS":
            raise self.refuse(command)
        value = argument(command, "type")
        if value not in self.tracks:
            raise Illegal("upgradeProgress", f"type must be one of {', '.join(self.tracks)} now")
        return Track(value)

    def answers(self) -> list[Command]:
        """See the base class."""
        return [Command("UPGRADE_PROGRESS", {"type": track.value}) for track in self.tracks]

    def fallback(self, chance: Chance) -> None:
        """See the base class."""


class Offer(Question):
    """Offer one of the given cards to one of the given players, or end the card."""

    def __init__(self, player: UserAssets, cards: Sequence[Card], users: Sequence[UserAssets]) -> None:
        super().__init__(player, "offer(card,user)", None, True)
        self.cards = {card.id: card for card in cards}
        self.users = {user.id: user for user in users}

    def read(self, command: Command) -> tuple[Card, UserAssets]:
        """See the base class."""
        if command.action != "OFFER":
            raise self.refuse(command)
        card, user = argument(command, "id"), argument(command, "user")
        if user not in self.users:
            raise Illegal("offer", "user must be an opponent who has had no offer from this card yet")
        if card not in self.cards:
            raise Illegal("offer", "id must be a resource card of your own that is not offered yet")
        return self.cards[card], self.users[user]

    def answers(self) -> list[Command]:
        """See the base class."""
        return [Command("OFFER", {"id": card, "user": user}) for card in self.cards for user in self.users]

    def fallback(self, chance: Chance) -> None:
        """See the base class."""


class Parallel:
    """Several courses of events at once; it is over when all of them are, with the list of their results."""

    def __init__(self, flows: Sequence[Flow[Any]]) -> None:
        self.flows = list(flows)


#: A course of events: it stops at every question and goes on with the answer.
Flow = Generator[Question | Parallel, Any, T]


def choose(player: UserAssets, kind: str, options: Sequence[O], reason: str | None) -> Flow[O]:
    """Let a player pick; where there is nothing to pick from but one, it is taken without asking."""
    if len(options) == 1:
        return options[0]
    picked: O = yield Choose(player, kind, options, reason)
    return picked

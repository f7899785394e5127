"""What the game asks of a seat: the prompts, and the answers it takes.

A prompt is ``OK - <type>``. Whatever can be enumerated ends in a ``choose(Type:a,b,c)`` with every legal value, so
that a program that knows nothing but CHOOSE can always answer. A remark that says what the choice is about goes
before it as a line of its own, so that the prompt stays as short as a program likes it, and without the ``OK`` that
would make a prompt of it; what has a command of its
own, as BUILD, is prompted by that name as well and may be answered by either.

Whoever leaves is asked nothing more: what asked him goes on with ``None`` for an answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import attrs

from gameserver.games.api import Command, Illegal, argument, camel
from gameserver.games.catan.goods import Track
from gameserver.games.catan.model import (
    Border,
    Card,
    City,
    Intersection,
    Knight,
    ProgressCard,
    Road,
    Settlement,
    UserAssets,
)
from gameserver.games.catan.state import State
from gameserver.games.entity import Entity

T = TypeVar("T")
O = TypeVar("O", bound=Entity | str)  # noqa: E741


class Question(ABC):
    """Something one seat has to answer before the game goes on. ``optional`` ones are declined with END_PLAY."""

    def __init__(self, player: UserAssets, reason: str | None, optional: bool) -> None:
        self.player = player
        self.seat = player.seat
        self.optional = optional
        ending = ", or END_PLAY" if optional else ""
        self.remark = None if reason is None else f"{reason}{ending}"

    @property
    def lines(self) -> list[str]:
        """The remark, if any, and the prompts."""
        prompts = [f"OK - {prompt}" for prompt in self.prompts()]
        return prompts if self.remark is None else [self.remark, *prompts]

    def accept(self, command: Command) -> Any:
        """Return what a command means as an answer, ``None`` for END_PLAY. ``Illegal`` if it is no answer."""
        if command.action == "END_PLAY" and self.optional:
            return None
        return self.read(command)

    def refuse(self, command: Command) -> Illegal:
        """Return the complaint about a command that does not answer at all."""
        ending = ", or END_PLAY" if self.optional else ""
        return Illegal(camel(command.action), f"first answer {self.prompts()[0]}{ending}")

    def legal(self) -> list[Command]:
        """Return every command that answers."""
        return [*self.answers(), *([Command("END_PLAY")] if self.optional else [])]

    @abstractmethod
    def prompts(self) -> list[str]:
        """Return the prompts without their ``OK``."""

    @abstractmethod
    def read(self, command: Command) -> Any:
        """Return what a command other than a permitted END_PLAY means. ``Illegal`` if it is no answer."""

    @abstractmethod
    def answers(self) -> list[Command]:
        """Return every answer but END_PLAY."""

    @abstractmethod
    def prune(self) -> bool:
        """Strike out what left the game with somebody; return whether that changed the question."""

    @property
    @abstractmethod
    def empty(self) -> bool:
        """Whether nothing is left to choose from."""


@attrs.frozen
class Form:
    """The command that stands for a choice: what else it says, under which key the value goes, how it is prompted."""

    action: str
    prompt: str
    key: str = "id"
    fixed: Mapping[str, str] = attrs.field(factory=dict)

    def command(self, value: str) -> Command:
        """Return the command that makes this choice."""
        return Command(self.action, {**self.fixed, self.key: value})


class Choose(Question, Generic[O]):
    """Pick one of the listed objects or words."""

    def __init__(
        self,
        player: UserAssets,
        kind: str,
        options: Iterable[O],
        reason: str | None,
        *,
        optional: bool = False,
        form: Form | None = None,
        asker: UserAssets | None = None,
    ) -> None:
        super().__init__(player, reason, optional)
        self.kind = kind
        #: Who gets something by the answer: without him the question is void.
        self.asker = asker
        self.form = form
        self.options: dict[str, O] = {
            option.id if isinstance(option, Entity) else str(option): option for option in options
        }

    def prompts(self) -> list[str]:
        """See the base class."""
        listed = f"choose({self.kind}:{','.join(self.options)})"
        return [listed] if self.form is None else [self.form.prompt, listed]

    def read(self, command: Command) -> O:
        """See the base class."""
        form = self.form
        if command.action == "CHOOSE":
            key = "id"
        elif form is not None and command.action == form.action:
            key = form.key
            for name, wanted in form.fixed.items():
                if argument(command, name) != wanted:
                    raise Illegal(camel(command.action), f"{name} must be {wanted} now")
        else:
            raise self.refuse(command)
        value = argument(command, key)
        if value not in self.options:
            raise Illegal(camel(command.action), f"{key} must be one of {', '.join(self.options)}")
        return self.options[value]

    def answers(self) -> list[Command]:
        """See the base class."""
        form = self.form or Form("CHOOSE", "")
        return [form.command(value) for value in self.options]

    def prune(self) -> bool:
        """See the base class."""
        void = self.asker is not None and self.asker.gone
        lost = [value for value, option in self.options.items() if void or _left(option)]
        for value in lost:
            del self.options[value]
        return bool(lost)

    @property
    def empty(self) -> bool:
        """See the base class."""
        return not self.options


def _left(option: Entity | str) -> bool:
    """Whether an option left the game with its owner."""
    if isinstance(option, UserAssets):
        return option.gone
    return isinstance(option, Settlement | City | Road | Knight) and option.user_assets is None


class GiveBack(Choose[ProgressCard]):
    """Put a progress card back; on one's own turn one may play a card instead, for which ``objection`` is asked."""

    def __init__(
        self, player: UserAssets, reason: str, objection: Callable[[ProgressCard], str | None] | None = None
    ) -> None:
        super().__init__(player, "ProgressCard", player.progress_cards, reason)
        self._objection = objection
        #: Whether the answer is a card to play.
        self.plays = False

    def read(self, command: Command) -> ProgressCard:
        """See the base class."""
        if command.action != "PLAY" or self._objection is None:
            return super().read(command)
        card = self.options.get(argument(command, "id"))
        if card is None:
            raise Illegal("play", "id must be a progress card of your own")
        complaint = self._objection(card)
        if complaint is not None:
            raise Illegal("play", complaint)
        self.plays = True
        return card

    def answers(self) -> list[Command]:
        """See the base class."""
        playable = [c for c in self.options.values() if self._objection is not None and self._objection(c) is None]
        return [*super().answers(), *(Command("PLAY", {"id": card.id}) for card in playable)]


class Offer(Question):
    """Offer one of the given cards to one of the given players, or end the card.

    It is asked also when there is nobody left or nothing: the card ends with END_PLAY and not by itself.
    """

    def __init__(self, player: UserAssets, cards: Sequence[Card], users: Sequence[UserAssets]) -> None:
        super().__init__(player, None, True)
        self.cards = {card.id: card for card in cards}
        self.users = {user.id: user for user in users}

    def prompts(self) -> list[str]:
        """See the base class."""
        return ["offer(card,user)"]

    def read(self, command: Command) -> tuple[Card, UserAssets]:
        """See the base class."""
        if command.action != "OFFER":
            raise self.refuse(command)
        card, user = argument(command, "id"), argument(command, "user")
        if user not in self.users:
            late = "who has had no offer from this card yet, nor traded for another in this turn"
            raise Illegal("offer", f"user must be an opponent {late}")
        if card not in self.cards:
            raise Illegal("offer", "id must be a resource card of your own that is not offered yet")
        return self.cards[card], self.users[user]

    def answers(self) -> list[Command]:
        """See the base class."""
        return [Command("OFFER", {"id": card, "user": user}) for card in self.cards for user in self.users]

    def prune(self) -> bool:
        """See the base class."""
        lost = [value for value, user in self.users.items() if user.gone]
        for value in lost:
            del self.users[value]
        return bool(lost)

    @property
    def empty(self) -> bool:
        """See the base class."""
        return False


class Parallel:
    """Several courses of events at once; it is over when all of them are."""

    def __init__(self, flows: Sequence[Flow[Any]]) -> None:
        self.flows = list(flows)


#: A course of events: it stops at every question and goes on with the answer.
Flow = Generator[Question | Parallel, Any, T]


def choose(
    player: UserAssets, kind: str, options: Sequence[O], reason: str, *, asker: UserAssets | None = None
) -> Flow[O | None]:
    """Let a player pick; where there is nothing to pick from but one, it is taken without asking.

    ``None`` when there is nothing at all, or when the player (or the ``asker``, who would gain by it) has left.
    """
    if player.gone or not options:
        return None
    if len(options) == 1:
        return options[0]
    picked: O | None = yield Choose(player, kind, options, reason, asker=asker)
    return picked


def may_choose(
    state: State, player: UserAssets, kind: str, options: Sequence[O], reason: str, *, asker: UserAssets | None = None
) -> Flow[O | None]:
    """Let a player pick what they may do but need not: it is asked where there is one thing too, END_PLAY declines.

    In the first edition of the rules it could not be declined.
    """
    if not state.answered:
        return (yield from choose(player, kind, options, reason, asker=asker))
    if player.gone or not options:
        return None
    picked: O | None = yield Choose(player, kind, options, reason, optional=True, asker=asker)
    return picked


def place(
    player: UserAssets, piece: str, places: Sequence[Intersection | Border], reason: str | None, *, optional: bool
) -> Flow[Intersection | Border | None]:
    """Let a player say where a piece goes that costs nothing; ``None`` if it goes nowhere."""
    if player.gone or not places:
        return None
    kind = "Border" if piece == "Road" else "Intersection"
    form = Form("BUILD", f"build({piece})", "destination", {"type": piece})
    picked: Intersection | Border | None = yield Choose(player, kind, places, reason, optional=optional, form=form)
    return picked


def pick_knight(player: UserAssets, knights: Sequence[Knight], reason: str) -> Flow[Knight | None]:
    """Let a player promote one of his knights for nothing, or not."""
    form = Form("UPGRADE_KNIGHT", "upgradeKnight(id)")
    picked: Knight | None = yield Choose(player, "Knight", knights, reason, optional=True, form=form)
    return picked


def pick_track(player: UserAssets, tracks: Sequence[Track], reason: str) -> Flow[Track | None]:
    """Let a player build one of the tracks further at a card's price, or not."""
    form = Form("UPGRADE_PROGRESS", "upgradeProgress(type)", "type")
    picked: Track | None = yield Choose(player, "ProgressType", tracks, reason, optional=True, form=form)
    return picked

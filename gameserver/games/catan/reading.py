"""Catan from a client's side: the table and one's own prompts, rebuilt from the event stream alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from gameserver.games import mirror
from gameserver.games.api import Command
from gameserver.games.catan import model
from gameserver.games.catan.bank import Bank, cards_of, hand
from gameserver.games.catan.goods import RESOURCES, Good
from gameserver.games.catan.model import Card, Knight, Phase, ProgressCard, SettlersOfCatanGame, UserAssets
from gameserver.games.catan.state import State
from gameserver.games.catan.view import View
from gameserver.games.entity import Entity
from gameserver.games.rng import Chance

#: The classes of this game's objects.
ENTITIES = mirror.entity_classes(model)

#: The lines that ask; what comes before them are remarks and other names of the same question.
_ASKS = re.compile(r"OK - (?:rollDies|endTurn|offer\(card,user\)|choose\([A-Za-z]+:.+\))")
_OFFER = "OK - offer(card,user)"
_OTHER_NAME = re.compile(r"OK - [A-Za-z]+\([A-Za-z]+\)")
_REMARK = re.compile(r"[A-Za-z]+ - .+")


class Mirror(mirror.Mirror[SettlersOfCatanGame]):
    """The objects, and what else is to be remembered of the events."""

    def __init__(self) -> None:
        super().__init__(ENTITIES)
        #: What the server itself said, for somebody else to take.
        self.heard: list[str] = []
        #: The turns begun since the first event, for what a knight may do once a turn.
        self.turns = 0
        self._participants = 0

    def apply(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """See the base class."""
        if source == "SERVER" and prop == "USER_MESSAGE" and new is not None:
            self.heard.append(new)
        else:
            super().apply(source, prop, old, new)

    def _made(self, kind: type[Entity]) -> Entity:
        if issubclass(kind, UserAssets):
            self._participants += 1
            return kind(self.model, self._participants)
        if issubclass(kind, Card | ProgressCard):
            return kind(self.model, 0)
        return super()._made(kind)

    def _told(self, entity: Entity, prop: str, old: str | None, new: str | None) -> None:
        """Remember when a knight was activated or promoted: events say that it happens, dumps do not say when."""
        if prop == "currentUser" and new is not None:
            self.turns += 1
        elif isinstance(entity, Knight) and old is not None:
            if prop == "active" and new == "true":
                entity.activated_turn = self.turns
            elif prop == "level":
                entity.promoted_turn = self.turns


class Reading:
    """What the player ``nickname`` knows of a game. A ``Reader`` of its kind."""

    #: Nothing has to be done before the start.
    ready = True

    def __init__(self, nickname: str) -> None:
        self._nickname = nickname
        self.replica = Mirror()
        self._state: State | None = None
        #: The latest question's lines, and what came since.
        self._open: list[str] = []
        self._since: list[str] = []
        self._answered = False
        self._last: Command | None = None
        self._refused: list[Command] = []
        #: What was offered since COMMERCIAL_HARBOR was played: cards and users.
        self._offered: set[str] = set()

    def hear(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event."""
        self.replica.apply(source, prop, old, new)

    @property
    def me(self) -> UserAssets | None:
        """One's own UserAssets as a player, once it is known."""
        found: UserAssets | None = self.replica.player(self._nickname)
        return found

    @property
    def running(self) -> bool:
        """Whether the game has started and not ended."""
        game = self.replica.game
        return game is not None and game.running

    def view(self) -> View | None:
        """Return what a strategy sees; ``None`` as long as one is no player of a running game."""
        self._listen()
        state, me = self._table(), self.me
        if state is None or me is None or not self.running:
            return None
        return View(state, me, list(self._open), self._offers(state, me), tuple(self._refused))

    def decide(self, strategy: Callable[[View, Chance], Command | None], chance: Chance) -> Command | None:
        """Return the command to send now; ``None`` when nothing is asked or the answer is on its way.

        An answer that is refused is followed by another one.
        """
        view = self.view()
        if view is None or self._answered or not view.commands():
            return None
        self._answered = True
        self._last = strategy(view, chance)
        return self._last

    def _listen(self) -> None:
        heard, self.replica.heard = self.replica.heard, []
        for text in heard:
            if text.startswith("ERROR: "):
                if self._last is not None and self._answered:
                    self._refused.append(self._last)
                    self._answered = False
            elif _ASKS.fullmatch(text):
                if self._last is not None and self._last.action == "OFFER" and text == _OFFER:
                    self._offered.update(self._last.arguments.values())
                else:
                    self._offered.clear()
                self._open = [*self._introduction(), text]
                self._since = []
                self._answered = False
                self._refused = []
            else:
                self._since.append(text)

    def _offers(self, state: State, me: UserAssets) -> list[Command]:
        """Every OFFER of a card and to a user that have not been part of an offer yet.

        A card that went back could be offered again, but whether it did or still waits for its answer is not told.
        """
        return [
            Command("OFFER", {"id": card.id, "user": user.id})
            for card in cards_of(me, *RESOURCES)
            for user in state.opponents(me)
            if not self._offered & {card.id, user.id}
        ]

    def _introduction(self) -> list[str]:
        """Return the lines since the last question that belong to the one just asked."""
        lines = self._since[-1:]
        if lines and _OTHER_NAME.fullmatch(lines[0]):
            before = self._since[-2:-1]
            return [*(line for line in before if line.endswith("END_PLAY")), *lines]
        return [line for line in lines if _REMARK.fullmatch(line)]

    def _table(self) -> State | None:
        game = self.replica.game
        if game is None or game.barbarian is None or game.phase is Phase.JOINING:
            return None
        if self._state is None:
            self._state = State(game, Chance(""))
        state = self._state
        state.turn = self.replica.turns
        state.order = sorted((user for user in game.users if not user.visitor), key=lambda user: user.seat)
        if game.current_user is not None:
            state.current = game.current_user
        self._guess_bank(state)
        return state

    def _guess_bank(self, state: State) -> None:
        """What is not in one's own hand may be in the bank."""
        me = self.me
        full, own = Bank().stock, hand(me) if me is not None else {}
        for good in Good:
            state.bank.stock[good] = full[good] - own.get(good, 0)

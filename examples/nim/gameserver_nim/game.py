"""The rules of Nim, on the objects that clients see."""

from collections.abc import Sequence

from gameserver.games.api import Command, Illegal, Options, Participant
from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.hosted import Assets, GameRoot, HostedGame
from gameserver.games.rng import Chance

#: What the server asks whoever is to move.
PROMPT = "OK - take"


class UserAssets(Assets):
    """A participant. Nobody owns anything in this game."""


class Heap(Entity):
    """A heap, and how much is left of it."""

    game = ToOne["NimGame"]("heaps")
    size = Attribute[int](0)

    def take(self, count: int) -> Command:
        """Return the command that takes so many."""
        return Command("TAKE", {"heap": self.id, "count": str(count)})


class NimGame(GameRoot[UserAssets]):
    """The root: the heaps, and whose turn it is."""

    heaps = ToMany[Heap]("game")
    current_player = ToOne[UserAssets]()


class Nim(HostedGame[NimGame, UserAssets]):
    """One game, of three to five heaps with one to nine each. Who remains alone has won."""

    MOST = 2

    def __init__(self, options: Options, seed: int) -> None:
        if options.max_players != self.MOST:
            raise Illegal("createGame", "Nim is for 2 players.")
        super().__init__(NimGame(Model(seed), name=options.name, num_players=self.MOST, test_game=options.test_game))
        chance = Chance(f"nim {seed}")
        for _ in range(3 + chance.below(3)):
            self._root.heaps.add(Heap(self.model, size=1 + chance.below(9)))
        self._root.announce()
        self.model.take()
        self._handlers = {"START_GAME": self._start, "TAKE": self._take}

    def prompts(self, seat: int) -> Sequence[str]:
        """See the base class."""
        return [PROMPT] if self._root.current_player is self._seats[seat] else []

    def _moves(self, seat: int) -> Sequence[Command]:
        heaps = self._root.heaps if self.prompts(seat) else ()
        return [heap.take(count) for heap in heaps for count in range(1, heap.size + 1)]

    def _assets_for(self, seat: int, participant: Participant) -> UserAssets:
        return UserAssets(self.model)

    def _start(self, seat: int, command: Command) -> None:
        self._begin(seat)
        self._ask(seat)

    def _take(self, seat: int, command: Command) -> None:
        if not self.prompts(seat):
            raise Illegal("take", f"It is not your turn: wait for {PROMPT}.")
        heap = self.model.find(command.arguments.get("heap", ""), Heap)
        if heap is None or not heap.size:
            raise Illegal("take", "heap must be the id of a Heap that is not empty.")
        if command.arguments.get("count") not in [str(count) for count in range(1, heap.size + 1)]:
            raise Illegal("take", f"count must be a number from 1 to {heap.size}.")
        heap.size -= int(command.arguments["count"])
        if any(heap.size for heap in self._root.heaps):
            self._ask(next((other for other in self._players() if other != seat), seat))
        else:
            self._end(self._seats[seat])

    def _ask(self, seat: int) -> None:
        self._root.current_player = self._seats[seat]
        self.model.say(seat, PROMPT)

    def _end(self, winner: Assets | None) -> None:
        self._root.current_player = None
        super()._end(winner)

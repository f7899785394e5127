"""Achievements: made by players in the lobbies that have them, looked for after every move."""

from __future__ import annotations

import re
from collections.abc import Callable

from twisted.internet.defer import ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from gameserver.errors import Code, GameError, Unavailable
from gameserver.games.conditions import Condition, Standing, parse
from gameserver.games.hosted import Game
from gameserver.matches.match import Match
from gameserver.matches.seat import Seat
from gameserver.matches.store import Achievement, AchievementStore
from gameserver.reactor import wall
from gameserver.sessions.players import Player, name_key

_NAME = re.compile(r"[^\s=\"]{1,40}")

#: Achievements there may be in all; each is looked at after every move.
MOST = 200


class Achievements:
    """All achievements, in memory; changes are in the store before they are here."""

    _log = Logger()

    def __init__(self, store: AchievementStore, clock: IReactorTime) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[str, tuple[Achievement, Condition]] = {}
        #: What has been told already: nickname and name of the achievement.
        self._told: set[tuple[str, str]] = set()

    @property
    def _now_ms(self) -> int:
        return int(wall(self._clock) * 1000)

    async def load(self) -> None:
        """Read what there is."""
        self._known = {name_key(one.name): (one, parse(one.condition)) for one in await self._store.all()}

    async def listed(self, player: Player) -> list[tuple[Achievement, bool]]:
        """Return every achievement and whether a player has reached it."""
        reached = await self._store.reached(player.key)
        return [(one, one.name in reached) for one, _ in self._known.values()]

    async def create(self, player: Player, name: str, sentence: str) -> None:
        """Make one. Raises ``GameError`` ``bad_achievement`` or ``bad_condition``."""
        if not _NAME.fullmatch(name):
            raise GameError(
                Code.BAD_ACHIEVEMENT, "A name is one word of at most 40 characters, without = and quotes."
            )
        if name_key(name) in self._known:
            raise GameError(Code.BAD_ACHIEVEMENT, f"There is {name} already: UPDATE ACHIEVEMENT changes it.")
        if len(self._known) >= MOST:
            raise GameError(Code.BAD_ACHIEVEMENT, f"There are {MOST} achievements already: delete one first.")
        await self._keep(Achievement(name, parse(sentence).sentence, player.name, player.team))

    async def update(self, player: Player, name: str, sentence: str) -> None:
        """Give one another condition. Raises ``GameError``."""
        old = self._own(player, name)
        await self._keep(Achievement(old.name, parse(sentence).sentence, player.name, player.team))

    async def delete(self, player: Player, name: str) -> None:
        """Forget one. Raises ``GameError``."""
        old = self._own(player, name)
        await self._store.remove(old.name)
        self._known.pop(name_key(name), None)

    def _own(self, player: Player, name: str) -> Achievement:
        found = self._known.get(name_key(name))
        if found is None:
            raise GameError(
                Code.BAD_ACHIEVEMENT, f"There is no achievement {name[:40]}: LIST ACHIEVEMENTS shows all."
            )
        if found[0].team != player.team and player.role == "player":
            raise GameError(Code.BAD_ACHIEVEMENT, f"{found[0].name} belongs to the team {found[0].team}.")
        return found[0]

    async def _keep(self, achievement: Achievement) -> None:
        await self._store.put(achievement, self._now_ms)
        self._known[name_key(achievement.name)] = (achievement, parse(achievement.condition))
        self._told = {told for told in self._told if told[1] != achievement.name}

    def look(self, match: Match) -> None:
        """Look whether anybody in a match has reached something; called after every move."""
        game = match.game
        standing = match.kind.season.achievements
        if not self._known or standing is None or not (game.running or game.over):
            return
        for seat in match.playing():
            if seat.human:
                self._look_at(match, seat, standing)

    def _look_at(self, match: Match, seat: Seat, standing: Callable[[Game, int], Standing]) -> None:
        key = name_key(seat.participant.nickname)
        open_ones = [found for found in self._known.values() if (key, found[0].name) not in self._told]
        if not open_ones:
            return
        found = standing(match.game, seat.number)
        for achievement, condition in open_ones:
            if condition.holds(found):
                self._told.add((key, achievement.name))
                ensureDeferred(self._reach(match, seat, key, achievement)).addErrback(self._not_kept)

    def _not_kept(self, failure: Failure) -> None:
        # An outage of the database is in the log already.
        if not failure.check(Unavailable):
            self._log.failure("an achievement was not kept", failure)

    async def _reach(self, match: Match, seat: Seat, key: str, achievement: Achievement) -> None:
        if await self._store.reach(achievement.name, key, match.header.id, self._now_ms):
            match.tell(seat, f"ACHIEVEMENT {achievement.name}: {achievement.condition}")

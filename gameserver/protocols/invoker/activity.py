"""Who bets what, for everybody to see: masked names, a sample, the last two hundred, one by one and in batches.

None of it is kept on disk, and none of it ever makes a bet wait: what is too much is left out.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from twisted.internet.interfaces import IReactorTime

from gameserver.protocols.invoker.play.table import Bet
from gameserver.reactor import wall
from gameserver.sessions.limits import Meter
from gameserver.wallet.offer import NAMES, Currency

#: Activities that are remembered of each game.
REMEMBERED = 200

#: A batch goes out after so many seconds or so many activities.
BATCH_SECONDS = 0.5
BATCH_SIZE = 20

#: Stakes in default bets of their currency: below the first one in ten is shown, below the second one in two, from
#: there on every one. A win of more than ten times its stake is always shown.
SMALL, LARGE = 10, 100
BIG_WIN = 10

#: Single activities a second that everybody gets; above it only large bets.
SINGLES = 200


class Activity(msgspec.Struct, frozen=True):
    """A bet that is over, with the player's masked name and the amounts as texts."""

    bet: Bet
    player_id: str
    name: str
    stake: str
    win: str
    potential: str


class Batch(msgspec.Struct, frozen=True):
    """Activities of one game within a period (milliseconds since 1970); ``total`` counts the ones left out too."""

    game: str
    activities: tuple[Activity, ...]
    total: int
    begin_ms: int
    end_ms: int
    sequence: int


def mask(name: str) -> str:
    """Return a name as strangers see it: three characters of either end, and nothing of one with six or fewer."""
    return f"{name[:3]}***{name[-3:]}" if len(name) > 6 else "***"


class Activities:
    """Takes every bet that is over; ``tell`` and ``tell_batch`` are called with what goes out."""

    def __init__(
        self,
        clock: IReactorTime,
        currencies: Mapping[str, Currency],
        tell: Callable[[Activity], None],
        tell_batch: Callable[[Batch], None],
    ) -> None:
        self._clock = clock
        self._currencies = currencies
        self._tell = tell
        self._tell_batch = tell_batch
        self._kept: dict[str, deque[Activity]] = {game: deque(maxlen=REMEMBERED) for game in NAMES}
        self._totals = dict.fromkeys(NAMES, 0)
        self._gathered: dict[str, list[Activity]] = {game: [] for game in NAMES}
        self._counted = dict.fromkeys(NAMES, 0)
        self._begun = dict.fromkeys(NAMES, self._now_ms)
        self._singles = Meter(SINGLES, SINGLES, clock.seconds())
        self._sequence = 0
        self._timer: Any = None

    @property
    def _now_ms(self) -> int:
        return int(wall(self._clock) * 1000)

    def add_bet(self, bet: Bet, name: str) -> None:
        """Take a bet of a player."""
        currency = self._currencies[bet.currency]
        self._totals[bet.game] += 1
        self._counted[bet.game] += 1
        large = bet.stake >= LARGE * currency.default_bet
        activity = Activity(
            bet,
            f"player_{bet.player}",
            mask(name),
            currency.shown(bet.stake),
            currency.shown(bet.win),
            currency.shown(bet.potential),
        )
        if large or self._singles.pour(self._clock.seconds()):
            self._tell(activity)
        if large or self._shown(bet, currency):
            self._kept[bet.game].append(activity)
            self._gather(activity)

    @staticmethod
    def _shown(bet: Bet, currency: Currency) -> bool:
        if bet.win > BIG_WIN * bet.stake:
            return True
        return random.random() < (0.1 if bet.stake < SMALL * currency.default_bet else 0.5)

    def recent(self, game: str, limit: int) -> tuple[list[Activity], int]:
        """Return the newest activities of a game, newest first, and how many bets there were since the start."""
        kept = self._kept[game]
        return [kept[-1 - index] for index in range(min(limit, len(kept)))], self._totals[game]

    def _gather(self, activity: Activity) -> None:
        game = activity.bet.game
        self._gathered[game].append(activity)
        if len(self._gathered[game]) >= BATCH_SIZE:
            self._send(game)
        elif self._timer is None:
            self._timer = self._clock.callLater(BATCH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._timer = None
        for game in self._gathered:
            self._send(game)

    def begin_batch(self, game: str) -> None:
        """End what has been gathered of a game, because somebody joins who is told of later bets only.

        Nobody is told of bets from before they asked, not even of their number.
        """
        self._send(game)
        self._counted[game], self._begun[game] = 0, self._now_ms

    def _send(self, game: str) -> None:
        gathered = self._gathered[game]
        if not gathered:
            return
        now = self._now_ms
        self._sequence += 1
        batch = Batch(game, tuple(gathered), self._counted[game], self._begun[game], now, self._sequence)
        self._gathered[game], self._counted[game], self._begun[game] = [], 0, now
        self._tell_batch(batch)

    def stop_batches(self) -> None:
        """Send nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

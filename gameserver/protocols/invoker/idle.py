"""Rounds that nobody goes on with are settled, so that no stake stays open for good."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.protocols.invoker.once import Done
from gameserver.protocols.invoker.play import blackjack, mines
from gameserver.protocols.invoker.shared import InvokerShared
from gameserver.wallet.books import Books
from gameserver.wallet.games import MINES
from gameserver.wallet.rows import RoundRow

#: Rounds that are settled in one go.
SLICE = 200


async def settle_idle(shared: InvokerShared) -> int:
    """Settle open rounds in which nothing has happened for the configured time; return how many.

    Mines are cashed out if a safe tile is open and lost otherwise; blackjack stands with every hand.
    """
    seconds = shared.config.round_seconds
    if not seconds:
        return 0
    before = shared.now_ms - int(seconds * 1000)
    count = 0
    for row in await shared.store.idle_rounds(before, SLICE):
        done: Done | None = await shared.ledger.submit(_settling(row.id, before))
        if done is None:
            continue
        count += 1
        found = await shared.identities.player(row.player)
        shared.tell(done, row.game, found.name if found is not None else "")
    return count


def _settling(number: int, before: int) -> Callable[[Books], Done | None]:
    def operation(books: Books) -> Done | None:
        row: RoundRow | None = books.round(number)
        # Somebody may have gone on with it, or another process may have settled it, since it was found.
        if row is None or row.ended_ms is not None or row.updated_ms >= before:
            return None
        expire = mines.expire if row.game == MINES else blackjack.expire
        bet = expire(books, row)
        return Done(b"", tuple(books.changes), bet)

    return operation

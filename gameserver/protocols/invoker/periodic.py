"""What is done for the players again and again, whether anybody asks or not."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.protocols.invoker.once import Done
from gameserver.protocols.invoker.play import blackjack, mines
from gameserver.protocols.invoker.shared import InvokerShared
from gameserver.reactor import wall
from gameserver.wallet.books import Books, Change
from gameserver.wallet.offer import MINES
from gameserver.wallet.rows import CreditRow, RoundRow

#: Rounds that are settled in one go.
SLICE = 200


async def settle_idle_rounds(shared: InvokerShared) -> int:
    """Settle open rounds in which nothing has happened for the configured time; return how many.

    Mines are cashed out if a safe tile is open and lost otherwise; blackjack stands with every hand. So no stake
    stays open for good.
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
        shared.tell_done(done, row.player, row.game, found.name if found is not None else "")
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


class Credits:
    """Looks for play money that somebody has been given, or has lost, by the command line beside the server."""

    def __init__(self, shared: InvokerShared) -> None:
        self._shared = shared
        self._after: int | None = None

    async def tell_new_credits(self) -> int:
        """Tell every new credit of a player who is connected (6.2); return how many. The first look only begins."""
        shared = self._shared
        self._after, given = await shared.store.credits(self._after)
        told = 0
        for credit in given:
            if not shared.is_connected(credit.player):
                continue
            # What the account held then may be older than what has been told of bets since.
            balance = await shared.ledger.submit(_balance_after(credit))
            shared.tell_balance(Change(credit.player, credit.currency, credit.amount, balance, credit.reason))
            told += 1
        return told


def _balance_after(credit: CreditRow) -> Callable[[Books], int]:
    return lambda books: books.balance(credit.player, credit.currency)


async def refresh_tokens(shared: InvokerShared) -> int:
    """Push a new token to every connection whose own ends soon; return how many."""
    limit = wall(shared.reactor) + shared.config.refresh_seconds
    count = 0
    for connection in shared.logged_in():
        if connection.identity.claims.exp <= limit:
            token, connection.identity = shared.identities.renew(connection.identity)
            payload = {
                "token": token,
                "expiresIn": shared.identities.tokens.lifetime,
                "expiresAt": connection.identity.claims.exp * 1000,
            }
            connection.push("TOKEN_REFRESH", payload)
            count += 1
    return count


async def forget_requests(shared: InvokerShared) -> int:
    """Forget requests that may be repeated no longer; return how many."""
    return await shared.store.forget_requests(shared.now_ms - shared.remembered_ms)

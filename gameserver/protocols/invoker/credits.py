"""Play money that somebody is given by the command line, beside the server, is told to his connections."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.protocols.invoker.shared import InvokerShared
from gameserver.wallet.books import Books, Change
from gameserver.wallet.rows import CREDIT, CreditRow


class Credits:
    """Looks again and again for credits that are new since the last look."""

    def __init__(self, shared: InvokerShared) -> None:
        self._shared = shared
        self._after: int | None = None

    async def tell(self) -> int:
        """Tell every new credit of a player who is connected (6.2); return how many. The first look only begins."""
        shared = self._shared
        self._after, given = await shared.store.credits(self._after)
        told = 0
        for credit in given:
            if not shared.is_connected(credit.player):
                continue
            # What the account held then may be older than what has been told of bets since.
            balance = await shared.ledger.submit(_balance_after(credit))
            shared.tell_balance(Change(credit.player, credit.currency, credit.amount, balance, CREDIT))
            told += 1
        return told


def _balance_after(credit: CreditRow) -> Callable[[Books], int]:
    return lambda books: books.balance(credit.player, credit.currency)

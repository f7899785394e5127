"""Questions about the books that need no lock: histories, what has been left alone, what may be forgotten."""

from __future__ import annotations

import sqlalchemy as sa

from gameserver.storage.database import Database
from gameserver.storage.schema.wallet import (
    wallet_accounts,
    wallet_entries,
    wallet_requests,
    wallet_rounds,
    wallet_seeds,
)
from gameserver.wallet.rows import CREDIT, DEBIT, MINT, PLAYER, CreditRow, RoundRow, SeedRow
from gameserver.wallet.store import Page

_ROUND = len(RoundRow.__struct_fields__)


class WalletQueries:
    """The part of the ``LedgerStore`` that only looks, or forgets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, player: int, game: str | None, limit: int, offset: int) -> Page:
        """See ``LedgerStore``."""
        mine = sa.and_(wallet_rounds.c.player == player, wallet_rounds.c.ended_ms.is_not(None))
        if game is not None:
            mine = sa.and_(mine, wallet_rounds.c.game == game)

        def select(connection: sa.Connection) -> Page:
            query = (
                sa.select(wallet_rounds, wallet_seeds)
                .join(wallet_seeds, wallet_seeds.c.id == wallet_rounds.c.seed)
                .where(mine)
                .order_by(wallet_rounds.c.id.desc())
                .limit(limit)
                .offset(offset)
            )
            rounds = [
                (RoundRow(*row[:_ROUND]), SeedRow(*row[_ROUND:]))
                for row in connection.execute(query.set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL))
            ]
            total = connection.execute(sa.select(sa.func.count()).select_from(wallet_rounds).where(mine)).scalar_one()
            return Page(rounds, total)

        return await self._database.run("wallet.history", select)

    async def revealed_seeds(self, player: int, game: str, limit: int, offset: int) -> tuple[list[SeedRow], int]:
        """See ``LedgerStore``."""
        mine = sa.and_(
            wallet_seeds.c.player == player, wallet_seeds.c.game == game, wallet_seeds.c.revealed_ms.is_not(None)
        )

        def select(connection: sa.Connection) -> tuple[list[SeedRow], int]:
            query = sa.select(wallet_seeds).where(mine).order_by(wallet_seeds.c.id.desc()).limit(limit).offset(offset)
            total = connection.execute(sa.select(sa.func.count()).select_from(wallet_seeds).where(mine)).scalar_one()
            return [SeedRow(*row) for row in connection.execute(query)], total

        return await self._database.run("wallet.revealed_seeds", select)

    async def idle_rounds(self, before_ms: int, limit: int) -> list[RoundRow]:
        """See ``LedgerStore``."""

        def select(connection: sa.Connection) -> list[RoundRow]:
            query = (
                sa.select(wallet_rounds)
                .where(wallet_rounds.c.ended_ms.is_(None), wallet_rounds.c.updated_ms < before_ms)
                .order_by(wallet_rounds.c.updated_ms)
                .limit(limit)
            )
            return [RoundRow(*row) for row in connection.execute(query)]

        return await self._database.run("wallet.idle_rounds", select)

    async def credits(self, after: int | None) -> tuple[int, list[CreditRow]]:
        """See ``LedgerStore``. Whoever writes holds the lock of the books, so entries become visible in order."""
        entry, account = wallet_entries.c, wallet_accounts.c

        def select(connection: sa.Connection) -> tuple[int, list[CreditRow]]:
            newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(entry.id), 0))).scalar_one()
            if after is None or after >= newest:
                return newest, []
            query = (
                sa.select(entry.id, account.owner, account.currency, entry.amount)
                .join(wallet_accounts, account.id == entry.account)
                .where(entry.id > after, entry.id <= newest, entry.reason.in_((CREDIT, DEBIT)), account.owner != MINT)
                .order_by(entry.id)
            )
            rows = connection.execute(query)
            return newest, [CreditRow(row[0], int(row[1].removeprefix(PLAYER)), row[2], row[3]) for row in rows]

        return await self._database.run("wallet.credits", select)

    async def forget_requests(self, before_ms: int) -> int:
        """See ``LedgerStore``. A slice at a time, so that bets do not wait for the broom."""

        def delete(connection: sa.Connection) -> int:
            keys = (wallet_requests.c.player, wallet_requests.c.key)
            old = sa.select(*keys).where(wallet_requests.c.at_ms < before_ms).limit(2000)
            return connection.execute(wallet_requests.delete().where(sa.tuple_(*keys).in_(old))).rowcount

        gone = 0
        while forgotten := await self._database.run("wallet.forget_requests", delete):
            gone += forgotten
        return gone

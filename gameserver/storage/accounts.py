"""Accounts and tokens in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from gameserver.accounts.account import Account
from gameserver.accounts.store import StoredAccount, StoredToken
from gameserver.errors import Code, GameError
from gameserver.sessions.names import skeleton
from gameserver.sessions.players import name_key
from gameserver.storage.database import Database
from gameserver.storage.kept_guests import rename_person
from gameserver.storage.schema.accounts import accounts, former_names, tokens

_COLUMNS = ("id", "name", "email", "role", "team", "motto", "avatar", "expires_ms", "epoch")

#: Numbers that are asked for in one statement.
_SLICE = 500

# What every login asks is put together once: making a statement takes five times as long as carrying it out, and
# holds the interpreter meanwhile.
_BY_ID = sa.select(accounts).where(accounts.c.id == sa.bindparam("key"))
_BY_NAME = sa.select(accounts).where(accounts.c.name_key == sa.bindparam("key"))
_BY_EMAIL = sa.select(accounts).where(accounts.c.email_key == sa.bindparam("key"))
#: The account of that very name before one that looks like it.
_ALIKE = (
    sa.select(accounts.c.name)
    .where(sa.or_(accounts.c.name_key == sa.bindparam("key"), accounts.c.skeleton == sa.bindparam("shape")))
    .order_by(sa.case((accounts.c.name_key == sa.bindparam("key"), 0), else_=1))
    .limit(1)
)
_FORMER = (
    sa.select(former_names.c.name)
    .where(sa.or_(former_names.c.name_key == sa.bindparam("key"), former_names.c.skeleton == sa.bindparam("shape")))
    .limit(1)
)


class DatabaseAccounts:
    """The ``AccountStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def insert(self, account: Account, password: str, now_ms: int, seeded: str | None = None) -> Account:
        """See ``AccountStore``."""

        def insert(connection: sa.Connection) -> Account:
            values = _values(account) | {"password": password, "seeded": seeded, "created_ms": now_ms}
            values["skeleton"] = skeleton(account.name)
            _check_unique(connection, account, 0)
            number = connection.execute(accounts.insert().values(values)).inserted_primary_key
            assert number is not None
            return Account(number[0], *[getattr(account, column) for column in _COLUMNS[1:]])

        try:
            return await self._database.run("accounts.insert", insert)
        except IntegrityError:
            # Two people asked for the same name at the same moment.
            raise GameError(Code.NAME_TAKEN, "This name is taken.") from None

    async def keep(
        self, number: int, account: Account, password: str, now_ms: int, free_ms: int, seeded: str | None = None
    ) -> Account | None:
        """See ``AccountStore``."""
        mine = sa.and_(accounts.c.id == number, accounts.c.expires_ms.is_not(None))

        def keep(connection: sa.Connection) -> Account | None:
            row = connection.execute(sa.select(accounts).where(mine).with_for_update()).mappings().first()
            if row is None:
                return None
            _check_unique(connection, account, 0)
            kept = attrs.evolve(account, id=number, epoch=row["epoch"] + 1)
            values = _values(kept) | {"password": password, "seeded": seeded, "skeleton": skeleton(kept.name)}
            connection.execute(accounts.update().where(mine).values(values))
            connection.execute(tokens.delete().where(tokens.c.account == number))
            connection.execute(former_names.insert().values(_former(_account(row), now_ms, free_ms, remains=0)))
            rename_person(connection, number, row["name"], kept.name)
            return kept

        try:
            return await self._database.run("accounts.keep", keep)
        except IntegrityError:
            raise GameError(Code.NAME_TAKEN, "This name is taken.") from None

    async def by_id(self, number: int) -> StoredAccount | None:
        """See ``AccountStore``."""
        return await self._one("accounts.by_id", _BY_ID, number)

    async def by_name(self, name: str) -> StoredAccount | None:
        """See ``AccountStore``."""
        return await self._one("accounts.by_name", _BY_NAME, _storable(name_key(name)))

    async def alike(self, name: str) -> str | None:
        """See ``AccountStore``."""
        asked = {"key": _storable(name_key(name)), "shape": _storable(skeleton(name))}

        def select(connection: sa.Connection) -> str | None:
            found: str | None = connection.execute(_ALIKE, asked).scalar()
            return found if found is not None else connection.execute(_FORMER, asked).scalar()

        return await self._database.run("accounts.alike", select)

    async def by_email(self, email: str) -> StoredAccount | None:
        """See ``AccountStore``."""
        return await self._one("accounts.by_email", _BY_EMAIL, _storable(email.casefold()))

    async def _one(self, name: str, statement: sa.Select[Any], key: int | str) -> StoredAccount | None:
        def select(connection: sa.Connection) -> StoredAccount | None:
            row = connection.execute(statement, {"key": key}).mappings().first()
            return StoredAccount(_account(row), row["password"], row["seeded"]) if row else None

        return await self._database.run(name, select)

    async def everybody(self) -> list[Account]:
        """See ``AccountStore``."""

        def select(connection: sa.Connection) -> list[Account]:
            rows = connection.execute(sa.select(accounts).order_by(accounts.c.id)).mappings()
            return [_account(row) for row in rows]

        return await self._database.run("accounts.everybody", select)

    async def search(self, text: str, limit: int) -> list[Account]:
        """See ``AccountStore``."""
        key = _storable(name_key(text))
        found = sa.or_(
            accounts.c.name_key.contains(key, autoescape=True), accounts.c.email_key.contains(key, autoescape=True)
        )
        query = sa.select(accounts).where(found).order_by(accounts.c.name_key).limit(limit)

        def select(connection: sa.Connection) -> list[Account]:
            return [_account(row) for row in connection.execute(query).mappings()]

        return await self._database.run("accounts.search", select)

    async def team_members(self, team: str) -> list[str]:
        """See ``AccountStore``."""

        def select(connection: sa.Connection) -> list[str]:
            lasting = accounts.c.expires_ms.is_(None)
            query = sa.select(accounts.c.name).where(accounts.c.team == team, lasting).order_by(accounts.c.id)
            return list(connection.execute(query).scalars())

        return await self._database.run("accounts.team_members", select)

    async def teams(self) -> list[str]:
        """See ``AccountStore``."""

        def select(connection: sa.Connection) -> list[str]:
            query = sa.select(accounts.c.team).distinct().order_by(accounts.c.team)
            return list(connection.execute(query).scalars())

        return await self._database.run("accounts.teams", select)

    async def change(self, number: int, changes: Mapping[str, Any]) -> Account | None:
        """See ``AccountStore``."""

        def change(connection: sa.Connection) -> Account | None:
            mine = accounts.c.id == number
            row = connection.execute(sa.select(accounts).where(mine).with_for_update()).mappings().first()
            if row is None:
                return None
            account = attrs.evolve(_account(row), **changes)
            _check_unique(connection, account, number)
            connection.execute(accounts.update().where(mine).values(_values(account)))
            return account

        return await self._database.run("accounts.change", change)

    async def renew_hash(self, number: int, password: str, instead_of: str) -> bool:
        """See ``AccountStore``."""
        same = sa.and_(accounts.c.id == number, accounts.c.password == instead_of)

        def put(connection: sa.Connection) -> bool:
            return connection.execute(accounts.update().where(same).values(password=password)).rowcount > 0

        return await self._database.run("accounts.renew_hash", put)

    async def keep_seeded(self, number: int, seeded: str, beside: str) -> bool:
        """See ``AccountStore``."""
        same = sa.and_(accounts.c.id == number, accounts.c.password == beside)

        def put(connection: sa.Connection) -> bool:
            return connection.execute(accounts.update().where(same).values(seeded=seeded)).rowcount > 0

        return await self._database.run("accounts.keep_seeded", put)

    async def raise_epoch(self, number: int, password: str | None = None, seeded: str | None = None) -> int | None:
        """See ``AccountStore``."""
        values: dict[str, Any] = {"epoch": accounts.c.epoch + 1}
        if password is not None:
            values |= {"password": password, "seeded": seeded}

        def put(connection: sa.Connection) -> int | None:
            # The account first: its row is locked from here on, so that no token is kept that is not seen below.
            changed = accounts.update().where(accounts.c.id == number).values(values).returning(accounts.c.epoch)
            epoch = connection.execute(changed).scalar()
            connection.execute(tokens.delete().where(tokens.c.account == number))
            return epoch

        return await self._database.run("accounts.raise_epoch", put)

    async def remove(self, number: int, now_ms: int, free_ms: int) -> Account | None:
        """See ``AccountStore``."""
        mine = accounts.c.id == number

        def remove(connection: sa.Connection) -> Account | None:
            row = connection.execute(sa.select(accounts).where(mine).with_for_update()).mappings().first()
            if row is None:
                return None
            account = _account(row)
            connection.execute(accounts.delete().where(mine))
            # The name that a guest had before they signed up.
            connection.execute(former_names.delete().where(former_names.c.account == number))
            connection.execute(former_names.insert().values(_former(account, now_ms, free_ms, remains=2)))
            return account

        return await self._database.run("accounts.remove", remove)

    async def epochs(self, numbers: Collection[int]) -> dict[int, int]:
        """See ``AccountStore``."""
        wanted = sorted(numbers)

        def select(connection: sa.Connection) -> dict[int, int]:
            found: dict[int, int] = {}
            for start in range(0, len(wanted), _SLICE):
                some = accounts.c.id.in_(wanted[start : start + _SLICE])
                for number, epoch in connection.execute(sa.select(accounts.c.id, accounts.c.epoch).where(some)):
                    found[number] = epoch
            return found

        return await self._database.run("accounts.epochs", select) if wanted else {}

    async def put_token(
        self, account: int, epoch: int, kind: str, digest: str, expires_ms: int, keep: int = 1
    ) -> bool:
        """See ``AccountStore``."""
        current = sa.select(accounts.c.epoch).where(accounts.c.id == account).with_for_update()

        def put(connection: sa.Connection) -> bool:
            if connection.execute(current).scalar() != epoch:
                return False
            others = sa.and_(tokens.c.account == account, tokens.c.kind == kind)
            stay = sa.select(tokens.c.hash).where(others).order_by(tokens.c.expires_ms.desc()).limit(keep - 1)
            # Asked for first: a statement that changes a table and looks at it is not the same everywhere.
            kept = connection.execute(stay).scalars().all()
            connection.execute(tokens.delete().where(others, tokens.c.hash.not_in(kept)))
            values = {"account": account, "kind": kind, "hash": digest, "expires_ms": expires_ms}
            connection.execute(tokens.insert().values(values))
            return True

        return await self._database.run("accounts.put_token", put)

    async def prolong_token(self, kind: str, digest: str, expires_ms: int) -> bool:
        """See ``AccountStore``."""
        mine = sa.and_(tokens.c.hash == digest, tokens.c.kind == kind)

        def put(connection: sa.Connection) -> bool:
            return connection.execute(tokens.update().where(mine).values(expires_ms=expires_ms)).rowcount > 0

        return await self._database.run("accounts.prolong_token", put)

    async def delete_token(self, kind: str, digest: str) -> bool:
        """See ``AccountStore``."""
        mine = sa.and_(tokens.c.hash == digest, tokens.c.kind == kind)

        def delete(connection: sa.Connection) -> bool:
            return connection.execute(tokens.delete().where(mine)).rowcount > 0

        return await self._database.run("accounts.delete_token", delete)

    async def token(self, kind: str, digest: str) -> StoredToken | None:
        """See ``AccountStore``."""

        def select(connection: sa.Connection) -> StoredToken | None:
            query = (
                sa.select(accounts, tokens.c.expires_ms.label("token_expires_ms"))
                .join(tokens, tokens.c.account == accounts.c.id)
                .where(tokens.c.kind == kind, tokens.c.hash == digest)
            )
            row = connection.execute(query).mappings().first()
            return StoredToken(_account(row), row["token_expires_ms"]) if row else None

        return await self._database.run("accounts.token", select)

    async def delete_expired(self, now_ms: int) -> int:
        """See ``AccountStore``."""

        def delete(connection: sa.Connection) -> int:
            connection.execute(tokens.delete().where(tokens.c.expires_ms <= now_ms))
            free = sa.and_(former_names.c.free_ms <= now_ms, former_names.c.remains == 0)
            connection.execute(former_names.delete().where(free))
            return connection.execute(accounts.delete().where(accounts.c.expires_ms <= now_ms)).rowcount

        return await self._database.run("accounts.delete_expired", delete)

    async def newest_temporary(self) -> str | None:
        """See ``AccountStore``."""

        def select(connection: sa.Connection) -> str | None:
            temporary = accounts.c.expires_ms.is_not(None)
            query = sa.select(accounts.c.name).where(temporary).order_by(accounts.c.id.desc()).limit(1)
            return connection.execute(query).scalar()

        return await self._database.run("accounts.newest_temporary", select)


def _account(row: Any) -> Account:
    return Account(*[row[column] for column in _COLUMNS])


def _values(account: Account) -> dict[str, Any]:
    values = {column: getattr(account, column) for column in _COLUMNS[1:]}
    values["name_key"] = name_key(account.name)
    values["email_key"] = account.email.casefold() if account.email else None
    return values


def _former(account: Account, now_ms: int, free_ms: int, *, remains: int) -> dict[str, Any]:
    return {
        "account": account.id,
        "name": account.name,
        "name_key": name_key(account.name),
        "skeleton": skeleton(account.name),
        "removed_ms": now_ms,
        "free_ms": free_ms,
        "remains": remains,
    }


def _check_unique(connection: sa.Connection, account: Account, own: int) -> None:
    same = accounts.c.name_key == name_key(account.name)
    if not own:
        same = sa.or_(same, accounts.c.skeleton == skeleton(account.name))
    taken = sa.select(accounts.c.id).where(same, accounts.c.id != own)
    asked = {"key": name_key(account.name), "shape": skeleton(account.name)}
    if connection.execute(taken).first() or (not own and connection.execute(_FORMER, asked).first()):
        raise GameError(Code.NAME_TAKEN, "This name is taken.")
    if account.email:
        mail = sa.select(accounts.c.id).where(accounts.c.email_key == account.email.casefold(), accounts.c.id != own)
        if connection.execute(mail).first():
            raise GameError(Code.EMAIL_TAKEN, "This e-mail address is taken.")


def _storable(text: str) -> str:
    """Return a text a database takes: NUL bytes and lone surrogates, which no kept name has, become spaces."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")

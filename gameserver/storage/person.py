"""Everything that the tables have of one account, section by section, as JSON.

What would harm somebody is left out: hashes of passwords and tokens, seeds in use, rounds of games that are open.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from gameserver.games.fair.money import DECIMALS, format_amount
from gameserver.sessions.players import name_key
from gameserver.storage.schema.accounts import accounts, audit, sanctions, tokens
from gameserver.storage.schema.kassel import achievements, achievements_reached, maps, matches
from gameserver.storage.schema.standings import friends, profiles, results, standings
from gameserver.storage.schema.techmino import techmino_players, techmino_rounds, techmino_saves
from gameserver.storage.schema.wallet import (
    wallet_accounts,
    wallet_entries,
    wallet_players,
    wallet_rounds,
    wallet_seeds,
)
from gameserver.wallet.rows import owner_of

_SECRET = {"password", "seeded", "name_key", "email_key", "skeleton", "epoch"}
_AMOUNTS = {"amount", "balance", "stake", "win"}

_encode = msgspec.json.Encoder().encode


def sections_of(
    connection: sa.Connection, number: int, latest: int | None = None
) -> Iterable[tuple[str, bytes]] | None:
    """Return name and JSON of each section of an account, ``None`` if there is none.

    ``latest`` bounds the rows of each; the newest come first.
    """
    row = connection.execute(sa.select(accounts).where(accounts.c.id == number)).mappings().first()
    if row is None:
        return None
    hidden = connection.execute(sa.select(profiles.c.hidden).where(profiles.c.account == number)).scalar()
    account = {key: value for key, value in row.items() if key not in _SECRET} | {"hidden": bool(hidden)}
    queries = _of_name(row["name"]) | _of_account(number, streams=latest is None)
    made = [("account", _encode(account))]
    made += [(name, _array(connection, query, latest)) for name, query in queries.items()]
    return [*made, *_wallet(connection, number, latest)]


def _of_name(name: str) -> dict[str, sa.Select[Any]]:
    """Return the queries for what is kept by a name."""
    key = name_key(name)
    played = sa.select(results.c.number).where(results.c.player == key, results.c.source == "match")
    columns = [column for column in matches.c if column.name not in ("owner", "epoch", "seed", "counted", "options")]
    about = sa.or_(
        audit.c.subject == f"name:{key}", sa.func.lower(audit.c.actor) == key, sa.func.lower(audit.c.subject) == key
    )
    followed = sanctions.c.subject.startswith(f"guest:{key}@", autoescape=True)
    return {
        "sanctions": sa.select(sanctions).where(sa.or_(sanctions.c.subject == f"name:{key}", followed)),
        "audit": sa.select(audit).where(about).order_by(audit.c.id.desc()),
        "standings": sa.select(standings).where(standings.c.player == key),
        "results": sa.select(results).where(results.c.player == key).order_by(results.c.at_ms.desc()),
        "matches": sa.select(*columns).where(matches.c.id.in_(played)).order_by(matches.c.id.desc()),
        "achievements": sa.select(achievements_reached).where(achievements_reached.c.nickname == key),
        "achievements_made": sa.select(achievements).where(achievements.c.creator == name),
        "maps": sa.select(*(column for column in maps.c if column.name != "picture")).where(
            maps.c.uploaded_by == name
        ),
    }


def _of_account(number: int, *, streams: bool) -> dict[str, sa.Select[Any]]:
    """Return the queries for what is kept by the number of an account; ``streams`` are large."""
    seat = [column for column in techmino_players.c if column.name != "uid" and (streams or column.name != "stream")]
    room = [techmino_rounds.c[name] for name in ("rid", "room", "type", "started_ms", "ended_ms", "version", "rules")]
    return {
        "tokens": sa.select(tokens.c.kind, tokens.c.expires_ms)
        .where(tokens.c.account == number)
        .order_by(tokens.c.expires_ms.desc()),
        "friends": sa.select(accounts.c.name)
        .join(friends, friends.c.friend == accounts.c.id)
        .where(friends.c.account == number)
        .order_by(accounts.c.name_key),
        "techmino_rounds": sa.select(*seat, *room)
        .join(techmino_rounds, techmino_rounds.c.id == techmino_players.c.round)
        .where(techmino_players.c.uid == number)
        .order_by(techmino_players.c.round.desc()),
        "techmino_saves": sa.select(techmino_saves.c.section, techmino_saves.c.data).where(
            techmino_saves.c.uid == number
        ),
    }


def _wallet(connection: sa.Connection, number: int, latest: int | None) -> Iterator[tuple[str, bytes]]:
    own = sa.and_(wallet_players.c.aggregator == "", wallet_players.c.external == str(number))
    player = connection.execute(sa.select(wallet_players.c.id).where(own)).scalar()
    if player is None:
        return
    mine = wallet_accounts.c.owner == owner_of(player)
    bets, over = wallet_rounds.c, wallet_rounds.c.ended_ms.is_not(None)
    # The board of a round that is open, and a seed in use, would tell what comes.
    open_ = [column for column in bets if column.name != "state"]
    value = sa.case((wallet_seeds.c.revealed_ms.is_not(None), wallet_seeds.c.value)).label("value")
    seeds = [value if column.name == "value" else column for column in wallet_seeds.c]
    queries: dict[str, sa.Select[Any]] = {
        "wallet": sa.select(wallet_accounts.c.currency, wallet_accounts.c.balance).where(mine),
        "open_bets": sa.select(*open_).where(bets.player == player, bets.ended_ms.is_(None)),
        "bets": sa.select(wallet_rounds).where(bets.player == player, over).order_by(bets.id.desc()),
        "seeds": sa.select(*seeds).where(wallet_seeds.c.player == player).order_by(wallet_seeds.c.id.desc()),
    }
    if latest is None:
        # No index leads to the entries of one account: it would cost every bet.
        names = ("transfer", "amount", "balance", "reason", "reference", "at_ms")
        queries["wallet_entries"] = (
            sa.select(*(wallet_entries.c[name] for name in names), wallet_accounts.c.currency)
            .join(wallet_accounts, wallet_accounts.c.id == wallet_entries.c.account)
            .where(mine)
            .order_by(wallet_entries.c.id.desc())
        )
    for name, query in queries.items():
        yield name, _array(connection, query, latest)


def _array(connection: sa.Connection, query: sa.Select[Any], latest: int | None) -> bytes:
    """Return rows as a JSON array. Each is encoded by itself, so that other threads have their turn in between."""
    rows = connection.execute(query.limit(latest)).mappings()
    return b"[" + b",".join(_encode({key: _value(key, value) for key, value in row.items()}) for row in rows) + b"]"


def _value(key: str, value: Any) -> object:
    if key in _AMOUNTS and value is not None:
        return format_amount(value, DECIMALS)
    if key in ("players", "against") or (key == "state" and value is not None):
        return msgspec.Raw(value if isinstance(value, bytes) else value.encode())
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    return value

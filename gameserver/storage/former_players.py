"""How the name of somebody who has deleted their account goes out of what stays: matches, results, rounds, the books.

Everything here may be done a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from gameserver.sessions.names import FORMER, former
from gameserver.sessions.players import name_key
from gameserver.storage.schema.accounts import sanctions
from gameserver.storage.schema.kassel import achievements, achievements_reached, maps, match_log, matches
from gameserver.storage.schema.standings import results, standings
from gameserver.storage.schema.techmino import techmino_players
from gameserver.storage.schema.wallet import wallet_players

#: What the clocks of two nodes may differ by, in milliseconds.
_SKEW_MS = 3_600_000


def matches_to_look_at(removed_ms: int, *, everything: bool) -> sa.Select[int]:
    """Return the query for numbers of matches above ``:after``: all, or those that were not over at a moment."""
    query = sa.select(matches.c.id).where(matches.c.id > sa.bindparam("after")).order_by(matches.c.id)
    if everything:
        return query
    later = matches.c.finished_ms >= removed_ms - _SKEW_MS
    return query.where(sa.or_(matches.c.finished_ms.is_(None), later))


def forget_in_matches(connection: sa.Connection, name: str, numbers: Sequence[int]) -> bool:
    """Put another name for one into those of some matches that are over; say whether it is in one that is not.

    It is the same one throughout a match and nobody else's there, so that the match can be played again.
    """
    rows = connection.execute(sa.select(matches).where(matches.c.id.in_(numbers)).with_for_update()).mappings().all()
    lines = _lines_with(connection, name, numbers)
    unfinished = False
    for row in rows:
        own = lines.get(row["id"], [])
        players: list[str] = msgspec.json.decode(row["players"])
        if not own and name not in (row["creator"], row["winner"], *players):
            continue
        if row["finished_ms"] is None:
            unfinished = True
            continue
        others = {one for _, values in _joins(connection, row["id"]) for one in _people(values)}
        other = former({*players, *others, row["creator"]})
        for number, values in own:
            _rename(values, name, other)
            line = sa.and_(match_log.c.match == row["id"], match_log.c.number == number)
            connection.execute(match_log.update().where(line).values(text=_encoded(values)))
        changed = {
            "players": _encoded([other if one == name else one for one in players]),
            "winner": other if row["winner"] == name else row["winner"],
            "creator": other if row["creator"] == name else row["creator"],
        }
        connection.execute(matches.update().where(matches.c.id == row["id"]).values(changed))
    return unfinished


def _lines_with(
    connection: sa.Connection, name: str, numbers: Sequence[int]
) -> dict[int, list[tuple[int, list[Any]]]]:
    """Return by match the numbers and values of the lines that tell who took a seat and have a name in them."""
    found: dict[int, list[tuple[int, list[Any]]]] = {}
    query = (
        sa.select(match_log.c.match, match_log.c.number, match_log.c.text)
        .where(match_log.c.match.in_(numbers), match_log.c.text.like('["join",%'))
        .where(match_log.c.text.contains(_encoded(name), autoescape=True))
    )
    for match, number, text in connection.execute(query):
        values: list[Any] = msgspec.json.decode(text)
        # A database may compare without case.
        if name in _people(values):
            found.setdefault(match, []).append((number, values))
    return found


def _joins(connection: sa.Connection, match: int) -> list[tuple[int, list[Any]]]:
    query = sa.select(match_log.c.number, match_log.c.text)
    query = query.where(match_log.c.match == match, match_log.c.text.like('["join",%'))
    return [(number, msgspec.json.decode(text)) for number, text in connection.execute(query)]


def _people(values: list[Any]) -> set[str]:
    """Return the names in a line that tells who took a seat: theirs, and those of their team."""
    participant = values[2]
    return {participant["nickname"], *participant["members"]}


def _rename(values: list[Any], name: str, other: str) -> None:
    participant = values[2]
    if participant["nickname"] == name:
        participant["nickname"] = other
    participant["members"] = [other if one == name else one for one in participant["members"]]


def forget_person(connection: sa.Connection, account: int, name: str) -> None:
    """Forget what somebody has reached, and whose rounds, maps and money it was."""
    key = name_key(name)
    _forget_results(connection, key)
    connection.execute(standings.delete().where(standings.c.player == key))
    connection.execute(achievements_reached.delete().where(achievements_reached.c.nickname == key))
    connection.execute(achievements.update().where(achievements.c.creator == name).values(creator=FORMER))
    connection.execute(maps.update().where(maps.c.uploaded_by == name).values(uploaded_by=FORMER))
    # Whoever has the name next has not been muted.
    followed = sanctions.c.subject.startswith(f"guest:{key}@", autoescape=True)
    connection.execute(sanctions.delete().where(sa.or_(sanctions.c.subject == f"name:{key}", followed)))
    own = sa.and_(wallet_players.c.aggregator == "", wallet_players.c.external == str(account))
    connection.execute(wallet_players.update().where(own).values(name=FORMER))
    _forget_rounds(connection, account)


def _forget_results(connection: sa.Connection, key: str) -> None:
    own = sa.select(results.c.source, results.c.number).where(results.c.player == key)
    for source, number in connection.execute(own).all():
        same = sa.and_(results.c.source == source, results.c.number == number)
        for player, against in connection.execute(sa.select(results.c.player, results.c.against).where(same)).all():
            names: list[str] = msgspec.json.decode(against)
            other = former(names)
            changed = _encoded([other if name_key(one) == key else one for one in names])
            connection.execute(results.update().where(same, results.c.player == player).values(against=changed))
    connection.execute(results.delete().where(results.c.player == key))


def _forget_rounds(connection: sa.Connection, account: int) -> None:
    rounds = techmino_players.c
    own = sa.select(rounds.round).where(rounds.uid == account, rounds.username.not_like(f"{FORMER}-%"))
    for number in connection.execute(own).scalars().all():
        others = connection.execute(sa.select(rounds.username).where(rounds.round == number)).scalars()
        mine = sa.and_(rounds.round == number, rounds.uid == account)
        connection.execute(techmino_players.update().where(mine).values(username=former(others)))


def _encoded(value: object) -> str:
    return msgspec.json.encode(value).decode()

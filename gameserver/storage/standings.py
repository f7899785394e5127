"""Results and ratings in the database: counted once, from the matches and rounds that are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from gameserver.errors import Code, GameError
from gameserver.games.glicko import Rating, after_contest, rested
from gameserver.matches.command_log import Joined, read
from gameserver.matches.standings import (
    LAST_BETS,
    MOST_FRIENDS,
    PERIOD_MS,
    BetTotals,
    Contest,
    Profile,
    Reached,
    Result,
    Standing,
)
from gameserver.sessions.names import is_former
from gameserver.sessions.players import name_key
from gameserver.storage.database import Database
from gameserver.storage.schema.accounts import accounts
from gameserver.storage.schema.kassel import achievements, achievements_reached, match_log, matches
from gameserver.storage.schema.standings import friends, profiles, results, standings
from gameserver.storage.schema.techmino import techmino_players, techmino_rounds
from gameserver.storage.schema.wallet import wallet_players, wallet_rounds

#: The game of Techmino's rounds.
TECHMINO = "techmino"

_RATING = (standings.c.rating, standings.c.deviation, standings.c.volatility)


class DatabaseStandings:
    """The ``StandingStore`` on a ``Database``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, limit: int) -> int:
        """See ``StandingStore``."""

        def count(connection: sa.Connection) -> int:
            contests = [*_matches(connection, limit), *_rounds(connection, limit)]
            # Of both together the first ones: in another order the ratings would be others.
            contests = sorted(contests, key=lambda contest: contest.at_ms)[:limit]
            for contest in contests:
                _count(connection, contest)
            for source, table in (("match", matches), ("round", techmino_rounds)):
                numbers = [contest.number for contest in contests if contest.source == source]
                connection.execute(table.update().where(table.c.id.in_(numbers)).values(counted=1))
            return len(contests)

        return await self._database.run("standings.count", count)

    async def profile(self, name: str) -> Profile | None:
        """See ``StandingStore``."""
        key = name_key(name)

        def select(connection: sa.Connection) -> Profile | None:
            columns = (accounts.c.id, accounts.c.name, accounts.c.team, accounts.c.motto, profiles.c.hidden)
            known = sa.select(*columns).join(profiles, profiles.c.account == accounts.c.id, isouter=True)
            row = connection.execute(known.where(accounts.c.name_key == key)).first()
            if row is None:
                return None
            rows = connection.execute(_standings(standings.c.player == key).order_by(standings.c.game))
            reached = (
                sa.select(achievements.c.name, achievements.c.condition, achievements_reached.c.at_ms)
                .join(achievements_reached, achievements_reached.c.name == achievements.c.name)
                .where(achievements_reached.c.nickname == key)
                .order_by(achievements_reached.c.at_ms.desc())
            )
            return Profile(
                *row[:4],
                bool(row[4]),
                tuple(_standing(row.name, one) for one in rows),
                tuple(Reached(*one) for one in connection.execute(reached)),
                tuple(_bets(connection, row.id)),
            )

        return await self._database.run("standings.profile", select)

    async def results(self, name: str, limit: int, offset: int) -> list[Result]:
        """See ``StandingStore``."""
        there = sa.exists().where(matches.c.id == results.c.number, results.c.source == "match")
        query = (
            sa.select(results, there.label("kept"))
            .where(results.c.player == name_key(name))
            .order_by(results.c.at_ms.desc(), results.c.number.desc())
            .limit(limit)
            .offset(offset)
        )

        def select(connection: sa.Connection) -> list[Result]:
            return [_result(row) for row in connection.execute(query)]

        return await self._database.run("standings.results", select)

    async def leaders(self, game: str, limit: int) -> list[Standing]:
        """See ``StandingStore``."""
        surely = standings.c.rating - 2 * standings.c.deviation
        shown = sa.and_(
            standings.c.game == game,
            standings.c.rated > 0,
            accounts.c.expires_ms.is_(None),
            sa.func.coalesce(profiles.c.hidden, sa.false()) == sa.false(),
        )
        query = (
            _standings(shown)
            .add_columns(accounts.c.name)
            .join(accounts, accounts.c.name_key == standings.c.player)
            .join(profiles, profiles.c.account == accounts.c.id, isouter=True)
            .order_by(surely.desc(), standings.c.player)
            .limit(limit)
        )

        def select(connection: sa.Connection) -> list[Standing]:
            return [_standing(row.name, row) for row in connection.execute(query)]

        return await self._database.run("standings.leaders", select)

    async def games(self) -> list[str]:
        """See ``StandingStore``."""
        query = sa.select(standings.c.game).where(standings.c.rated > 0).distinct().order_by(standings.c.game)

        def select(connection: sa.Connection) -> list[str]:
            return list(connection.execute(query).scalars())

        return await self._database.run("standings.games", select)

    async def hide(self, account: int, hidden: bool) -> None:
        """See ``StandingStore``."""

        def put(connection: sa.Connection) -> None:
            connection.execute(profiles.delete().where(profiles.c.account == account))
            connection.execute(profiles.insert().values(account=account, hidden=hidden))

        await self._database.run("standings.hide", put)

    async def friends(self, account: int) -> Sequence[str]:
        """See ``StandingStore``."""
        query = (
            sa.select(accounts.c.name)
            .join(friends, friends.c.friend == accounts.c.id)
            .where(friends.c.account == account)
            .order_by(accounts.c.name_key)
        )

        def select(connection: sa.Connection) -> list[str]:
            return list(connection.execute(query).scalars())

        return await self._database.run("standings.friends", select)

    async def befriend(self, account: int, friend: int, wanted: bool) -> None:
        """See ``StandingStore``."""
        mine = friends.c.account == account
        pair = {"account": account, "friend": friend}

        def put(connection: sa.Connection) -> None:
            connection.execute(friends.delete().where(mine, friends.c.friend == friend))
            if not wanted:
                return
            many = connection.execute(sa.select(sa.func.count()).select_from(friends).where(mine)).scalar_one()
            if many >= MOST_FRIENDS:
                raise GameError(Code.TOO_MANY_FRIENDS, f"There is room for {MOST_FRIENDS} friends.")
            connection.execute(friends.insert().values(pair))

        await self._database.run("standings.befriend", put)


def _bets(connection: sa.Connection, account: int) -> list[BetTotals]:
    """Return the totals of an account's last bets, by game."""
    own = sa.and_(wallet_players.c.aggregator == "", wallet_players.c.external == str(account))
    player = connection.execute(sa.select(wallet_players.c.id).where(own)).scalar()
    if player is None:
        return []
    over = sa.and_(wallet_rounds.c.player == player, wallet_rounds.c.ended_ms.is_not(None))
    columns = (wallet_rounds.c.game, wallet_rounds.c.stake, wallet_rounds.c.win)
    last = sa.select(*columns).where(over).order_by(wallet_rounds.c.id.desc()).limit(LAST_BETS)
    games: dict[str, list[float]] = defaultdict(list)
    for game, stake, win in connection.execute(last):
        games[game.rpartition(":")[2]].append(win / stake)
    return [
        BetTotals(game, len(paid), sum(1 for one in paid if one > 0), max(paid))
        for game, paid in sorted(games.items())
    ]


def _matches(connection: sa.Connection, limit: int) -> list[Contest]:
    """Return the first matches that are over and not counted, locked: nobody else counts them."""
    waiting = sa.and_(matches.c.counted == 0, matches.c.finished_ms.is_not(None))
    columns = (matches.c.id, matches.c.kind, matches.c.finished_ms, matches.c.winner, matches.c.players)
    query = sa.select(*columns).where(waiting).order_by(matches.c.finished_ms, matches.c.id).limit(limit)
    rows = connection.execute(query.with_for_update()).all()
    computers = _computers(connection, [row.id for row in rows])
    return [_match(row, computers[row.id]) for row in rows]


def _computers(connection: sa.Connection, numbers: Sequence[int]) -> Mapping[int, set[str]]:
    """Return the names of the computer players of some matches: their logs say who is one."""
    joins = sa.and_(match_log.c.match.in_(numbers), match_log.c.text.like('["join",%'))
    found: dict[int, set[str]] = defaultdict(set)
    for number, text in connection.execute(sa.select(match_log.c.match, match_log.c.text).where(joins)):
        entry = read(text)
        if isinstance(entry, Joined) and entry.participant.computer:
            found[number].add(entry.participant.nickname)
    return found


def _match(row: Any, computers: set[str]) -> Contest:
    names: list[str] = msgspec.json.decode(row.players)
    known = row.winner in names
    places = {name: (1 if name == row.winner else 2) if known else 0 for name in names if name not in computers}
    return Contest("match", row.id, row.kind, row.finished_ms, places, tuple(names))


def _rounds(connection: sa.Connection, limit: int) -> list[Contest]:
    columns = (techmino_rounds.c.id, techmino_rounds.c.ended_ms)
    query = sa.select(*columns).where(techmino_rounds.c.counted == 0)
    query = query.order_by(techmino_rounds.c.ended_ms, techmino_rounds.c.id).limit(limit).with_for_update()
    ends = {row.id: row.ended_ms for row in connection.execute(query)}
    taken = (techmino_players.c.round, techmino_players.c.username, techmino_players.c.place)
    places: dict[int, dict[str, int]] = defaultdict(dict)
    for number, name, place in connection.execute(sa.select(*taken).where(techmino_players.c.round.in_(ends))):
        places[number][name] = place
    return [
        Contest("round", number, TECHMINO, at_ms, places[number], tuple(places[number]))
        for number, at_ms in ends.items()
    ]


def _count(connection: sa.Connection, contest: Contest) -> None:
    """Add a contest to the standings of those who were in it, and keep their results."""
    keys = {name_key(name): place for name, place in contest.places.items()}
    before = {key: _found(connection, contest.game, key) for key in keys}
    ratings = {
        key: rested(Rating(*row[3:6]), (contest.at_ms - row.last_ms) / PERIOD_MS) if row else Rating()
        for key, row in before.items()
    }
    after = after_contest(ratings, keys) if contest.rated else ratings
    against = msgspec.json.encode(contest.against).decode()
    for key, place in keys.items():
        if is_former(key):
            continue
        old, now = before[key], after[key]
        values = {
            "played": (old.played if old else 0) + 1,
            "won": (old.won if old else 0) + (place == 1),
            "rated": (old.rated if old else 0) + contest.rated,
        }
        # Who only plays against computers is not known any better or worse by it.
        if contest.rated or old is None:
            values |= {
                "rating": now.rating,
                "deviation": now.deviation,
                "volatility": now.volatility,
                "last_ms": contest.at_ms,
            }
        where = {"game": contest.game, "player": key}
        if old is None:
            connection.execute(standings.insert().values(**where, **values))
        else:
            same = sa.and_(standings.c.game == contest.game, standings.c.player == key)
            connection.execute(standings.update().where(same).values(**values))
        connection.execute(
            results.insert().values(
                source=contest.source,
                number=contest.number,
                player=key,
                game=contest.game,
                at_ms=contest.at_ms,
                place=place,
                against=against,
                rating=now.rating if contest.rated else None,
            )
        )


def _found(connection: sa.Connection, game: str, key: str) -> Any:
    columns = (standings.c.played, standings.c.won, standings.c.rated, *_RATING, standings.c.last_ms)
    same = sa.and_(standings.c.game == game, standings.c.player == key)
    return connection.execute(sa.select(*columns).where(same)).first()


def _standings(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = (standings.c.game, standings.c.played, standings.c.won, standings.c.rated, *_RATING)
    return sa.select(*columns).select_from(standings).where(where)


def _standing(name: str, row: Any) -> Standing:
    return Standing(name, row.game, row.played, row.won, row.rated, Rating(*_numbers(row)))


def _numbers(row: Any) -> Iterable[float]:
    return row.rating, row.deviation, row.volatility


def _result(row: Any) -> Result:
    against = tuple(msgspec.json.decode(row.against))
    return Result(row.source, row.number, row.game, row.at_ms, row.place, against, row.rating, bool(row.kept))

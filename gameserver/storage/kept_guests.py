"""How what a guest has done goes over to the name that they sign up with; what goes by number stays where it is."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from gameserver.sessions.players import name_key
from gameserver.storage.schema.accounts import sanctions
from gameserver.storage.schema.kassel import achievements, achievements_reached, maps
from gameserver.storage.schema.standings import results, standings
from gameserver.storage.schema.techmino import techmino_players
from gameserver.storage.schema.wallet import wallet_players


def rename_person(connection: sa.Connection, account: int, name: str, other: str) -> None:
    """Give an account's results, ratings, achievements, maps, rounds, money, mutes and bans another name.

    Nobody had that name as an account: what is kept by it is a passer-by's and gives way.
    """
    old, new = name_key(name), name_key(other)
    _rename_results(connection, old, name, other)
    games = sa.select(standings.c.game).where(standings.c.player == old)
    played = list(connection.execute(games).scalars())
    connection.execute(standings.delete().where(standings.c.player == new, standings.c.game.in_(played)))
    connection.execute(standings.update().where(standings.c.player == old).values(player=new))
    reached = achievements_reached.c
    there = list(connection.execute(sa.select(reached.name).where(reached.nickname == old)).scalars())
    connection.execute(achievements_reached.delete().where(reached.nickname == new, reached.name.in_(there)))
    connection.execute(achievements_reached.update().where(reached.nickname == old).values(nickname=new))
    connection.execute(achievements.update().where(achievements.c.creator == name).values(creator=other))
    connection.execute(maps.update().where(maps.c.uploaded_by == name).values(uploaded_by=other))
    # Whoever is muted does not lose that by signing up.
    before, after = sanctions.c.subject == f"name:{old}", sanctions.c.subject == f"name:{new}"
    kinds = list(connection.execute(sa.select(sanctions.c.kind).where(before)).scalars())
    connection.execute(sanctions.delete().where(after, sanctions.c.kind.in_(kinds)))
    connection.execute(sanctions.update().where(before).values(subject=f"name:{new}"))
    connection.execute(techmino_players.update().where(techmino_players.c.uid == account).values(username=other))
    own = sa.and_(wallet_players.c.aggregator == "", wallet_players.c.external == str(account))
    connection.execute(wallet_players.update().where(own).values(name=other))


def _rename_results(connection: sa.Connection, old: str, name: str, other: str) -> None:
    own = sa.select(results.c.source, results.c.number).where(results.c.player == old)
    for source, number in connection.execute(own).all():
        same = sa.and_(results.c.source == source, results.c.number == number)
        connection.execute(results.delete().where(same, results.c.player == name_key(other)))
        for player, against in connection.execute(sa.select(results.c.player, results.c.against).where(same)).all():
            names: list[str] = msgspec.json.decode(against)
            changed = msgspec.json.encode([other if one == name else one for one in names]).decode()
            connection.execute(results.update().where(same, results.c.player == player).values(against=changed))
        connection.execute(results.update().where(same, results.c.player == old).values(player=name_key(other)))

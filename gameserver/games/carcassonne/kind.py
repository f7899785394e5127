"""Carcassonne as everybody outside its package sees it: the game of season SS14."""

from __future__ import annotations

from gameserver.games.carcassonne.game import Carcassonne
from gameserver.games.carcassonne.reading import ENTITIES, Reading
from gameserver.games.carcassonne.strategy import choose, greedy, random_legal
from gameserver.games.conditions import Standing
from gameserver.games.kind import Kind
from gameserver.games.reader import PromptReader
from gameserver.games.season import Season


def _standing(game: Carcassonne, seat: int) -> Standing:
    """Return what a seat has to show for its achievements."""
    assets = game.assets(seat)
    points = [(award.terrain.value, award.points) for award in game.awards if award.player is assets]
    return Standing(game.standing(seat), points)


def _reader(nickname: str) -> PromptReader:
    reading = Reading(nickname)
    return PromptReader(reading.replica.apply, reading.choice)


SEASON = Season(
    "ss14",
    "SE1-Server",
    achievements=_standing,
    changelog=(
        "1.0.4 achievements: CREATE, DELETE, LIST and UPDATE ACHIEVEMENT, explained by HELP",
        "1.0.1 protocol of the Carcassonne season: DRAW_CARD, PLACE_CARD, PLACE_MEEPLE, END_TURN",
        "1.0.0 first version",
    ),
    port=5000,
)

KIND = Kind(
    name="carcassonne",
    title="Carcassonne",
    season=SEASON,
    make=Carcassonne,
    players=(Carcassonne.LEAST, Carcassonne.MOST),
    decide=choose,
    entities=ENTITIES,
    actions={
        "START_GAME": (),
        "DRAW_CARD": (),
        "PLACE_CARD": ("neighbor", "orientation", "rotation"),
        "PLACE_MEEPLE": ("meeple", "position"),
        "END_TURN": (),
        "CHANGE_USER_COLOR": ("color",),
    },
    reader=_reader,
    strategies={"greedy": greedy, "random": random_legal},
)

"""The seasons: what a listener greets with, how games are made there, and when the events of a join begin."""

from __future__ import annotations

import attrs


@attrs.frozen
class Season:
    """One season of the course.

    ``count_option`` is the word for the number of players in CREATE GAME; ``announces`` says whether JOIN GAME is
    answered with ``SENDING <n> EVENTS`` before the OK, ``pause`` are seconds between the OK and the first event;
    ``zipped`` whether maps travel as zip files with their size announced.
    """

    name: str
    kind: str
    server: str
    timeout_ms: int
    count_option: str
    announces: bool
    pause: float = 0.0
    maps: bool = True
    zipped: bool = False
    passwords: bool = False
    achievements: bool = False
    changelog: tuple[str, ...] = ()

    @property
    def greeting(self) -> str:
        """The first line of every connection; clients parse the number in it."""
        return f"{self.server} 1.0, Timeout set to {self.timeout_ms}ms"

    @property
    def protocol(self) -> str:
        """The name of the protocol, for sessions and metrics."""
        return f"kassel-{self.name}"

    @property
    def help(self) -> tuple[str, ...]:
        """The answer to HELP, line by line as published (spelling included)."""
        users = "ID, CHANGE PASSWORD, LIST USERS" if self.passwords else "ID, LIST USERS"
        return (
            "Available commands after greeting: LOGIN, LOGOUT",
            f"User commands: {users}",
            "Game management: LIST MAPS, CREATE GAME, LIST GAMES, JOIN GAME, UPLOAD MAP, DOWNLOAD MAP",
            "Team management: LIST TEAMS",
            "Other commands: CREATE TESTPLAYER, MSG, CHANGELOG, UPLOAD MAP, NOOP, HELP",
            "send 'HELP <command>' for details",
            "a successfull command will be acknowledged with an 'OK' line",
            "an unsuccessfull command will be acknowledged with an 'ERROR' line",
        )


SS14 = Season(
    "ss14",
    "carcassonne",
    "SE1-Server",
    3_600_000,
    "-maxPlayers",
    announces=True,
    maps=False,
    achievements=True,
    changelog=(
        "1.0.4 achievements: CREATE, DELETE, LIST and UPDATE ACHIEVEMENT, explained by HELP",
        "1.0.1 protocol of the Carcassonne season: DRAW_CARD, PLACE_CARD, PLACE_MEEPLE, END_TURN",
        "1.0.0 first version",
    ),
)

SS13 = Season(
    "ss13",
    "catan",
    "SE1 SettlersOfCatan-Server",
    3_600_000,
    "-maxPlayers",
    announces=False,
    # The one known client of this season loses what comes sooner.
    pause=0.3,
    changelog=("1.0.0 first version: Settlers of Catan with Cities and Knights",),
)

SS12 = Season(
    "ss12",
    "creepsmash",
    "SE1 CreepSmash-Server",
    600_000,
    "-players",
    announces=True,
    zipped=True,
    passwords=True,
    changelog=(
        "1.0.3 maps have a VERSION and an OWNER",
        "1.0.0 first version: CreepSmash",
    ),
)

SEASONS = {season.name: season for season in (SS14, SS13, SS12)}

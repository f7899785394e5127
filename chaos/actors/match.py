"""Two who play Carcassonne: what they have been shown of the board is there after any fault."""

from __future__ import annotations

import itertools
import random
import selectors
import time

from chaos.actors.asking import ask
from chaos.actors.player import Picture, Player, Refused, differences
from chaos.acts import LATER, Actor, Stop
from gameserver.games.api import Command
from gameserver.games.carcassonne.kind import KIND
from gameserver.games.rng import Chance
from tests.integration.server import Server

#: Seconds in which a command is answered when no fault is under way.
ANSWER = 60


def _later(error: Refused) -> bool:
    """Say whether the same may be asked again: nothing has happened, or the game is on its way to another node."""
    return str(error) == f"ERROR: {LATER}" or "another server" in str(error)


class Match(Actor):
    """Plays game after game, one command at a time; each that was answered counts as confirmed.

    With ``stubborn`` players a command that was taken and had no effect, because a rule has failed, is sent again.
    """

    def __init__(self, chance: random.Random, pace: float = 0.01, *, stubborn: bool = False) -> None:
        super().__init__(chance, pace)
        self._chance = Chance(f"chaos {chance.random()}")
        self._stubborn = stubborn
        self._secrets: dict[str, str] = {}
        self._games = (f"game{number}" for number in itertools.count())
        self._game = ""
        self._begun = False
        #: A command that was sent and whose answer was not seen: it may have been carried out or not.
        self._flying: Command | None = None
        self._seen: Picture = {}
        self._over: set[str] = set()

    def prepare(self, server: Server) -> None:
        """Make two test players; they outlive a restart."""
        for _ in range(2):
            maker = Player(server.ports["kassel.ss14"])
            words = maker.ask("CREATE TESTPLAYER")[0].split()
            maker.close()
            name = words[2].partition("=")[2]
            self._secrets[name] = words[3].partition("=")[2]

    def act(self, server: Server, stop: Stop) -> None:
        """Play."""
        players: list[Player] = []
        try:
            for name, password in self._secrets.items():
                players.append(Player(server.ports["kassel.ss14"]))
                players[-1].log_in(name, password)
            while not stop.is_set():
                if not self._game:
                    self._create(players[0])
                if self._join(server, players):
                    self._play(players, stop)
        except Refused as error:
            if not _later(error):
                raise
            stop.wait(max(self.pace, 0.1))
        finally:
            for player in players:
                player.close()

    def _create(self, player: Player) -> None:
        game = next(self._games)
        player.ask(f"CREATE GAME {game} {KIND.season.count_option} 2")
        self._game, self._begun, self._flying, self._seen = game, False, None, {}
        self.confirmed += 1

    def _join(self, server: Server, players: list[Player]) -> bool:
        """Join, and compare with what was seen before; return whether the game is still there."""
        try:
            players[0].join(self._game)
        except Refused as error:
            if _later(error):
                raise
            # The last command may have ended it.
            game, self._game = self._game, ""
            if self._flying is None or game not in self._ended(server):
                self.lost.append(f"{game} had begun and is not there: {error}")
            return False
        if self._begun:
            self._check(players[0].picture)
        players[1].join(self._game)
        return True

    def _check(self, picture: Picture) -> None:
        changed = differences(self._seen, picture)
        if changed and self._flying is None:
            self.wrong.append(f"{self._game} is not as it was shown: {changed}")
        laid = [(key, values) for key, values in self._seen.items() if key[1] == "fields"]
        self.lost += [
            f"{self._game}: tiles were shown and are not there: {sorted(values - picture.get(key, frozenset()))}"
            for key, values in laid
            if not values <= picture.get(key, frozenset())
        ]

    def _play(self, players: list[Player], stop: Stop) -> None:
        """Play until it is time to stop, or the game is over."""
        self._seen = players[0].picture
        # A start that was on its way when the server ended may not have been heard.
        if not players[0].running:
            self._begun = True
            self._send(players[0], Command("START_GAME"))
        while (asked := self._asked(players)) is not None:
            if self._flying is not None:
                self._flying = None
                self.confirmed += 1
            if stop.wait(self.pace):
                # Nothing is on its way, but an end that comes with it would be somebody else's.
                return
            command = asked.reader.decide(KIND.strategies["random"], self._chance)
            assert command is not None, f"{asked.name} was asked and knows nothing to do"
            self._send(asked, command)
        self.confirmed += 1
        self._flying = None
        self._over.add(self._game)
        self._game = ""
        for player in players:
            player.leave()

    def _send(self, player: Player, command: Command) -> None:
        self._flying = command
        player.order(command)

    def _asked(self, players: list[Player]) -> Player | None:
        """Read until one of them is asked for a command, and return who; None when the game is over."""
        with selectors.DefaultSelector() as selector:
            for player in players:
                selector.register(player.socket, selectors.EVENT_READ, player)
            while True:
                for player in players:
                    player.take()
                    word, player.word = player.word, ""
                    if word.endswith(" received!") and self._stubborn:
                        # A rule has failed: nothing has changed, and the prompt is open still.
                        player.ask_again()
                        return player
                    if word.startswith("OK - ") and not word.endswith(" received!"):
                        return player
                    if word.startswith("ERROR: "):
                        raise AssertionError(f"{player.name} was refused what the rules allow: {word}")
                if all(player.over for player in players):
                    return None
                ready = selector.select(ANSWER)
                if not ready:
                    raise AssertionError(f"nobody is asked for anything within {ANSWER} s after {self._flying}")
                for key, _ in ready:
                    key.data.hear()

    def _join_in_time(self, player: Player) -> None:
        """Join as soon as the node that has the game, or is to have it, can be reached."""
        deadline = time.monotonic() + ANSWER
        while True:
            try:
                player.join(self._game)
                return
            except Refused as error:
                if not _later(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def _ended(self, server: Server) -> set[str]:
        _, found = ask(server.ports["web.endpoints"], "/api/matches?season=ss14&state=over")
        return {match["name"] for match in found["matches"]}

    def recount(self, server: Server) -> None:
        """Look at the board, and for the games that are over."""
        players: list[Player] = []
        if self._game and self._begun:
            players = [Player(server.ports["kassel.ss14"])]
            try:
                name, password = next(iter(self._secrets.items()))
                players[0].log_in(name, password)
                self._join_in_time(players[0])
                self._check(players[0].picture)
                # What was on its way is known now.
                self._flying, self._seen = None, players[0].picture
            except Refused as error:
                if self._flying is None or self._game not in self._ended(server):
                    self.lost.append(f"{self._game} had begun and is not there: {error}")
                self._game = ""
            finally:
                players[0].close()
        if self._over:
            over, self._over = self._over, set()
            self.lost += [f"{game} was over and is not kept" for game in sorted(over - self._ended(server))]

"""Computer players: they fill the seats of a test game and move through the command log like anybody else."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from gameserver.errors import GameError
from gameserver.games.api import Command, Participant
from gameserver.games.rng import Chance
from gameserver.matches.match import Match
from gameserver.matches.seat import Seat

#: The team of all computer players.
TEAM = "computers"

#: Seconds between two moves of the computer players of a real-time match.
REAL_TIME_PAUSE = 0.5

#: Moves a computer player may make before the start (choosing a place, say).
BEFORE_START = 4


class Computers:
    """Plays for the computer seats of all matches. ``pause`` is the time to think, in seconds."""

    _log = Logger()

    def __init__(self, clock: IReactorTime, pause: float) -> None:
        self._clock = clock
        self._pause = pause
        self._thinking: dict[int, Any] = {}

    def start_game(self, match: Match, seat: Seat) -> bool:
        """START_GAME of a test game: free seats get computer players; if it can't start they go again."""
        possible = [command.action for command in match.game.legal(seat.number)]
        # Who still has something to do before the start is told so, and nobody comes in vain.
        came = self._fill(match) if not possible or "START_GAME" in possible else []
        for computer in came:
            for _ in range(BEFORE_START):
                if not self.move(match, computer):
                    break
        started = match.command(seat, Command("START_GAME"))
        if not started:
            for computer in came:
                match.leave(computer)
        return started

    def _fill(self, match: Match) -> list[Seat]:
        came: list[Seat] = []
        taken = {seat.participant.nickname for seat in match.seats()}
        number = 0
        while len(match.playing()) < match.capacity:
            number += 1
            name = f"computer{number}"
            if name in taken:
                continue
            try:
                came.append(match.seat_computer(Participant(name, TEAM, computer=True)))
            except GameError:
                break
        return came

    def look(self, match: Match) -> None:
        """Let the computer players of a match think if there are any; called whenever something has moved."""
        number = match.header.id
        if number in self._thinking or not match.game.running or not match.attended:
            return
        if any(not seat.human for seat in match.playing()):
            pause = REAL_TIME_PAUSE if match.kind.real_time else self._pause
            self._thinking[number] = self._clock.callLater(pause, self._think, match)

    def stop(self) -> None:
        """Let nobody think any more."""
        for call in self._thinking.values():
            call.cancel()
        self._thinking.clear()

    def forget(self, match: Match) -> None:
        """Let nobody think about a match that has ended."""
        call = self._thinking.pop(match.header.id, None)
        if call is not None:
            call.cancel()

    def _think(self, match: Match) -> None:
        del self._thinking[match.header.id]
        if not match.attended:
            return
        moved = False
        for seat in match.playing():
            if not seat.human and match.game.running and self.move(match, seat):
                moved = True
                if not match.kind.real_time:
                    break
        if match.kind.real_time or moved:
            self.look(match)

    def move(self, match: Match, seat: Seat) -> bool:
        """Make one move if there is one to make; return whether there was."""
        # Decisions are written to the log as commands, so a replay needs none of this chance.
        chance = Chance(f"{match.header.seed} {seat.number} {match.events}")
        try:
            command = match.kind.decide(match.game, seat.number, chance)
            refusal = match.try_command(seat, command) if command is not None else None
        except Exception:
            self._log.failure("match {id}: a computer player failed", id=match.header.id)
            return self._any_move(match, seat, chance)
        if refusal is None:
            return command is not None
        self._log.warn("match {id}: computer player refused: {text}", id=match.header.id, text=refusal)
        return self._any_move(match, seat, chance)

    @staticmethod
    def _any_move(match: Match, seat: Seat, chance: Chance) -> bool:
        commands = [command for command in match.game.legal(seat.number) if command.action != "START_GAME"]
        return bool(commands) and match.try_command(seat, chance.choice(commands)) is None

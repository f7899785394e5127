"""The commands of the lobby as HELP explains them, and finding the one that somebody means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from functools import cache

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.season import Season

_BLANKS = re.compile(r"[ \t]+")

#: Characters of a wrong word that are compared with the right ones.
_COMPARED = 40

#: What people type who know other servers or the telnet program, and the command they mean.
_MEANT = {
    **dict.fromkeys(("QUIT", "EXIT", "BYE", "CLOSE", "Q"), "LOGOUT"),
    **dict.fromkeys(("?", "MAN", "COMMANDS"), "HELP"),
    **dict.fromkeys(("WHO", "USERS"), "LIST USERS"),
    **dict.fromkeys(("SAY", "TELL", "CHAT"), "MSG"),
    **dict.fromkeys(("REGISTER", "SIGNUP", "GUEST"), "CREATE TESTPLAYER"),
}


@attrs.frozen
class Explained:
    """One command: its words in capitals, what it does, how it is used.

    ``usage`` and ``example`` may contain ``{count}``, the season's option for the number of players, and ``{map}``,
    the option for a map where the season has maps. Without them the words alone are both; ``example`` is ``None``
    where the published text has none. ``offered`` says in which seasons it exists.
    """

    words: str
    about: str
    usage: str = ""
    example: str | None = ""
    login: bool = True
    offered: Callable[[Season], bool] = lambda _season: True

    def lines(self, season: Season) -> list[str]:
        """Return what HELP answers."""
        lines = [self.about, f'Usage: "{_filled(self.usage or self.words, season)}"']
        if self.example is not None:
            lines.append(f'Example: "{_filled(self.example or self.words, season)}"')
        return lines

    def usage_error(self, season: Season, sentence: str) -> GameError:
        """Return the error for wrong arguments: what is wrong, then how it is used."""
        return GameError(Code.USAGE, f'{sentence} Usage: "{_filled(self.usage or self.words, season)}"')


def _filled(text: str, season: Season) -> str:
    wanted = " (-map <mapname>)?" if season.maps else ""
    return text.replace("{count}", season.count_option).replace("{map}", wanted)


def _achievements(season: Season) -> bool:
    return season.achievements is not None


def overview(season: Season) -> tuple[str, ...]:
    """Return the answer to HELP, line by line as published (spelling included)."""
    users = "ID, CHANGE PASSWORD, LIST USERS" if season.passwords else "ID, LIST USERS"
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


COMMANDS: tuple[Explained, ...] = (
    Explained(
        "HELP",
        "Lists all commands, or explains one of them",
        "HELP (<command>)?",
        "HELP CREATE GAME",
        login=False,
    ),
    Explained(
        "NOOP", "Does nothing but show that you are still there, so that no timeout ends the connection", login=False
    ),
    Explained(
        "LOGIN",
        "Logs you in with your login or e-mail address and your password, plain or as its SHA-1 in hex",
        "LOGIN (<login>|<email>) <password>",
        "LOGIN tempUser0 ys8ufm",
        login=False,
    ),
    Explained("LOGOUT", "Logs you out and ends the connection", login=False),
    Explained(
        "CREATE TESTPLAYER",
        "Creates a temporary user e.g. for testing purposes. This user exists at least for 24h hours or until the "
        "next server restart",
        example=None,
        login=False,
    ),
    Explained("CHANGELOG", "Tells what has changed in which version of the server", login=False),
    Explained("ID", "Shows who you are: your user and your team"),
    Explained("LIST USERS", "Lists everybody who is online, with team and state (LOBBY or INGAME)"),
    Explained("LIST TEAMS", "Lists all teams"),
    Explained("LIST GAMES", "Lists all games that are not over"),
    Explained("LIST MAPS", "Lists the maps that games can be created with"),
    Explained(
        "CREATE GAME",
        "Creates a game; join it afterwards. In a test game computer players take the seats that are free at the "
        "start. A name is one word",
        "CREATE GAME <gamename> {count} <count>{map} (-testgame)?",
        "CREATE GAME mygame {count} 2 -testgame",
    ),
    Explained(
        "JOIN GAME",
        "Joins a game, or watches it with -visitor true. After the OK the server sends JSON events and expects "
        "JSON commands",
        "JOIN GAME <gamename> (-visitor [true|false])?",
        "JOIN GAME mygame -visitor false",
    ),
    Explained(
        "MSG",
        "Says something to everybody, to one user or to a team",
        "MSG (ALL | ( ( USER | TEAM ) <recipient> ) )? <message>",
        "MSG USER tempUser0 Hello World",
    ),
    Explained(
        "DOWNLOAD MAP",
        "Sends you a map",
        "DOWNLOAD MAP <mapname>",
        "DOWNLOAD MAP map_balanced",
        offered=lambda season: not season.zipped,
    ),
    Explained(
        "DOWNLOAD MAP",
        "Sends you a map with its picture as a zip file: a line with the number of bytes, the bytes, EOT",
        "DOWNLOAD MAP <mapname>",
        "DOWNLOAD MAP map_meadow",
        offered=lambda season: season.zipped,
    ),
    Explained(
        "UPLOAD MAP",
        "Takes a map of your team: send the command, wait for READY, send the map, then a line EOT. A new version "
        "has the next higher VERSION",
        "UPLOAD MAP <mapname>",
        "UPLOAD MAP map_mine",
    ),
    Explained(
        "CHANGE PASSWORD",
        "Gives you a new password; write it twice",
        "CHANGE PASSWORD <newPassword> <newPassword>",
        "CHANGE PASSWORD secret1 secret1",
        offered=lambda season: season.passwords,
    ),
    Explained(
        "CREATE ACHIEVEMENT",
        "Creates an achievement. Conditions: You have NUMBER of your meeples in COMPARE NUMBER TYPE; You have all "
        "played meeples in COMPARE NUMBER TYPE; You have received TYPE with COMPARE NUMBER points. COMPARE is more "
        "than, less than or exactly, TYPE is meadow, city, abbey or road",
        "CREATE ACHIEVEMENT <name> <condition>",
        "CREATE ACHIEVEMENT Abbot You have 5 of your meeples in more than 1 abbey",
        offered=_achievements,
    ),
    Explained(
        "UPDATE ACHIEVEMENT",
        "Gives an achievement of your team another condition; whoever had reached it has to reach it again",
        "UPDATE ACHIEVEMENT <name> <condition>",
        "UPDATE ACHIEVEMENT Abbot You have received abbey with less than 20 points",
        offered=_achievements,
    ),
    Explained(
        "DELETE ACHIEVEMENT",
        "Deletes an achievement of your team",
        "DELETE ACHIEVEMENT <name>",
        "DELETE ACHIEVEMENT Abbot",
        offered=_achievements,
    ),
    Explained("LIST ACHIEVEMENTS", "Lists all achievements and whether you have reached them", offered=_achievements),
)


@cache
def offered(season: Season) -> Mapping[str, Explained]:
    """Return the commands of a season by their words."""
    return {command.words: command for command in COMMANDS if command.offered(season)}


def words_of(line: str) -> list[str]:
    """Split a line at ASCII blanks; a no-break space does not split a name."""
    return [word for word in _BLANKS.split(line.strip(" \t")) if word]


def split(line: str, known: Collection[str]) -> tuple[str, str]:
    """Return the command a line begins with, in capitals, and the rest. Raises ``GameError`` ``unknown_command``."""
    parts = _BLANKS.split(line.strip(" \t"), maxsplit=2)
    two = " ".join(parts[:2]).upper()
    if len(parts) > 1 and two in known:
        return two, parts[2] if len(parts) > 2 else ""
    if parts[0].upper() in known:
        return parts[0].upper(), line.strip(" \t")[len(parts[0]) :].strip(" \t")
    raise GameError(Code.UNKNOWN_COMMAND, f"unknown command {_shown(parts)}{nearest(parts, known)}")


def nearest(parts: list[str], known: Collection[str]) -> str:
    """Return the part of an error that names the nearest right command."""
    # Comparing takes time by the length.
    parts = [part[:_COMPARED] for part in parts[:2]]
    beginning = sorted(words for words in known if words.split(" ")[0] == parts[0].upper())
    if beginning:
        asked = " ".join(parts[:2]).upper()
        close = difflib.get_close_matches(asked, beginning, 1, 0.0)
        return f". Did you mean {close[0]}? After {parts[0].upper()} comes " + " or ".join(
            words.partition(" ")[2] for words in beginning
        )
    one, two = parts[0].upper(), " ".join(parts[:2]).upper()
    if one in _MEANT:
        return f". Did you mean {_MEANT[one]}? Send HELP for all commands"
    ranked = [
        (max(difflib.SequenceMatcher(None, words, asked).ratio() for asked in (one, two)), words) for words in known
    ]
    likeness, words = max(ranked)
    if likeness >= 0.5:
        return f". Did you mean {words}? Send HELP for all commands"
    return ". Send HELP for all commands"


def _shown(parts: list[str]) -> str:
    text = " ".join(parts[:2])
    return text if len(text) <= 40 else text[:37] + "..."

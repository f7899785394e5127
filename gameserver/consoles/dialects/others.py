"""Servers of other games, each by itself, and programs whose rules stand in the configuration."""

from __future__ import annotations

from gameserver.consoles.cleaning import one_line, pieces
from gameserver.consoles.dialects.dialect import Dialect, Rule, say_with
from gameserver.consoles.patterns import pattern

#: Terraria's lines have no prefix; a chat line always begins with ``<name> ``, an emote with ``*``. A name has
#: at most 20 characters: what is longer is a death message that ends in words a player chose for their name.
TERRARIA = Dialect(
    "terraria",
    (
        Rule.of("chat", r"<(?P<sender>[^<>]{1,40})> (?P<text>.*)"),
        Rule.of("join", r"(?P<sender>[^<>*].{0,19}?) has joined\."),
        Rule.of("left", r"(?P<sender>[^<>*].{0,19}?) has left\."),
        Rule.of("noise", r"[0-9A-Fa-f.:]+ is connecting\.\.\."),
        Rule.of("ready", r"Server started"),
    ),
    prompts=(": ",),
    stop="exit",
    say=say_with("say {text}"),
    echoed=True,
)

#: OpenTTD reads its console with a buffer of 1024 bytes and takes the rest of a longer line for another command;
#: a chat message has at most 900 bytes.
OPENTTD_LINE = 1000
_OPENTTD_CHAT = 800

#: It looks at its console once in a tick of about 30 ms, and reads one line then.
_OPENTTD_PACE = 0.08


def openttd_say(text: str, encoding: str) -> list[str]:
    """Say something in OpenTTD: within quotes, where only a quote needs a backslash."""
    lines = []
    for piece in pieces(one_line(text), _OPENTTD_CHAT // 2, encoding):
        quoted = piece.replace('"', '\\"')
        # A backslash in front of the closing quote would take its meaning away.
        lines.append(f'say "{quoted} "' if quoted.endswith("\\") else f'say "{quoted}"')
    return lines


#: A name has at most 24 bytes; what is longer is another sentence, with words a player chose for their name.
_OPENTTD_NAME = r"(?P<sender>.{1,24})"

OPENTTD = Dialect(
    "openttd",
    (
        Rule.of("spoken", r"\[All\] (?P<line>.+?: .*)"),
        Rule.of("rename", rf"\*\*\* {_OPENTTD_NAME} has changed (?:his/her|their) name to (?P<text>.+)"),
        Rule.of("join", rf"\*\*\* {_OPENTTD_NAME} has joined the game(?: \(Client #\d+\))?"),
        Rule.of("left", rf"\*\*\* {_OPENTTD_NAME} has left the game(?: \(.*\))?"),
        Rule.of("noise", r"\*\*\* .*"),
        Rule.of("noise", r"\[(?:Private|Team)\] .*"),
        Rule.of("ready", r"dbg: \[net(?::\d)?\] Map generated, starting game"),
    ),
    # With show_date_in_logs; chat cannot imitate it, for it begins with a tag of its own.
    pattern(r"(?:\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] )?"),
    stop="exit",
    say=openttd_say,
    line_bytes=OPENTTD_LINE,
    pace=_OPENTTD_PACE,
    hint="With a loaded game (-g) it does not say when it is ready: give it a rule ready for its last line.",
)

#: Luanti (Minetest): names are of ASCII letters, digits, ``_`` and ``-``. All its lines are on standard error. A
#: second line of a coming lists the players; some versions have both in one.
_LUANTI_NAME = r"(?P<sender>[A-Za-z0-9_-]{1,20})"

LUANTI = Dialect(
    "luanti",
    (
        Rule.of("chat", rf"ACTION\[Server\]: CHAT: <{_LUANTI_NAME}> (?P<text>.*)"),
        Rule.of("join", rf"ACTION\[Server\]: {_LUANTI_NAME} \[[^\]]*\] joins game\..*"),
        Rule.of("left", rf"ACTION\[Server\]: {_LUANTI_NAME} (?:\[[^\]]*\] )?(?:leaves game|times out)\..*"),
        Rule.of("ready", r"ACTION\[Main\]: Server for gameid=.* listening on .*"),
        Rule.of("noise", r"(?:ACTION|INFO|VERBOSE|WARNING|ERROR)\[[^\]]*\]: .*"),
    ),
    pattern(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d: "),
    stop="",
    stop_signal="INT",
    reads=False,
    merge=True,
    hint="It reads no console: no commands and no texts from here; a signal ends it.",
)

#: freeciv repeats a command behind its prompt. Log lines have the level in front, chat has none; who has not got in
#: is not told to have left.
FREECIV = Dialect(
    "freeciv",
    (
        Rule.of("chat", r"<(?P<sender>[^<>]{1,64})> (?P<text>.*)"),
        Rule.of("join", r"(?P<sender>[^\s<>]{1,48}) has connected from \S+\."),
        Rule.of("noise", r"Lost connection: .*\(connection incomplete\).*"),
        Rule.of("left", r"Lost connection: (?P<sender>[^\s<>]{1,48}) from .*\."),
        Rule.of("noise", r"(?:Connection request|Client rejected|Removing player).*"),
        Rule.of("ready", r"For introductory help, type 'help'\."),
    ),
    pattern(r"(?:\d: )?"),
    ("> ",),
    stop="quit",
    say=say_with("wall {text}"),
    echoed=True,
    hint="It must not run as root, and its lines are understood in English only (env LANG).",
)

#: Teeworlds and DDNet: chat is ``numbers:name: text``, three numbers at Teeworlds 0.7, two at DDNet and 0.6. A name
#: has at most 15 bytes. What is told of a coming differs, so more than one line may tell it.
_TEE_NAME = r"(?P<sender>.{1,15})"
_TEE_TIME = pattern(r"(?:\[[0-9A-Fa-f :-]{8,19}\]|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z] )")


def _tee(name: str, numbers: int, hint: str) -> Dialect:
    def of(system: str) -> str:
        return rf"(?:\[{system}\]|{system}): "

    return Dialect(
        name,
        (
            Rule.of("spoken", rf"{of('chat')}(?:-?\d+:){{{numbers}}}(?P<line>.+?: .*)"),
            Rule.of("join", rf"{of('chat')}\*\*\* '{_TEE_NAME}' entered and joined the .*"),
            Rule.of("join", rf"{of('game')}team_join player='\d+:{_TEE_NAME}' (?:m_Team|team)=.*"),
            Rule.of("left", rf"{of('game')}leave player='\d+:{_TEE_NAME}'"),
            Rule.of("rename", rf"{of('chat')}\*\*\* '{_TEE_NAME}' changed name to '(?P<text>.{{1,15}})'"),
            Rule.of("ready", rf"{of('server')}version .*"),
            Rule.of("noise", r".*"),
        ),
        _TEE_TIME,
        stop="",
        stop_signal="INT",
        reads=False,
        paired=True,
        hint=hint,
    )


_NO_CONSOLE = "It reads no console: no commands and no texts from here; a signal ends it."
TEEWORLDS = _tee("teeworlds", 3, f"{_NO_CONSOLE} Who comes is told with console_output_level 2 only.")
DDNET = _tee("ddnet", 2, _NO_CONSOLE)


def own_dialect(say: str, prompt: str) -> Dialect:
    """Return a dialect without rules: the configuration has them. ``say`` is a command with ``{text}`` in it."""
    return Dialect("own", prompts=(prompt,) if prompt else (), say=say_with(say), echoed=True)

"""The servers of the Minecraft family.

Where a name can hold no blanks, the rules say so: a death message or an emote can end in words that a player chose.
"""

from __future__ import annotations

from gameserver.consoles.dialects.dialect import Dialect, Rule, quoted_units, say_with
from gameserver.consoles.patterns import pattern

_DATE = r"(?:\d{4}-\d\d-\d\d )?"

#: Forge and NeoForge write the month as a word of the machine's language: ``14Dec2023``, ``14déc.2023``.
_FORGE_DATE = r"(?:\d{1,2}[^\s\d\]]{2,8}\d{4} )?"
_TIME = r"\d\d:\d\d:\d\d(?:[.,:]\d+)?"
_NAME = r"[^\s<>\[\]/]{1,64}"

#: A name that may hold blanks, as those of the Bedrock family; an emote (``* name words``) is none.
_WIDE_NAME = r"[^<>\[\]/*][^<>\[\]/]{0,63}?"


def _bedrock_say(text: str, _encoding: str) -> list[str]:
    return [f'tellraw @a {{"rawtext":[{{"text":{quoted_units(text)}}}]}}']


def _java_say(text: str, _encoding: str) -> list[str]:
    return [f'tellraw @a {{"text":{quoted_units(text)}}}']


#: Plain Bedrock Dedicated Server, LiteLoader (``18:28:37 INFO [Server] ``) and LeviLamina (``[... INFO] [Server] ``).
#: A name goes up to the first ``, xuid:``; what comes behind differs from version to version.
_BEDROCK_PREFIX = pattern(
    rf"(?:NO LOG FILE! - )?(?:\[(?:{_DATE}{_TIME} )?INFO\] |{_DATE}{_TIME} INFO )(?:\[Server\] )?"
)
_BEDROCK_RULES = (
    Rule.of("join", r"Player connected: (?P<sender>.+?), xuid:.*"),
    Rule.of("left", r"Player disconnected: (?P<sender>.+?), xuid:.*"),
    Rule.of("chat", r"\[Chat\] <(?P<sender>[^<>]{1,64})> (?P<text>.*)"),
    Rule.of("noise", r"Player Spawned: .*"),
    Rule.of("ready", r"Server started\."),
)

#: The word of the Java family, and of what was made after it.
_DONE = Rule.of("ready", r"Done \([0-9.,]+ ?s\)!.*")

_PROMPTS = ("> ", ">")


def _bedrock(name: str, hint: str = "") -> Dialect:
    return Dialect(name, _BEDROCK_RULES, _BEDROCK_PREFIX, _PROMPTS, say=_bedrock_say, section_codes=True, hint=hint)


BEDROCK = _bedrock("bedrock", "It prints no chat; with LiteLoader or LeviLamina it does.")
LITELOADER, LEVILAMINA = _bedrock("liteloader"), _bedrock("levilamina")

#: Lines begin with ``[12:34:56] [Server thread/INFO]:`` (vanilla; Forge with a second tag and a date; Fabric may have
#: ``(Minecraft)`` for the colon) or, at Paper, with ``[12:00:00 INFO]:``.
JAVA = Dialect(
    "java",
    (
        Rule.of("chat", r"(?:\[Not Secure\] )?<(?P<sender>[^<>]{1,64})> (?P<text>.*)"),
        Rule.of("join", rf"(?P<sender>{_NAME})(?: \(formerly known as {_NAME}\))? joined the game"),
        Rule.of("left", rf"(?P<sender>{_NAME}) left the game"),
        Rule.of("noise", rf"UUID of player {_NAME} is .*"),
        Rule.of("noise", rf"{_NAME} ?\[/[^\]]*\] logged in with entity id .*"),
        Rule.of("noise", rf"{_NAME} (?:\([^)]*\) )?lost connection: .*"),
        Rule.of("noise", rf"{_NAME} issued server command: .*"),
        _DONE,
    ),
    pattern(rf"\[{_FORGE_DATE}{_TIME}(?: INFO\]:|\] \[[^\]]*/INFO\](?:(?: \[[^\]]*\])?:| \([^()]*\))) "),
    _PROMPTS,
    say=_java_say,
    section_codes=True,
    hint="What plugins make of the chat's form is theirs: chat of another form than <name> text needs a rule.",
)

#: A server in JavaScript. The echo of ``say`` is an event of its own, for nobody.
FLYING_SQUID = Dialect(
    "flying-squid",
    (
        Rule.of("chat", r"<(?P<sender>[^<>]{1,64})> (?P<text>.*)"),
        Rule.of("join", rf"(?P<sender>{_NAME}) \([^)]*\) connected"),
        Rule.of("left", rf"(?P<sender>{_NAME}) disconnected"),
        Rule.of("noise", r"Position written, spawning player\.\.\."),
        Rule.of("noise", rf"{_NAME} issued command: .*"),
        Rule.of("noise", r"\[CHAT\]: \[Server\] .*"),
        Rule.of("ready", r"Server listening on port \d+, version .*"),
    ),
    pattern(rf"[A-Za-z]+ \d{{1,2}}[a-z]{{2}} \d{{4}}, {_TIME} \[[A-Z]+\]: "),
    _PROMPTS,
    say=say_with("say {text}"),
    section_codes=True,
    hint="It has no command list.",
)

#: PocketMine and Nukkit tell a coming twice, by the address line and by the broadcast; whichever is first counts.
_TWICE = (
    Rule.of("chat", r"<(?P<sender>[^<>]{1,64})> (?P<text>.*)"),
    Rule.of("join", rf"(?P<sender>{_WIDE_NAME}) ?\[/[^\]]*\] logged in with entity id \d+ at .*"),
    Rule.of("left", rf"(?P<sender>{_WIDE_NAME}) ?\[/[^\]]*\] logged out due to .*"),
    Rule.of("join", rf"(?P<sender>{_NAME}) joined the game"),
    Rule.of("left", rf"(?P<sender>{_NAME}) left the game"),
    _DONE,
)

POCKETMINE = Dialect(
    "pocketmine",
    _TWICE,
    pattern(rf"(?:\[{_DATE}{_TIME}\]|{_DATE}{_TIME}) \[[^\]]*/?INFO\]: (?:\[(?:Player|NetworkSession): [^\]]*\] )?"),
    _PROMPTS,
    say=say_with("say {text}"),
    echoed=True,
    section_codes=True,
    paired=True,
)

NUKKIT = Dialect(
    "nukkit",
    _TWICE,
    pattern(rf"{_DATE}{_TIME} (?:\[[^\]]*\] )?\[INFO ?\] "),
    _PROMPTS,
    say=say_with("say {text}"),
    echoed=True,
    section_codes=True,
    paired=True,
)

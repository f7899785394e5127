"""Proxies in front of Minecraft servers: they see who comes and goes, but not what is said."""

from __future__ import annotations

from gameserver.consoles.dialects.dialect import Dialect, Rule, say_with
from gameserver.consoles.patterns import pattern

_TIME = r"\d\d:\d\d:\d\d(?:[.,]\d+)?"
_NAME = r"[^\s<>\[\]/|,]{1,64}"

#: ``[12:00:00 INFO]: `` on the console, ``[12:00:00] [Netty epoll Worker #1/INFO] [the.Class]: `` in files.
_LOG4J = rf"\[{_TIME}(?: [A-Z]+\](?: \[[^\]]*\])?:|\] \[[^\]]*/[A-Z]+\](?: \[[^\]]*\]:|: | \([^()]*\)|:)) ?"

#: ``[server connection]`` is somebody who goes from one server to another.
VELOCITY = Dialect(
    "velocity",
    (
        Rule.of("join", rf"\[connected player\] (?P<sender>{_NAME}) \([^)]*\) has connected"),
        Rule.of("left", rf"\[connected player\] (?P<sender>{_NAME}) \([^)]*\) has disconnected(?:: .*)?"),
        Rule.of("noise", r"\[(?:connected player|server connection|initial connection)\] .*"),
        Rule.of("ready", r"Done \([0-9.,]+ ?s\)!.*"),
    ),
    pattern(_LOG4J),
    ("> ", ">"),
    stop="shutdown",
    section_codes=True,
    hint="It prints no chat, and has no command that shows a text to all unless a plugin brings one (say).",
)

#: Who comes is seen when they get to their first server; going from one to another tells it again. The address may
#: stand with the name, before or behind it.
_BUNGEE_NAME = rf"\[(?:/[^\]|]*\|)?(?P<sender>{_NAME})(?:[|,]/[^\]]*)?\]"

BUNGEECORD = Dialect(
    "bungeecord",
    (
        Rule.of("join", rf"{_BUNGEE_NAME} <-> ServerConnector \[[^\]]*\] has connected"),
        Rule.of("left", rf"{_BUNGEE_NAME} -> UpstreamBridge has disconnected"),
        Rule.of("noise", r"\[[^\]]*\] (?:<->|->) .*"),
        Rule.of("noise", r"\[[^\]]*\] (?:disconnected with|executed command): .*"),
        Rule.of("ready", r"Listening on /.*"),
    ),
    pattern(rf"(?:{_TIME} \[[^\]\s]{{1,12}}\] |{_LOG4J})"),
    (">",),
    stop="end",
    say=say_with("alert {text}"),
    echoed=True,
    section_codes=True,
    paired=True,
    hint="It prints no chat; a join is told when somebody is on their first server.",
)

"""Show what each line of a console server's log would become, so that rules for it can be written and tried.

The log is a file as the program's console shows it, or - for standard input.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import attrs

from gameserver.consoles.dialects import RULES
from gameserver.consoles.events import Joined, Left, Said
from gameserver.consoles.line_reader import Heard, LineReader
from gameserver.consoles.lines import Line, Lines
from gameserver.edge.part import Installation
from gameserver.errors import Code, GameError
from gameserver.protocols.kwo.config import DIALECTS, Kwo, KwoRule, KwoServer
from gameserver.protocols.kwo.programs import dialect_of

NAME = "kwo"
ABOUT = "try rules for console servers: show what each line of a log would become"

#: Bytes read at once.
PIECE = 65536


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    trying = actions.add_parser("try", help="show what each line of a log would become")
    trying.add_argument("log", metavar="LOGFILE", help="what the console has shown; - is standard input")
    trying.add_argument("--server", help="a server of the configuration, whose rules are tried")
    trying.add_argument("--dialect", choices=DIALECTS, help="a dialect (in place of the server's, if there is one)")
    trying.add_argument("--prefix", help="what every line of the log begins with; see kwo.servers.<name>.prefix")
    trying.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="EVENT=PATTERN",
        help=f"one more rule, tried before all others; EVENT is one of {', '.join(RULES)}",
    )


def run(parsed: argparse.Namespace, installation: Installation) -> int:
    """Print a line for each of the log, then how many there were of each kind."""
    server = _section(parsed, installation.config.section(Kwo))
    dialect = dialect_of(f"kwo.servers.{parsed.server or 'try'}", server)
    reader, counts = LineReader(dialect, server.encoding), Counter[str]()
    for line in _lines(parsed.log, server.line_bytes):
        heard = reader.read(line)
        if heard is not None:
            kind, what = shown(heard)
            counts[kind] += 1
            print(f"{kind:<8} {what}" + (f"    < {heard.text}" if what != heard.text else ""))
    print("--", ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "no lines")
    if not counts["ready"] and dialect.tells_ready:
        print("-- No line says that it is ready: nothing would be typed until ready_within has passed.")
    if not dialect.tells_ready:
        print("-- No rule knows when it is ready: commands would wait for a second of silence only (settle).")
    if dialect.hint:
        print(f"-- {server.dialect}: {dialect.hint}")
    return 0


def shown(heard: Heard) -> tuple[str, str]:
    """Return what a line becomes in a word, which is a pack's cause where it becomes a pack, and what it says."""
    event = heard.event
    if isinstance(event, Said):
        return "chat", f"{event.sender}: {event.text}"
    if isinstance(event, Joined | Left):
        return "join" if isinstance(event, Joined) else "left", event.sender
    if event is not None:
        return "plantext", event.text
    if heard.output is not None:
        return "output", heard.output
    return "ready" if heard.ready else "noise", heard.text


def _section(parsed: argparse.Namespace, config: Kwo) -> KwoServer:
    if parsed.server is not None and parsed.server not in config.servers:
        there = ", ".join(config.servers) or "none"
        raise GameError(Code.NOT_FOUND, f"There is no server {parsed.server} in the configuration: there is {there}.")
    if parsed.server is None and parsed.dialect is None:
        raise GameError(Code.USAGE, "Name a dialect with --dialect, or a server of the configuration with --server.")
    server = config.servers[parsed.server] if parsed.server is not None else KwoServer()
    rules = []
    for text in parsed.rule:
        event, equals, pattern = text.partition("=")
        if not equals or event not in RULES:
            raise GameError(Code.USAGE, f"--rule {text}: expected EVENT=PATTERN, EVENT one of {', '.join(RULES)}.")
        rules.append(KwoRule(event, pattern))
    return attrs.evolve(
        server,
        dialect=parsed.dialect or server.dialect,
        prefix=server.prefix if parsed.prefix is None else parsed.prefix,
        rules=(*rules, *server.rules),
    )


def _lines(log: str, limit: int) -> Iterator[Line]:
    if log == "-":
        yield from _cut(sys.stdin.buffer, limit)
        return
    with open(log, "rb") as file:
        yield from _cut(file, limit)


def _cut(file: BinaryIO, limit: int) -> Iterator[Line]:
    lines = Lines(limit)
    while piece := file.read(PIECE):
        yield from lines.feed(piece)
    yield from lines.end()

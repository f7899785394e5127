"""The supervised programs of the configuration: checked and made, measured, started and ended with the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import attrs
from twisted.internet.defer import DeferredList, ensureDeferred
from twisted.logger import Logger

from gameserver.consoles.commands import AnswerTimes
from gameserver.consoles.console import Console
from gameserver.consoles.dialects import DIALECTS, Dialect, Rule, own_dialect, say_with
from gameserver.consoles.events import Event, Joined, Left, Started, Stopped
from gameserver.consoles.patterns import Pattern, PatternError, pattern
from gameserver.consoles.plan import Plan, Restarts, usable_encoding
from gameserver.edge.context import Context
from gameserver.errors import GameError, StartError
from gameserver.metrics import Metrics
from gameserver.protocols.kwo.announced import announce
from gameserver.protocols.kwo.bridged import HUB, topic_of
from gameserver.protocols.kwo.config import KwoServer

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class Programs:
    """A console for each section, by its name. Raises ``StartError`` for a section that cannot be served."""

    _log = Logger()

    def __init__(self, context: Context, servers: Mapping[str, KwoServer]) -> None:
        self.consoles = {name: _console(context, name, server) for name, server in servers.items()}
        self._directory = context.directory
        self._autostart = [self.consoles[name] for name, server in servers.items() if server.autostart]
        _measure(context.metrics, self.consoles)

    async def start(self) -> None:
        """Let the other nodes know of the programs, and start those that run from the beginning.

        One that cannot be started keeps nobody out.
        """
        for console in self.consoles.values():
            announce(self._directory, console)
        for console in self._autostart:
            try:
                await console.start_program()
            except GameError as error:
                self._log.error("{name}: {text}", name=console.name, text=error.text)

    async def end_all(self, within: float) -> None:
        """End every program, within so many seconds, and start none any more."""
        ending = [ensureDeferred(console.end_for_good(within)) for console in self.consoles.values()]
        await DeferredList(ending, consumeErrors=True)


def _console(context: Context, name: str, server: KwoServer) -> Console:
    topics, topic = context.sessions.topics, topic_of(name)
    restarts = Restarts(
        server.restart, server.restart_delay, server.restart_delay_max, server.restart_limit, server.restart_settled
    )

    def tell(event: Event) -> None:
        topics.publish_here(topic, event)
        if isinstance(event, Joined | Left | Started | Stopped):
            announce(context.directory, console)

    console = Console(context.reactor, plan_of(name, server), restarts, tell)
    return console


def _measure(metrics: Metrics, consoles: Mapping[str, Console]) -> None:
    def read(number: Callable[[Console], float]) -> Callable[[], dict[tuple[str, ...], float]]:
        return lambda: {(name,): number(console) for name, console in consoles.items()}

    family = metrics.family
    family("kwo_running", "Whether a console program runs", ["server"], read(lambda one: one.state == "running"))
    family("kwo_players", "Players of a console program", ["server"], read(lambda one: len(one.players)))
    family("kwo_memory_bytes", "Memory of a console program", ["server"], read(lambda one: one.usage.memory))
    metrics.counters(
        "kwo_cpu_seconds", "Processor time of a console program", ["server"], read(lambda one: one.usage.cpu)
    )


def plan_of(name: str, server: KwoServer) -> Plan:
    """Return what a section of the configuration says, checked. Raises ``StartError`` naming the key."""
    where = f"kwo.servers.{name}"
    if name == HUB or not _NAME.fullmatch(name):
        raise StartError(f"{where}: a server's name has letters, digits, '.', '_' and '-', and is not hub")
    if not server.command or not server.command[0]:
        raise StartError(f"{where}.command: a server needs the program that it runs")
    if not usable_encoding(server.encoding):
        raise StartError(f"{where}.encoding = {server.encoding!r}: no encoding, or none with plain newlines")
    dialect = dialect_of(where, server)
    if server.stop_command and server.stop_signal:
        raise StartError(f"{where}.stop_signal: there is a stop_command, too; a program is asked in one way")
    stop_command = server.stop_command or ("" if server.stop_signal else dialect.stop)
    return Plan(
        name,
        server.command,
        dialect,
        server.cwd,
        server.env,
        server.encoding,
        _one_line(f"{where}.stop_command", stop_command),
        "" if stop_command else server.stop_signal or dialect.stop_signal,
        server.stop_within,
        server.term_within,
        AnswerTimes(
            server.answer_first,
            server.answer_quiet,
            server.settle,
            server.answer_longest,
            server.answer_lines,
            ready=server.ready_within if dialect.tells_ready else 0.0,
        ),
        server.line_bytes,
        server.log_lines,
        server.stderr == "output" or (dialect.merge and not server.stderr),
    )


def dialect_of(where: str, server: KwoServer) -> Dialect:
    """Return a server's dialect with the rules of its section. Raises ``StartError`` naming the key."""
    say = _one_line(f"{where}.say", server.say) if server.say else ""
    if say and "{text}" not in say:
        raise StartError(f"{where}.say = {say!r}: the text needs its place, {{text}}")
    known = DIALECTS.get(server.dialect)
    dialect = own_dialect(say or "say {text}", server.prompt) if known is None else known
    if known is not None and say:
        dialect = attrs.evolve(dialect, say=say_with(say, min(4000, dialect.line_bytes)), echoed=True)
    if server.prefix:
        dialect = attrs.evolve(dialect, prefix=_pattern(f"{where}.prefix", server.prefix))
    rules = []
    for number, rule in enumerate(server.rules):
        rules.append(Rule(rule.event, _pattern(f"{where}.rules[{number}].pattern", rule.pattern)))
    return attrs.evolve(dialect, rules=(*rules, *dialect.rules))


def _pattern(where: str, source: str) -> Pattern:
    try:
        return pattern(source)
    except PatternError as error:
        raise StartError(f"{where} = {source!r}: {error}") from None


def _one_line(where: str, text: str) -> str:
    if "\n" in text or "\r" in text:
        raise StartError(f"{where} = {text!r}: a command is one line")
    return text

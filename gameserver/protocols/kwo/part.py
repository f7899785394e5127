"""The bridge to console game servers as a part of the server: the hub, the supervised programs, their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import attrs

from gameserver.consoles.commands import AnswerTimes
from gameserver.consoles.console import Console
from gameserver.consoles.dialects import DIALECTS, Dialect, Rule, own_dialect, say_with
from gameserver.consoles.patterns import PatternError
from gameserver.consoles.plan import Plan, usable_encoding
from gameserver.consoles.restarts import Restarts
from gameserver.edge.context import Context
from gameserver.edge.http.site import site
from gameserver.edge.part import Part, RunningPart
from gameserver.errors import StartError
from gameserver.net.endpoints import EndpointText, Listener, listen
from gameserver.protocols.kwo.admission import Admission, weak
from gameserver.protocols.kwo.config import Kwo, KwoServer
from gameserver.protocols.kwo.hub import COMMANDS, Hub, HubConsole
from gameserver.protocols.kwo.pages import Consoles, ConsoleServer
from gameserver.protocols.kwo.service import HUB_TOPIC, KwoService
from gameserver.protocols.kwo.shared import KWO, KwoShared
from gameserver.protocols.kwo.shown_servers import HubServer, ProgramServer
from gameserver.protocols.kwo.target import Endpoint, endpoint
from gameserver.sessions.manager import COMMUNITY, presence_topic

#: The server that is this gameserver.
HUB = "hub"

#: Seconds between the answer to the hub's ``stop`` and the stop.
LAST_WORDS = 0.2

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def build(context: Context, config: Kwo) -> RunningPart:
    """Join the bridge to the server; the hub shows the open games of all protocols. Raises ``StartError``."""
    for name, server in config.servers.items():
        _check(context, config, name, server.password, server.endpoints, server)
    _check(context, config, HUB, config.hub.password, config.hub.endpoints, None)
    consoles = {name: _console(context, name, server) for name, server in config.servers.items()}
    hub = _hub(context, config)
    endpoints = {HUB: _hub_endpoint(context, config, hub)}
    for name, server in config.servers.items():
        admission = _admission(server.password, server.plain)
        endpoints[name] = endpoint(name, consoles[name], admission, (topic(name),))
    autostart = [(console, config.servers[name].autostart) for name, console in consoles.items()]
    shared = KwoShared(context.reactor, context.limits, context.sessions, context.metrics)
    service = KwoService(shared, endpoints, autostart, context.stop_seconds)
    shown: list[ConsoleServer] = [HubServer(hub), *(ProgramServer(console) for console in consoles.values())]
    _measure(context, consoles)
    return RunningPart(
        listeners=_listeners(context, config, service),
        pages={KWO: service.resource(), **Consoles(context, shown).resources()},
        start=service.start,
        stop=service.stop,
    )


def topic(name: str) -> str:
    """Return the name of the topic that is shown a program's events."""
    return f"{KWO}/{name}"


def _listeners(context: Context, config: Kwo, service: KwoService) -> list[Listener]:
    ports = {_first(config): [("kwo.endpoints", config.endpoints)]}
    ports.setdefault(HUB, []).append(("kwo.hub.endpoints", config.hub.endpoints))
    for name, server in config.servers.items():
        ports.setdefault(name, []).append((f"kwo.servers.{name}.endpoints", server.endpoints))
    found: list[Listener] = []
    for name, keys in ports.items():
        factory = site(service.own_resource(name), connections=context.http_connections)
        for key, texts in keys:
            found += listen(key, texts, factory, f"ws://{{address}}/ is the server {name}, packs as JSON")
    return found


def _first(config: Kwo) -> str:
    """Return the server that answers on ``kwo.endpoints``."""
    return next(iter(config.servers), HUB)


def _measure(context: Context, consoles: dict[str, Console]) -> None:
    def read(number: Callable[[Console], float]) -> Callable[[], dict[tuple[str, ...], float]]:
        return lambda: {(name,): number(console) for name, console in consoles.items()}

    family = context.metrics.family
    family("kwo_running", "Whether a console program runs", ["server"], read(lambda one: one.state == "running"))
    family("kwo_players", "Players of a console program", ["server"], read(lambda one: len(one.players)))
    family("kwo_memory_bytes", "Memory of a console program", ["server"], read(lambda one: one.usage.memory))
    family("kwo_cpu_seconds", "Processor time of a console program", ["server"], read(lambda one: one.usage.cpu))


def _admission(password: str, plain: bool | None) -> Admission:
    return Admission(password, not password if plain is None else plain)


def _hub(context: Context, config: Kwo) -> Hub:
    namespace = COMMUNITY if config.community else KWO

    def shutdown() -> None:
        context.reactor.callLater(LAST_WORDS, context.shutdown)

    def games() -> Iterable[str]:
        for match in context.open_matches():
            shown = [f"{key} {value}" for key, value in match.items() if not isinstance(value, (dict, list))]
            yield ", ".join(shown)

    seats = context.limits.connections
    return Hub(context.sessions, context.rooms, context.moderation, namespace, seats, games, shutdown)


def _hub_endpoint(context: Context, config: Kwo, hub: Hub) -> Endpoint:
    namespace = COMMUNITY if config.community else KWO
    allowed = config.hub.commands
    if allowed is None:
        allowed = tuple(name for name in COMMANDS if name != "stop" or config.hub.password)
    target = HubConsole(hub, allowed, KWO)
    topics = (presence_topic(namespace), context.rooms.room(namespace).topic, HUB_TOPIC)
    return endpoint(HUB, target, _admission(config.hub.password, config.hub.plain), topics, namespace)


def _console(context: Context, name: str, server: KwoServer) -> Console:
    topics, where = context.sessions.topics, topic(name)
    plan = plan_of(name, server)
    restarts = Restarts(
        server.restart, server.restart_delay, server.restart_delay_max, server.restart_limit, server.restart_settled
    )
    return Console(context.reactor, plan, restarts, lambda event: topics.publish_here(where, event))


def plan_of(name: str, server: KwoServer) -> Plan:
    """Return what a section of the configuration says, checked. Raises ``StartError`` naming the key."""
    where = f"kwo.servers.{name}"
    if not server.command or not server.command[0]:
        raise StartError(f"{where}.command: a server needs the program that it runs")
    if not usable_encoding(server.encoding):
        raise StartError(f"{where}.encoding = {server.encoding!r}: no encoding, or none with plain newlines")
    dialect = _dialect(where, server)
    return Plan(
        name,
        server.command,
        dialect,
        server.cwd,
        server.env,
        server.encoding,
        _one_line(f"{where}.stop_command", server.stop_command or dialect.stop),
        server.stop_within,
        server.term_within,
        AnswerTimes(
            server.answer_first, server.answer_quiet, server.settle, server.answer_longest, server.answer_lines
        ),
        server.line_bytes,
        server.log_lines,
        server.stderr == "output",
    )


def _dialect(where: str, server: KwoServer) -> Dialect:
    say = _one_line(f"{where}.say", server.say) if server.say else ""
    if say and "{text}" not in say:
        raise StartError(f"{where}.say = {say!r}: the text needs its place, {{text}}")
    known = DIALECTS.get(server.dialect)
    dialect = own_dialect(say or "say {text}", server.prompt) if known is None else known
    if known is not None and say:
        dialect = attrs.evolve(dialect, say=say_with(say, min(4000, dialect.line_bytes)))
    rules = []
    for number, rule in enumerate(server.rules):
        try:
            rules.append(Rule.of(rule.event, rule.pattern))
        except PatternError as error:
            raise StartError(f"{where}.rules[{number}].pattern = {rule.pattern!r}: {error}") from None
    return attrs.evolve(dialect, rules=(*rules, *dialect.rules))


def _one_line(where: str, text: str) -> str:
    if "\n" in text or "\r" in text:
        raise StartError(f"{where} = {text!r}: a command is one line")
    return text


def _check(
    context: Context, config: Kwo, name: str, password: str, own: tuple[str, ...], server: KwoServer | None
) -> None:
    """Raise ``StartError`` for a name that cannot be one, or a password that guards nothing."""
    where = f"kwo.servers.{name}" if server is not None else f"kwo.{HUB}"
    if server is not None and (name == HUB or not _NAME.fullmatch(name)):
        raise StartError(f"{where}: a server's name has letters, digits, '.', '_' and '-', and is not hub")
    reached = [*own, *(config.endpoints if name == _first(config) else ()), *context.site_endpoints]
    outside = [text for text in reached if not EndpointText.parse(text).local]
    if password and weak(password) and outside:
        raise StartError(
            f"{where}.password: too weak for {outside[0]}; take at least 10 characters that nobody guesses, or "
            "listen on 127.0.0.1 only"
        )


PART = Part(KWO, Kwo, build)

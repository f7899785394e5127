"""The KWO protocol, joined to the services: the hub, the supervised programs, their ports, their numbers."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterable

import attrs

from gameserver.app.kwo_site import HubServer, ProgramServer
from gameserver.app.parts import Parts, listen
from gameserver.app.services import Services, StartError
from gameserver.config.kwo import KwoServer
from gameserver.consoles.commands import AnswerTimes
from gameserver.consoles.console import Console
from gameserver.consoles.dialects import DIALECTS, Dialect, Rule, own_dialect, say_with
from gameserver.consoles.patterns import PatternError
from gameserver.consoles.plan import Plan, usable_encoding
from gameserver.consoles.restarts import Restarts
from gameserver.protocols.kwo.admission import Admission, is_loopback, weak
from gameserver.protocols.kwo.hub import COMMANDS, Hub, HubConsole
from gameserver.protocols.kwo.service import HUB_TOPIC, KwoService
from gameserver.protocols.kwo.shared import KWO, KwoShared
from gameserver.protocols.kwo.target import Endpoint, endpoint
from gameserver.sessions.manager import COMMUNITY, presence_topic
from gameserver.web.consoles import Consoles, ConsoleServer
from gameserver.web.people import People
from gameserver.web.site import site

#: The server that is this gameserver.
HUB = "hub"

#: The part of ``stop_deadline`` that the protocols have.
PARTS_SHARE = 0.7

#: Seconds between the answer to the hub's ``stop`` and the stop.
LAST_WORDS = 0.2

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def add_bridge(services: Services, parts: Parts) -> None:
    """Add the protocol; the hub shows the open games of the others. Raises ``StartError``."""
    config = services.config.kwo
    for name, server in config.servers.items():
        _check(services, name, server.password, server.endpoints, server)
    _check(services, HUB, config.hub.password, config.hub.endpoints, None)
    consoles = {name: _console(services, name, server) for name, server in config.servers.items()}
    hub = _hub(services, lambda: _games(parts))
    endpoints = {HUB: _hub_endpoint(services, hub)}
    for name, server in config.servers.items():
        admission = _admission(server.password, server.plain)
        endpoints[name] = endpoint(name, consoles[name], admission, (topic(name),))
    autostart = [(console, config.servers[name].autostart) for name, console in consoles.items()]
    protocol = KwoShared(services.reactor, services.config.limits, services.sessions, services.metrics)
    service = KwoService(protocol, endpoints, autostart, services.config.stop_deadline * PARTS_SHARE)
    people = People(services.accounts, services.sessions, services.reactor)
    shown: list[ConsoleServer] = [HubServer(hub), *(ProgramServer(console) for console in consoles.values())]
    parts.protocols.append(service)
    parts.pages |= {KWO: service.resource(), **Consoles(people, services.moderation, shown).resources()}
    _listen(services, parts, service)
    _measure(services, consoles)


def topic(name: str) -> str:
    """Return the name of the topic that is shown a program's events."""
    return f"{KWO}/{name}"


def _listen(services: Services, parts: Parts, service: KwoService) -> None:
    config = services.config.kwo
    ports = {_first(services): [("kwo.endpoints", config.endpoints)]}
    ports.setdefault(HUB, []).append(("kwo.hub.endpoints", config.hub.endpoints))
    for name, server in config.servers.items():
        ports.setdefault(name, []).append((f"kwo.servers.{name}.endpoints", server.endpoints))
    for name, keys in ports.items():
        factory = site(service.own_resource(name), connections=services.web_connections)
        for key, texts in keys:
            parts.listeners += listen(key, texts, factory, f"ws://{{address}}/ is the server {name}, packs as JSON")


def _first(services: Services) -> str:
    """Return the server that answers on ``kwo.endpoints``."""
    return next(iter(services.config.kwo.servers), HUB)


def _measure(services: Services, consoles: dict[str, Console]) -> None:
    def read(number: Callable[[Console], float]) -> Callable[[], dict[tuple[str, ...], float]]:
        return lambda: {(name,): number(console) for name, console in consoles.items()}

    family = services.metrics.family
    family("kwo_running", "Whether a console program runs", ["server"], read(lambda one: one.state == "running"))
    family("kwo_players", "Players of a console program", ["server"], read(lambda one: len(one.players)))
    family("kwo_memory_bytes", "Memory of a console program", ["server"], read(lambda one: one.usage.memory))
    family("kwo_cpu_seconds", "Processor time of a console program", ["server"], read(lambda one: one.usage.cpu))


def _admission(password: str, plain: bool | None) -> Admission:
    return Admission(password, not password if plain is None else plain)


def _hub(services: Services, games: Callable[[], Iterable[str]]) -> Hub:
    reactor = services.reactor
    namespace = COMMUNITY if services.config.kwo.community else KWO

    def shutdown() -> None:
        # As if the operator had asked for it: whoever is responsible for signals ends everything in order.
        reactor.callLater(LAST_WORDS, os.kill, os.getpid(), signal.SIGTERM)

    seats = services.config.limits.connections
    return Hub(services.sessions, services.rooms, services.moderation, namespace, seats, games, shutdown)


def _hub_endpoint(services: Services, hub: Hub) -> Endpoint:
    config = services.config.kwo
    namespace = COMMUNITY if config.community else KWO
    allowed = config.hub.commands
    if allowed is None:
        allowed = tuple(name for name in COMMANDS if name != "stop" or config.hub.password)
    target = HubConsole(hub, allowed, KWO)
    topics = (presence_topic(namespace), services.rooms.room(namespace).topic, HUB_TOPIC)
    return endpoint(HUB, target, _admission(config.hub.password, config.hub.plain), topics, namespace)


def _games(parts: Parts) -> Iterable[str]:
    for matches in parts.matches:
        for match in matches():
            yield ", ".join(f"{key} {value}" for key, value in match.items() if not isinstance(value, (dict, list)))


def _console(services: Services, name: str, server: KwoServer) -> Console:
    topics, where = services.sessions.topics, topic(name)
    plan = plan_of(name, server)
    restarts = Restarts(
        server.restart, server.restart_delay, server.restart_delay_max, server.restart_limit, server.restart_settled
    )
    return Console(services.reactor, plan, restarts, lambda event: topics.publish_here(where, event))


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


def _check(services: Services, name: str, password: str, own: tuple[str, ...], server: KwoServer | None) -> None:
    """Raise ``StartError`` for a name that cannot be one, or a password that guards nothing."""
    where = f"kwo.servers.{name}" if server is not None else f"kwo.{HUB}"
    if server is not None and (name == HUB or not _NAME.fullmatch(name)):
        raise StartError(f"{where}: a server's name has letters, digits, '.', '_' and '-', and is not hub")
    config = services.config
    reached = [*own, *(config.kwo.endpoints if name == _first(services) else ()), *config.web.endpoints]
    outside = [text for text in reached if not _is_here(text)]
    if password and weak(password) and outside:
        raise StartError(
            f"{where}.password: too weak for {outside[0]}; take at least 10 characters that nobody guesses, or "
            "listen on 127.0.0.1 only"
        )


def _is_here(text: str) -> bool:
    """Say whether an endpoint can be reached from this machine only."""
    kind, *options = (part.replace("\\:", ":") for part in re.split(r"(?<!\\):", text))
    if kind == "unix":
        return True
    interface = next((part[10:] for part in options if part.startswith("interface=")), "")
    return bool(interface) and is_loopback(interface)

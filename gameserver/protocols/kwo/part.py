"""The bridge to console game servers as a part of the server: the hub and the supervised programs."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from twisted.web.resource import Resource

from gameserver.config import Config
from gameserver.edge.channel import websocket_page
from gameserver.edge.context import Context
from gameserver.edge.http.site import site
from gameserver.edge.part import Part, RunningPart
from gameserver.moderation import Actor
from gameserver.net.endpoints import Listener, listen
from gameserver.net.origins import Origins
from gameserver.net.websocket import Accepted, Refusal, Upgrade
from gameserver.net.websocket.upgrade import Connect
from gameserver.protocols.kwo.admission import Admission, check_password
from gameserver.protocols.kwo.bridged import HUB, KWO, BridgedServer, topic_of
from gameserver.protocols.kwo.channel import KwoChannel
from gameserver.protocols.kwo.commands import kwo
from gameserver.protocols.kwo.config import Kwo, KwoHub, KwoServer
from gameserver.protocols.kwo.elsewhere import channel_to, service
from gameserver.protocols.kwo.elsewhere_console import serve_consoles
from gameserver.protocols.kwo.hub import COMMANDS, Hub, HubConsole
from gameserver.protocols.kwo.pages import HubServer, ProgramServer, ShownServer, consoles_page
from gameserver.protocols.kwo.programs import Programs, plan_of
from gameserver.protocols.kwo.shared import KwoShared
from gameserver.sessions.manager import presence_topic

GREETING = "This is the KWO bridge: a WebSocket with JSON packs at /kwo/<server>; /kwo/hub is this gameserver."

#: Bytes of a frame; the largest pack with everything escaped and encrypted is far below.
MESSAGE_LIMIT = 1 << 19

#: Where the originals of the family look for a server on a host's port 8080: the paths of KWO, LLWS, nillauncher.
ORIGINALS = ("", "mc", "mcws")

#: Where a browser on the site finds the page of the consoles.
PAGE = "/#/kwo"

#: Who knows the hub's password has no account: a moderator, who cannot act against operators.
BRIDGE = Actor(KWO, "moderator")

_NOT_FOUND = b'{"code":"not_found","text":"There is no such server."}'


def check(config: Config, section: Kwo) -> None:
    """Raise ``StartError`` for a program that cannot be run as it is described, and for a password too weak."""
    for name, server in section.servers.items():
        plan_of(name, server)
    guarded: list[tuple[str, str, KwoHub | KwoServer]] = [(HUB, f"kwo.{HUB}", section.hub)]
    guarded += [(name, f"kwo.servers.{name}", server) for name, server in section.servers.items()]
    for name, where, one in guarded:
        first = section.endpoints if name == _first(section) else ()
        check_password(f"{where}.password", one.password, [*one.endpoints, *first, *config.web.endpoints])


def build(context: Context, config: Kwo) -> RunningPart:
    """Join the bridge to the server; the hub shows the open games of all protocols.

    Of several processes of one data directory the first has the programs, and the ports that lead to them.
    """
    originals = ORIGINALS if context.first or not config.servers else ()
    if not context.first and config.servers:
        config = attrs.evolve(config, servers={}, endpoints=())
    programs = Programs(context, config.servers)
    shared = KwoShared(context, programs, community=config.community)
    hub = Hub(context, shared.namespace)
    origins = Origins(config.origins)
    servers = {HUB: _hub_server(context, config.hub, hub, shared.namespace, origins)}
    for name, console in programs.consoles.items():
        servers[name] = BridgedServer.of(name, console, _admission(config.servers[name], origins), (topic_of(name),))
    context.relays.serve(KWO, service(shared, servers))
    serve_consoles(context, programs.consoles)
    shown: list[ShownServer] = [HubServer(hub), *map(ProgramServer, programs.consoles.values())]
    return RunningPart(
        listeners=_listeners(context, config, shared, servers),
        pages={
            KWO: _page_of_all(shared, servers, origins),
            "api/kwo": consoles_page(context, shown),
            **{path: _page_of_one(shared, servers[_first(config)], origins) for path in originals},
        },
        start=programs.start,
        stop=shared.stop,
    )


def _first(config: Kwo) -> str:
    """Return the server that answers on ``kwo.endpoints``."""
    return next(iter(config.servers), HUB)


def _admission(section: KwoHub | KwoServer, origins: Origins) -> Admission:
    return Admission(section.password, not section.password if section.plain is None else section.plain, origins)


def _hub_server(context: Context, config: KwoHub, hub: Hub, namespace: str, origins: Origins) -> BridgedServer:
    allowed = config.commands
    if allowed is None:
        allowed = tuple(name for name in COMMANDS if name != "stop" or config.password)
    topics = (presence_topic(namespace), context.rooms.room(namespace).topic, topic_of(HUB))
    return BridgedServer.of(HUB, HubConsole(hub, allowed, BRIDGE), _admission(config, origins), topics)


def _listeners(
    context: Context, config: Kwo, shared: KwoShared, servers: Mapping[str, BridgedServer]
) -> list[Listener]:
    ports = {_first(config): [("kwo.endpoints", config.endpoints)]}
    ports.setdefault(HUB, []).append(("kwo.hub.endpoints", config.hub.endpoints))
    for name, server in config.servers.items():
        ports.setdefault(name, []).append((f"kwo.servers.{name}.endpoints", server.endpoints))
    found: list[Listener] = []
    for name, keys in ports.items():
        factory = site(_page_of_one(shared, servers[name], Origins(config.origins)), context)
        for key, texts in keys:
            found += listen(key, texts, factory, f"ws://{{address}}/ is the server {name}, {servers[name].packs}")
    return found


def _page_of_all(shared: KwoShared, servers: Mapping[str, BridgedServer], origins: Origins) -> Resource:
    """Return what answers below ``/kwo``: the server's name is the next part of the path."""

    def connect(upgrade: Upgrade) -> Accepted:
        name = upgrade.path.strip("/").partition("/")[2]
        server = servers.get(name)
        if server is not None:
            return _accepted(shared, server, upgrade)
        relayed = channel_to(shared, name, upgrade)
        if relayed is None:
            raise Refusal(404, _NOT_FOUND)
        return Accepted(relayed)

    return _page(shared, connect, origins, PAGE)


def _page_of_one(shared: KwoShared, server: BridgedServer, origins: Origins) -> Resource:
    """Return what answers on a port of a server's own, on any path."""
    return _page(shared, lambda upgrade: _accepted(shared, server, upgrade), origins)


def _page(shared: KwoShared, connect: Connect, origins: Origins, page: str = "") -> Resource:
    return websocket_page(
        shared,
        connect,
        greeting=GREETING,
        page=page,
        message_limit=MESSAGE_LIMIT,
        utf8=False,
        origins=origins,
    )


def _accepted(shared: KwoShared, server: BridgedServer, upgrade: Upgrade) -> Accepted:
    return Accepted(KwoChannel(shared, server, upgrade.address, plain=server.admission.admit(upgrade)))


PART = Part(KWO, Kwo, build, check, commands=(kwo,))

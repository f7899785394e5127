"""IRC as a part of the server."""

import attrs

from gameserver.config.endpoints import listeners, on_port
from gameserver.config.option import option
from gameserver.edge.context import Context
from gameserver.edge.part import Part, RunningPart
from gameserver.edge.shared import Shared
from gameserver.edge.stream import StreamFactory
from gameserver.net.endpoints import listen
from gameserver_ircd.connection import IrcConnection
from gameserver_ircd.encoders import ENCODERS
from gameserver_ircd.handlers import HANDLERS


@attrs.frozen
class Ircd:
    """IRC."""

    tcp: tuple[str, ...] = listeners(on_port(6667), "where IRC clients connect")
    community: bool = option(True, "whether players and public room are shared with the other protocols")
    login_timeout: float = option(60.0, "seconds a connection may stay without a login; 0: no limit", minimum=0)


def build(context: Context, section: Ircd) -> RunningPart:
    """Join IRC to the server."""
    shared = Shared(context, "ircd", ENCODERS, community=section.community, login_timeout=section.login_timeout)
    factory = StreamFactory(lambda: IrcConnection(shared, HANDLERS))
    return RunningPart(listeners=listen("ircd.tcp", section.tcp, factory, "ii -s {host} -p {port}"), stop=shared.stop)


PART = Part("ircd", Ircd, build)

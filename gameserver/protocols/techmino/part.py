"""Techmino's protocol as a part of the server: the WebSocket endpoints under one path, and the replays."""

from __future__ import annotations

from gameserver.edge.channel import websocket_page
from gameserver.edge.context import Context, OpenMatch
from gameserver.edge.http.site import site, tree
from gameserver.edge.part import Part, PeriodicTask, RunningPart, every_name
from gameserver.net.endpoints import listen
from gameserver.net.origins import Origins
from gameserver.protocols.techmino.commands import techmino_hosts
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.elsewhere.messages import SERVICE
from gameserver.protocols.techmino.elsewhere.served import Guests
from gameserver.protocols.techmino.generation3.handlers import ENDPOINT
from gameserver.protocols.techmino.generation3.pages import generation3_pages
from gameserver.protocols.techmino.generation3.requests import GENERATION_3_ELSEWHERE
from gameserver.protocols.techmino.replays import replays_page
from gameserver.protocols.techmino.rooms.listing import Listing
from gameserver.protocols.techmino.shared import TECHMINO, TechminoShared
from gameserver.protocols.techmino.site_pages import client_pages
from gameserver.protocols.techmino.sockets.connecting import Connecting
from gameserver.protocols.techmino.sockets.endpoints import SERVED
from gameserver.protocols.techmino.sockets.room_list import listed

#: Where the client looks for the endpoints.
PATH = "tech/socket/v1"

#: Seconds between two Pings: 0.14.7 and 0.15 give up after 30 seconds in which they have read nothing, those from
#: 0.16 on after 18.
PING = 5.0

#: Seconds between two looks for rounds whose time is over.
SWEEP = 3600.0

#: Seconds between two looks how many are here, which the other nodes are told.
COUNTS = 1.0

_DAY = 86_400_000


def build(context: Context, config: Techmino) -> RunningPart:
    """Join the endpoints to the server, on the site and on ports of their own."""
    shared = TechminoShared(context, config)
    lobby = shared.lobby
    context.metrics.gauge("techmino_rooms", "Open Techmino rooms", lambda: len(lobby.rooms))
    context.metrics.gauge("techmino_rounds", "Techmino rounds being played", lambda: len(lobby.rounds))

    async def forget_old_rounds() -> None:
        """Delete the rounds whose time is over."""
        if config.replay_days:
            await context.stores.rounds.delete_before(shared.now_ms - config.replay_days * _DAY)

    guests = Guests(shared, {**SERVED, ENDPOINT: GENERATION_3_ELSEWHERE})
    context.relays.serve(SERVICE, guests.serve)
    greeting = "Techmino clients connect here with a WebSocket: app, user, chat, play, stream."
    pages = {
        PATH: websocket_page(
            shared,
            Connecting(shared).connect,
            greeting=greeting,
            utf8=False,
            ping_interval=PING,
            origins=Origins(config.origins),
        ),
        "techmino/replays": replays_page(context),
        **generation3_pages(context, shared, PING),
        **client_pages(context, shared),
    }
    listeners = listen(
        "techmino.endpoints",
        config.endpoints,
        site(tree(pages), context),
        "gameserver techmino-hosts ADDRESS says how clients come here",
    )
    return RunningPart(
        listeners=listeners,
        pages=pages,
        periodic=[PeriodicTask(SWEEP, forget_old_rounds), PeriodicTask(COUNTS, shared.tell_counts)],
        open_matches=lambda: open_rooms(shared),
        under_way=lambda: bool(lobby.rounds),
        stop=shared.stop,
    )


def open_rooms(shared: TechminoShared) -> list[OpenMatch]:
    """Return the open rooms of all nodes, for operators; who is in is known of those here."""

    def shown(room: Listing, players: list[str]) -> OpenMatch:
        return {"game": TECHMINO, **listed(room), "running": room.started, "players": players}

    here = [
        shown(room.listing, [member.username for member in room.members.values()])
        for room in shared.lobby.rooms.values()
    ]
    return here + [shown(room, []) for room in shared.elsewhere.listed()]


PART = Part(TECHMINO, Techmino, build, commands=[techmino_hosts], check_name=every_name)

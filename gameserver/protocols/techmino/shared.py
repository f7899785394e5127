"""What all connections of the protocol share, and who is connected where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gameserver.edge.context import Context
from gameserver.edge.shared import Shared
from gameserver.protocols.techmino.chat_rooms import ChatRooms
from gameserver.protocols.techmino.config import Techmino
from gameserver.protocols.techmino.identities import Identities, Identity
from gameserver.protocols.techmino.places import Places
from gameserver.protocols.techmino.rooms.listing import Listing, joinable_first
from gameserver.protocols.techmino.rooms.lobby import Lobby
from gameserver.protocols.techmino.rooms.other_nodes import Counts, RoomsElsewhere
from gameserver.protocols.techmino.seen import SeenClients
from gameserver.sessions.session import Encoders, Session

#: The name of the protocol, and of its community when it stays alone.
TECHMINO = "techmino"

#: What people are told whose own node goes on.
PARTED = "The server of this room is stopping."

#: The endpoints whose connections are counted for the clients: those of the document, and that of generation 3.
COUNTED = ("user", "play", "stream", "chat", "ws")

#: What a connection understands that is told everything by its own rooms.
NO_ENCODERS: Encoders = {}


class Handlers(Protocol):
    """What an endpoint does for one connection. Making them says Connect."""

    def disconnected(self, *, for_good: bool) -> None:
        """Note the end of the connection; ``for_good``: the player may not come back to their place."""


class RoomClient(Protocol):
    """One connection as rooms see it, whatever node it is connected to."""

    shared: TechminoShared
    deliver: Callable[[bytes], None]

    @property
    def identity(self) -> Identity:
        """Whose connection it is."""

    def close(self, code: str, text: str) -> None:
        """End the connection, saying why."""

    def goes_on_after_close_frames(self) -> None:
        """Note that its player's client is of a release that reads Close frames."""


class Client(RoomClient, Protocol):
    """One connection as its handlers see it, and the next connection of the same player.

    ``handlers`` is ``None`` until it is known whose it is.
    """

    address: str
    #: Whether its release is known to go on after a Close frame.
    reads_close_frames: bool

    @property
    def handlers(self) -> Handlers | None:
        """What its endpoint does for it."""

    @property
    def session(self) -> Session:
        """The open session."""


class TechminoShared(Shared):
    """Who somebody is, the rooms, and each player's connection to each endpoint."""

    def __init__(self, context: Context, config: Techmino) -> None:
        super().__init__(
            context, TECHMINO, NO_ENCODERS, community=config.community, login_timeout=config.login_timeout
        )
        self.config = config
        self.identities = Identities(context.reactor, config, context.accounts)
        self.lobby = Lobby(context.reactor, config, context.stores.rounds.keep_round)
        #: Those of other nodes who play here.
        self.guests: set[RoomClient] = set()
        self.elsewhere = RoomsElsewhere(
            context.reactor, context.directory, context.relays.node, self.lobby, config.standing_rooms
        )
        self.chat = ChatRooms(self.sessions, self.rooms, self.namespace, config.chat_rooms, self.elsewhere.chatting)
        self._places: Places[Client] = Places(self.sessions.peers, context.relays.node, lambda: self.now_ms)
        #: Where the game's own clients come from.
        self.seen = SeenClients(context.reactor)

    def present(self, endpoint: str, uid: int) -> Client | None:
        """Return the connection of a player to an endpoint."""
        return self._places.get(endpoint, uid)

    def count(self, endpoint: str) -> int:
        """Return how many players are connected to an endpoint, at whatever node."""
        return self._places.count(endpoint) + self.elsewhere.connected(endpoint)

    def listed(self) -> list[Listing]:
        """Return the rooms of all nodes in the order of the lists."""
        there = self.elsewhere.listed()
        rooms = self.lobby.listed()
        return joinable_first(sorted(rooms + there, key=lambda room: -room.opened_ms) if there else rooms)

    async def tell_counts(self) -> None:
        """Tell the other nodes how many are here; one that runs empty makes no standing rooms any more."""
        if self.sessions.draining or self.stopping:
            self.elsewhere.tell_counts(None)
            return
        connected = {endpoint: self._places.count(endpoint) for endpoint in COUNTED}
        self.elsewhere.tell_counts(Counts(connected, self.chat.counts_here()))

    def take_place(self, endpoint: str, uid: int, client: Client) -> None:
        """Make a connection the one of its player to an endpoint, at whatever node."""
        self._places.take(endpoint, uid, client)

    def give_up_place(self, endpoint: str, uid: int, client: Client) -> None:
        """Forget a connection that ends, unless another one has its place by now."""
        self._places.give_up(endpoint, uid, client)

    def goes_on_after_close_frames(self, uid: int, address: str) -> None:
        """Note that a player's client is of a release that reads Close frames, for all its connections.

        The same player may be in from another address with an older release.
        """
        for endpoint in ("user", "play"):
            client = self.present(endpoint, uid)
            if client is not None and client.address == address:
                client.reads_close_frames = True

    def reads_close_frames(self, uid: int, address: str) -> bool:
        """Say whether that is known of whoever is logged in at /user: the client that connects elsewhere now."""
        user = self.present("user", uid)
        return user is not None and user.address == address and user.reads_close_frames

    async def stop(self) -> None:
        """Let nobody in any more and end every round with its result, before the goodbyes."""
        self.stopping = True
        await self.lobby.end_all_rounds()
        for guest in tuple(self.guests):
            guest.close("shutdown", PARTED)
        self.elsewhere.withdraw()
        await super().stop()

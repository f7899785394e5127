"""The central session manager: who is connected, as whom, and who is told about it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from gameserver.errors import Code, GameError
from gameserver.reactor import wall
from gameserver.sessions.addresses import network_of
from gameserver.sessions.events import PlayerOffline, PlayerOnline
from gameserver.sessions.limits import ConnectionCount, RateLimit
from gameserver.sessions.names import meant
from gameserver.sessions.peers import Alone, Peers
from gameserver.sessions.players import Player, name_key
from gameserver.sessions.session import Encoders, Session, Sink
from gameserver.sessions.topics import Topics

#: The community that all protocols share unless the configuration tells one to stay alone.
COMMUNITY = "community"

#: What the older of two sessions is told.
REPLACED = "You have logged in from somewhere else."

#: What is told to who wants a name, or has one, that is somebody else's.
NAME_TAKEN = "Somebody with this name is online."

#: What somebody is told who comes to a process that is about to end.
DRAINING = "This server is about to stop; please come again."

#: What a session is told whose account has come into a later epoch.
REVOKED = "Your login has ended; please log in again."

#: The subject on which processes tell each other that somebody's sanctions or logins have changed in the database.
RIGHTS = "rights"


class DuplicateLogin(enum.Enum):
    """What a second session of the same player at the same protocol means there."""

    #: The new session replaces the old one: a half-dead socket must never block its owner.
    REPLACE = "replace"
    #: Any number may be open at once.
    KEEP = "keep"


@attrs.define(eq=False)
class _Presence:
    player: Player
    sessions: dict[int, Session] = attrs.field(factory=dict)

    @property
    def protocols(self) -> list[str]:
        """The protocols they are at, each once, in a fixed order."""
        return sorted({session.protocol for session in self.sessions.values()})


def presence_topic(namespace: str) -> str:
    """Return the name of the topic that is told who comes and goes."""
    return f"{namespace}/presence"


class SessionManager:
    """Opens, names, finds and closes sessions, and tells each coming and going exactly once."""

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        connections: ConnectionCount,
        topics: Topics | None = None,
        logins: RateLimit | None = None,
    ) -> None:
        self._clock = clock
        self.connections = connections
        #: How often people may come: everybody is told of each.
        self.logins = logins
        self._next = 0
        self._sessions: dict[int, Session] = {}
        #: How many are open, and how often somebody has logged in, by protocol.
        self.by_protocol: dict[str, int] = {}
        self.logged_in: dict[str, int] = {}
        self._present: dict[tuple[str, str], _Presence] = {}
        self.topics = topics or Topics(clock)
        #: The other processes of the cluster; the composition root puts them in.
        self.peers: Peers = Alone()
        #: Is told by which protocols a player of a namespace is here, each time that changes; put in there as well.
        self.here: Callable[[str, Player, list[str]], None] = lambda _namespace, _player, _protocols: None
        self._namespaces: set[str] = set()
        #: Whether the process is about to end: nobody new is let in.
        self.draining = False
        #: Addresses (``network_of``) that may not come in, keys of players, and addresses that no guest may come
        #: from; kept by moderation. A name may look like an address.
        self.refused: set[str] = set()
        self.refused_players: set[str] = set()
        self.refused_guests: set[str] = set()

    def open(
        self, protocol: str, address: str, sink: Sink, encoders: Encoders, namespace: str = COMMUNITY
    ) -> Session:
        """Let a connection in.

        ``address`` is the peer's host without port, empty if there is none. Raises ``GameError``
        ``too_many_connections`` or ``banned``, ``busy`` while the process is about to end.
        """
        if self.draining:
            raise GameError(Code.BUSY, DRAINING)
        self.check_banned(address)
        if not self.connections.take(address):
            raise GameError(Code.TOO_MANY_CONNECTIONS, "Too many connections from your address.")
        self._next += 1
        session = Session(self._next, protocol, namespace, address, sink, encoders, wall(self._clock))
        self._sessions[session.id] = session
        self.by_protocol[protocol] = self.by_protocol.get(protocol, 0) + 1
        return session

    def login(
        self, session: Session, player: Player, again: DuplicateLogin = DuplicateLogin.REPLACE, epoch: int = 0
    ) -> None:
        """Make a session a player's; ``epoch`` is that of their account, or of the token they have shown.

        Raises ``GameError`` ``already_logged_in`` if the session has a player, ``name_taken`` if a guest asks for
        the name of somebody who is there, ``banned``, ``too_fast`` for who, or whose address, comes and comes again.
        """
        if session.player is not None:
            raise GameError(Code.ALREADY_LOGGED_IN, "You are logged in already.")
        if not session.open:
            raise GameError(Code.CLOSED, "The connection has ended.")
        self.check_banned(session.address, player)
        self.check_name(session.namespace, player)
        self._check_rate(session, player)
        slot = (session.namespace, player.key)
        presence = self._present.get(slot)
        session.player, session.epoch = player, epoch
        self._log.debug(
            "{protocol} session {session}: player {player} has logged in",
            protocol=session.protocol,
            session=session.id,
            player=_in_log(player),
        )
        self.logged_in[session.protocol] = self.logged_in.get(session.protocol, 0) + 1
        self._namespaces.add(session.namespace)
        if presence is None:
            presence = self._present[slot] = _Presence(player)
            if self.peers.find(*slot) is None:
                self.topics.publish(
                    presence_topic(session.namespace), PlayerOnline(player), lambda other: other.player == player
                )
        older = [other for other in presence.sessions.values() if other.protocol == session.protocol]
        presence.sessions[session.id] = session
        if not older:
            self.here(session.namespace, player, presence.protocols)
        self.peers.came(session.namespace, player, session.protocol, again is DuplicateLogin.REPLACE)
        if again is DuplicateLogin.REPLACE:
            self.disconnect(older, "replaced", REPLACED)

    def _check_rate(self, session: Session, player: Player) -> None:
        if self.logins is None:
            return
        person, address = player.limited_as(session.namespace), network_of(session.address)
        if not self.logins.fits(person, address, self._clock.seconds()):
            raise GameError(Code.TOO_FAST, "Too many logins; please wait a moment.")

    def check_banned(self, address: str = "", player: Player | None = None) -> None:
        """Raise ``GameError`` ``banned`` if an address or a player may not come in."""
        place = network_of(address)
        if place and place in self.refused:
            raise GameError(Code.BANNED, "This address is banned.")
        if player is not None and player.key in self.refused_players:
            raise GameError(Code.BANNED, "This player is banned.")
        if player is not None and player.guest and place in self.refused_guests:
            raise GameError(Code.BANNED, "Guests may not come in from this address.")

    def check_name(self, namespace: str, player: Player) -> None:
        """Raise ``GameError`` ``name_taken`` if a guest's name is held by somebody online, ``banned`` if banned."""
        self.check_banned(player=player)
        holder = self.player(player.name, namespace)
        if holder is not None and (player.guest or holder.guest):
            raise GameError(Code.NAME_TAKEN, NAME_TAKEN)

    async def hold_name(self, namespace: str, player: Player) -> None:
        """Take a guest's name, before their login: one guest name has one holder, at all processes together.

        Raises ``GameError`` as ``check_name`` does, and ``Unavailable`` if the other processes cannot be asked.
        """
        self.check_name(namespace, player)
        if not await self.peers.hold(namespace, player.key):
            raise GameError(Code.NAME_TAKEN, NAME_TAKEN)

    def logout(self, session: Session) -> None:
        """Make a session nobody's again; it stays open."""
        player, session.player = session.player, None
        self.topics.leave_all(session)
        if player is None:
            return
        slot = (session.namespace, player.key)
        presence = self._present[slot]
        before = presence.protocols
        del presence.sessions[session.id]
        if (protocols := presence.protocols) != before:
            self.here(session.namespace, player, protocols)
        if not presence.sessions:
            del self._present[slot]
            if self.peers.find(*slot) is None:
                self.topics.publish(presence_topic(session.namespace), PlayerOffline(player))
            self.peers.went(session.namespace, player)

    def close(self, session: Session) -> None:
        """Forget a session whose connection has ended, whatever the reason. A second time changes nothing."""
        if not session.open:
            return
        session.open = False
        self._log.debug(
            "{protocol} session {session} of player {player} has ended after {duration} s",
            protocol=session.protocol,
            session=session.id,
            player=_in_log(session.player),
            duration=round(wall(self._clock) - session.opened_at, 3),
        )
        self.logout(session)
        del self._sessions[session.id]
        self.by_protocol[session.protocol] -= 1
        self.connections.release(session.address)

    def find(self, name: str, namespace: str = COMMUNITY) -> list[Session]:
        """Return the open sessions of a player in this process by name, without case; empty if there are none."""
        presence = self._present.get((namespace, name_key(name)))
        return list(presence.sessions.values()) if presence else []

    def everywhere(self, name: str) -> list[Session]:
        """Return the open sessions of a player in this process, whatever the community."""
        return [session for namespace in self._namespaces for session in self.find(name, namespace)]

    def end_older(self, account: int, epoch: int) -> int:
        """End the sessions of an account that are of an older epoch than ``epoch``; return how many there were here.

        The other processes are told to look for theirs.
        """
        self.peers.publish(RIGHTS, b"")
        older = [
            session
            for session in self
            if session.player is not None and session.player.account == account and session.epoch < epoch
        ]
        return self.disconnect(older, "revoked", REVOKED)

    def player(self, name: str, namespace: str = COMMUNITY) -> Player | None:
        """Return the player of that name, or shown by it, if they are online, here or at a peer."""
        found = self._called(name, namespace)
        if found is None and (other := meant(name)) != name:
            found = self._called(other, namespace)
        return found

    def _called(self, name: str, namespace: str) -> Player | None:
        slot = (namespace, name_key(name))
        presence = self._present.get(slot)
        return presence.player if presence else self.peers.find(*slot)

    def online(self, namespace: str = COMMUNITY) -> list[Player]:
        """Return who is online, each once: those here in the order they came, then those at the peers."""
        here = [presence.player for (where, _), presence in self._present.items() if where == namespace]
        return here + [
            player for player in self.peers.players(namespace) if (namespace, player.key) not in self._present
        ]

    def session(self, number: int) -> Session | None:
        """Return an open session by its number."""
        return self._sessions.get(number)

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._sessions.values()))

    def __len__(self) -> int:
        return len(self._sessions)

    def disconnect(self, sessions: Iterable[Session], code: str, text: str) -> int:
        """End sessions from the server's side (kick, ban, shutdown); return how many."""
        count = 0
        for session in list(sessions):
            if session.open:
                self._end(session, code, text)
                count += 1
        return count

    def _end(self, session: Session, code: str, text: str) -> None:
        self.close(session)
        try:
            session.sink.close(code, text)
        except Exception:
            # A protocol whose goodbye fails must not keep the others from theirs.
            self._log.failure(
                "session {session} at {protocol} did not close cleanly",
                session=session.id,
                protocol=session.protocol,
            )


def _in_log(player: Player | None) -> int | str:
    """Return who somebody is in the log: an account's number stays when its name is given up."""
    if player is None:
        return "nobody"
    return player.account or "guest"

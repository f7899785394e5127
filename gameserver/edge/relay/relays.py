"""All clients of this node whom others serve, and all of others whom this one serves."""

from __future__ import annotations

import itertools
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import attrs
import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from gameserver.edge.relay.link import Link, Nodes
from gameserver.edge.relay.messages import Asked, Cut, Ended, Entry, Gone, Message, Noted, Opened, Told
from gameserver.errors import Code, GameError

#: The code with which a relay ends whose link is lost.
LOST = "lost"

#: What is said to who wants something of a node that is out of reach.
UNREACHABLE = "This is at another server that cannot be reached at the moment; please try again."

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Message).decode


class Fronted(Protocol):
    """A client here whom another node serves. None of its methods may block."""

    def told(self, payload: bytes) -> None:
        """Send bytes to the client."""

    def noted(self, message: bytes) -> None:
        """Learn something about the client, in the service's own form."""

    def ended(self, code: str, text: str) -> None:
        """Learn that it is served no more, and why: ``code`` is a word for programs, ``text`` is for the client.

        Told once, and nothing after it. The code is ``LOST`` if nobody has said why.
        """


class Guest(Protocol):
    """A client of another node, as who serves it sees it. None of its methods may block."""

    def asked(self, message: bytes) -> None:
        """Do what it wants."""

    def gone(self) -> None:
        """Learn that its connection has ended, or the link to its node; told once, and nothing after it."""


class NoNodes:
    """The way to other nodes of a process that has none."""

    connected = False

    def send(self, node: str, payload: bytes) -> None:
        """There is nobody."""


@attrs.frozen
class Relay:
    """The front's end: says what the client wants."""

    _link: Link
    _number: int
    _ends: dict[int, Any]

    def ask(self, message: bytes) -> None:
        """Say what the client wants, in the service's own form."""
        if self._number in self._ends:
            self._link.send(self._number, Asked(self._number, message))

    def end(self) -> None:
        """Say that the client has gone. A second time changes nothing."""
        if self._number in self._ends:
            del self._ends[self._number]
            self._link.send(self._number, Gone(self._number))


@attrs.frozen
class Served:
    """The owner's end: a way to the client."""

    _link: Link
    _number: int
    _ends: dict[int, Any]
    _entered: Callable[[Link, int], None]

    @property
    def node(self) -> str:
        """The node the client came in by."""
        return self._link.node

    def tell(self, payload: bytes) -> None:
        """Send bytes to the client."""
        if self._number in self._ends:
            self._link.tell(self._number, payload)

    def note(self, message: bytes) -> None:
        """Tell the front something about the client."""
        if self._number in self._ends:
            self._link.send(self._number, Noted(self._number, message))

    def entered(self) -> None:
        """Say that the client has been told what it is told first, be it nothing: others may be waiting for that."""
        self._entered(self._link, self._number)

    def end(self, code: str = "", text: str = "") -> None:
        """Serve the client no more. A second time changes nothing."""
        self.entered()
        if self._number in self._ends:
            del self._ends[self._number]
            self._link.send(self._number, Ended(self._number, code, text))


#: Begins to serve a client; is given what the front has said of it. Raises ``GameError`` for who cannot be served.
Serve = Callable[[Served, bytes], Guest]


class Relays:
    """The registry. ``node`` is the name of this process, ``silence`` the seconds after which another is dead.

    ``nodes`` is the way to the others; the composition root puts it in, and gives what comes to ``received``.
    """

    _log = Logger()

    def __init__(self, clock: IReactorTime, node: str, silence: float) -> None:
        self.node = node
        self._clock = clock
        self._silence = silence
        self.nodes: Nodes = NoNodes()
        self._services: dict[str, Serve] = {}
        self._run = secrets.token_hex(8)
        self._numbers = itertools.count(1)
        #: All links by name; those that were begun here by node too.
        self._links: dict[str, Link] = {}
        self._fronts: dict[str, Link] = {}
        #: By link and number of the relay.
        self._ends: dict[str, dict[int, Any]] = {}
        #: Who waits to be served until the link to their front has room for what they are told first.
        self._waiting: dict[str, deque[Opened]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._ends.values()))

    def serve(self, service: str, serve: Serve) -> None:
        """Serve clients of other nodes."""
        self._services[service] = serve

    def open(self, node: str, service: str, opening: bytes, client: Fronted) -> Relay:
        """Let a node serve a client. Raises ``GameError`` ``busy`` if it cannot be reached.

        What the client wants may be said at once; the first that is told it, or the end, is the answer.
        """
        if not self.nodes.connected:
            raise GameError(Code.BUSY, UNREACHABLE)
        link = self._fronts.get(node)
        if link is None:
            link = self._fronts[node] = self._link(f"{self._run}:{next(self._numbers)}", node)
        number, ends = next(self._numbers), self._ends[link.name]
        ends[number] = client
        link.send(number, Opened(number, service, opening))
        return Relay(link, number, ends)

    def _link(self, name: str, node: str) -> Link:
        link = Link(self._clock, self.nodes, name, node, self.node, self._take, self._broken, self._go_on)
        self._links[name] = link
        self._ends[name] = {}
        return link

    # What comes.

    def received(self, payload: bytes) -> None:
        """Take in what another node has sent to this one."""
        try:
            message = _decode(payload)
        except msgspec.DecodeError:
            self._log.warn("a message of another version of this program; it is passed over")
            return
        link = self._links.get(message.link)
        if isinstance(message, Cut):
            if link is not None:
                self._end(link)
            return
        if link is None:
            if message.number != 1 or message.link.startswith(f"{self._run}:"):
                self.nodes.send(message.node, _encode(Cut(message.link)))
                return
            link = self._link(message.link, message.node)
        link.received(message, len(payload))

    def _take(self, link: Link, entry: Entry) -> None:
        try:
            if isinstance(entry, Told):
                ends = self._ends.get(link.name, {})
                for number in entry.relays:
                    client = ends.get(number)
                    if client is not None:
                        client.told(entry.payload)
            else:
                _TAKEN[type(entry)](self, link, entry)
        except Exception:
            self._log.failure("something about a client of node {node}", node=link.node)
            if isinstance(entry, Asked):
                self._crashed(link, entry.relay)

    def _crashed(self, link: Link, number: int) -> None:
        """Serve a client no more for whom something has failed here."""
        ends = self._ends.get(link.name, {})
        guest = ends.get(number)
        Served(link, number, ends, self._entered).end(Code.INTERNAL, "Internal error.")
        if guest is not None:
            _safely(guest.gone)

    def _opened(self, link: Link, opened: Opened) -> None:
        # Until it is known who serves it, so that it can be told something already.
        self._ends[link.name][opened.relay] = None
        self._waiting.setdefault(link.name, deque()).append(opened)
        self._go_on(link)

    def _go_on(self, link: Link) -> None:
        """Serve those who wait, as far as there is room."""
        waiting = self._waiting.get(link.name)
        while waiting and not link.full:
            opened = waiting.popleft()
            try:
                self._serve(link, opened)
            except Exception:
                self._log.failure("somebody of node {node} cannot be served", node=link.node)
                self._crashed(link, opened.relay)

    def _entered(self, link: Link, number: int) -> None:
        if number in link.entering:
            link.entering.discard(number)
            self._clock.callLater(0, self._go_on, link)

    def _serve(self, link: Link, opened: Opened) -> None:
        ends = self._ends.get(link.name, {})
        if opened.relay not in ends:
            # Gone already.
            return
        link.entering.add(opened.relay)
        served = Served(link, opened.relay, ends, self._entered)
        serve = self._services.get(opened.service)
        try:
            if serve is None:
                raise GameError(Code.NOT_FOUND, "Nobody here does that.")
            guest = serve(served, opened.opening)
        except GameError as error:
            served.end(error.code, error.text)
            return
        if opened.relay in ends:
            ends[opened.relay] = guest

    def _asked(self, link: Link, asked: Asked) -> None:
        guest = self._ends.get(link.name, {}).get(asked.relay)
        if guest is not None:
            guest.asked(asked.message)

    def _gone(self, link: Link, gone: Gone) -> None:
        guest = self._ends.get(link.name, {}).pop(gone.relay, None)
        self._entered(link, gone.relay)
        if guest is not None:
            guest.gone()

    def _noted(self, link: Link, noted: Noted) -> None:
        client = self._ends.get(link.name, {}).get(noted.relay)
        if client is not None:
            client.noted(noted.message)

    def _ended(self, link: Link, ended: Ended) -> None:
        client = self._ends.get(link.name, {}).pop(ended.relay, None)
        if client is not None:
            client.ended(ended.code, ended.text)

    # The life of the links.

    async def beat(self) -> None:
        """Give every node that is linked to this one a sign of life, and end the links to those that give none."""
        for link in list(self._links.values()):
            if self._fronts.get(link.node) is link and not self._ends.get(link.name):
                self._cut(link)
            else:
                link.beat(self._silence)

    def gap(self) -> None:
        """End every link: what was under way may be lost."""
        for link in list(self._links.values()):
            self._broken(link, "may have said something that was lost")

    async def stop(self) -> None:
        """End every link."""
        for link in list(self._links.values()):
            self._cut(link)

    def _broken(self, link: Link, why: str) -> None:
        count = len(self._ends.get(link.name, ()))
        self._log.warn("node {node} {why}; {count} clients are parted", node=link.node, why=why, count=count)
        self._cut(link)

    def _cut(self, link: Link) -> None:
        link.flush()
        self.nodes.send(link.node, _encode(Cut(link.name)))
        self._end(link)

    def _end(self, link: Link) -> None:
        link.close()
        if self._links.pop(link.name, None) is None:
            return
        front = self._fronts.get(link.node) is link
        if front:
            del self._fronts[link.node]
        ends = self._ends.pop(link.name)
        self._waiting.pop(link.name, None)
        parted = [end for end in ends.values() if end is not None]
        # What they say from now on goes nowhere.
        ends.clear()
        for end in parted:
            if front:
                _safely(end.ended, LOST, UNREACHABLE)
            else:
                _safely(end.gone)


def _safely(function: Callable[..., None], *arguments: str) -> None:
    """Tell one client something; that it fails must not keep the others from it."""
    try:
        function(*arguments)
    except Exception:
        Relays._log.failure("a client who is not served any more")


_TAKEN: dict[type, Callable[[Relays, Link, Any], None]] = {
    Opened: Relays._opened,
    Asked: Relays._asked,
    Gone: Relays._gone,
    Noted: Relays._noted,
    Ended: Relays._ended,
}

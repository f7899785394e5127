"""One community over several processes: who is online, the chat rooms, direct and team messages.

Every process (a node) tells the others of each coming and going, with a running number; whoever notices a gap asks
for the whole roster. So a lost message does no harm for longer than the next sign of life. A node that is silent is
taken for dead, and everybody who was only there for gone. What must not be a matter of luck is asked for: a guest's
name before their login, a receipt at the node where the message is shown.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall, deferLater
from twisted.logger import Logger

from gameserver.cluster.bus import Bus
from gameserver.cluster.guest_names import GuestNames
from gameserver.cluster.messages import (
    Alive,
    Announced,
    Answer,
    Bye,
    Came,
    Echo,
    Hello,
    Kicked,
    Message,
    Present,
    Published,
    Roster,
    Said,
    Told,
    Went,
)
from gameserver.cluster.nodes import Node, Nodes, Slot, slot_of
from gameserver.cluster.pages import UNKNOWN, Pages
from gameserver.cluster.questions import Questions
from gameserver.errors import Unavailable
from gameserver.reactor import wall
from gameserver.rooms.rooms import Rooms
from gameserver.sessions.events import (
    DirectMessage,
    PlayerOffline,
    PlayerOnline,
    RoomMessage,
    ServerNotice,
    TeamMessage,
)
from gameserver.sessions.manager import NAME_TAKEN, REPLACED, SessionManager, presence_topic
from gameserver.sessions.players import Player, name_key

TOPIC = "community"

#: Signs of life within the time of silence after which a node is taken for dead.
SIGNS = 5

#: Seconds within which a node tells what has happened there.
ON_ITS_WAY = 0.05

#: Seconds the start waits for the bus, and then for the others' rosters.
CONNECTING, GATHERING = 5.0, 0.5

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Message)


class Community:
    """The ``Peers`` of a session manager, and a part of the server that is started and stopped.

    ``silence`` is in seconds.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        bus: Bus,
        sessions: SessionManager,
        rooms: Rooms,
        silence: float = 10.0,
        node: str = "",
    ) -> None:
        self.node = node or secrets.token_hex(8)
        self._silence = silence
        self._clock = clock
        self._bus = bus
        self._sessions = sessions
        self._rooms = rooms
        self._nodes = Nodes()
        self._own: dict[Slot, Present] = {}
        self._number = 0
        self._running = False
        self._asked: dict[str, float] = {}
        #: The stamp of the latest login at any node, and of each player's latest at each protocol here.
        self._stamp = 0
        self._logins: dict[Slot, dict[str, int]] = {}
        self._questions = Questions(clock)
        #: Who is told what the others publish, by its subject.
        self._subscribers: dict[str, list[Callable[[bytes], None]]] = {}
        self._names = GuestNames(clock, bus, self.node, self._name_lost)
        self._roster_pages: Pages[Slot] = Pages(clock, lambda: self._own, self._tell_page)
        self._beats = LoopingCall(self._beat)
        self._beats.clock = clock
        bus.subscribe(TOPIC, self._received, self._introduce)

    @property
    def alone(self) -> bool:
        """See ``Peers``."""
        return not self._bus.connected

    @property
    def size(self) -> int:
        """How many other processes there are."""
        return len(self._nodes)

    # Starting and stopping

    async def start(self) -> None:
        """Find the others; who logs in after this knows who is online there."""
        self._running = True
        self._bus.start()
        self._beats.start(self._silence / SIGNS, now=False)
        deadline = self._clock.seconds() + CONNECTING
        while not self._bus.connected and self._clock.seconds() < deadline:
            await deferLater(self._clock, 0.05)
        if not self._bus.connected:
            self._log.error("the other processes cannot be reached; this one goes on alone until they can")
            return
        await self._renew()
        await deferLater(self._clock, GATHERING)
        self._log.info("node {node}, with {count} others", node=self.node, count=len(self._nodes))

    async def stop(self) -> None:
        """Take leave of the others."""
        if self._beats.running:
            self._beats.stop()
        self._roster_pages.stop()
        self._tell(Bye(self.node))
        self._running = False
        await self._bus.stop()

    def _tell(self, message: Message) -> None:
        if self._running:
            self._bus.publish(TOPIC, _encode(message))

    def _introduce(self) -> None:
        self._tell(Hello(self.node))
        self._roster_pages.begin()
        if self._running:
            ensureDeferred(self._renew())

    def _tell_page(self, slots: Sequence[Slot], page: int, last: bool) -> None:
        present = [self._own[slot] for slot in slots if slot in self._own]
        self._tell(Roster(self.node, self._number, present, page, last))

    def _beat(self) -> None:
        self._tell(Alive(self.node, self._number))
        for name in self._nodes.silent(self._clock.seconds() - self._silence):
            self._log.warn("node {name} is silent; its players are gone", name=name)
            self._forget(name)
        ensureDeferred(self._renew())

    async def _renew(self) -> None:
        try:
            await self._names.renew(self._silence)
            await self._names.tidy(self._own)
        except Unavailable:
            # Who is in stays in; the link's loss is in the log.
            return

    def _name_lost(self, slot: Slot) -> None:
        """End a guest's session whose name is another node's by now."""
        own = self._own.get(slot)
        if own is not None and own.player.guest:
            self._sessions.disconnect(self._sessions.find(own.player.name, own.namespace), "name_taken", NAME_TAKEN)

    # What happens here

    def find(self, namespace: str, key: str) -> Player | None:
        """See ``Peers``."""
        return self._nodes.find((namespace, key))

    def players(self, namespace: str) -> Iterable[Player]:
        """See ``Peers``."""
        return self._nodes.players(namespace)

    def came(self, namespace: str, player: Player, protocol: str, replaces: bool) -> None:
        """See ``Peers``."""
        present = self._own.get((namespace, player.key))
        if present is None:
            present = Present(namespace, player, int(wall(self._clock) * 1000))
            self._own[slot_of(present)] = present
        self._number += 1
        self._stamp = max(self._stamp + 1, int(wall(self._clock) * 1000))
        slot = slot_of(present)
        self._logins.setdefault(slot, {})[protocol] = self._stamp
        self._names.used(slot)
        self._tell(Came(self.node, self._number, present, protocol, replaces, self._stamp))

    def went(self, namespace: str, player: Player) -> None:
        """See ``Peers``."""
        slot = (namespace, player.key)
        self._own.pop(slot, None)
        self._logins.pop(slot, None)
        if player.guest:
            ensureDeferred(self._names.let_go(slot))
        self._number += 1
        self._tell(Went(self.node, self._number, namespace, player.key))

    def pass_on(self, namespace: str, message: TeamMessage) -> None:
        """See ``Peers``."""
        self._tell(Said(self.node, namespace, message))

    async def hold(self, namespace: str, key: str) -> bool:
        """See ``Peers``."""
        return await self._names.hold((namespace, key))

    async def settled(self) -> None:
        """See ``Peers``."""
        if self._bus.connected:
            # A reply to a login may be faster than what its node tells the others of it.
            await deferLater(self._clock, ON_ITS_WAY)
            await self._questions.ask(lambda question: self._tell(Echo(self.node, question)))

    async def deliver(self, namespace: str, message: DirectMessage) -> bool:
        """See ``Peers``."""
        places = self._nodes.places(namespace, name_key(message.recipient))
        return await self._ask_all(places, lambda to, question: Told(self.node, to, question, namespace, message)) > 0

    def has(self, key: str) -> bool:
        """See ``Peers``."""
        return bool(self._nodes.anywhere(key))

    async def kick(self, key: str, text: str) -> int:
        """See ``Peers``."""
        return await self._ask_all(
            self._nodes.anywhere(key), lambda to, question: Kicked(self.node, to, question, key, text)
        )

    def publish(self, topic: str, payload: bytes) -> None:
        """See ``Peers``."""
        if self._nodes:
            self._tell(Published(self.node, topic, payload))

    def subscribe(self, topic: str, receive: Callable[[bytes], None]) -> None:
        """See ``Peers``."""
        self._subscribers.setdefault(topic, []).append(receive)

    async def _ask_all(self, nodes: Collection[str], question: Callable[[str, int], Message]) -> int:
        """Ask some nodes the same; return the sum of their answers. Who cannot be reached counts as 0."""
        if not self._bus.connected:
            return 0

        def ask(to: str) -> Deferred[int]:
            return ensureDeferred(self._questions.ask(lambda number: self._tell(question(to, number))))

        return sum([await answer for answer in [ask(to) for to in nodes]])

    def published(self, topic: str, event: object) -> None:
        """Pass on what was said in a chat room here; a listener of the topics."""
        if isinstance(event, RoomMessage):
            self._tell(Said(self.node, topic.partition("/")[0], event))
        elif isinstance(event, ServerNotice):
            self._tell(Announced(self.node, topic, event))

    # What happens elsewhere

    def _received(self, payload: bytes) -> None:
        try:
            message = _decoder.decode(payload)
        except msgspec.DecodeError:
            self._log.warn("a message of another version of this program; it is passed over")
            return
        if not self._running:
            return
        ours = message.node == self.node
        if isinstance(message, Echo):
            if ours:
                self._questions.answered(message.question, 1)
            return
        if ours:
            return
        try:
            self._take_in(message)
        except Exception:
            self._log.failure("a message of node {node}", node=message.node)

    def _take_in(self, message: Message) -> None:
        node = self._nodes.get(message.node)
        if node is not None:
            node.heard = self._clock.seconds()
        if isinstance(message, Bye):
            if node is not None:
                self._forget(message.node)
        else:
            _HANDLERS[type(message)](self, message, node)

    def _hello(self, message: Hello, _node: Node | None) -> None:
        if message.to in ("", self.node):
            self._roster_pages.begin()

    def _roster(self, message: Roster, node: Node | None) -> None:
        if node is None:
            node = self._nodes.add(message.node, message.number, self._clock.seconds())
        # What was lost between two pages is in none of them.
        whole = message.page == 0 or message.number == node.number
        name = message.node
        if not whole or not node.roster.page(message.page, lambda: self._nodes.slots(name), self._clock.seconds()):
            node.number = UNKNOWN
            self._ask(name)
            return
        node.number = message.number
        for present in message.present:
            node.roster.named(slot_of(present))
            self._here(name, present)
        if message.last:
            for slot in node.roster.last():
                self._gone(name, slot)

    def _came(self, message: Came, node: Node | None) -> None:
        self._count(message.node, message.number, node).roster.named(slot_of(message.present))
        self._here(message.node, message.present)
        player = message.present.player
        self._stamp = max(self._stamp, message.stamp)
        mine = self._logins.get(slot_of(message.present), {}).get(message.protocol, 0)
        # Of two logins at the same moment each node must find the same one later.
        if message.replaces and not player.guest and (mine, self.node) < (message.stamp, message.node):
            older = [
                session
                for session in self._sessions.find(player.name, message.present.namespace)
                if session.protocol == message.protocol
            ]
            self._sessions.disconnect(older, "replaced", REPLACED)

    def _went(self, message: Went, node: Node | None) -> None:
        self._count(message.node, message.number, node)
        self._gone(message.node, (message.namespace, message.key))

    def _alive(self, message: Alive, node: Node | None) -> None:
        if node is None or node.number != message.number or node.roster.late(self._clock.seconds()):
            self._ask(message.node)

    def _said(self, message: Said, _node: Node | None) -> None:
        self._rooms.hear(message.namespace, message.message)

    def _told(self, message: Told, _node: Node | None) -> None:
        if message.to == self.node:
            self._answer(message, self._rooms.hear(message.namespace, message.message))

    def _kicked(self, message: Kicked, _node: Node | None) -> None:
        if message.to == self.node:
            sessions = self._sessions.everywhere(message.key)
            self._answer(message, self._sessions.disconnect(sessions, "kicked", message.text))

    def _answer(self, message: Told | Kicked, count: int) -> None:
        self._tell(Answer(self.node, message.node, message.question, count))

    def _answered(self, message: Answer, _node: Node | None) -> None:
        if message.to == self.node:
            self._questions.answered(message.question, message.count)

    def _announced(self, message: Announced, _node: Node | None) -> None:
        self._sessions.topics.publish_here(message.topic, message.notice)

    def _published(self, message: Published, _node: Node | None) -> None:
        for receive in self._subscribers.get(message.topic, ()):
            receive(message.payload)

    def _count(self, name: str, number: int, node: Node | None) -> Node:
        if node is None:
            node = self._nodes.add(name, 0, self._clock.seconds())
        if number == node.number + 1:
            node.number = number
        else:
            # Until the roster has come each sign of life asks again.
            node.number = UNKNOWN
            self._ask(name)
        return node

    def _ask(self, name: str) -> None:
        """Ask for a roster, not more often than once a second and node."""
        now = self._clock.seconds()
        if now - self._asked.get(name, 0.0) >= 1.0:
            self._asked[name] = now
            self._tell(Hello(self.node, name))

    def _here(self, name: str, present: Present) -> None:
        slot = slot_of(present)
        known = slot in self._own or self._nodes.find(slot) is not None
        self._nodes.put(name, present)
        if not known:
            self._sessions.topics.publish_here(presence_topic(present.namespace), PlayerOnline(present.player))
        own = self._own.get(slot)
        if own is None or not own.player.guest:
            return
        if present.player.guest:
            # One of the two has the name; whether we do, the bus knows.
            ensureDeferred(self._names.check(slot)).addErrback(lambda failure: failure.trap(Unavailable))
        else:
            # An account's owner stays against a guest.
            self._name_lost(slot)

    def _gone(self, name: str, slot: Slot) -> None:
        present = self._nodes.take(name, slot)
        if present is not None and slot not in self._own and self._nodes.find(slot) is None:
            self._sessions.topics.publish_here(presence_topic(present.namespace), PlayerOffline(present.player))

    def _forget(self, name: str) -> None:
        for slot in self._nodes.slots(name):
            self._gone(name, slot)
        self._nodes.remove(name)
        self._asked.pop(name, None)


_HANDLERS: dict[type, Callable[[Community, Any, Node | None], None]] = {
    Hello: Community._hello,
    Roster: Community._roster,
    Came: Community._came,
    Went: Community._went,
    Alive: Community._alive,
    Said: Community._said,
    Told: Community._told,
    Kicked: Community._kicked,
    Answer: Community._answered,
    Announced: Community._announced,
    Published: Community._published,
}

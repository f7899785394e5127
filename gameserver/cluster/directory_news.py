"""What each node has, told to all others: changes with a running number, and the whole to who has missed one."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from gameserver.cluster.bus import Bus
from gameserver.cluster.pages import UNKNOWN, Hearing, Pages
from gameserver.edge.directory import Directory

TOPIC = "directory"

#: Seconds between two requests for everything that one node has.
ASKED_EVERY = 1.0

#: By kind and key; without a value it is there no more.
Changes = dict[str, dict[str, bytes | None]]

#: Kind and key.
Key = tuple[str, str]


class Listed(msgspec.Struct, frozen=True, tag=1, array_like=True):
    """Changes of what a node has, up to its change ``number``; ``whole``: a page of everything (``cluster.pages``).

    One without changes is a sign of life.
    """

    node: str
    number: int
    whole: bool
    changes: Changes
    page: int = 0
    last: bool = True


class Wanted(msgspec.Struct, frozen=True, tag=2, array_like=True):
    """Tell me everything that you have. ``to`` names one node; empty: everybody."""

    node: str
    to: str = ""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Listed | Wanted).decode


class DirectoryNews:
    """Keeps a ``Directory`` the same at all nodes; what a node had is gone ``silence`` seconds after it was heard.

    What one turn of the reactor changes is told in one message.
    """

    _log = Logger()

    def __init__(self, clock: IReactorTime, bus: Bus, node: str, directory: Directory, silence: float) -> None:
        self._clock = clock
        self._bus = bus
        self._node = node
        self._directory = directory
        self._silence = silence
        self._number = 0
        self._changes: Changes = {}
        self._scheduled = False
        #: Of the others: the number of the last change that is known, when they were heard of, when they were asked.
        self._numbers: dict[str, int] = {}
        self._heard: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._hearing: dict[str, Hearing[Key]] = {}
        self._pages: Pages[Key] = Pages(clock, self._here, self._tell_page)
        directory.changed = self._changed
        bus.subscribe(TOPIC, self._received, self._introduce)

    def _changed(self, kind: str, key: str, value: bytes | None) -> None:
        self._changes.setdefault(kind, {})[key] = value
        if not self._scheduled:
            self._scheduled = True
            self._clock.callLater(0, self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        changes, self._changes = self._changes, {}
        self._number += 1
        self._tell(Listed(self._node, self._number, False, changes))

    def _tell(self, message: Listed | Wanted) -> None:
        self._bus.publish(TOPIC, _encode(message))

    def _here(self) -> list[Key]:
        return [(kind, key) for kind, keys in self._directory.here.items() for key in keys]

    def _tell_page(self, keys: Sequence[Key], page: int, last: bool) -> None:
        here = self._directory.here
        there: Changes = {}
        for kind, key in keys:
            if key in here.get(kind, ()):
                there.setdefault(kind, {})[key] = here[kind][key]
        self._tell(Listed(self._node, self._number, True, there, page, last))

    def _introduce(self) -> None:
        self._pages.begin()
        self._tell(Wanted(self._node))

    async def beat(self) -> None:
        """Give a sign of life, and forget what those had who give none."""
        self._tell(Listed(self._node, self._number, False, {}))
        since = self._clock.seconds() - self._silence
        for node in [node for node, heard in self._heard.items() if heard < since]:
            self._directory.forget(node)
            del self._heard[node], self._numbers[node]
            self._asked.pop(node, None)
            self._hearing.pop(node, None)

    async def stop(self) -> None:
        """Tell the others that there is nothing here any more."""
        self._directory.changed = None
        self._pages.stop()
        self._tell(Listed(self._node, self._number, True, {}))

    def _received(self, payload: bytes) -> None:
        try:
            message = _decode(payload)
        except msgspec.DecodeError:
            self._log.warn("a message of another version of this program; it is passed over")
            return
        if message.node == self._node:
            return
        if isinstance(message, Wanted):
            if message.to in ("", self._node) and self._directory.shared:
                self._pages.begin()
        else:
            self._listed(message)

    def _listed(self, listed: Listed) -> None:
        node, now = listed.node, self._clock.seconds()
        self._heard[node] = now
        known = self._numbers.get(node, UNKNOWN)
        hearing = self._hearing.setdefault(node, Hearing())
        if listed.whole:
            # What was lost between two pages is in none of them.
            follows = listed.page == 0 or listed.number == known
            follows = follows and hearing.page(listed.page, lambda: self._directory.of(node), now)
        else:
            follows = listed.number == known + bool(listed.changes) and not hearing.late(now)
        # Until everything has come each sign of life asks again.
        self._numbers[node] = listed.number if follows else UNKNOWN
        if not follows:
            self._ask(node)
        for kind, keys in listed.changes.items():
            for key, value in keys.items():
                hearing.named((kind, key))
                self._directory.learn(node, kind, key, value)
        if follows and listed.whole and listed.last:
            for kind, key in hearing.last():
                self._directory.learn(node, kind, key, None)

    def _ask(self, node: str) -> None:
        now = self._clock.seconds()
        if now - self._asked.get(node, -ASKED_EVERY) >= ASKED_EVERY:
            self._asked[node] = now
            self._tell(Wanted(self._node, node))

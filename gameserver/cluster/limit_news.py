"""What each node has counted in its limits, told to all others a few times a second."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from gameserver.cluster.bus import Bus
from gameserver.sessions.shared_limits import SharedLimits, Used

TOPIC = "limits"

#: Seconds between two words: what somebody does at several nodes within them counts at each of them only.
EVERY = 0.25

#: Keys in one message.
AT_ONCE = 5000


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """What a node has counted since it said so the last time."""

    node: str
    used: Used


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Counted).decode


class LimitNews:
    """Lets the limits of a process hold at all nodes together.

    What is lost on its way is not counted elsewhere; while the others cannot be reached each node has its own counts.
    """

    _log = Logger()

    def __init__(self, clock: IReactorTime, bus: Bus, node: str, limits: SharedLimits) -> None:
        self._clock = clock
        self._bus = bus
        self._node = node
        self._limits = limits
        self._telling = LoopingCall(self._tell)
        self._telling.clock = clock
        limits.begin()
        bus.subscribe(TOPIC, self._received, lambda: None)

    def start(self) -> None:
        """Begin to tell the others."""
        self._telling.start(EVERY, now=False)

    def stop(self) -> None:
        """Tell them a last time."""
        if self._telling.running:
            self._telling.stop()
        self._tell()

    def _tell(self) -> None:
        used = self._limits.take()
        if self._bus.connected:
            for part in _parted(used):
                self._bus.publish(TOPIC, _encode(Counted(self._node, part)))

    def _received(self, payload: bytes) -> None:
        try:
            counted = _decode(payload)
        except msgspec.DecodeError:
            self._log.warn("a message of another version of this program; it is passed over")
            return
        if counted.node != self._node:
            self._limits.learn(counted.used, self._clock.seconds())


def _parted(used: Used) -> Iterator[Used]:
    for name, amounts in used.items():
        if len(amounts) > AT_ONCE:
            items = list(amounts.items())
            for at in range(0, len(items), AT_ONCE):
                yield {name: dict(items[at : at + AT_ONCE])}
    if few := {name: amounts for name, amounts in used.items() if len(amounts) <= AT_ONCE}:
        yield few

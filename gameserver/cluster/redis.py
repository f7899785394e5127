"""The bus over Redis: one connection to publish and claim, one to be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger

from gameserver.cluster.address import RedisAddress
from gameserver.cluster.bus import Receive
from gameserver.cluster.link import ANSWER_TIMEOUT, Link
from gameserver.errors import Unavailable
from gameserver.reactor import IGameReactor

#: Bytes that may be on their way to Redis; what comes on top is lost, as it is while there is no connection.
LIMIT = 8 << 20

_CLAIM = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# The first key is what is held, the rest of the second is the holder's lease.
_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] and redis.call('EXISTS', ARGV[2] .. holder) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
"""

_LEASE = """
local there = redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return there
"""

#: Seconds until what a dead process held goes by itself; nobody stays that long.
HELD = 7 * 86400

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"

_pack = msgspec.msgpack.Encoder()
_unpack = msgspec.msgpack.Decoder(list[bytes])


class RedisBus:
    """A ``Bus`` over Redis.

    What one reactor turn publishes on a topic goes out as one message: Redis and the library count messages, not
    bytes. ``name`` keeps several servers at one Redis apart: it begins every channel and key.
    """

    _log = Logger()

    def __init__(self, reactor: IGameReactor, address: RedisAddress, name: str) -> None:
        # This library chooses a reactor while it is imported, so it must not be imported before the service is made.
        import txredisapi

        bus = self

        class Subscriber(txredisapi.SubscriberProtocol):  # type: ignore[misc]
            def messageReceived(self, pattern: bytes | None, channel: bytes, message: bytes) -> None:
                bus._received(channel, message)

        self._reactor = reactor
        self._name = name
        self._sending = Link(reactor, address, txredisapi.RedisProtocol, lambda _: self._stands())
        self._hearing = Link(reactor, address, Subscriber, self._listen)
        self._subscribed = False
        self._receivers: dict[bytes, list[Receive]] = {}
        self._gaps: list[Callable[[], None]] = []
        self._waiting: dict[str, list[bytes]] = {}
        self._under_way: set[Deferred[Any]] = set()
        self._bytes = 0
        #: Messages thrown away because Redis could not be reached or did not keep up.
        self.lost = 0

    @property
    def connected(self) -> bool:
        """See ``Bus``."""
        return self._subscribed and self._hearing.protocol is not None and self._sending.protocol is not None

    def start(self) -> None:
        """See ``Bus``."""
        self._sending.start()
        self._hearing.start()

    async def stop(self) -> None:
        """See ``Bus``."""
        self._flush()
        await DeferredList(list(self._under_way), consumeErrors=True)
        await DeferredList([self._sending.stop(), self._hearing.stop()], consumeErrors=True)

    def subscribe(self, topic: str, receive: Receive, gap: Callable[[], None]) -> None:
        """See ``Bus``."""
        self._receivers.setdefault(self._channel(topic).encode(), []).append(receive)
        self._gaps.append(gap)

    def _channel(self, topic: str) -> str:
        return f"{self._name}:bus:{topic}"

    def _listen(self, protocol: Any) -> None:
        self._subscribed = False
        if not self._receivers:
            return
        asked: Deferred[Any] = protocol.subscribe([channel.decode() for channel in self._receivers])
        asked.addCallbacks(self._listening, lambda _: protocol.transport.abortConnection())

    def _listening(self, _answer: object) -> None:
        self._subscribed = True
        self._stands()

    def _stands(self) -> None:
        if self.connected:
            for gap in self._gaps:
                gap()

    def _received(self, channel: bytes, message: bytes) -> None:
        try:
            payloads = _unpack.decode(message)
        except msgspec.DecodeError:
            self._log.warn("something on {channel} that is not ours", channel=channel.decode("ascii", "replace"))
            return
        for payload in payloads:
            for receive in self._receivers.get(channel, ()):
                receive(payload)

    def publish(self, topic: str, payload: bytes) -> None:
        """See ``Bus``."""
        if not self._accepted(payload):
            return
        if not self._waiting:
            self._reactor.callLater(0, self._flush)
        self._waiting.setdefault(topic, []).append(payload)

    def send(self, topic: str, payload: bytes) -> None:
        """See ``Bus``."""
        if self._accepted(payload):
            self._send(topic, [*self._waiting.pop(topic, ()), payload])

    def _accepted(self, payload: bytes) -> bool:
        if self._sending.protocol is None or self._bytes + len(payload) > LIMIT:
            self.lost += 1
            return False
        self._bytes += len(payload)
        return True

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for topic, payloads in waiting.items():
            self._send(topic, payloads)

    def _send(self, topic: str, payloads: list[bytes]) -> None:
        size = sum(map(len, payloads))
        protocol = self._sending.protocol
        if protocol is None:
            self._bytes -= size
            self.lost += len(payloads)
            return
        sent: Deferred[Any] = protocol.publish(self._channel(topic), _pack.encode(payloads))
        self._under_way.add(sent)
        sent.addBoth(self._arrived, size, sent)

    def _arrived(self, _result: object, size: int, sent: Deferred[Any]) -> None:
        # A failure is a lost connection, after which everybody is asked to tell everything again.
        self._bytes -= size
        self._under_way.discard(sent)

    async def claim(self, name: str, owner: str, seconds: float) -> bool:
        """See ``Bus``."""
        return await self._run(_CLAIM, f"claim:{name}", owner, str(int(seconds * 1000))) == 1

    async def release(self, name: str, owner: str) -> None:
        """See ``Bus``."""
        await self._run(_RELEASE, f"claim:{name}", owner)

    async def lease(self, owner: str, seconds: float) -> bool:
        """See ``Bus``."""
        return self._answer(await self._run(_LEASE, f"lease:{owner}", owner, str(int(seconds * 1000))))

    async def hold(self, name: str, owner: str) -> bool:
        """See ``Bus``."""
        leases = f"{self._name}:lease:"
        return self._answer(await self._run(_HOLD, f"held:{name}", owner, leases, str(HELD * 1000)))

    async def let_go(self, name: str, owner: str) -> None:
        """See ``Bus``."""
        await self._run(_RELEASE, f"held:{name}", owner)

    @staticmethod
    def _answer(answer: object) -> bool:
        if answer is None:
            raise Unavailable("Redis does not answer")
        return answer == 1

    async def _run(self, script: str, key: str, *arguments: str) -> object:
        """Run a script; return ``None`` if Redis does not answer."""
        protocol = self._sending.protocol
        if protocol is None:
            return None
        asked: Deferred[object] = protocol.eval(script, [f"{self._name}:{key}"], list(arguments))
        asked.addTimeout(ANSWER_TIMEOUT, self._reactor)
        try:
            return await asked
        except Exception as error:
            self._log.warn("Redis did not answer: {error}", error=error)
            return None

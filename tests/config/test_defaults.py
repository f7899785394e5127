"""The defaults that others rely on: ports, names of keys, limits that let ordinary clients through."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from gameserver.config import Config
from tests.configuration import load

#: Where each protocol listens as long as nobody says anything else.
PORTS = {
    "chat.tcp": 4004,
    "chat.tls": 4399,
    "kassel.ss14": 5000,
    "kassel.ss13": 5013,
    "kassel.ss12": 5012,
    "web.endpoints": 8080,
    "techmino.endpoints": 10026,
    "invoker.endpoints": 8001,
    "kwo.endpoints": 8123,
}

#: Ports without which the server starts too.
OPTIONAL = {"techmino.endpoints": (8081, 80)}

VALUES = {
    "chat.heartbeat": 60,
    "chat.pace_ms": 40,
    "kassel.grace": 120,
    "log.format": "text",
    "storage.url": "",
    "cluster.redis": "",
    "accounts.temporary_hours": 24,
    "techmino.registration": True,
    "techmino.chat_rooms": {"global": 1024, "english": 512, "chinese": 512},
    "techmino.room_types": {"solo": 2, "classic": 5, "r49": 49, "r99": 99, "unlimited": 2147483647},
    "techmino.watch_delay": 2,
    "techmino.connect_timeout": 10,
    "techmino.auth_lifetime": 432_000,
    "techmino.access_lifetime": 1800,
    "invoker.login_timeout": 30,
    "invoker.token_seconds": 7200,
    "invoker.round_seconds": 300,
    "invoker.request_hours": 24,
    "drain.seconds": 0.0,
    "invoker.bets_per_minute": 0,
    "invoker.usd.min_bet": 1,
    "invoker.usd.max_bet": 10000,
    "invoker.usd.max_profit": 100_000,
    "limits.login_delay": 10,
}


def value(config: Config, key: str) -> Any:
    found: Any = config
    for part in key.split("."):
        found = getattr(found, part)
    return found


class DefaultTests(SynchronousTestCase):
    def test_every_door_has_its_port_and_is_not_open_to_the_network(self) -> None:
        config = load()
        for key, port in PORTS.items():
            with self.subTest(key=key):
                first, *others = value(config, key)
                self.assertEqual(first, f"tcp:{port}:interface=127.0.0.1")
                expected = [f"optional:tcp:{other}:interface=127.0.0.1" for other in OPTIONAL.get(key, ())]
                self.assertEqual(others, expected)

    def test_listen_opens_every_door(self) -> None:
        config = load(listen="0.0.0.0")
        for key, port in PORTS.items():
            with self.subTest(key=key):
                first, *others = value(config, key)
                self.assertEqual(first, f"tcp:{port}:interface=0.0.0.0")
                self.assertEqual([text.endswith("interface=0.0.0.0") for text in others], [True] * len(others))

    def test_an_empty_list_closes_every_door(self) -> None:
        config = load(settings=[f"{key}=[]" for key in PORTS])
        self.assertEqual([value(config, key) for key in PORTS], [()] * len(PORTS))

    def test_values(self) -> None:
        config = load()
        for key, expected in VALUES.items():
            with self.subTest(key=key):
                self.assertEqual(value(config, key), expected)

    def test_ordinary_clients_are_not_limited(self) -> None:
        config = load()
        limits = config.limits
        # A classroom behind one address, a room of 99 with five connections each.
        self.assertGreaterEqual(limits.connections_per_address, 99 * 5)
        # Thirty commands a second for ever, two dozen in one segment.
        self.assertGreaterEqual(limits.messages_per_second, 30)
        self.assertGreaterEqual(limits.burst, 24)
        self.assertGreaterEqual(limits.logins_per_address, 99 * 5)
        # A class that all do so at once, and signs up within a minute.
        self.assertGreaterEqual(limits.address_factor, 40)
        self.assertGreaterEqual(config.accounts.registrations_per_address, 40)
        # All of them open the pages at the same moment.
        self.assertGreaterEqual(config.web.burst, 40 * 20)
        self.assertGreaterEqual(config.chat.message_length, 8000)
        # A message whose every character is escaped as a surrogate pair, with the keys around it.
        self.assertGreaterEqual(config.chat.object_bytes, config.chat.message_length * 12 + 1024)
        self.assertGreaterEqual(config.invoker.messages_per_second, limits.messages_per_second)

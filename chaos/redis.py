"""Redis goes away, comes back, is slow, breaks off in the middle of a reply, under two servers that share it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from twisted.trial.unittest import SkipTest

from chaos import outages
from chaos.actors.chat import Messages, answer
from chaos.acts import DOORS, SETTINGS, until
from chaos.fault import Fault, Outcome, not_made
from chaos.postgres import Stack
from chaos.process import everybody
from chaos.proxy import Proxy
from chaos.running import Run
from tests.cluster.redis_server import address, fresh_name
from tests.databases import fresh_postgresql
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import Server

#: Seconds in which the servers hear each other again when Redis is back.
TOGETHER = 30

#: Bytes of replies after which they break off, at most.
REPLIES = 400


def _together(here: Server, there: Server, name: str) -> bool:
    """Say whether somebody who has just come to one server can be spoken to from the other."""
    listener, speaker = ChatSocket(there.ports["chat.tcp"]), ChatSocket(here.ports["chat.tcp"])
    try:
        for client, who in ((listener, f"{name}there"), (speaker, f"{name}here")):
            client.send(Command="01", Name=who)
            if answer(client, "11")["Flag"] != 1:
                return False
        for _ in range(20):
            speaker.send(Command="04", FriendName=f"{name}there", Message="there?")
            if answer(speaker, "14")["Flag"] == 1:
                listener.raw.settimeout(2)
                return bool(listener.receive_command("13"))
            time.sleep(0.05)
        return False
    except TimeoutError:
        return False
    finally:
        listener.close()
        speaker.close()


def _run(
    chance: random.Random, times: int, say: Callable[[str], None], happening: Callable[[Proxy], None]
) -> Outcome:
    with Stack() as stack:
        try:
            redis, url = address(), fresh_postgresql(stack)
        except SkipTest as reason:
            return not_made(reason)
        proxy = Proxy(redis.host, redis.port)
        stack.callback(proxy.stop)
        settings = (
            *SETTINGS,
            f'storage.url="{url}"',
            f'cluster.redis="redis://127.0.0.1:{proxy.port}"',
            f"cluster.name={fresh_name()}",
        )
        here, there = Server(DOORS, settings), Server(("chat.tcp",), settings)
        for server in (here, there):
            stack.callback(server.kill)
            (server.data / "gameserver.toml").write_text(f'[storage]\nurl = "{url}"\n')
            server.start()

        def fault(number: int) -> None:
            happening(proxy)
            attempts = iter(range(1000))
            until(lambda: _together(here, there, f"n{number}a{next(attempts)}"), "word from the other", TOGETHER)

        actors = [*everybody(chance, 4.0), Messages(chance, 0.05, there)]
        outcome = Run(here, actors, url=url).make(fault, times, say)
        there.stop()
        return outcome


def gone(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Cut every connection and let none in, for a while each time."""

    return _run(chance, times, say, lambda proxy: outages.gone(proxy, chance, 1.0))


def cut(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Cut every connection in the middle of a reply; the next ones are let in."""

    return _run(chance, times, say, lambda proxy: outages.cut(proxy, chance, REPLIES))


FAULTS = (
    Fault("redis-gone", "Redis is gone, and back, under two servers", gone, times=60, short=0),
    Fault("redis-cut", "Redis's connections break off in the middle of a reply, under two servers", cut, 60, short=0),
)

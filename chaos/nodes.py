"""Three nodes under the mixed load: one is killed, one is cut off from the others, each is replaced in turn.

Their clocks do not agree, as those of machines without a common time do not.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import attrs
from sqlalchemy import make_url
from twisted.trial.unittest import SkipTest

from chaos.actors.chat import Messages
from chaos.actors.techmino_rounds import Rounds
from chaos.acts import DOORS, SETTINGS, Actor, Load, failures
from chaos.clock import Clock, with_clock
from chaos.fault import Fault, Outcome, not_made
from chaos.judgement import judged
from chaos.postgres import Stack
from chaos.process import everybody
from chaos.proxy import Proxy
from chaos.running import books
from tests.cluster.redis_server import address, fresh_name
from tests.databases import fresh_postgresql
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE, Server

#: How many there are, and the seconds of silence after which one is taken for dead.
COUNT, SILENCE = 3, 2.0

#: Seconds by which the clock of each is ahead of the database's.
CLOCKS = (0.0, 600.0, -600.0)

#: Seconds of load before and after a fault, and of a node that is cut off: in the long form and in the short one.
LOADED, CUT_OFF = (10.0, 0.5), (10.0, 2.0)

#: Seconds that a node has to run empty, and after which what was told last has come everywhere.
DRAINING, EVERYWHERE = 1.0, 6.0

#: Settings under which a round of Techmino takes no longer than its players.
QUICK_ROUNDS = ("techmino.watch_delay=0.1", "techmino.start_delay=0.1", "techmino.end_delay=0.1")

#: What may be in the log while PostgreSQL or Redis cannot be reached.
CUT = "OperationalError"


class Nodes(Server):
    """Some servers as one: everybody stays at theirs as long as that takes people in, then goes to the next."""

    def __init__(self, nodes: list[Server]) -> None:
        super().__init__()
        self.nodes = nodes
        self.closed: set[int] = set()
        self._homes: dict[str, int] = {}

    @property
    def running(self) -> bool:
        """Whether any of them is there."""
        return any(node.running for node in self.nodes)

    @property
    def log(self) -> str:
        """Everything that they have printed."""
        return "\n".join(node.log for node in self.nodes)

    def home(self, further: int = 0) -> Server:
        """Return the node of who asks, by the thread, each of which is somebody; or one after it."""
        name = threading.current_thread().name
        home = self._homes.setdefault(name, len(self._homes) % COUNT)
        while home in self.closed:
            home = self._homes[name] = (home + 1) % COUNT
        others = [number for number in range(COUNT) if number not in self.closed]
        return self.nodes[others[(others.index(home) + further) % len(others)]]


@attrs.frozen
class Ways:
    """How a node reaches what all share."""

    redis: Proxy
    postgresql: Proxy

    def stop(self) -> None:
        """End both."""
        self.redis.stop()
        self.postgresql.stop()


class Door(dict[str, int]):
    """The ports of the node at which who asks is at home, or of so many ``further``."""

    def __init__(self, nodes: Nodes, further: int = 0) -> None:
        super().__init__()
        self._nodes = nodes
        self._further = further

    def __getitem__(self, key: str) -> int:
        return self._nodes.home(self._further).ports[key]


def _run(
    chance: random.Random,
    times: int,
    say: Callable[[str], None],
    happening: Callable[[Nodes, list[Ways], int, float], list[str]],
) -> Outcome:
    long = times > 1
    loaded, cut_off = LOADED[not long], CUT_OFF[not long]
    with Stack() as stack:
        try:
            redis, url = address(), fresh_postgresql(stack)
        except SkipTest as reason:
            return not_made(reason)
        name, ways, nodes = fresh_name(), list[Ways](), list[Server]()
        there = make_url(url)
        for ahead in CLOCKS:
            way = Ways(Proxy(redis.host, redis.port), Proxy(there.host or "127.0.0.1", there.port or 5432))
            ways.append(way)
            own_url = there.set(host="127.0.0.1", port=way.postgresql.port).render_as_string(hide_password=False)
            stack.callback(way.stop)
            settings = (
                *SETTINGS,
                f'storage.url="{own_url}"',
                f'cluster.redis="redis://127.0.0.1:{way.redis.port}"',
                f"cluster.name={name}",
                f"cluster.silence={SILENCE}",
                f"drain.seconds={DRAINING}",
                *QUICK_ROUNDS,
            )
            clock = Clock(temporary_directory())
            clock.set(ahead)
            node = Server(DOORS, settings, program=with_clock(clock))
            stack.callback(node.kill)
            nodes.append(node)
        (nodes[0].data / "secrets").mkdir(mode=0o700)
        for node in nodes[1:]:
            # One secret: a token of one node opens the others.
            (node.data / "secrets").symlink_to(nodes[0].data / "secrets")
        with ThreadPoolExecutor(COUNT) as starting:
            list(starting.map(Server.start, nodes))
        # For the commands that somebody of the load gives.
        (nodes[0].data / "gameserver.toml").write_text(f'[storage]\nurl = "{url}"\n')
        cluster = Nodes(nodes)
        cluster.data = nodes[0].data
        cluster.ports = Door(cluster)
        elsewhere = Nodes(nodes)
        elsewhere.ports = Door(cluster, 1)
        actors: list[Actor] = [
            *everybody(chance, 4.0),
            Messages(chance, 0.05, elsewhere),
            Rounds(chance, 0.2, elsewhere),
        ]
        load = Load(cluster, actors)
        load.prepare()
        wrong: list[str] = []
        for number in range(1, times + 1):
            load.start()
            load.wait(10, each=1)
            time.sleep(loaded)
            wrong += happening(cluster, ways, number, cut_off)
            time.sleep(loaded)
            load.wait(10)
            load.stop()
            time.sleep(EVERYWHERE)
            load.recount()
            say(f"{number} of {times}, {load.confirmed} acts, {len(load.lost)} lost, {len(load.wrong)} wrong")
        for node in nodes:
            if node.stop():
                wrong.append("the last stop was not in order")
            wrong += failures(node.lines, CUT)
        wrong += books(url)
        return judged(load, times, wrong=wrong)


def _closed(cluster: Nodes, which: int) -> Server:
    """Return a node to which nobody goes any more."""
    cluster.closed.add(which)
    return cluster.nodes[which]


def _killed_and_cut_off(cluster: Nodes, ways: list[Ways], number: int, cut_off: float) -> list[str]:
    """Kill one, and start it again; keep another from Redis, or from PostgreSQL too, for a while."""
    node = _closed(cluster, number % COUNT)
    node.kill()
    other = (number + 1) % COUNT
    # Who is there goes on; a new guest would be told to try again, and goes to the third.
    cluster.closed.add(other)
    # Every second time from both.
    cut = [ways[other].redis, ways[other].postgresql][: 2 - number % 2]
    for proxy in cut:
        proxy.refuse()
        proxy.cut()
    try:
        time.sleep(cut_off)
    finally:
        for proxy in cut:
            proxy.listen()
    node.start()
    cluster.closed.clear()
    return []


def _replaced(cluster: Nodes, _ways: list[Ways], _number: int, _cut_off: float) -> list[str]:
    """Drain each, and start it again, one after the other."""
    wrong = []
    for which in range(COUNT):
        node = _closed(cluster, which)
        assert node.process is not None
        node.process.send_signal(signal.SIGTERM)
        # It ends by itself, in its time.
        if status := node.process.wait(PATIENCE) or node.stop():
            wrong.append(f"a node that was drained has ended with {status}")
        wrong += failures(node.lines, CUT)
        node.start()
        cluster.closed.clear()
    return wrong


def killed(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Kill one of three nodes and cut another one off."""
    return _run(chance, times, say, _killed_and_cut_off)


def replaced(chance: random.Random, times: int, say: Callable[[str], None]) -> Outcome:
    """Replace three nodes, one after the other."""
    return _run(chance, times, say, _replaced)


FAULTS = (
    Fault("nodes", "of three nodes one is killed and one is cut off for 10 s", killed, times=3, short=1),
    Fault("rolling", "of three nodes one after the other is drained and started again", replaced, times=5, short=0),
)

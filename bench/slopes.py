"""What the same work costs while more and more of something is there: nothing may grow with what is idle.

For each size there is a server of its own; the rounds go through them all. They take long, so they are measured on
demand: ``python -m bench --slopes``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from bench import people
from bench.clients import player, told
from bench.generator import Generator
from bench.scenarios import GUEST, ROOMY, Options, app, guests, members, noop
from bench.scenarios import told as chatting
from bench.servers import Ours

#: Games that one player may have open.
GAMES = 50
MANY_PLAYERS = ("accounts.testplayers_per_address=10000", "limits.hash_queue=1000")

#: Prepares a server, leaves on the stack what must stay, and returns the door and the load.
Prepare = Callable[[Ours, int, ExitStack], tuple[str, Options]]


def _load(stack: ExitStack, server: Ours, door: str, options: Options) -> Generator:
    made = Generator(server.ports[door], server.pids, options)
    stack.callback(made.end)
    return made


def accounts(server: Ours, size: int, _stack: ExitStack) -> tuple[str, Options]:
    """Many have an account; guests come."""
    people.copies(server.data, size)
    return "chat", guests("open", "--connections", "300")(server)


def connections(server: Ours, size: int, stack: ExitStack) -> tuple[str, Options]:
    """Many are connected and say nothing; 50 talk at another door."""
    if size:
        _load(stack, server, "techmino", app("open", "--connections", str(size))(server))
    return "chat", chatting(1)(server)


def rooms(server: Ours, size: int, stack: ExitStack) -> tuple[str, Options]:
    """Many games are open and wait for players; 50 others send a lobby's command."""
    for number in range(size):
        if number % GAMES == 0:
            maker = stack.enter_context(player(server.ports["kassel"]))
        told(maker, f"CREATE GAME table{number} -maxPlayers 2")
    return "kassel", noop(1)(server)


def audience(server: Ours, size: int, _stack: ExitStack) -> tuple[str, Options]:
    """One speaks to more and more, a delivery each."""
    return "techmino", members(size, 1)(server)


def history(server: Ours, size: int, stack: ExitStack) -> tuple[str, Options]:
    """Much has been said in the public room before; guests talk."""
    if size:
        said = '{"Command":"05","Message":"something that was said before"}'
        one = ("fan", "--connections", "1", "--hello", GUEST, "--welcomes", "1", "--message", said, "--depth", "50")
        speaker = _load(stack, server, "chat", one)
        count = 0
        while count < size:
            count += speaker.run(0.2)["messages"]
        speaker.end()
    return "chat", chatting(1)(server)


def _measure(prepare: Prepare, sizes: Sequence[int], of: str, rounds: int, seconds: float) -> dict[str, Any]:
    figures: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        sides: list[tuple[str, Generator]] = []
        for size in sizes:
            server = Ours(settings=(*ROOMY, *MANY_PLAYERS))
            stack.callback(server.end)
            door, options = prepare(server, size, stack)
            label = f"{size:,} {of}"
            figures[label] = {"cpu": []}
            if options[0] == "open":
                # Once: who has come is there.
                for _ in range(rounds):
                    opening = _load(stack, server, door, options)
                    figures[label]["cpu"].append(
                        round(opening.opening["server_cpu"] / opening.opening["ready"] * 1e6, 3)
                    )
                    opening.end()
            else:
                sides.append((label, _load(stack, server, door, options)))
        for number in range(rounds):
            for label, generator in sides if number % 2 == 0 else sides[::-1]:
                found = generator.run(seconds)
                figures[label]["cpu"].append(round(found["server_cpu"] / found["messages"] * 1e6, 3))
    return figures


Slope = tuple[str, str, str, Callable[[int, float], dict[str, Any]]]


def _slope(title: str, unit: str, prepare: Prepare, sizes: Sequence[int], of: str) -> Slope:
    return title, "cpu", unit, partial(_measure, prepare, sizes, of)


SLOPES: dict[str, Slope] = {
    "accounts": _slope("Guests come while many have an account", "login", accounts, (1000, 1_000_000), "accounts"),
    "connections": _slope("50 talk while many are connected", "message", connections, (0, 1000, 10_000), "idle"),
    "rooms": _slope("50 ask a lobby while many games are open", "message", rooms, (1, 100, 1000), "games"),
    "audience": _slope("One speaks to more and more", "delivery", audience, (100, 1000, 5000), "members"),
    "history": _slope("Guests talk where much was said before", "message", history, (0, 10_000, 100_000), "messages"),
}

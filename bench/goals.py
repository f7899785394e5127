"""The goals, each with the figure of a scenario that says whether it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.comparing import Spread, ratio, spread
from bench.measuring import US


@dataclass(frozen=True)
class Goal:
    """``sense`` says how ``figure`` is read: how many ``times`` theirs is ours (at least ``goal``), which ``share``
    ours is of theirs (at most), or its own ``value`` in ``unit`` (at most)."""

    number: int
    what: str
    scenario: str
    sense: str
    goal: float
    against: str = ""
    figure: str = "cpu"
    unit: str = ""

    def reached(self, results: Mapping[str, Any]) -> Spread | None:
        """Return what was measured, ``None`` if it was not."""
        figures = results.get(self.scenario, {}).get("figures", {})
        ours = figures.get(US, {}).get(self.figure)
        theirs = figures.get(self.against, {}).get(self.figure)
        if ours is None or (self.against and theirs is None):
            return None
        if not self.against:
            return spread(ours)
        return ratio(theirs, ours) if self.sense == "times" else ratio(ours, theirs)

    def met(self, found: Spread) -> bool:
        return found.median >= self.goal if self.sense == "times" else found.median <= self.goal

    @property
    def wanted(self) -> str:
        if self.sense == "times":
            return f"at least {self.goal:g} times"
        return f"at most {self.goal:g}" + (f" {self.unit}" if self.unit else " times")


GOALS = (
    Goal(1, "Techmino `/app`, CPU, against stock Autobahn", "app", "times", 4, "stock ws-echo"),
    Goal(1, "Invoker `GET_BALANCE`, CPU, against stock Autobahn", "balance", "times", 2.5, "stock ws-echo"),
    Goal(2, "Techmino `/app`, CPU, against node ws", "app", "times", 1, "node ws-echo"),
    Goal(2, "Techmino `/app`, CPU, against Colyseus", "app", "times", 1.5, "colyseus"),
    Goal(3, "the public chat room, 1,000 members, CPU, against node net", "say-1", "times", 1.1, "node net-all"),
    Goal(3, "a room over WebSocket, 1,000 members, CPU, against node ws", "feed-1", "times", 1.1, "node ws-all"),
    Goal(4, "the chat room in bursts of 8, CPU, against node net", "say-8", "times", 5, "node net-all"),
    Goal(4, "the WebSocket room in bursts of 8, CPU, against node ws", "feed-8", "times", 5, "node ws-all"),
    Goal(5, "time to the last of 5,000, against node ws", "last", "share", 1, "node ws-all", "p50"),
    Goal(5, "p99 of somebody else meanwhile", "last", "value", 10, figure="beside_p99", unit="ms"),
    Goal(6, "chat lines, one at a time, CPU, against LineOnlyReceiver", "chat-1", "times", 1, "stock line-echo"),
    Goal(6, "chat lines, 16 under way, CPU, against LineOnlyReceiver", "chat-16", "times", 0.8, "stock line-echo"),
    Goal(7, "chat over TLS, one at a time, CPU, against listenSSL", "tls-1", "times", 1.5, "stock tls-echo"),
    Goal(7, "chat over TLS, 16 under way, CPU, against listenSSL", "tls-16", "times", 0.8, "stock tls-echo"),
    Goal(8, "durable bets, 64 bettors, bets a second in process", "bets", "times", 12, "one commit a bet", "wait"),
    Goal(8, "p99 of a durable bet", "bets", "value", 10, figure="p99", unit="ms"),
    Goal(8, "longest stall of the reactor meanwhile", "bets", "value", 2, figure="stall", unit="ms"),
    Goal(9, "idle session, Techmino WebSocket, against Autobahn", "idle-ws", "share", 0.7, "stock ws-echo", "memory"),
    Goal(9, "idle connection, chat over TCP", "idle-chat", "value", 4, figure="memory", unit="KiB"),
    Goal(10, "one lobby command, latency, against Evennia's telnet", "command", "share", 0.02, "Evennia", "p50"),
    Goal(11, "start until every listener is open", "start", "value", 0.8, figure="seconds", unit="s"),
    Goal(12, "two workers, WebSocket, time a message, against one", "workers-ws", "times", 1.8, "one worker", "wait"),
    Goal(12, "two workers, chat, time a message, against one", "workers-chat", "times", 1.8, "one worker", "wait"),
)

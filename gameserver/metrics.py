"""What is counted and timed, for Prometheus. One object, made by the composition root and handed to all."""

from __future__ import annotations

import platform
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

# When each series began is a second one for all of them, which nobody asks for.
disable_created_metrics()

_LATENCIES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


#: Of transactions, each by its name: these are many, and nobody tells 0.5 ms from 1 ms of a disk.
_TRANSACTIONS = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0)

#: Reads a number for each of several things, by the values of the labels.
ReadFamily = Callable[[], dict[tuple[str, ...], float]]


class Metrics:
    """Counters and histograms of the whole process.

    ``kind`` is a message type out of a fixed set of the protocol, never a client's own word: labels must stay few.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        # Of the process: memory, CPU, descriptors, its start; of Python: version and collections. Read when asked.
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._build = Info("gameserver_build", "What runs", registry=self.registry)
        self.opened = Counter(
            "gameserver_connections_opened", "Connections accepted", ["protocol"], registry=self.registry
        )
        self.errors = Counter(
            "gameserver_errors", "Errors answered or caught", ["protocol", "code"], registry=self.registry
        )
        self.dropped = Counter(
            "gameserver_slow_readers_dropped",
            "Connections dropped for not reading",
            ["protocol"],
            registry=self.registry,
        )
        self.database = Histogram(
            "gameserver_database_seconds",
            "Seconds a transaction ran, by name",
            ["name"],
            buckets=_TRANSACTIONS,
            registry=self.registry,
        )
        self.database_wait = Histogram(
            "gameserver_database_wait_seconds",
            "Seconds a transaction waited for its turn",
            buckets=_LATENCIES,
            registry=self.registry,
        )
        self._gauges: dict[str, Gauge] = {}
        self._tallies: dict[tuple[str, str], Tally] = {}
        self.registry.register(_Messages(self._tallies))

    def error(self, protocol: str, code: str) -> None:
        """Note an error by its code."""
        self.errors.labels(protocol, code).inc()

    def messages(self, protocol: str, kind: str) -> Tally:
        """Return what counts and times the messages of a kind; the same for the same."""
        found = self._tallies.get((protocol, kind))
        if found is None:
            found = self._tallies[protocol, kind] = Tally()
        return found

    def transaction(self, name: str, waited: float, ran: float) -> None:
        """Note a database transaction; called from its thread."""
        self.database.labels(name).observe(ran)
        self.database_wait.observe(waited)

    def gauge(self, name: str, about: str, read: Callable[[], float]) -> None:
        """Show a number that is read when somebody asks for it (queue depths, open matches)."""
        gauge = self._gauges[name] = Gauge(f"gameserver_{name}", about, registry=self.registry)
        gauge.set_function(read)

    def built(self, version: str, twisted: str) -> None:
        """Show what runs."""
        self._build.info({"version": version, "python": platform.python_version(), "twisted": twisted})

    def family(self, name: str, about: str, labels: list[str], read: ReadFamily) -> None:
        """Show a number for each of several things; they are asked for when somebody looks."""
        self.registry.register(_Family(GaugeMetricFamily, f"gameserver_{name}", about, labels, read))

    def counters(self, name: str, about: str, labels: list[str], read: ReadFamily) -> None:
        """Show numbers that only grow; the name they are shown by ends with ``_total``."""
        self.registry.register(_Family(CounterMetricFamily, f"gameserver_{name}", about, labels, read))

    def counter(self, name: str, about: str, read: Callable[[], float]) -> None:
        """Show one of them."""
        self.counters(name, about, [], lambda: {(): read()})

    def render(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)


class Tally:
    """Counts the messages of a kind and the seconds that each took.

    Prometheus' own counters take locks and look through all bounds, which is more than many a message costs. This one
    is for the reactor's thread alone.
    """

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        #: How many took at most as long as each bound but longer than the one before; the last, longer than all.
        self.buckets = [0] * (len(_LATENCIES) + 1)
        self.seconds = 0.0

    @property
    def count(self) -> int:
        """How many messages there were."""
        return sum(self.buckets)

    def note(self, seconds: float) -> None:
        """Note a message that has been handled."""
        self.buckets[bisect_left(_LATENCIES, seconds)] += 1
        self.seconds += seconds


class _Messages(Collector):
    def __init__(self, tallies: dict[tuple[str, str], Tally]) -> None:
        self._tallies = tallies

    def describe(self) -> list[Metric]:
        return self.collect()

    def collect(self) -> list[Metric]:
        labels = ["protocol", "kind"]
        about = "Seconds from a message to the end of its handling"
        messages = CounterMetricFamily("gameserver_messages", "Messages received", labels=labels)
        seconds = HistogramMetricFamily("gameserver_message_seconds", about, labels=labels)
        bounds = [*map(floatToGoString, _LATENCIES), "+Inf"]
        for values, tally in self._tallies.items():
            sums = list(accumulate(tally.buckets))
            messages.add_metric(values, sums[-1])
            seconds.add_metric(values, list(zip(bounds, sums, strict=True)), tally.seconds)
        return [messages, seconds]


class _Family(Collector):
    def __init__(
        self,
        kind: type[GaugeMetricFamily] | type[CounterMetricFamily],
        name: str,
        about: str,
        labels: list[str],
        read: ReadFamily,
    ) -> None:
        self._kind = kind
        self._description = (name, about, labels)
        self._read = read

    def describe(self) -> list[Metric]:
        return [self._made()]

    def _made(self) -> GaugeMetricFamily | CounterMetricFamily:
        name, about, labels = self._description
        return self._kind(name, about, labels=labels)

    def collect(self) -> list[Metric]:
        family = self._made()
        for labels, value in self._read().items():
            family.add_metric(labels, value)
        return [family]

"""What is counted and timed, for Prometheus. One object, made by the composition root and handed to all."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

_LATENCIES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


#: Reads a number for each of several things, by the values of the labels.
ReadFamily = Callable[[], dict[tuple[str, ...], float]]


class Metrics:
    """Counters and histograms of the whole process.

    ``kind`` is a message type out of a fixed set of the protocol, never a client's own word: labels must stay few.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.opened = Counter(
            "gameserver_connections_opened", "Connections accepted", ["protocol"], registry=self.registry
        )
        self.messages = Counter(
            "gameserver_messages", "Messages received", ["protocol", "kind"], registry=self.registry
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
        self.latency = Histogram(
            "gameserver_message_seconds",
            "Seconds from a message to the end of its handling",
            ["protocol", "kind"],
            buckets=_LATENCIES,
            registry=self.registry,
        )
        self.database = Histogram(
            "gameserver_database_seconds",
            "Seconds a transaction ran, by name",
            ["name"],
            buckets=_LATENCIES,
            registry=self.registry,
        )
        self.database_wait = Histogram(
            "gameserver_database_wait_seconds",
            "Seconds a transaction waited for its turn",
            buckets=_LATENCIES,
            registry=self.registry,
        )
        self._gauges: dict[str, Gauge] = {}

    def error(self, protocol: str, code: str) -> None:
        """Note an error by its code."""
        self.errors.labels(protocol, code).inc()

    def transaction(self, name: str, waited: float, ran: float) -> None:
        """Note a database transaction; called from its thread."""
        self.database.labels(name).observe(ran)
        self.database_wait.observe(waited)

    def gauge(self, name: str, about: str, read: Callable[[], float]) -> None:
        """Show a number that is read when somebody asks for it (queue depths, open matches)."""
        gauge = self._gauges[name] = Gauge(f"gameserver_{name}", about, registry=self.registry)
        gauge.set_function(read)

    def family(self, name: str, about: str, labels: list[str], read: ReadFamily) -> None:
        """Show a number for each of several things; they are asked for when somebody looks."""
        self.registry.register(_Family(f"gameserver_{name}", about, labels, read))

    def render(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)


class _Family(Collector):
    def __init__(self, name: str, about: str, labels: list[str], read: ReadFamily) -> None:
        self._description = (name, about, labels)
        self._read = read

    def describe(self) -> list[GaugeMetricFamily]:
        name, about, labels = self._description
        return [GaugeMetricFamily(name, about, labels=labels)]

    def collect(self) -> list[GaugeMetricFamily]:
        family = self.describe()[0]
        for labels, value in self._read().items():
            family.add_metric(labels, value)
        return [family]

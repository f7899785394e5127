"""What is given for watching fits the server: every metric of rules, dashboard and page is there, and no other."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.cluster.redis_server import REDIS, address, fresh_name
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE, Server

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "examples" / "monitoring"

#: Metrics by their names: Prometheus' own are told by how they begin, too.
NAME = re.compile(r"\b(?:gameserver|process|python)_[a-z_]+\b")

#: What only a server of a cluster has.
CLUSTER = ("gameserver_cluster_", "gameserver_relays")

#: Series that a server may have at which nobody is.
MOST_SERIES = 300


def served(*settings: str) -> tuple[set[str], int]:
    """Return the names of a real server's metrics, as rules use them without their suffixes, and its series."""
    server = Server(settings=settings).start()
    try:
        url = f"http://127.0.0.1:{server.ports['web.endpoints']}/metrics"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            lines = answer.read().decode().splitlines()
    finally:
        server.kill()
    return {line.split()[2] for line in lines if line.startswith("# TYPE ")}, sum(line[0] != "#" for line in lines)


def named(text: str) -> set[str]:
    """Return the metrics that a text names."""
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in NAME.findall(text)}


def expressions() -> str:
    """Return every expression of the dashboard and of the rules."""
    panels = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    return "\n".join([*asked, (MONITORING / "alerts.yml").read_text("utf-8")])


class MetricsTests(SynchronousTestCase):
    def compare(self, found: set[str], cluster: bool) -> None:
        """Hold the names of a server's metrics against those of page, rules and dashboard."""
        page = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")
        rows, asked = set(re.findall(r"^\| `(\w+)` \|", page, re.M)), named(expressions())
        if not cluster:
            rows, asked = ({name for name in names if not name.startswith(CLUSTER)} for names in (rows, asked))
        self.assertEqual(rows, found)
        self.assertEqual(asked - found, set())
        self.assertGreater(len(asked), 20)
        # The dashboard has all that is ours.
        self.assertEqual({name for name in found if name.startswith("gameserver_")} - asked, set())

    def test_what_is_named_is_there_and_what_is_there_is_named(self) -> None:
        found, series = served()
        self.compare(found, cluster=False)
        self.assertLess(series, MOST_SERIES)

    def test_and_in_a_cluster(self) -> None:
        address()
        found, series = served(f'cluster.redis="{REDIS}"', f'cluster.name="{fresh_name()}"')
        self.compare(found, cluster=True)
        self.assertLess(series, MOST_SERIES)

    def test_a_dashboard_asks_the_chosen_nodes(self) -> None:
        dashboard = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
        self.assertEqual([one["name"] for one in dashboard["templating"]["list"]], ["source", "instance"])
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                with self.subTest(panel["title"]):
                    self.assertEqual(
                        len(NAME.findall(target["expr"])), target["expr"].count('{instance=~"$instance"}')
                    )


class PromtoolTests(SynchronousTestCase):
    def check(self, *arguments: str) -> None:
        promtool = shutil.which("promtool")
        if promtool is None:
            raise SkipTest("promtool is not installed (Debian: prometheus)")
        done = subprocess.run(
            [promtool, *arguments], capture_output=True, text=True, timeout=PATIENCE, cwd=MONITORING, check=False
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_configuration_and_its_rules(self) -> None:
        self.check("check", "config", "prometheus.yml")
        self.check("check", "rules", "alerts.yml")

    def test_expressions_of_the_dashboard_are_some(self) -> None:
        rules = temporary_rules()
        self.check("check", "rules", str(rules))


def temporary_rules() -> Path:
    """Return a file of rules with every expression of the dashboard."""
    panels = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))["panels"]
    asked = [target["expr"].replace("$instance", ".*") for panel in panels for target in panel["targets"]]
    rules = [{"record": f"asked:{number}", "expr": text} for number, text in enumerate(asked)]
    file = temporary_directory() / "rules.yml"
    # JSON is YAML, too.
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}), "utf-8")
    return file

"""The three nodes of ``examples/cluster``: what is configured there, and the commands that start it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.cli.main import parser
from gameserver.config.endpoints import endpoint_keys
from gameserver.net.endpoints import EndpointText
from tests.configuration import load
from tests.directories import temporary_directory
from tests.integration.server import PATIENCE

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cluster"
NODES = {"node1": "10.0.0.11", "node2": "10.0.0.12", "node3": "10.0.0.13"}


class ClusterExamples(SynchronousTestCase):
    def test_the_nodes_differ_by_their_addresses_alone(self) -> None:
        for address in NODES.values():
            config = load(file=EXAMPLES / "node.toml", environment={"GAMESERVER__LISTEN": address})
            for key, texts in endpoint_keys(config).items():
                self.assertEqual([EndpointText.parse(text).host for text in texts], [address], key)
            self.assertTrue(config.storage.url and config.cluster.redis)
            self.assertEqual(config.web.proxies, ("10.0.0.1",))

    def test_every_port_of_a_node_has_its_place_in_the_proxies(self) -> None:
        config = load(file=EXAMPLES / "node.toml", environment={"GAMESERVER__LISTEN": "10.0.0.11"})
        for proxy in ("haproxy.cfg", "nginx.conf"):
            text = (EXAMPLES / proxy).read_text("utf-8")
            for texts in endpoint_keys(config).values():
                for endpoint in map(EndpointText.parse, texts):
                    for address in NODES.values():
                        self.assertIn(f"{address}:{endpoint.port} ", text, proxy)

    def test_the_containers(self) -> None:
        compose: dict[str, Any] = yaml.safe_load((EXAMPLES / "compose.yaml").read_text("utf-8"))
        services = compose["services"]
        config = load(file=EXAMPLES / "node.toml", environment={"GAMESERVER__LISTEN": "10.0.0.11"})
        for name, address in NODES.items():
            node = services[name]
            self.assertEqual(node["environment"]["GAMESERVER__LISTEN"], address)
            self.assertEqual(node["networks"]["inside"]["ipv4_address"], address)
            options = parser().parse_args(["--data-dir", "/data", *node["command"]])
            self.assertEqual((options.config, options.run.__module__), ("/etc/gameserver.toml", "gameserver.cli.run"))
            mounted = dict(volume.split(":")[:2] for volume in node["volumes"])
            self.assertEqual(mounted, {"./node.toml": options.config, name: "/data", "secrets": "/data/secrets"})
            grace = int(node["stop_grace_period"].removesuffix("s"))
            self.assertGreater(grace, config.drain.seconds + config.stop_deadline)
        for mounted_file in ("node.toml", "haproxy.cfg"):
            self.assertTrue((EXAMPLES / mounted_file).exists())
        addresses = [service["networks"]["inside"]["ipv4_address"] for service in services.values()]
        self.assertEqual(len(set(addresses)), len(services))
        self.assertIn("10.0.0.1", addresses)

    def test_the_unit_of_systemd(self) -> None:
        program = shutil.which("systemd-analyze")
        if program is None:
            raise SkipTest("no systemd-analyze here")
        unit = (EXAMPLES / "gameserver@.service").read_text("utf-8")
        (start,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
        command = start.partition("=")[2].split()
        self.assertEqual(parser().parse_args(command[1:]).listen, "%i")
        file = temporary_directory() / "gameserver@.service"
        # It looks for the program.
        file.write_text(unit.replace(command[0], "/bin/true"), "utf-8")
        done = subprocess.run(
            [program, "verify", str(file)], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))

"""What operators install it with: units of systemd, containers, configurations to begin with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import yaml
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.cli.main import parser
from gameserver.config.endpoints import endpoint_keys
from gameserver.net.endpoints import EndpointText
from tests.configuration import load
from tests.directories import temporary_directory
from tests.integration.chat_socket import ChatSocket
from tests.integration.kassel_player import Player
from tests.integration.server import DOORS, PATIENCE, Server

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

#: What `systemd-analyze security` may find: 0 is nothing to fear, 10 everything.
EXPOSURE = 2.5

UNITS = (
    EXAMPLES / "systemd" / "gameserver.service",
    EXAMPLES / "systemd" / "gameserver-backup.service",
    EXAMPLES / "systemd" / "gameserver-backup.timer",
    EXAMPLES / "cluster" / "gameserver@.service",
)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        raise SkipTest("no systemd-analyze here")
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)


class UnitTests(SynchronousTestCase):
    def test_systemd_finds_nothing_wrong(self) -> None:
        directory = temporary_directory()
        for unit in UNITS:
            # It looks for the program.
            text = re.sub(r"/opt/gameserver/bin/\S+", "/bin/true", unit.read_text("utf-8"))
            (directory / unit.name).write_text(text, "utf-8")
        done = analyze("verify", *[str(directory / unit.name) for unit in UNITS])
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_they_leave_little_to_an_intruder(self) -> None:
        for unit in UNITS:
            if unit.suffix != ".service" or unit.name == "gameserver-backup.service":
                continue
            limit = f"--threshold={int(EXPOSURE * 10)}"
            done = analyze("security", "--offline=true", "--no-pager", limit, str(unit))
            self.assertEqual(done.returncode, 0, done.stdout[-300:] + done.stderr)

    def test_their_commands_are_ours(self) -> None:
        for unit in UNITS:
            for command in re.findall(r"^ExecStart=(.*)$", unit.read_text("utf-8"), re.MULTILINE):
                program, *arguments = command.split()
                self.assertEqual(program, "/opt/gameserver/bin/gameserver")
                self.assertTrue(callable(parser().parse_args(arguments).run))


class ContainerTests(SynchronousTestCase):
    text = (ROOT / "Containerfile").read_text("utf-8").replace("\\\n", " ")

    def instructions(self, word: str) -> list[str]:
        return re.findall(rf"^{word} +(.*)$", self.text, re.MULTILINE)

    def test_it_is_nobody_with_rights_and_says_how_it_is(self) -> None:
        self.assertEqual(self.instructions("USER"), ["gameserver"])
        self.assertEqual(self.instructions("VOLUME"), ["/data"])
        self.assertTrue(all(":" in image and ":latest" not in image for image in self.instructions("FROM")))
        entry, command = (json.loads(self.instructions(word)[0]) for word in ("ENTRYPOINT", "CMD"))
        options = parser().parse_args([*entry[1:], *command])
        self.assertEqual((options.data_dir, options.run.__module__), ("/data", "gameserver.cli.run"))
        ports = {int(port) for port in self.instructions("EXPOSE")[0].split()}
        served = {EndpointText.parse(text).port for texts in endpoint_keys(load()).values() for text in texts}
        # 80 and 8081 are optional, and nobody without rights has the first.
        self.assertEqual(ports, served - {80, 8081})

    def test_its_health_is_asked_of_a_server(self) -> None:
        asked = json.loads(self.text.partition("HEALTHCHECK")[2].partition("CMD ")[2].partition("\n")[0])
        server = Server(("web.endpoints",)).start()
        self.addCleanup(server.kill)
        code = asked[2].replace(":8080/", f":{server.ports['web.endpoints']}/")
        command = [sys.executable, asked[1], code]
        self.assertEqual(subprocess.run(command, timeout=PATIENCE, check=False).returncode, 0)
        server.kill()
        self.assertNotEqual(
            subprocess.run(command, timeout=PATIENCE, check=False, stderr=subprocess.DEVNULL).returncode, 0
        )

    def test_the_composition_of_one(self) -> None:
        compose: dict[str, Any] = yaml.safe_load((EXAMPLES / "container" / "compose.yaml").read_text("utf-8"))
        service = compose["services"]["gameserver"]
        self.assertTrue(service["read_only"])
        self.assertEqual({int(port.split(":")[1]) for port in service["ports"]}, self.ports())
        for file in (EXAMPLES / "container", EXAMPLES / "cluster"):
            built = yaml.safe_load((file / "compose.yaml").read_text("utf-8"))
            builds = [one["build"] for one in built["services"].values() if "build" in one]
            self.assertTrue(builds)
            for build in builds:
                self.assertTrue((file / build["context"] / build["dockerfile"]).samefile(ROOT / "Containerfile"))

    def ports(self) -> set[int]:
        return {int(port) for port in self.instructions("EXPOSE")[0].split()}

    def test_docker_reads_the_compositions(self) -> None:
        docker = shutil.which("docker")
        if (
            docker is None
            or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
        ):
            raise SkipTest("no `docker compose` here")
        for folder in ("container", "cluster"):
            file = EXAMPLES / folder / "compose.yaml"
            command = [docker, "compose", "-f", str(file), "config", "--quiet"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), folder)


class ConfigurationTests(SynchronousTestCase):
    """Each example is started, on ports of its own, and spoken to."""

    def started(self, name: str, *doors: str) -> Server:
        data = temporary_directory()
        file = data / "gameserver.toml"
        shutil.copy(EXAMPLES / name / "gameserver.toml", file)
        program = (sys.executable, "-c", "from twisted.scripts.twistd import run; run()", "--pidfile=", "-n")
        server = Server(doors, data=data, program=(*program, "gameserver", "--config", str(file)))
        self.addCleanup(server.kill)
        return server.start()

    def test_a_lan_party(self) -> None:
        server = self.started("lan-party", *DOORS)
        client = ChatSocket(server.ports["chat.tcp"])
        self.addCleanup(client.close)
        self.assertEqual(client.log_in("anne")["Flag"], 1)

    def test_a_course_server(self) -> None:
        server = self.started("course-server", "kassel.ss14", "chat.tcp")
        client = ChatSocket(server.ports["chat.tcp"])
        self.addCleanup(client.close)
        client.send(Command="02", Name="anne", Password="secret1")
        self.assertEqual(client.receive()["Flag"], 0, "the teacher makes accounts")
        student = Player(server.ports["kassel.ss14"])
        self.addCleanup(student.close)
        self.assertIn("OK", student.ask("CREATE TESTPLAYER")[-1])
        self.assertEqual({json.loads(line)["level"] for line in server.lines if line.startswith("{")}, {"info"})

    def test_a_public_server(self) -> None:
        server = self.started("public-server", "web.endpoints")
        with urllib.request.urlopen(f"http://127.0.0.1:{server.ports['web.endpoints']}/", timeout=PATIENCE) as page:
            self.assertIn("Example games", page.read().decode())

"""A real server whose database gives up: people at every protocol are told to try again, and the log stays short."""

from __future__ import annotations

import http.client
import json
import resource
import time
import urllib.error
import urllib.request
from typing import Any

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from gameserver.errors import Unavailable
from gameserver.testing.kwo import connect
from tests.databases import Tenant
from tests.integration.chat_socket import ChatSocket
from tests.integration.lines import Lines
from tests.integration.server import PATIENCE, Server
from tests.integration.web_socket import WebSocket
from tests.reactor import reactor

LATER = Unavailable("").text
PASSWORD = "a long Password 123"
PROTOCOLS = ("web.endpoints", "chat.tcp", "kassel.ss14", "techmino.endpoints", "invoker.endpoints", "kwo.endpoints")


class StoreOutages(TestCase):
    """A server with an account ``anne`` and people who are connected before anything happens."""

    timeout = 600

    async def started(self, *settings: str) -> None:
        self.server = Server(PROTOCOLS, (f"kwo.hub.password={json.dumps(PASSWORD)}", *settings))
        self.addCleanup(self.server.kill)
        await deferToThread(self.server.start)
        await deferToThread(self.people_come)
        self.bot = await connect(reactor, self.server.ports["kwo.endpoints"], "/", PASSWORD)
        self.addCleanup(self.bot.hang_up)

    def people_come(self) -> None:
        ports = self.server.ports
        status, _ = self.post("web.endpoints", "/api/accounts", name="anne", password=PASSWORD)
        self.assertEqual(status, 200)
        self.chat = ChatSocket(ports["chat.tcp"])
        self.addCleanup(self.chat.raw.close)
        self.chat.log_in("guest1")
        self.kassel = Lines(ports["kassel.ss14"])
        self.addCleanup(self.kassel.close)
        self.kassel.line()
        _, made = self.post("invoker.endpoints", "/v1/sessions", name="anne", password=PASSWORD)
        self.token = made["token"]
        self.games = WebSocket(ports["invoker.endpoints"], f"/v1/ws?token={self.token}")
        self.addCleanup(self.games.close)
        self.games.until(t="INITIALIZATION_COMPLETE")

    def post(self, key: str, path: str, **value: object) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports[key], timeout=PATIENCE)
        try:
            connection.request("POST", path, json.dumps(value), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def bet(self, number: int) -> dict[str, Any]:
        dice = {"diceParams": {"target": 50, "condition": "OVER"}}
        payload = {"amount": "1.00", "gameParams": dice, "clientSeed": "lucky seed 1"}
        self.games.send({"i": f"bet{number}", "t": "PLACE_BET", "p": payload})
        return self.games.until(i=f"bet{number}")

    def ask_everywhere(self, number: int) -> dict[str, str]:
        """Ask for something that must be kept, everywhere; return what each protocol has said."""
        said: dict[str, str] = {}
        status, answer = self.post("web.endpoints", "/api/accounts", name=f"new{number}", password=PASSWORD)
        said["site"] = f"{status} {answer.get('text', '')}"
        status, answer = self.post("invoker.endpoints", "/v1/sessions", name="anne", password=PASSWORD)
        said["invoker over HTTP"] = f"{status} {json.dumps(answer)}"
        self.chat.send(Command="02", Name=f"chat{number}", Password="letters1")
        said["chat"] = str(self.chat.receive_command("12").get("Message", ""))
        self.kassel.send("CREATE TESTPLAYER")
        said["kassel"] = self.kassel.line()
        app = WebSocket(self.server.ports["techmino.endpoints"], "/tech/socket/v1/app")
        data = {"username": f"tech{number}", "email": f"t{number}@example.org", "password": PASSWORD}
        try:
            app.until(type="Connect")
            app.send({"action": 2, "data": data})
            said["techmino"] = json.dumps(app.next())
        finally:
            app.close()
        said["invoker"] = json.dumps(self.bet(number))
        return said

    async def everywhere(self, number: int) -> dict[str, str]:
        said = await deferToThread(self.ask_everywhere, number)
        said["kwo"] = await self.bot.run(f"kick guest{number}")
        return said

    async def assert_told_everywhere(self, *, reading: bool = False) -> None:
        """``reading`` says that what is there can still be read."""
        said = await self.everywhere(1)
        if reading:
            self.assertIn('200 {"token"', said.pop("invoker over HTTP"))
        self.assertEqual(said.pop("site"), f"503 {LATER}")
        self.assertEqual(said.pop("kassel"), f"ERROR: {LATER}")
        for protocol, text in said.items():
            self.assertIn(LATER, text, protocol)
            self.assertNotIn("nternal error", text, protocol)
        for number in range(20):
            await deferToThread(self.bet, 100 + number)
        lines = [line for line in self.server.lines if "database" in line]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("the database cannot be used", lines[0])
        self.assertNotIn("Traceback", self.server.log)

    async def assert_well_everywhere(self) -> None:
        said = await self.everywhere(2)
        self.assertEqual(said.pop("site"), "200 ")
        # Nobody of that name is there.
        self.assertEqual(said.pop("kwo"), "guest2 is not online.")
        for protocol, text in said.items():
            self.assertNotIn("try again", text, protocol)
            self.assertNotIn("rror", text, protocol)
        self.assertNotIn("Traceback", self.server.log)


class PostgresqlOutages(StoreOutages):
    async def test_lost_privileges(self) -> None:
        tenant = Tenant(self)
        await self.started(f"storage.url={json.dumps(tenant.url)}")
        tenant.revoke()
        await self.assert_told_everywhere()
        tenant.grant()
        await self.assert_well_everywhere()

    async def test_no_connection(self) -> None:
        tenant = Tenant(self)
        await self.started(f"storage.url={json.dumps(tenant.url)}")
        tenant.run(f"ALTER ROLE {tenant.role} NOLOGIN")
        tenant.terminate()
        await self.assert_told_everywhere()
        await deferToThread(self.wait_until_ready, 503, {"ready": False, "state": "ok", "database": "unavailable"})
        tenant.run(f"ALTER ROLE {tenant.role} LOGIN")
        await self.assert_well_everywhere()
        await deferToThread(self.wait_until_ready, 200, {"ready": True, "state": "ok", "database": "ok"})

    def wait_until_ready(self, status: int, state: dict[str, object]) -> None:
        """Wait until ``/readyz`` says so; the server notices by what it does anyway, every few seconds."""
        url = f"http://127.0.0.1:{self.server.ports['web.endpoints']}/readyz"
        deadline = time.monotonic() + PATIENCE
        said: tuple[int, object] = 0, None
        while said != (status, state):
            self.assertLess(time.monotonic(), deadline, said)
            try:
                with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                    said = answer.status, json.load(answer)
            except urllib.error.HTTPError as refused:
                with refused:
                    said = refused.code, json.load(refused)
            time.sleep(0.2)


class SqliteOutages(StoreOutages):
    async def test_a_file_that_has_gone(self) -> None:
        await self.started()
        file = self.server.data / "gameserver.db"
        away = file.rename(file.with_name("away.db"))
        await self.assert_told_everywhere()
        away.rename(file)
        await self.assert_well_everywhere()

    async def test_a_full_disk(self) -> None:
        await self.started()
        assert self.server.process is not None
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (1024, hard))
        await self.assert_told_everywhere(reading=True)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        await self.assert_well_everywhere()

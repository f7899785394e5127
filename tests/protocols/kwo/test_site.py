"""What the site shows of the servers, and what each role may do."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from twisted.internet.threads import deferToThread

from gameserver.testing.clients import TIMEOUT
from tests.protocols.kwo.services import Services, program
from tests.protocols.kwo.test_server import PASSWORD, Base


def fetch(method: str, url: str, token: str, body: Any) -> tuple[int, Any]:
    """Ask, in a thread, and return status and answer."""
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


class SiteTests(Base):
    async def ask(
        self, services: Services, method: str, path: str, token: str = "", body: Any = None
    ) -> tuple[int, Any]:
        return await deferToThread(fetch, method, f"http://127.0.0.1:{services.site_port}{path}", token, body)

    async def test_looking_on_is_for_moderators_and_acting_for_administrators(self) -> None:
        services = await self.services({"game": program()})
        admin, moderator = await services.token("boss", "admin"), await services.token("mod1", "moderator")
        player = await services.token("anne", "player")
        self.assertEqual((await self.ask(services, "GET", "/api/kwo"))[0], 401)
        self.assertEqual((await self.ask(services, "GET", "/api/kwo", player))[0], 403)
        status, shown = await self.ask(services, "GET", "/api/kwo", moderator)
        self.assertEqual(status, 200)
        states = [(one["name"], one["state"], one["allowed"]) for one in shown["servers"]]
        self.assertEqual(states, [("hub", "running", ["command"]), ("game", "stopped", [])])
        start = {"action": "start"}
        self.assertEqual((await self.ask(services, "POST", "/api/kwo/game", moderator, start))[0], 403)
        self.assertEqual((await self.ask(services, "POST", "/api/kwo/game", player, start))[0], 403)
        done = await self.ask(services, "POST", "/api/kwo/game", admin, start)
        self.assertEqual(done, (200, {"result": "The server is started."}))
        await services.printed("game", "ready")
        command = {"action": "command", "command": "event anne came"}
        self.assertEqual(
            await self.ask(services, "POST", "/api/kwo/game", admin, command), (200, {"result": "before\nafter"})
        )
        _, shown = await self.ask(services, "GET", "/api/kwo/game", moderator)
        self.assertEqual((shown["state"], shown["ready"], shown["players"]), ("running", True, ["anne"]))
        self.assertEqual(shown["tail"], ["ready", "before", "anne came", "after"])
        self.assertEqual((await self.ask(services, "POST", "/api/kwo/game", admin, {"action": "stop"}))[0], 200)
        log = [(entry.actor, entry.action, entry.subject, entry.detail) for entry in await services.store.log(9)]
        self.assertIn(("boss", "kwo command", "game", "event anne came"), log)
        self.assertIn(("boss", "kwo start", "game", ""), log)

    async def test_the_hub_by_role(self) -> None:
        services = await self.services({"game": program(password=PASSWORD)})
        moderator = await services.token("mod1", "moderator")
        await services.person("anne")
        run = {"action": "command", "command": "list"}
        _, answer = await self.ask(services, "POST", "/api/kwo/hub", moderator, run)
        self.assertEqual(answer, {"result": "There are 1/20000 players online:\nanne"})
        kick = {"action": "command", "command": "kick anne"}
        self.assertEqual(
            (await self.ask(services, "POST", "/api/kwo/hub", moderator, kick))[1], {"result": "Kicked anne."}
        )
        _, answer = await self.ask(
            services, "POST", "/api/kwo/hub", moderator, {"action": "command", "command": "stop"}
        )
        self.assertEqual(answer, {"result": "The command stop is not allowed here."})
        self.assertEqual((await self.ask(services, "POST", "/api/kwo/hub", moderator, {"action": "stop"}))[0], 403)

    async def test_what_is_refused(self) -> None:
        services = await self.services({"game": program()})
        admin = await services.token("boss", "admin")
        cases: list[tuple[str, Any, int]] = [
            ("/api/kwo/none", {"action": "start"}, 404),
            ("/api/kwo", {"action": "start"}, 404),
            ("/api/kwo/game", {"action": "fly"}, 400),
            ("/api/kwo/game", {}, 400),
            ("/api/kwo/game", {"action": "command", "command": ""}, 400),
            ("/api/kwo/game", {"action": "command", "command": "a\nb"}, 400),
            ("/api/kwo/game", {"action": "command", "command": "list"}, 400),
            ("/api/kwo/game", {"action": "stop"}, 400),
        ]
        for path, body, expected in cases:
            self.assertEqual((await self.ask(services, "POST", path, admin, body))[0], expected, (path, body))
        self.assertEqual((await self.ask(services, "GET", "/api/kwo/none", admin))[0], 404)

    async def test_a_program_that_is_not_ready_is_shown_so(self) -> None:
        rules = [{"event": "ready", "pattern": "never said"}]
        services = await self.services({"game": program(autostart=True, rules=rules, ready_within=3600)})
        moderator = await services.token("mod1", "moderator")
        _, shown = await self.ask(services, "GET", "/api/kwo/game", moderator)
        self.assertEqual((shown["state"], shown["ready"]), ("running", False))

"""Five clients, one a protocol, who see each other come, talk to each other, and go."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.integration.lines import Lines
from tests.integration.server import PATIENCE, Server
from tests.integration.web_socket import WebSocket

DOORS = ("web.endpoints", "chat.tcp", "kassel.ss14", "techmino.endpoints", "invoker.endpoints", "kwo.endpoints")


def sign_up(server: Server, name: str) -> None:
    """Make an account as a visitor of the site does."""
    body = json.dumps({"name": name, "password": "secret", "email": f"{name}@example.org"}).encode()
    url = f"http://127.0.0.1:{server.ports['web.endpoints']}/api/accounts"
    with urllib.request.urlopen(url, body, PATIENCE) as answer:
        assert answer.status == 200


class FiveProtocols(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = Server(DOORS).start()
        self.addCleanup(self.server.kill)
        for name in ("kasper", "tetra", "ingo"):
            sign_up(self.server, name)
        self.hub = WebSocket(self.server.ports["kwo.endpoints"], "/")
        self.addCleanup(self.hub.close)
        self.chat = self.line_client("chat.tcp")
        self.chat.send({"Command": "01", "Name": "charly"})
        self.assertIn('"Friends":[["charly",1]]', self.chat.until('"11"')[-1])
        self.assertEqual(self.pack("join")["sender"], "charly")

    def line_client(self, protocol: str) -> Lines:
        client = Lines(self.server.ports[protocol])
        self.addCleanup(client.close)
        return client

    def socket(self, protocol: str, path: str, body: object = None) -> WebSocket:
        client = WebSocket(self.server.ports[protocol], path, body)
        self.addCleanup(client.close)
        return client

    def pack(self, cause: str) -> dict[str, Any]:
        params: dict[str, Any] = self.hub.until(cause=cause)["params"]
        return params

    def online(self) -> dict[str, list[str]]:
        port = self.server.ports["web.endpoints"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status", timeout=PATIENCE) as answer:
            return {person["name"]: person["doors"] for person in json.load(answer)["online"]}

    def enter_kassel(self) -> Lines:
        kassel = self.line_client("kassel.ss14")
        kassel.until("Timeout")
        kassel.send("LOGIN kasper secret")
        kassel.until("OK")
        return kassel

    def enter_techmino(self) -> WebSocket:
        path = "/tech/socket/v1"
        user = self.socket("techmino.endpoints", f"{path}/user", {"email": "tetra@example.org", "password": "secret"})
        uid = user.until(type="Connect")["uid"]
        user.send({"action": 0})
        token = user.until(action=0)["accessToken"]
        user.close()
        chat = self.socket("techmino.endpoints", f"{path}/chat", {"uid": uid, "accessToken": token})
        chat.until(type="Connect")
        chat.send({"action": 1, "data": {"rid": "global"}})
        chat.until(type="Self", action=1)
        return chat

    def enter_invoker(self) -> WebSocket:
        token = self.server.run("token", "ingo").stdout.strip()
        games = self.socket("invoker.endpoints", f"/v1/ws?token={token}")
        games.until(t="INITIALIZATION_COMPLETE")
        return games

    def test_they_see_each_other_come_talk_and_go(self) -> None:
        kassel, techmino, games = self.enter_kassel(), self.enter_techmino(), self.enter_invoker()
        came = [json.loads(self.chat.until('"30"')[-1])["LogOnUserName"] for _ in range(3)]
        # Techmino's player came twice: his first connection had ended before the second began.
        while came[-1] != "ingo":
            came.append(json.loads(self.chat.until('"30"')[-1])["LogOnUserName"])
        self.assertEqual(sorted(set(came)), ["ingo", "kasper", "tetra"])
        self.assertEqual(set(self.online()), {"charly", "kasper", "tetra", "ingo"})
        kassel.send("LIST USERS")
        users = kassel.until("OK")
        for name in ("charly", "kasper", "tetra", "ingo"):
            self.assertEqual(sum(f"NICK={name} " in line for line in users), 1, users)
        self._everybody_hears_everybody(kassel, techmino)
        self._direct_messages(kassel)
        self._they_go(kassel, techmino, games)

    def _everybody_hears_everybody(self, kassel: Lines, techmino: WebSocket) -> None:
        self.chat.send({"Command": "05", "Message": "from chat"})
        kassel.send("MSG ALL from kassel")
        techmino.send({"action": 3, "data": {"rid": "global", "message": "from techmino"}})
        self.hub.send({"type": "pack", "action": "sendtext", "params": {"text": "from kwo", "id": "1"}})
        texts = {"from chat", "from kassel", "from techmino", "from kwo"}
        self.assertEqual({json.loads(self.chat.until('"32"')[-1])["Message"] for _ in range(4)}, texts)
        heard: set[str] = set()
        while len(heard) < 4:
            heard.add(kassel.until("MSG FROM")[-1].split('"')[1])
        self.assertEqual(heard, texts)
        self.assertEqual({techmino.until(type="Broadcast", action=3)["data"]["message"] for _ in range(4)}, texts)
        # Who speaks over the hub does not hear himself.
        self.assertEqual({self.pack("chat")["text"] for _ in range(3)}, texts - {"from kwo"})

    def _direct_messages(self, kassel: Lines) -> None:
        self.chat.send({"Command": "04", "FriendName": "kasper", "Message": "psst"})
        self.assertIn('"Flag":1', self.chat.until('"14"')[-1])
        kassel.until('MSG FROM charly TO YOU: "psst"')
        kassel.send("MSG USER charly back")
        self.assertIn('"FriendName":"kasper","Message":"back"', self.chat.until('"13"')[-1])
        # The games' protocol has no words for a message, and the receipt says so.
        self.chat.send({"Command": "04", "FriendName": "ingo", "Message": "psst"})
        self.assertIn('"Flag":0', self.chat.until('"14"')[-1])
        kassel.send("CREATE GAME table -maxPlayers 2")
        kassel.until("OK")
        kassel.send("JOIN GAME table")
        kassel.until("SENDING")
        kassel.until("OK")
        self.chat.send({"Command": "04", "FriendName": "kasper", "Message": "in the match"})
        self.assertIn('"Flag":1', self.chat.until('"14"')[-1])
        self.assertIn('"@src":"charly","@prop":"USER_MESSAGE","@nv":"in the match"', kassel.until("USER_MESSAGE")[-1])

    def _they_go(self, kassel: Lines, techmino: WebSocket, games: WebSocket) -> None:
        for client, name in ((kassel, "kasper"), (techmino, "tetra"), (games, "ingo")):
            client.close()
            self.assertIn(f'"LogOutUserName":"{name}"', self.chat.until('"31"')[-1])
        left = []
        while "ingo" not in left:
            left.append(self.pack("left")["sender"])
        self.assertEqual(set(left), {"kasper", "tetra", "ingo"})
        self.assertEqual(set(self.online()), {"charly"})
        self.chat.send({"Command": "03"})
        self.assertEqual(self.pack("left")["sender"], "charly")

    def test_a_door_that_stays_alone_is_alone(self) -> None:
        alone = Server(("web.endpoints", "chat.tcp", "kassel.ss14"), ("kassel.community=false",)).start()
        self.addCleanup(alone.kill)
        sign_up(alone, "kasper")
        chat, kassel = Lines(alone.ports["chat.tcp"]), Lines(alone.ports["kassel.ss14"])
        self.addCleanup(chat.close)
        self.addCleanup(kassel.close)
        chat.send({"Command": "01", "Name": "charly"})
        chat.until('"11"')
        kassel.until("Timeout")
        kassel.send("LOGIN kasper secret")
        kassel.until("OK")
        kassel.send("LIST USERS")
        self.assertFalse(any("charly" in line for line in kassel.until("OK")))
        kassel.send("MSG ALL anybody")
        kassel.until("OK")
        chat.send({"Command": "05", "Message": "alone"})
        self.assertIn("alone", chat.line())

"""Those who register with the screen of a Techmino client."""

from __future__ import annotations

import itertools
import random
import time
from contextlib import closing

from chaos.acts import LATER, STOPPING, Actor, Stop
from tests.integration.server import PATIENCE, Server
from tests.integration.web_socket import WebSocket

PATH = "/tech/socket/v1"


class Techmino(Actor):
    """Registers one name after the other. Whoever was given a number logs in and has that number."""

    PASSWORD = "secret1"

    def __init__(self, chance: random.Random, pace: float = 0.05) -> None:
        super().__init__(chance, pace)
        self._count = itertools.count()
        self._new: dict[str, int] = {}

    def act(self, server: Server, stop: Stop) -> None:
        """Register."""
        app = WebSocket(server.ports["techmino.endpoints"], f"{PATH}/app")
        try:
            app.until(type="Connect")
            while not stop.wait(self.pace):
                name = f"tech{next(self._count)}"
                data = {"username": name, "email": f"{name}@example.org", "password": self.PASSWORD}
                app.send({"action": 2, "data": data})
                found = app.next()
                if found["type"] == "Self" and found["action"] == 2:
                    self._new[name] = found["data"]["uid"]
                    self.confirmed += 1
                elif found.get("reason") == STOPPING:
                    raise ConnectionError(STOPPING)
                elif found.get("reason") != LATER:
                    self.wrong.append(f"{name} was refused: {found}")
        finally:
            app.close()

    def _log_in(self, server: Server, name: str) -> WebSocket:
        """Connect to /user; a machine that is too busy to check a password in time is asked again."""
        given = {"email": f"{name}@example.org", "password": self.PASSWORD}
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return WebSocket(server.ports["techmino.endpoints"], f"{PATH}/user", given)
            except ConnectionError as error:
                if " 503 " not in str(error) or time.monotonic() > deadline:
                    raise

    def recount(self, server: Server) -> None:
        """Log in as everybody who is new."""
        new, self._new = self._new, {}
        for name, uid in new.items():
            try:
                user = self._log_in(server, name)
            except ConnectionError as error:
                self.lost.append(f"{name} was registered and cannot log in: {error}")
                continue
            with closing(user):
                found = user.until(type="Connect")["uid"]
            if found != uid:
                self.wrong.append(f"{name} is {found} and not {uid}")

"""Those who change passwords, and those who ban."""

from __future__ import annotations

import itertools
import random

from chaos.actors.asking import account, ask
from chaos.acts import LATER, Actor, Stop
from tests.integration.chat_socket import ChatSocket
from tests.integration.lines import Lines
from tests.integration.server import Server

#: Rounds in which somebody tries all passwords that may hold.
ATTEMPTS = 10


class Passwords(Actor):
    """Changes a password over and over. The last one that was confirmed opens the account, and none before it."""

    NAME = "changer"

    def __init__(self, chance: random.Random, pace: float = 0.05) -> None:
        super().__init__(chance, pace)
        self._passwords = (f"secret{number}" for number in itertools.count())
        self._current = next(self._passwords)
        self._before = ""
        #: Sent since the last that was confirmed, and not confirmed: each of them may hold.
        self._unsure: list[str] = []

    def prepare(self, server: Server) -> None:
        """Make the account."""
        account(server.ports["web.endpoints"], self.NAME, self._current)

    def act(self, server: Server, stop: Stop) -> None:
        """Change the password."""
        try:
            self._change(server, stop)
        except ConnectionError:
            # A change that was made and not confirmed ends the connection a little later, like any older one.
            if not self._unsure:
                raise

    def _change(self, server: Server, stop: Stop) -> None:
        client = Lines(server.ports["kassel.ss12"])
        try:
            self._line(client)
            if not self._log_in_again(client, stop):
                return
            while self._line(client) != "OK":
                continue
            while not stop.wait(self.pace):
                new = next(self._passwords)
                self._unsure.append(new)
                client.send(f"CHANGE PASSWORD {new} {new}")
                line = self._line(client)
                if line == "OK":
                    self._know(new)
                    self.confirmed += 1
                elif line != f"ERROR: {LATER}":
                    self.wrong.append(f"refused: {line}")
        finally:
            client.close()

    def _log_in_again(self, client: Lines, stop: Stop) -> bool:
        """Log in with whichever password holds; return False where it is too early to say.

        A change that was not confirmed may be made while we try: PostgreSQL finishes what it has begun.
        """
        for _ in range(ATTEMPTS):
            for password in [*reversed(self._unsure), self._current]:
                client.send(f"LOGIN {self.NAME} {password}")
                line = self._line(client)
                if line.startswith("USER "):
                    self._know(password)
                    return True
                if line == f"ERROR: {LATER}":
                    stop.wait(self.pace)
                    return False
            stop.wait(self.pace)
        raise AssertionError(f"neither {self._current} nor {self._unsure} opens the account: {line}")

    @staticmethod
    def _line(client: Lines) -> str:
        while (line := client.line()).startswith("MSG FROM "):
            # What the server says to everybody before it stops.
            continue
        if not line:
            raise ConnectionError("the server has ended the connection")
        return line

    def _know(self, password: str) -> None:
        if password != self._current:
            self._before = self._current
        self._current, self._unsure = password, []

    def _opens(self, server: Server, password: str) -> bool:
        given = {"name": self.NAME, "password": password}
        status, answer = ask(server.ports["web.endpoints"], "/api/login", given)
        if status not in (200, 401, 403):
            self.wrong.append(f"a login is answered with {status}: {answer}")
        return status == 200

    def recount(self, server: Server) -> None:
        """Try the passwords."""
        opening = [password for password in (self._current, *self._unsure) if self._opens(server, password)]
        if len(opening) != 1:
            self.lost.append(
                f"of {self._current} and, not confirmed, {self._unsure} these open the account: {opening}"
            )
            return
        self._know(opening[0])
        if self._before and self._opens(server, self._before):
            self.wrong.append(f"{self._before} still opens the account")


class Bans(Actor):
    """An operator who bans one name after the other, and lets every second in again."""

    NAME, PASSWORD = "overseer", "a long Password 123"

    def __init__(self, chance: random.Random, pace: float = 0.05) -> None:
        super().__init__(chance, pace)
        self._names = (f"rowdy{number}" for number in itertools.count())
        self._token = ""
        #: Whether a name is banned, as far as it was confirmed; None where it was not.
        self._banned: dict[str, bool | None] = {}

    def prepare(self, server: Server) -> None:
        """Make the operator."""
        # Where the database is another than that of the data directory, a configuration says so.
        file = server.data / "gameserver.toml"
        configuration = ("--config", str(file)) if file.exists() else ()
        done = server.run(*configuration, "user", "add", self.NAME, "--password", self.PASSWORD, "--role", "admin")
        assert done.returncode == 0, done.stderr
        self._log_in(server)

    def _log_in(self, server: Server) -> None:
        given = {"name": self.NAME, "password": self.PASSWORD}
        status, answer = ask(server.ports["web.endpoints"], "/api/login", given)
        assert status == 200, answer
        self._token = answer["token"]

    def act(self, server: Server, stop: Stop) -> None:
        """Ban, and lift."""
        while not stop.wait(self.pace):
            name = next(self._names)
            if self._do(server, "ban", name, True) and self.chance.random() < 0.5:
                self._do(server, "lift_ban", name, False)

    def _do(self, server: Server, action: str, name: str, banned: bool) -> bool:
        asked = {"action": action, "subject": name, "reason": "chaos", "minutes": None}
        self._banned[name] = None
        status, answer = ask(server.ports["web.endpoints"], "/api/operator/act", asked, self._token)
        if status == 200:
            self._banned[name] = banned
            self.confirmed += 1
        elif answer.get("text") != LATER:
            self.wrong.append(f"{action} {name} is answered with {status}: {answer}")
        return status == 200

    def recount(self, server: Server) -> None:
        """Try to come in under every name of this round, then let everybody in again."""
        for name, banned in self._banned.items():
            client = ChatSocket(server.ports["chat.tcp"])
            flag = client.log_in(name).get("Flag")
            if banned is not None and flag != int(not banned):
                line = f"{name} was {'banned' if banned else 'let in again'}, and a login is answered with {flag}"
                (self.lost if banned else self.wrong).append(line)
            client.close()
        for name, banned in self._banned.items():
            if banned is not False:
                ask(server.ports["web.endpoints"], "/api/operator/act", self._lift(name), self._token)
        self._banned = {}

    @staticmethod
    def _lift(name: str) -> dict[str, str]:
        return {"action": "lift_ban", "subject": name}

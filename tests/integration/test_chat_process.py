"""The chat protocol of a real server process: many people, bad networks, sudden deaths."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.app.listening import raise_open_files
from tests.integration.chat_socket import ChatSocket
from tests.integration.commands import environment
from tests.integration.crowd import Crowd
from tests.integration.server import PATIENCE, Server
from tests.typed import the

#: GAMESERVER_LONG=1 lets 2,000 people in at once.
PEOPLE = 2000 if os.environ.get("GAMESERVER_LONG") else 300

#: A chat client of ten lines, as a newcomer writes it.
CLIENT = """
import json, socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
connection.sendall(json.dumps({"Command": "01", "Name": "carl"}).encode())
print(json.loads(connection.recv(1024))["Flag"], flush=True)
while True:
    print(json.loads(connection.recv(1024)), flush=True)
"""


class ChatProcessTests(SynchronousTestCase):
    def serve(self, *settings: str) -> Server:
        server = Server(("chat.tcp", "chat.tls", "web.endpoints"), settings)
        self.addCleanup(server.kill)
        return server.start()

    def client(self, server: Server, tls: bool = False) -> ChatSocket:
        client = ChatSocket(server.ports["chat.tls" if tls else "chat.tcp"], tls)
        self.addCleanup(client.close)
        return client

    def metric(self, server: Server, name: str) -> float:
        url = f"http://127.0.0.1:{server.ports['web.endpoints']}/metrics"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            values = [line.split()[-1] for line in answer.read().decode().splitlines() if line.startswith(name)]
        return sum(map(float, values))

    def test_a_client_that_is_killed_gives_exactly_one_31(self) -> None:
        server = self.serve()
        ann = self.client(server, tls=True)
        self.assertEqual(ann.log_in("anne")["Flag"], 1)
        for _ in range(2):
            program = [sys.executable, "-c", CLIENT, str(server.ports["chat.tcp"])]
            killed = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment())
            output = the(killed.stdout)
            self.addCleanup(output.close)
            self.assertEqual(output.readline(), "1\n")
            self.assertEqual(ann.receive()["LogOnUserName"], "carl")
            ann.send(Command="04", FriendName="carl", Message="are you there?")
            self.assertEqual(ann.receive()["Flag"], 1)
            self.assertIn("are you there?", output.readline())
            killed.send_signal(signal.SIGKILL)
            killed.wait(PATIENCE)
            self.assertEqual(ann.receive(), {"Command": "31", "LogOutUserName": "carl"})
        ann.send(Command="05", Message="last")
        self.assertEqual(ann.receive()["Message"], "last")

    def test_a_half_closed_connection_counts_as_gone(self) -> None:
        server = self.serve()
        for tls in (False, True):
            ann, bob = self.client(server), self.client(server, tls)
            ann.log_in("anne")
            bob.log_in("bobby")
            self.assertEqual(ann.receive()["LogOnUserName"], "bobby")
            # Below TLS: a machine that sends its FIN without a word.
            with socket.socket(fileno=os.dup(bob.raw.fileno())) as below:
                below.shutdown(socket.SHUT_WR)
            self.assertEqual(ann.receive(), {"Command": "31", "LogOutUserName": "bobby"})
            ann.close()

    def test_what_was_said_before_half_closing_is_answered(self) -> None:
        server = self.serve()
        ann, bob = self.client(server), self.client(server)
        ann.log_in("anne")
        bob.send(Command="01", Name="bobby")
        bob.send(Command="05", Message="in and out")
        bob.raw.shutdown(socket.SHUT_WR)
        self.assertEqual([bob.receive().get("Command") for _ in range(3)], ["11", "32", None])
        self.assertEqual([ann.receive()["Command"] for _ in range(3)], ["30", "32", "31"])
        bare = self.client(server)
        bare.raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        bare.raw.shutdown(socket.SHUT_WR)
        self.assertTrue(bare.raw.recv(4096).startswith(b"HTTP/1.1 400 "))

    def test_what_was_confirmed_survives_the_servers_death(self) -> None:
        server = self.serve()
        client = self.client(server)
        for number in range(3):
            client.send(Command="02", Name=f"anne{number}", Password="secret1")
            self.assertEqual(client.receive()["Flag"], 1)
            server.kill()
            server.start()
            client = self.client(server)
            self.assertEqual(client.log_in(f"anne{number}", "secret1")["Flag"], 1)
            client = self.client(server)

    def test_operators_work_beside_a_running_server(self) -> None:
        server = self.serve()
        self.assertIn("alice", server.run("user", "add", "alice", "--password", "secret1").stdout)
        ann, alice = self.client(server), self.client(server)
        ann.log_in("anne")
        self.assertEqual(alice.log_in("alice", "secret1")["Flag"], 1)
        self.assertEqual(ann.receive()["LogOnUserName"], "alice")
        banned = server.run("user", "ban", "alice", "--reason", "spam")
        self.assertEqual(banned.returncode, 0, banned.stderr)
        self.assertEqual(alice.receive()["Speaker"], "admin")
        self.assertEqual(alice.receive(), {})
        self.assertEqual(ann.receive(), {"Command": "31", "LogOutUserName": "alice"})
        self.assertEqual(self.client(server).log_in("alice", "secret1")["Flag"], 0)
        self.assertNotIn("secret1", server.log)

    def ask(self, server: Server, path: str, body: dict[str, str] | None = None, token: str = "") -> int:
        """Send a request to the site, keep the answer in ``answered``, and return its status."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.ports['web.endpoints']}{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                self.answered = json.load(answer)
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def test_a_new_password_and_a_revocation_by_command_end_connections_and_tokens(self) -> None:
        server = self.serve()
        server.run("user", "add", "alice", "--password", "secret1", "--role", "admin")
        passwords = ["secret1", "secret2", "secret2"]
        for number, command in enumerate((("passwd", "alice", "--password", "secret2"), ("revoke", "alice"))):
            alice, guest = self.client(server), self.client(server)
            password = passwords[number]
            self.assertEqual(alice.log_in("alice", password)["Flag"], 1)
            self.assertEqual(guest.log_in(f"guest{number}x")["Flag"], 1)
            self.assertEqual(self.ask(server, "/api/login", {"name": "alice", "password": password}), 200)
            token = self.answered["token"]
            game = server.run("token", "alice").stdout.strip()
            self.assertEqual(self.ask(server, "/api/operator/overview", token=token), 200)
            self.assertEqual(self.ask(server, "/v1/seeds/current", token=game), 200)
            done = server.run("user", *command)
            self.assertEqual(done.returncode, 0, done.stderr)
            began = time.monotonic()
            # Tokens are looked up each time; connections are found by the next look at the database.
            self.assertEqual(self.ask(server, "/api/operator/overview", token=token), 401)
            self.assertEqual(self.ask(server, "/v1/seeds/current", token=game), 401)
            self.assertEqual(self.ask(server, "/v1/auth/refresh", {}, token=game), 401)
            while (heard := alice.receive()) != {}:
                self.assertIn(heard["Command"], ("30", "32"))
            self.assertLess(time.monotonic() - began, 10)
            guest.send(Command="05", Message="still here")
            while (heard := guest.receive()).get("Message") != "still here":
                self.assertNotEqual(heard, {})
            again = self.client(server)
            self.assertEqual(again.log_in("alice", passwords[number + 1])["Flag"], 1)
            again.close()

    def test_nc_openssl_and_telnet_talk_to_each_other(self) -> None:
        for program in ("nc", "openssl", "telnet"):
            if shutil.which(program) is None:
                raise SkipTest(f"{program} is not installed")
        server = self.serve()
        tcp, tls = str(server.ports["chat.tcp"]), server.ports["chat.tls"]
        programs = {
            "anne": ["nc", "127.0.0.1", tcp],
            "bobby": ["openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{tls}"],
            "carl": ["telnet", "127.0.0.1", tcp],
        }
        people: dict[str, subprocess.Popen[bytes]] = {}
        for name, command in programs.items():
            person = people[name] = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self.addCleanup(self.end, person)
            self.say(person, f'{{"Command":"01","Name":"{name}"}}')
            self.assertIn(b'"Flag":1', self.hear(person, b'"11"'))
        self.say(people["anne"], '{"Command":"05","Message":"from nc"}')
        self.say(people["bobby"], '{"Command":"04","FriendName":"carl","Message":"from openssl"}')
        self.assertIn(b"from openssl", self.hear(people["carl"], b'"13"'))
        self.say(people["carl"], '{"Command":"04","FriendName":"anne","Message":"from telnet"}')
        self.assertIn(b"from telnet", self.hear(people["anne"], b'"13"'))
        people["bobby"].kill()
        for name in ("anne", "carl"):
            self.assertEqual(self.hear(people[name], b'"31"'), b'{"Command":"31","LogOutUserName":"bobby"}\n')

    def end(self, person: subprocess.Popen[bytes]) -> None:
        person.kill()
        # Closes its pipes, too.
        person.communicate()

    def say(self, person: subprocess.Popen[bytes], line: str) -> None:
        assert person.stdin is not None
        person.stdin.write(line.encode() + b"\n")
        person.stdin.flush()

    def hear(self, person: subprocess.Popen[bytes], sign: bytes) -> bytes:
        """Return the next line with a sign in it."""
        assert person.stdout is not None
        line = next((line for line in person.stdout if sign in line), b"")
        return line.replace(b"\r\n", b"\n")

    def test_a_client_that_never_reads_is_dropped_without_the_others_noticing(self) -> None:
        server = self.serve("limits.outbox_bytes=262144", "limits.messages_per_second=100000", "limits.burst=100000")
        deaf = {False: "deaf", True: "deaftls"}
        for tls, name in deaf.items():
            client = self.client(server, tls)
            client.raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            self.assertEqual(client.log_in(name)["Flag"], 1)
        ann, bob = self.client(server), self.client(server)
        ann.log_in("anne")
        bob.log_in("bobby")
        heard: list[str] = []

        def listen() -> None:
            # She reads to the end: the measures are a second old, and much is said in a second.
            while (found := ann.receive()).get("Message") != "the end":
                heard.append(found["Command"])

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        said = 0
        slowest = 0.0
        while self.metric(server, "gameserver_slow_readers_dropped_total") < 2:
            for _ in range(100):
                began = time.monotonic()
                bob.send(Command="05", Message="x" * 7000)
                self.assertEqual(bob.receive_command("32")["Speaker"], "bobby")
                slowest = max(slowest, time.monotonic() - began)
                said += 1
            self.assertLess(said, 20_000)
        bob.send(Command="05", Message="the end")
        listener.join(PATIENCE)
        self.assertEqual((heard.count("32"), heard.count("31")), (said, 2))
        # A server that waits for somebody who does not read would wait for ever.
        self.assertLess(slowest, 30)

    def test_very_many_are_logged_in_at_once(self) -> None:
        _, files = raise_open_files()
        if files < PEOPLE + 100:
            raise SkipTest(f"the system allows {files} open files only")
        server = self.serve(
            f"limits.connections_per_address={PEOPLE + 10}", f"limits.logins_per_address={PEOPLE + 10}"
        )
        crowd = Crowd(server.ports["chat.tcp"])
        self.addCleanup(crowd.close)
        # Each gets his 11, then a 30 for everybody after him.
        for number in range(PEOPLE):
            member = crowd.join(f"guest{number:04}")
            crowd.wait({member: 1})
        crowd.wait({member: PEOPLE - number for number, member in enumerate(crowd.members)})
        self.assertEqual(self.metric(server, 'gameserver_sessions{protocol="chat"}'), PEOPLE)
        before = {member: member.lines for member in crowd.members}
        crowd.members[0].send(Command="05", Message="hello all")
        crowd.wait({member: count + 1 for member, count in before.items()})
        for member in crowd.members:
            self.assertEqual(crowd.last(member)["Message"], "hello all")
        crowd.members[-1].send(Command="03")
        crowd.wait({member: count + 2 for member, count in before.items() if member is not crowd.members[-1]})
        self.assertEqual({member.lines - count for member, count in list(before.items())[:-1]}, {2})
        self.assertEqual(server.stop(), 0)

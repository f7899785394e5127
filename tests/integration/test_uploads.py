"""Maps that are made to hurt, and maps without number that nobody reads: what the others notice of it."""

from __future__ import annotations

import io
import os
import socket
import statistics
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from gameserver.matches.map_files import packed
from tests.integration.chat_socket import ChatSocket
from tests.integration.server import PATIENCE, Server
from tests.integration.web_socket import WebSocket

#: Seconds that a bystander may wait for an answer: most of the time, and at most. A quiet machine needs 2 ms.
MOST, WORST = 0.05, 1.0

#: Bytes of memory that may be more afterwards.
GROWTH = 20 << 20

#: Downloads that are asked for in one write, and how many of them somebody reads who reads late.
DOWNLOADS, READ = 200, 40

PICTURE = b"\xff\xd8\xff" + os.urandom(1_000_000)


class UploadTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = Server(("web.endpoints", "chat.tcp", "kassel.ss12"), ("limits.burst=1000",))
        for name in ("anne", "carl"):
            added = self.server.run("user", "add", name, "--password", "secret")
            self.assertEqual(added.returncode, 0, added.stderr)
        self.addCleanup(self.server.kill)
        self.server.start()
        self.waited: list[float] = []

    def memory(self) -> int:
        """Bytes of the server that are in memory."""
        assert self.server.process is not None
        pages = int(Path(f"/proc/{self.server.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE")

    def telnet(self) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.server.ports["kassel.ss12"]), PATIENCE)
        self.addCleanup(client.close)
        client.sendall(b"LOGIN anne secret\r\n")
        self.until(client, b"OK\r\n")
        return client

    def until(self, client: socket.socket, end: bytes) -> bytes:
        data = b""
        while not data.endswith(end):
            piece = client.recv(65536)
            self.assertTrue(piece, data)
            data += piece
        return data

    def beside(self, work: Callable[[], None]) -> None:
        """Do something while somebody chats, and hold what it costs them and the server against the limits."""
        bystander = ChatSocket(self.server.ports["chat.tcp"])
        self.addCleanup(bystander.close)
        bystander.log_in(f"bystander{len(self.waited)}")
        ended = threading.Event()
        waited: list[float] = []

        def chat() -> None:
            while not ended.is_set():
                since = time.monotonic()
                bystander.send(Command="04", FriendName=name, Message="x")
                bystander.receive_command("14")
                waited.append(time.monotonic() - since)
                time.sleep(0.02)

        name = f"bystander{len(self.waited)}"
        before = self.memory()
        chatting = threading.Thread(target=chat, daemon=True)
        chatting.start()
        try:
            work()
        finally:
            ended.set()
            chatting.join(PATIENCE)
        self.waited += waited
        self.assertLess(statistics.median(waited), MOST)
        self.assertLess(max(waited), WORST)
        self.assertLess(self.memory() - before, GROWTH)

    def upload(self, client: socket.socket, name: str, data: bytes) -> bytes:
        client.sendall(f"UPLOAD MAP {name}\r\n".encode())
        self.assertTrue(self.until(client, b"\r\n").startswith(b"READY"))
        client.sendall(data + b"EOT\r\n")
        return self.until(client, b"\r\n")

    def test_bombs(self) -> None:
        client = self.telnet()
        # The first of everything costs memory that the next does not.
        self.upload(client, "map_x", packed("map_x", "0,0\n", b""))
        bombs = [bomb(zipfile.ZIP_BZIP2, 256), bomb(zipfile.ZIP_LZMA, 64), bomb(zipfile.ZIP_DEFLATED, 64)]
        many = io.BytesIO()
        with zipfile.ZipFile(many, "w") as archive:
            for number in range(9000):
                archive.writestr(f"m{number}", b"")

        def attack() -> None:
            for data in (*bombs, many.getvalue()) * 3:
                answer = self.upload(client, "map_x", data)
                self.assertTrue(answer.startswith(b"ERROR: "), answer)
                self.assertEqual(answer.count(b"\r\n"), 1)

        self.beside(attack)

    def test_downloads_that_nobody_reads(self) -> None:
        client = self.telnet()
        text = "VERSION: 1\n0,0\n0,15\n"
        self.assertEqual(self.upload(client, "map_big", packed("map_big", text, PICTURE)), b"OK\r\n")
        client.sendall(b"DOWNLOAD MAP map_big\r\n")
        archive = self.until(client, b"EOT\r\nOK\r\n")
        browser = WebSocket(self.server.ports["web.endpoints"], "/kassel/ss12")
        self.addCleanup(browser.close)
        browser.say("LOGIN carl secret")
        while browser.receive() != b"OK":
            pass

        def ask() -> None:
            client.sendall(b"DOWNLOAD MAP map_big\r\n" * DOWNLOADS + b"LIST MAPS\r\n")
            browser.say(*["DOWNLOAD MAP map_big"] * DOWNLOADS)
            time.sleep(3)

        self.beside(ask)
        # Who reads later gets everything, in order.
        for _ in range(READ):
            data = bytearray()
            while len(data) < len(archive):
                data += client.recv(min(1 << 20, len(archive) - len(data)))
            self.assertEqual(data, archive)
            head, zipped, end, done = (browser.receive() for _ in range(4))
            self.assertEqual((head, end, done), (f"SENDING {len(zipped)} BYTES".encode(), b"EOT", b"OK"))
            self.assertIn(zipped, archive)
        self.assertNotIn("does not read", self.server.log)

    def test_an_operator_sees_and_deletes_maps(self) -> None:
        client = self.telnet()
        self.assertEqual(self.upload(client, "map_x", packed("map_x", "VERSION: 1\n0,0\n0,15\n", b"")), b"OK\r\n")
        listed = self.server.run("map", "list", "ss12").stdout
        self.assertRegex(listed, r"\Ass12 map_x by \S+, version 1, \d+ bytes\n\Z")
        refused = self.server.run("map", "delete", "ss13", "map_x")
        self.assertEqual((refused.returncode, "No team has uploaded map_x in ss13" in refused.stderr), (1, True))
        self.assertEqual(self.server.run("map", "delete", "ss12", "map_x").stdout, "map_x is deleted\n")
        self.assertEqual(self.server.run("map", "list").stdout, "")


def bomb(method: int, megabytes: int) -> bytes:
    """Zeros, so many megabytes of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive, archive.open("map_x.map", "w") as member:
        for _ in range(megabytes):
            member.write(bytes(1 << 20))
    return buffer.getvalue()

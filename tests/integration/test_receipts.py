"""A receipt comes after the fact: the message is at the other's socket before the receipt is at the sender's."""

from __future__ import annotations

import select
import time

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.integration.chat_socket import ChatSocket
from tests.integration.server import Server

#: Seconds in which a message and its receipt have come.
BOTH = 0.3


class ReceiptTests(SynchronousTestCase):
    def test_the_message_is_on_its_way_before_the_receipt(self) -> None:
        if not hasattr(select, "epoll"):
            raise SkipTest("only epoll tells in which order sockets became readable")
        server = Server(("chat.tcp",)).start()
        self.addCleanup(server.kill)
        listener, speaker = ChatSocket(server.ports["chat.tcp"]), ChatSocket(server.ports["chat.tcp"])
        for client, name in ((listener, "listener"), (speaker, "speaker")):
            self.addCleanup(client.close)
            client.log_in(name)
        # Of the speaker's coming.
        listener.receive_command("30")
        for _ in range(5):
            with select.epoll() as poll:
                for client in (speaker, listener):
                    poll.register(client.raw, select.EPOLLIN)
                speaker.send(Command="04", FriendName="listener", Message="x")
                time.sleep(BOTH)
                # Both are readable; the kernel lists them in the order in which they became so.
                order = [file for file, _ in poll.poll(0)]
            self.assertEqual(order, [listener.raw.fileno(), speaker.raw.fileno()])
            self.assertEqual(listener.receive()["Command"], "13")
            self.assertEqual(speaker.receive()["Flag"], 1)

"""What every transport of the chat protocol must do; a transport gives ``connect``."""

from __future__ import annotations

import json

from twisted.internet.task import deferLater

from gameserver.protocols.chat.config import Chat
from gameserver.testing.chat import ChatClient
from tests.protocols.chat.services import Services
from tests.reactor import reactor
from tests.typed import TestMixin

OK = {"Command": "14", "Comment": "14", "Flag": 1}
NOT_OK = {"Command": "14", "Comment": "14", "Flag": 0}
REFUSED = {"Command": "11", "Flag": 0, "Friends": []}


class ChatContract(TestMixin):
    """Mixed into ``TestCase``."""

    def setUp(self) -> None:
        self.services = Services(reactor, Chat(heartbeat=0))
        self.clients: list[ChatClient] = []
        self.open_port()
        self.addCleanup(self.finish)

    def open_port(self) -> None:
        """Listen, where the transport needs it."""
        raise NotImplementedError

    async def close_port(self) -> None:
        """Listen no more."""
        raise NotImplementedError

    async def connect(self, client: ChatClient) -> None:
        """Join a client to the server."""
        raise NotImplementedError

    async def finish(self) -> None:
        self.assertEqual([client for client in self.clients if client._lines], [])
        for client in self.clients:
            if not client.lost.called:
                client.drop()
                await client.ended()
        await self.services.chat.stop()
        self.assertEqual(len(self.services.sessions), 0)
        await self.close_port()

    async def client(self) -> ChatClient:
        client = ChatClient(reactor)
        self.clients.append(client)
        await self.connect(client)
        return client

    async def guest(self, name: str, *others: ChatClient) -> ChatClient:
        """Return somebody who has logged in, after ``others`` have heard of it."""
        client = await self.client()
        self.assertEqual((await client.log_in(name))["Flag"], 1)
        for other in others:
            self.assertEqual(await other.next(), {"Command": "30", "LogOnUserName": name, "IsUserGuest": 1})
        return client

    async def test_a_guest_logs_in_and_the_others_hear_of_it(self) -> None:
        ann = await self.client()
        ann.send(Command="01", Name="anne")
        self.assertEqual(await ann.line(), b'{"Command":"11","Flag":1,"Friends":[["anne",1]]}\n')
        bob = await self.client()
        bob.send(Command="01", Name="Bob4", Password="")
        self.assertEqual(await bob.line(), b'{"Command":"11","Flag":1,"Friends":[["anne",1],["Bob4",1]]}\n')
        self.assertEqual(await ann.line(), b'{"Command":"30","LogOnUserName":"Bob4","IsUserGuest":1}\n')

    async def test_registering_and_logging_in_with_a_password(self) -> None:
        ann = await self.guest("anne")
        bob = await self.client()
        bob.send(Command="02", Name="bobby", Password="secret1")
        self.assertEqual(await bob.line(), b'{"Command":"12","Flag":1}\n')
        self.assertEqual(await bob.log_in("bobby"), REFUSED)
        self.assertEqual(await bob.log_in("bobby", "wrong"), REFUSED)
        bob.send(Command="01", Name="BOBBY", Password="secret1")
        self.assertEqual(await bob.line(), b'{"Command":"11","Flag":1,"Friends":[["anne",1],["bobby",0]]}\n')
        self.assertEqual(await ann.line(), b'{"Command":"30","LogOnUserName":"bobby","IsUserGuest":0}\n')
        bob.send(Command="02", Name="Bobby", Password="other")
        answer = await bob.next()
        self.assertEqual((answer["Command"], answer["Flag"], bool(answer["Message"])), ("12", 0, True))

    async def test_logging_out_and_breaking_off_give_one_31(self) -> None:
        ann = await self.guest("anne")
        bob = await self.guest("bobby", ann)
        bob.send(Command="03")
        await bob.ended()
        self.assertEqual(await ann.line(), b'{"Command":"31","LogOutUserName":"bobby"}\n')
        carl = await self.guest("carl", ann)
        carl.drop()
        self.assertEqual(await ann.next(), {"Command": "31", "LogOutUserName": "carl"})
        await self.guest("dora", ann)
        self.assertEqual(bob._lines, [])

    async def test_direct_messages_and_receipts(self) -> None:
        ann = await self.guest("anne")
        bob = await self.guest("bobby", ann)
        ann.send(Command="04", FriendName="Bobby", Message='h\u00e9llo \U0001f600 \u4f60\u597d "x"\n')
        self.assertEqual(
            await bob.line(),
            '{"Command":"13","FriendName":"anne",'
            '"Message":"h\u00e9llo \U0001f600 \u4f60\u597d \\"x\\"\\n"}\n'.encode(),
        )
        self.assertEqual(await ann.line(), b'{"Command":"14","Comment":"14","Flag":1}\n')
        ann.send(Command="04", FriendName="nobody", Message="x")
        self.assertEqual(await ann.line(), b'{"Command":"14","Comment":"14","Flag":0}\n')
        ann.send(Command="04", FriendName="anne", Message="me")
        self.assertEqual(await ann.next(), {"Command": "13", "FriendName": "anne", "Message": "me"})
        self.assertEqual(await ann.next(), OK)

    async def test_the_room(self) -> None:
        ann = await self.guest("anne")
        bob = await self.guest("bobby", ann)
        ann.send(Command="05", Message="hi all")
        for client in (ann, bob):
            self.assertEqual(await client.line(), b'{"Command":"32","Speaker":"anne","Message":"hi all"}\n')

    async def test_before_login(self) -> None:
        ann = await self.guest("anne")
        bob = await self.client()
        bob.send(Command="05", Message="x")
        bob.send(Command="03")
        bob.send(Command="04", FriendName="anne", Message="x")
        self.assertEqual(await bob.next(), NOT_OK)
        self.assertEqual((await bob.log_in("bobby"))["Flag"], 1)
        self.assertEqual((await ann.next())["Command"], "30")

    async def test_refused_logins_leave_the_connection_usable(self) -> None:
        await self.guest("anne")
        bob = await self.client()
        for name in (
            "bob",
            "",
            "admin",
            "Guest",
            "b\u00f6bby",
            "bobby\n",
            "bob by",
            "anne",
            "ANNE",
            None,
            5,
            ["bobby"],
        ):
            bob.send(Command="01", Name=name)
            self.assertEqual(await bob.line(), b'{"Command":"11","Flag":0,"Friends":[]}\n', name)
        bob.send(Command="01")
        self.assertEqual(await bob.next(), REFUSED)
        bob.send(Command="01", Name="bobby", Password="unregistered")
        self.assertEqual(await bob.next(), REFUSED)
        self.assertEqual((await bob.log_in("bobby"))["Flag"], 1)
        self.assertEqual(await bob.log_in("bobby"), REFUSED)
        self.assertEqual(await bob.log_in("other"), REFUSED)
        bob.send(Command="05", Message="still here")
        self.assertEqual((await bob.next())["Message"], "still here")
        self.clients[0]._lines.clear()

    async def test_every_way_of_framing(self) -> None:
        ann = await self.client()
        login = b'{"Command":"01","Name":"anne"}'
        ann.write(b"\xef\xbb\xbf" + login)
        self.assertEqual((await ann.next())["Flag"], 1)
        say = json.dumps({"Command": "05", "Message": "gr\u00fc\u00dfe"}, ensure_ascii=False).encode()
        pretty = json.dumps({"Command": "05", "Message": "gr\u00fc\u00dfe"}, indent=4).encode()
        ann.write(b"\0\0" + say + b"\n" + say + say + b"\0\r\n" + pretty + pretty)
        for byte in say:
            ann.write(bytes([byte]))
            await deferLater(reactor, 0)
        for _ in range(6):
            self.assertEqual((await ann.next())["Message"], "gr\u00fc\u00dfe")

    async def test_damage_is_skipped(self) -> None:
        ann = await self.guest("anne")
        ann.write(
            b'garbage\n[1]\n"x"\n12\nnull\n{"Command":\n{bad}\n{"a":"\xff\xfe"}\n{"Command":"05","Message":"\xff"}\n'
            b'{"Command":"05","Message":"raw\nnewline"}\n{"Command":"05","Message":"\\ud83d"}\n{"Command":"05"\n'
            b'{"Command":"99"}\n{"Command":null}\n{"Command":NaN}\n{}\n{"Command":"14"}\n}}}\n'
        )
        ann.send(Command=5, Message="alive")
        self.assertEqual(await ann.next(), {"Command": "32", "Speaker": "anne", "Message": "alive"})

    async def test_repeated_garbage_ends_the_connection(self) -> None:
        ann = await self.guest("anne")
        bob = await self.guest("bobby", ann)
        ann.write(b"garbage\n" * 200)
        await ann.ended()
        self.assertEqual(await bob.next(), {"Command": "31", "LogOutUserName": "anne"})

    async def test_http_is_refused_and_closed(self) -> None:
        browser = await self.client()
        browser.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(await browser.line(), b"HTTP/1.1 400 Bad Request\r\n")
        await browser.ended()
        self.assertIn(b"This port speaks JSON chat", b"".join(browser._lines))
        browser._lines.clear()

    async def test_a_second_session_replaces_the_first(self) -> None:
        await self.services.accounts.register("anne", "secret")
        bob = await self.guest("bobby")
        first, second = await self.client(), await self.client()
        self.assertEqual((await first.log_in("anne", "secret"))["Flag"], 1)
        self.assertEqual((await bob.next())["Command"], "30")
        answer = await second.log_in("anne", "secret")
        self.assertEqual(answer["Friends"], [["bobby", 1], ["anne", 0]])
        self.assertEqual((await first.next())["Speaker"], "admin")
        await first.ended()
        second.send(Command="05", Message="here")
        self.assertEqual((await bob.next())["Message"], "here")
        self.assertEqual((await second.next())["Message"], "here")

    async def test_what_comes_behind_a_login_waits_for_it(self) -> None:
        ann = await self.client()
        say = b'{"Command":"05","Message":"x"}\n'
        ann.write(b'{"Command":"01","Name":"anne"}\n' + say * 50)
        self.assertEqual((await ann.next())["Command"], "11")
        for _ in range(50):
            self.assertEqual((await ann.next())["Command"], "32")

    async def test_the_longest_message(self) -> None:
        ann = await self.guest("anne")
        for text in ("\U0001f600" * 8000, "x" * 8001, "y" * 8000):
            ann.send(Command="05", Message=text)
        self.assertEqual((await ann.next())["Message"], "\U0001f600" * 8000)
        self.assertEqual(await ann.next(), NOT_OK)
        self.assertEqual((await ann.next())["Message"], "y" * 8000)

    async def test_stopping_says_goodbye(self) -> None:
        ann = await self.guest("anne")
        bob = await self.guest("bobby", ann)
        await self.services.chat.stop()
        for client in (ann, bob):
            self.assertEqual(
                await client.next(), {"Command": "32", "Speaker": "admin", "Message": "The server is stopping."}
            )
            await client.ended()

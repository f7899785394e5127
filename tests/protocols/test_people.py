"""Limits belong to people: over all their connections, at all protocols, whoever else is behind their address."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.config.tree import Limits
from gameserver.edge.stream import StreamFactory
from gameserver.protocols.chat.config import Chat
from gameserver.protocols.chat.part import PART as CHAT
from tests.protocols.chat.services import ClockServices as ChatServices
from tests.protocols.chat.services import Wired
from tests.protocols.kassel.services import ClockServices
from tests.wired import Wire

LIMITS = Limits(messages_per_second=10, burst=20, address_factor=3)


class PeopleTests(SynchronousTestCase):
    def speak(self, client: Wired, times: int) -> int:
        """Say something so many times and return how often it was heard."""
        client.read()
        answers = client.send(*[{"Command": "05", "Message": "x"}] * times)
        return sum(answer["Command"] == "32" for answer in answers)

    def test_a_guest_who_reconnects_has_no_more_to_say(self) -> None:
        services = ChatServices(limits=LIMITS)
        heard = 0
        for _ in range(20):
            anne = services.guest("anne")
            heard += self.speak(anne, 20)
            anne.hang_up()
        self.assertEqual(heard, 20)
        services.clock.advance(1)
        self.assertEqual(self.speak(services.guest("anne"), 20), 10)

    def test_a_guest_of_many_names_has_what_a_class_has(self) -> None:
        services = ChatServices(limits=LIMITS)
        guests = [services.guest(f"guest{number}") for number in range(20)]
        said = [self.speak(guest, 20) for guest in guests]
        # The logins count as well. Who comes when that is used up has what somebody calm says in half a second.
        self.assertEqual((said[:2], set(said[3:])), ([20, 20], {5}))

    def test_one_flooder_leaves_the_others_behind_the_address_alone(self) -> None:
        services = ChatServices(limits=LIMITS)
        flooder, anne = services.guest("flooder"), services.guest("anne")
        self.speak(flooder, 1000)
        self.assertTrue(flooder.ended)
        self.assertEqual(self.speak(anne, 20), 20)

    def test_strangers_have_the_limit_of_their_address(self) -> None:
        services = ChatServices(limits=LIMITS)
        wrong = {"Command": "04", "FriendName": "x", "Message": "x"}
        ended = []
        for _ in range(20):
            stranger = services.connect("192.0.2.7")
            stranger.send(*[wrong] * 30)
            ended.append(stranger.ended)
        # 60 fit, 60 more are refused, and from then on a new connection is no new beginning.
        self.assertEqual((ended[0], ended[-10:]), (False, [True] * 10))
        self.assertFalse(services.connect("192.0.2.8").ended)

    def test_an_account_has_one_limit_at_all_protocols(self) -> None:
        services = ClockServices(limits=LIMITS)
        lobby = [services.user("anne") for _ in range(3)]
        self.assertEqual([client.ask("NOOP") for client in lobby for _ in range(6)], [["OK"]] * 18)
        factory = CHAT.build(services.context, Chat()).listeners[0].factory
        assert isinstance(factory, StreamFactory)
        wire, chat = Wire("192.0.2.3"), factory.buildProtocol(None)
        chat.makeConnection(wire)
        chat.dataReceived(b'{"Command":"01","Name":"anne","Password":"secret"}\n')
        chat.dataReceived(b'{"Command":"05","Message":"x"}\n' * 5)
        services.clock.advance(0)
        said, refused = wire.value().count(b'"Command":"32"'), wire.value().count(b'"Command":"14"')
        self.assertEqual((said, refused), (2, 3))

    def test_a_port_that_is_not_for_proxies_believes_no_proxy_header(self) -> None:
        services = ChatServices()
        client = services.connect("192.0.2.3")
        client.write(b"PROXY TCP4 203.0.113.9 192.0.2.2 1 2\r\n")
        client.log_in("anne")
        self.assertEqual([session.address for session in services.sessions], ["192.0.2.3"])

"""What an address counts as."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.sessions.addresses import Proxies, network_of, plain


class AddressTests(SynchronousTestCase):
    def test_a_place_in_ipv6_is_a_network(self) -> None:
        one, same, other = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9%eth0", "2001:db8:1:3::1"
        self.assertEqual(network_of(one), network_of(same))
        self.assertNotEqual(network_of(one), network_of(other))
        self.assertEqual(network_of("::ffff:192.0.2.1"), "192.0.2.1")
        for unchanged in ("192.0.2.1", "", "a:b", network_of(one)):
            self.assertEqual(network_of(unchanged), unchanged)

    def test_one_form(self) -> None:
        forms = ("192.0.2.1", "::ffff:192.0.2.1", "2001:DB8:0::1", "fe80::1%eth0", "", "a:b")
        expected = ["192.0.2.1", "192.0.2.1", "2001:db8::1", "fe80::1", "", "a:b"]
        self.assertEqual([plain(form) for form in forms], expected)

    def test_proxies_are_known_in_every_form_and_by_their_own_address_only(self) -> None:
        proxies = Proxies(["192.0.2.1", "2001:DB8::1"])
        for known in ("192.0.2.1", "::ffff:192.0.2.1", "2001:db8:0::1"):
            self.assertIn(known, proxies)
        for unknown in ("192.0.2.2", "2001:db8::2", "", None, "192.0.2.1 "):
            self.assertNotIn(unknown, proxies)
        self.assertNotIn("", Proxies([]))
        self.assertEqual((bool(proxies), bool(Proxies())), (True, False))

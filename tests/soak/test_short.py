"""Twenty seconds of the soak: everybody comes and goes by every door, and the server is as it was before."""

from __future__ import annotations

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from soak.run import SETTINGS, Soak
from soak.samples import left_over
from tests.integration.server import Server
from tests.reactor import reactor
from tests.typed import the

SECONDS, EVERY = 20.0, 1.0


class ShortTests(TestCase):
    timeout = 400

    async def test_descriptors_and_threads_are_back_where_they_were(self) -> None:
        server = Server(settings=SETTINGS)
        self.addCleanup(server.kill)
        await deferToThread(server.start)
        outcome = await Soak(reactor, server, SECONDS, EVERY, lambda _outcome: None).run()
        # A game or a round may take longer than the run; one round there was before its first sample.
        self.assertLessEqual({"chat", "invoker", "kwo", "pages"}, set(outcome.done))
        # A machine that stands still for a moment may cost somebody their visit.
        self.assertLessEqual(len(outcome.failures), outcome.done.total() // 20, outcome.failures[:5])
        before, after = the(outcome.before), the(outcome.after)
        self.assertGreater(max(one.descriptors for one in outcome.samples), before.descriptors + 5)
        self.assertEqual(left_over(before, after), [])
        self.assertEqual(await deferToThread(server.stop), 0)
        self.assertNotIn("Traceback", server.log)

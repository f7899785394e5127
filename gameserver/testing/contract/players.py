"""What is owed besides where people log in."""

from __future__ import annotations

import statistics

from gameserver.moderation import COMMAND_LINE
from gameserver.sessions.manager import DuplicateLogin
from gameserver.testing.contract.edge import BYSTANDER, LIMITS, OTHER_HOST, EdgeContract


class PlayerContract(EdgeContract):
    """What holds where people log in."""

    async def test_who_does_not_log_in_is_let_go_when_the_time_for_it_is_over(self) -> None:
        await self.finish()
        await self.begin(login_timeout=0.5)
        player, silent = await self.enter("anne1"), await self.connect()
        await silent.rest()
        await self.turn(0.6)
        await self.round_trip(player)

    async def test_who_is_kicked_is_told_and_put_out_and_may_come_back(self) -> None:
        client = await self.enter("anne1")
        await self.context.moderation.kick("anne1", COMMAND_LINE, "Enough for today.")
        self.assert_told(client, await client.rest(), "Enough for today.")
        await self.round_trip(await self.enter("anne1"))

    async def test_a_player_who_is_banned_is_put_out_and_kept_out(self) -> None:
        client = await self.enter("anne1")
        await self.context.moderation.ban("anne1", COMMAND_LINE)
        self.assert_told(client, await client.rest(), "You have been banned.")
        await self.assert_kept_out("anne1")
        # From somewhere else: a guest's ban holds for guests from their address.
        await self.round_trip(await self.enter("bobby", OTHER_HOST))

    async def test_who_comes_again_and_again_has_no_more_to_say(self) -> None:
        bystander = await self.enter("bobby")
        answered, waited, since = 0, [], self.reactor.seconds()
        rounds = 5
        for _ in range(rounds):
            flooder = await self.enter("anne1")
            for _ in range(LIMITS.burst):
                flooder.send(self.driver.request)
            waited.append(await self.round_trip(bystander))
            flooder.close_write()
            answered += len([line for line in await flooder.rest() if self.driver.answered(line)])
        passed = self.reactor.seconds() - since
        # A protocol may answer the last message of a connection late instead of refusing it.
        self.assertLessEqual(answered, LIMITS.burst + LIMITS.messages_per_second * passed + rounds)
        self.assertLess(statistics.median(waited), BYSTANDER)

    async def test_a_second_login_of_a_player(self) -> None:
        first, second = await self.enter("anne1"), await self.enter("anne1")
        if self.driver.duplicate is DuplicateLogin.REPLACE:
            self.assert_told(first, await first.rest(), self.driver.replaced)
        else:
            await self.round_trip(first)
        await self.round_trip(second)

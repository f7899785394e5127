"""Computer players: pure functions from what a player sees and a source of chance to his next command."""

from __future__ import annotations

from collections.abc import Callable

from gameserver.games.api import Command
from gameserver.games.catan.acting import act
from gameserver.games.catan.answering import answer
from gameserver.games.catan.game import Catan
from gameserver.games.catan.model import Card
from gameserver.games.catan.view import View
from gameserver.games.catan.worth import dearness
from gameserver.games.rng import Chance

Strategy = Callable[[View, Chance], Command]

#: A random player ends his turn only one time in so many when he could do something else.
_RELUCTANCE = 4


def choose(game: Catan, seat: int, chance: Chance) -> Command | None:
    """Return the next command of a computer player; ``None`` when nothing is asked of it."""
    if not game.prompts(seat):
        return None
    return sensible(game.view(seat), chance)


def random_legal(view: View, chance: Chance) -> Command:
    """Return some legal command: first the kind by chance, then one of it. ``ValueError`` when there is none."""
    commands = view.commands()
    kinds = sorted({command.action for command in commands})
    if len(kinds) > 1 and "END_TURN" in kinds and chance.below(_RELUCTANCE):
        kinds.remove("END_TURN")
    kind = chance.choice(kinds)
    return chance.choice([command for command in commands if command.action == kind])


def sensible(view: View, chance: Chance) -> Command:
    """Return what a player would do who knows what he wants. ``ValueError`` when there is nothing to do."""
    commands = view.commands()
    if not commands:
        raise ValueError("nothing is asked")
    if any(command.action == "CHOOSE" for command in commands):
        return answer(view, chance)
    if view.may_decline:
        return _offer(view, commands)
    return act(view, chance)


def _offer(view: View, commands: list[Command]) -> Command:
    """Offer the card that is missed least to whoever has cards, or end the card."""
    offers = [command for command in commands if command.action == "OFFER"]
    if not offers:
        return Command("END_PLAY")

    def cost(command: Command) -> float:
        card = view.state.model.find(command.arguments["id"], Card)
        return dearness(view.me, card.type) if card is not None else 0.0

    return min(offers, key=cost)

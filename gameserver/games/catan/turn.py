"""The commands of the player whose turn it is. Each is checked completely, then carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from gameserver.games.api import Command, Illegal, argument, camel
from gameserver.games.catan import building, dice, goods, improvements, knights, robber, trade
from gameserver.games.catan.bank import shortage
from gameserver.games.catan.decks import HAND_LIMIT
from gameserver.games.catan.goods import Good, Track
from gameserver.games.catan.model import Border, Intersection, Knight, Phase, ProgressCard, Robber, UserAssets
from gameserver.games.catan.progress import politics, science
from gameserver.games.catan.progress import trade as commerce
from gameserver.games.catan.progress_cards import LIMIT_REMARK, CardRule, put_back
from gameserver.games.catan.questions import Flow, GiveBack
from gameserver.games.catan.state import State
from gameserver.games.entity import Entity

E = TypeVar("E", bound=Entity)

#: All progress cards that are played, by name.
RULES: Mapping[str, CardRule] = {**commerce.CARDS, **science.CARDS, **politics.CARDS}

#: The card that is played before the dice are rolled; all others come after.
BEFORE_ROLL = "ALCHEMIST"


def begin(state: State, player: UserAssets, command: Command) -> Flow[None]:
    """Check a command of the player on turn and return what it sets going. Raises ``Illegal``.

    Nothing changes before the returned flow is started.
    """
    handler = _HANDLERS.get(command.action)
    if handler is None:
        raise Illegal(camel(command.action), _NOT_NOW[command.action])
    rolling = state.root.phase is Phase.ROLLING
    if rolling and command.action not in ("ROLL_DIES", "PLAY"):
        raise Illegal(camel(command.action), "roll the dice first, with ROLL_DIES")
    if not rolling and command.action == "ROLL_DIES":
        raise Illegal("rollDies", "the dice are rolled once a turn")
    return _within_limit(state, player, handler(state, player, command))


def _within_limit(state: State, player: UserAssets, flow: Flow[None]) -> Flow[None]:
    """Run a flow; then make the player on turn play or put back progress cards until he holds no more than four."""
    yield from flow
    while len(player.progress_cards) > HAND_LIMIT:
        question = GiveBack(player, f"{LIMIT_REMARK} or one to play", lambda c: play_objection(state, player, c.name))
        card: ProgressCard | None = yield question
        if card is None:
            return
        if question.plays:
            yield from _played(state, player, card)
        else:
            put_back(state, player, card)


#: What to say about commands that are no acts of a turn: answers when nothing was asked, and the start.
_NOT_NOW: Mapping[str, str] = {
    "CHOOSE": "nothing is to be chosen now",
    "END_PLAY": "no card is being played",
    "OFFER": "cards are offered only while COMMERCIAL_HARBOR is being played",
}


def _refuse_if(action: str, complaint: str | None) -> None:
    if complaint is not None:
        raise Illegal(action, complaint)


def _own_knight(player: UserAssets, command: Command) -> Knight:
    wanted = argument(command, "id")
    found = next((knight for knight in player.knights if knight.id == wanted), None)
    if found is None:
        raise Illegal(camel(command.action), "id must be a knight of your own")
    return found


def _roll(state: State, player: UserAssets, _command: Command) -> Flow[None]:
    return dice.roll(state, player)


def _end_turn(state: State, _player: UserAssets, _command: Command) -> Flow[None]:
    def flow() -> Flow[None]:
        state.start_turn(state.next_player())
        yield from ()

    return flow()


def _build(state: State, player: UserAssets, command: Command) -> Flow[None]:
    piece, destination = argument(command, "type"), argument(command, "destination")
    if piece not in building.COST_OF:
        raise Illegal("build", f"type must be one of {', '.join(building.COST_OF)}")
    place = state.model.find(destination, Intersection) or state.model.find(destination, Border)
    if place is None:
        raise Illegal("build", "destination must be an Intersection or, for a Road, a Border of this map")
    _refuse_if("build", building.objection(state, player, piece, place))

    def flow() -> Flow[None]:
        state.bank.charge(player, building.COST_OF[piece])
        building.build(state, player, piece, place)
        yield from ()

    return flow()


def _activate(state: State, player: UserAssets, command: Command) -> Flow[None]:
    knight = _own_knight(player, command)
    _refuse_if("activateKnight", knights.activation_objection(player, knight))

    def flow() -> Flow[None]:
        state.bank.charge(player, goods.ACTIVATION)
        knights.activate(state, knight)
        yield from ()

    return flow()


def _promote(state: State, player: UserAssets, command: Command) -> Flow[None]:
    knight = _own_knight(player, command)
    complaint = knights.promotion_objection(state, player, knight)
    _refuse_if("upgradeKnight", complaint or shortage(player, goods.PROMOTION, "promoting a knight"))

    def flow() -> Flow[None]:
        state.bank.charge(player, goods.PROMOTION)
        knights.promote(state, knight)
        yield from ()

    return flow()


def _use_knight(state: State, player: UserAssets, command: Command) -> Flow[None]:
    knight = _own_knight(player, command)
    wanted = argument(command, "target")
    if state.model.find(wanted, Robber) is not None:
        _refuse_if("useKnight", knights.chase_objection(state, knight))

        def flow() -> Flow[None]:
            knight.active = False
            yield from robber.relocate(state, player)

        return flow()
    spot = state.model.find(wanted, Intersection)
    if spot is None:
        raise Illegal("useKnight", "target must be the Robber or an Intersection")
    _refuse_if("useKnight", knights.move_objection(state, player, knight, spot))
    return knights.move(state, knight, spot)


def _upgrade_progress(state: State, player: UserAssets, command: Command) -> Flow[None]:
    wanted = argument(command, "type")
    if wanted not in Track.__members__:
        raise Illegal("upgradeProgress", f"type must be one of {', '.join(Track)}")
    track = Track(wanted)
    _refuse_if("upgradeProgress", improvements.objection(state, player, track))
    return improvements.upgrade(state, player, track)


def _trade(state: State, player: UserAssets, command: Command) -> Flow[None]:
    give, take = argument(command, "give"), argument(command, "take")
    if give not in Good.__members__ or take not in Good.__members__:
        raise Illegal("trade", f"give and take must each be one of {', '.join(Good)}")
    _refuse_if("trade", trade.objection(state, player, Good(give), Good(take)))

    def flow() -> Flow[None]:
        trade.trade(state, player, Good(give), Good(take))
        yield from ()

    return flow()


def play_objection(state: State, player: UserAssets, name: str) -> str | None:
    """Say what speaks against playing a card of that name now, or return ``None``."""
    if (name == BEFORE_ROLL) != (state.root.phase is Phase.ROLLING):
        when = "before" if name == BEFORE_ROLL else "after"
        return f"{name} is played {when} the dice are rolled"
    return RULES[name].objection(state, player)


def _play(state: State, player: UserAssets, command: Command) -> Flow[None]:
    wanted = argument(command, "id")
    card = next((card for card in player.progress_cards if card.id == wanted), None)
    if card is None:
        raise Illegal("play", "id must be a progress card of your own")
    _refuse_if("play", play_objection(state, player, card.name))
    return _played(state, player, card)


def _played(state: State, player: UserAssets, card: ProgressCard) -> Flow[None]:
    name = card.name
    state.root.played_card = name
    put_back(state, player, card)
    yield from RULES[name].play(state, player)
    state.root.played_card = None


_HANDLERS: Mapping[str, Callable[[State, UserAssets, Command], Flow[None]]] = {
    "ROLL_DIES": _roll,
    "END_TURN": _end_turn,
    "BUILD": _build,
    "ACTIVATE_KNIGHT": _activate,
    "UPGRADE_KNIGHT": _promote,
    "USE_KNIGHT": _use_knight,
    "UPGRADE_PROGRESS": _upgrade_progress,
    "TRADE": _trade,
    "PLAY": _play,
}

#: Every action of the game, but for those that all games have.
ACTIONS = ("START_GAME", *_HANDLERS, *_NOT_NOW)

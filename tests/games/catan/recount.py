"""A second opinion on a game's position, from its objects alone and by other ways than the rules use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gameserver.games.catan.game import Catan
from gameserver.games.catan.model import Intersection, UserAssets
from tests.typed import the

#: What a player has of every piece, and how many cards there are.
LIMITS = {"Road": 15, "Settlement": 5, "City": 4, "CityWall": 3}
CARDS = {
    **dict.fromkeys(("BRICK", "GRAIN", "LUMBER", "ORE", "WOOL"), 19),
    **dict.fromkeys(("CLOTH", "COIN", "PAPER"), 12),
}
PROGRESS = {
    "ALCHEMIST": 2,
    "CRANE": 2,
    "ENGINEER": 1,
    "INVENTOR": 2,
    "IRRIGATION": 2,
    "MEDICINE": 2,
    "MINING": 2,
    "PRINTER": 1,
    "ROAD_BUILDING": 2,
    "SMITH": 2,
    "BISHOP": 2,
    "CONSTITUTION": 1,
    "DESERTER": 2,
    "DIPLOMAT": 2,
    "INTRIGUE": 2,
    "SABOTEUR": 2,
    "SPY": 3,
    "WARLORD": 2,
    "WEDDING": 2,
    "COMMERCIAL_HARBOR": 2,
    "MASTER_MERCHANT": 2,
    "MERCHANT": 6,
    "MERCHANT_FLEET": 2,
    "RESOURCE_MONOPOLY": 4,
    "TRADE_MONOPOLY": 2,
}


def cards(game: Catan) -> Counter[str]:
    """Every resource and commodity card, in hands and in the bank."""
    found = Counter({str(good): count for good, count in game.state.bank.stock.items()})
    for user in game.root.users:
        found.update(str(card.type) for card in user.cards)
    return found


def progress(game: Catan) -> Counter[str]:
    """Every progress card, in hands, laid open and in the decks."""
    found = Counter(name for deck in game.state.decks.values() for name in deck)
    for user in game.root.users:
        found.update(card.name for card in user.progress_cards)
        found.update(card.name for card in user.victory_cards)
    return found


def road_length(game: Catan, user: UserAssets) -> int:
    """The longest road of a player: every way from every intersection is walked, edge by edge."""
    edges = []
    for road in user.roads:
        one, two = the(road.border).intersections
        edges.append((one.id, two.id))
    barred = set()
    for field in the(game.root.map).fields:
        for spot in field.intersections:
            for piece in (spot.building, spot.knight):
                if piece is not None and piece.user_assets is not user:
                    barred.add(spot.id)

    def longest(at: str, left: list[tuple[str, str]], first: bool) -> int:
        if at in barred and not first:
            return 0
        best = 0
        for index, (one, two) in enumerate(left):
            if at in (one, two):
                rest = left[:index] + left[index + 1 :]
                best = max(best, 1 + longest(two if at == one else one, rest, False))
        return best

    return max((longest(end, edges, True) for edge in edges for end in edge), default=0)


def built(game: Catan) -> dict[UserAssets, set[Intersection]]:
    """Where every player who is in the game has a building: these places are kept as long as they are in it."""
    return {
        user: {the(piece.intersection) for piece in [*user.settlements, *user.cities]} for user in game.root.users
    }


def points(user: UserAssets) -> int:
    """The victory points that lie on the table."""
    metropolises = sum(2 for city in user.cities if city.metropolis is not None)
    return (
        sum(1 for _ in user.settlements)
        + sum(2 for _ in user.cities)
        + metropolises
        + 2 * int(user.longest_road)
        + user.defender_points
        + sum(1 for card in user.victory_cards if card.name in ("PRINTER", "CONSTITUTION"))
        + int(user.merchant is not None)
    )


def problems(game: Catan) -> list[str]:
    """Everything that is wrong with a position."""
    found = []
    if cards(game) != CARDS:
        found.append(f"cards {cards(game)}")
    if progress(game) != PROGRESS:
        found.append(f"progress cards {progress(game)}")
    standing: Counter[str] = Counter()
    for user in game.root.users:
        found.extend(_of_player(user))
        pieces = [*user.settlements, *user.cities, *user.knights]
        standing.update(piece.intersection.id for piece in pieces if piece.intersection is not None)
        lying = [piece for piece in pieces if piece.intersection is None]
        if lying and not game._flows.active:
            found.append(f"{lying} stand nowhere")
    shared = [spot for spot, count in standing.items() if count > 1]
    if shared:
        found.append(f"more than one piece on {shared}")
    found.extend(_of_board(game, standing))
    return found


def _of_player(user: UserAssets) -> list[str]:
    found: list[str] = []
    counts = Counter(
        type(piece).__name__ for piece in [*user.settlements, *user.cities, *user.roads, *user.city_walls]
    )
    # A settlement whose piece is a city on its side: it is one of the four, and lies for want of a settlement only.
    lying = sum(settlement.on_its_side for settlement in user.settlements)
    counts["Settlement"] -= lying
    counts["City"] += lying
    if lying and counts["Settlement"] != LIMITS["Settlement"]:
        found.append(f"{user}: a city on its side beside {counts['Settlement']} settlements")
    found.extend(f"{user}: {n} {kind}" for kind, n in counts.items() if n > LIMITS[kind])
    levels = Counter(knight.level for knight in user.knights)
    if any(level not in (1, 2, 3) or count > 2 for level, count in levels.items()):
        found.append(f"{user}: knights {levels}")
    if user.card_count != len(user.cards) or user.progress_card_count != len(user.progress_cards):
        found.append(f"{user}: wrong counts of cards")
    for wall in user.city_walls:
        if wall.city is None or wall.city.user_assets is not user:
            found.append(f"{user}: a wall around nothing")
    for metropolis in user.metropolises:
        if metropolis.city is None or metropolis.city.user_assets is not user:
            found.append(f"{user}: a metropolis nowhere")
        if getattr(user, metropolis.type.lower()) < 4:
            found.append(f"{user}: a metropolis without its level")
    for knight in user.knights:
        if knight.intersection is not None and knight.intersection.knight is not knight:
            found.append(f"{knight} is not where it says")
    if user.visitor and (len(user.cards) or len(user.roads) or user.victory_points):
        found.append(f"visitor {user} owns something")
    return found


def _of_board(game: Catan, standing: Mapping[str, int]) -> list[str]:
    found = []
    spots = {spot for field in the(game.root.map).fields for spot in field.intersections}
    for spot in spots:
        if (spot.building or spot.knight) and spot.id not in standing:
            found.append(f"something of nobody on {spot}")
        if spot.building is None:
            continue
        for border in spot.borders:
            for other in border.intersections:
                if other is not spot and other.building is not None:
                    found.append(f"{spot} and {other} are too close")
    robber = the(game.root.robber)
    if robber.field is None or not robber.field.land:
        found.append("the robber is at sea")
    if the(game.root.barbarian).position not in range(7) and not game._flows.active:
        found.append("the barbarians' ship is nowhere")
    merchant = the(game.root.merchant)
    if (merchant.field is None) != (merchant.user_assets is None):
        found.append("the merchant has half a place")
    return found

"""Nim as the server sees it: how computers play it, on the server and over the network, and its lobby."""

from functools import reduce
from operator import xor

from gameserver.games.api import Command
from gameserver.games.kind import Kind
from gameserver.games.mirror import entity_classes
from gameserver.games.rng import Chance
from gameserver.games.season import Season
from gameserver_nim import game
from gameserver_nim.game import Nim, NimGame


def random_legal(root: NimGame, chance: Chance) -> Command:
    """Take anything."""
    heap = chance.choice([heap for heap in root.heaps if heap.size])
    return heap.take(1 + chance.below(heap.size))


def perfect(root: NimGame, chance: Chance) -> Command:
    """Leave heaps whose exclusive or is 0: whoever is to move then loses against this (C. L. Bouton, 1901)."""
    total = reduce(xor, [heap.size for heap in root.heaps])
    for heap in root.heaps:
        if heap.size ^ total < heap.size:
            return heap.take(heap.size - (heap.size ^ total))
    return random_legal(root, chance)


KIND = Kind(
    name="nim",
    title="Nim",
    season=Season("nim", "Nim-Server"),
    make=Nim,
    players=(Nim.LEAST, Nim.MOST),
    entities=entity_classes(game),
    actions={"START_GAME": (), "TAKE": ("heap", "count"), "CHANGE_USER_COLOR": ("color",)},
    strategies={"greedy": perfect, "random": random_legal},
)

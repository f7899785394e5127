"""The guide's price lists as a computer player keeps them: plain figures, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from gameserver.games.creepsmash.model import Guide, Tower, TowerDescription


@attrs.frozen
class TowerPrice:
    """A level of a tower family: its price, its range in pixels, and its power.

    ``power`` is the damage a tick, counted more for towers that hit many or slow creeps down.
    """

    family: str
    level: int
    price: int
    range: int
    power: float


@attrs.frozen
class CreepPrice:
    """A kind of creep and its price."""

    type: str
    price: int


@attrs.frozen
class PriceList:
    """Tower levels by family, in order, and creeps, the cheapest first."""

    towers: Mapping[str, Sequence[TowerPrice]]
    creeps: Sequence[CreepPrice]

    def now(self, tower: Tower) -> TowerPrice:
        """Return the figures of a tower as it is."""
        return self.towers[tower.type][max(tower.level, 1) - 1]

    def after(self, tower: Tower) -> TowerPrice | None:
        """Return the figures of a tower after its next upgrade, ``None`` if there is none."""
        levels = self.towers[tower.type]
        return levels[tower.level] if tower.level < len(levels) else None

    def paid(self, tower: Tower) -> int:
        """Return what was paid for a tower."""
        return sum(level.price for level in self.towers[tower.type][: max(tower.level, 1)])


def read_guide(guide: Guide | None) -> PriceList:
    """Return the price lists of a guide, empty ones without a guide."""
    if guide is None:
        return PriceList({}, ())
    return PriceList(
        towers={
            family.key: sorted(map(_tower, family.value), key=lambda level: level.level)
            for family in guide.tower_descriptions
        },
        creeps=sorted(
            (CreepPrice(creep.type, creep.price) for kind in guide.creep_descriptions for creep in kind.value),
            key=lambda creep: creep.price,
        ),
    )


def _tower(level: TowerDescription) -> TowerPrice:
    crowd = 2.0 if level.splash_radius else 1.0
    slowing = 1.0 + 2.0 * level.slow_rate
    power = level.damage * crowd * slowing / level.cool_down_max
    return TowerPrice(level.type, level.level, level.price, int(level.range), power)

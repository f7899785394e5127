"""Quick ways around the board."""

from __future__ import annotations

from gameserver.games.catan.model import Border, Field, Intersection, Map


class Board:
    """Quick ways around a map, found from nothing but its objects as the players see them."""

    def __init__(self, source: Map) -> None:
        self.map = source
        self.fields: list[Field] = list(source.fields)
        self.land: list[Field] = [field for field in self.fields if field.land]
        self.corners: dict[Field, tuple[Intersection, ...]] = {
            field: tuple(field.intersections) for field in self.fields
        }
        self.intersections: list[Intersection] = list(
            dict.fromkeys(spot for field in self.land for spot in self.corners[field])
        )
        self.borders: list[Border] = list(dict.fromkeys(border for field in self.land for border in field.borders))
        self.ends: dict[Border, tuple[Intersection, Intersection]] = {}
        for border in self.borders:
            one, two = border.intersections
            self.ends[border] = (one, two)
        #: From an intersection over each border to the intersection at its other end.
        self.steps: dict[Intersection, tuple[tuple[Border, Intersection], ...]] = {}
        self.lands_at: dict[Intersection, tuple[Field, ...]] = {}
        for spot in self.intersections:
            self.steps[spot] = tuple((border, self._across(border, spot)) for border in spot.borders)
            self.lands_at[spot] = tuple(field for field in spot.fields if field.land)

    def _across(self, border: Border, spot: Intersection) -> Intersection:
        one, two = self.ends[border]
        return two if one is spot else one

"""The client's side: rebuilds the game's objects from nothing but the events a client receives.

What comes out are the same classes that the rules use, so whatever looks at a game, a computer player above all,
works on a mirror of it as well.
"""

from __future__ import annotations

from typing import Any

from gameserver.games.creepsmash.model import (
    Cell,
    Creep,
    CreepDescription,
    CreepSmashGame,
    CreepTypeToCreepMapping,
    Guide,
    Map,
    Tile,
    Tower,
    TowerDescription,
    TowerTypeToTowerMapping,
    UserAssets,
    Waypoint,
)
from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.participants import Team, User

_CLASSES: dict[str, type[Entity]] = {
    kind.__name__: kind
    for kind in (
        Cell,
        Creep,
        CreepDescription,
        CreepSmashGame,
        CreepTypeToCreepMapping,
        Guide,
        Map,
        Team,
        Tile,
        Tower,
        TowerDescription,
        TowerTypeToTowerMapping,
        User,
        UserAssets,
        Waypoint,
    )
}
_PROPERTIES = {name: {prop.wire: prop for prop in kind.properties} for name, kind in _CLASSES.items()}


class Mirror:
    """The objects of one game as far as its events have told."""

    def __init__(self) -> None:
        self._model = Model()
        self._objects: dict[str, Entity] = {}
        #: The game itself, ``None`` before its first event.
        self.game: CreepSmashGame | None = None

    def apply(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event: ``@src``, ``@prop``, ``@ov``, ``@nv``, with ``None`` for a key that is left out.

        Messages, and objects or properties this version does not know, are passed over.
        """
        known = _PROPERTIES.get(source.partition("@")[0], {}).get(prop)
        entity = self._object(source)
        if known is None or entity is None:
            return
        if isinstance(known, Attribute):
            if new is not None:
                entity.__dict__[known.slot] = _value(known, new)
        elif isinstance(known, ToOne | ToMany):
            self._relink(entity, known, old, new)

    def _relink(self, entity: Entity, prop: ToOne[Any] | ToMany[Any], old: str | None, new: str | None) -> None:
        target = self._object(new) if new is not None else None
        if target is not None:
            prop.link(entity, target)
        elif isinstance(prop, ToMany):
            # The dead are no longer in the index when a thinned stream tells this end last.
            for gone in prop.__get__(entity, type(entity)):
                if gone.id == old:
                    prop.unlink(entity, gone)
        else:
            entity.__dict__[prop.slot] = None
            if isinstance(entity, Creep) and prop.name == "cell" and old is not None and entity.health == 0:
                # Nothing more comes of the dead, and a long match has many.
                del self._objects[entity.id]

    def _object(self, name: str) -> Entity | None:
        found = self._objects.get(name)
        if found is None:
            kind = _CLASSES.get(name.partition("@")[0])
            if kind is None:
                return None
            found = kind(self._model)
            self._model.forget(found)
            found.id = name
            self._objects[name] = found
            if isinstance(found, CreepSmashGame):
                self.game = found
        return found


def _value(prop: Attribute[Any], text: str) -> str | int | float | bool:
    if isinstance(prop.default, bool):
        return text == "true"
    if isinstance(prop.default, int):
        return int(text)
    if isinstance(prop.default, float):
        return float(text)
    return text

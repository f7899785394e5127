"""The game's own objects on a client's side, rebuilt from the events it receives and from nothing else.

Because they are objects of the same classes, whatever looks at a game, the rules that say what is possible and
computer players above all, works on them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import ModuleType
from typing import Any, Generic, TypeVar

from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.hosted import GameRoot
from gameserver.games.participants import Team, User

R = TypeVar("R", bound=GameRoot[Any])


def entity_classes(model: ModuleType) -> Mapping[str, type[Entity]]:
    """Return the classes of a game's objects by name: those that a module defines, users and teams."""
    known = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Entity)]
    defined = [kind for kind in known if kind.__module__ == model.__name__]
    return {kind.__name__: kind for kind in (*defined, User, Team)}


def collections(entities: Mapping[str, type[Entity]]) -> frozenset[str]:
    """Return the to-many properties of some classes, as they are named in events."""
    return frozenset(prop.wire for kind in entities.values() for prop in kind.properties if isinstance(prop, ToMany))


class _Names(Model):
    """A world whose objects have the names somebody else gave them."""

    next = ""

    def name(self, entity: Entity) -> str:
        """Return the name that is due."""
        self._objects[self.next] = entity
        return self.next


class Mirror(Generic[R]):
    """Objects by their id, kept by ``apply``. Other classes' ids and properties it does not know are passed over."""

    def __init__(self, entities: Mapping[str, type[Entity]]) -> None:
        self._entities = entities
        self._properties = {kind: {prop.wire: prop for prop in kind.properties} for kind in entities.values()}
        self.model = _Names()
        #: The game, once it is known.
        self.game: R | None = None

    def apply(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event: ``@src``, ``@prop``, ``@ov``, ``@nv``, with ``None`` for a key that is left out."""
        entity = self._object(source)
        declared: Any = self._properties[type(entity)].get(prop) if entity is not None else None
        if entity is None or declared is None:
            return
        if isinstance(declared, Attribute):
            entity.__dict__[declared.slot] = _value(declared.default, new)
        elif isinstance(declared, ToOne):
            entity.__dict__[declared.slot] = self._object(new) if new is not None else None
        else:
            for gone in declared.values(entity) if old is not None else ():
                # By name: what has ended may not be found any more when this end is told of it.
                if gone.id == old:
                    declared.unlink(entity, gone)
            added = self._object(new) if new is not None else None
            if added is not None:
                declared.link(entity, added)
        self._told(entity, prop, old, new)

    def find(self, name: str) -> Entity | None:
        """Return the object of a name, if it is known."""
        return self.model.find(name, Entity)

    def player(self, nickname: str) -> Any:
        """Return the assets of the player of that name, ``None`` while nobody knows of them."""
        users = self.game.users if self.game is not None else ()
        return next((a for a in users if not a.visitor and a.user and a.user.nickname == nickname), None)

    def _object(self, name: str) -> Entity | None:
        found = self.model.find(name, Entity)
        kind = self._entities.get(name.partition("@")[0])
        if found is not None or kind is None:
            return found
        self.model.next = name
        found = self._made(kind)
        if isinstance(found, GameRoot):
            self.game = found  # type: ignore[assignment]
        return found

    def _made(self, kind: type[Entity]) -> Entity:
        """Return a new object; for classes that want to be told more than their world."""
        return kind(self.model)

    def _told(self, entity: Entity, prop: str, old: str | None, new: str | None) -> None:
        """Note what a game remembers of its events beyond its objects."""


def _value(default: object, text: str | None) -> Any:
    """Return the value of a text, of the type that the property's default has."""
    if text is None:
        return None
    if isinstance(default, StrEnum):
        return type(default)(text)
    if isinstance(default, bool):
        return text == "true"
    if isinstance(default, int | float):
        return type(default)(text)
    return int(text) if default is None and text.isdigit() else text

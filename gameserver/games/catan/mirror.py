"""The game's own objects on a client's side, rebuilt from the events it receives and from nothing else.

Because they are objects of the same classes, the rules that say what is possible work on them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from gameserver.games.catan import model
from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.participants import Team, User

_CLASSES: Mapping[str, type[Entity]] = {
    kind.__name__: kind
    for kind in (
        *(model.SettlersOfCatanGame, model.UserAssets, model.Card, model.ProgressCard, User, Team),
        *(model.Map, model.Field, model.Intersection, model.Border, model.Harbor),
        *(model.Settlement, model.City, model.CityWall, model.Metropolis, model.Road, model.Knight),
        *(model.Robber, model.Merchant, model.Barbarian),
    )
}

#: The to-many properties of the objects of this game, as they are named in events.
COLLECTIONS = frozenset(
    prop.wire for kind in _CLASSES.values() for prop in kind.properties if isinstance(prop, ToMany)
)

_BY_WIRE: Mapping[type[Entity], Mapping[str, Any]] = {
    kind: {prop.wire: prop for prop in kind.properties} for kind in _CLASSES.values()
}


class _Names(Model):
    """A world whose objects have the names somebody else gave them."""

    def __init__(self) -> None:
        super().__init__()
        self.next = ""

    def name(self, entity: Entity) -> str:
        """Return the name that is due."""
        self._objects[self.next] = entity
        return self.next


class Mirror:
    """Objects by their id, kept by ``apply``. Ids of classes this game does not have are passed over."""

    def __init__(self) -> None:
        self.model = _Names()
        #: What the server itself said, for somebody else to take.
        self.heard: list[str] = []
        #: The turns begun since the first event, for what a knight may do once a turn.
        self.turns = 0
        self._participants = 0
        self._root: model.SettlersOfCatanGame | None = None

    def apply(self, source: str, prop: str, old: str | None, new: str | None) -> None:
        """Take in one event: ``@src``, ``@prop``, ``@ov``, ``@nv``, with ``None`` for a key that is left out."""
        if source == "SERVER" and prop == "USER_MESSAGE" and new is not None:
            self.heard.append(new)
            return
        entity = self._object(source)
        declared = _BY_WIRE[type(entity)].get(prop) if entity is not None else None
        if entity is None or declared is None:
            return
        if isinstance(declared, Attribute):
            self._note(entity, prop, old, new)
            setattr(entity, declared.name, _value(declared.default, new))
            return
        before = self._object(old) if old is not None else None
        after = self._object(new) if new is not None else None
        if before is not None and before in declared.values(entity):
            declared.unlink(entity, before)
        if isinstance(declared, ToOne):
            entity.__dict__[declared.slot] = after
        elif after is not None:
            declared.link(entity, after)
        if prop == "currentUser" and after is not None:
            self.turns += 1

    def find(self, name: str) -> Entity | None:
        """Return the object of a name, if it is known."""
        return self.model.find(name, Entity)

    @property
    def game(self) -> model.SettlersOfCatanGame | None:
        """The game, once it is known."""
        return self._root

    def _object(self, name: str) -> Entity | None:
        found = self.model.find(name, Entity)
        kind = _CLASSES.get(name.partition("@")[0])
        if found is not None or kind is None:
            return found
        self.model.next = name
        if kind is model.UserAssets:
            self._participants += 1
            return model.UserAssets(self.model, self._participants)
        if kind is model.Card or kind is model.ProgressCard:
            return kind(self.model, 0)
        made = kind(self.model)
        if isinstance(made, model.SettlersOfCatanGame):
            self._root = made
        return made

    def _note(self, entity: Entity, prop: str, old: str | None, new: str | None) -> None:
        """Remember when a knight was activated or promoted: events say that it happens, dumps do not say when."""
        if isinstance(entity, model.Knight) and old is not None:
            if prop == "active" and new == "true":
                entity.activated_turn = self.turns
            elif prop == "level":
                entity.promoted_turn = self.turns


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

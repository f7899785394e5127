"""Observable game objects: what changes is recorded, and any graph of objects can be dumped.

The grammar is the one of the recorded event streams of the Kassel server family:

* an attribute change carries the old and the new value;
* a reference that changes from x to y is a removal followed by an addition, and both ends of an association
  report their own change;
* a new object is introduced by a snapshot of itself before the change that hangs it into the known model;
* a dump walks the graph depth first: all values of a property, then the objects behind it, then the next property.

Python names are snake_case; the wire name of a property is its camelCase form (``meeple_positions`` is
``meeplePositions``) unless it has another. Properties are dumped in the order of their declaration, base classes
first; one that a subclass declares again stands in its place there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, overload

import attrs

if TYPE_CHECKING:
    from typing import Self

T = TypeVar("T")
E = TypeVar("E", bound="Entity")

#: Who may see something: ``None`` is everybody, a number is the one seat that may.
Audience = int | None


@attrs.define(eq=True, slots=True)
class Change:
    """One event of a model: a property of an object got a value, lost one, or both.

    ``old`` and ``new`` are plain values or entities, ``None`` where there is none. ``snapshot`` marks the lines
    of a dump (there a property without a value is listed with neither). ``lossy`` marks values of which only the
    latest counts, so that a slow reader may be spared those in between. ``audience`` is who may see it.
    """

    source: Entity
    prop: str
    old: Any = None
    new: Any = None
    snapshot: bool = False
    lossy: bool = False
    audience: Audience = None


@attrs.define(slots=True)
class Message:
    """A sentence of the game itself to one seat (or, with ``seat`` None, to everybody): a prompt or a remark."""

    seat: Audience
    text: str


class Model:
    """The world one match lives in: it names the objects and keeps what happened since it was last asked.

    Names depend on nothing but ``seed`` and the order of creation, so that a replay gives every object the
    name it had.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed & 0xFFFFFFFF
        self._count = 0
        self._objects: dict[str, Entity] = {}
        self.output: list[Change | Message] = []

    def name(self, entity: Entity) -> str:
        """Return a fresh ``Class@hex`` name; the number is a 32 bit mix that never repeats within a model."""
        while True:
            self._count += 1
            value = (self._count * 0x9E3779B1 + self._seed) & 0xFFFFFFFF
            # An odd multiplier and xor-shifts are bijections, so different counts give different numbers.
            value ^= value >> 15
            value = value * 0x85EBCA6B & 0xFFFFFFFF
            value ^= value >> 13
            if value:
                break
        name = f"{type(entity).__name__}@{value:x}"
        self._objects[name] = entity
        return name

    def find(self, name: str, kind: type[E]) -> E | None:
        """Return the object of that name if it exists and is of that kind."""
        found = self._objects.get(name)
        return found if isinstance(found, kind) else None

    def forget(self, entity: Entity) -> None:
        """Drop a dead object from the index, so that a long match does not grow with its dead."""
        self._objects.pop(entity.id, None)

    def say(self, seat: Audience, text: str) -> None:
        """Record a sentence to one seat; it is told behind all the changes of the same moment."""
        self.output.append(Message(seat, text))

    def take(self) -> list[Change | Message]:
        """Return what happened since the last call, and forget it: the changes in order, then what was said.

        Whoever is asked something knows by then everything that the question follows from.
        """
        taken, self.output = self.output, []
        changes: list[Change | Message] = [item for item in taken if isinstance(item, Change)]
        return changes + [item for item in taken if isinstance(item, Message)]


class _Property(ABC):
    """What attributes and associations share: a name, a wire name, a slot in the object."""

    lossy = False
    wire = ""

    def __set_name__(self, owner: type[Entity], name: str) -> None:
        self.name = name
        if not self.wire:
            head, *tail = name.split("_")
            self.wire = head + "".join(part.capitalize() for part in tail)
        self.slot = "_" + name

    @abstractmethod
    def values(self, entity: Entity) -> list[Any]:
        """The values of a dump: one entry for a plain value (``None`` included), one an element for many."""


class Attribute(_Property, Generic[T]):
    """A plain value: text, number, truth value, or ``None``. With ``lossy`` only the latest value counts.

    ``wire`` is its name in events where that is not the camelCase form.
    """

    def __init__(self, default: T, *, lossy: bool = False, wire: str = "") -> None:
        self.default = default
        self.lossy = lossy
        self.wire = wire

    @overload
    def __get__(self, entity: None, owner: type[Entity]) -> Self: ...
    @overload
    def __get__(self, entity: Entity, owner: type[Entity]) -> T: ...
    def __get__(self, entity: Entity | None, owner: type[Entity]) -> Self | T:
        if entity is None:
            return self
        return cast("T", entity.__dict__.get(self.slot, self.default))

    def __set__(self, entity: Entity, value: T) -> None:
        state = entity.__dict__
        old = state.get(self.slot, self.default)
        if old == value and type(old) is type(value):
            return
        state[self.slot] = value
        if entity.known:
            entity.model.output.append(
                Change(entity, self.wire, old, value, False, self.lossy, entity.audience(self.name))
            )

    def values(self, entity: Entity) -> list[Any]:
        """See the base class."""
        return [entity.__dict__.get(self.slot, self.default)]


class ToOne(_Property, Generic[E]):
    """A reference to one object or none. ``opposite`` names the property at the other end, if it has one.

    With ``lossy`` an addition and its removal may both be left out for a slow reader.
    """

    def __init__(self, opposite: str | None = None, *, lossy: bool = False) -> None:
        self.opposite = opposite
        self.lossy = lossy

    @overload
    def __get__(self, entity: None, owner: type[Entity]) -> Self: ...
    @overload
    def __get__(self, entity: Entity, owner: type[Entity]) -> E | None: ...
    def __get__(self, entity: Entity | None, owner: type[Entity]) -> Self | E | None:
        if entity is None:
            return self
        return cast("E | None", entity.__dict__.get(self.slot))

    def __set__(self, entity: Entity, value: E | None) -> None:
        old = entity.__dict__.get(self.slot)
        if old is value:
            return
        if old is not None:
            self.unlink(entity, old)
            if self.opposite:
                old.property(self.opposite).unlink(old, entity)
        if value is not None:
            if self.opposite:
                other = value.property(self.opposite)
                # A to-one at the other end can hold only one of us: it lets go of its old partner first.
                if isinstance(other, ToOne):
                    partner = value.__dict__.get(other.slot)
                    if partner is not None:
                        other.__set__(value, None)
                _link_both(entity, self, value, other)
            else:
                _link_one(entity, self, value)

    def link(self, entity: Entity, value: Entity) -> None:
        """Set this end only and say so if the object is known."""
        entity.__dict__[self.slot] = value
        _record(entity, self, None, value)

    def unlink(self, entity: Entity, value: Entity) -> None:
        """Clear this end only and say so if the object is known."""
        entity.__dict__[self.slot] = None
        _record(entity, self, value, None)

    def values(self, entity: Entity) -> list[Any]:
        """See the base class."""
        return [entity.__dict__.get(self.slot)]


class Collection(Generic[E]):
    """The many end of an association, in the order of adding. Changes go through ``add`` and ``remove``."""

    __slots__ = ("_items", "_owner", "_prop")

    def __init__(self, owner: Entity, prop: ToMany[E]) -> None:
        self._owner = owner
        self._prop = prop
        self._items: dict[E, None] = {}

    def __iter__(self) -> Iterator[E]:
        return iter(tuple(self._items))

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __getitem__(self, index: int) -> E:
        return tuple(self._items)[index]

    def add(self, item: E) -> None:
        """Add an object; both ends record it. Adding it twice changes nothing."""
        if item in self._items:
            return
        if self._prop.opposite:
            other = item.property(self._prop.opposite)
            if isinstance(other, ToOne):
                other.__set__(item, None)
            _link_both(self._owner, self._prop, item, other)
        else:
            _link_one(self._owner, self._prop, item)

    def remove(self, item: E) -> None:
        """Remove an object; both ends record it. Removing what is not there changes nothing."""
        if item not in self._items:
            return
        self._prop.unlink(self._owner, item)
        if self._prop.opposite:
            item.property(self._prop.opposite).unlink(item, self._owner)


class ToMany(_Property, Generic[E]):
    """References to any number of objects. ``opposite`` names the property at the other end, if it has one.

    With ``lossy`` an addition and the removal of the same element may both be left out for a slow reader.
    """

    def __init__(self, opposite: str | None = None, *, lossy: bool = False) -> None:
        self.opposite = opposite
        self.lossy = lossy

    @overload
    def __get__(self, entity: None, owner: type[Entity]) -> Self: ...
    @overload
    def __get__(self, entity: Entity, owner: type[Entity]) -> Collection[E]: ...
    def __get__(self, entity: Entity | None, owner: type[Entity]) -> Self | Collection[E]:
        if entity is None:
            return self
        state = entity.__dict__
        found = state.get(self.slot)
        if found is None:
            found = state[self.slot] = Collection(entity, self)
        return cast("Collection[E]", found)

    def link(self, entity: Entity, value: Entity) -> None:
        """Add at this end only and say so if the object is known."""
        self.__get__(entity, type(entity))._items[cast("E", value)] = None
        _record(entity, self, None, value)

    def unlink(self, entity: Entity, value: Entity) -> None:
        """Remove at this end only and say so if the object is known."""
        self.__get__(entity, type(entity))._items.pop(cast("E", value), None)
        _record(entity, self, value, None)

    def values(self, entity: Entity) -> list[Any]:
        """See the base class."""
        return list(self.__get__(entity, type(entity)))


Association = ToOne[Any] | ToMany[Any]


class Entity:
    """A game object. Subclasses declare ``Attribute``, ``ToOne`` and ``ToMany`` properties.

    ``known`` says whether the object has been announced: until then its changes are nobody's business.
    """

    properties: ClassVar[tuple[_Property, ...]] = ()
    _by_name: ClassVar[dict[str, _Property]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found: dict[str, _Property] = {}
        for base in reversed(cls.__mro__):
            for name, prop in vars(base).items():
                if isinstance(prop, _Property):
                    # What a class declares anew stands where that class has it.
                    found.pop(name, None)
                    found[name] = prop
        cls.properties = tuple(found.values())
        cls._by_name = found

    def __init__(self, model: Model, **values: Any) -> None:
        """Create an object in ``model``; ``values`` are given by Python name, plain ones set before links."""
        self.model = model
        self.id = model.name(self)
        self.known = False
        ordered = sorted(values.items(), key=lambda item: not isinstance(self.property(item[0]), Attribute))
        for name, value in ordered:
            setattr(self, name, value)

    def __repr__(self) -> str:
        return self.id

    @classmethod
    def property(cls, name: str) -> Any:
        """Return the declared property of that Python name; ``KeyError`` if there is none."""
        return cls._by_name[name]

    def audience(self, name: str) -> Audience:
        """Say who may see a property (by Python name): ``None`` for everybody, or one seat.

        The answer for an object must not change while it exists: what is to become public is made anew.
        """
        return None

    def announce(self) -> None:
        """Make the object known: record a snapshot of it and of every unknown object behind it."""
        if not self.known:
            self.model.output.extend(_walk(self, _announced, lambda _: True))


def _record(entity: Entity, prop: Association, old: Entity | None, new: Entity | None) -> None:
    if not entity.known:
        return
    if new is not None and not new.known:
        new.announce()
    entity.model.output.append(Change(entity, prop.wire, old, new, False, prop.lossy, entity.audience(prop.name)))


def _link_one(entity: Entity, prop: Association, value: Entity) -> None:
    prop.link(entity, value)


def _link_both(entity: Entity, prop: Association, value: Entity, other: Association) -> None:
    # The unknown end is linked first: its snapshot then already shows where it belongs.
    if entity.known and not value.known:
        other.link(value, entity)
        prop.link(entity, value)
    else:
        prop.link(entity, value)
        other.link(value, entity)


def _walk(root: Entity, seen: Callable[[Entity], bool], shown: Callable[[Audience], bool]) -> list[Change]:
    """Depth first: the values of a property, then each object behind it not ``seen`` yet, then the next property.

    ``seen`` is asked once before an object is entered and remembers it; ``shown`` decides by audience, for the
    lines and for the walk alike.
    """
    lines: list[Change] = []

    def steps(entity: Entity) -> Iterator[Entity]:
        for prop in entity.properties:
            audience = entity.audience(prop.name)
            if not shown(audience):
                continue
            values = prop.values(entity)
            for value in values:
                lines.append(Change(entity, prop.wire, None, value, True, prop.lossy, audience))
            for value in values:
                if isinstance(value, Entity):
                    yield value

    seen(root)
    # A stack of iterators instead of recursion: boards are deeper than Python's limit.
    stack = [steps(root)]
    while stack:
        target = next(stack[-1], None)
        if target is None:
            stack.pop()
        elif not seen(target):
            stack.append(steps(target))
    return lines


def _announced(entity: Entity) -> bool:
    was, entity.known = entity.known, True
    return was


def dump(root: Entity, viewer: Audience) -> list[Change]:
    """Return the whole graph behind ``root`` as ``viewer`` (a seat, or ``None`` for a visitor) may see it.

    What may not be seen is not walked into either.
    """
    visited: set[str] = set()

    def seen(entity: Entity) -> bool:
        if entity.id in visited:
            return True
        visited.add(entity.id)
        return False

    return _walk(root, seen, lambda audience: audience is None or audience == viewer)

"""One side of a game: what its stream told, and a look-out for what it must not tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gameserver.games.catan.game import Catan
from gameserver.games.catan.model import UserAssets
from gameserver.games.catan.reading import ENTITIES
from gameserver.games.entity import Audience, Change, Message
from gameserver.games.mirror import collections
from gameserver.testing.game_events import dumped, feed, lines, replica_of

SECRET = re.compile(r"(?:Progress)?Card@[0-9a-f]+")

COLLECTIONS = collections(ENTITIES)


class Watcher:
    """One seat's or visitor's side: what the stream told it, and a look-out for what it must not tell."""

    def __init__(self, game: Catan, viewer: Audience) -> None:
        self.game = game
        self.viewer = viewer
        self.replica = replica_of(game.root, COLLECTIONS, viewer)
        self.leaks: list[str] = []
        self.look(str(dumped(game.root, viewer)), self.own())

    def own(self) -> set[str]:
        """The ids of the cards this viewer may know of."""
        found = {card.id for user in self.game.root.users for card in user.victory_cards}
        me = self.me()
        if me is not None:
            held = [*me.cards, *me.progress_cards, *me.revealed_cards, *me.revealed_progress_cards]
            found.update(card.id for card in held)
        return found

    def look(self, text: str, allowed: set[str]) -> None:
        self.leaks.extend(name for name in SECRET.findall(text) if name not in allowed)

    def take(self, happened: Sequence[Change | Message], before: set[str]) -> None:
        """Take in what happened; ``before`` are the cards known until then, which may be told to be gone."""
        stream = lines(happened, self.viewer)
        feed(self.replica, stream)
        # A card that came and went within one step is its owner's too: its own snapshot says whose.
        mine = {s for s, p, _, new in stream if p == "userAssets" and new and self.is_me(new)}
        copies = {new for s, p, _, new in stream if p.startswith("revealed") and new and self.is_me(s)}
        opened = {new for _, p, _, new in stream if p == "victoryCards" and new}
        closed = {old for _, p, old, _ in stream if p == "victoryCards" and old}
        allowed = before | self.own() | mine | copies | opened | closed
        self.look(str(stream), allowed)
        for entry in happened:
            if isinstance(entry, Message) and entry.seat in (None, self.viewer):
                self.look(entry.text, allowed)

    def is_me(self, name: str) -> bool:
        me = self.me()
        return me is not None and me.id == name

    def me(self) -> UserAssets | None:
        return None if self.viewer is None else self.game._seats.get(self.viewer)

"""What operators look up on the site: people and matches by a part of their name, and all about one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import msgspec
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, argument
from gameserver.edge.http.people import actor, operator
from gameserver.errors import Code, GameError
from gameserver.matches.store import Summary
from gameserver.moderation import MODERATORS
from gameserver.moderation.rule import Actor, allowed
from gameserver.moderation.store import Sanction
from gameserver.reactor import wall
from gameserver.sessions.players import name_key
from gameserver.web.connections import connections
from gameserver.web.own_account import everything_of
from gameserver.web.status import people

#: Players and matches that a search finds at most, rows of each kind in the view of a player, longest text.
FOUND, LATEST, LONGEST = 50, 20, 80

#: What administrators see of somebody: it says nothing of what they have done to others.
PRIVATE = frozenset({"tokens", "friends", "techmino_saves", "wallet", "open_bets", "bets", "seeds"})


class Players:
    """Makes the resources."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def resources(self) -> dict[str, JsonResource]:
        """Return the resources by path."""
        return {
            "api/operator/search": JsonResource(GET=self._search),
            "api/operator/player": JsonResource(GET=self._player),
            "api/operator/export": JsonResource(GET=self._export),
            "api/operator/match": JsonResource(GET=self._match),
        }

    async def _search(self, request: Request) -> object:
        await operator(self._context, request, *MODERATORS)
        text = _text(request, "q")
        return {
            "players": await self._people(text),
            "matches": [_shown(found) for found in await self._context.stores.matches.search(text, FOUND)],
        }

    async def _people(self, text: str) -> list[dict[str, Any]]:
        """Return who has a name, an e-mail address or a connection with that text in it, or is muted or banned."""
        key = name_key(text)
        accounts = {one.player.key: one for one in await self._context.accounts.search(text, FOUND)}
        names = {found: account.name for found, account in accounts.items()}
        here = {one.name: one for one in people(self._context.sessions, self._context.directory)}
        names |= {name_key(name): name for name in here if key in name_key(name)}
        for connected in await connections(self._context):
            if connected["player"] is not None and text in connected["address"]:
                names.setdefault(name_key(connected["player"]), connected["player"])
        for subject in map(_sanctioned, await self._sanctions()):
            if key in subject:
                names.setdefault(subject, subject)
        doors = {name_key(name): one.protocols for name, one in here.items()}
        found = []
        for one, name in sorted(names.items())[:FOUND]:
            account = accounts.get(one) or await self._context.accounts.by_name(name)
            found.append({"name": name, "role": _role(account), "doors": doors.get(one, [])})
        return found

    async def _sanctions(self) -> list[Sanction]:
        """Return the mutes and bans of people that are in force."""
        now_ms = wall(self._context.reactor) * 1000
        every = await self._context.moderation.sanctions()
        in_force = (one for one in every if one.until_ms is None or one.until_ms > now_ms)
        return [one for one in in_force if not one.subject.startswith("address:")]

    async def _player(self, request: Request) -> object:
        asker = await operator(self._context, request, *MODERATORS)
        name = _text(request, "name")
        context, key = self._context, name_key(name)
        account = await context.accounts.by_name(name)
        here = {name_key(one.name): one for one in people(context.sessions, context.directory)}
        sanctions = [one for one in await self._sanctions() if _sanctioned(one) == key]
        if account is None and key not in here and not sanctions:
            raise GameError(Code.NO_ACCOUNT, f"Nobody is called {name} here.")
        present = here.get(key)
        kept = await self._kept(account, asker)
        return {
            "name": account.name if account else present.name if present else name,
            "role": _role(account),
            "doors": present.protocols if present else [],
            "acts": _acts(actor(asker, request), name, account, sanctions, here=present is not None),
            "sessions": await connections(context, name),
            "playing": [one for one in context.open_matches() if key in map(name_key, one["players"])],
            **kept,
            "sanctions": list(map(attrs.asdict, sanctions)),
        }

    async def _kept(self, account: Account | None, asker: Account) -> dict[str, Any]:
        """Return the latest of what is kept of an account, as far as that is for who asks."""
        found = await self._context.stores.personal.export(account.id, LATEST) if account is not None else None
        if found is None:
            return {}
        if asker.role == "admin":
            return dict(found)
        shown: dict[str, Any] = {name: rows for name, rows in found.items() if name not in PRIVATE}
        fields: dict[str, object] = msgspec.json.decode(found["account"]) if "account" in found else {}
        shown["account"] = {name: value for name, value in fields.items() if name != "email"}
        return shown

    async def _export(self, request: Request) -> object:
        asker = await operator(self._context, request, *MODERATORS)
        name = _text(request, "name")
        account = await self._context.accounts.by_name(name)
        if account is None:
            raise GameError(Code.NO_ACCOUNT, f"Nobody is called {name} here.")
        await self._context.moderation.export(account, actor(asker, request))
        return await everything_of(self._context, account)

    async def _match(self, request: Request) -> object:
        await operator(self._context, request, *MODERATORS)
        number = _text(request, "id")
        found = None
        if number.isascii() and number.isdecimal() and len(number) < 10:
            found = await self._context.stores.matches.holding(int(number))
        if found is None:
            raise GameError(Code.NO_GAME, f"There is no match {number}.")
        now = next((one for one in self._context.open_matches() if one.get("id") == found.summary.header.id), None)
        header = found.summary.header
        return {
            **_shown(found.summary),
            "creator": header.creator,
            "options": attrs.asdict(header.options),
            "owner": found.owner,
            "here": found.owner == self._context.relays.node,
            "epoch": header.epoch,
            "lines": found.lines,
            "last_ms": found.last_ms,
            "running": bool(now and now["running"]),
            "seated": now["players"] if now else [],
        }


def _acts(by: Actor, name: str, account: Account | None, sanctions: Iterable[Sanction], *, here: bool) -> list[str]:
    """Return what somebody may do to a player now; nothing else is offered."""
    possible = ["mute", "ban"]
    possible += ["kick"] if here else []
    possible += [f"lift_{kind}" for kind in sorted({one.kind for one in sanctions})]
    possible += ["revoke", "reset", "export", "delete"] if account is not None else []
    role = account.role if account is not None else None
    return [act for act in possible if allowed(by, act.replace("_", " "), name, role)]


def _sanctioned(sanction: Sanction) -> str:
    """Return the name, without case, of whom a mute or a ban is."""
    what = sanction.subject.partition(":")[2]
    return what.rpartition("@")[0] if sanction.subject.startswith("guest:") else what


def _role(account: Account | None) -> str | None:
    """Return an account's role; ``None`` for who has none, or only a test player's."""
    return account.role if account is not None else None


def _text(request: Request, name: str) -> str:
    text = argument(request, name).strip()
    if not 1 <= len(text) <= LONGEST:
        raise GameError(Code.BAD_REQUEST, f"{name} has 1 to {LONGEST} characters.")
    return text


def _shown(found: Summary) -> dict[str, Any]:
    header = found.header
    return {
        "id": header.id,
        "game": header.kind,
        "name": header.options.name,
        "players": list(found.players),
        "winner": found.winner,
        "created_ms": header.created_ms,
        "finished_ms": found.finished_ms,
    }

"""Profiles, leaderboards, friends: what people have played, as far as they let others see it."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource, argument, body
from gameserver.edge.http.people import who
from gameserver.errors import Code, GameError
from gameserver.matches.standings import Profile, Standing, StandingStore
from gameserver.moderation import MODERATORS
from gameserver.net.http import header
from gameserver.sessions.players import name_key
from gameserver.web.status import people

#: Results on a page of a profile, and places of a leaderboard.
PAGE, LEADERS = 20, 50


class Own(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/profile``."""

    hidden: bool


class Friend(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/friends``: whether an account is to be among one's friends."""

    name: str
    friend: bool


class Profiles:
    """Makes the resources."""

    def __init__(self, context: Context, store: StandingStore) -> None:
        self._context = context
        self._store = store

    def resources(self) -> dict[str, JsonResource]:
        """Return the resources by path."""
        return {
            "api/profile": JsonResource(GET=self._profile, POST=self._change),
            "api/leaders": JsonResource(GET=self._leaders),
            "api/friends": JsonResource(GET=self._friends, POST=self._befriend),
        }

    async def _asker(self, request: Request) -> Account | None:
        """Return who asks, ``None`` for somebody without a token."""
        return await who(self._context, request) if header(request, b"Authorization") else None

    async def _profile(self, request: Request) -> object:
        asker = await self._asker(request)
        name, offset = argument(request, "name"), argument(request, "offset", "0")
        if not (offset.isascii() and offset.isdecimal() and len(offset) <= 6):
            raise GameError(Code.BAD_REQUEST, "offset is a whole number.")
        profile = await self._store.profile(name)
        if profile is None:
            raise GameError(Code.NO_ACCOUNT, f"There is no account {name[:80]}.")
        own = asker is not None and asker.id == profile.account
        friend = asker is not None and profile.name in await self._store.friends(asker.id)
        shown = {
            "name": profile.name,
            "team": profile.team,
            "motto": profile.motto,
            "hidden": profile.hidden,
            "own": own,
            "friend": friend,
            "doors": self._protocols().get(name_key(profile.name)),
        }
        if profile.hidden and not own and (asker is None or asker.role not in MODERATORS):
            return shown
        found = await self._store.results(profile.name, PAGE + 1, int(offset))
        return shown | _games(profile) | {"results": list(map(attrs.asdict, found[:PAGE])), "more": len(found) > PAGE}

    async def _change(self, request: Request) -> object:
        asker = await who(self._context, request)
        wanted = body(request, Own)
        await self._store.hide(asker.id, wanted.hidden)
        return {"hidden": wanted.hidden}

    async def _leaders(self, request: Request) -> object:
        games = await self._store.games()
        game = argument(request, "game")
        leaders = await self._store.leaders(game, LEADERS) if game in games else []
        return {"games": games, "leaders": [{"name": one.name, **_standing(one)} for one in leaders]}

    async def _friends(self, request: Request) -> object:
        asker = await who(self._context, request)
        protocols = self._protocols()
        names = await self._store.friends(asker.id)
        return {"friends": [{"name": name, "doors": protocols.get(name_key(name))} for name in names]}

    async def _befriend(self, request: Request) -> object:
        asker = await who(self._context, request)
        wanted = body(request, Friend)
        other = await self._context.accounts.by_name(wanted.name)
        if other is None:
            raise GameError(Code.NO_ACCOUNT, f"There is no account {wanted.name[:80]}.")
        if other.id == asker.id:
            raise GameError(Code.BAD_REQUEST, "Nobody is among their own friends.")
        await self._store.befriend(asker.id, other.id, wanted.friend)
        return {"name": other.name, "friend": wanted.friend}

    def _protocols(self) -> dict[str, list[str]]:
        """Return the protocols at which people are, by name without case; guests have no profile."""
        return {
            name_key(one.name): one.protocols
            for one in people(self._context.sessions, self._context.directory)
            if not one.guest
        }


def profile_pages(context: Context, store: StandingStore) -> dict[str, JsonResource]:
    """Return the resources by path."""
    return Profiles(context, store).resources()


def _games(profile: Profile) -> dict[str, Any]:
    return {
        "standings": list(map(_standing, profile.standings)),
        "achievements": list(map(attrs.asdict, profile.reached)),
        "bets": list(map(attrs.asdict, profile.bets)),
    }


def _standing(found: Standing) -> dict[str, Any]:
    """Return a standing; who has no rated game has no rating."""
    shown: dict[str, Any] = {"game": found.game, "played": found.played, "won": found.won, "rated": found.rated}
    if found.rated:
        shown |= {"rating": round(found.rating.rating), "deviation": round(found.rating.deviation)}
    return shown

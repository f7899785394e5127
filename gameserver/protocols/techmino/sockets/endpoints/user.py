"""/user: logging in, tokens, who somebody is."""

from __future__ import annotations

import hashlib

import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.identities import ACCESS, AUTH, Identity
from gameserver.protocols.techmino.shared import Client, Handlers, TechminoShared
from gameserver.protocols.techmino.sockets import encoders
from gameserver.protocols.techmino.sockets.endpoints.endpoint import Endpoint, incomplete
from gameserver.protocols.techmino.sockets.messages import Credentials, GetAccessToken, GetInfo, Load, Save


async def identify(shared: TechminoShared, asked: Credentials, address: str) -> Identity:
    """Accept uid and authToken, or e-mail and password; the latter gets a new authToken."""
    if asked.uid is not None and asked.auth_token:
        return Identity(await shared.identities.by_token(asked.uid, asked.auth_token, AUTH))
    if asked.email and asked.password:
        return await shared.identities.by_password(asked.email, asked.password, address)
    raise incomplete("uid and authToken, or email and password")


class UserHandlers:
    """Somebody who has logged in."""

    def __init__(self, client: Client, _older: Handlers | None) -> None:
        self._client = client
        self._uid = client.identity.account.id
        client.deliver(encoders.message("Connect", **client.identity.told))

    def disconnected(self, *, for_good: bool) -> None:
        """There is nothing to leave."""

    async def get_access_token(self, _asked: GetAccessToken) -> None:
        """0: a new accessToken; the older one ends."""
        token = await self._client.shared.identities.new_token(self._client.identity.account, ACCESS)
        self._client.deliver(encoders.reply(0, accessToken=token))

    async def get_info(self, asked: GetInfo) -> None:
        """1: number, name, motto, and the avatar if the asker has another one or none.

        Never an avatar without its hash: the client keeps the picture under it.
        """
        data = asked.data
        account = await self._client.shared.identities.account(self._uid if data.uid is msgspec.UNSET else data.uid)
        short: dict[str, object] = {"uid": account.id, "username": account.name}
        info = {**short, "motto": account.motto}
        if data.hash is not False and account.avatar:
            digest = hashlib.sha256(account.avatar.encode("utf-8", "replace")).hexdigest()
            if data.hash != digest:
                info |= {"hash": digest, "avatar": account.avatar}
        # The document's short form has the fields at the top; clients of every release read them under ``data``.
        top = short if data.hash is False else {}
        self._client.deliver(encoders.reply(1, **top, data=info))

    async def save(self, asked: Save) -> None:
        """2: keep some sections; answered when they are on disk."""
        limit = self._client.shared.config.save_bytes
        sections = {one.section: one.data for one in asked.data.sections}
        if any(len(data) > limit or not data.isascii() or "\x00" in data for data in sections.values()):
            raise GameError(Code.TOO_LONG, f"A section has at most {limit} characters of ASCII")
        self._reads_close_frames()
        await self._client.shared.context.stores.saves.keep_sections(self._uid, sections)
        self._client.deliver(encoders.reply(2))

    async def load(self, asked: Load) -> None:
        """3: the sections that are asked for, all of them or none: the client crashes when one is missing."""
        self._reads_close_frames()
        kept = await self._client.shared.context.stores.saves.sections_of(self._uid)
        if not all(section in kept for section in asked.data.sections):
            raise GameError(Code.NOT_FOUND, "You have saved nothing here")
        sections = [{"section": section, "data": kept[section]} for section in asked.data.sections]
        self._client.deliver(encoders.reply(3, data={"sections": sections}))

    def _reads_close_frames(self) -> None:
        """Note that the release is 0.15.3 or later: no other saves here."""
        self._client.goes_on_after_close_frames()


USER = Endpoint(
    "user",
    identify,
    UserHandlers,
    {
        GetAccessToken: UserHandlers.get_access_token,
        GetInfo: UserHandlers.get_info,
        Save: UserHandlers.save,
        Load: UserHandlers.load,
    },
)

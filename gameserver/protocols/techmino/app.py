"""/app: versions, the notice, registering. Nobody needs to log in."""

from __future__ import annotations

from gameserver.protocols.techmino import encoders
from gameserver.protocols.techmino.channel import TechminoChannel
from gameserver.protocols.techmino.endpoint import Client, Endpoint
from gameserver.protocols.techmino.logins import Identity
from gameserver.protocols.techmino.messages import GetNotice, GetVersion, Register


class AppClient:
    """A game that has been started."""

    def __init__(self, channel: TechminoChannel, _identity: Identity | None, _older: Client | None) -> None:
        self._channel = channel
        self._config = config = channel.shared.config
        # The real client needs every one of these.
        connect = {
            "newestCode": config.newest_code,
            "newestName": config.newest_name,
            "lowest": config.lowest_code,
            "notice": config.notice,
        }
        channel.deliver(encoders.message("Connect", **connect))

    def leave(self, for_good: bool) -> None:
        """There is nothing to leave."""

    def get_version(self, asked: GetVersion) -> None:
        """0: the newest version, and unless ``newestOnly`` the lowest one that is let in, and the notice."""
        config = self._config
        newest = {"code": config.newest_code, "name": config.newest_name, "content": config.newest_content}
        keys: dict[str, object] = {"newest": newest}
        if not asked.data.newest_only:
            keys["least"] = {
                "code": config.lowest_code,
                "name": config.lowest_name,
                "content": config.lowest_content,
            }
            keys["notice"] = config.notice
        self._channel.deliver(encoders.reply(0, **keys))

    def get_notice(self, _asked: GetNotice) -> None:
        """1: the notice."""
        self._channel.deliver(encoders.reply(1, notice=self._config.notice))

    async def register(self, asked: Register) -> None:
        """2: make an account; the client shows ``data.message``."""
        channel, data = self._channel, asked.data
        account = await channel.shared.logins.register(data.username, data.email, data.password, channel.address)
        text = f"Welcome, {account.name}! You can log in now."
        channel.deliver(encoders.reply(2, data={"message": text, "uid": account.id}))


APP = Endpoint(
    "app",
    None,
    AppClient,
    {GetVersion: AppClient.get_version, GetNotice: AppClient.get_notice, Register: AppClient.register},
)

"""/app: versions, the notice, registering. Nobody needs to log in."""

from __future__ import annotations

from gameserver.errors import GameError
from gameserver.protocols.techmino.shared import TECHMINO, Client, Handlers
from gameserver.protocols.techmino.sockets import encoders
from gameserver.protocols.techmino.sockets.endpoints.endpoint import Endpoint
from gameserver.protocols.techmino.sockets.messages import CountPlayers, GetNotice, GetVersion, Register


class AppHandlers:
    """A game that has been started."""

    def __init__(self, client: Client, _older: Handlers | None) -> None:
        self._client = client
        self._config = config = client.shared.config
        # The real client needs every one of these.
        connect = {
            "newestCode": config.newest_code,
            "newestName": config.newest_name,
            "lowest": config.lowest_code,
            "notice": config.notice,
        }
        client.deliver(encoders.message("Connect", **connect))

    def disconnected(self, *, for_good: bool) -> None:
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
        self._client.deliver(encoders.reply(0, **keys))

    def get_notice(self, _asked: GetNotice) -> None:
        """1: the notice."""
        self._client.deliver(encoders.reply(1, notice=self._config.notice))

    async def register(self, asked: Register) -> None:
        """2: make an account; the client shows ``data.message``.

        A refusal is no Warn as elsewhere: that would lock the button of the screen until the game is started again.
        """
        client, data = self._client, asked.data
        session = client.session
        try:
            account = await client.shared.identities.register(
                data.username, data.email, data.password, client.address, lambda: session.open
            )
        except GameError as error:
            client.shared.metrics.error(TECHMINO, error.code)
            client.deliver(encoders.message("Private", action=2, reason=error.text))
            return
        text = f"Welcome, {account.name}! You can log in now."
        client.deliver(encoders.reply(2, data={"message": text, "uid": account.id}))

    def count_players(self, _asked: CountPlayers) -> None:
        """3: how many players are connected where, with the capital letters that clients read."""
        shared = self._client.shared
        counts = {name.capitalize(): shared.count(name) for name in ("user", "play", "stream", "chat")}
        self._client.deliver(encoders.reply(3, data=counts))


APP = Endpoint(
    "app",
    None,
    AppHandlers,
    {
        GetVersion: AppHandlers.get_version,
        GetNotice: AppHandlers.get_notice,
        Register: AppHandlers.register,
        CountPlayers: AppHandlers.count_players,
    },
)

"""The HTTP side of generation 3, below ``techmino/api/v1`` and ``studio26f/api/v1``: logging in, players, the notice.

The client looks at the JSON body alone: the first digit of ``code`` is 2, or ``message`` says what is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec
from twisted.web.resource import Resource
from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.accounts.seeded import is_seeded
from gameserver.edge.http.json_resource import JsonResource, address, argument, body
from gameserver.errors import Code, GameError
from gameserver.net.http import header, wanted
from gameserver.protocols.techmino.generation3.notices import LANGUAGES, in_language
from gameserver.protocols.techmino.generation3.refusals import BAD_REFRESH_TOKEN, about_accounts
from gameserver.protocols.techmino.generation3.tokens import Tokens
from gameserver.protocols.techmino.shared import TechminoShared

#: Seconds that an attempt after failed ones may be put off; the client waits 6.
LOGIN_TIMEOUT = 4.0

#: What is said to who wants a code by mail: this server sends none.
NO_MAIL = "Make an account or change your password on this server's page; then log in here with address and password."


class Address(msgspec.Struct, frozen=True):
    """Whose seed."""

    email: str


class Login(msgspec.Struct, frozen=True):
    """Who logs in, with the hash of the password, or with a code that was sent by mail."""

    email: str
    password: str | None = None
    code: str | None = None


class AnswerResource(JsonResource):
    """One path: an answer is the ``data`` of a body with ``code`` 200, a refusal has number and message."""

    def __init__(self, **handlers: Callable[[Request], Awaitable[object]]) -> None:
        super().__init__(**{method: _answered(handler) for method, handler in handlers.items()})

    def refusal(self, error: GameError) -> tuple[int, object]:
        """See ``JsonResource``."""
        number, message = about_accounts(error)
        return number, {"code": number, "message": message}


def _answered(handler: Callable[[Request], Awaitable[object]]) -> Callable[[Request], Awaitable[object]]:
    async def answered(request: Request) -> object:
        return {"code": 200, "data": await handler(request)}

    return answered


class RefreshResource(AnswerResource):
    """The path for a new access token: its client is silent about a refresh token that is not valid."""

    def refusal(self, error: GameError) -> tuple[int, object]:
        """See ``JsonResource``."""
        if error.code in (Code.BAD_TOKEN, Code.TOKEN_EXPIRED):
            return 403, {"code": 403, "message": BAD_REFRESH_TOKEN}
        return super().refusal(error)


class Api(Resource):
    """All paths below one prefix; what is not there is refused in JSON, because a client waits for that."""

    isLeaf = True

    def __init__(self, shared: TechminoShared, tokens: Tokens) -> None:
        super().__init__()
        self._shared = shared
        self._accounts = shared.accounts
        self._tokens = tokens
        self._since = datetime.fromtimestamp(shared.now_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        self._nothing = AnswerResource()
        self._paths: dict[str, JsonResource] = {
            "auth/check": AnswerResource(GET=self._check),
            "auth/refresh": RefreshResource(GET=self._refresh),
            "auth/seed/email": AnswerResource(POST=self._seed),
            "auth/login/email": AnswerResource(POST=self._log_in),
            "auth/verify/email": AnswerResource(POST=self._no_mail),
            "auth/reset/email": AnswerResource(PUT=self._no_mail),
            "player/info": AnswerResource(GET=self._info),
            "player/avatar": AnswerResource(GET=self._avatar),
            "notice": AnswerResource(GET=self._notice),
        }

    def render(self, request: Request) -> int | bytes:
        """Let the resource of the path answer."""
        path = b"/".join(request.postpath or []).decode("ascii", "replace")
        return self._paths.get(path, self._nothing).render(request)

    def _check_banned(self, request: Request) -> None:
        self._shared.sessions.check_banned(address(request))

    async def _check(self, request: Request) -> object:
        """Whose token it is: a number after a login with a password, an object after one with a ticket."""
        self._check_banned(request)
        account, by_ticket = await self._tokens.owner(header(request, b"x-access-token"))
        return {"playerId": account.id} if by_ticket else account.id

    async def _refresh(self, request: Request) -> object:
        self._check_banned(request)
        return await self._tokens.refresh(header(request, b"x-refresh-token"))

    async def _seed(self, request: Request) -> object:
        self._check_banned(request)
        email = body(request, Address).email
        return await self._accounts.seed(await self._shared.identities.login(email))

    async def _log_in(self, request: Request) -> object:
        given, host = body(request, Login), address(request)
        self._check_banned(request)
        if given.password is None:
            raise GameError(Code.FORBIDDEN, NO_MAIL)
        if not is_seeded(given.password):
            raise GameError(Code.WRONG_FIELDS, "The password is sent as 64 hex digits.")
        login = await self._shared.identities.login(given.email)
        account = await self._accounts.authenticate(
            login, given.password, host, LOGIN_TIMEOUT, wanted(request), as_seeded=True
        )
        self._shared.sessions.check_name(self._shared.namespace, account.player)
        return await self._tokens.log_in(account)

    async def _no_mail(self, _request: Request) -> object:
        raise GameError(Code.FORBIDDEN, NO_MAIL)

    async def _player(self, request: Request) -> Account:
        number = argument(request, "playerId")
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise GameError(Code.WRONG_FIELDS, "playerId is a whole number.")
        return await self._shared.identities.account(int(number))

    async def _info(self, request: Request) -> object:
        """Who somebody is. Without a picture of their own ``avatar_hash`` is empty, and nobody asks for one."""
        account = await self._player(request)
        return {
            "id": account.id,
            "username": account.name,
            "motto": account.motto,
            "region": 0,
            "avatar_hash": avatar_hash(account),
            "avatar_frame": 0,
            "clan": "",
            "permission": "Normal",
        }

    async def _avatar(self, request: Request) -> object:
        account = await self._player(request)
        if not avatar_hash(account):
            raise GameError(Code.NOT_FOUND, "This player has no picture.")
        return account.avatar

    async def _notice(self, request: Request) -> object:
        language = argument(request, "language")
        text = in_language(self._shared.config.notice, language)
        contents = [{"id": 1, "timestamp": self._since, "content": text}] if text else []
        return {"language": language if language in LANGUAGES else LANGUAGES[-1], "contents": contents}


def avatar_hash(account: Account) -> str:
    """Return under which name a client keeps somebody's picture; empty without one.

    A picture is a ``data:`` URL of an image: the client cuts off what is before the comma, and crashes without one.
    """
    picture = account.avatar or ""
    if not (picture.startswith("data:image/") and "," in picture):
        return ""
    return hashlib.sha256(picture.encode("utf-8", "replace")).hexdigest()

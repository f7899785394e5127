"""Resources that speak JSON: bodies checked against a type, errors as ``{"code", "text"}``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from twisted.internet.defer import ensureDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from gameserver.errors import Code, GameError
from gameserver.net.http import header, wanted

#: Longest body that is read, in bytes.
BODY_LIMIT = 65536

#: What an error code is in HTTP; everything else is 400.
_STATUS = {
    Code.BAD_CREDENTIALS: 401,
    Code.BAD_TOKEN: 401,
    Code.TOKEN_EXPIRED: 401,
    Code.BAD_GAME_TOKEN: 401,
    Code.GAME_TOKEN_EXPIRED: 401,
    Code.FORBIDDEN: 403,
    Code.REGISTRATION_CLOSED: 403,
    Code.BANNED: 403,
    Code.NO_ACCOUNT: 404,
    Code.NOT_ONLINE: 404,
    Code.NOT_FOUND: 404,
    Code.NO_SANCTION: 404,
    Code.UNKNOWN_GAME: 404,
    Code.NO_ROUND: 404,
    Code.NO_GAME: 404,
    Code.METHOD: 405,
    Code.NAME_TAKEN: 409,
    Code.EMAIL_TAKEN: 409,
    Code.ROUND_OPEN: 409,
    Code.TOO_LARGE: 413,
    Code.TOO_FAST: 429,
    Code.TOO_MANY_REQUESTS: 429,
    Code.INTERNAL: 500,
    Code.BUSY: 503,
}

Handler = Callable[[Request], Awaitable[object]]

T = TypeVar("T")


class JsonResource(Resource):
    """One path: a handler a method; what a handler returns is the answer, a ``GameError`` the error."""

    isLeaf = True
    _log = Logger()

    #: What is said to who asks with a method that has no handler.
    UNKNOWN_METHOD = "This path does not know that method."

    def __init__(self, **handlers: Handler) -> None:
        super().__init__()
        self._handlers = handlers

    def refusal(self, error: GameError) -> tuple[int, object]:
        """Return status and body of the answer to what is refused; for pages whose document has words of its own."""
        return _STATUS.get(error.code, 400), {"code": error.code, "text": error.text}

    def render(self, request: Request) -> int | bytes:
        """Run the handler of the request's method and answer when it is done."""
        method = request.method.decode("ascii", "replace")
        # Twisted leaves the body of an answer to HEAD out.
        handler = self._handlers.get("GET" if method == "HEAD" else method)
        if handler is None:
            allowed = ["GET", "HEAD", *self._handlers] if "GET" in self._handlers else list(self._handlers)
            request.setHeader(b"Allow", ", ".join(dict.fromkeys(allowed)).encode())
            return answer(request, *self.refusal(GameError(Code.METHOD, self.UNKNOWN_METHOD)))

        waits = wanted(request)

        def finish(status: int, value: object) -> None:
            # Whoever has gone away needs no answer.
            if waits():
                request.write(answer(request, status, value))
                request.finish()

        async def run() -> None:
            finish(200, await handler(request))

        def failed(failure: Failure) -> None:
            error = failure.value
            if not isinstance(error, GameError):
                self._log.failure("{path}", failure, path=request.path)
                error = GameError(Code.INTERNAL, "Something went wrong here.")
            finish(*self.refusal(error))

        ensureDeferred(run()).addErrback(failed)
        return NOT_DONE_YET


def answer(request: Request, status: int, value: object) -> bytes:
    """Set status and headers of a JSON answer and return its body."""
    request.setResponseCode(status)
    request.setHeader(b"Content-Type", b"application/json; charset=utf-8")
    request.setHeader(b"Cache-Control", b"no-store")
    encoded = msgspec.json.encode(value)
    # Whole, and not in chunks, which not every program reads.
    request.setHeader(b"Content-Length", b"%d" % len(encoded))
    return encoded


def body(request: Request, kind: type[T]) -> T:
    """Return the request's body as ``kind``. Raises ``GameError`` ``too_large`` or ``bad_request``."""
    content = request.content
    data = content.read(BODY_LIMIT + 1) if content is not None else b""
    if len(data) > BODY_LIMIT:
        raise GameError(Code.TOO_LARGE, "The body is too large.")
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise GameError(Code.BAD_REQUEST, f"The body does not fit: {error}") from None


def argument(request: Request, name: str, default: str = "") -> str:
    """Return a query parameter."""
    values: list[Any] = request.args.get(name.encode(), []) if request.args else []
    return values[0].decode("utf-8", "replace") if values else default


def address(request: Request) -> str:
    """Return the host of the peer, empty if there is none."""
    return str(getattr(request.getClientAddress(), "host", "") or "")


def bearer(request: Request) -> str:
    """Return the token of an ``Authorization: Bearer`` header. Raises ``GameError`` ``bad_token``."""
    kind, _, token = header(request, b"Authorization").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise GameError(Code.BAD_TOKEN, "Log in first.")
    return token.strip()

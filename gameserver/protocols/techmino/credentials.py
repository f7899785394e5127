"""Reading who somebody says he is, from a body, a query or a message."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.endpoint import Endpoint
from gameserver.protocols.techmino.logins import Identity
from gameserver.protocols.techmino.messages import Credentials, decode
from gameserver.protocols.techmino.shared import TechminoShared

_credentials = msgspec.json.Decoder(Credentials)


def close_code(error: GameError) -> int:
    """Return the document's close code: 1007 for what is no JSON, 1008 for what does not fit."""
    return 1007 if error.code == Code.WRONG_FORMAT else 1008


def parsed(body: bytes) -> Credentials:
    """Return the credentials in a body or message.

    Raises ``GameError`` as ``decode``.
    """
    return decode(_credentials, body)


def from_query(query: Mapping[str, str]) -> Credentials:
    """Return the credentials in a query. Raises ``GameError`` ``wrong_fields``."""
    try:
        return msgspec.convert(dict(query), Credentials, strict=False)
    except msgspec.ValidationError as error:
        raise GameError(Code.WRONG_FIELDS, f"Wrong format: {error}") from None


def merged(first: Credentials, second: Credentials) -> Credentials:
    """Return both; what ``second`` has wins."""
    values = {
        name: value
        for one in (first, second)
        for name, value in msgspec.structs.asdict(one).items()
        if value is not None
    }
    return Credentials(**values)


async def identity_of(shared: TechminoShared, endpoint: Endpoint, asked: Credentials, address: str) -> Identity:
    """Return who is asking, within the time a client waits. Raises ``GameError``."""
    assert endpoint.identify is not None
    identity = await shared.logins.in_time(endpoint.identify(shared, asked, address))
    shared.sessions.check_name(shared.namespace, identity.account.player)
    return identity


def anonymous(asked: Credentials) -> bool:
    """Say whether a request says nothing of who is asking, so that the first message may."""
    fields = (asked.uid, asked.auth_token, asked.access_token, asked.email, asked.password)
    return all(field is None for field in fields)

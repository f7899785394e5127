"""``/api/room``: what was said last in the public room, for a page that has just been opened."""

from __future__ import annotations

from twisted.web.server import Request

from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import JsonResource
from gameserver.edge.http.people import who
from gameserver.sessions.manager import COMMUNITY


def room_resource(context: Context) -> JsonResource:
    """Return the resource; like the room itself it is for those who have come in."""

    async def get(request: Request) -> object:
        await who(context, request)
        history = context.rooms.room(COMMUNITY).history
        return {
            "messages": [
                {"from": message.speaker.name, "text": message.text, "at_ms": message.at_ms} for message in history
            ]
        }

    return JsonResource(GET=get)

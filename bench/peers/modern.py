"""WebSocket echoes of libraries on asyncio: python modern.py websockets | picows. Prints its port.

It runs in an environment of its own, where these are installed.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any


async def websockets() -> None:
    from websockets.asyncio.server import serve

    async def echo(client: Any) -> None:
        async for message in client:
            await client.send(message)

    async with serve(echo, "127.0.0.1", 0, compression=None, backlog=4096) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.Future()


async def picows() -> None:
    from picows import WSListener, WSMsgType, ws_create_server

    class Echo(WSListener):  # type: ignore[misc, unused-ignore]
        def on_ws_frame(self, transport: Any, frame: Any) -> None:
            if frame.msg_type == WSMsgType.CLOSE:
                transport.disconnect()
            else:
                transport.send(frame.msg_type, frame.get_payload_as_bytes())

    server = await ws_create_server(lambda _request: Echo(), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Future()


def main() -> None:
    if sys.argv[1] == "websockets":
        asyncio.run(websockets())
    else:
        import uvloop

        uvloop.run(picows())


if __name__ == "__main__":
    main()

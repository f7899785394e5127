"""The KWO door: packs over WebSocket that show and drive a console game server, or this server itself."""

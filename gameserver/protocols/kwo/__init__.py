"""The KWO protocol: packs over WebSocket that show and drive a console game server, or this server itself."""

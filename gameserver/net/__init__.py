"""What all protocols share and no domain knows: framing, WebSocket, TLS, outbox, inbox, guard."""

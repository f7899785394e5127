"""The Techmino protocol: five WebSocket endpoints, as the clients 0.14.2 to 0.14.7 speak them."""

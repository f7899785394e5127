"""Invoker: provably fair dice, mines, keno and blackjack over a WebSocket, in JSON and Protocol Buffers."""

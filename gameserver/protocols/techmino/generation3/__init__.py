"""Generation 3 (0.17.7 to 0.17.21): HTTP for accounts, and one WebSocket a player. Its rooms stand on ``rooms``."""

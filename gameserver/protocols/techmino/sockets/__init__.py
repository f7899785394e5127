"""Generations 1 and 2 (0.14.2 to 0.17.6): five WebSockets a player, below one path."""

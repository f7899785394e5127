"""Hosting a game: seats, visitors, the clock, the command log, resuming, computer players, maps."""

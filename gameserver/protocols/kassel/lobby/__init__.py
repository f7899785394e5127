"""The lobby: commands in plain text, before and after the login, until JOIN GAME."""

"""The Kassel lobby: telnet lines until JOIN GAME, JSON events and commands after it."""

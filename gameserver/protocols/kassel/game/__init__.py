"""From JOIN GAME on: a stream of JSON events and the JSON commands of who is in a match."""

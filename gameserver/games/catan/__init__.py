"""Settlers of Catan with Cities & Knights for two to six players, the game of season SS13.

``game.Catan`` is the game itself; ``map_format`` reads the maps; ``strategy`` has computer players and ``reading``
lets them play as clients. The rules are those of the base game with the Cities & Knights expansion. What the command
set leaves out (trade between players, the special building phase of the five and six player extension) is not in the
game: five and six people play on the base board.
"""

"""The names of the games (document, 8.5)."""

from __future__ import annotations

DICE = "inhousegame:dice"
MINES = "inhousegame:mines"
KENO = "inhousegame:keno"
BLACKJACK = "inhousegame:blackjack"

#: What each is called for people.
NAMES = {DICE: "Dice", MINES: "Mines", KENO: "Keno", BLACKJACK: "Blackjack"}

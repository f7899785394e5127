"""The progress cards: one module a deck, and how they are drawn and played."""

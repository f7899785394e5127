"""Provably fair dice, mines, keno and blackjack: pure rules; seeds and entropy come in as arguments."""

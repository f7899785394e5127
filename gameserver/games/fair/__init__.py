"""Provably fair dice, mines, keno and blackjack: pure rules; seeds and entropy come in as arguments.

Every refusal is a ``GameError`` whose code is a word of the Invoker document's error table and whose
``details["reason"]`` names the finer cause.
"""

"""Nim: two players take from heaps, as many as they like but of one heap at a time; who takes the last one wins."""

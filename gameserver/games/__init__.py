"""The pure rules: no reactor, no clock, no chance of their own, no input or output.

Everything a game needs from outside comes in as an argument: the seed, the elapsed milliseconds, the commands.
"""

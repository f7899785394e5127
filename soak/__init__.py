"""The soak: a server under mixed load at every protocol for as long as one likes, and what it takes meanwhile."""

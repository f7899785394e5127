"""The chat protocol: JSON objects over TCP and TLS."""

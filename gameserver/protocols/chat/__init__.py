"""The chat door: JSON objects over TCP and TLS."""

"""The one model of rooms and rounds below all generations of clients; it knows nobody's messages."""

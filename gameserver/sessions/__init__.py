"""Who is connected, and through which door: sessions, presence, topics, limits."""

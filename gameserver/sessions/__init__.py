"""Who is connected, and through which protocol: sessions, presence, topics, limits."""

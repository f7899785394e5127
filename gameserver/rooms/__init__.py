"""What people say to each other: the public room, teams, direct messages, histories."""

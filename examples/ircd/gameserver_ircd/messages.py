"""What clients send: a command and its parameters (RFC 1459, 2.3.1)."""


def decode(line: str) -> tuple[str, list[str]]:
    """Return the command, in capitals, and its parameters; an empty line has no command."""
    head, colon, text = line.partition(" :")
    words = head.split()
    if words and words[0].startswith(":"):
        # What a client says of its own origin.
        del words[0]
    command = words.pop(0).upper() if words else ""
    return command, [*words, text] if colon else words

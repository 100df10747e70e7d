"""Text as each database can hold it."""


def storable(text: str) -> str:
    """Return it without the character NUL and without halves of surrogate pairs (an emoji that a phone cut in two)."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()

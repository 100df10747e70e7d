"""The words of a message, written out and without accents."""

from __future__ import annotations

from bot.text.abbreviations import expansions
from bot.text.fold import fold
from bot.text.offsets import compose


def plain_tokens(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """One folded, written-out string for each token; together they read as the whole text does.

    An expansion of several tokens ("khi mô") goes to the first of them, the others are empty.
    """
    composed = compose(text)
    found = [(*composed.original_span(start, end), full) for start, end, full in expansions(composed.text)]
    result: list[str] = []
    for start, end in spans:
        pieces: list[str] = []
        at = start
        for begin, finish, full in found:
            if finish <= start or begin >= end:
                continue
            if begin >= start:
                pieces += [text[at:begin], full]
            at = min(finish, end)
        result.append(fold("".join([*pieces, text[at:end]])))
    return result

"""How much each term of a text counts: often in the text counts for more, often among all texts for less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import log, sqrt
from typing import Any


class Terms:
    """Weighs the terms of one text as the ``TfidfVectorizer(sublinear_tf=True)`` does that learnt them.

    That one is made for thousands of texts; for one it spends ten times as long on the calls as on the counting.
    """

    def __init__(self, numbers: Mapping[Any, int], rarity: Sequence[float], offset: int = 0) -> None:
        """``numbers`` and ``rarity`` are the vectorizer's ``vocabulary_`` and ``idf_``; numbers begin at ``offset``."""
        self._numbers = {term: int(number) + offset for term, number in numbers.items()}
        self._rarity = {int(number) + offset: float(value) for number, value in enumerate(rarity)}

    def weigh(self, terms: Iterable[Hashable]) -> tuple[list[int], list[float]]:
        """The number and the weight of each known term; the squares of the weights sum to 1."""
        numbers, rarity = self._numbers, self._rarity
        counts = Counter(numbers[term] for term in terms if term in numbers)
        weights = [rarity[number] * (1 + log(count) if count > 1 else 1) for number, count in counts.items()]
        length = sqrt(sum(weight * weight for weight in weights))
        return list(counts), [weight / length for weight in weights]

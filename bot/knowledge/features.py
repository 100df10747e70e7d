"""Texts as weighted counts of their words or letters, counted once and kept while a text stays published.

The index that follows a change counts the changed texts alone.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from bot.text.terms import Terms


class Counts:
    """Counts one kind of features; those of texts are remembered from one call of :meth:`of` to the next."""

    def __init__(self, analyzer: str, lengths: tuple[int, int]) -> None:
        reader = CountVectorizer(analyzer=analyzer, ngram_range=lengths, token_pattern=r"\S+")  # noqa: S106 – tokens of text
        self.features = reader.build_analyzer()
        self._numbers: dict[str, int] = {}
        self._known: dict[str, tuple[NDArray[np.int32], NDArray[np.float64]]] = {}

    def of(self, texts: Sequence[str]) -> tuple[csr_matrix, dict[str, int]]:
        """Return texts × features and the number of each feature; forgets all other texts."""
        known = self._known
        self._known = {text: known.get(text) or self._count(text) for text in texts}
        numbers = [self._known[text][0] for text in texts]
        counts = [self._known[text][1] for text in texts]
        starts = np.cumsum([0, *map(len, numbers)])
        all_numbers = np.concatenate(numbers)
        # The features of these texts stand close together, those that are gone have no column.
        columns = np.full(len(self._numbers), -1, dtype=np.int32)
        columns[all_numbers] = 0
        columns[columns == 0] = np.arange(np.count_nonzero(columns == 0))
        found = {
            feature: column for feature, column in zip(self._numbers, columns.tolist(), strict=True) if column >= 0
        }
        shape = (len(texts), len(found))
        return csr_matrix((np.concatenate(counts), columns[all_numbers], starts), shape=shape), found

    def _count(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        counted = Counter(self.features(text))
        numbers = [self._numbers.setdefault(feature, len(self._numbers)) for feature in counted]
        return np.array(numbers, dtype=np.int32), np.array(list(counted.values()), dtype=np.float64)


class Weights:
    """What each feature of some texts weighs: the rarer, the more. ``rows`` are these texts × features."""

    def __init__(self, counts: Counts, texts: Sequence[str], offset: int = 0) -> None:
        """Weigh by ``texts``, of which there is at least one; the numbers of :meth:`of` begin at ``offset``."""
        counted, numbers = counts.of(texts)
        transformer = TfidfTransformer(sublinear_tf=True)
        self.rows: csr_matrix = transformer.fit_transform(counted)
        self.information: NDArray[np.float64] = transformer.idf_
        self._features = counts.features
        self._terms = Terms(numbers, transformer.idf_, offset)

    def of(self, text: str) -> tuple[list[int], list[float]]:
        """The number and weight of each feature of any text; what no published text holds counts for nothing."""
        return self._terms.weigh(self._features(text))


WORDS, LETTERS = Counts("word", (1, 2)), Counts("char_wb", (2, 4))
"""Words alone and in pairs; two to four letters within a word."""

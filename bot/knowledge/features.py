"""Texts as weighted counts of their words or letters, counted once and kept while a text stays published.

Features are told by their hash, so the counts of a text do not hang on the other texts: the index that follows a change
counts the changed texts alone.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

HASHES = 2**24
"""How many features can be told apart; some 100,000 occur, so that hardly two share a hash."""


class Counter:
    """Counts one kind of features; rows of texts remembered from one call of :meth:`published` to the next."""

    def __init__(self, analyzer: str, lengths: tuple[int, int]) -> None:
        reader = CountVectorizer(analyzer=analyzer, ngram_range=lengths, token_pattern=r"\S+")  # noqa: S106 – tokens of text
        self._features = reader.build_analyzer()
        self._hasher = FeatureHasher(HASHES, input_type="string", alternate_sign=False)
        self._known: dict[str, tuple[NDArray[np.int32], NDArray[np.float64]]] = {}

    def count(self, texts: Sequence[str]) -> csr_matrix:
        """Return texts × hashes."""
        return self._hasher.transform(map(self._features, texts))

    def published(self, texts: Sequence[str]) -> csr_matrix:
        """Return the same; keeps the counts of these texts and forgets all others."""
        known = self._known
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            counts = self.count(new)
            ends = counts.indptr[1:-1]
            rows = zip(np.split(counts.indices, ends), np.split(counts.data, ends), strict=True)
            known = known | dict(zip(new, rows, strict=True))
        self._known = {text: known[text] for text in texts}
        indices = [known[text][0] for text in texts]
        data = [known[text][1] for text in texts]
        starts = np.cumsum([0, *map(len, indices)])
        return csr_matrix((np.concatenate(data), np.concatenate(indices), starts), shape=(len(texts), HASHES))


class Weights:
    """What each feature of some published texts weighs: the rarer, the more. ``rows`` are these texts × features."""

    def __init__(self, counter: Counter, texts: Sequence[str]) -> None:
        """Weigh by ``texts``, of which there is at least one."""
        self._counter = counter
        counts = counter.published(texts)
        # A table of all hashes, as sorting those that occur takes ten times as long.
        columns = np.zeros(HASHES, dtype=np.int32)
        columns[counts.indices] = 1
        self._hashes = np.flatnonzero(columns)
        columns[self._hashes] = np.arange(len(self._hashes))
        self._transformer = TfidfTransformer(sublinear_tf=True)
        shape = (len(texts), len(self._hashes))
        self.rows: csr_matrix = self._transformer.fit_transform(
            csr_matrix((counts.data, columns[counts.indices], counts.indptr), shape=shape)
        )

    @property
    def information(self) -> NDArray[np.float64]:
        """How much each feature tells."""
        weights: NDArray[np.float64] = self._transformer.idf_
        return weights

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return texts × features of any texts; what no published text holds counts for nothing."""
        counts = self._counter.count(texts)
        columns = np.searchsorted(self._hashes, counts.indices).clip(max=len(self._hashes) - 1)
        known = self._hashes[columns] == counts.indices
        starts = np.concatenate([[0], np.cumsum(known)])[counts.indptr]
        shape = (len(texts), len(self._hashes))
        kept = csr_matrix((counts.data[known], columns[known], starts), shape=shape)
        return self._transformer.transform(kept, copy=False)


WORDS, LETTERS = Counter("word", (1, 2)), Counter("char_wb", (2, 4))
"""Words alone and in pairs; two to four letters within a word."""

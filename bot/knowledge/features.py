"""Texts as weighted counts of their words or letters, counted once and kept while a text stays published.

Features are told by their hash, so the counts of a text do not hang on the other texts: the index that follows a change
counts the changed texts alone.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.utils import murmurhash3_32

from bot.text.terms import Terms

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

    def hashes(self, text: str) -> Iterator[int]:
        """Return the hash of each feature of one text, as often as it occurs: much quicker than counting."""
        return map(_hash, self._features(text))

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

    def __init__(self, counter: Counter, texts: Sequence[str], offset: int = 0) -> None:
        """Weigh by ``texts``, of which there is at least one; the features are numbered from ``offset`` on."""
        self._counter = counter
        counts = counter.published(texts)
        # Tables of all hashes, as sorting those that occur takes ten times as long.
        occurs = np.zeros(HASHES, dtype=bool)
        occurs[counts.indices] = True
        hashes = np.flatnonzero(occurs)
        columns = np.zeros(HASHES, dtype=np.int32)
        columns[hashes] = np.arange(len(hashes))
        transformer = TfidfTransformer(sublinear_tf=True)
        shape = (len(texts), len(hashes))
        self.rows: csr_matrix = transformer.fit_transform(
            csr_matrix((counts.data, columns[counts.indices], counts.indptr), shape=shape)
        )
        self.information: NDArray[np.float64] = transformer.idf_
        """How much each feature tells."""
        numbers = {feature: number for number, feature in enumerate(hashes.tolist())}
        self._terms = Terms(numbers, self.information.tolist(), offset)

    def weigh(self, text: str) -> tuple[list[int], list[float]]:
        """Return the features of any text and their weights; what no published text holds counts for nothing."""
        return self._terms.weigh(self._counter.hashes(text))


def side_by_side(kinds: Sequence[Weights], texts: Sequence[str]) -> csr_matrix:
    """Return texts × features of any texts, one kind behind the other; each begins at its offset."""
    numbers: list[int] = []
    weights: list[float] = []
    ends = [0]
    for text in texts:
        for kind in kinds:
            known, weighed = kind.weigh(text)
            numbers += known
            weights += weighed
        ends.append(len(numbers))
    shape = len(texts), sum(kind.rows.shape[1] for kind in kinds)
    return csr_matrix((np.array(weights), np.array(numbers, dtype=np.int32), ends), shape)


def _hash(feature: str) -> int:
    """Return what the hasher makes of a feature."""
    return abs(murmurhash3_32(feature, seed=0)) % HASHES  # type: ignore[no-any-return]  # of untyped scikit-learn


WORDS, LETTERS = Counter("word", (1, 2)), Counter("char_wb", (2, 4))
"""Words alone and in pairs; two to four letters within a word."""

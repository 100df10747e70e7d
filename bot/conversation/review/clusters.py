"""Which turns of the queue ask the same: one item for all of them, found one turn after another.

A turn joins the item whose turns are on average alike enough (``Index.meanings``), else it begins one. The same turns
in the same order make the same items. What is alike is seen through the rows of now, so only the turns are stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack  # type: ignore[import-untyped]  # scipy ships no types

from bot.knowledge.retrieval import Index

ALIKE, OTHER_ASPECT = 0.4, 0.5
"""How alike a question must be to an item, and what is left of that where another aspect is asked for."""


@dataclass(frozen=True)
class Asked:
    """A question with the aspect that it asks for, as far as that was understood."""

    text: str
    aspect: str | None


class Clusters:
    """Items that are known, each by some of its questions; numbered in the order in which they came."""

    def __init__(self, index: Index, known: Sequence[Sequence[Asked]]) -> None:
        self._index = index
        self._sums: list[csr_matrix] = []
        self._counts: list[int] = []
        self._aspects: list[str | None] = []
        flat = [asked for item in known for asked in item]
        features = index.meanings([asked.text for asked in flat]) if flat else csr_matrix((0, 0))
        start = 0
        for item in known:
            rows = features[start : start + len(item)]
            start += len(item)
            self._add(csr_matrix(rows.sum(axis=0)), len(item), item[0].aspect)

    def place(self, questions: Sequence[Asked]) -> list[int]:
        """The number of the item of each question, in their order; a number not seen before is a new item."""
        if not questions:
            return []
        features = self._index.meanings([asked.text for asked in questions])
        likeness = self._likeness(features, questions)
        placed: list[int] = []
        for number, asked in enumerate(questions):
            best = int(np.argmax(likeness[number])) if likeness.shape[1] else -1
            if best >= 0 and likeness[number, best] >= ALIKE:
                self._sums[best] = self._sums[best] + features[number]
                self._counts[best] += 1
            else:
                best = self._add(features[number], 1, asked.aspect)
                likeness = np.hstack([likeness, np.zeros((len(questions), 1))])
            placed.append(best)
            likeness[:, best] = self._column(features, questions, best)
        return placed

    def _add(self, total: csr_matrix, count: int, aspect: str | None) -> int:
        self._sums.append(total)
        self._counts.append(count)
        self._aspects.append(aspect)
        return len(self._sums) - 1

    def _likeness(self, features: csr_matrix, questions: Sequence[Asked]) -> NDArray[np.float64]:
        if not self._sums:
            return np.zeros((len(questions), 0))
        likeness = (features @ vstack(self._sums).T).toarray() / np.array(self._counts)
        for item in range(len(self._sums)):
            likeness[:, item] *= self._shares(questions, item)
        return likeness  # type: ignore[no-any-return]  # of untyped scipy

    def _column(self, features: csr_matrix, questions: Sequence[Asked], item: int) -> NDArray[np.float64]:
        alike = (features @ self._sums[item].T).toarray().ravel() / self._counts[item]
        return alike * self._shares(questions, item)  # type: ignore[no-any-return]  # of untyped scipy

    def _shares(self, questions: Sequence[Asked], item: int) -> NDArray[np.float64]:
        own = self._aspects[item]
        apart = [own is not None and asked.aspect is not None and asked.aspect != own for asked in questions]
        return np.where(apart, OTHER_ASPECT, 1.0)

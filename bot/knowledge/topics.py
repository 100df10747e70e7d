"""Which topic a question belongs to: a linear classifier learnt from the published rows themselves.

Every text that names a row – a program's names and keywords, an entry's phrasings, a topic's own phrasings – is an
example of its topic, so a new row teaches the classifier soon after it is published. It is fitted to the features of
the search index (a second for 11,000 texts) and joined with how well the best row of each topic fits.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.svm import LinearSVC

REGULARIZATION, SHARPNESS = 0.3, 0.3
"""Of the classifier, and of the softmax over its margins; chosen on the development questions."""
TOLERANCE = 1e-2
"""Of the fit: finer ones take twice as long and rank no better."""
ROW_WEIGHT = 1.0
"""How much a row that fits wholly counts beside a certain classifier."""


class TopicModel:
    """Scores topics; of one that it has not learnt it says that it is never likely."""

    def __init__(self, features: csr_matrix, topics: Sequence[str]) -> None:
        """Fit to texts × features with the topic of each text; of one topic nothing is learnt."""
        self._weights: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        if len(set(topics)) > 1:
            classifier = LinearSVC(C=REGULARIZATION, tol=TOLERANCE, random_state=0)
            classifier.fit(features, topics)
            margins, offsets = classifier.coef_.T, classifier.intercept_
            if len(offsets) == 1:  # of two topics one margin is learnt, for the second of them
                margins, offsets = np.hstack([-margins, margins]), np.array([-offsets[0], offsets[0]])
            # A row for each feature: of a question only a few hundred are read.
            self._weights = (np.ascontiguousarray(margins), offsets)
            self._learnt: list[str] = classifier.classes_.tolist()

    def score(self, features: csr_matrix, topics: Sequence[str], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each topic a score from 0 to 1, for the last of some texts.

        ``rows`` holds the score of the best row of each topic.
        """
        scores: NDArray[np.float64] = (self.chances(features, topics)[-1] + ROW_WEIGHT * rows) / (1 + ROW_WEIGHT)
        return scores

    def chances(self, features: csr_matrix, topics: Sequence[str]) -> NDArray[np.float64]:
        """Return how likely each topic is: texts × topics, from texts × features; zeros where nothing is learnt."""
        chances = np.zeros((features.shape[0], len(topics)))
        if self._weights is not None:
            weights, offsets = self._weights
            margins = features @ weights + offsets
            sharp = np.exp((margins - margins.max(axis=1, keepdims=True)) / SHARPNESS)
            sharp /= sharp.sum(axis=1, keepdims=True)
            for number, topic in enumerate(self._learnt):
                if topic in topics:
                    chances[:, topics.index(topic)] = sharp[:, number]
        return chances

"""Whether the published rows answer a question at all: a linear classifier learnt from the rows themselves.

A text of a program or of an entry that rests on a document is an example of what is answered; a text of an entry that
only says whom to ask is an example of what is not. So each such entry that officers add teaches the assistant where its
knowledge ends, beyond the question that the entry itself names.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.svm import LinearSVC

REGULARIZATION = 0.3
"""Chosen on the development questions; from 0.1 to 3 it ranks them nearly alike."""
TOLERANCE = 1e-2
"""Of the fit, as for topics."""


class CoverageModel:
    """Tells what rows answer from what they only send on."""

    def __init__(self, features: csr_matrix, covered: Sequence[bool | None]) -> None:
        """Fit to texts × features with what is known of each text; where all are alike nothing is learnt."""
        known = [number for number, answer in enumerate(covered) if answer is not None]
        answers = [bool(covered[number]) for number in known]
        self._weights: tuple[NDArray[np.float64], float] | None = None
        if len(set(answers)) > 1:
            classifier = LinearSVC(C=REGULARIZATION, class_weight="balanced", tol=TOLERANCE, random_state=0)
            classifier.fit(features[known], answers)
            self._weights = (classifier.coef_[0], float(classifier.intercept_[0]))

    def margin(self, features: csr_matrix) -> float:
        """Return how much texts, one a row, look answered (above 0) rather than sent on; 0 if unknown.

        That of the passage that looks so most: in a long story the rest says little of what is asked.
        """
        if self._weights is None:
            return 0.0
        weights, offset = self._weights
        return float((features @ weights).max()) + offset

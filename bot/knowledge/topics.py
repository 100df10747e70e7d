"""Which topic a question belongs to: a linear classifier learnt from the published rows themselves.

Every text that names a row – a program's names and keywords, an entry's phrasings, a topic's own phrasings – is an
example of its topic, so a new row teaches the classifier as soon as it is published. It is fitted when the index is
built (about 0.3 s for 4,000 texts) and joined with how well the best row of each topic fits.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_union
from sklearn.svm import LinearSVC

from bot.knowledge.snapshot import Snapshot

REGULARIZATION, SHARPNESS = 0.3, 0.3
"""Of the classifier, and of the softmax over its margins; chosen on the development questions."""
ROW_WEIGHT = 1.0
"""How much a row that fits wholly counts beside a certain classifier."""


class TopicModel:
    """Ranks the topics of one snapshot."""

    def __init__(self, examples: Iterable[tuple[str, str]]) -> None:
        """Fit to pairs of prepared text and topic; of fewer than two topics nothing is learnt."""
        texts, topics = zip(*examples, strict=True) if (examples := [*examples]) else ((), ())
        self._classifier: LinearSVC | None = None
        if len(set(topics)) > 1:
            self._features: FeatureUnion = make_union(
                TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True),  # noqa: S106 – tokens
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
            )
            self._classifier = LinearSVC(C=REGULARIZATION).fit(self._features.fit_transform(texts), topics)

    def rank(self, text: str, rows: Mapping[str, float]) -> list[tuple[str, float]]:
        """Return topics, best first, with a score from 0 to 1; ``rows`` holds the best row score of each topic."""
        chances: dict[str, float] = {}
        if self._classifier is not None:
            margins = self._classifier.decision_function(self._features.transform([text])).ravel()
            if len(margins) == 1:  # two topics: one margin, for the second of them
                margins = np.array([-margins[0], margins[0]])
            weights = np.exp((margins - margins.max()) / SHARPNESS)
            topics = map(str, self._classifier.classes_)
            chances = dict(zip(topics, (weights / weights.sum()).tolist(), strict=True))
        joined = {
            topic: (chances.get(topic, 0.0) + ROW_WEIGHT * rows.get(topic, 0.0)) / (1 + ROW_WEIGHT)
            for topic in {*chances, *rows}
        }
        return sorted(joined.items(), key=lambda pair: -pair[1])


def examples(snapshot: Snapshot) -> Iterable[tuple[str, str]]:
    """Return the texts of the rows with their topics."""
    for program in snapshot.programs.values():
        for text in (program.name, program.short_name, program.summary, *program.keywords):
            yield text, program.topic
    for faq in snapshot.faqs.values():
        for text in (faq.question, *faq.phrasings):
            yield text, faq.topic
    for topic in snapshot.topics.values():
        for text in (topic.name, *topic.keywords, *topic.phrasings):
            yield text, topic.id

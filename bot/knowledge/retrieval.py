"""Which program, FAQ entry or topic a question is about: lexical search over the published rows.

Words and accent-folded character n-grams, sentence by sentence, since the ask often stands last in a long story.
A row scores by how much of it the question says (coverage) and by how alike the two are (cosine).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.snapshot import Snapshot
from bot.knowledge.topics import TopicModel, examples
from bot.text.abbreviations import expand
from bot.text.fold import fold
from bot.text.sentences import split_sentences

COVERAGE_WEIGHT, COSINE_WEIGHT, CHARACTER_WEIGHT = 0.45, 0.35, 0.2
TOPIC_WEIGHT = 0.25
"""How much a program's or FAQ entry's topic adds to its own score."""
RIVAL_TOPIC = 0.4
"""How far a row falls whose topic is less likely than the likeliest one."""
FULL_INFORMATION = 9.0
"""Summed word weight at which a wholly covered row counts in full; a lone common word must not decide."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row and how well it fits, between 0 and 1."""

    kind: str
    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a question may be about, best first."""

    programs: tuple[Hit, ...]
    faqs: tuple[Hit, ...]
    topics: tuple[Hit, ...]


class Index:
    """A search index over one snapshot; building it takes well under a second for some thousand rows."""

    def __init__(self, snapshot: Snapshot) -> None:
        rows = [row for row in _rows(snapshot) if prepare(row[2])]
        self._topic_model = TopicModel((prepare(text), topic) for text, topic in examples(snapshot))
        self._targets = [(kind, identifier) for kind, identifier, _ in rows]
        self._topics = {("program", p.id): p.topic for p in snapshot.programs.values()}
        self._topics |= {("faq", f.id): f.topic for f in snapshot.faqs.values()}
        # A vectorizer cannot be fitted to nothing, which is what a new database holds.
        texts = [prepare(text) for _, _, text in rows] or ["0"]
        self._words = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True)  # noqa: S106 – tokens of text
        self._characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
        self._word_rows: csr_matrix = self._words.fit_transform(texts)
        self._character_rows: csr_matrix = self._characters.fit_transform(texts)
        self._word_transposed = self._word_rows.T.tocsr()
        self._character_transposed = self._character_rows.T.tocsr()
        weights = self._words.idf_
        present = self._word_rows.copy()
        present.data[:] = 1.0
        self._weighted = present.multiply(weights).tocsr()
        self._weighted_transposed = self._weighted.T.tocsr()
        self._information = np.asarray(self._weighted.sum(axis=1)).ravel()

    def search(self, question: str) -> Found:
        """Return the best hits of each kind for a normalised question of any length."""
        passages = _passages(question)
        if not passages or not self._targets:
            return Found((), (), ())
        scores = np.max([self._scores(passage) for passage in passages], axis=0)
        best: dict[tuple[str, str], float] = {}
        for target, score in zip(self._targets, scores, strict=True):
            if score > best.get(target, 0.0):
                best[target] = float(score)
        for target, topic in self._topics.items():
            own = best.get(target, 0.0)
            best[target] = (1 - TOPIC_WEIGHT) * own + TOPIC_WEIGHT * best.get(("topic", topic), 0.0)
        likely = dict(self._topic_model.rank(passages[-1], self._best_rows(best)))
        first = max(likely.values(), default=0.0)
        for target, topic in self._topics.items():
            best[target] -= RIVAL_TOPIC * (first - likely.get(topic, 0.0))
        return Found(_top(best, "program"), _top(best, "faq"), tuple(Hit("topic", *pair) for pair in likely.items()))

    def _best_rows(self, best: Mapping[tuple[str, str], float]) -> dict[str, float]:
        """Return the score of the best row of each topic: a program, an entry or the topic's own words."""
        rows = {topic: score for (kind, topic), score in best.items() if kind == "topic"}
        for target, topic in self._topics.items():
            rows[topic] = max(rows.get(topic, 0.0), best[target])
        return rows

    def _scores(self, passage: str) -> NDArray[np.float64]:
        words = self._words.transform([passage])
        characters = self._characters.transform([passage])
        said = words.copy()
        said.data[:] = 1.0
        covered = np.asarray((said @ self._weighted_transposed).todense()).ravel()
        coverage = covered / np.maximum(self._information, FULL_INFORMATION)
        alike = np.asarray((words @ self._word_transposed).todense()).ravel()
        spelt = np.asarray((characters @ self._character_transposed).todense()).ravel()
        scores: NDArray[np.float64] = COVERAGE_WEIGHT * coverage + COSINE_WEIGHT * alike + CHARACTER_WEIGHT * spelt
        return scores


def prepare(text: str) -> str:
    """Return the form that is searched: abbreviations written out, no accents, letters and digits only."""
    folded = fold(expand(text))
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def _rows(snapshot: Snapshot) -> Iterable[tuple[str, str, str]]:
    for program in snapshot.programs.values():
        for text in (program.name, program.short_name, *program.keywords):
            yield "program", program.id, text
    for faq in snapshot.faqs.values():
        for text in (faq.question, *faq.phrasings):
            yield "faq", faq.id, text
    for topic in snapshot.topics.values():
        for text in (topic.name, *topic.keywords):
            yield "topic", topic.id, text


def _passages(question: str) -> Sequence[str]:
    sentences = [prepare(sentence) for sentence in split_sentences(question)]
    sentences = [sentence for sentence in sentences if sentence]
    if len(sentences) <= 1:
        return sentences
    pairs = [" ".join(pair) for pair in pairwise(sentences)]
    return [*sentences, *pairs, " ".join(sentences)][-24:]


def _top(best: dict[tuple[str, str], float], kind: str, limit: int = 5) -> tuple[Hit, ...]:
    hits = [Hit(kind, target, score) for (found, target), score in best.items() if found == kind]
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:limit])

"""Which program, FAQ entry or topic a question is about: lexical search over the published rows.

Words and accent-folded character n-grams (:mod:`bot.knowledge.features`), sentence by sentence, since the ask often
stands last in a long story.
A row scores by the text of it that fits best – how much of it the question says (coverage) and how alike the two are
(cosine) – and by how alike the question is to all its texts together (their centroid): many ways to ask one thing tell
which words matter to it.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack, vstack  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from bot.knowledge.coverage import CoverageModel
from bot.knowledge.domain import Learned, LearnedPhrase
from bot.knowledge.features import LETTERS, WORDS, Weights, side_by_side
from bot.knowledge.prepared import prepare, prepare_row
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.topics import TopicModel
from bot.text.sentences import split_sentences

COVERAGE_WEIGHT, COSINE_WEIGHT, CHARACTER_WEIGHT = 0.45, 0.35, 0.2
CENTROID_WEIGHT = 0.6
"""How much all texts of a row count together, beside the best one."""
REPEATED = 0.8
"""From which score on a question repeats a text, which then need not be like the others of its row."""
RARITY_AMONG_ROWS = 0.75
"""The power of a feature's weight by the rows that hold it; by texts, what each text of a row says would be common."""
TOPIC_WEIGHT = 0.25
"""How much a program's or FAQ entry's topic adds to its own score."""
RIVAL_TOPIC = 0.4
"""How far a row falls whose topic is less likely than the likeliest one."""
FULL_INFORMATION = 9.0
"""Summed word weight at which a row or a question counts in full; a lone common word must not decide."""
SAME_AS_LEARNT, OUTSIDE = 0.8, 0.55
"""Scores of a learnt phrasing: from the first on a question is that phrasing; from the second on it is out of scope
like the phrasing, if no row fits as well."""
WORDS_ALIKE, LETTERS_ALIKE, ROWS_ALIKE, TOPICS_ALIKE, ROWS_ALIKE_KEPT = 0.2, 0.4, 0.3, 0.1, 20
"""What makes two questions alike, and how many of the rows that fit each count; chosen on held-out entries."""

_LEARNING = threading.Lock()
"""The library that learns draws its random numbers from one source: two at a time would learn otherwise each time."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row and how well it fits, between 0 and 1."""

    kind: str
    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a question may be about, best first; ``learned`` is the phrasing that a reviewer has taught for it.

    ``covered`` is how much more it reads like what rows answer than like what they only send on, around 0. ``taught``
    is how well the best phrasing fits that a reviewer taught a row, 0 where none was taught.
    """

    programs: tuple[Hit, ...]
    faqs: tuple[Hit, ...]
    topics: tuple[Hit, ...]
    learned: LearnedPhrase | None = None
    covered: float = 0.0
    taught: float = 0.0

    @property
    def likeliest(self) -> float:
        """The score of the likeliest topic, 0 where there is none."""
        return self.topics[0].score if self.topics else 0.0


class _Text(NamedTuple):
    """A published text of a topic; ``target`` is the kind and id of the row it finds, if it finds one.

    ``covered`` is whether that row answers, or only says whom to ask; unknown of a text without such a row.
    """

    text: str
    topic: str
    target: tuple[str, str] | None
    covered: bool | None = None


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What the texts of an index teach, told by the features of that index."""

    weights: tuple[Weights, ...]
    topics: TopicModel
    coverage: CoverageModel


class Index:
    """A search index over one snapshot; safe to use from several threads.

    Building it takes seconds of processor time, some tenths of one where few texts changed, and learning one more.
    Where ``before`` is given, an index of an earlier snapshot, what that one learnt serves until :meth:`learn` is.
    """

    def __init__(self, snapshot: Snapshot, before: "Index | None" = None) -> None:
        self._made_of = taught, texts = _searched(snapshot)
        outside = [text for text, phrase in taught.items() if phrase.kind is Learned.OUT_OF_SCOPE]
        rows = [number for number, text in enumerate(texts) if text.target]
        # The texts of a row stand together: it begins where the first of them stands.
        targets = [text.target for text in texts if text.target]
        self._starts = [n for n, target in enumerate(targets) if n == 0 or targets[n - 1] != target]
        self._targets = [targets[start] for start in self._starts]
        self._topics = sorted({text.topic for text in texts})
        numbers = {topic: number for number, topic in enumerate(self._topics)}
        self._topic_of = np.array([numbers[texts[rows[start]].topic] for start in self._starts], dtype=int)
        self._kinds = np.array([kind for kind, _ in self._targets], dtype=str)
        self._is_topic = self._kinds == "topic"
        # Where each target stands in the order of names, which decides between equal scores.
        self._place = np.argsort(sorted(range(len(self._targets)), key=self._targets.__getitem__))
        # Weights cannot be learnt of nothing, which is what a new database holds.
        prepared = [*(text.text for text in texts), *outside] or ["0"]
        words = Weights(WORDS, prepared)
        self._words = words.rows.shape[1]
        letters = Weights(LETTERS, prepared, offset=self._words)
        self._weights = (words, letters)
        if rows:
            self._centroids, self._rarity = self._together(rows)
        # Behind the texts of the rows stand those that are out of scope.
        self._count = len(rows)
        rows += range(len(texts), len(texts) + len(outside))
        self._taught_texts = taught
        self._taught = [(place, taught[prepared[n]]) for place, n in enumerate(rows) if prepared[n] in taught]
        self._taught_places = np.array([place for place, phrase in self._taught if phrase.target], dtype=int)
        self._owner = np.repeat(np.arange(len(self._starts)), np.diff([*self._starts, self._count]))
        alike = hstack([COSINE_WEIGHT * words.rows[rows], CHARACTER_WEIGHT * letters.rows[rows]])
        said = words.rows[rows]
        said.data[:] = 1.0
        weighted = said.multiply(words.information).tocsr()
        information = np.asarray(weighted.sum(axis=1)).ravel()
        share = COVERAGE_WEIGHT / np.maximum(information, FULL_INFORMATION)
        # Features × rows, each weighed as it counts; what is said of a row's letters says nothing of its information.
        self._alike = alike.T.tocsr()
        self._covered = vstack(
            [weighted.multiply(share[:, np.newaxis]).T, csr_matrix((letters.rows.shape[1], len(rows)))], format="csr"
        )
        self._learnt: _Learnt = before._learnt if before else self._learn()

    def _together(self, rows: Sequence[int]) -> tuple[csr_matrix, csr_matrix]:
        """Return features × targets, each target's texts as one of length 1, and what turns features into theirs.

        ``rows`` are the numbers of the texts that have a target.
        """
        texts = self._features()[rows]
        ends = [*self._starts, len(rows)]
        belongs = csr_matrix((np.ones(len(rows)), np.arange(len(rows)), ends), (len(self._starts), len(rows)))
        among_rows = TfidfTransformer().fit(belongs @ texts).idf_
        among_texts = np.concatenate([kind.information for kind in self._weights])
        rarity = diags(among_rows**RARITY_AMONG_ROWS / among_texts)
        return normalize(belongs @ normalize(texts @ rarity)).T.tocsr(), rarity

    def _features(self) -> csr_matrix:
        """Return texts × features of all that the index is made of."""
        return hstack([kind.rows for kind in self._weights], format="csr")

    def learn(self) -> None:
        """Learn from this index's own texts, if that was not done yet; it answers meanwhile."""
        if self._learnt.weights is not self._weights:
            self._learnt = self._learn()

    def _learn(self) -> _Learnt:
        _, texts = self._made_of
        features = self._features()
        with _LEARNING:
            topics = TopicModel(features[: len(texts)], [text.topic for text in texts])
            coverage = CoverageModel(features, [text.covered for text in texts])
        return _Learnt(self._weights, topics, coverage)

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether one over ``snapshot`` would be the same, as where answers and figures alone changed."""
        return self._made_of == _searched(snapshot)

    def search(self, question: str) -> Found:
        """Return the best hits of each kind for a normalised question of any length."""
        passages = _passages(question)
        if not passages or not self._targets:
            return Found((), (), ())
        features = side_by_side(self._weights, passages)
        each = np.max(self._each_score(features), axis=0)
        by_text = np.maximum.reduceat(each[: self._count], self._starts)
        learned = self._taught_texts.get(prepare(question)) or self._like_learned(each, by_text.max())
        both = (1 - CENTROID_WEIGHT) * by_text + CENTROID_WEIGHT * np.max(self._centroid_scores(features), axis=0)
        scores = np.where(by_text >= REPEATED, np.maximum(by_text, both), both)
        # A taught text stands for itself: it was approved for what the other texts of its row do not say.
        np.maximum.at(scores, self._owner[self._taught_places], each[self._taught_places])
        taught = max(each[self._taught_places], default=0.0)
        own_words = np.zeros(len(self._topics))
        own_words[self._topic_of[self._is_topic]] = scores[self._is_topic]
        joined = (1 - TOPIC_WEIGHT) * scores + TOPIC_WEIGHT * own_words[self._topic_of]
        scores = np.where(self._is_topic, scores, joined)
        best_rows = np.zeros(len(self._topics))
        np.maximum.at(best_rows, self._topic_of, by_text)
        learnt = self._learnt
        told = self._told(learnt, passages, features)
        likely = learnt.topics.score(told, self._topics, best_rows)
        scores -= RIVAL_TOPIC * (likely.max() - likely)[self._topic_of]
        best = np.lexsort((self._place, scores))[::-1]
        topics = sorted(zip(likely.tolist(), self._topics, strict=True), reverse=True)
        return Found(
            self._top(best, scores, "program"),
            self._top(best, scores, "faq"),
            tuple(Hit("topic", topic, score) for score, topic in topics),
            learned,
            learnt.coverage.margin(told),
            float(taught),
        )

    def _like_learned(self, scores: NDArray[np.float64], best_row: float) -> LearnedPhrase | None:
        """Return the learnt phrasing that the question repeats, or is out of scope like."""
        if not self._taught:
            return None
        score, _, phrase = max((scores[place], -place, phrase) for place, phrase in self._taught)
        if score >= SAME_AS_LEARNT:
            return phrase
        is_outside = phrase.kind is Learned.OUT_OF_SCOPE and score >= max(OUTSIDE, best_row)
        return phrase if is_outside else None

    def meanings(self, questions: Sequence[str]) -> csr_matrix:
        """Return questions × features, such that the product of two is how alike they are, from 0 to 1.

        Two questions are alike in their words, their letters, the rows that fit them, and their topics.
        """
        prepared = list(map(prepare, questions))
        features = side_by_side(self._weights, prepared)
        parts = [(WORDS_ALIKE, features[:, : self._words]), (LETTERS_ALIKE, features[:, self._words :])]
        if self._targets:
            rows = np.maximum.reduceat(self._each_score(features)[:, : self._count], self._starts, axis=1)
            lowest = np.sort(rows, axis=1)[:, [-min(ROWS_ALIKE_KEPT, rows.shape[1])]]
            best = csr_matrix(np.where(rows >= lowest, rows, 0.0) ** 2)
            learnt = self._learnt
            chances = learnt.topics.chances(self._told(learnt, prepared, features), self._topics)
            parts += [(ROWS_ALIKE, best), (TOPICS_ALIKE, chances)]
        return hstack([np.sqrt(weight) * normalize(csr_matrix(part)) for weight, part in parts], format="csr")

    def _told(self, learnt: _Learnt, texts: Sequence[str], features: csr_matrix) -> csr_matrix:
        """Return texts × features as ``learnt`` tells them; ``features`` are those of this index."""
        return features if learnt.weights is self._weights else side_by_side(learnt.weights, texts)

    def _each_score(self, features: csr_matrix) -> NDArray[np.float64]:
        """Return passages × rows."""
        said = csr_matrix(
            ((features.indices < self._words).astype(float), features.indices, features.indptr), features.shape
        )
        scores: NDArray[np.float64] = (features @ self._alike).toarray() + (said @ self._covered).toarray()
        return scores

    def _centroid_scores(self, features: csr_matrix) -> NDArray[np.float64]:
        """Return passages × targets; a passage that says little counts for less."""
        information = (features[:, : self._words] > 0) @ self._weights[0].information
        alike = (normalize(features @ self._rarity) @ self._centroids).toarray()
        scores: NDArray[np.float64] = alike * np.minimum(information / FULL_INFORMATION, 1)[:, np.newaxis]
        return scores

    def _top(self, best: NDArray[np.intp], scores: NDArray[np.float64], kind: str, limit: int = 5) -> tuple[Hit, ...]:
        places = best[self._kinds[best] == kind][:limit].tolist()
        return tuple(Hit(kind, self._targets[place][1], float(scores[place])) for place in places)


def _searched(snapshot: Snapshot) -> tuple[dict[str, LearnedPhrase], list[_Text]]:
    """All that an index is made of: phrasings that reviewers taught, by their text, and the texts of the rows."""
    taught = {prepare_row(phrase.text): phrase for phrase in snapshot.learned}
    return taught, [text for text in _texts(snapshot, taught) if text.text]


def _texts(snapshot: Snapshot, taught: Mapping[str, LearnedPhrase]) -> Iterator[_Text]:
    """Yield the texts of each row together; a phrasing taught for one row is taken out of all others."""
    more: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, phrase in taught.items():
        more[phrase.kind.value, phrase.target].append(text)

    def row(kind: str, key: str, topic: str, texts: Iterable[str], *, covered: bool | None = None) -> Iterator[_Text]:
        own = more[kind, key]
        for text in map(prepare_row, texts):
            if text not in taught:
                yield _Text(text, topic, (kind, key), covered)
        yield from (_Text(text, topic, (kind, key) if kind != "topic" else None, covered) for text in own)

    for program in snapshot.programs.values():
        yield _Text(prepare_row(program.summary), program.topic, None)
        yield from row(
            "program", program.id, program.topic, (program.name, program.short_name, *program.keywords), covered=True
        )
    for faq in snapshot.faqs.values():
        yield from row("faq", faq.id, faq.topic, (faq.question, *faq.phrasings), covered=faq.answers)
    for topic in snapshot.topics.values():
        yield from row("topic", topic.id, topic.id, (topic.name, *topic.keywords))
        for text in map(prepare_row, topic.phrasings):
            if text not in taught:
                yield _Text(text, topic.id, None)


def _passages(question: str) -> Sequence[str]:
    sentences = [prepare(sentence) for sentence in split_sentences(question)]
    sentences = [sentence for sentence in sentences if sentence]
    if len(sentences) <= 1:
        return sentences
    pairs = [" ".join(pair) for pair in pairwise(sentences)]
    return [*sentences, *pairs, " ".join(sentences)][-24:]

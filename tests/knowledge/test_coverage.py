import pytest
from scipy.sparse import hstack  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.coverage import CoverageModel
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot

TEXTS: list[tuple[str, bool | None]] = [
    ("vay von ho ngheo bao nhieu", True),
    ("muc vay nuoc sach", True),
    ("lai suat vay von", True),
    ("bao gio co tien", False),
    ("ho so cua toi duyet chua", False),
    ("tra cuu ho so da nop", False),
    ("ngan hang", None),
]


class Taught:
    """A model of those texts, over the features of whole words and of letters."""

    def __init__(self, texts: list[tuple[str, bool | None]]) -> None:
        self._words, self._letters = TfidfVectorizer(), TfidfVectorizer(analyzer="char_wb")
        learnt = [text for text, _ in texts]
        features = hstack([self._words.fit_transform(learnt), self._letters.fit_transform(learnt)], format="csr")
        self._model = CoverageModel(features, [covered for _, covered in texts])

    def margin(self, *passages: str) -> float:
        return self._model.margin(
            hstack([self._words.transform(passages), self._letters.transform(passages)], format="csr")
        )


def test_new_wordings_fall_on_the_side_of_what_they_are_like() -> None:
    model = Taught(TEXTS)
    assert model.margin("vay von lam an lai suat sao") > 0
    assert model.margin("ho so nop roi duyet chua") < 0


def test_of_several_passages_the_one_that_reads_most_like_answered_counts() -> None:
    model = Taught(TEXTS)
    ask, story = "muc vay von bao nhieu", "ho so nop da lau"
    assert model.margin(story, ask) == pytest.approx(model.margin(ask))


@pytest.mark.parametrize("covered", [True, None])
def test_of_texts_that_are_all_alike_nothing_is_learnt(covered: bool | None) -> None:
    assert Taught([(text, covered) for text, _ in TEXTS]).margin("vay von") == 0


def test_the_published_entries_that_say_whom_to_ask_teach_the_index(published: Snapshot) -> None:
    index = Index(published)
    answered = [index.search(faq.question).covered > 0 for faq in published.faqs.values() if faq.answers]
    sent_on = [index.search(faq.question).covered < 0 for faq in published.faqs.values() if not faq.answers]
    assert sum(answered) / len(answered) > 0.95
    assert sum(sent_on) / len(sent_on) > 0.95

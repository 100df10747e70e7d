from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import hstack  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.domain import Topic
from bot.knowledge.prepared import prepare
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.topics import TopicModel

TEXTS = [
    ("hoa don dien thang nay", "electricity"),
    ("tien dien ho ngheo", "electricity"),
    ("cong to dien hong", "electricity"),
    ("the bao hiem y te mat", "health_insurance"),
    ("kham benh trai tuyen", "health_insurance"),
    ("vien phi nam vien", "health_insurance"),
]


TOPICS = ["credit", "electricity", "health_insurance"]


class Taught:
    """A model of the topics above, over the features of whole words and of letters."""

    def __init__(self, texts: list[tuple[str, str]]) -> None:
        self._words, self._letters = TfidfVectorizer(), TfidfVectorizer(analyzer="char_wb")
        learnt = [text for text, _ in texts] or ["0" * 2]
        self._model = TopicModel(
            hstack([self._words.fit_transform(learnt), self._letters.fit_transform(learnt)], format="csr"),
            [topic for _, topic in texts],
        )

    def scores(self, text: str, rows: tuple[float, float, float] = (0, 0, 0)) -> dict[str, float]:
        features = hstack([self._words.transform([text]), self._letters.transform([text])], format="csr")
        scores = self._model.score(features, TOPICS, np.array(rows))
        return dict(zip(TOPICS, scores.tolist(), strict=True))


def test_a_new_wording_of_known_words_finds_its_topic() -> None:
    model = Taught(TEXTS)
    for text, topic in (
        ("dien nha toi tinh tien sao", "electricity"),
        ("nam vien thi the nao", "health_insurance"),
    ):
        scores = model.scores(text)
        assert max(scores, key=lambda name: scores[name]) == topic


def test_scores_lie_between_nothing_and_certainty_and_a_fitting_row_raises_its_topic() -> None:
    without, with_row = Taught(TEXTS).scores("tien dien"), Taught(TEXTS).scores("tien dien", (0.8, 0, 0))
    assert all(0 <= score <= 1 for score in (*without.values(), *with_row.values()))
    assert without["credit"] == 0
    assert with_row["credit"] == pytest.approx(0.4)
    assert with_row["electricity"] == without["electricity"]


@pytest.mark.parametrize("texts", [[], TEXTS[:3]])
def test_with_too_little_to_learn_from_the_rows_decide(texts: list[tuple[str, str]]) -> None:
    scores = Taught(texts).scores("tien dien", (0.9, 0.1, 0))
    assert max(scores, key=lambda name: scores[name]) == "credit"


def test_a_topic_that_nothing_speaks_of_is_never_likely() -> None:
    three = [*TEXTS, ("vay von lam an", "credit")]
    assert Taught(three).scores("vay von")["credit"] > 0.3
    assert Taught(TEXTS).scores("vay von")["credit"] == 0


@pytest.mark.parametrize("text", ["điện nhà tôi cúp hoài", "nhà dột nát", "chuẩn trợ cấp xã hội bao nhiêu"])
def test_every_row_and_every_phrasing_is_an_example(small: Snapshot, text: str) -> None:
    electricity = replace(small.topics["electricity"], phrasings=("điện nhà tôi cúp hoài",))
    index = Index(replace(small, topics={**small.topics, "electricity": electricity}))
    topics = {"điện nhà tôi cúp hoài": "electricity", "nhà dột nát": "housing_support"}
    assert index.search(text).topics[0].id == topics.get(text, "social_pension")


def test_what_is_published_about_a_topic_teaches_its_index(small: Snapshot) -> None:
    question = "đồng hồ nhảy số lung tung ai sửa"
    before = Index(small).search(question).topics
    taught = Topic(
        "electricity", "Tiền điện", "ubnd_xa", (), ("đồng hồ điện nhảy số", "số nhảy lung tung thì kêu ai sửa")
    )
    after = Index(replace(small, topics={**small.topics, "electricity": taught})).search(question).topics
    assert not before or before[0].id != "electricity"
    assert after[0].id == "electricity"


def test_what_an_index_of_before_learnt_serves_until_its_own_texts_are_learnt(small: Snapshot) -> None:
    kept = {topic: row for topic, row in small.topics.items() if topic != "electricity"}
    changed = replace(
        small,
        topics={**kept, "credit": Topic("credit", "Vay vốn", "ubnd_xa", ("vay tiền",), ("ngân hàng cho mượn tiền",))},
        programs={key: program for key, program in small.programs.items() if program.topic in kept},
        faqs={key: faq for key, faq in small.faqs.items() if faq.topic in kept},
    )
    index, waiting = Index(changed), Index(changed, Index(small))
    own, mention = "vay tiền", "người già mượn ngân hàng"
    assert {hit.id for hit in waiting.search(own).topics} == set(changed.topics)
    assert waiting.search(own).topics[0].id == "credit", "by its row, though nothing is learnt of it"
    assert waiting.search(mention) != index.search(mention)
    assert waiting.meanings([own]).shape == index.meanings([own]).shape
    waiting.learn()
    assert [waiting.search(text) for text in (own, mention)] == [index.search(text) for text in (own, mention)]


def test_a_row_of_another_topic_falls_behind(published: Snapshot) -> None:
    found = Index(published).search("bệnh viện tính viện phí khám trái tuyến thì thẻ trả mấy phần")
    assert found.topics[0].id == "health_insurance"
    first = {published.faqs[hit.id].topic for hit in found.faqs[:3]}
    assert first == {"health_insurance"}


def test_the_published_phrasings_are_found_again(published: Snapshot) -> None:
    index = Index(published)
    asked = [(text, topic.id) for topic in published.topics.values() for text in topic.phrasings[::10]]
    right = [index.search(text).topics[0].id == topic for text, topic in asked if prepare(text)]
    assert len(right) > 100
    assert sum(right) / len(right) > 0.9

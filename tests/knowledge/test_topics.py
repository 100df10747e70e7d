from dataclasses import replace

import pytest

from bot.knowledge.domain import Topic
from bot.knowledge.retrieval import Index, prepare
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.topics import TopicModel, examples

TEXTS = [
    ("hoa don dien thang nay", "electricity"),
    ("tien dien ho ngheo", "electricity"),
    ("cong to dien hong", "electricity"),
    ("the bao hiem y te mat", "health_insurance"),
    ("kham benh trai tuyen", "health_insurance"),
    ("vien phi nam vien", "health_insurance"),
]


def test_a_new_wording_of_known_words_finds_its_topic() -> None:
    model = TopicModel(TEXTS)
    assert model.rank("dien nha toi tinh tien sao", {})[0][0] == "electricity"
    assert model.rank("nam vien thi the nao", {})[0][0] == "health_insurance"


def test_scores_lie_between_nothing_and_certainty_and_the_best_stands_first() -> None:
    ranked = TopicModel(TEXTS).rank("tien dien", {"electricity": 1.0, "credit": 0.2})
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert all(0 <= score <= 1 for _, score in ranked)
    assert {topic for topic, _ in ranked} == {"electricity", "health_insurance", "credit"}


@pytest.mark.parametrize("texts", [[], TEXTS[:3], TEXTS[::3]])
def test_with_too_little_to_learn_from_the_rows_decide(texts: list[tuple[str, str]]) -> None:
    ranked = TopicModel(texts).rank("bao hiem", {"credit": 0.9, "merit": 0.1})
    assert ranked[0][0] == "credit"


def test_every_row_and_every_phrasing_is_an_example(small: Snapshot) -> None:
    topic = replace(small.topics["electricity"], phrasings=("điện nhà tôi cúp hoài",))
    told = {*examples(replace(small, topics={**small.topics, topic.id: topic}))}
    assert ("điện nhà tôi cúp hoài", "electricity") in told
    assert ("nhà dột nát", "housing_support") in told
    assert ("chuẩn trợ cấp xã hội bao nhiêu", "social_pension") in told


def test_what_is_published_about_a_topic_teaches_its_index(small: Snapshot) -> None:
    question = "đồng hồ nhảy số lung tung ai sửa"
    before = Index(small).search(question).topics
    taught = Topic(
        "electricity", "Tiền điện", "ubnd_xa", (), ("đồng hồ điện nhảy số", "số nhảy lung tung thì kêu ai sửa")
    )
    after = Index(replace(small, topics={**small.topics, "electricity": taught})).search(question).topics
    assert not before or before[0].id != "electricity"
    assert after[0].id == "electricity"


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
    assert sum(right) / len(right) > 0.95

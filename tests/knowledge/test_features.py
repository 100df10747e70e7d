import numpy as np
import pytest
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.features import Counts, Weights

TEXTS = ["ho ngheo duoc gi", "ho can ngheo duoc gi", "tien dien ho ngheo", "nuoc sach nuoc sach"]


def test_weights_are_those_of_tf_idf() -> None:
    reference = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True)
    rows = reference.fit_transform(TEXTS)
    asked = ["tien dien bao nhieu", "nuoc nuoc sach", "khong co tu nao"]

    weights = Weights(Counts("word", (1, 2)), TEXTS)

    for text in asked:
        numbers, values = weights.of(text)
        question = csr_matrix((values, ([0] * len(numbers), numbers)), shape=(1, weights.rows.shape[1]))
        assert np.allclose((question @ weights.rows.T).toarray(), (reference.transform([text]) @ rows.T).toarray())
    assert np.allclose(sorted(weights.information), sorted(reference.idf_))


def test_only_new_texts_are_counted_when_the_published_ones_change(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counts("word", (1, 1))
    counted: list[str] = []
    features = counts.features

    def noted(text: str) -> list[str]:
        counted.append(text)
        return features(text)

    monkeypatch.setattr(counts, "features", noted)
    counts.of(TEXTS)
    assert counted == TEXTS

    again, numbers = counts.of(["moi", *TEXTS[1:]])

    assert counted == [*TEXTS, "moi"]
    assert again.sum(axis=1).ravel().tolist()[0] == [1, 5, 4, 4]
    assert sorted(numbers.values()) == list(range(again.shape[1]))


def test_what_is_no_longer_published_is_forgotten() -> None:
    counts = Counts("word", (1, 1))
    counts.of(TEXTS)
    rows, numbers = counts.of(TEXTS[:1])
    assert set(numbers) == set(TEXTS[0].split())
    assert rows.shape == (1, 4)
    assert list(counts._known) == TEXTS[:1]

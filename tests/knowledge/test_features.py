from collections.abc import Sequence

import numpy as np
import pytest
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.features import Counter, Weights

TEXTS = ["ho ngheo duoc gi", "ho can ngheo duoc gi", "tien dien ho ngheo", "nuoc sach nuoc sach"]


def test_weights_are_those_of_tf_idf() -> None:
    reference = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True)
    rows = reference.fit_transform(TEXTS)
    asked = ["tien dien bao nhieu", "nuoc nuoc sach", "khong co tu nao"]

    weights = Weights(Counter("word", (1, 2)), TEXTS)

    found = weights.transform(asked) @ weights.rows.T
    assert np.allclose(found.toarray(), (reference.transform(asked) @ rows.T).toarray())
    assert np.allclose(sorted(weights.information), sorted(reference.idf_))


def test_only_new_texts_are_counted_when_the_published_ones_change(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter("word", (1, 1))
    counted: list[str] = []
    count = counter.count

    def noted(texts: Sequence[str]) -> csr_matrix:
        counted.extend(texts)
        return count(texts)

    monkeypatch.setattr(counter, "count", noted)
    counter.published(TEXTS)
    assert counted == TEXTS

    again = counter.published(["moi", *TEXTS[1:]])

    assert counted == [*TEXTS, "moi"]
    assert again.sum(axis=1).ravel().tolist()[0] == [1, 5, 4, 4]


def test_what_is_no_longer_published_is_forgotten() -> None:
    counter = Counter("word", (1, 1))
    counter.published(TEXTS)
    counter.published(TEXTS[:1])
    assert list(counter._known) == TEXTS[:1]

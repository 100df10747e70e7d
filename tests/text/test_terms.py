from __future__ import annotations

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.text.terms import Terms

TEXTS = ["hộ nghèo được gì", "hộ cận nghèo được gì", "nghèo thì nghèo, hộ nào cũng được", "giấy tờ gồm gì"]


@pytest.mark.parametrize("text", ["hộ nghèo, nghèo lắm, được gì", "giấy gì, giấy gì", "chưa từng thấy", ""])
def test_a_text_is_weighed_as_by_the_vectorizer_that_learnt(text: str) -> None:
    vectorizer = TfidfVectorizer(token_pattern=r"\w+", ngram_range=(1, 2), sublinear_tf=True)
    vectorizer.fit(TEXTS)
    terms = Terms(vectorizer.vocabulary_, vectorizer.idf_, offset=5)
    numbers, weights = terms.weigh(vectorizer.build_analyzer()(text))
    learnt = vectorizer.transform([text])
    assert sorted(numbers) == sorted(int(number) + 5 for number in learnt.indices)
    assert dict(zip(numbers, weights, strict=True)) == pytest.approx(
        {int(number) + 5: float(weight) for number, weight in zip(learnt.indices, learnt.data, strict=True)}
    )

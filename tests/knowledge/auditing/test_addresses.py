from dataclasses import replace

import pytest

from bot.knowledge.auditing.addresses import well_formed
from bot.knowledge.auditing.findings import Rule, Severity
from tests.knowledge.auditing.faults import SMALL, seen, with_documents, with_provisions
from tests.knowledge.rows import LAW

OLD, NOW = SMALL.programs["huu_tri"].provisions


@pytest.mark.parametrize(
    "url",
    [
        "https://congbao.chinhphu.vn/van-ban/luat-so-51-2024-qh15-43559.htm",
        "http://dichvucong.gov.vn",
        "https://ansinh.vn:8443/a?b=c#d",
    ],
)
def test_good_addresses(url: str) -> None:
    assert well_formed(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "congbao.chinhphu.vn",
        "ftp://congbao.chinhphu.vn",
        "https:/congbao.chinhphu.vn",
        "https://",
        "https://congbao",
        "https://cong bao.vn",
        "https://congbao.vn/van ban",
        " https://congbao.vn",
        "https://congbao..vn",
        "https://-congbao.vn",
        "https://congbao.vn:cong",
        "https://[congbao.vn",
        "javascript:alert(1)",
    ],
)
def test_bad_addresses(url: str) -> None:
    assert not well_formed(url)


def test_a_bad_address_is_an_error_of_its_row() -> None:
    bad = replace(SMALL.documents[LAW.document], url="https://congbao,chinhphu.vn")
    assert seen(with_documents([bad])) == [(Rule.MALFORMED_URL, Severity.ERROR, f"legal_documents › {LAW.document}")]
    step = replace(NOW.steps[0], url="http://nop don")
    found = seen(with_provisions("huu_tri", OLD, replace(NOW, steps=(step,))))
    assert found == [(Rule.MALFORMED_URL, Severity.ERROR, "programs › huu_tri › moi › Nộp hồ sơ")]

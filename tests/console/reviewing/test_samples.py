"""Samples: drawn, judged one after the other, and told in figures and report."""

from __future__ import annotations

from tests.console.conftest import Browser, Site
from tests.console.reviewing.conftest import ASKED


async def test_a_sample_is_drawn_judged_and_told(site: Site, reviewer: Browser, turns: list[str]) -> None:
    await reviewer.get("/samples")
    refused = await reviewer.post("/samples", since="2026-11-30", until="2026-11-01", size="50")
    assert (refused.status, "Ngày cuối phải từ ngày 30/11/2026" in refused.text) == (422, True)
    made = await reviewer.post("/samples", since="2026-11-01", until="2026-11-30", size="50")
    assert made.leads_to.endswith("/samples/1")
    page = (await reviewer.get("/samples/1")).text
    assert ASKED in page
    assert ("lan", "read", turns[0]) in site.acts()
    await reviewer.post("/samples/1", turn=turns[0], right="no", note="sai chương trình")
    await reviewer.post("/samples/1", turn=turns[1], right="yes")
    page = (await reviewer.get("/samples/1")).text
    assert "1/2 câu đúng (50,0%" in page
    assert "đánh giá xong" in page
    assert (await reviewer.post("/samples/1", turn="nowhere", right="yes")).status == 404
    assert (await reviewer.get("/samples/9")).status == 404

    page = (await reviewer.get("/figures?kind=month&day=2026-11-15")).text
    assert "Số liệu tháng 11 năm 2026" in page
    assert "trong đó 1 câu đúng (50,0%" in page

import datetime as dt
from pathlib import Path

from evaluation.judgements import mark, read_judgements, told
from evaluation.outcome import Outcome
from evaluation.rows import GOLDEN, Row
from evaluation.scores import Judged

DAY = dt.date(2026, 11, 30)


def answered(number: int, text: str) -> Judged:
    row = Row(f"w{number}", GOLDEN, ("clean",), f"câu {number}", "credit", "benefit", coverable=True)
    return Judged(row, Outcome("answered", "faq", 10.0, "credit", "benefit", ("credit",), text=text))


def test_an_answer_is_the_same_on_another_day_and_another_once_its_words_change() -> None:
    next_day = DAY + dt.timedelta(days=1)
    assert mark("Vay 200 triệu. Tính đến ngày 30/11/2026.", DAY) == mark(
        "Vay 200 triệu. Tính đến ngày 01/12/2026.", next_day
    )
    assert mark("Vay 200 triệu.", DAY) != mark("Vay 300 triệu.", DAY)


def test_judgements_count_for_the_answer_that_was_judged_alone(tmp_path: Path) -> None:
    sample = [answered(number, f"Vay {number} triệu.") for number in range(4)]
    lines = [
        f'- {{id: w{number}, mark: "{mark(f"Vay {number} triệu.", DAY)}", right: {right}, reason: lý do {number}}}'
        for number, right in ((0, "true"), (1, "false"))
    ]
    lines.append('- {id: w2, mark: "000000000000", right: true, reason: một câu trả lời cũ}')
    (tmp_path / "judgements.yml").write_text("\n".join(lines), encoding="utf-8")
    report = told(read_judgements(tmp_path / "judgements.yml"), sample, DAY)
    assert report.startswith("1/2 câu nói đúng điều được hỏi (50.0%, khoảng tin cậy 95 %: 9.5%–90.5%); 2 câu chưa chấm")
    assert "| w1 | ✗ | lý do 1 |" in report
    assert "một câu trả lời cũ" not in report


def test_without_judgements_the_report_says_so(tmp_path: Path) -> None:
    assert "Chưa ai chấm câu nào trong 1" in told(read_judgements(tmp_path / "none.yml"), [answered(1, "a")], DAY)

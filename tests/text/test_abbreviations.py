from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.abbreviations import TABLE, expand, expansions


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("e ko bik cần giấy tờ chi ạ", "em không biết cần giấy tờ gì ạ"),
        ("dc bn tiền vậy", "được bao nhiêu tiền vậy"),
        ("BHYT cho nkt", "bảo hiểm y tế cho người khuyết tật"),
        ("vay nhcsxh mua noxh", "vay ngân hàng chính sách xã hội mua nhà ở xã hội"),
        ("tui hỏi chừ răng rứa", "tôi hỏi bây giờ sao vậy"),
        ("nộp ở mô", "nộp ở đâu"),
        ("khi mô có tiền", "khi nào có tiền"),
        ("nhà ni dột, nhà nớ tốt", "nhà này dột, nhà đó tốt"),
        ("vợ sanh con được nhiêu", "vợ sinh con được bao nhiêu"),
        ("con 5 tủi", "con 5 tuổi"),
        ("đóng bhxh tn ở đâu", "đóng bảo hiểm xã hội tự nguyện ở đâu"),
        ("cty trừ lương", "công ty trừ lương"),
        ("giấy cn hn bị rách", "giấy chứng nhận hộ nghèo bị rách"),
        ("ls cho vùng kk h bn", "lãi suất cho vùng khó khăn giờ bao nhiêu"),
        ("ba tôi 76 tuổi", "cha tôi 76 tuổi"),
        ("mạ tui, mệ tui", "mẹ tôi, bà tôi"),
        ("má em bệnh", "mẹ em bệnh"),
        ("đủ đk hưởng", "đủ điều kiện hưởng"),
        ("muốn đk bhyt", "muốn đăng ký bảo hiểm y tế"),
        ("nộp hs ở đâu", "nộp hồ sơ ở đâu"),
        ("hs nghèo", "học sinh nghèo"),
        ("Ko rõ", "Không rõ"),
        ("mấy h làm việc", "mấy giờ làm việc"),
    ],
)
def test_shorthand_and_dialect_are_written_out(typed: str, meant: str) -> None:
    assert expand(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "chi phí, chi trả, chi nhánh, chi tiết",
        "nhổ răng, răng hàm, đau răng",
        "mô hình, quy mô, mô tả",
        "500 k một tháng",
        "ba người, thứ ba, tháng ba, xã Ba Tơ",
        "gieo mạ, rau má",
        "tê chân, tê liệt",
        "mùa hè, nghỉ hè",
        "túi ni lông",
        "tía tô, đỏ tía",
        "8h sáng, hn, kk, nn, cn",
        "cây sanh, tủi thân, buồn tủi, bấy nhiêu",
        "còn 0 đồng",
        "Hộ cận nghèo được hỗ trợ gì?",
    ],
)
def test_words_that_mean_something_else_stay(text: str) -> None:
    assert expand(text) == text


def test_written_out_text_holds_nothing_to_write_out() -> None:
    fulls = {
        line.split("\t")[1]
        for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]
        if line and not line.startswith("#")
    }
    assert len(fulls) > 100
    assert [full for full in sorted(fulls) if expand(full).lower() != full.lower()] == []


@given(st.text(alphabet="kocha irăngmôdb0 1./\u0301"))
def test_expansions_are_in_order_and_inside(text: str) -> None:
    found = expansions(text)
    assert all(0 <= e.start < e.end <= len(text) for e in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    expand(text)

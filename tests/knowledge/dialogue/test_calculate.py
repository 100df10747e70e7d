"""Calculations in conversation, with the data of the project."""

from decimal import Decimal

import pytest

from bot.knowledge.case import SELF, Case
from bot.knowledge.dialogue.turn import Assistant
from tests.knowledge.dialogue.conversation import Conversation, asked

FOUR = ("household_size", 4, "nhà 4 người")
FIFTY = ("money", {"amount": 50_000_000, "per": None}, "50 triệu")


@pytest.fixture
def talk(published_assistant: Assistant) -> Conversation:
    return Conversation(published_assistant)


def test_a_premium_is_worked_out_at_once_where_the_number_of_people_is_said(talk: Conversation) -> None:
    (reply,) = talk.say("nhà 4 người mua bảo hiểm y tế hộ gia đình hết bao nhiêu một năm", "ask_benefit", FOUR)
    assert (reply.answer.source, reply.answer.status, reply.answer.program) == (
        "calculation",
        "answered",
        "bhyt_ho_gia_dinh",
    )
    assert "Cả 4 người đóng: 3 tháng 956.340 đồng; 6 tháng 1.912.680 đồng; 12 tháng 3.825.360 đồng." in reply.text
    assert "4,5% × 2.530.000 đồng × 70% = 79.695 đồng/tháng" in reply.text
    assert "Điều 3 khoản 2, 161/2026/NĐ-CP: Mức lương cơ sở 2.530.000 đồng/tháng" in reply.text
    assert "Tính đến ngày 25/11/2026." in reply.text
    assert "161/2026/NĐ-CP" in {citation.document for citation in reply.answer.citations}
    assert {"act": "calculate", "program": "bhyt_ho_gia_dinh"} not in [button.act for button in reply.buttons]


def test_another_number_is_worked_out_for_the_same_program(talk: Conversation) -> None:
    talk.say("nhà 4 người mua bảo hiểm y tế hộ gia đình hết bao nhiêu", "ask_benefit", FOUR)
    (reply,) = talk.say("còn 6 người thì bao nhiêu", "ask_benefit", ("number", 6, "6"))
    assert "12 tháng 4.918.320 đồng" in reply.text


@pytest.mark.parametrize("text", ["80 triệu thì sao", "80 triệu"])
def test_a_new_number_alone_is_worked_out_anew(text: str, talk: Conversation) -> None:
    talk.say("vay hộ nghèo 50 triệu 5 năm mỗi tháng trả bao nhiêu", "ask_benefit", FIFTY)
    (reply,) = talk.say(text, "nlu_fallback", ("money", {"amount": 80_000_000}, "80 triệu"))
    assert reply.answer.program == "vay_ho_ngheo"
    # 80 triệu : 60 = 1.333.333; lãi tháng đầu 80 triệu × 0,52% = 416.000
    assert "= 1.749.333 đồng" in reply.text


def test_a_question_without_the_number_is_answered_as_before_with_a_button(talk: Conversation) -> None:
    (reply,) = talk.say("bảo hiểm y tế hộ gia đình đóng bao nhiêu", "ask_benefit")
    assert reply.answer.source == "policy"
    act = {"act": "calculate", "program": "bhyt_ho_gia_dinh"}
    assert ("Tính cụ thể", act) in [(button.title, button.act) for button in reply.buttons]
    replies = talk.press(act)
    assert asked(replies) == (None, "household_size")
    assert replies[0].answer.program == "bhyt_ho_gia_dinh"
    (reply,) = talk.say("4", "inform", ("number", 4, "4"))
    assert "12 tháng 3.825.360 đồng" in reply.text
    assert talk.case.goal is None


def test_an_answer_on_who_is_entitled_has_no_such_button(talk: Conversation) -> None:
    (reply,) = talk.press({"act": "ask", "program": "bhyt_ho_gia_dinh", "aspect": "documents"})
    assert "calculate" not in [button.act["act"] for button in reply.buttons]


def test_the_inputs_of_a_loan_are_asked_one_at_a_time_and_one_can_be_corrected(talk: Conversation) -> None:
    assert asked(talk.press({"act": "calculate", "program": "vay_nuoc_sach"})) == (None, "loan_amount")
    assert asked(talk.say("24 triệu", "inform", ("money", {"amount": 24_000_000}, "24 triệu"))) == (None, "loan_months")
    (reply,) = talk.say("5 năm", "inform", ("number", 5, "5"))
    assert "= 568.000 đồng" in reply.text
    assert "tổng tiền lãi 5.124.000 đồng" in reply.text
    (reply,) = talk.say("à không, 4 năm", "correct", ("number", 4, "4"))
    assert "sửa lại: thời gian vay: 48 tháng" in reply.text
    assert reply.answer.source == "calculation"
    # 24 triệu : 48 = 500.000; lãi tháng đầu 24 triệu × 0,7% = 168.000
    assert "= 668.000 đồng" in reply.text


def test_both_inputs_in_one_answer_are_both_taken(talk: Conversation) -> None:
    talk.press({"act": "calculate", "program": "vay_ho_ngheo"})
    (reply,) = talk.say("vay 50 triệu trong 5 năm", "inform", FIFTY)
    assert "= 1.093.333 đồng" in reply.text


def test_a_loan_of_a_named_program_is_worked_out_at_once(talk: Conversation) -> None:
    (reply,) = talk.say("vay hộ nghèo 50 triệu 5 năm mỗi tháng trả bao nhiêu", "ask_benefit", FIFTY)
    assert reply.answer.program == "vay_ho_ngheo"
    assert "tổng tiền lãi 7.930.000 đồng" in reply.text
    assert "Ngân hàng Chính sách xã hội quyết định" in reply.text


@pytest.mark.parametrize(("who", "program"), [("hộ nghèo", "vay_ho_ngheo"), ("hộ cận nghèo", "vay_ho_can_ngheo")])
def test_a_loan_is_worked_out_for_the_household_it_is_told_of(who: str, program: str, talk: Conversation) -> None:
    (reply,) = talk.say(f"vay 50 triệu {who} 5 năm, mỗi tháng trả bao nhiêu", "ask_benefit", FIFTY)
    assert (reply.answer.source, reply.answer.program) == ("calculation", program)


def test_a_loan_of_no_named_program_is_worked_out_for_each(talk: Conversation) -> None:
    (reply,) = talk.say("vay 50 triệu 5 năm mỗi tháng trả bao nhiêu", "ask_benefit", FIFTY)
    assert "Vay hộ nghèo: tháng đầu trả 1.093.333 đồng" in reply.text
    assert "Vay hộ cận nghèo: tháng đầu trả 1.145.333 đồng" in reply.text
    assert {"act": "calculate", "program": "vay_ho_ngheo"} in [button.act for button in reply.buttons]
    (reply,) = talk.press({"act": "calculate", "program": "vay_ho_ngheo"})
    assert "tổng tiền lãi 7.930.000 đồng" in reply.text


def test_a_loan_of_no_named_program_is_the_one_spoken_of_before(talk: Conversation) -> None:
    talk.press({"act": "ask", "program": "vay_nuoc_sach", "aspect": "benefit"})
    twenty = ("money", {"amount": 20_000_000}, "20 triệu")
    (reply,) = talk.say("vay 20 triệu trả trong 5 năm thì mỗi tháng trả mấy tiền", "ask_benefit", twenty)
    assert (reply.answer.source, reply.answer.program) == ("calculation", "vay_nuoc_sach")


def test_programs_that_do_not_lend_so_much_or_not_to_them_are_left_out(published_assistant: Assistant) -> None:
    talk = Conversation(published_assistant, Case(facts={(None, "household_class"): "near_poor"}))
    (reply,) = talk.say(
        "vay 150 triệu 5 năm mỗi tháng trả bao nhiêu", "ask_benefit", ("money", {"amount": 150_000_000}, "150 triệu")
    )
    assert "Vay hộ cận nghèo:" in reply.text
    assert "Vay hộ nghèo:" not in reply.text
    assert "Vay nước sạch" not in reply.text


def test_a_question_what_one_may_borrow_is_no_calculation(talk: Conversation) -> None:
    (reply,) = talk.say("hộ nghèo vay được bao nhiêu tiền", "ask_benefit")
    assert reply.answer.source != "calculation"


def test_a_contribution_is_told_for_every_group_or_for_the_one_that_is_known(talk: Conversation) -> None:
    three = ("money", {"amount": 3_000_000, "per": None}, "3 triệu")
    text = "đóng bảo hiểm xã hội tự nguyện mức 3 triệu thì tôi trả bao nhiêu"
    (reply,) = talk.say(text, "ask_benefit", three)
    for amount in ("495.000", "528.000", "561.000", "594.000"):
        assert f"= {amount} đồng/tháng" in reply.text
    assert (SELF, "pension_amount") not in talk.case.facts
    talk.case = talk.case.state((None, "household_class"), "poor")
    (reply,) = talk.say(text, "ask_benefit", three)
    assert "Mình tự đóng: 1 tháng 495.000 đồng" in reply.text
    assert "594.000" not in reply.text


def test_who_cannot_choose_an_income_is_told_the_lowest(talk: Conversation) -> None:
    replies = talk.press({"act": "calculate", "program": "bhxh_tu_nguyen"})
    assert asked(replies) == (SELF, "chosen_income")
    (reply,) = talk.say("không biết", "dont_know")
    assert "mức thấp nhất" in reply.text
    assert "= 264.000 đồng/tháng" in reply.text
    assert talk.case.goal is None


def test_an_allowance_is_worked_out_for_the_child_that_is_spoken_of(talk: Conversation) -> None:
    (reply,) = talk.say(
        "con tôi 10 tuổi có giấy khuyết tật nặng được trợ cấp khuyết tật bao nhiêu một tháng",
        "ask_benefit",
        ("relation", "child", "con tôi"),
        ("age", {"years": 10}, "10 tuổi"),
    )
    assert reply.answer.member == "child"
    assert "em tính thử cho con" in reply.text
    assert "2 × 540.000 đồng = 1.080.000 đồng/tháng" in reply.text


def test_the_facts_of_an_allowance_are_asked_like_those_of_a_check(talk: Conversation) -> None:
    assert asked(talk.press({"act": "calculate", "program": "tro_cap_khuyet_tat"})) == (SELF, "disability")
    act = {"act": "inform", "fact": "disability", "value": "severe", "member": SELF}
    assert asked(talk.press(act)) == (SELF, "age")
    (reply,) = talk.say("62 tuổi", "inform", ("age", {"years": 62}, "62 tuổi"))
    assert "Được nhận: mỗi tháng 1.080.000 đồng." in reply.text


def test_the_poverty_line_asks_only_what_matters_and_warns(talk: Conversation) -> None:
    assert asked(talk.press({"act": "calculate", "program": "cong_nhan_ho_ngheo"})) == (None, "income_per_head")
    income = ("money", {"amount": 1_700_000}, "1 triệu 7")
    assert asked(talk.say("1 triệu 7", "inform", income)) == (None, "area")
    assert asked(talk.press({"act": "inform", "fact": "area", "value": "urban", "member": None})) == (
        None,
        "deprivation_count",
    )
    (reply,) = talk.say("3", "inform", ("number", 3, "3"))
    assert "nhà mình ở mức hộ nghèo" in reply.text
    assert "là do xã, phường khảo sát rồi quyết định" in reply.text
    assert talk.case.facts[(None, "income_per_head")] == Decimal(1_700_000)


def test_what_cannot_be_told_leaves_the_class_open(talk: Conversation) -> None:
    talk.press({"act": "calculate", "program": "cong_nhan_ho_ngheo"})
    talk.say("1 triệu", "inform", ("money", {"amount": 1_000_000}, "1 triệu"))
    (reply,) = talk.press({"act": "dont_know", "fact": "deprivation_count", "member": None})
    assert "còn thiếu: số chỉ số thiếu hụt" in reply.text
    assert "Kết quả tính thử" not in reply.text


def test_a_question_in_the_middle_is_answered_and_the_input_asked_again(talk: Conversation) -> None:
    talk.press({"act": "calculate", "program": "vay_ho_ngheo"})
    replies = talk.say("thẻ bảo hiểm y tế hộ cận nghèo cần giấy tờ gì", "ask_documents")
    assert len(replies) == 2
    assert asked(replies) == (None, "loan_amount")
    assert talk.case.goal == "calculate:vay_ho_ngheo"


def test_one_can_stop(talk: Conversation) -> None:
    talk.press({"act": "calculate", "program": "vay_ho_ngheo"})
    talk.say("thôi dừng lại", "stop")
    assert talk.case.goal is None


def test_a_button_of_a_program_that_has_no_calculator_is_old(talk: Conversation) -> None:
    (reply,) = talk.press({"act": "calculate", "program": "gao_cuu_doi"})
    assert reply.answer.status == "clarify"

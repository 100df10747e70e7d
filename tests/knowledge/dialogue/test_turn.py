from dataclasses import replace
from decimal import Decimal

import pytest

from bot.knowledge.answer import Button
from bot.knowledge.case import SCREENING, SELF, Case, Focus
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age
from tests.knowledge.dialogue.conversation import Conversation, asked, said
from tests.knowledge.rows import TODAY

BA_TO = {"commune": "ba_to", "candidates": ["ba_to"], "matched": "Ba Tơ"}
MOTHER_76 = (("relation", "mother", "mẹ"), ("age", {"years": 76}, "76 tuổi"))


@pytest.fixture
def talk(assistant: Assistant) -> Conversation:
    return Conversation(assistant)


def begun(assistant: Assistant, goal: str = "huu_tri", *subjects: str) -> Conversation:
    talk = Conversation(assistant, Case(subjects=subjects or (SELF,)))
    talk.press({"act": "check", "program": goal})
    return talk


# Checks


def test_a_daughter_s_question_is_judged_for_her_mother_and_asks_only_what_matters(talk: Conversation) -> None:
    replies = talk.say(
        "nhà tôi cận nghèo ở Ba Tơ, mẹ 76 tuổi, được hưởng gì?", "screen", ("place", BA_TO, "Ba Tơ"), *MOTHER_76
    )
    assert talk.case.goal == SCREENING
    assert asked(replies) == ("mother", "pension_amount")
    assert "Mẹ có lương hưu không" in replies[0].text
    replies = talk.say("không có", "deny")
    results = {(r.program, r.member): r.verdict for r in replies[-1].answer.results}
    assert results == {
        ("huu_tri", "mother"): "eligible",
        ("bhyt", "mother"): "eligible",
        ("xoa_nha", None): "not_eligible",
    }
    assert not talk.case.goal
    assert "540.000 đồng/người/tháng" in replies[-1].text


def test_the_result_names_verdict_article_papers_place_and_day(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.say("không", "deny")
    (reply,) = talk.say("sinh 2/3/1950", "inform", ("birth", {"year": 1950, "month": 3, "day": 2}, "2/3/1950"))
    answer = reply.answer
    assert (answer.status, answer.verdict, answer.member) == ("answered", "eligible", "mother")
    assert [(c.label, c.value) for c in answer.criteria] == [
        ("Không có lương hưu", "0 đồng"),
        ("Từ đủ 75 tuổi", "76 tuổi"),
    ]
    for words in ("ĐỦ ĐIỀU KIỆN", "Điều 2, 1/2025/NĐ-CP", "Mẫu số 01", "UBND cấp xã", "25/11/2026", "540.000"):
        assert words in reply.text


def test_a_birth_year_at_the_bound_is_asked_once_more_and_then_left_open(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.say("không", "deny")
    talk.press({"act": "inform", "fact": "household_class", "value": "other", "member": None})
    year = ("birth", {"year": 1951, "month": None, "day": None}, "1951")
    for _ in range(3):
        replies = talk.say("sn 1951", "inform", year)
        if asked(replies) is None:
            break
    assert replies[-1].answer.verdict == "unknown"
    assert talk.case.facts[("mother", "age")] == Age.born(1951)


@pytest.mark.parametrize("text", ["1950", "năm 1950"])
def test_a_year_that_answers_the_age_is_no_day_to_answer_for(assistant: Assistant, text: str) -> None:
    talk = begun(assistant)
    talk.say("không", "deny")
    replies = talk.say(text, "inform", ("date", {"year": 1950, "month": None, "day": None}, "1950"))
    assert talk.case.facts[(SELF, "age")] == Age.born(1950)
    assert replies[-1].answer.as_of == TODAY
    assert replies[-1].answer.verdict == "eligible"


def test_what_is_not_known_is_not_asked_again(assistant: Assistant) -> None:
    talk = begun(assistant)
    seen = []
    replies = talk.say("không biết", "dont_know")
    while (key := asked(replies)) is not None:
        assert key not in seen
        seen.append(key)
        replies = talk.press({"act": "dont_know", "fact": key[1], "member": key[0]})
    assert replies[-1].answer.verdict == "unknown"
    assert "UBND xã" in replies[-1].text


@pytest.mark.parametrize("intent", ["affirm", "inform"])
def test_an_answer_that_is_none_asks_again_and_offers_an_officer_the_second_time(
    assistant: Assistant, intent: str
) -> None:
    talk = begun(assistant)
    pending = talk.case.pending
    first = talk.say("ừm để coi", intent)
    second = talk.say("ừm để coi", intent)
    assert asked(first) == asked(second) == pending == talk.case.pending
    assert {"act": "human"} not in [b.act for b in first[-1].buttons]
    assert {"act": "human"} in [b.act for b in second[-1].buttons]


def test_a_question_in_the_middle_is_answered_and_the_pending_one_comes_back(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    before = talk.case
    replies = talk.say("thẻ bảo hiểm y tế cận nghèo cần giấy tờ gì?", "ask_documents")
    assert [r.answer.status for r in replies] == ["answered", "asked_back"]
    assert "TK1-TS" in replies[0].text
    assert asked(replies) == before.pending == talk.case.pending
    assert (talk.case.goal, talk.case.subjects) == ("huu_tri", ("mother",))
    assert asked(talk.say("không", "deny")) != before.pending


def test_what_else_is_told_with_an_answer_is_kept(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.say("mẹ 76 tuổi", "inform", *MOTHER_76)
    assert talk.case.facts == {("mother", "age"): Age.of_years(76, TODAY)}
    assert talk.case.pending == ("mother", "pension_amount")


@pytest.mark.parametrize("way", ["typed", "pressed"])
def test_a_check_can_be_stopped_at_any_time_and_what_is_known_stays(assistant: Assistant, way: str) -> None:
    talk = begun(assistant)
    talk.say("1tr5", "inform", ("money", {"amount": 1_500_000, "per": None}, "1tr5"))
    replies = talk.say("thôi dừng đi", "stop") if way == "typed" else talk.press({"act": "stop"})
    assert replies[0].answer.status == "answered"
    assert (talk.case.goal, talk.case.pending) == (None, None)
    assert talk.case.facts == {(SELF, "pension_amount"): Decimal(1_500_000)}


def test_stopping_with_nothing_under_way_is_answered(talk: Conversation) -> None:
    assert talk.say("dừng", "stop")[0].text


def test_a_correction_replaces_the_answer_and_judges_anew(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.say("không", "deny")
    talk.press({"act": "inform", "fact": "household_class", "value": "other", "member": None})
    (refused,) = talk.say("60 tuổi", "inform", ("age", {"years": 60}, "60 tuổi"))
    assert refused.answer.verdict == "not_eligible"
    (reply,) = talk.say("nhầm, mẹ 76 tuổi mới đúng", "correct", *MOTHER_76)
    assert talk.case.facts[("mother", "age")] == Age.of_years(76, TODAY)
    assert reply.answer.verdict == "eligible"
    assert "76 tuổi" in reply.text.splitlines()[0]


def test_a_correction_in_the_middle_of_a_check_goes_on_with_it(assistant: Assistant) -> None:
    talk = begun(assistant, "vay_nuoc")
    talk.press({"act": "inform", "fact": "area", "value": "urban", "member": None})
    replies = talk.say("nhầm, nông thôn", "correct")
    assert talk.case.facts[(None, "area")] == "rural"
    assert replies[-1].answer.program == "vay_nuoc"


def test_a_person_question_about_oneself_starts_the_check(talk: Conversation) -> None:
    replies = talk.say("mẹ tôi 76 tuổi có được trợ cấp hưu trí xã hội không", "ask_eligibility", *MOTHER_76)
    assert talk.case.goal == "huu_tri"
    assert asked(replies) == ("mother", "pension_amount")


def test_a_general_question_gets_the_rule_and_no_check(talk: Conversation) -> None:
    (reply,) = talk.say("ai được hưởng trợ cấp hưu trí xã hội", "ask_eligibility")
    assert talk.case.goal is None
    assert reply.answer.aspect == "eligibility"
    assert "nhóm 75" in reply.text


def test_a_household_question_is_put_once_for_several_members(assistant: Assistant) -> None:
    talk = begun(assistant, "bhyt", "mother", "father")
    assert talk.case.pending == (None, "household_class")
    (reply,) = talk.say("cận nghèo", "inform")
    assert {(r.member, r.verdict) for r in reply.answer.results} == {("mother", "eligible"), ("father", "eligible")}


def test_the_commune_answers_what_follows_from_it(assistant: Assistant) -> None:
    talk = begun(assistant, "vay_nuoc")
    replies = talk.say("xã Ba Tơ", "inform", ("place", BA_TO, "Ba Tơ"))
    assert replies[-1].answer.verdict == "not_eligible"


# Questions about policy


def test_a_follow_up_keeps_the_program(talk: Conversation) -> None:
    talk.say("trợ cấp hưu trí xã hội được bao nhiêu tiền", "ask_benefit")
    (reply,) = talk.say("còn giấy tờ?", "ask_documents")
    assert (reply.answer.program, reply.answer.aspect) == ("huu_tri", "documents")


def test_a_past_year_is_answered_with_the_rows_of_that_day(assistant: Assistant) -> None:
    talk = Conversation(assistant, Case(focus=Focus("social_pension", "huu_tri", "benefit")))
    (reply,) = talk.say(
        "năm 2024 thì sao?", "ask_benefit", ("date", {"year": 2024, "month": None, "day": None}, "2024")
    )
    assert reply.answer.as_of.isoformat() == "2024-12-31"
    assert "360.000 đồng" in reply.text
    assert "9/2021/NĐ-CP" in reply.text
    assert "540.000" not in reply.text
    (reply,) = talk.say("còn bây giờ?", "ask_benefit")
    assert "540.000 đồng" in reply.text
    assert reply.answer.as_of == TODAY


def test_before_every_provision_nothing_is_claimed(assistant: Assistant) -> None:
    talk = Conversation(assistant, Case(focus=Focus("social_pension", "huu_tri", "benefit")))
    (reply,) = talk.say(
        "năm 2015 thì sao?", "ask_benefit", ("date", {"year": 2015, "month": None, "day": None}, "2015")
    )
    assert (reply.answer.status, reply.answer.citations) == ("not_covered", ())


def test_an_faq_takes_the_figure_of_the_day(assistant: Assistant) -> None:
    talk = Conversation(assistant)
    question = "Mức chuẩn trợ cấp xã hội hiện nay là bao nhiêu tiền?"
    (reply,) = talk.say(question, "ask_benefit")
    assert (reply.answer.source, reply.answer.faq) == ("faq", "muc_huu_tri")
    assert "540.000 đồng" in reply.text
    (reply,) = talk.say(question, "ask_benefit", ("date", {"year": 2025, "month": None, "day": None}, "hiện nay"))
    assert "500.000 đồng" in reply.text


def test_an_faq_whose_figure_did_not_exist_yet_is_not_told(assistant: Assistant) -> None:
    year = ("date", {"year": 2019, "month": None, "day": None}, "hiện nay")
    replies = Conversation(assistant).say("Mức chuẩn trợ cấp xã hội hiện nay là bao nhiêu tiền?", "ask_benefit", year)
    assert replies[0].answer.source != "faq"


def test_an_faq_is_told_on_its_days_only_and_says_that_it_is_not_confirmed(assistant: Assistant) -> None:
    question = "Đổi thẻ bảo hiểm y tế giấy sang thẻ điện tử thế nào?"
    (reply,) = Conversation(assistant).say(question, "ask_other")
    assert (reply.answer.faq, reply.answer.verified) == ("phat_the", False)
    year = ("date", {"year": 2025, "month": None, "day": None}, "điện tử")
    assert Conversation(assistant).say(question, "ask_other", year)[0].answer.faq is None


def test_a_closed_program_is_answered_and_not_passed_over(talk: Conversation) -> None:
    (reply,) = talk.say("xóa nhà tạm nhà dột nát", "ask_benefit")
    assert reply.answer.status == "answered"
    assert "không còn áp dụng" in reply.text
    assert "31/12/2025" in reply.text
    (reply,) = talk.press({"act": "check", "program": "xoa_nha"})
    assert reply.answer.verdict == "not_eligible"
    assert reply.answer.source == "eligibility"


def test_ours_but_no_row_names_the_office(talk: Conversation) -> None:
    (reply,) = talk.say("hỗ trợ tiền điện", "ask_benefit")
    assert (reply.answer.status, reply.answer.topic, reply.answer.office) == ("not_covered", "electricity", "UBND xã")


def test_out_of_scope_says_what_it_can_help_with_and_offers_an_officer_the_second_time(talk: Conversation) -> None:
    first = talk.say("giá vàng sáng mai", "out_of_scope")[0]
    second = talk.say("kết quả xổ số", "out_of_scope")[0]
    assert first.answer.status == second.answer.status == "out_of_scope"
    assert {"act": "human"} not in [b.act for b in first.buttons]
    assert {"act": "human"} in [b.act for b in second.buttons]


def test_a_scrap_of_a_question_is_unclear_rather_than_none_of_ours(talk: Conversation) -> None:
    assert talk.say("được nhiêu", "ask_benefit")[0].answer.status == "clarify"


def test_words_of_ours_in_what_seems_none_of_ours_are_asked_about_with_the_likeliest_topic_first(
    talk: Conversation,
) -> None:
    unsure = replace(said("hộ nghèo mua điện thoại", "ask_other"), ranking=(("ask_other", 0.5), ("out_of_scope", 0.4)))
    (reply,), _ = talk.assistant.answer(unsure, talk.case)
    likeliest = talk.assistant.index.search("hộ nghèo mua điện thoại").topics[0].id
    assert (reply.answer.status, reply.answer.readings[0].topic) == ("clarify", likeliest)
    surely = replace(unsure, ranking=(("ask_other", 0.1), ("out_of_scope", 0.9)))
    (reply,), _ = talk.assistant.answer(surely, talk.case)
    assert reply.answer.status == "out_of_scope"


def test_a_detailed_question_that_no_row_answers_names_the_office_and_what_is_near(published: Snapshot) -> None:
    talk = Conversation(Assistant(published, Index(published)))
    (reply,) = talk.say(
        "sở xây dựng thanh tra nhà ở xã hội thuê và mua bao lâu một lần theo kế hoạch nào", "ask_time_limit"
    )
    assert (reply.answer.status, reply.answer.topic, reply.answer.aspect) == (
        "not_covered",
        "social_housing",
        "time_limit",
    )
    assert reply.answer.office in reply.text
    assert [reading.program for reading in reply.answer.readings] == ["noxh_thue", "noxh_mua"]
    assert {"act": "ask", "program": "noxh_mua", "aspect": "time_limit"} in [b.act for b in reply.buttons]


def test_what_an_entry_says_not_to_know_is_told_by_it_though_a_program_shares_its_words(published: Snapshot) -> None:
    talk = Conversation(Assistant(published, Index(published)))
    (reply,) = talk.say("công tơ điện nhà hộ nghèo bị cháy, hóa đơn tính sai thì báo ai", "ask_complaint")
    assert (reply.answer.status, reply.answer.faq) == ("not_covered", "chua_co_cong_to_hu")
    assert (reply.answer.topic, reply.answer.aspect) == ("electricity", "complaint")


def test_who_asks_for_a_right_is_not_told_what_a_group_has_that_was_not_named(published: Snapshot) -> None:
    talk = Conversation(Assistant(published, Index(published)))
    (reply,) = talk.say("tôi có được bảo hiểm y tế miễn phí không", "ask_eligibility")
    assert (reply.answer.status, reply.answer.topic, reply.answer.faq) == ("asked_back", "health_insurance", None)


def test_whoever_tells_of_themselves_reads_the_rule_before_they_are_asked(published: Snapshot) -> None:
    talk = Conversation(Assistant(published, Index(published)))
    text = "ông tôi 76 tuổi không có lương hưu có được trợ cấp hưu trí xã hội không"
    told = (("relation", "grandfather", "ông tôi"), ("age", {"years": 76}, "76 tuổi"))
    rule, question = talk.say(text, "ask_eligibility", *told)
    assert (rule.answer.status, rule.answer.topic, rule.buttons) == ("answered", "social_pension", ())
    assert "75 tuổi" in rule.text
    assert question.answer.asks is not None
    assert question.text.startswith("Dạ, về Hưu trí xã hội: em hỏi thêm vài câu để xem ông có được không ạ.\n")


@pytest.mark.parametrize("text", ["tại sao hỏi vậy?", "hoi chi rua em", "sao?", "vì sao lại hỏi cái này"])
def test_whoever_asks_why_is_told_what_the_answer_decides(assistant: Assistant, text: str) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    before = talk.case
    (reply,) = talk.say(text, "ask_other")
    assert reply.text.startswith("Dạ em hỏi vì phần Hưu trí xã hội có xét: ")
    assert asked([reply]) == before.pending
    assert talk.case.misses == 0


@pytest.mark.parametrize("text", ["tại sao", "sao lại không được vậy em", "răng không được rứa"])
def test_whoever_asks_why_after_a_verdict_reads_its_reasons_again(assistant: Assistant, text: str) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.say("không", "deny")
    (verdict,) = talk.say("60 tuổi", "inform", ("age", {"years": 60}, "60 tuổi"))
    assert verdict.answer.verdict == "not_eligible"
    (again,) = talk.say(text, "ask_complaint")
    assert again.text == verdict.text


def test_why_something_is_a_right_is_no_question_about_a_verdict(assistant: Assistant) -> None:
    talk = Conversation(assistant)
    talk.say("hưu trí xã hội ai được", "ask_eligibility")
    replies = talk.say("vì sao", "ask_other")
    assert asked(replies) is None
    assert replies[-1].answer.verdict is None


def test_what_speaks_of_policy_but_looks_like_misuse_is_refused(talk: Conversation) -> None:
    asked = replace(said("hưu trí xã hội cần giấy tờ gì", "ask_documents"), ranking=(("ask_documents", 0.7),))
    (reply,), _ = talk.assistant.answer(asked, talk.case)
    assert reply.answer.status == "answered"
    hostile = replace(asked, ranking=(("ask_documents", 0.7), ("abuse", 0.25)))
    (reply,), _ = talk.assistant.answer(hostile, talk.case)
    assert reply.answer.status == "blocked"


def test_the_likeliest_aspect_counts_where_the_act_is_in_doubt(talk: Conversation) -> None:
    unsure = replace(
        said("hưu trí xã hội cần giấy tờ gì", "out_of_scope"),
        confidence=0.5,
        ranking=(("out_of_scope", 0.5), ("ask_documents", 0.3), ("ask_benefit", 0.1)),
    )
    (reply,), _ = talk.assistant.answer(unsure, talk.case)
    assert (reply.answer.status, reply.answer.aspect) == ("answered", "documents")


def test_beside_an_answer_a_topic_nearly_as_likely_is_named(published: Snapshot) -> None:
    talk = Conversation(Assistant(published, Index(published)))
    text = "hỗ trợ tiền sách vở và nhà ở được bao nhiêu"
    likely = talk.assistant.index.search(text).topics
    (reply,) = talk.say(text, "ask_benefit")
    assert reply.answer.status == "answered"
    named = [reading.topic for reading in reply.answer.readings]
    assert named
    assert reply.answer.topic not in named
    assert set(named) <= {hit.id for hit in likely[:4]}
    assert published.topics[named[0]].name in reply.text.splitlines()[-1]
    assert {"act": "topic", "topic": named[0]} in [button.act for button in reply.buttons]


def test_facts_told_without_a_question_are_noted_and_a_screening_offered(talk: Conversation) -> None:
    (reply,) = talk.say("tôi là người Hrê", "inform")
    assert talk.case.facts == {(SELF, "ethnic_minority"): True}
    assert {"act": "screen"} in [b.act for b in reply.buttons]


# What was offered, taken by typing


@pytest.mark.parametrize(("text", "intent"), [("có", "affirm"), ("dạ", "nlu_fallback"), ("ừ đúng rồi em", "affirm")])
def test_a_yes_begins_the_screening_that_was_offered(talk: Conversation, text: str, intent: str) -> None:
    talk.say("tôi là người Hrê", "inform")
    talk.say(text, intent)
    assert talk.case.goal == SCREENING
    assert talk.case.facts == {(SELF, "ethnic_minority"): True}


def test_a_yes_to_whom_asks_whom_and_a_number_takes_one(talk: Conversation) -> None:
    (whom,) = talk.press({"act": "whom"})
    (again,) = talk.say("dạ", "affirm")
    assert (again.buttons, talk.case.goal) == (whom.buttons, None)
    talk.say("2", "nlu_fallback")
    assert (talk.case.goal, talk.case.subjects) == (SCREENING, (whom.buttons[1].act["member"],))


def test_what_is_told_beside_the_yes_is_kept(talk: Conversation) -> None:
    talk.say("tôi là người Hrê", "inform")
    replies = talk.say("có, nhà tôi hộ nghèo", "affirm")
    assert talk.case.facts[(None, "household_class")] == "poor"
    assert (talk.case.goal, asked(replies) == (None, "household_class")) == (SCREENING, False)


def test_a_no_and_a_yes_to_nothing_begin_no_screening(talk: Conversation) -> None:
    talk.say("tôi là người Hrê", "inform")
    talk.say("không", "deny")
    (reply,) = talk.say("có", "affirm")
    assert (talk.case.goal, reply.answer.status) == (None, "answered")


@pytest.mark.parametrize("text", ["2", "số 2 ạ", "cái thứ hai", "Vay nước sạch", "vay nuoc sach."])
def test_one_of_a_list_is_taken_by_its_number_or_name(talk: Conversation, text: str) -> None:
    (offer,) = talk.press({"act": "topic", "topic": "housing_support"})
    assert "2. Vay nước sạch" in offer.text.splitlines()
    (reply,) = talk.say(text, "nlu_fallback")
    assert reply.answer.program == "vay_nuoc"


@pytest.mark.parametrize("text", ["3", "0", "2 người", "tôi 2 con"])
def test_a_number_that_is_none_of_the_list_takes_nothing(talk: Conversation, text: str) -> None:
    talk.press({"act": "topic", "topic": "housing_support"})
    (reply,) = talk.say(text, "nlu_fallback")
    assert reply.answer.program is None


def test_a_yes_to_a_list_asks_which_and_the_number_then_counts(talk: Conversation) -> None:
    (offer,) = talk.press({"act": "topic", "topic": "housing_support"})
    (which,) = talk.say("đúng rồi", "affirm")
    assert (which.answer.status, which.buttons) == ("clarify", offer.buttons)
    (reply,) = talk.say("1", "nlu_fallback")
    assert reply.answer.program == "xoa_nha"


def test_a_yes_to_an_officer_leads_to_one(talk: Conversation) -> None:
    talk.say("giá vàng hôm nay", "out_of_scope")
    talk.say("được nhiêu", "ask_benefit")
    (reply,) = talk.say("có", "affirm")
    assert [button.act for button in reply.buttons] == [{"act": "human"}]


def test_the_result_can_be_asked_for_by_typing(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.case = replace(talk.case, offered=(Button("Xem kết quả luôn", {"act": "result"}),))
    (reply,) = talk.say("xem ket qua", "nlu_fallback")
    assert (reply.answer.verdict, talk.case.pending) == ("unknown", None)


# Whom it is about


def test_another_person_after_a_verdict_is_judged(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.say("không", "deny")
    talk.say("76 tuổi", "inform", ("age", {"years": 76}, "76 tuổi"))
    father = (("relation", "father", "ba tôi"), ("age", {"years": 60}, "60 tuổi"))
    (reply,) = talk.say("còn ba tôi 60 tuổi thì sao?", "ask_benefit", *father)
    assert (reply.answer.member, reply.answer.verdict) == ("father", "not_eligible")


def test_papers_for_another_person_are_told_not_judged(assistant: Assistant) -> None:
    talk = Conversation(assistant, Case(focus=Focus("social_pension", "huu_tri", "benefit")))
    mother = (("relation", "mother", "mẹ"), ("age", {"years": 76}, "76 tuổi"))
    (reply,) = talk.say("mẹ 76 tuổi cần giấy tờ gì", "ask_documents", *mother)
    assert (reply.answer.aspect, talk.case.goal) == ("documents", None)


def test_who_was_asked_about_is_who_the_next_facts_are_of(talk: Conversation) -> None:
    talk.say("hưu trí xã hội cho mẹ được bao nhiêu?", "ask_benefit", ("relation", "mother", "mẹ"))
    talk.say("74 tuổi", "inform", ("age", {"years": 74}, "74 tuổi"))
    assert [*talk.case.facts] == [("mother", "age")]


def test_facts_and_then_a_short_question_begin_a_screening(talk: Conversation) -> None:
    talk.say("tôi là người Hrê", "inform")
    talk.say("được chi không", "ask_benefit")
    assert talk.case.goal == SCREENING


@pytest.mark.parametrize(("text", "intent"), [("hộ nghèo", "inform"), ("còn hộ nghèo?", "ask_other")])
def test_a_class_alone_is_whom_the_last_question_is_for(assistant: Assistant, text: str, intent: str) -> None:
    talk = Conversation(assistant, Case(focus=Focus("health_insurance", None, "benefit")))
    (reply,) = talk.say(text, intent)
    assert (reply.answer.program, reply.answer.aspect, talk.case.goal) == ("bhyt", "benefit", None)


def test_a_statement_answers_the_question_that_is_pending(assistant: Assistant) -> None:
    talk = begun(assistant, "huu_tri", "mother")
    talk.say("mẹ đang hưởng lương 3 triệu", "ask_benefit", ("money", {"amount": 3_000_000}, "3 triệu"))
    assert talk.case.facts[("mother", "pension_amount")] == Decimal(3_000_000)


# A topic in focus


def test_a_short_question_after_a_topic_asks_for_its_programs(assistant: Assistant) -> None:
    talk = Conversation(assistant, Case(focus=Focus("housing_support")))
    (reply,) = talk.say("cần giấy tờ gì", "ask_documents")
    assert [(r.program, r.aspect) for r in reply.answer.readings] == [
        ("xoa_nha", "documents"),
        ("vay_nuoc", "documents"),
    ]
    (told,) = talk.say("1", "nlu_fallback")
    assert (told.answer.program, told.answer.aspect) == ("xoa_nha", "documents")


def test_of_a_topic_with_one_program_it_is_that_one(assistant: Assistant) -> None:
    talk = Conversation(assistant, Case(focus=Focus("social_pension")))
    (reply,) = talk.say("cần giấy tờ gì", "ask_documents")
    assert (reply.answer.program, reply.answer.aspect) == ("huu_tri", "documents")


def test_a_short_question_that_names_its_matter_leaves_the_topic(assistant: Assistant) -> None:
    talk = Conversation(assistant, Case(focus=Focus("housing_support")))
    (reply,) = talk.say("bảo hiểm y tế cần giấy tờ gì", "ask_documents")
    assert reply.answer.topic == "health_insurance"


# Buttons


def test_every_button_ever_shown_can_be_pressed(assistant: Assistant) -> None:
    seen: set[str] = set()
    waiting = [(Case(), {"act": "screen"}), (Case(), {"act": "topic", "topic": "housing_support"})]
    while waiting and len(seen) < 400:
        case, act = waiting.pop()
        replies, after = assistant.press(act, case, TODAY)
        for button in (b for reply in replies for b in reply.buttons):
            name = f"{button.act}{after.pending}{after.goal}"
            if name not in seen and button.act["act"] != "human":
                seen.add(name)
                waiting.append((after, button.act))
        old = "nút này không còn dùng được"
        assert not any(old in reply.text for reply in replies), act
    assert not waiting


@pytest.mark.parametrize(
    "act",
    [
        {},
        {"act": "dance"},
        {"act": "ask", "program": "gone", "aspect": "benefit"},
        {"act": "ask", "program": "huu_tri", "aspect": "gone"},
        {"act": "ask", "program": 7, "aspect": "benefit"},
        {"act": "check", "program": "gone"},
        {"act": "topic", "topic": "gone"},
        {"act": "inform", "fact": "gone", "value": True, "member": None},
        {"act": "inform", "fact": "island", "value": "poor", "member": None},
        {"act": "inform", "fact": "household_class", "value": "gone", "member": None},
        {"act": "inform", "fact": "household_class", "value": True, "member": None},
        {"act": "inform", "fact": "island", "value": 7, "member": None},
        {"act": "dont_know", "fact": "gone", "member": None},
        {"act": "result"},
    ],
)
def test_a_button_that_no_longer_fits_gets_a_clear_word_and_changes_nothing(
    assistant: Assistant, act: dict[str, object]
) -> None:
    talk = Conversation(assistant, Case(facts={(None, "island"): True}))
    (reply,) = talk.press(act)
    assert reply.answer.status == "clarify"
    assert talk.case == Case(facts={(None, "island"): True})


def test_a_household_s_fact_is_never_a_member_s_even_from_a_button(assistant: Assistant) -> None:
    talk = begun(assistant, "bhyt")
    talk.press({"act": "inform", "fact": "household_class", "value": "poor", "member": "mother"})
    assert talk.case.facts == {(None, "household_class"): "poor"}


def test_the_topic_button_offers_its_programs(talk: Conversation) -> None:
    (reply,) = talk.press({"act": "topic", "topic": "housing_support"})
    assert [r.program for r in reply.answer.readings] == ["xoa_nha", "vay_nuoc"]
    (empty,) = talk.press({"act": "topic", "topic": "electricity"})
    assert empty.answer.status == "not_covered"


def test_after_a_screening_the_next_of_the_household_can_be_screened(assistant: Assistant) -> None:
    talk = Conversation(assistant)
    replies = talk.press({"act": "screen"})
    while asked(replies):
        replies = talk.say("không biết", "dont_know")
    acts = {button.title: button.act for button in replies[-1].buttons}
    (whom,) = talk.press(acts["Xem cho người khác trong nhà"])
    mother = next(button.act for button in whom.buttons if button.title == "Mẹ")
    replies = talk.press(mother)
    assert (talk.case.goal, talk.case.subjects) == (SCREENING, ("mother",))
    assert asked(replies) == ("mother", "pension_amount")


def test_what_one_must_ask_for_is_offered_apart_from_the_screening(talk: Conversation) -> None:
    (reply,) = talk.press({"act": "sought"})
    screened = {p.topic for p in talk.assistant.snapshot.programs.values() if p.screened}
    offered = {button.act["topic"] for button in reply.buttons}
    assert offered.isdisjoint(screened)
    assert offered == {p.topic for p in talk.assistant.snapshot.programs.values()} - screened


def test_nobody_is_screened_who_is_no_relative(talk: Conversation) -> None:
    (reply,) = talk.press({"act": "screen", "member": "hàng xóm"})
    assert (reply.answer.status, talk.case.goal) == ("clarify", None)


@pytest.mark.parametrize("way", ["typed", "pressed"])
def test_a_case_from_before_its_rows_were_removed_is_answered(assistant: Assistant, way: str) -> None:
    gone = (SELF, "fact_that_was_removed")
    case = Case(
        facts={gone: True},
        focus=Focus("topic_that_was_removed", "program_that_was_removed", "benefit"),
        goal="huu_tri",
        subjects=(SELF,),
        pending=gone,
        last_asked=gone,
    )
    talk = Conversation(assistant, case)
    if way == "typed":
        talk.say("có", "affirm")
    else:
        talk.press({"act": "chosen", "fact": gone[1], "member": SELF})
    talk.say("thế hộ cận nghèo thì sao?", "ask_benefit")
    talk.say("nhầm rồi", "correct")
    assert gone not in (talk.case.pending, talk.case.last_asked)


def test_a_check_whose_program_was_removed_is_not_told_as_a_result(assistant: Assistant) -> None:
    talk = Conversation(assistant, Case(goal="program_that_was_removed", subjects=(SELF,), pending=(SELF, "age")))
    (reply,) = talk.say("ừm để coi", "affirm")
    assert (talk.case.goal, talk.case.pending) == (None, None)
    assert reply.answer.source != "eligibility"

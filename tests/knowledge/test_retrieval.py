from dataclasses import replace

import pytest

from bot.knowledge.dialogue.matching import SURE
from bot.knowledge.prepared import MOST_PREPARED, prepare, prepare_row
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot


@pytest.fixture(scope="module")
def index(small: Snapshot) -> Index:
    return Index(small)


@pytest.mark.parametrize(
    ("question", "program"),
    [
        ("thẻ bảo hiểm y tế cho hộ cận nghèo", "bhyt"),
        ("the bao hiem y te ho can ngheo", "bhyt"),
        ("BHYT HỘ CẬN NGHÈO", "bhyt"),
        ("trợ cấp người già hằng tháng", "huu_tri"),
        ("xóa nhà tạm", "xoa_nha"),
        ("vay vốn làm giếng nước sạch", "vay_nuoc"),
        ("Nhà tôi ở xa lắm. Năm ngoái lũ lớn. Cho hỏi vay vốn nước sạch?", "vay_nuoc"),
    ],
)
def test_the_program_is_found_with_and_without_accents_and_last_in_a_story(
    index: Index, question: str, program: str
) -> None:
    assert index.search(question).programs[0].id == program


def test_hits_are_sorted_and_each_row_comes_once(index: Index) -> None:
    hits = index.search("bảo hiểm y tế hộ cận nghèo").programs
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.id for hit in hits}) == len(hits)


def test_a_question_in_the_words_of_an_faq_finds_it_nearly_whole(index: Index) -> None:
    best = index.search("Đổi thẻ bảo hiểm y tế giấy sang thẻ điện tử thế nào?").faqs[0]
    assert best.id == "phat_the"
    assert best.score > 0.85


@pytest.mark.parametrize("question", ["", "   ", "???", "🙂🙂", "…", "\u200b"])
def test_nothing_to_search_finds_nothing(index: Index, question: str) -> None:
    found = index.search(question)
    assert (found.programs, found.faqs, found.topics) == ((), (), ())


def test_a_question_about_something_else_is_not_sure_of_any_program(index: Index) -> None:
    hits = index.search("giá vàng bitcoin hôm nay").programs
    assert all(hit.score < SURE for hit in hits)


def test_a_very_long_message_is_searched_too(index: Index) -> None:
    story = "Hôm qua trời mưa rất to. " * 70 + "Cho hỏi xóa nhà tạm?"
    assert index.search(story).programs[0].id == "xoa_nha"


def test_one_common_word_is_not_enough(index: Index) -> None:
    assert all(hit.score < SURE for hit in index.search("nhà").programs)


def test_a_program_without_keywords_is_found_by_its_name(small: Snapshot) -> None:
    bare = {name: replace(program, keywords=()) for name, program in small.programs.items()}
    assert Index(replace(small, programs=bare)).search("xóa nhà tạm nhà dột nát").programs[0].id == "xoa_nha"


def test_an_index_over_nothing_finds_nothing(small: Snapshot) -> None:
    empty = Index(replace(small, programs={}, faqs={}, topics={}))
    assert empty.search("bảo hiểm y tế").programs == ()


def test_what_citizens_ask_does_not_fill_the_memory(index: Index) -> None:
    index.search("hỏi lần đầu")
    rows = prepare_row.cache_info().currsize
    for number in range(2 * MOST_PREPARED):
        index.search(f"câu hỏi số {number}")
    assert prepare.cache_info().currsize <= MOST_PREPARED
    assert prepare_row.cache_info().currsize == rows


def test_searching_takes_letters_and_digits_only() -> None:
    assert prepare("Hộ CẬN nghèo, 76 tuổi?!") == "ho can ngheo 76 tuoi"


@pytest.mark.parametrize(
    ("question", "program"),
    [
        ("vay vốn làm nước sạch nhà vệ sinh ở nông thôn", "vay_nuoc_sach"),
        ("bảo hiểm y tế hộ cận nghèo", "bhyt_can_ngheo"),
        ("xoa nha tam nha dot nat", "xoa_nha_tam"),
        ("trợ cấp hưu trí xã hội", "huu_tri_xa_hoi"),
    ],
)
def test_published_programs_are_found_by_what_people_call_them(
    published: Snapshot, question: str, program: str
) -> None:
    assert program in [hit.id for hit in Index(published).search(question).programs[:2]]

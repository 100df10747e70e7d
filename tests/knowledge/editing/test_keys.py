from bot.knowledge.editing.keys import key_for


def test_a_key_is_made_of_the_words_and_free() -> None:
    assert key_for("Vay bao nhiêu?", {"vay_bao_nhieu", "vay_bao_nhieu_2"}) == "vay_bao_nhieu_3"
    assert key_for("100 triệu đủ không?", set()) == "muc_100_trieu_du_khong"
    assert key_for("???", set()) == "muc"


def test_a_long_key_ends_with_a_whole_word() -> None:
    assert (
        key_for("thẻ bảo hiểm y tế hết hạn " * 4, set())
        == "the_bao_hiem_y_te_het_han_the_bao_hiem_y_te_het_han_the_bao"
    )

"""The places and offices that a new database starts with."""

from collections import Counter

import pytest

from bot.knowledge.snapshot import Snapshot

# Of these the sources leave open whether they count as countryside: they hold a former township or a former commune.
MIXED = {
    "Bình Sơn", "Sơn Tịnh", "Tư Nghĩa", "Vệ Giang", "Nghĩa Hành", "Mộ Đức", "Trà Bồng", "Sơn Hà", "Ba Tơ", "Đăk Hà",
    "Đăk Tô", "Bờ Y", "Đăk Pék", "Sa Thầy", "Đăk Rve", "Măng Đen", "Trương Quang Trọng", "Trà Câu", "Sa Huỳnh",
    "Đăk Cấm", "Lý Sơn",
}  # fmt: skip


def test_the_units_are_those_of_the_resolution_of_2025(published: Snapshot) -> None:
    communes = published.communes.values()
    assert Counter(commune.kind for commune in communes) == {"commune": 86, "ward": 9, "special_zone": 1}
    assert len({commune.name for commune in communes}) == 96
    assert all(commune.old_district and commune.old_province for commune in communes)
    # The five that were left as they were, and so bear no other name.
    assert {c.name for c in communes if not c.old_names} == {"Ba Xa", "Đăk Long", "Rờ Kơi", "Mô Rai", "Ia Đal"}


def test_what_the_sources_leave_open_about_a_place_stays_open(published: Snapshot) -> None:
    communes = published.communes.values()
    assert {c.name for c in communes if c.area is None} == MIXED
    assert {c.kind for c in communes if c.area == "rural"} == {"commune"}
    assert {c.kind for c in communes if c.area == "urban"} == {"ward"}
    assert {c.name for c in communes if c.island} == {"Lý Sơn"}
    # Of the eleven communes of region I the sources name two, of the others none.
    assert {c.name: c.region_class for c in communes if c.region_class} == {"Nguyễn Nghiêm": "I", "Ia Chim": "I"}
    assert {c.mountainous for c in communes} == {None}


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("Bình Thạnh", {"Bình Sơn"}),
        ("Bình Thanh", {"Đông Sơn"}),
        ("Nghĩa An", {"An Phú"}),
        ("Trà Khê", {"Tây Trà"}),
        ("Trà Thọ", {"Tây Trà Bồng"}),
        ("An Hải", {"Lý Sơn"}),
        # Parted between two, so the citizen is asked.
        ("Ba Chùa", {"Ba Tơ", "Ba Dinh"}),
        ("Trà Bùi", {"Cà Đam", "Tây Trà Bồng"}),
    ],
)
def test_a_former_commune_is_known_by_its_name(published: Snapshot, old: str, now: set[str]) -> None:
    assert {commune.name for commune in published.communes.values() if old in commune.old_names} == now


def test_no_former_name_stands_twice_or_repeats_the_name_of_today(published: Snapshot) -> None:
    for commune in published.communes.values():
        names = [name.casefold() for name in (commune.name, *commune.old_names)]
        assert len(names) == len(set(names)), commune.name


def test_the_offices_that_citizens_are_sent_to_are_there_without_unchecked_numbers(published: Snapshot) -> None:
    assert {"ubnd_xa", "trung_tam_hanh_chinh_cong", "bhxh", "nhcsxh"} <= set(published.offices)
    assert [office.id for office in published.offices.values() if office.phone] == []

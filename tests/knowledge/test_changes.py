"""When figures changed and will change, to the đồng and the day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.knowledge.changes import change_lines, last_change, next_change
from bot.knowledge.dialogue.policy import answer_program
from bot.knowledge.domain import Aspect, Benefit, Evidence, Operator, Parameter, Program, State
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import LAW, TODAY, criterion, group, parameter, program, provision

CHANGED = date(2026, 7, 1)
BASE = parameter(
    "base",
    (date(2022, 1, 1), date(2024, 6, 30), 360_000),
    (date(2024, 7, 1), date(2026, 6, 30), 500_000),
    (CHANGED, None, 540_000),
)
LINE = parameter(
    "line",
    (date(2022, 1, 1), date(2025, 12, 31), 1_500_000),
    (date(2026, 1, 1), date(2026, 12, 31), 1_500_000),
    (date(2027, 1, 1), date(2030, 12, 31), 2_200_000),
    unit="đồng/người/tháng",
)
TOWN = parameter(
    "town",
    (date(2022, 1, 1), date(2026, 12, 31), 2_000_000),
    (date(2027, 1, 1), None, 2_800_000),
    unit="đồng/người/tháng",
)
PARAMETERS = {p.id: p for p in (BASE, LINE, TOWN)}


def benefit(label: str = "Trợ cấp", evidence: Evidence = Evidence.TEXT, **more: Any) -> Benefit:
    return Benefit(label, LAW, evidence, period="month", **more)


def base(label: str = "Trợ cấp", factor: str = "1", **more: Any) -> Benefit:
    return benefit(label, parameter="base", factor=Decimal(factor), **more)


def one(*benefits: Benefit, **more: Any) -> Program:
    return program(provision(benefits=benefits, applies_from=date(2020, 1, 1), **more))


def lines(row: Program, day: date = TODAY, said: str = "", parameters: dict[str, Parameter] = PARAMETERS) -> list[str]:
    found = row.on(day)
    assert found
    rows = [*found.benefits, *found.common, *(c for g in found.groups for c in g.criteria)]
    return change_lines(rows, row, day, parameters, said)


def test_the_one_figure_of_an_answer_says_since_when_and_what_before() -> None:
    assert lines(one(base())) == ["Mức này áp dụng từ 01/07/2026, trước đó là 500.000 đồng/tháng."]


def test_on_the_eve_the_new_figure_is_announced() -> None:
    assert lines(one(base()), date(2026, 6, 30)) == [
        "Mức này áp dụng từ 01/07/2024, trước đó là 360.000 đồng/tháng.",
        "Từ 01/07/2026 mức này là 540.000 đồng/tháng.",
    ]


def test_words_beside_the_figure_do_not_count() -> None:
    row = one(base(), benefit("Thẻ", text="miễn phí"))
    assert lines(row) == ["Mức này áp dụng từ 01/07/2026, trước đó là 500.000 đồng/tháng."]


@pytest.mark.parametrize(("day", "told"), [(date(2029, 7, 1), True), (date(2029, 7, 2), False)])
def test_a_change_older_than_three_years_is_not_told(day: date, told: bool) -> None:
    assert (last_change(base(), one(base()), day, PARAMETERS) is not None) is told


def test_figures_of_one_parameter_are_told_by_it() -> None:
    row = one(base("Nặng", "1.5"), base("Đặc biệt nặng", "2"))
    assert lines(row, date(2026, 6, 30)) == [
        "Các mức này tính theo base 500.000 đồng/tháng, áp dụng từ 01/07/2024; trước đó là 360.000 đồng/tháng.",
        "Từ 01/07/2026 các mức này tính theo base mới, là 540.000 đồng/tháng.",
    ]


def test_a_figure_worked_out_from_a_parameter_is_told_as_it_comes_out() -> None:
    change = last_change(base(factor="1.5"), one(base(factor="1.5")), TODAY, PARAMETERS)
    assert change
    assert (change.day, change.before, change.after) == (CHANGED, "750.000 đồng/tháng", "810.000 đồng/tháng")


def test_one_of_several_figures_is_named() -> None:
    row = one(base("Trợ cấp"), benefit("Quà", amount=Decimal(300_000)))
    assert lines(row) == ["Trợ cấp: 540.000 đồng/tháng từ 01/07/2026, trước đó là 500.000 đồng/tháng."]


def stages(*benefits: Benefit, **more: Any) -> Program:
    """A program whose figure stands in its provisions: the second begins on the day of the change."""
    old, new = benefits
    return program(
        provision(benefits=(old,), key="cu", applies_from=date(2025, 1, 1), applies_to=date(2026, 6, 30)),
        provision(benefits=(new,), applies_from=CHANGED, **more),
    )


def test_a_figure_that_stands_in_the_provisions_changes_with_them() -> None:
    row = stages(benefit(amount=Decimal(100_000_000)), benefit(amount=Decimal(200_000_000)))
    assert lines(row) == ["Mức này áp dụng từ 01/07/2026, trước đó là 100.000.000 đồng/tháng."]
    share = stages(benefit(percent=Decimal(95), of="chi phí"), benefit(percent=Decimal(100), of="chi phí"))
    assert lines(share) == ["Mức này áp dụng từ 01/07/2026, trước đó là 95% chi phí."]
    assert lines(share, date(2026, 6, 30)) == ["Từ 01/07/2026 mức này là 100% chi phí."]


def test_a_provision_that_keeps_the_figure_changes_nothing() -> None:
    same = benefit(amount=Decimal(100_000))
    assert lines(stages(same, same)) == lines(stages(same, same), date(2026, 6, 30)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (benefit("Mức cũ", amount=Decimal(1)), benefit("Mức mới", amount=Decimal(2))),
        (benefit(percent=Decimal(50)), benefit(amount=Decimal(2))),
        (benefit(text="6,6%/năm"), benefit(amount=Decimal(2))),
        (benefit(amount=Decimal(1), evidence=Evidence.MEMORY), benefit(amount=Decimal(2))),
        (benefit(amount=Decimal(1)), benefit(amount=Decimal(2), evidence=Evidence.MEMORY)),
        (benefit(amount=Decimal(1), unit="đồng/lần"), benefit(amount=Decimal(2), unit="đồng/năm")),
    ],
)
def test_what_cannot_be_compared_or_rests_on_memory_is_not_told(old: Benefit, new: Benefit) -> None:
    assert lines(stages(old, new)) == lines(stages(old, new), date(2026, 6, 30)) == []


def test_a_parameter_of_two_equal_values_has_not_changed_between_them() -> None:
    row = one(benefit(parameter="line"))
    assert last_change(row.provisions[0].benefits[0], row, TODAY, PARAMETERS) is None
    change = next_change(row.provisions[0].benefits[0], row, TODAY, PARAMETERS)
    assert change
    assert (change.day, change.after) == (date(2027, 1, 1), "2.200.000 đồng/tháng")


def limits(*more_provisions: Any) -> Program:
    rural = criterion("income", Operator.AT_MOST, None, parameter="line")
    urban = criterion("income", Operator.AT_MOST, None, parameter="town")
    last = date(2026, 12, 31) if more_provisions else None
    first = provision(
        groups=[group("r", rural), group("u", urban)], applies_from=date(2022, 1, 1), applies_to=last, key="cu"
    )
    return program(first, *more_provisions)


def test_the_lines_that_criteria_read_are_told_with_the_day_they_change() -> None:
    assert lines(limits()) == ["Từ 01/01/2027: line là 2.200.000 đồng/người/tháng; town là 2.800.000 đồng/người/tháng."]
    assert lines(limits(), date(2027, 1, 1)) == [
        (
            "Áp dụng từ 01/01/2027: line 2.200.000 đồng/người/tháng (trước đó 1.500.000 đồng/người/tháng); "
            "town 2.800.000 đồng/người/tháng (trước đó 2.000.000 đồng/người/tháng)."
        ),
    ]


def test_what_the_answer_has_said_with_day_and_figures_is_not_said_again() -> None:
    note = "Từ 01/01/2027 dùng chuẩn 2.200.000 đồng và 2.800.000 đồng."
    assert lines(limits(), said=note) == []
    assert lines(limits(), said=note.replace("2.800.000", "2.900.000")) != []
    assert lines(limits(), said=note.replace("2027", "2028")) != []


def test_a_rule_still_to_come_is_told_as_unpublished() -> None:
    pending = provision(state=State.PENDING, applies_from=date(2027, 1, 1), key="moi")
    told = ["Quy định này dùng đến hết ngày 31/12/2026; từ 01/01/2027 em chưa thấy quy định mới."]
    assert lines(limits(pending)) == told
    # Before 2026 the end lies too far ahead to be worth a word.
    assert lines(limits(pending), date(2025, 12, 30)) == []


def test_a_parameter_without_a_next_value_is_unpublished_too() -> None:
    ending = parameter("base", (date(2022, 1, 1), date(2026, 12, 31), 500_000))
    assert lines(one(base()), parameters={"base": ending}) == [
        "Quy định này dùng đến hết ngày 31/12/2026; từ 01/01/2027 em chưa thấy quy định mới."
    ]


def test_a_program_that_ends_for_good_announces_nothing() -> None:
    assert lines(limits(provision(state=State.CLOSED, applies_from=date(2027, 1, 1), key="moi"))) == []


def test_too_many_changes_or_names_that_cannot_be_told_apart_are_not_listed() -> None:
    old = [benefit(f"Khoản {n}", amount=Decimal(n)) for n in range(1, 5)]
    new = [benefit(f"Khoản {n}", amount=Decimal(n * 10)) for n in range(1, 5)]

    def two(count: int) -> Program:
        first = provision(benefits=old[:count], key="cu", applies_from=date(2025, 1, 1), applies_to=date(2026, 6, 30))
        return program(first, provision(benefits=new[:count], applies_from=CHANGED))

    assert lines(two(3)) == [
        (
            "Áp dụng từ 01/07/2026: khoản 1 10 đồng/tháng (trước đó 1 đồng/tháng); "
            "khoản 2 20 đồng/tháng (trước đó 2 đồng/tháng); khoản 3 30 đồng/tháng (trước đó 3 đồng/tháng)."
        ),
    ]
    assert lines(two(4)) == []


def test_an_answer_tells_at_most_two_changes_and_only_where_figures_are_told(small: Snapshot) -> None:
    pension = small.programs["huu_tri"]
    told = "Mức này áp dụng từ 01/07/2026, trước đó là 500.000 đồng/người/tháng."
    for aspect in Aspect:
        text = answer_program(pension, aspect, TODAY, TODAY, small).text
        assert (told in text) is (aspect in (Aspect.BENEFIT, Aspect.OTHER)), aspect


# What is published


@pytest.mark.parametrize(
    ("name", "aspect", "line"),
    [
        ("huu_tri_xa_hoi", Aspect.BENEFIT, "Mức này áp dụng từ 01/07/2026, trước đó là 500.000 đồng/tháng."),
        (
            "tro_cap_khuyet_tat",
            Aspect.BENEFIT,
            (
                "Các mức này tính theo mức chuẩn trợ giúp xã hội 540.000 đồng/tháng, áp dụng từ 01/07/2026; "
                "trước đó là 500.000 đồng/tháng."
            ),
        ),
        (
            "bhyt_ho_gia_dinh",
            Aspect.BENEFIT,
            (
                "Các mức này tính theo mức lương cơ sở 2.530.000 đồng/tháng, áp dụng từ 01/07/2026; "
                "trước đó là 2.340.000 đồng/tháng."
            ),
        ),
        (
            "bhxh_tu_nguyen",
            Aspect.BENEFIT,
            (
                "Từ 01/01/2027 các mức này tính theo thu nhập thấp nhất để đóng bảo hiểm xã hội tự nguyện mới, "
                "là 2.200.000 đồng/tháng."
            ),
        ),
        ("vay_nuoc_sach", Aspect.BENEFIT, "Lãi suất: 8,4%/năm từ 01/12/2025, trước đó là 9%/năm."),
        ("vay_xay_sua_nha", Aspect.BENEFIT, "Lãi suất: 5,4%/năm từ 10/10/2025, trước đó là 6,6%/năm."),
        (
            "noxh_mua",
            Aspect.ELIGIBILITY,
            (
                "thu nhập tối đa để mua nhà ở xã hội, người độc thân 25.000.000 đồng/tháng "
                "(trước đó 20.000.000 đồng/tháng)"
            ),
        ),
    ],
)
def test_published_figures_say_when_they_changed(published: Snapshot, name: str, aspect: Aspect, line: str) -> None:
    assert line in answer_program(published.programs[name], aspect, TODAY, TODAY, published).text


@pytest.mark.parametrize("name", ["cong_nhan_ho_ngheo", "cong_nhan_ho_can_ngheo"])
def test_the_poverty_line_of_2027_is_told_in_2026_and_is_the_line_in_2027(published: Snapshot, name: str) -> None:
    row = published.programs[name]
    before = answer_program(row, Aspect.ELIGIBILITY, TODAY, TODAY, published).text
    assert before.count("01/01/2027") == 1
    assert all(figure in before for figure in ("2.200.000 đồng", "2.800.000 đồng"))
    after = answer_program(row, Aspect.ELIGIBILITY, date(2027, 1, 1), date(2027, 1, 1), published).text
    assert "nông thôn 2.200.000 đồng/người/tháng (trước đó 1.500.000 đồng/người/tháng)" in after
    assert "thành thị 2.800.000 đồng/người/tháng (trước đó 2.000.000 đồng/người/tháng)" in after


def test_no_published_answer_has_more_than_two_such_lines(published: Snapshot) -> None:
    for row in published.programs.values():
        current = row.on(TODAY)
        if current is None:
            continue
        for rows in (current.benefits, (*current.common, *(c for g in current.groups for c in g.criteria))):
            assert len(change_lines(rows, row, TODAY, published.parameters)) <= 2, row.id

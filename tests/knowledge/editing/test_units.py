from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.editing.faults import FaultyError
from bot.knowledge.editing.units import Kind, Unit, content_of, key_of, key_of_row, parse, record_of, row_of, units_of
from bot.knowledge.loading.files import read_files
from bot.knowledge.loading.merge import content_hash
from bot.knowledge.loading.records import make_records

DATA = Path(__file__).parents[3] / "data"
Units = Mapping[tuple[Kind, str], Unit]


@pytest.fixture(scope="module")
def units() -> Units:
    return units_of(make_records([file.content for file in read_files(DATA)]))


def test_every_kind_is_in_the_data(units: Units) -> None:
    assert {kind for kind, _ in units} == {*Kind}


def test_every_published_unit_goes_through_its_row_and_back(units: Units) -> None:
    for (kind, key), unit in units.items():
        row = row_of(kind, unit)
        assert parse(kind, content_of(row)) == row
        again = record_of(kind, row)
        assert content_hash(again) == content_hash(unit), (kind, key)
        assert key_of_row(kind, row) == key_of(kind, again) == key


@given(value=st.one_of(st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.text()))
def test_a_criterions_value_keeps_its_type_in_json(value: object) -> None:
    content = {
        "program": "loan", "key": "2024", "state": "open", "applies_from": "2024-07-01", "evidence": "text",
        "legal_basis": [{"document": "2/2024/NĐ-CP"}],
        "common": [{"fact": "age", "op": "eq", "label": "x", "value": value}],
    }  # fmt: skip
    row = parse(Kind.PROVISION, content)
    again = parse(Kind.PROVISION, content_of(row))
    assert again == row
    assert type(again.common[0].value) is type(row.common[0].value)  # type: ignore[attr-defined]
    assert content_of(row_of(Kind.PROVISION, record_of(Kind.PROVISION, row))) == content_of(row)


def test_content_out_of_form_names_field_value_and_mend() -> None:
    content = {"parameter": "luong", "applies_from": "2026-07-01", "amount": "2,5 triệu", "evidence": "text"}
    with pytest.raises(FaultyError) as caught:
        parse(Kind.PARAMETER_VALUE, content, "luong/2026-07-01")
    amount, basis = sorted(caught.value.faults, key=lambda fault: fault.field)
    assert (amount.field, amount.value) == (("amount",), "2,5 triệu")
    assert "Ghi số" in amount.mend
    assert basis.field == ("legal_basis",)

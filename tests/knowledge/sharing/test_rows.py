"""What is shared says what is published, all of it and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.assembly import assemble
from bot.knowledge.loading.records import make_records
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.schema import PolicyFile
from bot.knowledge.sharing.flat import TABLES
from bot.knowledge.sharing.rows import shared
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.seeds import seeds, write


@pytest.fixture(params=["one of everything", "all of data"])
def snapshot(request: pytest.FixtureRequest, tmp_path: Path) -> Snapshot:
    return snapshot_from_files(Path("data") if request.param == "all of data" else write(tmp_path, seeds()))


def test_read_again_it_is_what_it_was(snapshot: Snapshot) -> None:
    taken_over = PolicyFile.model_validate_json(shared(snapshot).model_dump_json())
    assert assemble(1, make_records([taken_over])) == snapshot


def test_flat_tables_have_a_value_for_each_column_and_a_line_for_each_part(snapshot: Snapshot) -> None:
    published = shared(snapshot)
    found = {table.name: list(table.rows(published)) for table in TABLES.values()}
    provisions = [provision for program in snapshot.programs.values() for provision in program.provisions]
    criteria = [[*each.common, *(one for group in each.groups for one in group.criteria)] for each in provisions]
    assert len(found["provisions"]) == len(provisions)
    assert len(found["criteria"]) == sum(map(len, criteria))
    assert len(found["benefits"]) == sum(len(each.benefits) for each in provisions)
    assert len(found["faq_phrasings"]) == sum(len(faq.phrasings) for faq in snapshot.faqs.values())
    for table in TABLES.values():
        assert found[table.name], table.name
        assert all(len(row) == len(table.columns) for row in found[table.name])


def test_values_are_written_as_they_are_meant(tmp_path: Path) -> None:
    published = shared(snapshot_from_files(write(tmp_path, seeds())))
    lines = {name: [dict(zip(table.columns, row, strict=True)) for row in table.rows(published)]
             for name, table in TABLES.items()}  # fmt: skip
    assert [line["amount"] for line in lines["parameter_values"]] == ["1490000", "2340000.50"]
    by_label = {line["label"]: line for line in lines["criteria"]}
    assert by_label["Dưới 80,5 tuổi"]["value"] == "80.5"
    assert by_label["Làm nông"]["value"] == "true"
    assert by_label["Ngoài xã A"]["value"] == "20001"
    assert (by_label["Ngoài xã A"]["group"], by_label["Làm nông"]["group"]) == ("", "old")
    # Its own basis where it has one, else the first of its provision.
    assert (by_label["Ngoài xã A"]["article"], by_label["Làm nông"]["article"]) == ("Điều 9", "Điều 5")

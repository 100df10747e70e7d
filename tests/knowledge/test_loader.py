from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from bot.knowledge.db import Base, make_engine
from bot.knowledge.domain import Evidence
from bot.knowledge.loader import load, main
from bot.knowledge.loading.merge import content_hash
from bot.knowledge.loading.problems import DataError, Problem
from bot.knowledge.repository import current_version, load_snapshot
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import (
    BenefitRecord,
    CommuneRecord,
    FaqEntryRecord,
    ParameterValueRecord,
    ProgramRecord,
    ProvisionRecord,
)
from tests.knowledge.seeds import Files, provision, seeds, write
from tests.postgres import BOTH, address_of


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(address_of(request, tmp_path))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def _read(engine: Engine) -> Snapshot:
    with engine.connect() as connection:
        return load_snapshot(connection)


def _problems(engine: Engine, root: Path) -> tuple[Problem, ...]:
    with pytest.raises(DataError) as caught:
        load(engine, root)
    return caught.value.problems


def _common(files: Files) -> Any:
    return files["policy/common.yml"]


def _faq(files: Files) -> Any:
    return files["faq/credit.yml"]["faq_entries"][0]


def _group(files: Files) -> Any:
    return provision(files)["groups"][0]


# name → change of the good files, file, words of the row, words of value, error and mend
BAD: dict[str, tuple[Callable[[Files], Any], str, str, tuple[str, ...]]] = {
    "unknown fact": (
        lambda f: _group(f)["criteria"][0].update(fact="household_clas"),
        "policy/credit/loan.yml",
        "programs › loan › provisions › 2024 › groups › poor › criteria",
        ("Không có thông tin người dân nào là household_clas", "Gần giống: household_class"),
    ),
    "unknown parameter of a criterion": (
        lambda f: _group(f)["criteria"][1].update(parameter="luong_x"),
        "policy/credit/loan.yml",
        "criteria › Thu nhập thấp › parameter",
        ("Không có tham số nào là luong_x", "Gần giống: luong"),
    ),
    "unknown parameter of a benefit": (
        lambda f: provision(f)["benefits"][2].update(parameter="xyz"),
        "policy/credit/loan.yml",
        "benefits › Phụ cấp › parameter",
        ("Không có tham số nào là xyz", "thêm tham số này"),
    ),
    "unknown document of a provision": (
        lambda f: provision(f)["legal_basis"][0].update(document="3/2024/NĐ-CP"),
        "policy/credit/loan.yml",
        "2024 › legal_basis",
        ("Không có văn bản nào là 3/2024/NĐ-CP", "2/2024/NĐ-CP"),
    ),
    "unknown document of a criterion": (
        lambda f: provision(f)["common"][0]["legal_basis"].update(document="Luật X"),
        "policy/credit/loan.yml",
        "common › Ngoài xã A › legal_basis › document",
        ("Không có văn bản nào là Luật X",),
    ),
    "unknown document of a benefit": (
        lambda f: provision(f)["benefits"][2]["legal_basis"].update(document="Luật X"),
        "policy/credit/loan.yml",
        "benefits › Phụ cấp › legal_basis › document",
        ("Không có văn bản nào là Luật X",),
    ),
    "unknown document of a parameter": (
        lambda f: _common(f)["parameters"][0]["values"][0]["legal_basis"].update(document="Luật X"),
        "policy/common.yml",
        "parameters › luong › values › 1 › legal_basis › document",
        ("Không có văn bản nào là Luật X",),
    ),
    "unknown document of an FAQ entry": (
        lambda f: _faq(f)["legal_basis"][0].update(document="Luật X"),
        "faq/credit.yml",
        "loan_amount › legal_basis",
        ("Không có văn bản nào là Luật X",),
    ),
    "unknown replacement": (
        lambda f: _common(f)["legal_documents"][0].update(replaced_by="Luật X"),
        "policy/common.yml",
        "legal_documents › 1/2020/NĐ-CP › replaced_by",
        ("Không có văn bản nào là Luật X",),
    ),
    "unknown topic": (
        lambda f: f["policy/credit/loan.yml"]["programs"][0].update(topic="merit"),
        "policy/credit/loan.yml",
        "programs › loan › topic",
        ("Không có chủ đề nào là merit",),
    ),
    "unknown office of a topic": (
        lambda f: _common(f)["topics"][0].update(office="banc"),
        "policy/common.yml",
        "topics › credit › office",
        ("Không có cơ quan nào là banc", "Gần giống: bank"),
    ),
    "unknown office of a program": (
        lambda f: f["policy/credit/loan.yml"]["programs"][0].update(office="x"),
        "policy/credit/loan.yml",
        "programs › loan › office",
        ("Không có cơ quan nào là x",),
    ),
    "unknown program": (
        lambda f: _faq(f).update(program="loans"),
        "faq/credit.yml",
        "faq_entries › loan_amount › program",
        ("Không có chương trình nào là loans", "Gần giống: loan"),
    ),
    "unknown parameter in an answer": (
        lambda f: _faq(f).update(answer="Lương là {luongg} đồng."),
        "faq/credit.yml",
        "loan_amount › answer",
        ("Không có tham số nào là luongg", "Gần giống: luong"),
    ),
    "unknown group": (
        lambda f: provision(f)["benefits"][0].update(groups=["young"]),
        "policy/credit/loan.yml",
        "provisions › 2024",
        ("nhóm không có trong quy định", "đúng key của một nhóm"),
    ),
    "unknown commune": (
        lambda f: provision(f)["common"][0].update(value=["20009"]),
        "policy/credit/loan.yml",
        "common › Ngoài xã A › value",
        ("Không có xã, phường nào là 20009",),
    ),
    "unknown implied fact": (
        lambda f: _common(f)["citizen_facts"][0].update(implies={"poor": {"farmin": True}}),
        "policy/common.yml",
        "household_class › implies › poor › farmin",
        ("Không có thông tin người dân nào là farmin",),
    ),
    "a choice that implies and does not exist": (
        lambda f: _common(f)["citizen_facts"][0].update(implies={"rich": {"farming": True}}),
        "policy/common.yml",
        "household_class › implies › rich",
        ("Không có lựa chọn nào là rich",),
    ),
    "an implied value of another type": (
        lambda f: _common(f)["citizen_facts"][0].update(implies={"poor": {"farming": "yes"}}),
        "policy/common.yml",
        "implies › poor › farming",
        ("farming là câu hỏi có hay không", "Ghi true"),
    ),
    "a value that is no choice": (
        lambda f: _group(f)["criteria"][0].update(value="rich"),
        "policy/credit/loan.yml",
        "criteria › Là hộ nghèo › value",
        ("rich không phải là lựa chọn của household_class", "Chọn trong: poor, other"),
    ),
    "words for a number": (
        lambda f: provision(f)["groups"][1]["criteria"][0].update(value="60 tuổi"),
        "policy/credit/loan.yml",
        "groups › old › criteria › Từ 60 tuổi › value",
        ("Đã ghi: 60 tuổi", "Ghi một con số"),
    ),
    "a number for yes or no": (
        lambda f: provision(f)["groups"][1]["criteria"][2].update(value=1),
        "policy/credit/loan.yml",
        "criteria › Làm nông › value",
        ("farming là câu hỏi có hay không", "Đã ghi: 1"),
    ),
    "one id twice, in two files": (
        lambda f: f.update({"policy/more.yml": {"legal_documents": [_common(f)["legal_documents"][0]]}}),
        "policy/more.yml",
        "legal_documents › 1/2020/NĐ-CP › number",
        ("đã có ở", "common.yml, dòng 2", "gộp làm một"),
    ),
    "one provision twice": (
        lambda f: provision(f).update(key="2021"),
        "policy/credit/loan.yml",
        "provisions › 2021 › key",
        ("2021 đã có trong chính chương trình này",),
    ),
    "one group twice": (
        lambda f: provision(f)["groups"][0].update(key="old"),
        "policy/credit/loan.yml",
        "groups › old › key",
        ("old đã có trong chính quy định này",),
    ),
    "one choice twice": (
        lambda f: _common(f)["citizen_facts"][0]["choices"][1].update(id="poor"),
        "policy/common.yml",
        "choices › poor › id",
        ("poor đã có trong chính mục này",),
    ),
    "overlapping provisions": (
        lambda f: provision(f, 0).update(applies_to=date(2024, 7, 1)),
        "policy/credit/loan.yml",
        "provisions › 2024 › applies_from",
        ("Chồng lên dòng áp dụng từ 01/01/2021 (đến 01/07/2024)", "(applies_to) của dòng trước là 30/06/2024"),
    ),
    "overlap after an open end": (
        lambda f: provision(f, 0).pop("applies_to"),
        "policy/credit/loan.yml",
        "provisions › 2024 › applies_from",
        ("không có ngày cuối",),
    ),
    "a gap between provisions": (
        lambda f: provision(f, 0).update(applies_to=date(2024, 6, 28)),
        "policy/credit/loan.yml",
        "provisions › 2024 › applies_from",
        ("Từ 29/06/2024 đến 30/06/2024 trống", "Nối hai quy định"),
    ),
    "overlapping values": (
        lambda f: _common(f)["parameters"][0]["values"][1].update(applies_from=date(2024, 6, 30)),
        "policy/common.yml",
        "parameters › luong › values › 2 › applies_from",
        ("Chồng lên dòng áp dụng từ 01/01/2020", "29/06/2024"),
    ),
    "a parameter without value at the end": (
        lambda f: _common(f)["parameters"][0]["values"][1].update(applies_to=date(2026, 12, 31)),
        "policy/credit/loan.yml",
        "criteria › Thu nhập thấp › parameter",
        ("luong không có giá trị vào ngày 01/01/2027", "kết thúc quy định"),
    ),
    "a parameter without value at the start": (
        lambda f: _common(f)["parameters"][0]["values"][1].update(applies_from=date(2024, 7, 2)),
        "policy/credit/loan.yml",
        "benefits › Phụ cấp › parameter",
        ("luong không có giá trị vào ngày 01/07/2024",),
    ),
    "days in the wrong order": (
        lambda f: provision(f, 0).update(applies_to=date(2020, 1, 1)),
        "policy/credit/loan.yml",
        "provisions › 2021",
        ("applies_to đứng trước applies_from", "ngày đầu đứng trước"),
    ),
    "days of an FAQ entry in the wrong order": (
        lambda f: _faq(f).update(applies_to=date(2020, 1, 1)),
        "faq/credit.yml",
        "loan_amount › applies_to",
        ("applies_to đứng trước applies_from",),
    ),
    "a missing key": (
        lambda f: f["places/all.yml"]["offices"][0].pop("evidence"),
        "places/all.yml",
        "offices › bank › evidence",
        ("Thiếu mục bắt buộc evidence", "Thêm mục evidence"),
    ),
    "a misspelt key": (
        lambda f: _faq(f).update(phrasing=["x"]),
        "faq/credit.yml",
        "loan_amount › phrasing",
        ("Không có mục nào tên là phrasing",),
    ),
    "a key of Rasa": (
        lambda f: f["faq/credit.yml"].update(rules=[]),
        "faq/credit.yml",
        "rules",
        ("Không có mục nào tên là rules",),
    ),
    "a word that is not in the list": (
        lambda f: provision(f).update(state="opened"),
        "policy/credit/loan.yml",
        "provisions › 2024 › state",
        ("Đã ghi: opened", "Chọn một trong: 'open', 'closed' hoặc 'pending'"),
    ),
    "a date in words": (
        lambda f: provision(f).update(applies_from="tháng 7/2024"),
        "policy/credit/loan.yml",
        "provisions › 2024 › applies_from",
        ("Đã ghi: tháng 7/2024", "năm-tháng-ngày"),
    ),
    "an amount with dots": (
        lambda f: provision(f)["benefits"][0].update(amount="100.000.000"),
        "policy/credit/loan.yml",
        "benefits › Mức vay › amount",
        ("Đã ghi: 100.000.000", "không có dấu chấm phân nghìn"),
    ),
    "two kinds of benefit": (
        lambda f: provision(f)["benefits"][0].update(text="x"),
        "policy/credit/loan.yml",
        "benefits › Mức vay",
        ("đúng một trong bốn mục amount, parameter, percent, text",),
    ),
    "a criterion with value and parameter": (
        lambda f: _group(f)["criteria"][0].update(parameter="luong"),
        "policy/credit/loan.yml",
        "criteria › Là hộ nghèo",
        ("đúng một trong hai mục value và parameter",),
    ),
    "a list for one value": (
        lambda f: _group(f)["criteria"][0].update(value=["poor"]),
        "policy/credit/loan.yml",
        "criteria › Là hộ nghèo",
        ("Danh sách giá trị chỉ đi với op: in",),
    ),
    "an ended provision without a note": (
        lambda f: provision(f, 0).pop("note"),
        "policy/credit/loan.yml",
        "provisions › 2021",
        ("thiếu note", "câu nói cho người dân"),
    ),
    "choices of a fact that is no choice": (
        lambda f: _common(f)["citizen_facts"][1].update(choices=[{"id": "a", "label": "A"}]),
        "policy/common.yml",
        "citizen_facts › farming",
        ("Chỉ thông tin kiểu choice mới có choices",),
    ),
    "too few phrasings": (
        lambda f: _faq(f).update(phrasings=["một"]),
        "faq/credit.yml",
        "loan_amount › phrasings",
        ("cần ít nhất 3, mới có 1",),
    ),
    "an empty name": (
        lambda f: f["places/all.yml"]["communes"][0].update(name=""),
        "places/all.yml",
        "communes › 20001 › name",
        ("Mục này để trống",),
    ),
    "a code of another form": (
        lambda f: f["places/all.yml"]["communes"][1].update(code="2000"),
        "places/all.yml",
        "communes › 2000 › code",
        ("Đã ghi: 2000", "không đúng dạng"),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_data_is_reported_and_nothing_loaded(case: str, engine: Engine, tmp_path: Path) -> None:
    change, file, row, words = BAD[case]
    files = seeds()
    change(files)
    root = write(tmp_path / "data", files)
    told = [p for p in _problems(engine, root) if p.file == root / file and row in p.row]
    text = "\n".join(map(str, told))
    assert [word for word in ("Lỗi:", "Cách sửa:", *words) if word not in text] == [], text
    assert _read(engine).programs == {}
    with engine.connect() as connection:
        assert current_version(connection) == 0


def test_the_line_is_that_of_the_row(engine: Engine, tmp_path: Path) -> None:
    files = seeds()
    _group(files)["criteria"][0]["value"] = "rich"
    root = write(tmp_path / "data", files)
    (problem,) = _problems(engine, root)
    assert "value: rich" in problem.file.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_every_error_of_every_file_is_reported(engine: Engine, tmp_path: Path) -> None:
    files = seeds()
    _faq(files)["program"] = "x"
    _common(files)["topics"][0]["office"] = "y"
    _group(files)["criteria"][0]["fact"] = "z"
    assert [p.value for p in _problems(engine, write(tmp_path / "data", files))] == ["y", "z", "x"]


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("topics: [\n", "Không đọc được YAML", 2),
        ("topics: []\ntopics: []\n", "ghi hai lần", 2),
        ("- a\n", "nhóm các mục", 1),
        ("topics: []\noffices: 2026-02-30\n", "Không có giá trị như vậy", 2),
        ("topics: &a [*a]\n", "lồng nhau quá sâu", 1),
    ],
)
def test_a_file_that_is_no_good_yaml_is_named(text: str, words: str, line: int, engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    (root / "policy/bad.yml").write_text(text, encoding="utf-8")
    (problem,) = _problems(engine, root)
    assert (problem.file, problem.line) == (root / "policy/bad.yml", line)
    assert words in str(problem)


def test_a_file_in_another_encoding_is_named(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    (root / "policy/bad.yml").write_bytes("# chữ".encode("utf-16"))
    (problem,) = _problems(engine, root)
    assert "UTF-8" in problem.mend


def test_an_empty_file_is_fine(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    (root / "policy/empty.yml").write_text("# chưa có gì\n", encoding="utf-8")
    assert load(engine, root).changed


def test_a_folder_without_data_does_not_empty_the_database(engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    (problem,) = _problems(engine, tmp_path / "nowhere")
    assert "Không thấy tệp .yml nào" in str(problem)
    assert _read(engine).programs


def test_a_second_run_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    assert load(engine, root).changed
    before = _read(engine)
    outcome = load(engine, root)
    assert not outcome.changed
    assert outcome.kept == []
    assert _read(engine) == before
    assert before.version == 1


def test_changed_files_change_just_those_rows(engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    files = seeds()
    provision(files)["benefits"][0]["amount"] = 200000000
    _faq(files)["phrasings"].append("vay được nhiêu")
    outcome = load(engine, write(tmp_path / "data", files))
    assert (outcome.added, outcome.replaced, outcome.removed, outcome.kept) == (0, 2, 0, [])
    after = _read(engine)
    assert after.version == 2
    assert after.programs["loan"].provisions[1].benefits[0].amount == Decimal(200000000)
    assert after.faqs["loan_amount"].phrasings[-1] == "vay được nhiêu"


def test_rows_no_longer_in_the_files_go(engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    files = seeds()
    provision(files)["key"] = "2024-7"
    files["places/all.yml"]["communes"].pop()
    files["faq/credit.yml"]["faq_entries"] = []
    outcome = load(engine, write(tmp_path / "data", files))
    assert (outcome.added, outcome.removed) == (1, 3)
    after = _read(engine)
    assert [p.key for p in after.programs["loan"].provisions] == ["2021", "2024-7"]
    assert list(after.communes) == ["20001"]
    assert after.faqs == {}


REFUSE = {
    "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON commune BEGIN SELECT RAISE(ABORT, 'no'); END",
    "postgresql": "ALTER TABLE commune ADD CONSTRAINT refuse CHECK (code <> '20003')",
}


def test_a_row_that_the_database_refuses_leaves_all_as_it_was(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    load(engine, root)
    before = _read(engine)
    files = seeds()
    _common(files)["topics"][0]["name"] = "Tên mới"
    files["places/all.yml"]["communes"].append({"code": "20003", "name": "Xã G", "kind": "commune"})
    write(root, files)
    # Communes are written last.
    with engine.begin() as connection:
        connection.exec_driver_sql(REFUSE[engine.dialect.name])
    assert main([str(root), "--database-url", str(engine.url)]) == 1
    assert _read(engine) == before


Edit = Callable[[Session], Any]
FAQ = "loan_amount"
EDITS: dict[str, Edit] = {
    "changed": lambda s: s.execute(update(FaqEntryRecord).values(answer="Cán bộ trả lời")),
    "marked": lambda s: s.execute(update(FaqEntryRecord).values(origin="officer")),
    "rephrased": lambda s: s.execute(update(FaqEntryRecord).values(phrasings=["vay được nhiêu"])),
    "confirmed": lambda s: s.execute(
        update(FaqEntryRecord).values(confirmed_by="an", confirmed_at=datetime(2026, 11, 25, tzinfo=UTC))
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_officers_did_is_kept(edit: str, engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    with Session(engine) as session, session.begin():
        EDITS[edit](session)
    before = _read(engine).faqs[FAQ]
    files = seeds()
    _faq(files)["answer"] = "Tệp trả lời khác"
    outcome = load(engine, write(tmp_path / "data", files))
    assert outcome.kept == [f"câu hỏi thường gặp {FAQ}"]
    assert _read(engine).faqs[FAQ] == before
    files["faq/credit.yml"]["faq_entries"] = []
    load(engine, write(tmp_path / "data", files))
    assert _read(engine).faqs[FAQ] == before


def test_a_change_to_one_benefit_keeps_its_provision(engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    with Session(engine) as session, session.begin():
        session.execute(update(BenefitRecord).where(BenefitRecord.amount.is_not(None)).values(amount=Decimal(5)))
    files = seeds()
    provision(files)["note"] = "Ghi chú mới"
    provision(files, 0)["note"] = "Ghi chú cũ đã sửa"
    outcome = load(engine, write(tmp_path / "data", files))
    assert outcome.kept == ["quy định loan 2024"]
    old, new = _read(engine).programs["loan"].provisions
    assert old.note == "Ghi chú cũ đã sửa"
    assert (new.benefits[0].amount, new.note) == (Decimal(5), None)


def test_what_officers_withdrew_stays_withdrawn(engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    with Session(engine) as session, session.begin():
        session.execute(update(FaqEntryRecord).values(published=False))
    files = seeds()
    _faq(files)["answer"] = "Tệp trả lời khác"
    load(engine, write(tmp_path / "data", files))
    assert _read(engine).faqs == {}


def test_officers_rows_stay(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    load(engine, root)
    with Session(engine) as session, session.begin():
        session.add(CommuneRecord(code="29999", name="Xã mới", kind="commune", origin="officer"))
    assert not load(engine, root).changed
    assert "29999" in _read(engine).communes


def test_a_seed_on_the_days_of_an_officers_row_is_left_out(engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    with Session(engine) as session, session.begin():
        session.execute(
            update(ProvisionRecord).where(ProvisionRecord.key == "2024").values(applies_to=date(2026, 12, 31))
        )
        session.execute(
            update(ParameterValueRecord).where(ParameterValueRecord.applies_to.is_(None)).values(amount=Decimal(3))
        )
    files = seeds()
    provision(files)["applies_from"] = date(2025, 1, 1)
    provision(files)["key"] = "2025"
    provision(files, 0)["applies_to"] = date(2024, 12, 31)
    values = _common(files)["parameters"][0]["values"]
    values[0]["applies_to"] = date(2024, 12, 31)
    values[1]["applies_from"] = date(2025, 1, 1)
    outcome = load(engine, write(tmp_path / "data", files))
    assert outcome.kept == [
        "giá trị tham số luong 2020-01-01",
        "giá trị tham số luong 2025-01-01",
        "quy định loan 2021",
        "quy định loan 2025",
    ]
    after = _read(engine)
    assert [(p.key, p.applies_to) for p in after.programs["loan"].provisions] == [
        ("2021", date(2024, 6, 30)),
        ("2024", date(2026, 12, 31)),
    ]
    assert [v.amount for v in after.parameters["luong"].values] == [Decimal(1490000), Decimal(3)]


def test_a_seed_that_an_officers_row_needs_stays(engine: Engine, tmp_path: Path) -> None:
    files = seeds()
    extra = {"id": "extra", "name": "X", "unit": "đồng", "values": [_common(files)["parameters"][0]["values"][1]]}
    _common(files)["parameters"].append(extra)
    load(engine, write(tmp_path / "data", files))
    with Session(engine) as session, session.begin():
        session.add(
            ParameterValueRecord(
                parameter_id="extra",
                applies_from=date(2020, 1, 1),
                applies_to=date(2024, 6, 30),
                amount=Decimal(7),
                document="1/2020/NĐ-CP",
                evidence="text",
                origin="officer",
            )
        )
    outcome = load(engine, write(tmp_path / "data", seeds()))
    assert outcome.kept == ["tham số extra"]
    assert [v.amount for v in _read(engine).parameters["extra"].values] == [Decimal(7)]


def test_a_confirmed_row_counts_as_read_in_the_text(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    load(engine, root)
    assert _read(engine).faqs[FAQ].evidence is Evidence.PRESS
    with Session(engine) as session, session.begin():
        EDITS["confirmed"](session)
    assert _read(engine).faqs[FAQ].evidence is Evidence.TEXT


def test_the_command_says_what_it_did(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path / "data", seeds())
    monkeypatch.setenv("ANSINH_DATABASE_URL", str(engine.url))
    assert main([str(root)]) == 0
    assert "Đã thêm 18 dòng" in capsys.readouterr().out
    assert main([str(root)]) == 0
    assert "Không có gì thay đổi." in capsys.readouterr().out
    files = seeds()
    _faq(files)["program"] = "x"
    _faq(files)["topic"] = "merit"
    write(root, files)
    assert main([str(root)]) == 1
    assert "Có 2 lỗi. Chưa nạp dòng nào." in capsys.readouterr().err


def test_a_database_without_tables_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path / "data", seeds())
    assert main([str(root), "--database-url", f"sqlite:///{tmp_path}/empty.db"]) == 1
    assert "alembic upgrade head" in capsys.readouterr().err


def test_a_program_stored_before_there_were_calculators_keeps_its_hash() -> None:
    """Else every program of a database of before would pass for one that an officer changed."""
    stored: dict[str, Any] = {
        "id": "loan",
        "topic_id": "credit",
        "name": "Cho vay",
        "short_name": "Vay",
        "summary": "Vay vốn.",
        "scope": "household",
        "keywords": ["vay"],
        "screened": True,
    }
    hash_of_before = "877d09cbd8d812d9002f1e5267066fc6c57d7c7391e62d6d10574ecdf16a9b0c"
    assert content_hash(ProgramRecord(**stored)) == hash_of_before
    assert content_hash(ProgramRecord(**stored, calculator="loan_instalment")) != hash_of_before


def test_an_entry_from_before_its_phrasings_were_its_own_is_not_an_officer_s(engine: Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "data", seeds()))
    with Session(engine) as session:
        hash_of_before = "4ef1c8d97fc8c8c92e4d39b1dd481f74e5fb2343ff153ca404ffa59a36140f03"
        assert session.get_one(FaqEntryRecord, FAQ).seed_hash == hash_of_before


def test_a_program_that_gains_a_calculator_is_replaced(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    load(engine, root)
    files = seeds()
    files["policy/credit/loan.yml"]["programs"][0]["calculator"] = "loan_instalment"
    outcome = load(engine, write(tmp_path / "data", files))
    assert (outcome.replaced, outcome.kept) == (1, [])
    assert _read(engine).programs["loan"].calculator == "loan_instalment"


def test_a_calculator_that_there_is_none_of_is_an_error(engine: Engine, tmp_path: Path) -> None:
    files = seeds()
    files["policy/credit/loan.yml"]["programs"][0]["calculator"] = "premium"
    (problem,) = _problems(engine, write(tmp_path / "data", files))
    assert problem.value == "premium"
    assert "household_premium" in problem.mend

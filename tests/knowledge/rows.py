"""Rows made by hand for tests: short makers, and one small snapshot that the dialogue tests talk to."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from bot.knowledge.domain import (
    Aspect,
    Benefit,
    Choice,
    Citation,
    Commune,
    Criterion,
    Evidence,
    FactDefinition,
    FactType,
    FaqEntry,
    Group,
    LegalDocument,
    Office,
    Operator,
    Parameter,
    ParameterValue,
    Program,
    Provision,
    RequiredDocument,
    Scope,
    State,
    Step,
    Topic,
)
from bot.knowledge.snapshot import Snapshot

TODAY = date(2026, 11, 25)
LAW = Citation("1/2025/NĐ-CP", "Điều 2")
OLD_LAW = Citation("9/2021/NĐ-CP", "Điều 5")


def fact(
    id: str,  # noqa: A002 – the field's own name
    type: FactType = FactType.BOOLEAN,  # noqa: A002 – the field's own name
    scope: Scope = Scope.PERSON,
    **more: Any,
) -> FactDefinition:
    return FactDefinition(id, type, scope, more.pop("label", id), more.pop("question", f"{id}?"), **more)


def criterion(
    fact: str,
    operator: Operator = Operator.EQUAL,
    value: Any = True,
    evidence: Evidence = Evidence.TEXT,
    **more: Any,
) -> Criterion:
    return Criterion(fact, operator, more.pop("label", f"{fact} {operator} {value}"), LAW, evidence, value, **more)


def group(key: str, *criteria: Criterion) -> Group:
    return Group(key, f"nhóm {key}", criteria)


def provision(
    common: Iterable[Criterion] = (), groups: Iterable[Group] = (), state: State = State.OPEN, **more: Any
) -> Provision:
    return Provision(
        key=more.pop("key", "moi"),
        state=state,
        applies_from=more.pop("applies_from", date(2025, 1, 1)),
        applies_to=more.pop("applies_to", None),
        legal_basis=more.pop("legal_basis", (LAW,)),
        evidence=more.pop("evidence", Evidence.TEXT),
        common=tuple(common),
        groups=tuple(groups),
        **more,
    )


def program(*provisions: Provision, scope: Scope = Scope.PERSON, **more: Any) -> Program:
    name = more.pop("id", "p")
    return Program(
        id=name,
        topic=more.pop("topic", "social_pension"),
        name=more.pop("name", name),
        short_name=more.pop("short_name", name),
        summary=more.pop("summary", f"Về {name}."),
        scope=scope,
        provisions=provisions,
        **more,
    )


def parameter(id: str, *values: tuple[date, date | None, int], unit: str = "đồng/tháng") -> Parameter:  # noqa: A002
    rows = (ParameterValue(start, end, Decimal(amount), LAW, Evidence.TEXT) for start, end, amount in values)
    return Parameter(id, id, unit, tuple(rows))


def small_snapshot() -> Snapshot:
    """Four programs of three topics, enough for every turn a dialogue can take."""
    facts = [
        fact(
            "household_class",
            FactType.CHOICE,
            Scope.HOUSEHOLD,
            label="Loại hộ",
            question="Nhà mình là hộ nghèo, cận nghèo hay không thuộc hộ nào ạ?",
            choices=(
                Choice("poor", "Hộ nghèo", ("hộ nghèo", "nhà nghèo")),
                Choice("near_poor", "Hộ cận nghèo", ("cận nghèo", "hộ cận nghèo")),
                Choice("other", "Không thuộc các hộ trên", ("không phải hộ nghèo", "không nghèo")),
            ),
        ),
        fact("commune", FactType.COMMUNE, Scope.HOUSEHOLD, label="Nơi ở", question="Nhà mình ở xã, phường nào ạ?"),
        fact("island", FactType.BOOLEAN, Scope.HOUSEHOLD, label="Ở đảo", phrases=("ở đảo", "ngoài đảo")),
        fact(
            "area",
            FactType.CHOICE,
            Scope.HOUSEHOLD,
            label="Khu vực",
            question="Nơi mình ở là nông thôn hay thành thị ạ?",
            choices=(Choice("rural", "Nông thôn", ("nông thôn",)), Choice("urban", "Thành thị", ("thành phố",))),
        ),
        fact(
            "household_size",
            FactType.NUMBER,
            Scope.HOUSEHOLD,
            label="Số người",
            question="Nhà mình có mấy người ạ?",
        ),
        fact(
            "income_per_head",
            FactType.MONEY,
            Scope.HOUSEHOLD,
            label="Thu nhập mỗi người",
            question="Mỗi người một tháng được khoảng bao nhiêu tiền ạ?",
        ),
        fact("age", FactType.AGE, label="Tuổi", question="Năm nay người cần xét bao nhiêu tuổi ạ?"),
        fact(
            "pension_amount",
            FactType.MONEY,
            label="Lương hưu",
            question="Người cần xét có lương hưu không, bao nhiêu ạ?",
            negative_phrases=("không có lương hưu", "không lương hưu"),
        ),
        fact(
            "ethnic_minority",
            label="Người dân tộc thiểu số",
            question="Người cần xét có phải người dân tộc thiểu số không ạ?",
            phrases=("dân tộc thiểu số", "người hrê"),
            negative_phrases=("người kinh",),
        ),
    ]
    old_rate, new_rate = date(2025, 1, 1), date(2026, 7, 1)
    pension = program(
        provision(
            common=[criterion("age", Operator.AT_LEAST, 80, label="Từ đủ 80 tuổi")],
            key="cu",
            applies_from=date(2021, 7, 1),
            applies_to=date(2025, 6, 30),
            legal_basis=(OLD_LAW,),
            benefits=(Benefit("Trợ cấp", OLD_LAW, Evidence.TEXT, amount=Decimal(360_000), period="month"),),
        ),
        provision(
            common=[criterion("pension_amount", Operator.EQUAL, 0, label="Không có lương hưu")],
            groups=[
                group("75", criterion("age", Operator.AT_LEAST, 75, label="Từ đủ 75 tuổi")),
                group(
                    "70",
                    criterion("age", Operator.AT_LEAST, 70, label="Từ đủ 70 tuổi"),
                    criterion("household_class", Operator.IN, ("poor", "near_poor"), label="Hộ nghèo, cận nghèo"),
                ),
            ],
            applies_from=date(2025, 7, 1),
            benefits=(
                Benefit("Trợ cấp hằng tháng", LAW, Evidence.TEXT, parameter="muc_tro_cap", unit="đồng/người/tháng"),
                Benefit("Thẻ bảo hiểm y tế", LAW, Evidence.TEXT, text="miễn phí"),
            ),
            documents=(RequiredDocument("Văn bản đề nghị", form="Mẫu số 01"),),
            steps=(Step("Nộp hồ sơ", where="UBND cấp xã", time_limit="10 ngày làm việc"),),
        ),
        id="huu_tri",
        name="Trợ cấp hưu trí xã hội hằng tháng",
        short_name="Hưu trí xã hội",
        keywords=("trợ cấp người già", "hưu trí xã hội", "tiền người cao tuổi"),
        summary="Tiền hằng tháng cho người cao tuổi không có lương hưu.",
    )
    insurance = program(
        provision(
            common=[criterion("household_class", Operator.EQUAL, "near_poor", label="Là hộ cận nghèo")],
            benefits=(Benefit("Ngân sách đóng", LAW, Evidence.TEXT, percent=Decimal(70), of="mức đóng"),),
            documents=(RequiredDocument("Tờ khai", form="Mẫu TK1-TS"),),
        ),
        scope=Scope.PERSON,
        id="bhyt",
        topic="health_insurance",
        name="Bảo hiểm y tế cho người hộ cận nghèo",
        short_name="Bảo hiểm y tế hộ cận nghèo",
        keywords=("thẻ bảo hiểm y tế cận nghèo", "bhyt hộ cận nghèo"),
        office="bhxh",
    )
    house = program(
        provision(
            state=State.CLOSED,
            common=[criterion("household_class", Operator.EQUAL, "poor", label="Là hộ nghèo")],
            note="Chương trình đã kết thúc ngày 31/12/2025.",
            applies_from=date(2026, 1, 1),
        ),
        scope=Scope.HOUSEHOLD,
        id="xoa_nha",
        topic="housing_support",
        name="Xóa nhà tạm, nhà dột nát",
        short_name="Xóa nhà tạm",
        keywords=("xóa nhà tạm", "nhà dột nát"),
    )
    water = program(
        provision(
            common=[
                criterion("area", Operator.EQUAL, "rural", label="Sống ở nông thôn"),
                criterion("household_size", Operator.AT_LEAST, 2, label="Từ 2 người"),
                criterion("island", Operator.EQUAL, True, label="Ở đảo"),
            ],
            evidence=Evidence.PRESS,
        ),
        scope=Scope.HOUSEHOLD,
        id="vay_nuoc",
        topic="housing_support",
        name="Vay vốn làm nước sạch nông thôn",
        short_name="Vay nước sạch",
        keywords=("vay vốn nước sạch", "vay làm giếng"),
        screened=False,
    )
    faqs = [
        FaqEntry(
            id="muc_huu_tri",
            topic="social_pension",
            aspect=Aspect.BENEFIT,
            question="Mức chuẩn trợ cấp xã hội hiện nay là bao nhiêu tiền?",
            phrasings=("chuẩn trợ cấp xã hội bao nhiêu",),
            answer="Mức trợ cấp là {muc_tro_cap} mỗi tháng.",
            legal_basis=(LAW,),
            evidence=Evidence.TEXT,
            program="huu_tri",
        ),
        FaqEntry(
            id="phat_the",
            topic="health_insurance",
            aspect=Aspect.OTHER,
            question="Đổi thẻ bảo hiểm y tế giấy sang thẻ điện tử thế nào?",
            phrasings=(),
            answer="Dùng ứng dụng trên điện thoại.",
            legal_basis=(LAW,),
            evidence=Evidence.MEMORY,
            applies_from=date(2026, 1, 1),
            applies_to=date(2026, 12, 31),
        ),
    ]
    topics = [
        Topic("social_pension", "Hưu trí xã hội", "ubnd_xa", ("người già", "người cao tuổi")),
        Topic("health_insurance", "Bảo hiểm y tế", "bhxh", ("bảo hiểm y tế",)),
        Topic("housing_support", "Nhà ở", "ubnd_xa", ("nhà ở", "sửa nhà")),
        Topic("electricity", "Tiền điện", "ubnd_xa", ("hỗ trợ tiền điện", "hóa đơn tiền điện")),
    ]
    communes = [
        Commune("ba_to", "Xã Ba Tơ", "xã", area="rural", mountainous=True, island=False, old_district="Ba Tơ"),
        Commune("ba_vi", "Xã Ba Vì", "xã", area="rural", island=False, old_district="Ba Tơ"),
        Commune("ly_son", "Đặc khu Lý Sơn", "đặc khu", island=True),
    ]
    offices = [Office("ubnd_xa", "UBND xã", "Xã"), Office("bhxh", "Bảo hiểm xã hội", "Thẻ", phone="0255 3822 123")]
    return Snapshot(
        version=1,
        documents={
            LAW.document: LegalDocument(LAW.document, "Nghị định mới", effective_from=date(2025, 7, 1)),
            OLD_LAW.document: LegalDocument(OLD_LAW.document, "Nghị định cũ"),
        },
        parameters={
            "muc_tro_cap": parameter("muc_tro_cap", (old_rate, date(2026, 6, 30), 500_000), (new_rate, None, 540_000))
        },
        facts={f.id: f for f in facts},
        topics={t.id: t for t in topics},
        programs={p.id: p for p in (pension, insurance, house, water)},
        faqs={f.id: f for f in faqs},
        communes={c.code: c for c in communes},
        offices={o.id: o for o in offices},
    )

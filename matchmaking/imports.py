import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from achievements.imports.importers import (
    CHANGED,
    NEW,
    UNCHANGED,
    Column,
    Importer,
    Row,
    amount_column,
    register_importer,
)
from achievements.imports.parsers import (
    SEPARATORS,
    choice_parser,
    parse_date,
    parse_text,
    terms_parser,
)
from portal.taxonomy.models import CooperationMode, Industry, TechnicalField
from portal.taxonomy.services import assign_code

from .enums import EDITABLE_STATES, Confidentiality, NeedKind, Operator
from .models import Need, NeedTarget

RELATIONS = ("industries", "technical_fields", "modes")
SIGNS = {"≥": Operator.GE, ">=": Operator.GE, "≤": Operator.LE, "<=": Operator.LE}
SIGNS |= {"=": Operator.EQ, "＝": Operator.EQ, ">": Operator.GT, "<": Operator.LT}
_TARGET = re.compile(r"^(.+?)\s*(≥|>=|≤|<=|=|＝|>|<)\s*([\d.]+)\s*(.*)$")


def parse_targets(text: str) -> list[dict]:
    """Targets such as ``脱盐率≥98%；厚度<=0.1mm`` as rows of metric, operator, value, unit."""
    rows = []
    for part in filter(None, (part.strip() for part in SEPARATORS.split(text))):
        found = _TARGET.match(part)
        if not found:
            raise ValidationError(
                _("“%(text)s” is no target; write metric≥value unit, as in 脱盐率≥98%%.")
                % {"text": part}
            )
        metric, sign, value, unit = found.groups()
        rows.append({"metric": metric, "operator": SIGNS[sign], "value": value, "unit": unit})
    return rows


class NeedImporter(Importer):
    """Needs become drafts of the company, which it completes and sends as any other."""

    kind = "needs"
    label = gettext_lazy("Needs")
    columns = (
        Column("source_id", ("来源编号", "source id"), parse_text, required=True, example="A-001"),
        Column(
            "title",
            ("需求名称", "名称", "title"),
            parse_text,
            required=True,
            example=gettext_lazy("Thinner heat-spreading film for phones"),
        ),
        Column("kind", ("需求类型", "kind"), choice_parser(NeedKind, NeedKind.RND)),
        Column(
            "problem",
            ("技术问题", "问题描述", "problem"),
            parse_text,
            required=True,
            example=gettext_lazy("Today's film is 50 µm thick and loses heat at the bends."),
        ),
        Column("current_solution", ("现有方案", "current solution"), parse_text),
        Column("constraints", ("约束条件", "constraints"), parse_text),
        Column("targets", ("技术指标", "targets"), parse_targets, example="脱盐率≥98%；厚度≤0.1mm"),
        amount_column("budget_min", "预算下限", "budget from", "200000"),
        amount_column("budget_max", "预算上限", "budget to", "500000"),
        Column("deadline", ("完成期限", "deadline"), parse_date, example="2027-06-30"),
        Column("decision_maker", ("决策人岗位", "decided by"), parse_text),
        Column(
            "confidentiality",
            ("保密方式", "confidentiality"),
            choice_parser(Confidentiality, Confidentiality.PUBLIC),
        ),
        Column("industries", ("所属行业", "行业", "industries"), terms_parser(Industry)),
        Column("technical_fields", ("技术领域", "fields"), terms_parser(TechnicalField)),
        Column("modes", ("合作方式", "modes"), terms_parser(CooperationMode)),
        Column("keywords", ("关键词", "keywords"), parse_text),
    )

    def compare(self, rows, organization):
        known = {
            need.source_id: need
            for need in Need.objects.filter(organization=organization)
            .exclude(source_id="")
            .prefetch_related(*RELATIONS, "targets")
        }
        for row in rows:
            self._validate(row)
            need = known.get(row.values["source_id"])
            if need is None:
                row.outcome = NEW
                continue
            row.outcome = _difference(need, row)
            if row.outcome == CHANGED and need.state not in EDITABLE_STATES:
                row.errors[self.heading("source_id")] = _(
                    "%(code)s was sent already and is not changed by an import."
                ) % {"code": need.code}

    def _validate(self, row: Row) -> None:
        need = Need(**_plain(row))
        low, high = need.budget_min, need.budget_max
        if low is not None and high is not None and low > high:
            row.errors[self.heading("budget_max")] = _(
                "The upper budget must not be below the lower one."
            )
        try:
            need.clean_fields(exclude={f.name for f in need._meta.fields} - row.values.keys())
        except ValidationError as error:
            self.add_model_errors(row, error)

    def create(self, rows, *, organization, actor, progress):
        codes = assign_code(prefix="XQ", count=len(rows))
        needs = [
            Need(code=code, organization=organization, author=actor, **_plain(row))
            for code, row in zip(codes, rows, strict=True)
        ]
        Need.objects.bulk_create(needs, batch_size=500)
        _relate(needs, rows)
        progress(len(rows), len(rows))

    def change(self, rows, *, organization, actor, progress):
        source_ids = [row.values["source_id"] for row in rows]
        known = {
            need.source_id: need
            for need in Need.objects.filter(organization=organization, source_id__in=source_ids)
        }
        needs = [known[row.values["source_id"]] for row in rows]
        for need, row in zip(needs, rows, strict=True):
            for name, value in _plain(row).items():
                setattr(need, name, value)
            need.save()
        for name in RELATIONS:
            getattr(Need, name).through.objects.filter(need__in=needs).delete()
        NeedTarget.objects.filter(need__in=needs).delete()
        _relate(needs, rows)
        progress(len(rows), len(rows))


def _plain(row: Row) -> dict:
    return {
        name: value for name, value in row.values.items() if name not in (*RELATIONS, "targets")
    }


def _relate(needs: list[Need], rows: list[Row]) -> None:
    for name in RELATIONS:
        field: Any = Need._meta.get_field(name)
        through, other = field.remote_field.through, f"{field.m2m_reverse_field_name()}_id"
        links = [
            through(**{"need_id": need.pk, other: pk})
            for need, row in zip(needs, rows, strict=True)
            for pk in row.values.get(name, [])
        ]
        through.objects.bulk_create(links, batch_size=500)
    NeedTarget.objects.bulk_create(
        [
            NeedTarget(need=need, sort_order=order, **target)
            for need, row in zip(needs, rows, strict=True)
            for order, target in enumerate(row.values.get("targets", []))
        ],
        batch_size=500,
    )


def _difference(need: Need, row: Row) -> str:
    for name, value in row.values.items():
        if name == "targets":
            before = [
                {key: getattr(target, key) for key in ("metric", "operator", "value", "unit")}
                for target in sorted(need.targets.all(), key=lambda each: each.sort_order)
            ]
        elif name in RELATIONS:
            before = sorted(term.pk for term in getattr(need, name).all())
        else:
            before = getattr(need, name)
        if before != value:
            return CHANGED
    return UNCHANGED


register_importer(NeedImporter())

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from achievements.imports.importers import (
    NEW,
    UNCHANGED,
    Column,
    Importer,
    Row,
    register_importer,
)
from achievements.imports.parsers import choice_parser, parse_date, parse_list, parse_text

from .enums import PatentKind, PatentSource, PatentStatus
from .identifiers import (
    normalize_application_number,
    normalize_classes,
    normalize_publication_number,
    validate_application_number,
)
from .models import Patent, PatentHolder, PatentInventor, PatentStatusEvent
from .services import compute_term_end, holder_role


def parse_application_number(text: str) -> str:
    number = normalize_application_number(text)
    validate_application_number(number)
    return number


def parse_yes(text: str) -> bool:
    """Read a cell that says yes or no; an empty one is no."""
    word = text.strip().lower()
    if word not in {"", "是", "否", "yes", "no", "1", "0"}:
        raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": text})
    return word in {"是", "yes", "1"}


class PatentImporter(Importer):
    """The register's facts, one record per application number; the organization holds them."""

    kind = "patents"
    label = gettext_lazy("Patent records")
    identity = "application_number"
    columns = (
        Column(
            "application_number",
            ("申请号", "专利号", "application number"),
            parse_application_number,
            required=True,
            example="201710601862.3",
        ),
        Column("kind", ("专利类型", "kind"), choice_parser(PatentKind), required=True),
        Column(
            "title",
            ("专利名称", "名称", "title"),
            parse_text,
            required=True,
            example=gettext_lazy("A method of making graphene film"),
        ),
        Column("abstract", ("摘要", "abstract"), parse_text),
        Column("filed_on", ("申请日", "filed on"), parse_date, required=True, example="2017-07-21"),
        Column("is_divisional", ("分案申请", "divisional application"), parse_yes),
        Column(
            "publication_number",
            ("公开（公告）号", "公开号", "publication number"),
            normalize_publication_number,
        ),
        Column("published_on", ("公开日", "published on"), parse_date),
        Column("granted_on", ("授权公告日", "granted on"), parse_date),
        Column("fee_paid_until", ("年费缴至", "annual fee paid until"), parse_date),
        Column("ipc", ("分类号", "ipc"), normalize_classes),
        Column(
            "status", ("法律状态", "status"), choice_parser(PatentStatus, PatentStatus.ACCEPTED)
        ),
        Column("status_on", ("状态日期", "status since"), parse_date),
        Column("inventors", ("发明人", "inventors"), parse_list),
    )

    def compare(self, rows, organization):
        known = Patent.objects.in_bulk(
            [row.values["application_number"] for row in rows], field_name="application_number"
        )
        for row in rows:
            values = row.values
            values["status_on"] = (
                values.get("status_on") or values.get("granted_on") or values["filed_on"]
            )
            self._validate(row)
            patent = known.get(values["application_number"])
            row.outcome = NEW if patent is None else UNCHANGED
            if patent and (patent.title, patent.status) != (values["title"], values["status"]):
                row.errors[self.heading("application_number")] = _(
                    "Recorded already with another title or status; change it on its page."
                )

    def _validate(self, row: Row) -> None:
        patent = _patent_of(row)
        others = {field.name for field in patent._meta.fields} - row.values.keys()
        for check in (partial(patent.clean_fields, exclude=others), patent.clean):
            try:
                check()
            except ValidationError as error:
                self.add_model_errors(row, error)

    def create(self, rows, *, organization, actor, progress):
        patents = [_patent_of(row, recorded_by=actor) for row in rows]
        Patent.objects.bulk_create(patents, batch_size=500)
        holders = [
            PatentHolder(patent=patent, organization=organization, role=holder_role(patent.status))
            for patent in patents
        ]
        inventors = [
            PatentInventor(patent=patent, name=name[:60], sort_order=order)
            for patent, row in zip(patents, rows, strict=True)
            for order, name in enumerate(row.values.get("inventors", []))
        ]
        steps = [
            PatentStatusEvent(
                patent=patent,
                status=patent.status,
                occurred_on=patent.status_on,
                recorded_by=actor,
            )
            for patent in patents
        ]
        children: tuple[tuple[Any, list], ...] = (
            (PatentHolder, holders),
            (PatentInventor, inventors),
            (PatentStatusEvent, steps),
        )
        for model, found in children:
            model.objects.bulk_create(found, batch_size=500)
        progress(len(rows), len(rows))


def _patent_of(row: Row, **facts) -> Patent:
    plain = {name: value for name, value in row.values.items() if name != "inventors"}
    return Patent(
        expires_on=compute_term_end(plain["kind"], plain["filed_on"]),
        source=PatentSource.IMPORT,
        **plain,
        **facts,
    )


register_importer(PatentImporter())

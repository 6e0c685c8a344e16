from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from portal.taxonomy.models import CooperationMode, Industry, TechnicalField

from ..enums import AchievementClass, AchievementForm, Level, Novelty, Secrecy, Stage
from ..models import AchievementPage, InstitutePage
from ..services import UnableToChangeListing, add_pages, save_draft, submit_listing
from . import aliases
from .importers import (
    CHANGED,
    NEW,
    UNCHANGED,
    Column,
    Importer,
    Row,
    amount_column,
    register_importer,
)
from .parsers import choice_parser, parse_number, parse_text, terms_parser

RELATIONS = ("industries", "technical_fields", "modes")
BATCH = 500


class AchievementImporter(Importer):
    """Achievements become drafts of the institute; the two reviews publish them as any other."""

    kind = "achievements"
    label = gettext_lazy("Achievements")
    may_submit = True
    columns = (
        Column("source_id", ("来源编号", "source id"), parse_text, required=True, example="A-001"),
        Column(
            "title",
            ("成果名称", "名称", "title"),
            parse_text,
            required=True,
            example=gettext_lazy("Continuous production of graphene film"),
        ),
        Column("title_en", ("英文名称", "english title"), parse_text),
        Column(
            "summary",
            ("一句话简介", "简介", "summary"),
            parse_text,
            required=True,
            example=gettext_lazy("In-plane conductivity above 1500 W/(m·K), a third cheaper"),
        ),
        Column(
            "description",
            ("成果介绍", "介绍", "description"),
            parse_text,
            required=True,
            example=gettext_lazy("Roll-to-roll reduction, six months on a pilot line."),
        ),
        Column("scenarios", ("应用场景", "scenarios"), parse_text),
        Column(
            "achievement_class",
            ("成果类别", "class"),
            choice_parser(AchievementClass, AchievementClass.APPLIED, aliases.CLASS),
        ),
        Column(
            "form",
            ("成果形式", "form"),
            choice_parser(AchievementForm, aliases=aliases.FORM),
            required=True,
        ),
        Column(
            "stage",
            ("所处阶段", "stage"),
            choice_parser(Stage, aliases=aliases.STAGE),
            required=True,
        ),
        Column(
            "novelty",
            ("创新类型", "novelty"),
            choice_parser(Novelty, Novelty.ORIGINAL, aliases.NOVELTY),
        ),
        Column(
            "level", ("技术水平", "level"), choice_parser(Level, Level.NOT_EVALUATED, aliases.LEVEL)
        ),
        Column(
            "secrecy",
            ("密级", "保密等级", "保密级别", "涉密等级", "secrecy", "classification"),
            choice_parser(Secrecy, Secrecy.NONE, aliases.SECRECY),
        ),
        Column("trl_level", ("技术成熟度", "trl"), parse_number, example="6"),
        Column("trl_evidence", ("成熟度依据", "trl evidence"), parse_text),
        Column("industries", ("所属行业", "行业", "industries"), terms_parser(Industry)),
        Column("technical_fields", ("技术领域", "fields"), terms_parser(TechnicalField)),
        Column("modes", ("合作方式", "modes"), terms_parser(CooperationMode)),
        amount_column("price_min", "意向价格下限", "price from", "300000"),
        amount_column("price_max", "意向价格上限", "price to", "800000"),
        Column("keywords", ("关键词", "keywords"), parse_text),
    )

    def compare(self, rows, organization):
        known = {
            page.source_id: page
            for page in AchievementPage.objects.filter(institute__organization=organization)
            .exclude(source_id="")
            .select_related("latest_revision")
        }
        for row in rows:
            self._validate(row)
            page = known.get(row.values["source_id"])
            row.outcome = NEW if page is None else _difference(page, row)

    def _validate(self, row: Row) -> None:
        page = AchievementPage(**_plain(row))
        try:
            page.clean_fields(exclude={f.name for f in page._meta.fields} - row.values.keys())
            page.clean()
        except ValidationError as error:
            self.add_model_errors(row, error)

    def create(self, rows, *, organization, actor, progress):
        institute = InstitutePage.objects.get(organization=organization)
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            add_pages(
                institute=institute,
                pages=[AchievementPage(**_plain(row)) for row in batch],
                relations=[{name: row.values.get(name, []) for name in RELATIONS} for row in batch],
                actor=actor,
            )
            progress(start + len(batch), len(rows))

    def submit(self, identities, *, organization, actor, progress):
        pages = AchievementPage.objects.filter(institute__organization=organization)
        wanted = [page for page in pages.order_by("pk") if page.source_id in identities]
        refused = []
        for done, page in enumerate(wanted, start=1):
            try:
                submit_listing(page=page, actor=actor)
            except UnableToChangeListing as error:
                refused.append(
                    {"page": page.pk, "title": page.title, "code": page.code, "message": str(error)}
                )
            progress(done, len(wanted))
        return {"submitted": len(wanted) - len(refused), "refused": refused}

    def change(self, rows, *, organization, actor, progress):
        known = AchievementPage.objects.filter(institute__organization=organization)
        for done, row in enumerate(rows, start=1):
            page = known.get(source_id=row.values["source_id"]).get_latest_revision_as_object()
            for name, value in row.values.items():
                setattr(page, name, value)
            save_draft(page=page, actor=actor or page.owner)
            progress(done, len(rows))


def _plain(row: Row) -> dict:
    return {name: value for name, value in row.values.items() if name not in RELATIONS}


def _difference(page: AchievementPage, row: Row) -> str:
    """Compare with the latest text, published or not."""
    content = page.latest_revision.content
    for name, value in row.values.items():
        if name == "source_id":
            continue
        before = content.get(name)
        if (sorted(before or []) if name in RELATIONS else before) != value:
            return CHANGED
    return UNCHANGED


register_importer(AchievementImporter())

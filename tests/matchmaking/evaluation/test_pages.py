"""The pages of the evaluation: each side's way through a round, and what nobody else sees."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from matchmaking.evaluation import services
from matchmaking.evaluation.models import Evidence, Indicator, Round, Scheme
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from tests.factories.accounts import UserFactory
from tests.factories.evaluation import address, make_commission

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF"


def test_the_commission_drafts_changes_and_publishes_a_scheme(visit):
    actor = make_commission()
    assert "现成方案模板" in visit.get(actor, "schemes")
    visit.post(actor, "begin-scheme", ready_made="transfer-office")
    scheme = Scheme.objects.get()

    page = visit.get(actor, "edit-scheme", scheme.pk)
    leaves = scheme.indicators.exclude(parent=None).order_by("parent__sort_order", "sort_order")
    data = {
        "title": "技术转移机构年度评估",
        "purpose": scheme.purpose,
        "method": "TOPSIS",
        "weighting": "SET",
        "spread_limit": "25",
        "leaves-TOTAL_FORMS": len(leaves),
        "leaves-INITIAL_FORMS": len(leaves),
    }
    for number, leaf in enumerate(leaves):
        data |= {
            f"leaves-{number}-id": leaf.pk,
            f"leaves-{number}-weight": leaf.weight + (1 if number == 0 else 0),
            f"leaves-{number}-missing": "EXCLUDE",
        }
    changed = visit.post(actor, "edit-scheme", scheme.pk, **data).content.decode()

    assert "专职人员" in page
    assert ["合计101分" in changed, "发布生效" in changed] == [True, False]
    data["leaves-0-weight"] = leaves[0].weight
    visit.post(actor, "edit-scheme", scheme.pk, **data)
    visit.post(actor, "scheme-action", scheme.pk, "publish")
    scheme.refresh_from_db()
    assert [scheme.state, scheme.method, scheme.title] == [
        "PUBLISHED",
        "TOPSIS",
        "技术转移机构年度评估",
    ]


def test_an_indicator_is_added_with_its_faults_named_and_taken_out(visit):
    actor = make_commission()
    scheme = services.create_scheme(actor=actor, ready_made="transfer-office")
    group = scheme.groups[0]
    visit.get(actor, "add-indicator", scheme.pk)
    wrong = visit.post(
        actor, "add-indicator", scheme.pk,
        parent=group.pk, name="场地", kind="SCORE", weight="1", missing="EXCLUDE",
    )  # fmt: skip
    no_number = visit.post(
        actor, "add-indicator", scheme.pk,
        parent=group.pk, name="场地", kind="NUMBER", weight="1", missing="EXCLUDE",
    )  # fmt: skip
    visit.post(
        actor, "add-indicator", scheme.pk,
        parent=group.pk, name="场地", kind="EVIDENCE", weight="1", missing="EXCLUDE",
    )  # fmt: skip
    visit.post(actor, "add-indicator", scheme.pk, name="创新", weight="5", missing="EXCLUDE")

    assert [wrong.status_code, no_number.status_code] == [422, 422]
    assert "专家评分须设标尺" in wrong.content.decode()
    assert "请选择台账数据项" in no_number.content.decode()
    found = Scheme.objects.get()
    assert [each.name for each in found.groups][-1] == "创新"
    leaf = Indicator.objects.get(name="场地")
    visit.post(actor, "scheme-action", scheme.pk, "remove", indicator=leaf.pk)
    assert not Indicator.objects.filter(name="场地").exists()


def test_comparisons_show_what_to_look_at_again(visit):
    actor = make_commission()
    scheme = services.create_scheme(actor=actor, ready_made="institute-conversion")
    pairs = ["0_1", "0_2", "0_3", "1_2", "1_3", "2_3"]

    def send(*values):
        data = {f"pair_{pair}": value for pair, value in zip(pairs, values, strict=True)}
        return visit.post(actor, "compare", scheme.pk, **data).content.decode()

    page = send("2", "6", "1/5", "3", "6", "2")
    assert "请重新考虑“成果供给与转化管理相比”：现为1/5" in page
    assert "未通过一致性检验" in page
    page = send("2", "6", "9", "3", "6", "2")
    assert ["请重新考虑" in page, "通过一致性检验" in page] == [False, True]
    assert "一致性检验" in visit.get(actor, "scheme", scheme.pk)


def test_a_scheme_in_force_is_public_and_a_draft_is_not(visit, client, evaluation):
    draft = services.start_successor(actor=evaluation.commission, scheme=evaluation.scheme)

    page = visit.get(None, "scheme", evaluation.scheme.pk)
    assert ["台账外到账金额" in page, "该方案尚无已归档的评估" in page, "<svg" in page] == [
        True,
        True,
        True,
    ]
    assert client.get(address("scheme", draft.pk)).status_code == 404
    assert "第2版" not in visit.get(None, "schemes")
    assert "第2版" in visit.get(evaluation.commission, "schemes")


def test_a_draft_is_thrown_away_and_a_next_version_begun(visit, evaluation):
    visit.post(evaluation.commission, "scheme-action", evaluation.scheme.pk, "succeed")
    draft = Scheme.objects.get(version=2)
    visit.post(evaluation.commission, "scheme-action", draft.pk, "delete")
    assert Scheme.objects.count() == 1


def test_a_round_is_opened_with_its_dates_in_order(visit, evaluation):
    today = timezone.localdate()
    data = {
        "scheme": evaluation.scheme.pk,
        "title": "2026年度评估",
        "year": "2026",
        "experts_per_subject": "3",
        "report_until": today + timedelta(days=9),
        "score_until": today + timedelta(days=3),
        "answer_until": today + timedelta(days=12),
    }
    visit.get(evaluation.commission, "open-round")
    wrong = visit.post(evaluation.commission, "open-round", **data)
    data["report_until"] = today
    visit.post(evaluation.commission, "open-round", **data)

    assert [wrong.status_code, "日期应依次为" in wrong.content.decode()] == [422, True]
    assert Round.objects.latest("pk").title == "2026年度评估"
    assert "2026年度评估" in visit.get(evaluation.commission, "rounds")


def test_the_commission_enters_objects_and_experts_and_draws(visit, evaluation):
    actor, round_ = evaluation.commission, evaluation.round
    assert "湖畔材料研究院" in visit.get(actor, "enter", round_.pk)
    assert "湖畔材料研究院" not in visit.get(actor, "enter", round_.pk, query="?q=滨江")
    visit.post(
        actor, "enter", round_.pk, object=[each.organization.pk for each in evaluation.institutes]
    )
    found = visit.get(actor, "panel", round_.pk, query="?q=测试员")
    assert evaluation.experts[0].name in found
    visit.post(actor, "panel", round_.pk, person=[each.pk for each in evaluation.experts])
    member = evaluation.member(evaluation.experts[4])
    visit.post(actor, "panel", round_.pk, do="remove", member=member.pk)
    assert round_.pool.count() == 4
    evaluation.to("FORMAL_CHECK")
    visit.post(actor, "panel", round_.pk, do="draw", seed="20260701")

    page = visit.get(actor, "panel", round_.pk)
    assert ["20260701/1" in page, "sha256sum" in page] == [True, True]


def test_a_unit_enters_itself_in_an_open_call(visit, evaluation):
    institute = evaluation.institutes[0]
    assert evaluation.round.title in visit.get(institute.owner, "own")
    page = visit.get(institute.owner, "enter", evaluation.round.pk)
    assert ["湖畔材料研究院" in page, "滨江力学研究所" in page] == [True, False]
    visit.post(institute.owner, "enter", evaluation.round.pk, object=institute.organization.pk)

    assert [each.organization for each in evaluation.subjects] == [institute.organization]


def test_the_unit_writes_its_report_as_a_draft_and_hands_it_in(visit, evaluation):
    subject = evaluation.to("SELF_REPORT").subjects[0]
    institute = evaluation.institutes[0]
    leaf = evaluation.leaf("台账外到账金额")
    data = {f"value_{leaf.pk}": "120.5", f"statement_{leaf.pk}": "决算表第三页"}
    file = SimpleUploadedFile("决算表.pdf", PDF)
    visit.post(
        institute.researcher, "report", subject.pk, do="save", **data, **{f"file_{leaf.pk}": file}
    )
    page = visit.get(institute.researcher, "report", subject.pk)
    assert ["120.5" in page, "决算表.pdf" in page] == [True, True]
    assert ["以单位名义提交" in page, "由本单位管理员统一提交" in page] == [False, True]

    wrong = SimpleUploadedFile("决算表.pdf", b"no pdf")
    refused = visit.post(
        institute.owner, "report", subject.pk, do="save", **data, **{f"file_{leaf.pk}": wrong}
    )
    assert refused.status_code == 422
    visit.post(institute.owner, "report", subject.pk, do="submit", **data)
    assert evaluation.subjects[0].state == "SUBMITTED"
    visit.sign_in(institute.owner)
    assert visit.client.get(address("report", subject.pk)).status_code == 404


def test_evidence_is_taken_out_and_read_by_those_concerned_alone(visit, evaluation):
    subject = evaluation.to("SELF_REPORT").subjects[0]
    institute, other = evaluation.institutes
    leaf = evaluation.leaf("台账外到账金额")

    def attach():
        return services.attach_evidence(
            actor=institute.owner, subject=subject, indicator=leaf, file=ContentFile(PDF, "表.pdf")
        )

    first, kept = attach(), attach()
    visit.post(institute.owner, "subject-action", subject.pk, "detach", evidence=first.pk)
    assert list(Evidence.objects.all()) == [kept]
    auditor = UserFactory()
    RoleGrant.objects.create(user=auditor, role=PortalRole.AUDITOR)
    evaluation.to("SCORING")
    task = next(each for each in evaluation.tasks if each.subject_id == subject.pk)
    free = next(
        each
        for each in evaluation.experts
        if not each.evaluation_assignments.filter(subject=subject).exists()
    )
    answers = {}
    for user in (
        institute.researcher,
        evaluation.commission,
        auditor,
        task.expert,
        free,
        other.owner,
    ):
        visit.sign_in(user)
        answer = visit.client.get(address("evidence", kept.pk))
        answers[user.pk] = answer.status_code
        if answer.status_code == 200:
            assert b"".join(answer.streaming_content) == PDF
            assert "attachment" in answer["Content-Disposition"]
    assert list(answers.values()) == [200, 200, 200, 200, 404, 404]


def test_the_commission_checks_returns_and_corrects_on_the_objects_page(visit, evaluation):
    evaluation.to("FORMAL_CHECK")
    actor, subject = evaluation.commission, evaluation.subjects[0]
    leaf = evaluation.leaf("台账外到账金额")
    visit.post(actor, "subject-action", subject.pk, "check", outcome="nonsense")
    visit.post(actor, "subject-action", subject.pk, "check", outcome="RETURNED", text="缺附件")
    assert "缺附件" in visit.get(evaluation.office(subject), "subject", subject.pk)
    evaluation.report(evaluation.subjects[0], income=90)
    visit.post(actor, "subject-action", subject.pk, "check", outcome="ACCEPTED")
    visit.post(
        actor,
        "subject-action",
        subject.pk,
        "correct",
        leaf=leaf.pk,
        value="85",
        text="扣除关联交易",
    )

    page = visit.get(actor, "subject", subject.pk)
    assert ["扣除关联交易" in page, "审查通过" in page] == [True, True]

"""The call, the self-report and its formal check."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from matchmaking.evaluation import services
from matchmaking.evaluation.models import Evidence, ReportedValue, Round
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(match=None):
    return pytest.raises(services.UnableToEvaluate, match=match)


class TestCall:
    def test_a_round_needs_a_scheme_in_force(self, evaluation):
        draft = services.start_successor(actor=evaluation.commission, scheme=evaluation.scheme)
        with refused("现行方案"):
            services.open_round(
                actor=evaluation.commission, round_=Round(scheme=draft, title="x", year=2025)
            )

    def test_only_the_commission_opens_rounds(self, evaluation):
        with refused():
            services.open_round(
                actor=evaluation.institutes[0].owner,
                round_=Round(scheme=evaluation.scheme, title="x", year=2025),
            )

    def test_a_units_office_enters_its_own_and_nobody_elses(self, evaluation):
        one, other = evaluation.institutes
        entered = services.enter_subjects(
            actor=one.owner, round_=evaluation.round, object_ids=[one.organization.pk]
        )
        assert [each.organization_id for each in entered] == [one.organization.pk]
        with refused("不符合条件"):
            services.enter_subjects(
                actor=one.owner, round_=evaluation.round, object_ids=[other.organization.pk]
            )
        with refused("不符合条件"):
            services.enter_subjects(
                actor=one.researcher, round_=evaluation.round, object_ids=[one.organization.pk]
            )

    def test_what_is_entered_twice_stands_once(self, evaluation):
        for _each in range(2):
            evaluation.enter()
        assert [subject.number for subject in evaluation.subjects] == [1, 2]

    def test_without_objects_nobody_is_asked(self, evaluation):
        with refused("还没有列入"):
            services.start_reports(actor=evaluation.commission, round_=evaluation.round)

    def test_the_offices_are_told_and_the_numbers_written_down(self, evaluation):
        evaluation.to("SELF_REPORT")

        told = Notification.objects.filter(kind="evaluation-report").values_list("user", flat=True)
        offices = {each.owner.pk for each in evaluation.institutes} | {
            each.editor.pk for each in evaluation.institutes
        }
        assert set(told) == offices
        granted = ReportedValue.objects.get(
            subject=evaluation.subjects[0], indicator=evaluation.leaf("授权专利数")
        )
        assert granted.value == 0
        share = ReportedValue.objects.get(
            subject=evaluation.subjects[0], indicator=evaluation.leaf("匹配采纳率")
        )
        assert share.value is None

    def test_the_commission_may_enter_late_comers_while_reports_are_written(self, evaluation):
        one, other = evaluation.institutes
        services.enter_subjects(
            actor=evaluation.commission,
            round_=evaluation.round,
            object_ids=[one.organization.pk],
        )
        services.start_reports(actor=evaluation.commission, round_=evaluation.round)
        services.enter_subjects(
            actor=evaluation.commission,
            round_=evaluation.round,
            object_ids=[other.organization.pk],
        )

        assert evaluation.subjects[1].values.count() == 8
        with refused():
            services.enter_subjects(actor=one.owner, round_=evaluation.round, object_ids=[])


class TestSelfReport:
    @pytest.fixture(autouse=True)
    def round(self, evaluation):
        evaluation.to("SELF_REPORT")
        self.subject = evaluation.subjects[0]
        self.institute = evaluation.institutes[0]

    def save(self, actor, **answer):
        leaf = next(
            each for each in self.subject.round.scheme.leaves if each.name == "台账外到账金额"
        )
        services.save_report(
            actor=actor,
            subject=self.subject,
            answers={leaf.pk: {"value": 12.5, "statement": "决算", **answer}},
        )
        return ReportedValue.objects.get(subject=self.subject, indicator=leaf)

    def test_a_researcher_writes_the_draft_and_the_office_hands_it_in(self):
        assert self.save(self.institute.researcher).value == 12.5
        with refused():
            services.submit_report(actor=self.institute.researcher, subject=self.subject)
        subject = services.submit_report(actor=self.institute.owner, subject=self.subject)
        assert [subject.state, subject.submitted_by] == ["SUBMITTED", self.institute.owner]
        with refused():
            self.save(self.institute.researcher)

    def test_another_unit_writes_nothing(self, evaluation):
        with refused():
            self.save(evaluation.institutes[1].owner)

    def test_a_unit_comments_on_a_number_of_the_ledger_but_does_not_change_it(self, evaluation):
        leaf = evaluation.leaf("授权专利数")
        services.save_report(
            actor=self.institute.owner,
            subject=self.subject,
            answers={leaf.pk: {"value": 99.0, "statement": "漏计两件"}},
        )
        stored = ReportedValue.objects.get(subject=self.subject, indicator=leaf)
        assert [stored.value, stored.statement] == [0, "漏计两件"]

    def test_an_indicator_of_another_scheme_is_refused(self):
        with refused():
            services.save_report(
                actor=self.institute.owner, subject=self.subject, answers={10**6: {}}
            )

    def test_without_what_the_score_rests_on_it_cannot_be_handed_in(self):
        with refused("台账外到账金额"):
            services.submit_report(actor=self.institute.owner, subject=self.subject)

    def test_evidence_lies_in_private_storage_with_its_digest(self, evaluation):
        content = b"%PDF-1.4 proof"
        evidence = services.attach_evidence(
            actor=self.institute.researcher,
            subject=self.subject,
            indicator=evaluation.leaf("台账外到账金额"),
            file=ContentFile(content, name="决算表.pdf"),
        )
        assert evidence.digest == hashlib.sha256(content).hexdigest()
        assert [evidence.name, "决算表" in evidence.file.name] == ["决算表.pdf", False]
        assert Path(evidence.file.path).resolve().is_relative_to(settings.PRIVATE_ROOT)

        services.detach_evidence(actor=self.institute.owner, evidence=evidence)
        assert Evidence.objects.count() == 0
        with refused():
            services.attach_evidence(
                actor=evaluation.institutes[1].owner,
                subject=self.subject,
                indicator=evaluation.leaf("台账外到账金额"),
                file=ContentFile(content, name="x.pdf"),
            )

    def test_a_unit_withdraws_before_the_scoring_with_a_reason(self):
        with refused("说明原因"):
            services.withdraw_subject(actor=self.institute.owner, subject=self.subject, reason=" ")
        with refused():
            services.withdraw_subject(
                actor=self.institute.researcher, subject=self.subject, reason="x"
            )
        services.withdraw_subject(
            actor=self.institute.owner, subject=self.subject, reason="机构合并"
        )
        assert [each.number for each in self.subject.round.subjects.taking_part()] == [2]


class TestFormalCheck:
    @pytest.fixture(autouse=True)
    def round(self, evaluation):
        evaluation.to("SELF_REPORT")
        self.first, self.second = evaluation.subjects
        evaluation.report(self.first, income=100)
        services.start_check(actor=evaluation.commission, round_=evaluation.round)
        self.actor = evaluation.commission

    def check(self, subject, outcome, remark="", actor=None):
        return services.check_subject(
            actor=actor or self.actor, subject=subject, outcome=outcome, remark=remark
        )

    def test_what_was_not_reported_is_not_accepted(self):
        with refused("尚未提交"):
            self.check(self.second, "ACCEPTED")

    def test_returning_and_excluding_need_a_reason(self):
        for outcome in ("RETURNED", "EXCLUDED"):
            with refused("填写理由"):
                self.check(self.first, outcome)

    def test_what_is_returned_can_be_mended_and_handed_in_again(self, evaluation):
        self.check(self.first, "RETURNED", "缺少财务证明")
        assert evaluation.subjects[0].remark == "缺少财务证明"
        evaluation.report(evaluation.subjects[0], income=120)
        assert self.check(self.first, "ACCEPTED").state == "ACCEPTED"

    def test_only_the_commission_checks_and_not_what_is_its_own(self):
        with refused():
            self.check(self.first, "ACCEPTED", actor=UserFactory())
        MembershipFactory(user=self.actor, organization=self.first.organization)
        with refused():
            self.check(self.first, "ACCEPTED", actor=type(self.actor).objects.get(pk=self.actor.pk))

    def test_an_outcome_that_is_none_is_refused(self):
        with refused():
            self.check(self.first, "OPEN")

    def test_scoring_waits_for_every_check_and_every_draw(self, evaluation):
        self.check(self.first, "ACCEPTED")
        with refused("滨江力学研究所"):
            services.start_scoring(actor=self.actor, round_=evaluation.round)
        self.check(self.second, "EXCLUDED", "未按期提交")
        with refused("抽取专家"):
            services.start_scoring(actor=self.actor, round_=evaluation.round)
        services.draw_experts(actor=self.actor, round_=evaluation.round)
        services.start_scoring(actor=self.actor, round_=evaluation.round)
        assert evaluation.reload().round.state == "SCORING"

    def test_a_corrected_value_keeps_what_stood_there_and_why(self, evaluation):
        leaf = evaluation.leaf("台账外到账金额")

        def correct(value, reason):
            return services.correct_value(
                actor=self.actor, subject=self.first, indicator=leaf, value=value, reason=reason
            )

        with refused("填写理由"):
            correct(80.0, "")
        correct(80.0, "扣除关联交易")
        stored = correct(90.0, "复核合同后更正")
        assert [stored.value, stored.original, stored.reason] == [90, 100, "复核合同后更正"]
        event = AuditEvent.objects.filter(action="evaluation.correct_value").latest("pk")
        assert event.payload == {
            "label": "台账外到账金额",
            "before": 80.0,
            "after": 90.0,
            "reason": "复核合同后更正",
        }

    def test_experts_scores_are_not_corrected_here(self, evaluation):
        with refused():
            services.correct_value(
                actor=self.actor,
                subject=self.first,
                indicator=evaluation.leaf("制度与机构"),
                value=1,
                reason="x",
            )

"""A round from call to archive: each step, each refusal, each override on record."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from matchmaking.evaluation import services
from matchmaking.evaluation.enums import ALLOWED_TRANSITIONS, RoundState
from matchmaking.evaluation.models import Archive, Evidence, ReportedValue, Round, Score
from matchmaking.evaluation.queries import broken_archives, sensitivity_of, spreads_of, table_of
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.evaluation import Evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation():
    return Evaluation()


def refused(match=None):
    return pytest.raises(services.UnableToEvaluate, match=match)


def test_the_whole_way(evaluation):
    evaluation.publish()
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        archive = services.archive_round(actor=evaluation.commission, round_=evaluation.round)

    round_ = evaluation.reload().round
    steps = AuditEvent.objects.filter(
        action__startswith="evaluation.", target_label=str(round_)
    ).exclude(action__endswith="_pool")
    assert [event.action.split(".")[1] for event in steps.order_by("pk")] == [
        "open_round",
        "start_reports",
        "start_check",
        "draw_experts",
        "start_scoring",
        "start_moderation",
        "announce_results",
        "decide_round",
        "start_publicity",
        "archive_round",
    ]
    assert round_.state == "ARCHIVED"
    with archive.file.open("rb") as file:
        sealed = file.read()
    assert hashlib.sha256(sealed).hexdigest() == archive.digest == steps.last().payload["digest"]
    bundle = json.loads(sealed)
    assert bundle["round"]["seed"] == "2026-07-01"
    assert [each["rank"] for each in bundle["subjects"]] == [2, 1]
    assert [len(bundle[key]) for key in ("tasks", "scores", "draws")] == [6, 12, 2]


def test_every_state_but_the_ends_is_left_and_no_way_leads_out_of_an_end():
    ends = {state for state, following in ALLOWED_TRANSITIONS.items() if not following}

    assert ends == {"ARCHIVED", "CANCELLED"}
    assert set(ALLOWED_TRANSITIONS) == set(RoundState)
    reached = {state for following in ALLOWED_TRANSITIONS.values() for state in following}
    assert reached == set(RoundState) - {"CALL"}


def test_scores_ranks_and_grades_follow_the_scheme(evaluation):
    evaluation.to("CONFIRMATION")

    first, second = evaluation.subjects
    found = table_of(evaluation.round)
    assert [first.score, second.score] == [
        pytest.approx(score, abs=1e-4) for score in found.score(found.table)
    ]
    assert [first.rank, second.rank] == [2, 1]
    assert {first.answer, second.answer} == {"PENDING"}
    assert second.grade in {"EXCELLENT", "GOOD", "FAIR", "POOR"}


@pytest.mark.parametrize(("method", "has_grade"), [("TOPSIS", False), ("FUZZY", True)])
def test_the_other_methods_rank_as_well(method, has_grade):
    evaluation = Evaluation(method=method).to("CONFIRMATION")

    assert sorted(subject.rank for subject in evaluation.subjects) == [1, 2]
    assert [bool(subject.grade) for subject in evaluation.subjects] == [has_grade, has_grade]


def test_entropy_takes_the_weights_from_the_values():
    evaluation = Evaluation(weighting="ENTROPY").to("CONFIRMATION")

    found = table_of(evaluation.round)
    weights = dict(zip((leaf.name for leaf in found.leaves), found.weights_in_force(), strict=True))
    assert sum(weights.values()) == pytest.approx(100)
    assert weights["三种方式合同数"] == 0
    assert max(weights, key=weights.get) == "当年到账金额"


def test_sensitivity_says_for_each_object_whether_its_rank_moves(evaluation):
    evaluation.to("MODERATION")

    found = sensitivity_of(table_of(evaluation.round))

    assert found.base == (2, 1)
    assert [found.moves(place) for place in (0, 1)] == [
        found.range_of(place) != (rank, rank) for place, rank in enumerate(found.base)
    ]
    assert len(found.variants) == 5 + 2 * len(evaluation.scheme.leaves)


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

        assert evaluation.subjects[1].values.count() == 5
        with refused():
            services.enter_subjects(actor=one.owner, round_=evaluation.round, object_ids=[])


class TestSelfReport:
    @pytest.fixture(autouse=True)
    def round(self, evaluation):
        evaluation.to("SELF_REPORT")
        self.subject = evaluation.subjects[0]
        self.institute = evaluation.institutes[0]

    def save(self, actor, **answer):
        leaf = self.subject.round.scheme.leaves[5]
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
        with refused("当年到账金额"):
            services.submit_report(actor=self.institute.owner, subject=self.subject)

    def test_evidence_lies_in_private_storage_with_its_digest(self, evaluation):
        content = b"%PDF-1.4 proof"
        evidence = services.attach_evidence(
            actor=self.institute.researcher,
            subject=self.subject,
            indicator=evaluation.leaf("当年到账金额"),
            file=ContentFile(content, name="决算表.pdf"),
        )
        assert evidence.digest == hashlib.sha256(content).hexdigest()
        assert [evidence.name, "决算表" in evidence.file.name] == ["决算表.pdf", False]
        assert Path(evidence.file.path).is_relative_to(settings.PRIVATE_ROOT)

        services.detach_evidence(actor=self.institute.owner, evidence=evidence)
        assert Evidence.objects.count() == 0
        with refused():
            services.attach_evidence(
                actor=evaluation.institutes[1].owner,
                subject=self.subject,
                indicator=evaluation.leaf("当年到账金额"),
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
        leaf = evaluation.leaf("当年到账金额")

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
            "label": "当年到账金额",
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


class TestScoring:
    @pytest.fixture(autouse=True)
    def round(self, evaluation):
        evaluation.to("SCORING")
        self.task = evaluation.tasks[0]

    def test_experts_are_told_once_a_round(self):
        told = Notification.objects.filter(kind="evaluation-task").values_list("user", flat=True)
        assert len(told) == len(set(told))

    def test_a_draft_is_kept_and_handing_in_wants_every_score(self, evaluation):
        leaf = evaluation.scheme.scored_leaves[0]
        scores = {leaf.pk: {"value": 81.0, "comment": "制度齐全"}}
        services.save_scores(actor=self.task.expert, task=self.task, scores=scores)
        assert Score.objects.get().value == 81
        with refused("收益分配落实"):
            services.save_scores(actor=self.task.expert, task=self.task, scores=scores, submit=True)
        assert evaluation.tasks[0].state == "OPEN"

    def test_scores_lie_on_the_scale(self, evaluation):
        with refused("0至100"):
            evaluation.score(self.task, 101)

    def test_nobody_scores_for_another_and_nobody_twice(self, evaluation):
        with refused():
            services.save_scores(actor=UserFactory(), task=self.task, scores={})
        evaluation.score(self.task, 80)
        with refused():
            evaluation.score(self.task, 90)

    def test_numbers_are_not_for_experts_to_score(self, evaluation):
        with refused():
            services.save_scores(
                actor=self.task.expert,
                task=self.task,
                scores={evaluation.leaf("授权专利数").pk: {"value": 1}},
            )

    def test_moderation_waits_for_all_scores(self, evaluation):
        with refused("还有6份"):
            services.start_moderation(actor=evaluation.commission, round_=evaluation.round)

    def test_an_object_that_everybody_declined_needs_another_expert(self, evaluation):
        first = evaluation.subjects[0]
        for task in evaluation.tasks:
            if task.subject_id == first.pk:
                services.decline_task(actor=task.expert, task=task, reason="时间冲突")
            else:
                evaluation.score(task, 80)
        with refused("尚无专家评分"):
            services.start_moderation(actor=evaluation.commission, round_=evaluation.round)

    def test_declining_needs_a_reason_and_is_for_oneself(self):
        with refused("说明原因"):
            services.decline_task(actor=self.task.expert, task=self.task, reason="")
        with refused():
            services.decline_task(actor=UserFactory(), task=self.task, reason="x")


class TestModeration:
    def moderate(self, evaluation, spread, value, reason="与证明材料不符，取两位专家一致意见"):
        return services.moderate_score(
            actor=evaluation.commission,
            subject=spread.subject,
            indicator=spread.indicator,
            value=value,
            reason=reason,
        )

    def test_results_wait_until_wide_spreads_are_moderated(self, evaluation):
        evaluation.to("MODERATION", marks=(40, 80, 90))
        wide = [spread for spread in spreads_of(evaluation.round) if spread.is_wide]
        assert [round(spread.width) for spread in wide] == [50] * 4
        with refused("还有4处"):
            services.announce_results(actor=evaluation.commission, round_=evaluation.round)
        with refused("填写理由"):
            self.moderate(evaluation, wide[0], 85, reason="")
        with refused("0至100"):
            self.moderate(evaluation, wide[0], 120)
        for spread in wide:
            self.moderate(evaluation, spread, 85 if spread is wide[0] else None)

        counted = [spread.counted for spread in spreads_of(evaluation.round)]
        assert counted == [85, 70, 70, 70]
        services.announce_results(actor=evaluation.commission, round_=evaluation.round)
        assert evaluation.reload().round.state == "CONFIRMATION"

    def test_the_limit_itself_is_not_wide(self, evaluation):
        evaluation.to("MODERATION", marks=(60, 75, 90))

        assert [spread.is_wide for spread in spreads_of(evaluation.round)] == [False] * 4

    def test_only_the_commission_moderates_and_only_then(self, evaluation):
        evaluation.to("MODERATION")
        spread = spreads_of(evaluation.round)[0]
        with refused():
            services.moderate_score(
                actor=evaluation.experts[0],
                subject=spread.subject,
                indicator=spread.indicator,
                value=None,
                reason="x",
            )
        services.announce_results(actor=evaluation.commission, round_=evaluation.round)
        with refused():
            self.moderate(evaluation, spread, None)


class TestConfirmation:
    @pytest.fixture(autouse=True)
    def round(self, evaluation):
        evaluation.to("CONFIRMATION")
        self.first, self.second = evaluation.subjects
        self.actor = evaluation.commission

    def test_nothing_is_decided_without_the_units(self, evaluation):
        services.confirm_result(actor=evaluation.office(self.first), subject=self.first)
        with refused("滨江力学研究所"):
            services.decide_round(actor=self.actor, round_=evaluation.round, decision="同意")

    def test_only_the_units_office_answers_and_only_once(self, evaluation):
        for actor in (evaluation.institutes[0].researcher, evaluation.office(self.second)):
            with refused():
                services.confirm_result(actor=actor, subject=self.first)
        services.confirm_result(actor=evaluation.office(self.first), subject=self.first)
        with refused():
            services.object_to_result(
                actor=evaluation.office(self.first), subject=self.first, objection="x"
            )

    def object(self, evaluation):
        return services.object_to_result(
            actor=evaluation.office(self.first), subject=self.first, objection="到账金额漏计30万元"
        )

    def answer(self, subject, reply, *, uphold=False):
        return services.answer_objection(
            actor=self.actor, subject=subject, uphold=uphold, reply=reply
        )

    def test_an_objection_is_dismissed_with_reasons(self, evaluation):
        with refused("异议内容"):
            services.object_to_result(
                actor=evaluation.office(self.first), subject=self.first, objection=" "
            )
        subject = self.object(evaluation)
        with refused("答复理由"):
            self.answer(subject, "")
        assert self.answer(subject, "该笔款项于次年到账。").answer == "DISMISSED"
        services.confirm_result(actor=evaluation.office(self.second), subject=self.second)
        services.decide_round(actor=self.actor, round_=evaluation.round, decision="同意")
        assert evaluation.reload().round.state == "DECIDED"

    def test_an_upheld_objection_goes_back_to_moderation_and_asks_again(self, evaluation):
        services.confirm_result(actor=evaluation.office(self.second), subject=self.second)
        self.answer(self.object(evaluation), "经核实应予更正。", uphold=True)
        with refused("不得审定"):
            services.decide_round(actor=self.actor, round_=evaluation.round, decision="同意")
        services.reopen_moderation(actor=self.actor, round_=evaluation.round, reason="更正到账金额")
        services.correct_value(
            actor=self.actor,
            subject=self.first,
            indicator=evaluation.leaf("当年到账金额"),
            value=300,
            reason="补充财务证明",
        )
        services.announce_results(actor=self.actor, round_=evaluation.round)

        first, second = evaluation.subjects
        assert [first.rank, second.rank] == [1, 2]
        assert [first.answer, second.answer] == ["PENDING", "PENDING"]

    def test_a_unit_whose_result_stays_is_not_asked_again(self, evaluation):
        services.confirm_result(actor=evaluation.office(self.first), subject=self.first)
        services.reopen_moderation(actor=self.actor, round_=evaluation.round, reason="核对")
        services.announce_results(actor=self.actor, round_=evaluation.round)

        assert [each.answer for each in evaluation.subjects] == ["CONFIRMED", "PENDING"]

    def test_silence_counts_as_confirmation_after_the_time_with_a_reason(self, evaluation):
        def deem(reason="逾期未答复，电话确认无异议"):
            return services.deem_confirmed(actor=self.actor, subject=self.first, reason=reason)

        with refused("确认期未满"):
            deem()
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            with refused("填写理由"):
                deem("")
            assert deem().answer == "DEEMED"

    def test_another_grade_stands_in_the_log_with_its_reason_and_asks_the_unit_anew(
        self, evaluation
    ):
        services.confirm_result(actor=evaluation.office(self.first), subject=self.first)
        before = self.first.grade
        with refused("填写理由"):
            services.override_grade(actor=self.actor, subject=self.first, grade="POOR", reason="")
        subject = services.override_grade(
            actor=self.actor, subject=self.first, grade="POOR", reason="当年有失信记录"
        )
        assert [subject.grade, subject.answer] == ["POOR", "PENDING"]
        event = AuditEvent.objects.get(action="evaluation.override_grade")
        assert event.payload == {"before": before, "after": "POOR", "reason": "当年有失信记录"}

    def test_a_decision_is_written(self, evaluation):
        for subject in evaluation.subjects:
            services.confirm_result(actor=evaluation.office(subject), subject=subject)
        with refused("审定意见"):
            services.decide_round(actor=self.actor, round_=evaluation.round, decision=" ")


class TestPublicityAndArchive:
    @pytest.fixture(autouse=True)
    def round(self, evaluation):
        with time_machine.travel("2026-09-28 10:00+08:00"):
            evaluation.publish()
        self.actor = evaluation.commission

    def test_publicity_lasts_seven_working_days(self, evaluation):
        """Over the national holiday of 2026: 1 to 7 October are free, the 10th is worked."""
        assert evaluation.round.publicity_until.isoformat() == "2026-10-13"

    def test_it_is_not_archived_before_publicity_is_over(self, evaluation):
        with time_machine.travel("2026-10-13 23:00+08:00"), refused("公示至2026-10-13"):
            services.archive_round(actor=self.actor, round_=evaluation.round)
        with time_machine.travel("2026-10-14 00:10+08:00"):
            services.archive_round(actor=self.actor, round_=evaluation.round)
        with refused():
            services.archive_round(actor=self.actor, round_=evaluation.round)

    def test_a_justified_objection_in_publicity_goes_back_to_moderation(self, evaluation):
        with refused("说明原因"):
            services.reopen_moderation(actor=self.actor, round_=evaluation.round, reason="")
        services.reopen_moderation(
            actor=self.actor, round_=evaluation.round, reason="公示期间收到实名异议"
        )
        round_ = evaluation.reload().round
        assert [round_.state, round_.publicity_until] == ["MODERATION", None]

    def test_a_changed_archive_is_found(self, evaluation):
        with time_machine.travel("2026-10-14 00:10+08:00"):
            archive = services.archive_round(actor=self.actor, round_=evaluation.round)
        assert list(broken_archives()) == []
        call_command("verify_audit")

        storage, name = archive.file.storage, archive.file.name
        with storage.open(name) as file:
            content = file.read()
        storage.delete(name)
        assert len(list(broken_archives())) == 1
        storage.save(name, ContentFile(content.replace(b'"rank": 2', b'"rank": 3')))
        assert len(list(broken_archives())) == 1
        with pytest.raises(CommandError, match="is not what was sealed"):
            call_command("verify_audit")

    def test_a_digest_changed_with_the_file_is_found_in_the_log(self, evaluation):
        with time_machine.travel("2026-10-14 00:10+08:00"):
            archive = services.archive_round(actor=self.actor, round_=evaluation.round)
        archive.file.storage.delete(archive.file.name)
        archive.file.storage.save(archive.file.name, ContentFile(b"{}"))
        Archive.objects.update(digest=hashlib.sha256(b"{}").hexdigest())

        assert len(list(broken_archives())) == 1


def test_a_round_is_called_off_with_a_reason_before_its_decision(evaluation):
    evaluation.to("SCORING")
    with refused("说明原因"):
        services.cancel_round(actor=evaluation.commission, round_=evaluation.round, reason="")
    services.cancel_round(
        actor=evaluation.commission, round_=evaluation.round, reason="方案需重新论证"
    )
    assert evaluation.reload().round.state == "CANCELLED"


def test_a_decided_round_is_not_called_off(evaluation):
    evaluation.decide()
    with refused("不能直接进入"):
        services.cancel_round(actor=evaluation.commission, round_=evaluation.round, reason="x")


@pytest.mark.parametrize(
    "step",
    [
        services.start_reports,
        services.start_check,
        services.start_scoring,
        services.start_moderation,
        services.announce_results,
        services.start_publicity,
        services.archive_round,
    ],
)
def test_every_step_belongs_to_the_commission_and_to_its_state(evaluation, step):
    with refused():
        step(actor=evaluation.institutes[0].owner, round_=evaluation.round)
    Round.objects.update(state="CANCELLED")
    with refused():
        step(actor=evaluation.commission, round_=evaluation.round)

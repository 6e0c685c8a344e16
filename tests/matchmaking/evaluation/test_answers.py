"""Scores, spreads, answers of the units, publicity and the sealed archive."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from matchmaking.evaluation import services
from matchmaking.evaluation.models import Archive, Score
from matchmaking.evaluation.queries import broken_archives, spreads_of
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def refused(match=None):
    return pytest.raises(services.UnableToEvaluate, match=match)


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
            indicator=evaluation.leaf("台账外到账金额"),
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

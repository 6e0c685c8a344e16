"""An evaluation round with its people, led from step to step through the ordinary services."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from matchmaking.evaluation import services
from matchmaking.evaluation.enums import SchemeState
from matchmaking.evaluation.models import Assignment, PoolMember, Round, Scheme, Subject
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant, User
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute

STEPS = ("CALL", "SELF_REPORT", "FORMAL_CHECK", "SCORING", "MODERATION", "CONFIRMATION")


def address(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def make_commission():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.COMMISSION)
    return User.objects.get(pk=user.pk)


def make_scheme(actor, *, ready_made="institute-conversion", **changes):
    """A published ready-made scheme; the one in force where there is one."""
    known = Scheme.objects.filter(code=ready_made, state=SchemeState.PUBLISHED).first()
    if known:
        return known
    scheme = services.create_scheme(actor=actor, ready_made=ready_made)
    for name, value in changes.items():
        setattr(scheme, name, value)
    services.edit_scheme(actor=actor, scheme=scheme)
    return services.publish_scheme(actor=actor, scheme=scheme)


class Evaluation:
    """Two institutes and five free experts in a round of three experts an object."""

    def __init__(self, *, institutes=("湖畔材料研究院", "滨江力学研究所"), experts=5, **scheme):
        self.commission = make_commission()
        self.institutes = [Institute(name) for name in institutes]
        self.experts = [UserFactory() for _each in range(experts)]
        self.scheme = make_scheme(self.commission, **scheme)
        today = timezone.localdate()
        self.round = services.open_round(
            actor=self.commission,
            round_=Round(
                scheme=self.scheme,
                title="2025年度转化绩效评估",
                year=2025,
                report_until=today + timedelta(days=10),
                score_until=today + timedelta(days=20),
                answer_until=today + timedelta(days=30),
            ),
        )

    def reload(self):
        self.round = Round.objects.select_related("scheme").get(pk=self.round.pk)
        return self

    @property
    def subjects(self):
        found = Subject.objects.filter(round=self.round)
        return list(found.select_related("round__scheme").order_by("number"))

    @property
    def tasks(self):
        return list(
            Assignment.objects.filter(subject__round=self.round)
            .select_related("subject__round__scheme", "expert")
            .order_by("pk")
        )

    def leaf(self, name):
        scheme = Scheme.objects.get(pk=self.scheme.pk)
        return next(leaf for leaf in scheme.leaves if leaf.name == name)

    def office(self, subject):
        return next(
            each.owner
            for each in self.institutes
            if each.organization.pk == subject.organization_id
        )

    def to(self, state, **options):
        """Lead the round on to ``state``; every step by the usual way."""
        while self.reload().round.state != state:
            step = STEPS.index(self.round.state)
            getattr(self, f"_leave_{STEPS[step].lower()}")(**options)
        return self

    def enter(self):
        ids = [each.organization.pk for each in self.institutes]
        services.enter_subjects(actor=self.commission, round_=self.round, object_ids=ids)
        services.add_to_pool(actor=self.commission, round_=self.round, experts=self.experts)

    def _leave_call(self, **options):
        if not self.subjects:
            self.enter()
        services.start_reports(actor=self.commission, round_=self.round)

    def _leave_self_report(self, **options):
        for number, subject in enumerate(self.subjects, start=1):
            self.report(subject, income=100 * number)
        services.start_check(actor=self.commission, round_=self.round)

    def report(self, subject, *, income):
        answers = {
            self.leaf("台账外到账金额").pk: {"value": income, "statement": "财务决算表"},
            self.leaf("制度与机构").pk: {"statement": "设成果转化办公室，专职4人。"},
        }
        office = self.office(subject)
        services.save_report(actor=office, subject=subject, answers=answers)
        services.submit_report(actor=office, subject=subject)

    def _leave_formal_check(self, **options):
        for subject in self.subjects:
            services.check_subject(actor=self.commission, subject=subject, outcome="ACCEPTED")
        if not self.round.seed:
            services.draw_experts(actor=self.commission, round_=self.round, seed="2026-07-01")
        services.start_scoring(actor=self.commission, round_=self.round)

    def _leave_scoring(self, marks=(80, 84, 88), **options):
        for number, task in enumerate(self.tasks):
            self.score(task, marks[number % len(marks)])
        services.start_moderation(actor=self.commission, round_=self.round)

    def score(self, task, mark, *, submit=True):
        scores = {
            leaf.pk: {"value": mark, "comment": "依据充分"}
            for leaf in task.subject.round.scheme.scored_leaves
        }
        services.save_scores(
            actor=task.expert, task=task, scores=scores, opinion="总体良好", submit=submit
        )

    def _leave_moderation(self, **options):
        services.announce_results(actor=self.commission, round_=self.round)

    def decide(self):
        self.to("CONFIRMATION")
        for subject in self.subjects:
            services.confirm_result(actor=self.office(subject), subject=subject)
        services.decide_round(actor=self.commission, round_=self.round, decision="同意评估结果。")
        return self.reload()

    def publish(self):
        self.decide()
        services.start_publicity(actor=self.commission, round_=self.round)
        return self.reload()

    def member(self, expert):
        return PoolMember.objects.select_related("round").get(round=self.round, expert=expert)


def evaluation_ids(institute):
    """Ids by address: a round that ``institute`` reports in, and the draft of the next scheme."""
    actor, today = make_commission(), timezone.localdate()
    scheme = make_scheme(actor)
    dates = {f"{name}_until": today for name in ("report", "score", "answer")}
    round_ = Round(scheme=scheme, title="x", year=2025, **dates)
    services.open_round(actor=actor, round_=round_)
    services.enter_subjects(actor=actor, round_=round_, object_ids=[institute.organization.pk])
    services.start_reports(actor=actor, round_=round_)
    subject = Subject.objects.get(round=round_)
    draft = services.start_successor(actor=actor, scheme=scheme)
    drafted = ("edit-scheme", "compare", "add-indicator", "scheme-action")
    return {
        "evaluation": round_.pk,
        "evaluation:scheme": scheme.pk,
        **{f"evaluation:{name}": draft.pk for name in drafted},
        **{f"evaluation:{name}": subject.pk for name in ("subject", "report", "subject-action")},
        **{f"evaluation:{name}": 1 for name in ("score", "interests", "evidence")},
    }

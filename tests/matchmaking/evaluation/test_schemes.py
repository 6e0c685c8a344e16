"""Schemes: ready-made drafts, what keeps one unpublished, and that a published one stays."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from matchmaking.evaluation import services
from matchmaking.evaluation.models import Indicator, Scheme
from matchmaking.evaluation.ready_made import READY_MADE
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.evaluation import make_commission, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_commission()


@pytest.fixture
def draft(actor):
    return services.create_scheme(actor=actor, ready_made="transfer-office")


@pytest.mark.parametrize("code", sorted(READY_MADE))
def test_each_ready_made_scheme_can_be_published_as_it_is(actor, code):
    scheme = services.create_scheme(actor=actor, ready_made=code)

    assert services.faults_of(scheme) == []
    assert services.publish_scheme(actor=actor, scheme=scheme).state == "PUBLISHED"
    events = AuditEvent.objects.filter(action__startswith="evaluation.").order_by("pk")
    assert [event.action for event in events] == [
        "evaluation.create_scheme",
        "evaluation.publish_scheme",
    ]


def test_transfer_offices_weigh_ten_thirty_thirty_twenty_ten(draft):
    assert [int(group.total) for group in draft.groups] == [10, 30, 30, 20, 10]


def test_achievements_have_the_five_values_of_the_standard(actor):
    scheme = services.create_scheme(actor=actor, ready_made="achievement-value")

    assert [group.name for group in scheme.groups] == [
        "科学价值",
        "技术价值",
        "经济价值",
        "社会和文化价值",
        "转化推广潜力",
    ]


def test_a_ready_made_scheme_begins_once(actor, draft):
    with pytest.raises(services.UnableToEvaluate, match="已存在"):
        services.create_scheme(actor=actor, ready_made="transfer-office")


def test_weights_that_do_not_sum_to_a_hundred_are_not_published(actor, draft):
    leaf = draft.leaves[0]
    leaf.weight = Decimal(7)
    services.edit_scheme(actor=actor, scheme=draft, leaves=[leaf])

    with pytest.raises(services.UnableToEvaluate, match="合计101分"):
        services.publish_scheme(actor=actor, scheme=draft)


def test_a_group_without_indicators_and_a_scheme_without_groups_are_faults(actor, draft):
    services.add_indicator(actor=actor, scheme=draft, indicator=Indicator(name="创新"))
    assert services.faults_of(Scheme.objects.get())[0] == "“创新”下还没有二级指标。"

    for group in Scheme.objects.get().groups:
        services.remove_indicator(actor=actor, indicator=group)
    assert services.faults_of(Scheme.objects.get()) == ["请至少添加一个一级指标。"]


def test_a_number_must_be_registered_for_the_type_of_object(actor, draft):
    leaf = next(leaf for leaf in draft.leaves if leaf.kind == "NUMBER")
    leaf.query = "achievement_patents"
    services.edit_scheme(actor=actor, scheme=draft, leaves=[leaf])

    assert services.faults_of(Scheme.objects.get()) == [f"“{leaf.name}”须选择台账数据项。"]


def test_an_indicator_joins_the_end_of_its_group(actor, draft):
    group = draft.groups[0]
    leaf = Indicator(parent=group, name="场地", kind="EVIDENCE", unit="平方米")
    services.add_indicator(actor=actor, scheme=draft, indicator=leaf)

    assert [each.name for each in Scheme.objects.get().groups[0].leaves][-1] == "场地"


def test_an_indicator_cannot_join_the_group_of_another_scheme(actor, draft):
    other = services.create_scheme(actor=actor, ready_made="institute-conversion")
    with pytest.raises(services.UnableToEvaluate):
        services.add_indicator(
            actor=actor,
            scheme=draft,
            indicator=Indicator(parent=other.groups[0], name="x", kind="EVIDENCE"),
        )
    with pytest.raises(services.UnableToEvaluate):
        services.edit_scheme(actor=actor, scheme=draft, leaves=[other.leaves[0]])


CONSISTENT = [1 / 2, 4, 3, 3, 7, 5, 5, 1 / 2, 1 / 3, 1]


def test_comparisons_give_the_weights_of_the_worked_example(actor, draft):
    hierarchy = services.compare_groups(actor=actor, scheme=draft, above=CONSISTENT)

    scheme = Scheme.objects.get()
    assert round(hierarchy.ratio, 4) == 0.0161
    assert [round(float(group.total), 2) for group in scheme.groups] == [
        26.36, 47.58, 5.38, 9.81, 10.87,
    ]  # fmt: skip
    assert sum(leaf.weight for leaf in scheme.leaves) == 100
    assert services.publish_scheme(actor=actor, scheme=scheme).weighting == "AHP"


def test_comparisons_that_contradict_each_other_are_kept_but_not_published(actor, draft):
    services.compare_groups(
        actor=actor, scheme=draft, above=[9, 1 / 9, 5, 1 / 5, 7, 1 / 7, 9, 3, 1 / 3, 8]
    )

    scheme = Scheme.objects.get()
    assert services.hierarchy_of(scheme).advice is not None
    with pytest.raises(services.UnableToEvaluate, match="判断矩阵不一致"):
        services.publish_scheme(actor=actor, scheme=scheme)


@pytest.mark.parametrize("above", [[], [1] * 9, [0] * 10, [-1] * 10])
def test_comparisons_that_are_none_are_refused(actor, draft, above):
    with pytest.raises(services.UnableToEvaluate, match="两两比较"):
        services.compare_groups(actor=actor, scheme=draft, above=above)


def test_a_new_group_makes_comparisons_begin_anew(actor, draft):
    services.compare_groups(actor=actor, scheme=draft, above=CONSISTENT)
    services.add_indicator(actor=actor, scheme=draft, indicator=Indicator(name="创新"))

    assert Scheme.objects.get().comparisons == []
    assert "请完成各一级指标的两两比较。" in services.faults_of(Scheme.objects.get())


def test_a_published_scheme_has_a_successor_that_supersedes_it(actor):
    first = make_scheme(actor)

    second = services.start_successor(actor=actor, scheme=first)
    assert [second.version, second.state, len(second.leaves)] == [2, "DRAFT", len(first.leaves)]
    with pytest.raises(services.UnableToEvaluate, match="已在起草"):
        services.start_successor(actor=actor, scheme=first)

    services.publish_scheme(actor=actor, scheme=second)
    states = Scheme.objects.order_by("version").values_list("state", flat=True)
    assert list(states) == ["SUPERSEDED", "PUBLISHED"]


def test_a_draft_can_be_thrown_away_and_a_published_scheme_cannot(actor, draft):
    services.delete_scheme(actor=actor, scheme=draft)
    assert Scheme.objects.count() == 0

    with pytest.raises(services.UnableToEvaluate):
        services.delete_scheme(actor=actor, scheme=make_scheme(actor))


def test_services_change_no_published_scheme(actor):
    scheme = make_scheme(actor)
    leaf = scheme.leaves[0]
    for attempt in (
        lambda: services.edit_scheme(actor=actor, scheme=scheme, leaves=[leaf]),
        lambda: services.add_indicator(
            actor=actor, scheme=scheme, indicator=Indicator(name="创新")
        ),
        lambda: services.remove_indicator(actor=actor, indicator=leaf),
        lambda: services.compare_groups(actor=actor, scheme=scheme, above=[1] * 6),
        lambda: services.publish_scheme(actor=actor, scheme=scheme),
    ):
        with pytest.raises(services.UnableToEvaluate):
            attempt()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda scheme: Scheme.objects.filter(pk=scheme.pk).update(title="另一个"),
        lambda scheme: Scheme.objects.filter(pk=scheme.pk).update(state="DRAFT"),
        lambda scheme: Scheme.objects.filter(pk=scheme.pk).update(spread_limit=99),
        lambda scheme: Indicator.objects.filter(scheme=scheme).update(weight=1),
        lambda scheme: (
            Indicator.objects.filter(scheme=scheme, parent=None)[0].children.all()[0].delete()
        ),
        lambda scheme: Indicator.objects.create(scheme=scheme, name="加塞"),
        lambda scheme: scheme.delete(),
    ],
)
def test_the_database_refuses_changes_of_a_published_scheme(actor, attempt):
    scheme = make_scheme(actor)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        attempt(scheme)


def test_only_the_commission_drafts_schemes(draft):
    stranger = UserFactory()
    for attempt in (
        lambda: services.create_scheme(actor=stranger, ready_made="achievement-value"),
        lambda: services.publish_scheme(actor=stranger, scheme=draft),
        lambda: services.edit_scheme(actor=stranger, scheme=draft),
        lambda: services.delete_scheme(actor=stranger, scheme=draft),
    ):
        with pytest.raises(services.UnableToEvaluate):
            attempt()

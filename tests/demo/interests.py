"""The demo city's interests: every state and reason, dated so that nothing contradicts itself."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from matchmaking.interests.enums import DeclineReason, InterestState, Mandate
from matchmaking.interests.models import Interest, InterestMessage, Introduction
from matchmaking.interests.queries import noes_of, response_figures, to_answer
from matchmaking.interests.services import sweep_interests
from portal.accounts.models import Organization, User
from portal.notifications.models import Notification


def values(name):
    return set(Interest.objects.order_by().values_list(name, flat=True))


def check_interests():
    check_every_kind()
    check_the_people_behind_the_sign_ins()
    check_that_the_clock_finds_nothing_left_over()


def check_every_kind():
    assert Interest.objects.count() >= 40
    assert values("state") == set(InterestState.values)
    assert values("decline_reason") == {*DeclineReason.values, ""}
    assert set(Introduction.objects.values_list("mandate", flat=True)) >= {
        Mandate.SENDER,
        Mandate.BOTH,
        Mandate.PLATFORM,
    }
    late = Q(answered_at__date__gt=F("due_on"))
    assert Interest.objects.filter(late).count() >= 4
    assert not Interest.objects.filter(late, broker=None).exists()
    assert not Interest.objects.filter(first_reply_at__gt=F("answered_at")).exists()
    assert not Interest.objects.filter(ended_at__gt=timezone.now()).exists()
    assert not Interest.objects.filter(need__published_at__gt=F("sent_at")).exists()
    outside = Q(sent_at__lt=F("interest__sent_at")) | Q(sent_at__gt=timezone.now())
    outside |= Q(sent_at__gt=F("interest__ended_at") + timedelta(minutes=1))
    assert not InterestMessage.objects.filter(outside).exists()


def check_the_people_behind_the_sign_ins():
    institute = Organization.objects.get(name="杭州澜织纺织技术研究院")
    office, enterprise = (
        User.objects.get(email=f"{name}@demo.example") for name in ("office", "enterprise")
    )
    assert to_answer(office).count() == 2
    assert {each.state for each in enterprise.sent_interests.all()} >= {"SENT", "ANSWERED"}
    assert response_figures(institute).share is not None
    noes = noes_of(page_id=Interest.objects.filter(decline_comment__contains="吨布")[0].page_id)
    assert [(each.code, each.count) for each in noes.by_others] == [("UNCLEAR", 3), ("PRICE", 1)]


def check_that_the_clock_finds_nothing_left_over():
    sweep_interests()

    assert not Notification.objects.filter(kind="interest-late").exists()

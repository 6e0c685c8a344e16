from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone

from portal.accounts import services
from portal.accounts.enums import (
    ConsentPurpose,
    MembershipRole,
    MembershipState,
    PaperKind,
    PortalRole,
    VerificationLevel,
)
from portal.accounts.models import ConsentText, Invitation, Membership, Organization, RoleGrant
from portal.accounts.queries import current_texts, has_consent
from portal.audit.models import AuditEvent
from portal.audit.queries import find_first_break
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    make_credit_code,
)

pytestmark = pytest.mark.django_db
Refused = services.UnableToChangeOrganization


@pytest.fixture
def owner():
    return MembershipFactory(role=MembershipRole.OWNER)


def _register(actor, code):
    district = OrganizationFactory().district
    organization = Organization(
        name="新公司", kind="ENTERPRISE", credit_code=code, district=district
    )
    return services.create_organization(actor=actor, organization=organization)


def test_the_founder_is_the_owner():
    user = UserFactory()
    organization = _register(user, f" {make_credit_code(9001).lower()} ")
    assert organization.credit_code == make_credit_code(9001)
    assert [m.role for m in user.active_memberships] == [MembershipRole.OWNER]


def test_a_second_record_of_one_code_is_refused_with_the_way_out(owner):
    with pytest.raises(Refused, match=owner.organization.name):
        _register(UserFactory(), owner.organization.credit_code)


def _rename(owner, **fields):
    organization = Organization.objects.get(pk=owner.organization_id)
    for name, value in fields.items():
        setattr(organization, name, value)
    services.edit_organization(actor=owner.user, organization=organization, industries=[])
    return Organization.objects.get(pk=organization.pk)


@pytest.fixture
def verified(owner, reviewer):
    Organization.objects.filter(pk=owner.organization_id).update(
        verification_level=VerificationLevel.LICENCE,
        verified_by=reviewer,
        verified_at=timezone.now(),
    )
    return owner


@pytest.mark.parametrize(
    "change",
    [
        {"name": "另一家有限公司"},
        {"name_en": "Another Ltd"},
        {"kind": "INSTITUTE"},
        {"credit_code": make_credit_code(8765)},
    ],
)
def test_another_identity_is_verified_anew(verified, change):
    changed = _rename(verified, **change)
    assert changed.verification_level == VerificationLevel.FORMAT
    assert (changed.verified_by, changed.verified_at) == (None, None)
    assert [note.kind for note in verified.user.notifications.all()] == ["verification-restarted"]
    event = AuditEvent.objects.get(action="accounts.edit_organization")
    assert (event.payload["identity"], event.payload["level"]) == (list(change), 0)


def test_another_description_keeps_the_level(verified):
    changed = _rename(verified, introduction="新的简介", website="https://example.com")
    assert changed.verification_level == VerificationLevel.LICENCE


def test_a_stale_form_does_not_give_the_level_back(verified):
    stale = Organization.objects.get(pk=verified.organization_id)
    _rename(verified, name="另一家有限公司")
    stale.name = "另一家有限公司"
    services.edit_organization(actor=verified.user, organization=stale, industries=[])
    stale.refresh_from_db()
    assert stale.verification_level == VerificationLevel.FORMAT


def test_a_paper_for_the_old_name_gives_no_level_to_the_new_one(paper, reviewer, owner):
    _rename(owner, name="另一家有限公司")
    with pytest.raises(Refused):
        services.check_paper(actor=reviewer, paper=paper, accept=True)
    owner.organization.refresh_from_db()
    assert owner.organization.verification_level == VerificationLevel.FORMAT


def test_a_code_of_somebody_else_is_not_taken_by_a_change(owner):
    other = OrganizationFactory()
    with pytest.raises(Refused, match=other.name):
        _rename(owner, credit_code=other.credit_code)


def test_a_request_is_accepted_by_an_owner(owner):
    asker = UserFactory()
    request = services.request_membership(
        actor=asker, organization=owner.organization, message="你好"
    )
    services.decide_membership(actor=owner.user, membership=request, accept=True)
    request.refresh_from_db()
    assert request.state == MembershipState.ACTIVE
    assert owner.user.notifications.count() == asker.notifications.count() == 1


def test_the_asker_cannot_accept_the_own_request(owner):
    asker = UserFactory()
    request = services.request_membership(actor=asker, organization=owner.organization, message="")
    with pytest.raises(Refused):
        services.decide_membership(actor=asker, membership=request, accept=True)


def test_nobody_asks_twice(owner):
    asker = UserFactory()
    services.request_membership(actor=asker, organization=owner.organization, message="")
    with pytest.raises(Refused):
        services.request_membership(actor=asker, organization=owner.organization, message="")


def test_a_request_is_taken_back_and_made_again(owner):
    asker = UserFactory()
    services.request_membership(actor=asker, organization=owner.organization, message="")
    services.take_back_request(actor=asker, organization=owner.organization)
    request = Membership.objects.get(user=asker)
    assert request.state == MembershipState.LEFT
    with pytest.raises(Refused):
        services.take_back_request(actor=asker, organization=owner.organization)
    services.request_membership(actor=asker, organization=owner.organization, message="")
    request.refresh_from_db()
    assert request.state == MembershipState.REQUESTED


def test_a_member_cannot_take_a_membership_back_as_a_request(owner):
    with pytest.raises(Refused):
        services.take_back_request(actor=owner.user, organization=owner.organization)


@pytest.fixture
def invite(owner, monkeypatch):
    def send(email):
        monkeypatch.setattr("secrets.token_urlsafe", lambda size: "known-token")
        return services.invite_member(
            actor=owner.user, organization=owner.organization, email=email, role="EDITOR"
        )

    return send


def test_the_invited_person_joins_with_the_role(invite):
    user = UserFactory()
    invite(user.email)
    assert services.accept_invitation(actor=user, token="known-token").role == "EDITOR"


def test_the_second_acceptance_is_refused(invite):
    user = UserFactory()
    invite(user.email)
    services.accept_invitation(actor=user, token="known-token")
    with pytest.raises(Refused):
        services.accept_invitation(actor=user, token="known-token")
    assert Membership.objects.filter(user=user).count() == 1


def test_somebody_else_cannot_accept(invite):
    invite("invited@example.com")
    with pytest.raises(Refused):
        services.accept_invitation(actor=UserFactory(), token="known-token")


def test_an_expired_invitation_is_refused(invite):
    user = UserFactory()
    invite(user.email)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        services.accept_invitation(actor=user, token="known-token")


def test_a_revoked_invitation_is_refused(invite, owner):
    user = UserFactory()
    services.revoke_invitation(actor=owner.user, invitation=invite(user.email))
    with pytest.raises(Refused):
        services.accept_invitation(actor=user, token="known-token")


def test_a_declined_invitation_is_closed_and_the_sender_told(invite, owner):
    user = UserFactory()
    invitation = invite(user.email)
    with pytest.raises(Refused):
        services.decline_invitation(actor=UserFactory(), invitation=invitation)
    services.decline_invitation(actor=user, invitation=invitation)
    assert [note.kind for note in owner.user.notifications.all()] == ["invitation-declined"]
    with pytest.raises(Refused):
        services.accept_invitation(actor=user, token="known-token")
    assert not Membership.objects.filter(user=user).exists()


def test_a_member_cannot_invite(owner):
    member = MembershipFactory(organization=owner.organization)
    with pytest.raises(Refused):
        services.invite_member(
            actor=member.user, organization=owner.organization, email="a@b.cn", role="OWNER"
        )


def test_the_last_owner_cannot_leave(owner):
    with pytest.raises(Refused):
        services.leave_organization(actor=owner.user, membership=owner)


def test_the_last_owner_cannot_be_demoted(owner):
    with pytest.raises(Refused):
        services.change_role(actor=owner.user, membership=owner, role=MembershipRole.MEMBER)


def test_an_owner_leaves_when_another_stays(owner):
    MembershipFactory(organization=owner.organization, role=MembershipRole.OWNER)
    services.leave_organization(actor=owner.user, membership=owner)
    owner.refresh_from_db()
    assert owner.state == MembershipState.LEFT


@pytest.fixture
def reviewer():
    user = UserFactory()
    services.grant_role(actor=None, user=user, role=PortalRole.REVIEWER)
    return user


@pytest.fixture
def paper(owner):
    return services.submit_paper(
        actor=owner.user,
        organization=owner.organization,
        kind=PaperKind.BUSINESS_LICENCE,
        file=ContentFile(b"%PDF-1.7", name="licence.pdf"),
    )


def test_an_accepted_licence_raises_the_level(paper, reviewer, owner):
    services.check_paper(actor=reviewer, paper=paper, accept=True)
    owner.organization.refresh_from_db()
    assert owner.organization.verification_level == VerificationLevel.LICENCE
    assert owner.organization.verified_by == reviewer


def test_a_refusal_needs_a_reason(paper, reviewer):
    with pytest.raises(Refused):
        services.check_paper(actor=reviewer, paper=paper, accept=False, note=" ")


def test_a_paper_is_checked_once(paper, reviewer):
    services.check_paper(actor=reviewer, paper=paper, accept=False, note="看不清")
    with pytest.raises(Refused):
        services.check_paper(actor=reviewer, paper=paper, accept=True)


def test_nobody_checks_the_own_organization(paper, owner):
    services.grant_role(actor=None, user=owner.user, role=PortalRole.REVIEWER)
    with pytest.raises(Refused):
        services.check_paper(actor=owner.user, paper=paper, accept=True)


def test_only_operators_grant_roles(reviewer):
    with pytest.raises(Refused):
        services.grant_role(actor=reviewer, user=UserFactory(), role=PortalRole.BROKER)


def test_an_operator_cannot_serve_themselves():
    operator = UserFactory()
    services.grant_role(actor=None, user=operator, role=PortalRole.OPERATOR)
    with pytest.raises(Refused):
        services.grant_role(actor=operator, user=operator, role=PortalRole.FINANCE)


def test_a_role_is_taken_back(reviewer):
    services.revoke_role(actor=None, user=reviewer, role=PortalRole.REVIEWER)
    assert not RoleGrant.objects.exists()
    assert not reviewer.has_role(PortalRole.REVIEWER)


def test_consent_is_given_and_withdrawn_and_stays_in_the_ledger():
    user = UserFactory()
    text = ConsentText.objects.get(purpose=ConsentPurpose.SHOW_NAME)
    services.give_consent(actor=user, text=text)
    assert has_consent(user, ConsentPurpose.SHOW_NAME)
    services.withdraw_consent(actor=user, purpose=ConsentPurpose.SHOW_NAME)
    assert not has_consent(user, ConsentPurpose.SHOW_NAME)
    assert user.consents.count() == 1


def test_every_purpose_has_a_text():
    assert [text.purpose for text in current_texts()] == ConsentPurpose.values


def test_changes_stand_in_an_unbroken_log(paper, reviewer):
    services.check_paper(actor=reviewer, paper=paper, accept=True)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["accounts.submit_paper", "accounts.grant_role", "accounts.check_paper"]
    assert find_first_break() is None


def test_an_invitation_demotes_no_owner(owner, monkeypatch):
    """The last owner, who invites the own address as a member, stays the owner."""
    invitation = services.invite_member(
        actor=owner.user, organization=owner.organization, email=owner.user.email, role="MEMBER"
    )

    with pytest.raises(Refused):
        services.accept_own_invitation(actor=owner.user, invitation=invitation)

    owner.refresh_from_db()
    assert owner.role == MembershipRole.OWNER


@pytest.mark.parametrize("state", [MembershipState.REQUESTED, MembershipState.LEFT])
def test_who_is_no_member_gets_no_role(owner, state):
    other = MembershipFactory(organization=owner.organization, state=state)

    with pytest.raises(Refused):
        services.change_role(actor=owner.user, membership=other, role=MembershipRole.OWNER)


def test_a_name_of_two_lines_adds_no_header_to_the_mail(owner, django_capture_on_commit_callbacks):
    owner.organization.name = "某公司\r\nBcc: evil@example.com"

    with django_capture_on_commit_callbacks(execute=True):
        services.invite_member(
            actor=owner.user, organization=owner.organization, email="a@example.com", role="MEMBER"
        )

    [message] = mail.outbox
    assert (message.to, message.bcc, "\n" in message.subject) == (["a@example.com"], [], False)

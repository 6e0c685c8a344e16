"""The confidentiality agreement: proposed, signed with a second step or on paper, ended."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.disclosure.enums import AgreementState
from portal.disclosure.models import ConfidentialityAgreement
from portal.disclosure.pdf import agreement_pdf
from portal.disclosure.services import (
    UnableToDisclose,
    accept_copy,
    confirm_agreement,
    decline_agreement,
    end_agreement,
    upload_copy,
)
from portal.disclosure.template import CHINESE, ENGLISH, digest_of
from portal.notifications.models import Notification
from tests.factories.disclosure import in_days, overseer, propose, sign, signed
from tests.factories.interests import Town
from tests.factories.listings import Institute
from tests.factories.second_step import SECRET, code_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def town(monkeypatch, tmp_path):
    cache.clear()
    field = ConfidentialityAgreement._meta.get_field("signed_copy")
    monkeypatch.setattr(field, "storage", FileSystemStorage(tmp_path))
    return Town()


@pytest.fixture
def agreement(town):
    return propose(town.page, town.company, town.institute)


def scan(content=b"%PDF-1.7 signed"):
    return SimpleUploadedFile("signed.pdf", content, "application/pdf")


def fresh(agreement):
    return ConfidentialityAgreement.objects.get(pk=agreement.pk)


# Proposing ----------------------------------------------------------------------------------------


def test_the_text_names_parties_listing_purpose_and_term(town, agreement):
    for text in (agreement.text, agreement.text_en):
        for part in (agreement.code, town.page.code, agreement.purpose, str(agreement.ends_on)):
            assert part in text
    assert f"甲方：{town.company.organization.name}" in agreement.text
    assert f"乙方：{town.institute.organization.name}" in agreement.text
    assert "{" not in agreement.text + agreement.text_en
    assert agreement.code.startswith("BM-")
    assert agreement.digest == digest_of(agreement.text, agreement.text_en)


def test_every_clause_stands_in_both_languages():
    assert len(CHINESE) == len(ENGLISH)


def test_a_purpose_with_braces_and_lines_stays_one_line(town):
    agreement = propose(town.page, town.company, town.institute, purpose="评估 {code}\n第二行")

    assert "评估 {code} 第二行" in agreement.text
    assert len(agreement.text.splitlines()) == len(CHINESE)


def test_only_an_officer_proposes_and_only_about_what_is_of_one_of_them(town):
    other = Institute("滨江力学研究所")
    refused = [
        {"actor": town.company.colleague},
        {"actor": town.institute.owner},
        {"counterparty": town.company.organization},
        {"listings": []},
        {"listings": [other.published(title="别家成果")]},
        {"purpose": " "},
        {"starts_on": in_days(-1)},
        {"starts_on": in_days(9), "ends_on": in_days(8)},
        {"ends_on": in_days(5 * 365 + 9)},
    ]
    for change in refused:
        with pytest.raises(UnableToDisclose):
            propose(town.page, town.company, town.institute, **change)
    assert not ConfidentialityAgreement.objects.exists()


def test_a_proposal_is_made_in_the_talks_and_covers_their_listings(client, town):
    interest = town.in_talks()
    client.force_login(town.company.owner)
    act = reverse("interests:act", args=[interest.code, "propose-agreement"])
    data = {"purpose": "评估许可", "starts_on": in_days(0), "ends_on": in_days(99)}
    assert client.post(act, {**data, "ends_on": in_days(-1)}).context["form"].errors
    client.post(act, data)

    made = ConfidentialityAgreement.objects.get()
    assert [each.listing for each in made.listings.all()] == [town.page.code]
    assert (made.proposer, made.counterparty) == (
        town.company.organization,
        town.institute.organization,
    )
    assert made.get_absolute_url() in client.get(interest.get_absolute_url()).content.decode()
    client.force_login(town.company.colleague)
    assert client.get(act).status_code == 404


# Signing with the second step ---------------------------------------------------------------------


def test_both_sides_confirm_the_digest_with_a_code(town, agreement):
    half = sign(agreement, town.institute.owner)
    assert (half.state, half.signed_at) == (AgreementState.PROPOSED, None)
    assert not half.is_in_force

    whole = sign(half, town.company.owner)

    assert (whole.state, whole.is_in_force) == (AgreementState.SIGNED, True)
    events = AuditEvent.objects.filter(action="disclosure.confirm_agreement")
    assert [event.payload["digest"] for event in events] == [agreement.digest] * 2
    kinds = Notification.objects.filter(user=town.institute.editor).values_list("kind", flat=True)
    assert list(kinds) == ["agreement"] * 3


def test_a_side_confirms_once_and_never_for_the_other(town, agreement):
    sign(agreement, town.institute.owner)
    cache.clear()
    TOTP.activate(town.institute.editor, SECRET)

    with pytest.raises(UnableToDisclose):
        sign(agreement, town.institute.editor)


def test_members_and_strangers_confirm_nothing(town, agreement):
    for stranger in (town.company.colleague, Institute("滨江力学研究所").owner, overseer()):
        with pytest.raises(UnableToDisclose):
            sign(agreement, stranger)


def test_without_a_second_step_nobody_signs(town, agreement):
    with pytest.raises(UnableToDisclose, match="两步验证"):
        confirm_agreement(
            actor=town.company.owner, agreement=agreement, digest=agreement.digest, code="123456"
        )


@pytest.mark.parametrize("code", ["000000", "", "abc"])
def test_a_wrong_code_signs_nothing(town, agreement, code):
    TOTP.activate(town.company.owner, SECRET)
    with time_machine.travel("2026-12-01 03:00Z", tick=False):
        if code == code_of():
            code = "111111"
        with pytest.raises(UnableToDisclose):
            confirm_agreement(
                actor=town.company.owner, agreement=agreement, digest=agreement.digest, code=code
            )
    assert fresh(agreement).proposer_confirmed_at is None


def test_a_code_signs_once(town, agreement):
    second = propose(town.page, town.company, town.institute)
    with time_machine.travel(timezone.now(), tick=False):
        sign(agreement, town.company.owner)
        with pytest.raises(UnableToDisclose, match="用过"):
            sign(second, town.company.owner)


def test_an_old_code_signs_nothing(town, agreement):
    TOTP.activate(town.company.owner, SECRET)
    code = code_of()
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=5)),
        pytest.raises(UnableToDisclose),
    ):
        confirm_agreement(
            actor=town.company.owner, agreement=agreement, digest=agreement.digest, code=code
        )


def test_the_digest_of_another_text_signs_nothing(town, agreement):
    TOTP.activate(town.company.owner, SECRET)
    with pytest.raises(UnableToDisclose, match="摘要"):
        confirm_agreement(
            actor=town.company.owner, agreement=agreement, digest="0" * 64, code=code_of()
        )
    ConfidentialityAgreement.objects.update(text=agreement.text.replace("评估", "转让"))
    with pytest.raises(UnableToDisclose, match="摘要"):
        confirm_agreement(
            actor=town.company.owner, agreement=agreement, digest=agreement.digest, code=code_of()
        )


# Signing on paper ---------------------------------------------------------------------------------


def test_a_signed_copy_counts_once_the_other_side_accepts_it(town, agreement):
    handed = upload_copy(actor=town.company.owner, agreement=agreement, file=scan())
    assert handed.state == AgreementState.PROPOSED
    digest = hashlib.sha256(b"%PDF-1.7 signed").hexdigest()
    for stranger in (town.company.owner, town.institute.colleague, overseer()):
        with pytest.raises(UnableToDisclose):
            accept_copy(actor=stranger, agreement=agreement, copy_digest=digest)

    accept_copy(actor=town.institute.editor, agreement=agreement, copy_digest=digest)

    assert fresh(agreement).is_in_force


def test_a_copy_exchanged_meanwhile_is_not_accepted(town, agreement):
    upload_copy(actor=town.company.owner, agreement=agreement, file=scan())
    upload_copy(actor=town.company.owner, agreement=agreement, file=scan(b"%PDF-1.7 another"))

    with pytest.raises(UnableToDisclose):
        accept_copy(
            actor=town.institute.owner,
            agreement=agreement,
            copy_digest=hashlib.sha256(b"%PDF-1.7 signed").hexdigest(),
        )


def test_nothing_is_accepted_before_a_copy_is_there_and_strangers_hand_in_none(town, agreement):
    with pytest.raises(UnableToDisclose):
        accept_copy(actor=town.institute.owner, agreement=agreement, copy_digest="")
    for stranger in (town.company.colleague, overseer()):
        with pytest.raises(UnableToDisclose):
            upload_copy(actor=stranger, agreement=agreement, file=scan())


# Ends ---------------------------------------------------------------------------------------------


def test_either_side_turns_a_proposal_down_with_a_reason(town, agreement):
    with pytest.raises(UnableToDisclose):
        decline_agreement(actor=town.institute.owner, agreement=agreement, reason=" ")
    with pytest.raises(UnableToDisclose):
        decline_agreement(actor=town.institute.colleague, agreement=agreement, reason="期限过长")
    decline_agreement(actor=town.institute.owner, agreement=agreement, reason="期限过长")

    assert fresh(agreement).state == AgreementState.DECLINED
    with pytest.raises(UnableToDisclose):
        sign(agreement, town.company.owner)


def test_either_side_ends_a_signed_one_with_a_reason(town):
    agreement = signed(town.page, town.company, town.institute)
    with pytest.raises(UnableToDisclose):
        decline_agreement(actor=town.company.owner, agreement=agreement, reason="晚了")
    for actor, reason in ((overseer(), "查"), (town.company.owner, " ")):
        with pytest.raises(UnableToDisclose):
            end_agreement(actor=actor, agreement=agreement, reason=reason)

    end_agreement(actor=town.institute.owner, agreement=agreement, reason="洽谈结束")

    assert fresh(agreement).state == AgreementState.ENDED
    with pytest.raises(UnableToDisclose):
        end_agreement(actor=town.institute.owner, agreement=agreement, reason="再次")


def test_an_agreement_past_its_term_is_over(town):
    agreement = signed(town.page, town.company, town.institute, ends_on=in_days(3))
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert (agreement.is_in_force, agreement.is_over) == (False, True)
        with pytest.raises(UnableToDisclose):
            end_agreement(actor=town.company.owner, agreement=agreement, reason="晚了")


# Pages and paper ----------------------------------------------------------------------------------


def test_the_pdf_is_the_same_for_the_same_record_and_changes_when_signed(town, agreement):
    first = agreement_pdf(agreement)

    assert first.startswith(b"%PDF-")
    assert agreement_pdf(fresh(agreement)) == first
    assert b"STSong-Light" in first
    assert agreement_pdf(signed(town.page, town.company, town.institute)) != first


def test_text_pdf_and_copy_are_for_the_parties(client, town, agreement):
    upload_copy(actor=town.company.owner, agreement=agreement, file=scan())
    pages = [
        agreement.get_absolute_url(),
        reverse("disclosure:agreement-pdf", args=[agreement.code]),
        reverse("disclosure:agreement-copy", args=[agreement.code]),
    ]

    def statuses(user):
        client.force_login(user)
        answers = [client.get(each) for each in pages]
        for each in answers:
            b"".join(getattr(each, "streaming_content", ()))
        return [each.status_code for each in answers]

    assert statuses(town.company.colleague) == [200] * 3
    assert statuses(town.institute.colleague) == [200] * 3
    assert statuses(Institute("滨江力学研究所").owner) == [404] * 3
    auditor = overseer()
    assert statuses(auditor) == [200, 404, 404]
    assert agreement.purpose not in client.get(pages[0]).content.decode()


def test_the_page_of_an_agreement(client, town, agreement):
    address = agreement.get_absolute_url()
    client.force_login(town.institute.owner)
    assert client.get(address).context["has_second_step"] is False
    TOTP.activate(town.institute.owner, SECRET)
    data = {"action": "confirm", "digest": agreement.digest}
    assert client.post(address, data).status_code == 422
    client.post(address, {**data, "code": code_of()})
    assert fresh(agreement).counterparty_confirmed_by == town.institute.owner
    assert client.post(address, {"action": "upload"}).status_code == 422
    client.post(address, {"action": "upload", "file": scan()})
    assert fresh(agreement).copy_organization == town.institute.organization
    assert client.post(address, {"action": "decline", "reason": ""}).status_code == 422
    assert client.post(address, {"action": "nothing"}).status_code == 404

    client.force_login(town.company.owner)
    client.post(address, {"action": "accept", "copy": fresh(agreement).copy_digest})
    assert fresh(agreement).state == AgreementState.SIGNED
    client.post(address, {"action": "end", "reason": "洽谈结束"})
    assert fresh(agreement).state == AgreementState.ENDED


def test_a_file_that_is_no_document_is_refused(client, town, agreement):
    client.force_login(town.institute.owner)
    file = SimpleUploadedFile("signed.pdf", b"no pdf at all", "application/pdf")
    answer = client.post(agreement.get_absolute_url(), {"action": "upload", "file": file})

    assert answer.status_code == 422
    assert not fresh(agreement).signed_copy

"""What happens to accounts goes into the audit log; a staff member has one session at a time."""

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver

from portal.audit.services import record

from .limits import client_ip
from .models import User


def _record(action: str, request, user, **payload) -> None:
    ip_address = client_ip(request) if request else None
    record(actor=user, action=f"accounts.{action}", ip_address=ip_address, **payload)


@receiver(account.user_logged_in, dispatch_uid="accounts.on_signed_in")
def on_signed_in(sender, request, user, **kwargs):
    _record("sign_in", request, user)
    if settings.SINGLE_SESSION_STAFF and user.needs_mfa:
        current = request.session.session_key
        for session in UserSession.objects.filter(user=user).exclude(session_key=current):
            session.end()


@receiver(user_logged_out, dispatch_uid="accounts.on_signed_out")
def on_signed_out(sender, request, user, **kwargs):
    if user is not None:
        _record("sign_out", request, user)


@receiver(user_login_failed, dispatch_uid="accounts.on_sign_in_failed")
def on_sign_in_failed(sender, credentials, request=None, **kwargs):
    """Name the account, never what was typed: that may be a password in the wrong field."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    _record("fail_sign_in", request, None, target=User.objects.filter(email__iexact=email).first())


@receiver(account.user_signed_up, dispatch_uid="accounts.on_signed_up")
def on_signed_up(sender, request, user, **kwargs):
    _record("sign_up", request, user)


@receiver(account.password_changed, dispatch_uid="accounts.on_password_changed")
def on_password_changed(sender, request, user, **kwargs):
    _record("change_password", request, user)


@receiver(account.password_reset, dispatch_uid="accounts.on_password_reset")
def on_password_reset(sender, request, user, **kwargs):
    _record("reset_password", request, user)


@receiver(account.email_changed, dispatch_uid="accounts.on_email_changed")
def on_email_changed(sender, request, user, **kwargs):
    _record("change_email", request, user)


@receiver(account.email_confirmed, dispatch_uid="accounts.on_email_confirmed")
def on_email_confirmed(sender, request, email_address, **kwargs):
    _record("confirm_email", request, email_address.user)


@receiver(mfa.authenticator_added, dispatch_uid="accounts.on_second_step_added")
def on_second_step_added(sender, request, user, authenticator, **kwargs):
    _record("add_second_step", request, user, kind=authenticator.type)


@receiver(mfa.authenticator_removed, dispatch_uid="accounts.on_second_step_removed")
def on_second_step_removed(sender, request, user, authenticator, **kwargs):
    _record("remove_second_step", request, user, kind=authenticator.type)


@receiver(mfa.authentication_failed, dispatch_uid="accounts.on_second_step_failed")
def on_second_step_failed(sender, request, user, **kwargs):
    _record("fail_second_step", request, user)

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """How sign-up, sign-in and account mails behave on this portal."""

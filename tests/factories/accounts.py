"""People and organizations for tests; every credit code carries both check characters."""

import factory
from allauth.account.models import EmailAddress
from stdnum.cn import uscc

from portal.accounts.enums import MembershipRole, MembershipState, OrganizationKind
from portal.accounts.identifiers import ORGANIZATION_CODE_WEIGHTS
from portal.accounts.models import Membership, Organization, User
from portal.taxonomy.models import District

PASSWORD = "lakeside-Willow-7"


def make_credit_code(number: int) -> str:
    """Return the ``number``-th made-up unified social credit code, valid in both checks."""
    body = f"TEXT{number:04d}"
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(body, ORGANIZATION_CODE_WEIGHTS, strict=True)
    )
    check = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
    code = f"91330106{body}{check}"
    return code + uscc.calc_check_digit(code)


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a confirmed address who signs in with ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.com")
    name = factory.Sequence(lambda number: f"测试员{number}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        password = kwargs.pop("password", PASSWORD)
        user = model_class.objects.create_user(kwargs.pop("email"), password, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda number: f"测试机构{number}有限公司")
    kind = OrganizationKind.ENTERPRISE
    credit_code = factory.Sequence(make_credit_code)
    district = factory.LazyFunction(lambda: District.objects.order_by("code").first())


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = MembershipRole.MEMBER
    state = MembershipState.ACTIVE

from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from wagtail.signal_handlers import disable_reference_index_auto_update

from achievements.services import onboard_organization
from matchmaking.cases.models import ConversionCase
from matchmaking.evaluation.models import Round
from portal.accounts.enums import PUBLISHING_KINDS, PortalRole
from portal.site.services import create_site_tree

from ..signins import PASSWORD
from .cases import seed_cases
from .content import load_content, load_editorial, load_interests
from .disclosure import DisclosureSeeder
from .editorial import seed_contacts, seed_editorial
from .evaluation import seed_evaluation
from .exhibition import seed_exhibitions
from .fairs import seed_fairs
from .interests import InterestSeeder
from .listings import ListingSeeder
from .needs import seed_judgements, seed_needs
from .oversight import seed_oversight
from .people import seed_organizations, seed_people, seed_staff


@transaction.atomic
def seed_city(*, tell: Callable[[str], None] = lambda line: None) -> dict[str, int]:
    """Write the whole demo city in one transaction and return how much of each there is."""
    with disable_reference_index_auto_update():
        counts = _write(tell)
    call_command("rebuild_references_index", verbosity=0)
    return counts


def _write(tell: Callable[[str], None]) -> dict[str, int]:
    content, editorial = load_content(), load_editorial()
    create_site_tree()
    password_hash = make_password(PASSWORD)
    organizations = seed_organizations(content["organizations"])
    users = seed_people(content["people"], organizations, password_hash)
    staff = seed_staff(password_hash)
    tell(f"{len(organizations)} organizations, {len(users) + len(staff)} people")
    institutes = {
        key: onboard_organization(organization=organization, actor=None)
        for key, organization in organizations.items()
        if organization.kind in PUBLISHING_KINDS
    }
    seed_contacts(institutes)
    seeder = ListingSeeder(organizations, users, staff, institutes, content["achievements"])
    for number, row in enumerate(content["patents"], start=1):
        seeder.seed_patent(number, row)
    for row in content["achievements"]:
        seeder.seed_achievement(row)
    tell(f"{len(content['achievements'])} achievements, {len(content['patents'])} patents")
    seed_needs(content["needs"], organizations, users, staff)
    seed_judgements(content["needs"], users, seeder.achievements)
    interests = load_interests()
    InterestSeeder(seeder, content["needs"]).seed(interests)
    DisclosureSeeder(staff).seed()
    seed_editorial(editorial, users)
    tell(f"{len(content['needs'])} needs, {len(interests)} interests")
    seed_cases(organizations, staff)
    tell(f"{ConversionCase.objects.count()} cases")
    seed_evaluation(staff, home=organizations["textile-inst-1"].pk)
    tell(f"{Round.objects.count()} rounds")
    tell(f"{seed_fairs(organizations, staff[PortalRole.BROKER])} registrations")
    tell(f"{seed_oversight(staff)} reports")
    tell(f"{seed_exhibitions(organizations)} exhibitors")
    return {kind: len(rows) for kind, rows in content.items()}

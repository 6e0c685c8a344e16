"""Every public page answers, in both languages, empty and filled."""

import pytest

from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/achievements/",
    "/patents/",
    "/needs/",
    "/institutes/",
    "/experts/",
    "/events/",
    "/news/",
    "/organizations/",
    "/search/?q=石墨烯",
    "/industries/textile/",
    "/privacy/",
    "/accessibility/",
    "/terms/",
    "/matching/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]
SIGNED_IN = [
    "/workspace/",
    "/workspace/listings/",
    "/workspace/reviews/",
    "/me/",
    "/me/consents/",
    "/organizations/new/",
]


@pytest.fixture
def institute():
    return Institute()


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["", "/en"])
def test_public_page_answers(client, institute, path, language):
    assert client.get(f"{language}{path}").status_code == 200


@pytest.mark.parametrize("path", SIGNED_IN)
def test_workspace_asks_strangers_to_sign_in(client, institute, path):
    response = client.get(path)

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("path", SIGNED_IN)
def test_workspace_page_answers(client, institute, path):
    client.force_login(institute.owner)

    assert client.get(path).status_code == 200


def test_hidden_and_withdrawn_listings_do_not_exist_for_visitors(client, institute):
    page = institute.published()
    assert client.get(page.url).status_code == 200

    type(page).objects.filter(pk=page.pk).update(disclosure="HIDDEN")

    assert client.get(page.url).status_code == 404
    client.force_login(institute.colleague)
    assert client.get(page.url).status_code == 200


def test_registered_listing_asks_for_a_sign_in(client, institute):
    page = institute.published()
    type(page).objects.filter(pk=page.pk).update(disclosure="REGISTERED")
    assert client.get(page.url).status_code == 404

    client.force_login(Institute(name="别处").researcher)

    assert client.get(page.url).status_code == 200


def test_listings_of_an_offline_institute_are_gone(client, institute):
    page = institute.published()

    institute.page.unpublish()

    assert client.get(page.url).status_code == 404


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/en/achievements/", "Achievements"),
        ("/en/patents/", "Patents"),
        ("/en/needs/", "Needs"),
        ("/en/institutes/", "Institutes"),
        ("/achievements/", "科技成果"),
    ],
)
def test_lists_are_titled_in_the_readers_language(client, path, title):
    assert client.get(path).context["title"] == title

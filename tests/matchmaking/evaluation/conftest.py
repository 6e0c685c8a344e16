"""What the tests of the evaluation's pages share."""

import pytest

from tests.factories.evaluation import Evaluation, address


@pytest.fixture(autouse=True)
def without_second_step(settings):
    """It has tests of its own."""
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.endswith("RequireMFAMiddleware")
    ]


@pytest.fixture
def evaluation():
    return Evaluation()


class Visit:
    """A client that is signed in as one person after the other."""

    def __init__(self, client):
        self.client = client

    def get(self, user, name, /, *args, query=""):
        self.sign_in(user)
        answer = self.client.get(address(name, *args) + query)
        assert answer.status_code == 200, (name, answer.status_code)
        return answer.content.decode()

    def post(self, user, name, /, *args, **data):
        self.sign_in(user)
        return self.client.post(address(name, *args), data, follow=True)

    def sign_in(self, user):
        self.client.logout()
        if user:
            self.client.force_login(user)


@pytest.fixture
def visit(client):
    return Visit(client)

"""One person at a browser before the pages of a fair."""

from django.urls import reverse
from django.utils import timezone

CONSENTS = {"FAIR_ORGANIZER": "on", "FAIR_PEERS": "on"}


class Desk:
    """One person at a browser: pages by their names for one fair."""

    def __init__(self, client, user, fair=None):
        self.client, self.fair = client, fair
        client.logout()
        if user:
            client.force_login(user)

    def address(self, name, *args):
        return reverse(name, args=[self.fair.code, *args] if self.fair else args)

    def get(self, name, *args, query="", status=200):
        answer = self.client.get(self.address(name, *args) + query)
        assert answer.status_code == status, (name, answer.status_code)
        return answer.content.decode() if status == 200 else answer

    def post(self, name, /, *args, **data):
        return self.client.post(self.address(name, *args), data)


def written(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.accounts.validators import validate_phone
from tests.factories.accounts import UserFactory


@pytest.mark.parametrize(
    "text",
    ["13800000000", "138 0000 0000", "0571-5555 0000", "+86 571 5555 0000", "(0571) 55550000转801"],
)
def test_a_number_as_people_write_it_is_taken(text):
    validate_phone(text)


@pytest.mark.parametrize("text", ["abc", "12345", "1380000abcd", "+", "1" * 16, "转801", "-------"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValidationError):
        validate_phone(text)


@pytest.mark.django_db
def test_the_profile_refuses_what_is_no_number(client):
    user = UserFactory(phone="0571-5555 0000")
    client.force_login(user)
    data = {"name": "新名", "language": "zh-hans", "phone": "abc"}
    response = client.post(reverse("accounts:profile"), data)
    assert list(response.context["form"].errors) == ["phone"]
    user.refresh_from_db()
    assert user.phone == "0571-5555 0000"

import pytest
from django.core.exceptions import ValidationError

from ip.identifiers import (
    compute_check_character,
    normalize_application_number,
    validate_application_number,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("201710601862.3", "2017106018623"),
        ("ZL201310699744.2", "2013106997442"),
        ("zl 2013 1069 9744.2", "2013106997442"),
        ("CN201710601862.3", "2017106018623"),
        ("ZL95115608.X", "95115608X"),
        ("97101765.4", "971017654"),
        ("２０１７１０６０１８６２．３", "2017106018623"),
    ],
)
def test_number_is_recognized_however_it_is_written(text, number):
    assert normalize_application_number(text) == number
    validate_application_number(number)


def test_check_character_of_the_worked_example():
    assert compute_check_character("201710601862") == "3"


def test_wrong_check_character_names_the_right_one():
    with pytest.raises(ValidationError) as caught:
        validate_application_number("2018113412411")

    assert caught.value.params["expected"] == "7"


@pytest.mark.parametrize("number", ["", "123", "2017106018", "20174060186233", "20171060186AB"])
def test_other_text_is_refused(number):
    with pytest.raises(ValidationError):
        validate_application_number(number)

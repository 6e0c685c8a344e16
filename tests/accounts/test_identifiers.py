import pytest
from django.core.exceptions import ValidationError

from portal.accounts.identifiers import (
    normalize_credit_code,
    organization_code_matches,
    validate_credit_code,
)
from tests.factories.accounts import make_credit_code


@pytest.mark.parametrize("number", [0, 1, 17, 999, 9999])
def test_made_up_codes_pass_both_checks(number):
    code = make_credit_code(number)
    validate_credit_code(code)
    assert organization_code_matches(code)


def test_typed_forms_are_normalized():
    assert normalize_credit_code(" 9133 0106-ｔext ") == "91330106TEXT"


def test_a_wrong_character_is_refused():
    code = make_credit_code(1)
    with pytest.raises(ValidationError) as caught:
        validate_credit_code(code[:-1] + ("A" if code[-1] != "A" else "B"))
    assert caught.value.code == "credit_code_check"


def test_a_wrong_length_is_refused():
    with pytest.raises(ValidationError) as caught:
        validate_credit_code("9133")
    assert caught.value.code == "credit_code_length"

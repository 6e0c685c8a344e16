"""Valid identifiers for made-up organizations and patents."""

from stdnum.cn import uscc

from ip.identifiers import compute_check_character
from portal.accounts.identifiers import ORGANIZATION_CODE_WEIGHTS

PREFIX_OF_KIND = {
    "ENTERPRISE": "91",
    "UNIVERSITY": "12",
    "INSTITUTE": "12",
    "INTERMEDIARY": "91",
    "BANK_OR_FUND": "91",
    "GOVERNMENT": "11",
}
KIND_DIGIT = {"INVENTION": "1", "UTILITY_MODEL": "2", "DESIGN": "3"}


def credit_code(kind: str, district: str, number: int) -> str:
    """Return a code with both check characters right; ``MADE`` marks it as made up."""
    body = f"MADE{number:04d}"
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(body, ORGANIZATION_CODE_WEIGHTS, strict=True)
    )
    check = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
    code = f"{PREFIX_OF_KIND[kind]}{district}{body}{check}"
    return code + uscc.calc_check_digit(code)


def application_number(kind: str, year: int, number: int) -> str:
    digits = f"{year}{KIND_DIGIT[kind]}{9_000_000 + number:07d}"
    return digits + compute_check_character(digits)

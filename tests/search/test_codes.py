import pytest

from search.codes import code_forms, codes_in


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("CG-2026-000130", ["cg2026000130", "2026000130"]),
        ("202019000059.3", ["2020190000593"]),
        ("20201900005X", ["20201900005x"]),
        ("ABC", ["abc"]),
        ("", []),
    ],
)
def test_what_is_indexed_of_a_code(code, forms):
    assert code_forms(code) == forms


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("CG-2026-000130", ["cg2026000130"]),
        ("cg 2026 000130", ["cg2026000130", "000130"]),
        ("ＣＧ－２０２６－０００１３０", ["cg2026000130"]),
        ("专利号：ZL202019000059.3，谢谢", ["zl2020190000593"]),
        ("ZL 2020 1 9000059.3", ["zl2020190000593", "90000593"]),
        ("石墨烯 1500 W", []),
        ("5000 XQ-2026-000001", ["5000xq2026000001", "xq2026000001"]),
        ("9" * 60, []),
    ],
)
def test_what_may_be_a_code_in_a_query(query, codes):
    assert codes_in(query) == codes

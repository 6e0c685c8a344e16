"""Both forms of a fair's file, and what is said of malformed ones."""

import json

import pytest
from hypothesis import given, settings

from events.scheduling.dzn import read_dzn
from events.scheduling.fair_file import read_fair, write_fair
from events.scheduling.instance import BadInstance, Meeting, Schedule
from events.scheduling.reading import read_instance
from tests.events.scheduling import brute_force

DZN = """% a made-up fair
nBusiness = 3;
nMeetings = 2;
nTables = 1;
nTotalSlots = 4;
nMorningSlots = 2;
requested = [|1, 2,1,
|3, 1,3,
|];
meetingsxBusiness = [{1,2,3},
{1,2},
{1,3}];
nMeetingsBusiness = [2,1,1];
forbidden = [{0},
{0,2},
{4}];
fixed = [0,3];
precedences = [{},
{1}];
"""
FAIR = {
    "participants": 3,
    "slots": 4,
    "tables": 2,
    "unavailable": {"1": [0, 3]},
    "requests": [[0, 1, 3], [1, 2, 1]],
}


def test_a_benchmark_file():
    instance = read_dzn(DZN, "made-up")

    assert (instance.name, instance.slots, instance.tables) == ("made-up", 4, 1)
    assert instance.every_meeting
    assert instance.fairness == 2
    assert instance.free == (frozenset(range(4)), frozenset({0, 2, 3}), frozenset({0, 1, 2}))
    assert instance.meetings == (
        Meeting((0, 1), frozenset({0, 1})),
        Meeting((2, 0), frozenset({2}), after=frozenset({0})),
    )


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("nTables = 1", "nTables = one", "line 4: expected a whole number at least 0"),
        ("nTables = 1;", "nTables = 1", "line 5: expected ';' at the end of nTables, found 'nT"),
        ("nTables = 1;\n", "", "line 19: expected nTables, found the end of the file"),
        ("nTables = 1", "nTables = 1; nTables = 2", "line 4: expected nTables only once"),
        ("nTables", "nDesks", "line 4: expected one of nBusiness, "),
        ("nMorningSlots = 2", "nMorningSlots = 5", "line 6: expected a whole number from 0 to 4"),
        ("|1, 2,1", "|1, 1,1", "line 7: expected two different participants, found 1 twice"),
        ("|1, 2,1", "|1, 4,1", "line 7: expected a whole number from 1 to 3 as a participant"),
        ("|1, 2,1", "|1, 2,4", "line 7: expected a whole number from 1 to 3 as a session"),
        ("|3, 1,3,\n", "", "line 7: expected 2 meetings in requested, found 1"),
        ("{1,2},\n{1,3}", "{1,3},\n{1,3}", "line 11: expected participant 2's meetings as in r"),
        ("[2,1,1]", "[2,2,1]", "line 13: expected 1 meetings for participant 2, found 2"),
        ("{0,2}", "{0,5}", "line 15: expected a whole number from 0 to 4 as an item of forbid"),
        ("{0,2},\n", "", "line 14: expected 3 items in forbidden, found 2"),
        ("[0,3]", "[0,5]", "line 17: expected a whole number from 0 to 4 as a fixed slot"),
        ("[0,3]", "[0 3]", "line 17: expected ',' or ']' after an item of fixed, found '3'"),
        ("{1}]", "{3}]", "line 19: expected a whole number from 1 to 2 as an item of precedence"),
        ("[{},", "[{", "line 19: expected a whole number from 1 to 2"),
        ("fixed", "f?xed", "line 17: expected a MiniZinc value, found '?'"),
        ("nBusiness = 3;\n", "", "line 6: expected nBusiness before requested"),
    ],
)
def test_a_malformed_benchmark_file_names_the_line(good, bad, message):
    text = DZN.replace(good, bad, 1)

    with pytest.raises(BadInstance) as refused:
        read_dzn(text, "made-up")

    assert message in str(refused.value)


def test_a_fair():
    instance = read_fair(json.dumps(FAIR), "made-up")

    assert (instance.people, instance.slots, instance.tables) == (3, 4, 2)
    assert not instance.every_meeting
    assert instance.fairness is None
    assert instance.free[1] == frozenset({1, 2})
    assert instance.meetings == (
        Meeting((0, 1), frozenset(range(4)), 3),
        Meeting((1, 2), frozenset(range(4)), 1),
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("participants", None, "participants: expected a whole number at least 1, found None"),
        ("participants", True, "participants: expected a whole number at least 1, found True"),
        ("slots", 0, "slots: expected a whole number at least 1, found 0"),
        ("tables", "many", "tables: expected a whole number at least 0, found 'many'"),
        ("unavailable", [], "unavailable: expected an object by person, found []"),
        ("unavailable", {"3": [0]}, "unavailable: expected a person from 0 to 2, found '3'"),
        ("unavailable", {"1": [4]}, "unavailable.1[0]: expected a slot from 0 to 3, found 4"),
        ("requests", {}, "requests: expected a list, found {}"),
        ("requests", [[0, 1]], "requests[0]: expected [person, person, weight], found [0, 1]"),
        ("requests", [7], "requests[0]: expected [person, person, weight], found 7"),
        ("requests", [[0, 3, 1]], "requests[0].people[1]: expected a person from 0 to 2, found 3"),
        ("requests", [[0, 0, 1]], "requests[0]: expected two different people or more, found"),
        ("requests", [[0, 1, 0]], "requests[0].weight: expected a whole number at least 1"),
        ("requests", [{"weight": 1}], "requests[0]: expected the key people, which is missing"),
        (
            "requests",
            [{"people": [0, 1], "held": True}],
            "requests[0]: expected told, the slot in which a held meeting stays",
        ),
        (
            "requests",
            [{"people": [0, 1], "after": [1]}],
            "requests[0].after[0]: expected a request from 0 to 0, found 1",
        ),
        ("every_meeting", 1, "every_meeting: expected true or false, found 1"),
        ("fairness", -1, "fairness: expected a whole number at least 0, found -1"),
        ("empty_day", -1, "empty_day: expected a whole number at least 0, found -1"),
        ("home_tables", {"0": 2}, "home_tables.0: expected a table from 0 to 1, found 2"),
        ("lost_tables", [[0]], "lost_tables[0]: expected [table, slot], found [0]"),
        ("day_starts", [4], "day_starts[0]: expected a slot from 0 to 3, found 4"),
        ("lost_tables", [[0, 4]], "lost_tables[0][1]: expected a slot from 0 to 3, found 4"),
    ],
)
def test_a_malformed_fair_names_the_key(key, value, message):
    with pytest.raises(BadInstance) as refused:
        read_fair(json.dumps(FAIR | {key: value}), "made-up")

    assert message in str(refused.value)


@pytest.mark.parametrize("key", ["participants", "slots", "tables", "requests"])
def test_a_fair_without_a_key(key):
    data = {name: value for name, value in FAIR.items() if name != key}

    with pytest.raises(BadInstance, match=f"expected the key {key}, which is missing"):
        read_fair(json.dumps(data), "made-up")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"slots": 3,\n "tables"}', "line 2: expected JSON, Expecting ':' delimiter"),
        ("[]", "line 1: expected an object with participants, found []"),
    ],
)
def test_no_json_and_other_json(text, message):
    with pytest.raises(BadInstance) as refused:
        read_fair(text, "made-up")

    assert message in str(refused.value)


@settings(max_examples=100, deadline=None)
@given(brute_force.tiny_fairs(told=True))
def test_a_written_fair_is_read_as_the_same(instance):
    assert read_fair(write_fair(instance), "") == instance


def test_a_schedule_is_the_same_from_its_rows():
    schedule = Schedule({0: 1, 1: 2}, {0: 1})

    assert schedule.rows() == [[0, 1, 1], [1, 2, None]]
    assert Schedule.from_rows(schedule.rows()) == schedule


def test_the_name_decides_on_the_form(tmp_path):
    (tmp_path / "one.dzn").write_text(DZN)
    (tmp_path / "two.json").write_text(json.dumps(FAIR))

    assert read_instance(tmp_path / "one.dzn").every_meeting
    assert read_instance(tmp_path / "two.json", 1).fairness == 1


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "odd.json").write_bytes(b"\xff")

    with pytest.raises(BadInstance, match="expected a readable UTF-8 file"):
        read_instance(tmp_path / "odd.json")
    with pytest.raises(BadInstance, match="No such file"):
        read_instance(tmp_path / "none.json")

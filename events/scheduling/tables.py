"""Stage 3: tables for a schedule, with people going from table to table as little as possible."""

from .instance import Instance, Schedule


def give_tables(instance: Instance, schedule: Schedule) -> Schedule:
    """The same slots with a table for every meeting; slots have to keep the rules on tables.

    Slot by slot, tables already told stay, and as many other meetings as possible take place where
    one of their people sat last.
    """
    table_of: dict[int, int] = {}
    last: dict[int, int] = dict(instance.home_tables)
    booths = set(instance.home_tables.values())
    for slot in range(instance.slots):
        here = sorted(number for number, at in schedule.slot_of.items() if at == slot)
        common = [
            table
            for table in range(instance.tables)
            if table not in booths and (table, slot) not in instance.lost_tables
        ]
        at_common = [number for number in here if instance.booths[number] is None]
        table_of |= {
            number: booth for number in here if (booth := instance.booths[number]) is not None
        }
        table_of |= _assign(instance, at_common, common, last, slot)
        for number in here:
            last |= dict.fromkeys(instance.meetings[number].people, table_of[number])
    return Schedule(schedule.slot_of, table_of)


def _assign(
    instance: Instance, meetings: list[int], tables: list[int], last: dict[int, int], slot: int
) -> dict[int, int]:
    """A table for each meeting: as it was told, else where one of its people sat, else any."""
    free, given = set(tables), dict[int, int]()
    for number in meetings:
        meeting = instance.meetings[number]
        if meeting.told == slot and meeting.told_table in free:
            given[number] = meeting.told_table
            free.remove(meeting.told_table)
    sat: dict[int, int] = {}

    def seat(number: int, tried: set[int]) -> bool:
        """Give a meeting one of its people's tables, moving others to another of theirs."""
        people = instance.meetings[number].people
        for table in sorted({last[who] for who in people if who in last} & free - tried):
            tried.add(table)
            if table not in sat or seat(sat[table], tried):
                sat[table] = number
                return True
        return False

    for number in meetings:
        if number not in given:
            seat(number, set())
    given |= {number: table for table, number in sat.items()}
    rest = iter(sorted(free - sat.keys()))
    return given | {number: next(rest) for number in meetings if number not in given}

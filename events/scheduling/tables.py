"""Stage 3: tables for a schedule, with people going from table to table as little as possible."""

from .instance import Instance, Schedule


def give_tables(instance: Instance, schedule: Schedule) -> Schedule:
    """The same slots with a table for every meeting; slots have to keep the rules on tables.

    Slot by slot, meetings take the table of one of their people's last meeting by the assignment
    that saves most moves, tables already told first.
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
    """One table for each meeting, the wishes by their worth: told, then where more people sit."""
    wishes: list[tuple[int, int, int]] = []
    for number in meetings:
        meeting = instance.meetings[number]
        worth: dict[int, int] = {}
        for who in meeting.people:
            if who in last:
                worth[last[who]] = worth.get(last[who], 0) + 1
        if meeting.told == slot and meeting.told_table is not None:
            worth[meeting.told_table] = TOLD
        wishes += [(-saved, number, table) for table, saved in worth.items()]
    free, given = set(tables), {}
    for _worth, number, table in sorted(wishes):
        if number not in given and table in free:
            given[number] = table
            free.remove(table)
    rest = iter(sorted(free))
    return given | {number: next(rest) for number in meetings if number not in given}


TOLD = 100

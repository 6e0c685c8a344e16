"""The halls of the demo's exhibitions, and who stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.exhibition.enums import ExhibitorState as State


@dataclass(frozen=True)
class Block:
    """Rows of booths of one size: where they begin, at which columns they stand."""

    letter: str
    rows: Sequence[int]
    columns: Sequence[int]
    width: int = 3
    depth: int = 3
    power: int = 3


@dataclass(frozen=True)
class Room:
    name: str
    name_en: str
    width: int
    depth: int
    blocks: Sequence[Block]
    exhibitors: Sequence[str]


FOOD_ROOMS = (
    Room(
        "一号厅 食品与生物",
        "Hall 1, food and biology",
        30,
        18,
        (
            Block("S", (2, 10), (25,), width=4, depth=6, power=10),
            Block("A", (2, 5), (2, 5, 8, 14, 17, 20)),
            Block("B", (11, 14), (2, 5, 8, 14, 17, 20), power=6),
        ),
        (
            *("food-inst-1", "food-univ-1", "food-ent-1", "food-ent-2", "food-ent-3"),
            *("food-ent-4", "ecommerce-ent-3", "bio-ent-2", "bio-inst-1", "bio-ent-1"),
            *("iot-ent-2", "ecommerce-ent-2", "environment-ent-3", "environment-inst-1"),
            *("environment-ent-1", "new_materials-ent-3", "new_materials-ent-4"),
            *("new_materials-inst-1", "iot-inst-1", "iot-ent-1", "equipment-inst-1"),
            "equipment-ent-2",
        ),
    ),
    Room(
        "二号厅 电商与文旅",
        "Hall 2, e-commerce and tourism",
        26,
        12,
        (
            Block("C", (2, 7), (2, 5, 8, 13, 16, 19)),
            Block("T", (2, 7), (23,), width=2, power=2),
        ),
        (
            *("ecommerce-inst-1", "ecommerce-univ-1", "ecommerce-ent-1", "ecommerce-ent-4"),
            *("tourism-inst-1", "tourism-univ-1", "tourism-ent-1", "tourism-ent-2"),
            *("tourism-ent-3", "tourism-ent-4", "creative-ent-2", "textile-ent-1"),
            "finance-ent-2",
        ),
    ),
)
TOOL_ROOM = Room(
    "二号展厅",
    "Exhibition hall 2",
    24,
    14,
    (
        Block("A", (2, 5), (2, 5, 8, 13, 16, 19)),
        Block("B", (10,), (2, 6, 10, 15), width=4, power=10),
    ),
    (),
)
FIBRE_ROOM = Room(
    "成果展区",
    "Exhibition area",
    34,
    17,
    (
        Block("A", (2, 5), (2, 5, 8, 14, 17, 20)),
        Block("B", (10, 13), (2, 5, 8, 14, 17, 20), power=6),
        Block("S", (2, 6, 10), (25, 28), width=3, depth=4, power=10),
    ),
    (
        *("textile-inst-1", "textile-univ-1", "textile-ent-1", "textile-ent-2"),
        *("textile-ent-3", "textile-ent-4", "new_materials-inst-1", "new_materials-ent-1"),
        *("new_materials-ent-2", "new_materials-ent-3", "new_materials-ent-4"),
        *("environment-inst-1", "environment-ent-1", "environment-ent-2", "environment-ent-3"),
        *("new_energy-inst-1", "new_energy-ent-1", "new_energy-ent-2", "new_energy-ent-3"),
        *("auto-inst-1", "auto-univ-1", "auto-ent-1", "auto-ent-2"),
        *("equipment-inst-1", "equipment-ent-1", "equipment-ent-2"),
        *("bio-inst-1", "iot-inst-1", "creative-univ-1"),
    ),
)
TOOL_STATES = (
    ("creative-inst-1", State.PASSED),
    ("creative-univ-1", State.PASSED),
    ("creative-ent-2", State.PASSED),
    ("ecommerce-ent-4", State.PASSED),
    ("software_outsourcing-inst-1", State.SUBMITTED),
    ("creative-ent-3", State.RETURNED),
    ("textile-ent-1", State.BOOTH_GIVEN),
    ("creative-ent-1", State.BOOTH_GIVEN),
    ("creative-ent-4", State.ACCEPTED),
    ("software_outsourcing-ent-1", State.APPLIED),
    ("cloud-inst-1", State.APPLIED),
    ("finance-ent-1", State.WAITLISTED),
    ("auto-ent-3", State.REJECTED),
)
# Area in m², power in kW, who is wanted beside and who is not, where it is not the usual.
WISHES = {
    "creative-ent-4": (12, 8, ("creative-ent-1",), ("creative-ent-3",)),
    "software_outsourcing-ent-1": (9, 4, ("software_outsourcing-inst-1",), ()),
    "cloud-inst-1": (12, 6, (), ()),
    "creative-ent-3": (9, 2, ("creative-univ-1",), ("creative-ent-4",)),
}
REASONS = {
    State.RETURNED: "复制件请注明原作年代与授权来源，图片说明里写清是复制件。",
    State.REJECTED: "本场展示数字创意工具与工艺，传动件更适合汽车零部件对接日。",
}
WRITTEN = {State.SUBMITTED, State.RETURNED, State.PASSED, State.ON_SHOW}
PLACED = WRITTEN | {State.BOOTH_GIVEN}

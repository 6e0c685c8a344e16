"""Generated listings, the same on every run, and the requests that the portal makes of them."""

import random
from datetime import UTC, datetime, timedelta

from search.analysis import analyse, normalize
from search.documents import (
    FOR_EVER,
    NOTHING,
    BaseDocument,
    Boolean,
    Double,
    Keyword,
    Long,
    join_terms,
)
from search.lexicon import Lexicon
from search.pinyin import suggest_tokens

COUNT = 2_400
SEED = 20260101
NOTHING_GENERIC = Lexicon()
MATERIALS = [
    "石墨烯",
    "碳纤维",
    "聚醚醚酮",
    "钛合金",
    "氮化硅",
    "聚偏氟乙烯",
    "稀土",
    "铝合金",
    "纤维素",
    "硅胶",
]
FORMS = ["薄膜", "涂层", "粉体", "复合材料", "电极", "分离膜", "传感器", "催化剂", "焊接", "回收"]
VERBS = ["制备", "检测", "连续生产", "表面处理", "低温烧结", "激光加工", "智能控制", "高效分离"]
LATIN = ["pvdf", "peek", "3d", "cnc", "ai", "5g", "graphene", "laser"]
INDUSTRIES = [f"I{number:02}" for number in range(1, 16)]
DISTRICTS = [f"3301{number:02}" for number in range(2, 15)]
STAGES = ["LAB", "PILOT", "PRODUCT"]
START = datetime(2023, 1, 1, tzinfo=UTC)
SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}


class ListingDocument(BaseDocument):
    industries = Keyword(multi=True)
    district = Keyword()
    stage = Keyword()
    trl = Long()
    price = Double()
    is_open = Boolean()


MAPPINGS = ListingDocument.mapping()


def generate_documents(count: int = COUNT, seed: int = SEED) -> list[tuple[str, dict]]:
    """Ids and bodies in the shape of the portal's documents."""
    chance = random.Random(seed)
    return [(str(number), _document(chance, number)) for number in range(1, count + 1)]


def _document(chance: random.Random, number: int) -> dict:
    title = _title(chance)
    text = "，".join(_title(chance) for _ in range(chance.randint(0, 12)))
    published = START + timedelta(minutes=chance.randrange(3 * 365 * 24 * 60))
    body = {
        "title": title,
        "title_terms": join_terms(analyse(title, NOTHING_GENERIC)),
        "title_plain": join_terms(analyse(title, NOTHING_GENERIC)),
        "body_terms": join_terms(analyse(text, NOTHING_GENERIC)),
        "suggest": suggest_tokens(normalize(title)),
        "codes": [f"b{number}"],
        "words": [MATERIALS[number % 10], FORMS[number % 7]],
        "names_terms": ("西 湖 西湖", "滨 江 滨江", NOTHING)[number % 3],
        "visible_to": chance.choice([["public"], ["public"], ["registered"], ["org:7", "staff"]]),
        "valid_until": chance.choice([FOR_EVER, START + timedelta(days=700)]).isoformat(),
        "published_at": published.isoformat(),
        "updated_at": published.isoformat(),
        "organization_id": chance.randint(1, 40),
        "sort_id": number,
        "revision": number * 1_000_003,
        "industries": chance.sample(INDUSTRIES, chance.randint(0, 3)),
        "district": chance.choice(DISTRICTS),
        "stage": chance.choice(STAGES),
        "trl": chance.choice([None, *range(1, 10)]),
        "price": chance.choice([None, chance.randrange(1_000, 5_000_000) / 4]),
        "is_open": chance.choice([True, False, None]),
    }
    return {name: value for name, value in body.items() if value is not None}


def _title(chance: random.Random) -> str:
    parts = [chance.choice(MATERIALS), chance.choice(FORMS), chance.choice(VERBS)]
    if chance.random() < 0.3:
        parts.insert(chance.randrange(3), f" {chance.choice(LATIN)} ")
    return "".join(parts[: chance.randint(2, len(parts))]).strip()


def bulk_lines(documents, version: int = 1) -> list[dict]:
    lines = []
    for doc_id, body in documents:
        lines += [{"index": {"_id": doc_id, "version": version, "version_type": "external"}}, body]
    return lines

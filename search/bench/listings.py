"""Generated listings: Chinese-looking titles over a Zipf vocabulary, the same for a same seed."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from search.documents import BaseDocument, Double, Keyword
from search.listing import Facet, ListSearch

CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 2_500)]
VOCABULARY = 20_000
START = datetime(2024, 1, 1, tzinfo=UTC)
FACETS = {"industry": 15, "field": 11, "district": 13, "stage": 3, "mode": 8}


@dataclass(frozen=True)
class Listing:
    """A listing as the index sees it: title, text and five coded facts."""

    pk: int
    title: str
    body: str
    facts: dict[str, str]
    price: float
    updated_at: datetime


class ListingDocument(BaseDocument):
    """A generated listing with the fields of an achievement's list."""

    kind = "bench"

    industry = Keyword()
    field = Keyword()
    district = Keyword()
    stage = Keyword()
    mode = Keyword()
    price = Double()

    @classmethod
    def from_instance(cls, instance: Listing) -> dict:
        return {
            "title": instance.title,
            "body": [instance.body],
            "published_at": instance.updated_at,
            "organization_id": instance.pk % 500,
            "price": instance.price,
            **instance.facts,
        }


class ListingSearch(ListSearch):
    """The list page's search with its five facets."""

    facets = tuple(Facet(name, field=name, label=name) for name in FACETS)


class Generator:
    """Titles, texts and needs out of one seed."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)  # noqa: S311  not a secret
        self.words = [
            "".join(self.random.choices(CHARACTERS, k=self.random.choice((2, 2, 2, 3))))
            for _ in range(VOCABULARY)
        ]
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))

    def text(self, words: int) -> str:
        return "".join(self.random.choices(self.words, cum_weights=self.weights, k=words))

    def listings(self, count: int, *, body_words: int = 40) -> Iterator[Listing]:
        for pk in range(1, count + 1):
            facts = {
                name: f"{name}{self.random.randrange(choices)}" for name, choices in FACETS.items()
            }
            yield Listing(
                pk=pk,
                title=self.text(6),
                body=self.text(body_words) if body_words else "",
                facts=facts,
                price=float(self.random.randrange(10, 500) * 10_000),
                updated_at=START + timedelta(minutes=pk),
            )

    def needs(self, count: int) -> list[tuple[str, str]]:
        """Title and text of needs long enough to fill the matcher's 128 terms."""
        return [(self.text(6), self.text(120)) for _ in range(count)]

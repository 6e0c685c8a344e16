"""The same work by the bare engine: tantivy called by hand, Elasticsearch by plain HTTP."""

import http.client
import json
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

import tantivy

from search.embedded.index import HEAP_BYTES
from search.embedded.queries import translate
from search.embedded.schema import build_fields, to_millis
from search.listing import ListSearch

SHOULD = tantivy.Occur.Should
TEXTS = ("title_terms", "title_plain", "body_terms", "names_terms")
WORDS = ("suggest", "visible_to", "industry", "field", "district", "stage", "mode")
DATES = ("valid_until", "published_at", "updated_at")
NUMBERS = ("organization_id", "sort_id", "revision")


class RawTantivy:
    """An index in memory with the portal's schema and none of its code around it."""

    def __init__(self, mapping: dict):
        self.fields = build_fields(mapping)
        self.schema = self.fields.schema
        self.index = tantivy.Index(self.schema)
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer("whitespace", whitespace)
        self.index.config_reader("manual")

    def fill(self, bodies: Iterable[dict]) -> None:
        writer = self.index.writer(HEAP_BYTES, 1)
        for body in bodies:
            writer.add_document(_document(body))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def term(self, field: str, value: str, option: str = "freq") -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, field, value, option)

    def prepare_list(self, search: ListSearch) -> Callable[[], object]:
        """The fewest tantivy calls that answer the list page; its queries are built beforehand."""
        body = search.body()
        everything = translate(body["query"], self.fields)
        narrowed = everything
        if "post_filter" in body:
            narrowed = translate(
                {"bool": {"must": [body["query"]], "filter": [body["post_filter"]]}}, self.fields
            )
        own = {facet.name for facet in search.chosen}
        counts: dict[bool, dict] = {True: {}, False: {}}
        for facet in search.facets:
            request = {"terms": {"field": facet.field, "size": facet.size}}
            counts[facet.name in own][facet.name] = request
        order = None if search.text_clause else "published_at"

        def run() -> None:
            self.searcher.search(narrowed, search.page_size, count=True, order_by_field=order)
            self.searcher.aggregate(narrowed, counts[False])
            if counts[True]:
                self.searcher.aggregate(everything, counts[True])

        return run

    def match(self, weights: Mapping[str, Mapping[str, float]], size: int) -> list[float]:
        """A need's weighted terms by hand, best first; the scores."""
        parts = [
            (SHOULD, tantivy.Query.boost_query(self.term(field, term), weight))
            for field, terms in weights.items()
            for term, weight in terms.items()
        ]
        hits = self.searcher.search(tantivy.Query.boolean_query(parts), size, count=False).hits
        return [score for score, _address in hits]


def _document(body: dict) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("_id", str(body["sort_id"]))
    document.add_integer("_version", 1)
    for name in TEXTS:
        document.add_text(name, body[name])
        document.add_text("_present", name)
    for name in WORDS:
        value = body[name]
        for item in value if isinstance(value, list) else (value,):
            document.add_text(name, item)
    for name in DATES:
        document.add_integer(name, to_millis(body[name]))
    for name in NUMBERS:
        document.add_integer(name, body[name])
    document.add_float("price", body["price"])
    return document


class RawHttp:
    """One kept-alive connection to Elasticsearch and nothing else."""

    def __init__(self, address: str):
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def search(self, index: str, body: dict) -> dict:
        headers = {"Content-Type": "application/json"}
        self.connection.request("POST", f"/{index}/_search", json.dumps(body).encode(), headers)
        return json.loads(self.connection.getresponse().read())

"""Searches, counts, and statistics of terms."""

import json
from collections import Counter

from .. import searching
from ..errors import RequestError, UnsupportedError
from ..index import LocalIndex
from ..schema import TEXT
from .requests import FORGIVEN, Answer, Request


def _view(request: Request, name: str) -> LocalIndex:
    index = request.engine.index(name)
    if index.is_overdue:
        index.is_overdue = False
        request.engine.refresher.ask(index)
    return index


def search(request: Request) -> Answer:
    request.only("track_total_hits", "request_cache", "preference", "version", "typed_keys")
    body = request.json()
    if request.parameters.get("version") == "true":
        body["version"] = True
    return 200, searching.run_search(_view(request, _single(request.arguments["index"])), body)


def _single(name: str) -> str:
    if "," in name or "*" in name:
        raise UnsupportedError(f"search over several indexes [{name}]")
    return name


def multi_search(request: Request) -> Answer:
    request.only("typed_keys")
    lines = request.lines()
    answers = []
    for header, body in zip(lines[::2], lines[1::2], strict=True):
        name = json.loads(header).get("index", request.arguments.get("index"))
        name = name[0] if isinstance(name, list) else name
        try:
            found = searching.run_search(_view(request, _single(name)), json.loads(body))
            answers.append(found | {"status": 200})
        except RequestError as error:
            answers.append({"error": error.as_cause(), "status": error.status})
    return 200, {"took": 0, "responses": answers}


def count(request: Request) -> Answer:
    request.only()
    return 200, searching.run_count(
        _view(request, _single(request.arguments["index"])), request.json()
    )


def term_vectors(request: Request) -> Answer:
    """Statistics of the terms of an artificial document: how many documents hold each."""
    body = request.json()
    options = {**request.parameters, **{k: v for k, v in body.items() if k != "doc"}}
    for key in options.keys() - FORGIVEN:
        if key not in TERM_VECTOR_OPTIONS:
            raise UnsupportedError(f"[{key}] in [_termvectors]")
    if "doc" not in body or "id" in request.arguments:
        raise UnsupportedError("[_termvectors] of a stored document")
    index = request.index
    searcher = index.search_view()
    vectors = {}
    for field, text in body["doc"].items():
        if index.fields.kinds.get(field) != TEXT:
            raise UnsupportedError(f"[_termvectors] on field [{field}]")
        counts = Counter(str(text).split())
        terms = {}
        for term, frequency in sorted(counts.items()):
            terms[term] = {"term_freq": frequency}
            if found := searcher.doc_freq(field, term):
                terms[term]["doc_freq"] = found
        vectors[field] = {"field_statistics": {"doc_count": searcher.num_docs}, "terms": terms}
    return 200, {"_index": index.name, "found": True, "term_vectors": vectors}


TERM_VECTOR_OPTIONS = {
    "field_statistics",
    "fields",
    "offsets",
    "payloads",
    "positions",
    "term_statistics",
}

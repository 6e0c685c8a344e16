"""Search (检索): one query language over two engines, knowing no domain app.

What a room does
----------------
``documents.py`` in the room declares what goes into the index::

    from elasticsearch.dsl import Keyword, Long, Double      # re-exported by search.documents
    from search.documents import BaseDocument, Keyword, Long, register, PUBLIC, REGISTERED

    @register
    class AchievementDocument(BaseDocument):
        model = AchievementPage
        kind = "achievement"                 # index key, tab key, ``?kind=``
        label = _("Achievements")            # tab label
        result_template = "achievements/_result.html"   # gets ``hit`` and ``object``
        list_url_name = "achievements:list"  # where the tab leads (optional)
        revision_field = "updated_at"        # datetime column that moves with every change
        industries = Keyword(multi=True)     # own facets and facts

        @classmethod
        def queryset(cls):                   # what may be in the index: live, not expired
            return AchievementPage.objects.live().select_related(...)

        @classmethod
        def from_instance(cls, instance):    # own fields and these base fields
            return {"title": instance.title, "body": [instance.summary, ...],
                    "codes": [instance.code], "words": [keywords…], "names": [publisher, place…],
                    "visible_to": [PUBLIC], "valid_until": None, "published_at": ...,
                    "organization_id": ..., "industries": ["I01", ...]}

``visible_to`` tokens: ``PUBLIC``, ``REGISTERED``, ``STAFF``, ``organization_token(pk)``,
``user_token(pk)``; ``visibility_tokens(user)`` gives what a reader holds. Staff do not see all by
themselves: a document that staff may find carries ``STAFF``.

Every change of something indexed calls ``search.services.schedule_sync(instance)`` (or
``schedule_sync_many(Model, pks)``): after the commit a task loads the rows from ``queryset()``;
found → indexed, not found → deleted. Deleting calls it too (before or after the delete).

Lists
-----
``search.listing`` holds ``ListSearch``, ``Facet``, ``RangeFacet``, ``Interval``, ``Sort``::

    class AchievementSearch(ListSearch):
        document = AchievementDocument
        facets = [Facet("industry", field="industries", label=_("Industry"), display=names_of)]
        def fallback_queryset(self, user): ...    # plain listing by date when the engine is down

    class AchievementListView(SearchListView):    # search.views
        search_class = AchievementSearch
        title = _("Achievements")

``AchievementSearch(request.GET, user=request.user).run()`` returns ``search.listing.ResultPage``.

Matching
--------
``search.client.execute(search)`` sends any ``elasticsearch.dsl`` ``Search`` and returns
``Answer(total, hits, aggregations)``; ``search.client.search_documents(Document)`` starts one.
``search.services.boosted_terms_search(Document, {"title_terms": [(term, boost), …]}, filters=…)``
builds the matcher's query and ``search.services.term_statistics(Document, field, terms)`` gives
``(doc_count, {term: df})``. Terms come from ``search.analysis.analyse(text)``. All raise
``search.client.SearchUnavailable`` when the engine does not answer.

Marks
-----
``search.highlight.highlight(text, query)`` and ``highlight_terms(text, terms)`` return safe HTML
with ``<mark>``; ``excerpt(text, query)`` cuts around the first hit.
"""

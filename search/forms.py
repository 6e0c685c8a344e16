from django import forms
from django.utils.translation import gettext_lazy as _

from .models import DomainWord, GenericWord, SynonymGroup

WORD_MODELS: dict[str, type[SynonymGroup | GenericWord | DomainWord]] = {
    "synonyms": SynonymGroup,
    "generic": GenericWord,
    "domain": DomainWord,
}
LABELS = {
    "synonyms": _("Synonyms"),
    "generic": _("Generic words"),
    "domain": _("Domain words"),
}


def word_form(kind: str) -> type[forms.ModelForm]:
    """The form of one kind of words: the single field that each has."""
    model = WORD_MODELS[kind]
    field = "words" if model is SynonymGroup else "word"
    return forms.modelform_factory(
        model, fields=[field], widgets={"words": forms.Textarea(attrs={"rows": 4})}
    )

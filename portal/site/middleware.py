from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDictKeyError

from .views import bad_request

NULL = "\x00"


class RefuseImpossibleValues:
    """Answer 400 to what no form of ours sends.

    That is what no database could hold (a NUL in a text, a number beyond 64 bits) and rows of a
    table without the hidden parts that tell them apart.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        texts = [request.path_info]
        for parameters in (request.GET, request.POST):
            for name, values in parameters.lists():
                texts += [name, *values]
        if any(NULL in text for text in texts):
            raise BadRequest("NUL in the request")

    def process_exception(self, request, exception):
        is_forged = isinstance(exception, OverflowError | MultiValueDictKeyError)
        return bad_request(request, exception) if is_forged else None


class AdminPolicyMiddleware:
    """Give the editing desk a policy of its own: it needs inline scripts, but only from here."""

    POLICY = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response.headers.setdefault("Content-Security-Policy", self.POLICY)
        return response

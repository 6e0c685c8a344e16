from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.views.decorators.http import require_POST

from .models import Notification
from .services import mark_read

PAGE_SIZE = 20


@login_required
def notifications(request):
    """The messages of the person, unread ones marked (通知)."""
    found = Notification.objects.filter(user=request.user).order_by("-created_at", "-pk")
    page_obj = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    unread_count = found.unread().count()
    context = {"page_obj": page_obj, "unread_count": unread_count}
    return render(request, "notifications/list.html", context)


def _in_language(url, language):
    """Lead to the page in ``language``; addresses are kept as the first language has them."""
    with override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


@login_required
@require_POST
def open_notification(request, pk):
    """Mark one message as read and go to what it is about."""
    notification = get_object_or_404(Notification, pk=pk, user=request.user)
    mark_read(user=request.user, notification_ids=[pk])
    if url_has_allowed_host_and_scheme(notification.url, allowed_hosts=None):
        return redirect(_in_language(notification.url, get_language()))
    return redirect("notifications:list")


@login_required
@require_POST
def read_all(request):
    mark_read(user=request.user)
    return redirect("notifications:list")

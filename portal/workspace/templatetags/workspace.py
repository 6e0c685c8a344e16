from django import template

from ..navigation import Group, navigation_of

register = template.Library()


@register.simple_tag(takes_context=True)
def workspace_navigation(context, unread: int = 0) -> list[Group]:
    request = context["request"]
    if not request.user.is_authenticated:
        return []
    return navigation_of(request.user, request.path, unread)

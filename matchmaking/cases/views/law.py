"""The rules of law that cases follow: readable for the signed-in, kept by the commission."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import services
from ..enums import RuleCode
from ..forms import RuleForm
from ..law import describe_parameters
from ..models import LawRule
from ..queries import rules_in_force
from ..rules import can_edit_law


@login_required
def rule_list(request):
    """Every rule with its figures, sources and earlier versions (法规规则)."""
    used = {rule.pk for rule in rules_in_force(timezone.localdate()).values()}
    order = list(RuleCode.values)
    rules = LawRule.objects.order_by("jurisdiction", "-valid_from")
    context = {
        "rows": [
            {
                "rule": rule,
                "parameters": describe_parameters(rule.code, rule.parameters),
                "is_used": rule.pk in used,
            }
            for rule in sorted(rules, key=lambda rule: order.index(rule.code))
        ],
        "may_edit": can_edit_law(request.user),
    }
    return render(request, "cases/law.html", context)


@login_required
def edit_rule(request, pk):
    """Correct a rule as it stands."""
    return _edit(request, pk, is_next=False)


@login_required
def succeed_rule(request, pk):
    """Enter a rule's next version from a day on."""
    return _edit(request, pk, is_next=True)


def _edit(request, pk, *, is_next):
    if not can_edit_law(request.user):
        raise PermissionDenied
    rule = get_object_or_404(LawRule, pk=pk)
    form = RuleForm(request.POST or None, rule=rule, is_next=is_next)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _save(request, rule, form, is_next=is_next):
            return redirect("cases:law")
    context = {"rule": rule, "form": form, "is_next": is_next}
    return render(request, "cases/rule.html", context, status=status)


def _save(request, rule, form, *, is_next) -> bool:
    try:
        if is_next:
            services.succeed_rule(
                actor=request.user,
                rule=rule,
                valid_from=form.cleaned_data["valid_from"],
                text=form.text,
            )
        else:
            services.edit_rule(actor=request.user, rule=rule, text=form.text)
    except services.UnableToEditRule as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved. The change stands in the audit log."))
    return True

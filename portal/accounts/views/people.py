from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .. import services
from ..enums import FAIR_PURPOSES
from ..forms import ProfileForm
from ..limits import client_ip
from ..queries import consents_by_subject, consents_in_force, current_texts


@login_required
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.edit_profile(actor=request.user, user=form.instance, fields=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@login_required
def consents(request):
    """Every purpose with its text; given and withdrawn with one button each."""
    texts = [text for text in current_texts() if text.purpose not in FAIR_PURPOSES]
    by_subject = consents_by_subject(request.user)
    if request.method == "POST":
        single = next((c for c in by_subject if str(c.pk) == request.POST.get("consent")), None)
        text = next((t for t in texts if str(t.pk) == request.POST.get("text")), None)
        if single is not None:
            services.withdraw_consent(
                actor=request.user,
                purpose=single.text.purpose,
                subject=single.subject,
                recipient=single.recipient,
            )
        elif text is None:
            raise Http404
        elif request.POST.get("give"):
            services.give_consent(actor=request.user, text=text, ip_address=client_ip(request))
        else:
            services.withdraw_consent(actor=request.user, purpose=text.purpose)
        return redirect("accounts:consents")
    held = consents_in_force(request.user)
    rows = [{"text": text, "consent": held.get(text.purpose)} for text in texts]
    return render(request, "accounts/consents.html", {"rows": rows, "by_subject": by_subject})


@login_required
def export(request):
    """Everything the portal holds about the person, as JSON."""
    user = request.user
    data = {
        "email": user.email,
        "name": user.name,
        "phone": user.phone,
        "language": user.language,
        "joined_at": user.date_joined.isoformat(),
        "memberships": [
            {"organization": m.organization.name, "role": m.role, "state": m.state}
            for m in user.memberships.select_related("organization")
        ],
        "consents": [
            {
                "purpose": c.text.purpose,
                "version": c.text.version,
                "subject": c.subject,
                "given_at": c.given_at.isoformat(),
                "withdrawn_at": c.withdrawn_at and c.withdrawn_at.isoformat(),
            }
            for c in user.consents.select_related("text")
        ],
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response

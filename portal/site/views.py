from django.shortcuts import render


def csrf_failure(request, reason=""):
    """Say in plain words that the form was too old, and how to send it again."""
    return render(request, "403_csrf.html", status=403)

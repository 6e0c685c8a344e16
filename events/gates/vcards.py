"""A contact as a file that phones read: vCard 4.0 (RFC 6350)."""

from collections.abc import Iterator

from events.registration.models import Registration

OCTETS = 75


def vcard(registration: Registration, *, note: str = "") -> str:
    """The card of somebody who has agreed to give it; lines end as the standard says."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *_properties(registration, note), "END:VCARD"]
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _properties(registration: Registration, note: str) -> Iterator[str]:
    person = registration.person
    yield f"UID;VALUE=text:registration-{registration.pk}"
    yield f"FN:{_escape(registration.name)}"
    if registration.organization_label:
        yield f"ORG:{_escape(registration.organization_label)}"
    if registration.post:
        yield f"TITLE:{_escape(registration.post)}"
    if registration.email:
        yield f"EMAIL;TYPE=work:{_escape(registration.email)}"
    if person is not None and person.phone:
        yield f"TEL;TYPE=work:{_escape(person.phone)}"
    if note:
        yield f"NOTE:{_escape(note)}"


def _escape(text: str) -> str:
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _fold(line: str) -> str:
    """Break after 75 octets, never inside a character; what goes on begins with a blank."""
    parts: list[str] = []
    part = ""
    for sign in line:
        room = OCTETS - (1 if parts else 0)
        if len((part + sign).encode()) > room:
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part])

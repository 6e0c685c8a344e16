"""The second step of signing in: everybody's is the same."""

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # that of the demo city, too


def code_of():
    """The code that everybody's second step shows now."""
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    *_before, counter = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(SECRET, counter))

"""One function per address of the REST interface; each returns status and body."""

"""Measures the ledger on a generated city: writing, reading back, verifying."""

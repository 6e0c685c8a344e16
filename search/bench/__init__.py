"""What the portal's search door costs over the bare engine; see docs/figures.md."""

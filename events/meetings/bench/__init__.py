"""Measures a fair on which people pick their times while five hundred of them act at once."""

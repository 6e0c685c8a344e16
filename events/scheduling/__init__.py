"""Schedules for fairs (对接会排期): who meets whom in which slot and at which table.

Pure Python without Django and its models. Only the modules that solve import ortools, and only
inside functions, so that a process which merely imports this package stays small.
"""

"""Patrol truth: which cells were patrolled when, as one fold of positions."""

from dashboard.patrol.visits import Visits, pack_visits, unpack_visits

__all__ = ["Visits", "pack_visits", "unpack_visits"]

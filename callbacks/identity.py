"""Who makes the request that is being answered: the gate says it, whoever answers asks it."""

from flask import g

from dashboard.access import Principal


def admit(principal: Principal) -> None:
    """The gate has found out who it is."""
    g.principal = principal


def current() -> Principal:
    """Who it is; raises AttributeError where the gate let nobody in, because then nobody may be here."""
    principal: Principal = g.principal
    return principal

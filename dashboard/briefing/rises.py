"""Telling a rise from noise: counts of a week against the weeks before it, many kinds at once."""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def p_value(count: int, before: Sequence[int]) -> float:
    """How likely so many, or more, would be if nothing had changed; 1 where there is nothing to compare with.

    Weeks of cases vary more than coin tosses do: the variance of the weeks before is taken where it is greater than
    their mean (negative binomial), with one week's worth of doubt about the mean itself.
    """
    if len(before) < 2:
        return 1.0
    mean = (sum(before) + 0.5) / len(before)
    spread = max(float(np.var(before, ddof=1)), mean) * (1 + 1 / len(before))
    if spread <= mean * 1.0001:
        return float(stats.poisson.sf(count - 1, mean))
    size = mean * mean / (spread - mean)
    return float(stats.nbinom.sf(count - 1, size, size / (size + mean)))


def risen(p_values: Sequence[float], false_share: float) -> list[bool]:
    """Which are no noise, so that of those named at most `false_share` are (Benjamini-Hochberg)."""
    if not p_values:
        return []
    order = np.argsort(p_values)
    ranked = np.asarray(p_values)[order]
    passing = np.flatnonzero(ranked <= false_share * np.arange(1, len(ranked) + 1) / len(ranked))
    chosen = np.zeros(len(ranked), bool)
    if len(passing):
        chosen[order[: passing[-1] + 1]] = True
    return [bool(each) for each in chosen]

"""Telling a rise from noise: counts of a week against the weeks before it, many kinds at once."""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def p_value(count: int, before: Sequence[int]) -> float:
    """How likely so many, or more, would be if nothing had changed; 1 where there is nothing to compare with.

    Weeks of cases vary more than coin tosses do: the variance of the weeks before is taken where it is greater than
    their mean (negative binomial). Eight weeks know a variance badly, so the count must also stand out by Student's t,
    on the scale of the square root, on which counts spread evenly (Anscombe 1948).
    """
    if len(before) < 2 or count < 1:
        return 1.0
    doubt = 1 + 1 / len(before)  # one week's worth about the mean itself
    mean = (sum(before) + 0.5) / len(before)
    spread = max(float(np.var(before, ddof=1)), mean) * doubt
    size = mean * mean / (spread - mean)
    binomial = float(stats.nbinom.sf(count - 1, size, size / (size + mean)))
    roots = 2 * np.sqrt(np.asarray(before) + 0.375)
    deviation = (2 * np.sqrt(count - 0.125) - roots.mean()) / np.sqrt(max(np.var(roots, ddof=1), 1.0) * doubt)
    return max(binomial, float(stats.t.sf(deviation, len(before) - 1)))


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

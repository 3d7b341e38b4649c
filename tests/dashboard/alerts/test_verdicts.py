from dashboard.alerts.verdicts import KEEP_S, Verdict, Verdicts


def test_each_alert_counts_once_and_may_change_its_mind() -> None:
    verdicts = Verdicts()
    assert verdicts.note("a", Verdict("cam", 1.0, True))
    assert not verdicts.note("a", Verdict("cam", 1.0, True))
    assert verdicts.of("cam") == (0, 1)
    verdicts.note("a", Verdict("cam", 1.0, False))
    assert verdicts.of("cam") == (1, 0)
    verdicts.note("a", None)
    assert verdicts.of("cam") == (0, 0)


def test_verdicts_are_kept_for_thirty_days_and_over_a_restart() -> None:
    verdicts = Verdicts()
    verdicts.note("old", Verdict("cam", 0.0, True))
    verdicts.note("new", Verdict("cam", KEEP_S, True))
    successor = Verdicts()
    successor.restore(dict(verdicts.memory()))
    assert successor.of("cam") == (0, 2)
    successor.prune(KEEP_S + 1)
    assert successor.of("cam") == (0, 1)

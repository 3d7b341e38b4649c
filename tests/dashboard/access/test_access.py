import threading
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pyotp
import pytest
from msgspec.structs import replace

from dashboard.access import Permission, Principal, Role, Via, passwords
from dashboard.access.access import Access, opened
from dashboard.access.outcomes import (
    MustChange,
    NeedsEnrolment,
    NeedsSecondFactor,
    Reason,
    Refused,
    SignedIn,
)
from dashboard.access.passwords import Hasher, Weakness
from dashboard.access.sessions import Limits
from dashboard.settings import Settings
from dashboard.store import JournalUnavailable, connect
from tests.dashboard.access.ground import CENTRE, HERE, PASSWORD, Ground
from tests.people import KEY

OTHER = "Andere-9z"
DAY = 86_400.0


# -- who a principal is ----------------------------------------------------------------------------------------


def test_a_principal_covers_its_own_centre_and_those_below() -> None:
    principal = Principal("li", "李", Role.OFFICER, "11", "s", Via.PASSWORD)
    parents = {"1": "", "11": "1", "111": "11", "12": "1"}
    tree = SimpleNamespace(centres={code: SimpleNamespace(parent=parent) for code, parent in parents.items()})
    covered = [centre for centre in ("", "1", "11", "111", "12", "nowhere") if principal.covers(centre, tree)]
    assert covered == ["11", "111"]
    assert principal.may(Permission.ACT_INCIDENT)
    assert not principal.may(Permission.COMMAND)


# -- signing in ------------------------------------------------------------------------------------------------


def test_who_gives_orders_is_in_only_after_the_second_factor(ground: Ground) -> None:
    li = ground.somebody()
    half = ground.sign_in()
    assert isinstance(half, NeedsSecondFactor)
    assert ground.who(half.token) is None
    whole = ground.access.second_factor(half.token, ground.code(li.secret))
    assert isinstance(whole, SignedIn)
    assert ground.who(whole.token) == whole.principal
    assert (whole.principal.name, whole.principal.title) == ("li", "值班员 李")
    assert (whole.principal.role, whole.principal.centre, whole.principal.via) == (Role.OFFICER, CENTRE, Via.PASSWORD)


def test_an_auditor_is_in_by_password(ground: Ground) -> None:
    ground.somebody("wang", Role.AUDITOR)
    assert isinstance(ground.sign_in("wang"), SignedIn)


def test_a_name_is_known_however_it_is_spelled(ground: Ground) -> None:
    ground.somebody("wang", Role.AUDITOR)
    assert isinstance(ground.sign_in(" ＷANG "), SignedIn)


def test_a_token_of_an_earlier_step_is_worth_nothing_after(ground: Ground) -> None:
    li = ground.somebody()
    planted = ground.sign_in()  # somebody else's browser holds this token too
    whole = ground.access.second_factor(planted.token, ground.code(li.secret))
    assert whole.token != planted.token
    assert ground.who(planted.token) is None
    assert ground.access.progress(planted.token) == Refused(Reason.OVER)


def test_of_two_who_finish_one_sign_in_one_gets_a_session(ground: Ground) -> None:
    li = ground.somebody()
    half = ground.sign_in()
    first, second = li.codes[:2]
    assert isinstance(ground.access.second_factor(half.token, first), SignedIn)
    assert ground.access.second_factor(half.token, second) == Refused(Reason.OVER)


def test_progress_says_where_a_token_stands(ground: Ground) -> None:
    li = ground.somebody()
    half = ground.sign_in()
    assert ground.access.progress(half.token) == half
    assert ground.access.progress(li.token).principal == ground.who(li.token)
    assert ground.access.progress("") == ground.access.progress("guess") == Refused(Reason.OVER)


def test_signing_out_ends_the_session(ground: Ground) -> None:
    li = ground.somebody()
    ended = ground.access.end(li.token)
    assert ended is not None and ended.name == "li"
    assert ground.who(li.token) is None
    assert ground.access.end(li.token) is None


# -- guessing --------------------------------------------------------------------------------------------------


def test_no_answer_tells_whether_a_name_is_there(ground: Ground) -> None:
    ground.somebody()
    ground.keeper.add("waits", Role.OFFICER, CENTRE)  # has no password yet
    ground.somebody("gone", Role.OFFICER)
    ground.keeper.disable("gone")
    names = ("li", "nobody", "waits", "gone", "no name at all")
    for _ in range(7):
        answers, asked = [], []
        for name in names:
            before = ground.hasher.asked
            answers.append(replace(ground.sign_in(name, "wrong"), name=""))
            asked.append(ground.hasher.asked - before)
        assert answers == [answers[0]] * len(names)
        assert asked == [asked[0]] * len(names)  # the hash is what takes time
    assert answers[0].reason is Reason.SHUT


def test_a_disabled_account_is_answered_like_a_wrong_password(ground: Ground) -> None:
    ground.somebody()
    ground.keeper.disable("li")
    assert ground.sign_in() == ground.sign_in("li", "wrong") == Refused(Reason.WRONG, name="li")


def test_five_failures_shut_a_name_for_a_quarter_of_an_hour(ground: Ground) -> None:
    ground.somebody("wang", Role.AUDITOR)
    for _ in range(5):
        assert ground.sign_in("wang", "wrong").reason is Reason.WRONG
    ground.now += 60
    assert ground.sign_in("wang") == Refused(Reason.SHUT, 14 * 60.0, "wang")
    ground.now += 14 * 60 - 1
    assert ground.sign_in("wang").reason is Reason.SHUT
    ground.now += 1
    assert isinstance(ground.sign_in("wang"), SignedIn)


def test_guesses_side_by_side_are_no_more_than_five(ground: Ground) -> None:
    ground.somebody("wang", Role.AUDITOR)
    before, answers = ground.hasher.asked, []
    guesses = [threading.Thread(target=lambda: answers.append(ground.sign_in("wang", "wrong"))) for _ in range(40)]
    for guess in guesses:
        guess.start()
    for guess in guesses:
        guess.join()
    assert ground.hasher.asked - before <= 5
    assert sum(answer.reason is Reason.WRONG for answer in answers) <= 5


def test_the_right_password_does_not_open_the_way_to_endless_codes(ground: Ground) -> None:
    ground.somebody()
    refusals = []
    for _ in range(6):
        half = ground.sign_in()
        refusals.append(
            ground.access.second_factor(half.token, "000000").reason
            if half.__class__ is NeedsSecondFactor
            else half.reason
        )
    assert refusals == [Reason.WRONG_CODE] * 5 + [Reason.SHUT]


def test_a_session_half_way_ends_with_the_last_guess(ground: Ground) -> None:
    ground.somebody()
    half = ground.sign_in()
    for _ in range(5):
        assert ground.access.second_factor(half.token, "000000").reason is Reason.WRONG_CODE
    assert ground.access.second_factor(half.token, "000000").reason is Reason.SHUT
    assert ground.access.second_factor(half.token, "000000").reason is Reason.OVER


def test_who_shuts_a_name_from_outside_does_not_end_the_officers_watch(ground: Ground) -> None:
    li = ground.somebody()
    for _ in range(6):
        ground.sign_in("li", "wrong")
    assert ground.sign_in().reason is Reason.SHUT
    assert ground.who(li.token) is not None


# -- what ends a session ---------------------------------------------------------------------------------------


def test_a_session_ends_when_nobody_acts_for_half_an_hour(ground: Ground) -> None:
    li = ground.somebody()
    for _ in range(3):
        ground.now += 29 * 60
        assert ground.access.principal(li.token, HERE) is not None
    ground.now += 29 * 60
    assert ground.who(li.token) is not None
    assert ground.access.principals([li.token])[0] is not None  # a page that only listens is not somebody who acts
    ground.now += 60
    assert ground.who(li.token) is None


def test_a_session_ends_after_twelve_hours_whatever_is_done(ground: Ground) -> None:
    li = ground.somebody()
    opened_at = ground.now
    while ground.now + 1_000 < opened_at + 12 * 3600:
        ground.now += 1_000
        assert ground.access.principal(li.token, HERE) is not None
    ground.now = opened_at + 12 * 3600
    assert ground.access.principal(li.token, HERE) is None


def test_the_operator_sets_how_long_a_session_lasts(url: str) -> None:
    ground = Ground(url, limits=Limits(idle_s=60, absolute_s=600))
    li = ground.somebody()
    ground.now += 60
    assert ground.who(li.token) is None


def test_a_locked_account_ends_at_once(ground: Ground) -> None:
    li = ground.somebody()
    ground.keeper.disable("li")
    assert ground.who(li.token) is None
    assert ground.access.principals([li.token]) == [None]
    ground.keeper.enable("li")
    assert ground.who(li.token) is None  # open again, but nobody is in
    assert isinstance(ground.sign_in(), NeedsSecondFactor)


def test_a_change_of_role_and_centre_holds_at_once(ground: Ground) -> None:
    li = ground.somebody()
    ground.keeper.amend("li", role=Role.COMMANDER, centre="440306", title="指挥长 李")
    principal = ground.who(li.token)
    assert (principal.role, principal.centre, principal.title) == (Role.COMMANDER, "440306", "指挥长 李")


def test_who_is_to_give_orders_from_now_on_needs_a_second_factor_first(ground: Ground) -> None:
    wang = ground.somebody("wang", Role.AUDITOR)
    ground.keeper.amend("wang", role=Role.OFFICER)
    assert ground.who(wang.token) is None
    assert ground.access.progress(wang.token) == NeedsEnrolment(wang.token, "wang")
    assert ground.who(ground.enrol("wang", wang.token).token).role is Role.OFFICER


def test_a_reset_ends_a_sign_in_that_races_it(ground: Ground) -> None:
    """The password is checked, then reset by an administrator, then the session begins."""
    ground.somebody("wang", Role.AUDITOR)

    class Slow(Hasher):
        def verify(self, kept: str, password: str) -> bool:
            is_right = super().verify(kept, password)
            ground.keeper.reset_password("wang")
            return is_right

    ground.access._hasher = Slow(1, 8, 1)
    outcome = ground.sign_in("wang")
    assert isinstance(outcome, SignedIn)
    assert ground.who(outcome.token) is None


def test_the_principals_of_many_sockets_come_in_their_order(ground: Ground) -> None:
    li, wang = ground.somebody(), ground.somebody("wang", Role.AUDITOR)
    screen = ground.access.sign_in_screen(ground.keeper.add_screen("wall-1", CENTRE), HERE)
    found = ground.access.principals([wang.token, "guess", screen.token, li.token, ""])
    assert [each and each.name for each in found] == ["wang", None, "wall-1", "li", None]
    assert ground.access.principals([]) == []


def test_a_session_that_an_administrator_ended_is_over(ground: Ground) -> None:
    li = ground.somebody()
    (session,) = ground.access.sessions()
    assert ground.access.end_session(session.id).name == "li"
    assert ground.who(li.token) is None
    assert ground.access.end_session(session.id) is None


# -- passwords -------------------------------------------------------------------------------------------------


def test_a_changed_password_ends_every_other_session(ground: Ground) -> None:
    li = ground.somebody()
    half = ground.sign_in()
    elsewhere = ground.access.second_factor(half.token, ground.code(li.secret))
    changed = ground.access.change_password(li.token, PASSWORD, OTHER)
    assert isinstance(changed, SignedIn)
    assert ground.who(changed.token) is not None
    assert ground.who(elsewhere.token) is None
    assert ground.who(li.token) is None
    assert ground.sign_in().reason is Reason.WRONG
    assert isinstance(ground.sign_in("li", OTHER), NeedsSecondFactor)


def test_the_old_password_is_asked_for_and_cannot_be_guessed_either(ground: Ground) -> None:
    li = ground.somebody()
    for _ in range(5):
        assert ground.access.change_password(li.token, "wrong", OTHER).reason is Reason.WRONG_PASSWORD
    assert ground.access.change_password(li.token, PASSWORD, OTHER).reason is Reason.SHUT


def test_a_weak_password_is_refused_with_every_reason(ground: Ground) -> None:
    li = ground.somebody()
    refused = ground.access.change_password(li.token, PASSWORD, "abc")
    assert refused.reason is Reason.WEAK
    assert {Weakness.TOO_SHORT, Weakness.FEW_CLASSES} <= set(refused.weaknesses)


def test_the_last_five_passwords_are_not_taken_again(ground: Ground) -> None:
    token = ground.somebody("wang", Role.AUDITOR).token
    used = [PASSWORD, *(f"{letter}nders-9z" for letter in "ABCDEF")]
    for old, new in pairwise(used):
        assert ground.access.change_password(token, old, old).weaknesses == (Weakness.USED_BEFORE,)
        token = ground.access.change_password(token, old, new).token
    assert ground.access.change_password(token, used[-1], used[-5]).weaknesses == (Weakness.USED_BEFORE,)
    assert isinstance(ground.access.change_password(token, used[-1], used[-6]), SignedIn)


def test_a_password_is_changed_after_ninety_days_before_anything_else(ground: Ground) -> None:
    ground.somebody("wang", Role.AUDITOR)
    ground.now += 90 * DAY
    assert isinstance(ground.sign_in("wang"), SignedIn)
    ground.now += 1
    due = ground.sign_in("wang")
    assert isinstance(due, MustChange)
    assert ground.who(due.token) is None
    assert isinstance(ground.access.change_password(due.token, PASSWORD, OTHER), SignedIn)
    assert isinstance(ground.sign_in("wang", OTHER), SignedIn)


def test_an_old_password_is_not_changed_before_the_second_factor_is_given(ground: Ground) -> None:
    li = ground.somebody()
    ground.now += 91 * DAY
    half = ground.sign_in()
    assert isinstance(half, NeedsSecondFactor)
    assert ground.access.change_password(half.token, PASSWORD, OTHER) == Refused(Reason.OVER)
    due = ground.access.second_factor(half.token, ground.code(li.secret))
    assert isinstance(due, MustChange)
    assert isinstance(ground.access.change_password(due.token, PASSWORD, OTHER), SignedIn)


def test_an_old_password_throws_nobody_out(ground: Ground) -> None:
    ground.somebody("wang", Role.AUDITOR)
    ground.now += 90 * DAY - 60
    wang = ground.sign_in("wang")
    ground.now += 120
    assert ground.who(wang.token) is not None


def test_the_other_profile_asks_for_length_and_never_for_another_password(url: str) -> None:
    ground = Ground(url, "asvs")
    link = ground.keeper.add("wang", Role.AUDITOR, CENTRE)
    assert ground.access.accept(link, PASSWORD, HERE, "").weaknesses == (Weakness.TOO_SHORT,)
    assert isinstance(ground.access.accept(link, "a bridge over water", HERE, ""), SignedIn)
    ground.now += 1_000 * DAY
    assert isinstance(ground.sign_in("wang", "a bridge over water"), SignedIn)


def test_a_hash_of_another_cost_is_renewed_at_the_next_sign_in(ground: Ground, url: str) -> None:
    ground.somebody("wang", Role.AUDITOR)
    (before,) = ground.keeper.accounts()
    dearer = Access(url, KEY, clock=lambda: ground.now, hasher=Hasher(2, 16, 1))
    assert isinstance(dearer.sign_in("wang", PASSWORD, HERE, ""), SignedIn)
    (after,) = ground.keeper.accounts()
    assert "m=16,t=2" in after.password_hash
    assert after.past_hashes == (after.password_hash,) != before.past_hashes
    assert isinstance(dearer.sign_in("wang", PASSWORD, HERE, ""), SignedIn)


def test_two_who_change_one_password_at_once_do_not_both_succeed(ground: Ground) -> None:
    wang = ground.somebody("wang", Role.AUDITOR)
    elsewhere = ground.sign_in("wang")

    class Slow(Hasher):
        def hash(self, password: str) -> str:
            ground.access._hasher = ground.hasher
            assert isinstance(ground.access.change_password(elsewhere.token, PASSWORD, OTHER), SignedIn)
            return super().hash(password)

    slow = Slow.__new__(Slow)
    slow.__dict__.update(ground.hasher.__dict__)
    ground.access._hasher = slow
    assert ground.access.change_password(wang.token, PASSWORD, "Dritte-8y") == Refused(Reason.OVER)
    assert isinstance(ground.sign_in("wang", OTHER), SignedIn)


# -- one-time links --------------------------------------------------------------------------------------------


def test_the_first_administrator_is_made_by_a_link_of_the_first_run(ground: Ground) -> None:
    link = ground.access.first_link()
    outcome = ground.access.accept(link, PASSWORD, HERE, "", name="Chen", title="系统管理员 陈", centre="440306")
    assert isinstance(outcome, NeedsEnrolment)
    chen = ground.enrol("chen", outcome.token)
    assert ground.who(chen.token).role is Role.ADMINISTRATOR
    assert ground.access.first_link() is None


def test_a_first_link_is_void_once_there_is_an_account(ground: Ground) -> None:
    link = ground.access.first_link()
    ground.keeper.add("root", Role.ADMINISTRATOR, "440306")
    assert ground.access.link(link) is None
    assert ground.access.accept(link, PASSWORD, HERE, "", name="chen") == Refused(Reason.OVER)


def test_who_is_second_to_be_first_is_told_so(ground: Ground) -> None:
    link = ground.access.first_link()
    ground.meanwhile(lambda: ground.keeper.add("root", Role.ADMINISTRATOR, "440306"), looks=3)
    assert ground.access.accept(link, PASSWORD, HERE, "", name="chen") == Refused(Reason.OVER)
    assert [account.name for account in ground.keeper.accounts()] == ["root"]


def test_a_later_first_link_voids_the_one_before(ground: Ground) -> None:
    earlier, later = ground.access.first_link(), ground.access.first_link()
    assert ground.access.link(earlier) is None
    assert ground.access.link(later) is not None


@pytest.mark.parametrize("name", ["", "a", "two words", "x" * 41, "<script>", "\ud800\ud800"])
def test_a_name_that_cannot_be_one_leaves_the_link_as_it_is(ground: Ground, name: str) -> None:
    link = ground.access.first_link()
    assert ground.access.accept(link, PASSWORD, HERE, "", name=name).reason is Reason.NAME
    assert isinstance(ground.access.accept(link, PASSWORD, HERE, "", name="chen"), NeedsEnrolment)


def test_a_link_is_good_once_and_a_weak_password_does_not_use_it(ground: Ground) -> None:
    link = ground.keeper.add("wang", Role.AUDITOR, CENTRE)
    assert ground.access.accept(link, "short", HERE, "").reason is Reason.WEAK
    assert isinstance(ground.access.accept(link, PASSWORD, HERE, ""), SignedIn)
    assert ground.access.accept(link, OTHER, HERE, "") == Refused(Reason.OVER)


def test_a_link_that_many_use_at_once_lets_one_in(ground: Ground) -> None:
    link, outcomes = ground.keeper.add("wang", Role.AUDITOR, CENTRE), []
    tries = [
        threading.Thread(target=lambda: outcomes.append(ground.access.accept(link, PASSWORD, HERE, "")))
        for _ in range(8)
    ]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1


def test_a_link_is_void_after_a_day(ground: Ground) -> None:
    link = ground.keeper.add("wang", Role.AUDITOR, CENTRE)
    ground.now += DAY
    assert ground.access.accept(link, PASSWORD, HERE, "") == Refused(Reason.OVER)


def test_a_link_does_not_open_a_locked_account(ground: Ground) -> None:
    link = ground.keeper.add("wang", Role.AUDITOR, CENTRE)
    ground.keeper.disable("wang")
    assert ground.access.accept(link, PASSWORD, HERE, "") == Refused(Reason.OVER)


def test_a_forgotten_password_does_not_get_round_the_second_factor(ground: Ground) -> None:
    ground.somebody()
    outcome = ground.access.accept(ground.keeper.reset_password("li"), OTHER, HERE, "")
    assert isinstance(outcome, NeedsSecondFactor)
    assert ground.who(outcome.token) is None


# -- screens ---------------------------------------------------------------------------------------------------


def test_a_screen_comes_in_by_its_own_token_and_only_looks(ground: Ground) -> None:
    screen = ground.access.sign_in_screen(ground.keeper.add_screen("wall-1", CENTRE, "大厅"), HERE)
    principal = ground.who(screen.token)
    assert (principal.role, principal.via, principal.centre) == (Role.WALL, Via.DEVICE, CENTRE)
    ground.now += 200 * DAY
    assert ground.who(screen.token) is not None
    assert ground.access.progress(screen.token) == SignedIn(screen.token, principal)
    for step in (ground.access.second_factor(screen.token, "1"), ground.access.enrol_begin(screen.token)):
        assert step == Refused(Reason.OVER)


def test_a_revoked_screen_goes_dark_at_once_and_a_new_one_of_its_name_is_another(ground: Ground) -> None:
    device = ground.keeper.add_screen("wall-1", CENTRE)
    screen = ground.access.sign_in_screen(device, HERE)
    ground.keeper.revoke_screen("wall-1")
    assert ground.who(screen.token) is None
    assert ground.access.sign_in_screen(device, HERE) == Refused(Reason.WRONG)
    ground.keeper.add_screen("wall-1", CENTRE)
    assert ground.who(screen.token) is None


def test_a_screen_comes_only_from_its_own_network(ground: Ground) -> None:
    device = ground.keeper.add_screen("wall-1", CENTRE, networks=["10.1.0.0/16"])
    assert ground.access.sign_in_screen(device, "10.2.0.1") == Refused(Reason.NOT_HERE, name="wall-1")
    screen = ground.access.sign_in_screen(device, "10.1.9.9")
    assert ground.access.principal(screen.token, "10.2.0.1") is None
    assert ground.access.principal(screen.token, "10.1.0.1") is not None


# -- the identity provider -------------------------------------------------------------------------------------


def vouched(ground: Ground, subject: str = "idp|1", name: str = "zhao", role: Role = Role.OFFICER, **more):
    return ground.access.oidc_sign_in(subject, name, "赵", role, CENTRE, HERE, "browser", **more)


def test_who_the_provider_vouched_for_with_a_second_factor_is_in(ground: Ground) -> None:
    outcome = vouched(ground, second_factor=True)
    assert isinstance(outcome, SignedIn)
    assert ground.who(outcome.token).via is Via.OIDC


def test_a_provider_that_asked_for_no_second_factor_leaves_it_to_us(ground: Ground) -> None:
    outcome = vouched(ground)
    assert isinstance(outcome, NeedsEnrolment)
    zhao = ground.enrol("zhao", outcome.token)
    assert ground.who(zhao.token) is not None
    assert isinstance(vouched(ground), NeedsSecondFactor)


def test_what_the_provider_says_of_somebody_replaces_what_was_known(ground: Ground) -> None:
    vouched(ground, second_factor=True)
    outcome = vouched(ground, name="zhao.renamed", role=Role.COMMANDER, second_factor=True)
    assert (outcome.principal.name, outcome.principal.role) == ("zhao", Role.COMMANDER)


def test_a_provider_cannot_take_over_an_account_that_was_made_here(ground: Ground) -> None:
    ground.somebody("zhao", Role.ADMINISTRATOR)
    assert vouched(ground, second_factor=True) == Refused(Reason.NAME, name="zhao")


def test_the_provider_does_not_open_a_locked_account(ground: Ground) -> None:
    vouched(ground, second_factor=True)
    ground.keeper.disable("zhao")
    assert vouched(ground, second_factor=True) == Refused(Reason.WRONG, name="zhao")


def test_an_account_of_the_provider_has_no_password_here(ground: Ground) -> None:
    vouched(ground, second_factor=True)
    assert ground.sign_in("zhao", "").reason is Reason.WRONG


@pytest.mark.parametrize("role", [Role.WALL, Role.GUEST])
def test_an_account_is_never_a_screen_or_a_guest(ground: Ground, role: Role) -> None:
    assert vouched(ground, role=role).reason is Reason.ROLE


# -- the state server ------------------------------------------------------------------------------------------


def test_nobody_is_in_while_the_state_server_is_away() -> None:
    access = Access("redis://127.0.0.1:1/0", KEY, hasher=Hasher(1, 8, 1))
    for ask in (
        lambda: access.principal("token", HERE),
        lambda: access.principals(["token"]),
        lambda: access.sign_in("li", PASSWORD, HERE, ""),
        lambda: access.progress("token"),
        lambda: access.second_factor("token", "1"),
        lambda: access.sign_in_screen("token", HERE),
        lambda: access.first_link(),
        lambda: access.accept("token", PASSWORD, HERE, ""),
        lambda: access.sessions(),
    ):
        with pytest.raises(JournalUnavailable):
            ask()


def test_no_secret_lies_in_the_state_server(ground: Ground, url: str) -> None:
    li = ground.somebody()
    link, device = ground.keeper.add("wang", Role.AUDITOR, CENTRE), ground.keeper.add_screen("wall-1", CENTRE)
    half = ground.access.accept(ground.keeper.add("zhao", Role.OFFICER, CENTRE), PASSWORD, HERE, "")
    waiting = ground.access.enrol_begin(half.token).secret
    redis = connect(url)
    kept = b" ".join(
        b" ".join(redis.hgetall(key)) + b" ".join(redis.hgetall(key).values())
        for key in redis.keys("wall:*")
        if redis.type(key) == b"hash"
    ).decode()
    codes = (*li.codes, *(code.replace("-", "") for code in li.codes))
    for secret in (li.token, li.secret, half.token, waiting, link, device, PASSWORD, *codes):
        assert secret not in kept


def test_the_settings_decide_profile_and_limits(url: str, tmp_path: Path) -> None:
    access = opened(url, Settings(data_dir=tmp_path, password_profile="asvs", idle_minutes=5, session_hours=1))
    assert access._profile is passwords.PROFILES["asvs"]
    assert access._sessions._limits == Limits(300, 3600)


def test_a_code_of_another_account_is_not_good(ground: Ground) -> None:
    ground.somebody()
    wang = ground.somebody("wang")
    half = ground.sign_in()
    code = pyotp.TOTP(wang.secret).at(int(ground.now))
    assert ground.access.second_factor(half.token, code).reason is Reason.WRONG_CODE

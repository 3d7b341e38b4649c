"""Signing in and out: plain forms, one step a page, and the session's cookie, whose token is new after each step.

What a step comes to is decided in dashboard/access; here it becomes the next page, and a row of the audit trail.
"""

import functools
import math
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, request

from callbacks import answers, identity, own_pages
from callbacks.brake import Brake
from callbacks.callers import Callers, address
from callbacks.cookies import SCREEN_S
from callbacks.gate import SIGN_IN, found, page
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Permission, Principal, Via
from dashboard.access.one_time import Purpose
from dashboard.access.outcomes import (
    Enrolled,
    MustChange,
    NeedsEnrolment,
    NeedsSecondFactor,
    Outcome,
    Reason,
    Refused,
    SignedIn,
)
from dashboard.access.permissions import ORDERS, STARTS, may_open
from dashboard.district import District
from layouts import signin as pages
from layouts.markup import Html
from layouts.words import Words

FORM_BYTES = 16 * 1024
_KEPT = ("next", "lang", "theme")
_STEPS = {NeedsSecondFactor: "/signin/code", NeedsEnrolment: "/signin/enrol", MustChange: "/signin/renew"}
_STATUS = {Reason.SHUT: 429, Reason.WEAK: 400, Reason.NAME: 400, Reason.UNREADABLE: 409}


class SignIn:
    """The pages of signing in."""

    def __init__(
        self,
        callers: Callers,
        trail: Trail,
        looks: Looks,
        rules: str,
        has_provider: bool,
        district: District,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`rules`: name of the password profile; the first administrator is of the whole district."""
        self._callers, self._access, self._cookie = callers, callers.access, callers.cookie
        self._trail, self._looks, self._clock = trail, looks, clock
        self._rules, self._has_provider, self._district = rules, has_provider, district
        self._brake = Brake()

    # -- pages ---------------------------------------------------------------------------------------------------

    def start(self) -> Response:
        """Name and password."""
        if request.method == "GET":
            return page(200, self.start_page())
        name = _given("name")
        outcome = self._access.sign_in(name, _given("password"), address(), _agent())
        return self.arrive(outcome, lambda said: self.start_page(said, name))

    def code(self) -> Response:
        """The code of the authenticator."""
        look = self._looks.current()
        if request.method == "GET":
            return self._at(NeedsSecondFactor) or page(200, pages.code(look))
        outcome = self._access.second_factor(self._cookie.token(), _given("code"))
        return self.arrive(outcome, lambda said: pages.code(look, said))

    def enrol(self) -> Response:
        """A new authenticator."""
        token, look = self._cookie.token(), self._looks.current()
        enrolment = self._access.enrol_begin(token)
        if isinstance(enrolment, Refused):
            return self._over()

        def shown(said: str = "") -> Html:
            return pages.enrol(look, Html(enrolment.svg), enrolment.secret, said)

        if request.method == "GET":
            return page(200, shown())
        outcome = self._access.enrol_confirm(token, _given("code"))
        if isinstance(outcome, Enrolled):
            return self._enrolled(outcome)
        return self.arrive(outcome, shown)

    def renew(self) -> Response:
        """Another password: because it must be, or because somebody wants to."""
        progress = self._access.progress(self._cookie.token())
        if not isinstance(progress, MustChange | SignedIn):
            return self._over()
        look, is_forced = self._looks.current(), isinstance(progress, MustChange)
        rules = look.words(f"rules.{self._rules}")
        if request.method == "GET":
            return page(200, pages.renew(look, rules, is_forced=is_forced))
        if _given("new") != _given("again"):
            return page(400, pages.renew(look, rules, [look.words("not_the_same")], is_forced))
        outcome = self._access.change_password(self._cookie.token(), _given("old"), _given("new"))
        if not isinstance(outcome, Refused):
            self._trail.note("password_changed", _name_of(outcome))
        return self.arrive(outcome, lambda said: pages.renew(look, rules, _told(look.words, outcome, said), is_forced))

    def setup(self) -> Response:
        """A one-time link: the first administrator, an invitation, a forgotten password."""
        token, look = request.args.get("token", ""), self._looks.current()
        link = self._access.link(token)
        if link is None:
            return page(410, pages.link_is_over(look))
        is_first, rules = link.purpose is Purpose.FIRST, look.words(f"rules.{self._rules}")
        typed = (_given("name"), _given("title"))
        shown = functools.partial(pages.setup, look, rules, link.name, is_first, kept=typed)
        if request.method == "GET":
            return page(200, shown())
        if _given("new") != _given("again"):
            return page(400, shown([look.words("not_the_same")]))
        outcome = self._access.accept(
            token, _given("new"), address(), _agent(), name=typed[0], title=typed[1], centre=self._district.root.code
        )
        if not isinstance(outcome, Refused):
            self._trail.note("link_used", _name_of(outcome), link.purpose)
        return self.arrive(outcome, lambda said: shown(_told(look.words, outcome, said)))

    def screen(self) -> Response:
        """A wall screen, by the token of its device."""
        look = self._looks.current()
        if request.method == "GET":
            return page(200, pages.screen(look))
        outcome = self._access.sign_in_screen(_given("token").strip(), address(), _agent())
        return self.arrive(outcome, lambda said: pages.screen(look, said))

    def out(self) -> Response:
        """Sign out."""
        ended = self._access.end(self._cookie.token())
        if ended is not None:
            self._trail.note("sign_out", ended.name, ended.id)
        return self._cookie.take(found(_onward(SIGN_IN, next="")))

    def account(self) -> Response:
        """Who somebody is here, and the way out."""
        who, look = identity.current(), self._looks.current()
        return page(200, pages.account(look, who, self._name_of_centre(look.words, who.centre)))

    def _name_of_centre(self, words: Words, code: str) -> str:
        centre = self._district.centres.get(code)
        return words.name(centre.name, centre.name_en) if centre else code

    def start_page(self, said: str = "", name: str = "") -> Html:
        """The first page, with what went wrong."""
        look = self._looks.current()
        wish = own_pages.inner_path(request.args.get("next"), "/wall")
        guest_to = ("/wall" if wish.startswith(SIGN_IN) else wish) if self._callers.guest else ""
        provider_to = _onward("/signin/provider") if self._has_provider else ""
        return pages.start(look, said, name, guest_to, provider_to)

    # -- what a step comes to ---------------------------------------------------------------------------------------

    def braked(self, view: Callable[[], Response]) -> Response:
        """The answer of a view, unless its caller's address has failed too often, or tries too much at once."""
        if request.method != "POST":
            return view()
        place = address()
        wait_s = self._brake.enter(place, self._clock())
        if wait_s:
            return self._too_often(wait_s)
        try:
            return view()
        finally:
            self._brake.leave(place)

    def arrive(
        self,
        outcome: Outcome,
        shown: Callable[[str], Html],
        go: Callable[[str], Response] = found,
        wish: str | None = None,
    ) -> Response:
        """The answer to a step: the next page; or `shown`, with what went wrong.

        `go` leads to a path; `wish`: where somebody wants to go, if not by this address.
        """
        if isinstance(outcome, Refused):
            return self._refused(outcome, shown)
        wish = own_pages.inner_path(request.args.get("next") if wish is None else wish)
        if isinstance(outcome, SignedIn):
            answer = self._signed_in(outcome, wish, go)
        else:
            answer = go(_onward(_STEPS[type(outcome)], next=wish))
        is_screen = isinstance(outcome, SignedIn) and outcome.principal.via is Via.DEVICE
        return self._cookie.give(answer, outcome.token, SCREEN_S if is_screen else None)

    def _signed_in(self, outcome: SignedIn, wish: str, go: Callable[[str], Response]) -> Response:
        who = outcome.principal
        before = self._cookie.token()
        if before:
            self._access.end(before)  # somebody else's, or an earlier one of theirs
        self._trail.note("sign_in", who.name, who.session, f"{who.via} {address()}", who)
        path = wish if wish and may_open(who.role, wish) else _onward(STARTS[who.role], next="")
        if outcome.recovery_codes_left is None:
            return go(path)
        return page(200, pages.code_used(self._looks.current(), outcome.recovery_codes_left, path))

    def _enrolled(self, enrolled: Enrolled) -> Response:
        """Show the recovery codes; the way on is already open behind them."""

        def shown(path: str) -> Response:
            return page(200, pages.recovery_codes(self._looks.current(), enrolled.codes, path))

        self._trail.note("second_factor_enrolled", _name_of(enrolled.outcome))
        return self.arrive(enrolled.outcome, self.start_page, go=shown)

    def _refused(self, refused: Refused, shown: Callable[[str], Html]) -> Response:
        if refused.reason is Reason.OVER:
            return self._over()
        if refused.reason is not Reason.WEAK:
            self._brake.failed(address(), self._clock())
            self._trail.note("sign_in_failed", refused.name or address(), refused.reason, address())
        if refused.reason is Reason.SHUT:
            return self._too_often(refused.retry_s, shown)
        look = self._looks.current()
        return page(_STATUS.get(refused.reason, 401), shown(look.words(f"refused.{refused.reason}")))

    def _too_often(self, wait_s: float, shown: Callable[[str], Html] | None = None) -> Response:
        words = self._looks.current().words
        said = words("refused.shut", wait=words.duration(wait_s))
        answer = page(429, (shown or self.start_page)(said))
        answer.headers["Retry-After"] = str(math.ceil(round(wait_s, 3)))
        return answer

    def _at(self, step: type) -> Response | None:
        """None where the session is at this step; otherwise the way to where it is."""
        progress = self._access.progress(self._cookie.token())
        if isinstance(progress, step):
            return None
        return self._over() if isinstance(progress, Refused | SignedIn) else found(_onward(_STEPS[type(progress)]))

    def _over(self) -> Response:
        """The session is not at this step, or there is none: from the start."""
        return found(_onward(SIGN_IN))


def register(server: Flask, sign_in: SignIn) -> None:
    """Wire the pages."""
    doors = Blueprint("signin", __name__)

    def door(path: str, endpoint: str, view: Callable[[], Response], *methods: str) -> None:
        def answer() -> Response:
            request.max_content_length = FORM_BYTES
            return sign_in.braked(view)

        doors.add_url_rule(path, endpoint, answer, methods=methods or ("GET", "POST"))

    door(SIGN_IN, "start", sign_in.start)
    door("/signin/code", "code", sign_in.code)
    door("/signin/enrol", "enrol", sign_in.enrol)
    door("/signin/renew", "renew", sign_in.renew)
    door("/setup", "setup", sign_in.setup)
    door("/screen", "screen", sign_in.screen)
    doors.add_url_rule("/account", "account", sign_in.account)
    doors.add_url_rule("/signout", "out", sign_in.out, methods=("POST",))
    doors.add_url_rule("/me", "me", lambda: me(identity.current()))
    # A page says that somebody types or clicks; the gate has noted it when this is reached.
    doors.add_url_rule("/active", "active", lambda: Response(status=204), methods=("POST",))
    server.register_blueprint(doors)


def me(who: Principal) -> Response:
    """What the page of somebody must know of them."""
    told: dict[str, Any] = {
        "name": who.name,
        "title": who.title,
        "role": who.role,
        "centre": who.centre,
        "via": who.via,
        "permissions": sorted(each for each in Permission if who.may(each)),
        "verbs": [verb for verb, needed in ORDERS.items() if who.may(needed)],
        "guest": who.via is Via.GUEST,
    }
    return answers.json(told)


def _onward(path: str, **changed: str) -> str:
    """A path of these pages with what this address carries along: where to afterwards, language and theme."""
    kept = {name: request.args[name] for name in _KEPT if name in request.args} | changed
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{path}?{query}" if query else path


def _told(words: Words, outcome: Outcome, said: str) -> list[str]:
    """What went wrong: each weakness of a password by itself."""
    if isinstance(outcome, Refused) and outcome.weaknesses:
        return [words(f"weak.{weakness}") for weakness in outcome.weaknesses]
    return [said]


def _name_of(outcome: Outcome) -> str:
    return outcome.principal.name if isinstance(outcome, SignedIn) else outcome.name


def _given(name: str) -> str:
    return request.form.get(name, "")


def _agent() -> str:
    return request.headers.get("User-Agent", "")

"""Keeping accounts: the administrators' page, and what its forms do. Each act is on record before it is done."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import quote

from flask import Blueprint, Flask, Response, request

from callbacks import identity
from callbacks.gate import page
from callbacks.look import Looks
from callbacks.trail import Trail
from dashboard.access import Principal, Role
from dashboard.access.accounts import AccessError, Fault
from dashboard.access.keeper import Keeper
from dashboard.access.one_time import PATH
from dashboard.district import District
from layouts import accounts as layout
from layouts.accounts import Told
from layouts.words import Words

FORM_BYTES = 16 * 1024
_NAME_CHARS = 80
_ON_RECORD = ("name", "title", "role", "centre", "networks")  # of a form; what else was sent may be a secret


class Desk:
    """What administrators do."""

    def __init__(
        self, keeper: Keeper, district: District, trail: Trail, looks: Looks, clock: Callable[[], float] = time.time
    ) -> None:
        self._keeper, self._district = keeper, district
        self._trail, self._looks, self._clock = trail, looks, clock
        self._acts: Mapping[str, Callable[[Words, str], Told]] = {
            "add": self._add,
            "amend": self._amend,
            "disable": self._disable,
            "enable": self._enable,
            "reset_password": self._reset_password,
            "reset_second_factor": self._reset_second_factor,
            "end_session": self._end_session,
            "add_screen": self._add_screen,
            "revoke_screen": self._revoke_screen,
        }

    def show(self) -> Response:
        """The page."""
        return self._page(Told())

    def act(self) -> Response:
        """Do what a form says, and show the page again, with what was done."""
        request.max_content_length = FORM_BYTES
        words, who = self._looks.current().words, identity.current()
        act, of = _given("act"), _given("of")[:_NAME_CHARS]
        if act not in self._acts:
            return self._page(Told(fault=words("no_such_act")), 400)
        wish = " ".join(f"{name}={_given(name)[:60]}" for name in _ON_RECORD if name in request.form)
        self._trail.note(f"account_{act}", who.name, of or _given("name")[:_NAME_CHARS], wish, who)
        try:
            self._check_not_own(act, of, who)
            return self._page(self._acts[act](words, of))
        except AccessError as error:
            return self._page(Told(fault=f"{error.subject}: {words(f'cannot.{error.fault}')}"), 409)
        except ValueError:
            return self._page(Told(fault=words("cannot.unknown")), 400)

    def _check_not_own(self, act: str, of: str, who: Principal) -> None:
        """Whoever keeps the accounts cannot shut themselves out by mistake."""
        is_demotion = act == "amend" and _given("role") != Role.ADMINISTRATOR
        if of == who.name and (act == "disable" or is_demotion):
            raise AccessError(Fault.LAST_ADMINISTRATOR, of)

    def _page(self, told: Told, status: int = 200) -> Response:
        who = identity.current()
        keeper = self._keeper
        shown = layout.Shown(
            keeper.accounts(), keeper.sessions(), keeper.screens(), who.session, who.name, who.role, self._clock()
        )
        return page(status, layout.screen(self._looks.current(), self._district, shown, told))

    # -- accounts ------------------------------------------------------------------------------------------------

    def _add(self, words: Words, _: str) -> Told:
        name = _given("name")
        token = self._keeper.add(name, Role(_given("role")), self._centre(), _given("title")[:60])
        return Told(words("done.add", name=name), link=_link(token))

    def _amend(self, words: Words, name: str) -> Told:
        before = next((each for each in self._keeper.accounts() if each.name == name), None)
        self._keeper.amend(name, role=Role(_given("role")), centre=self._centre(), title=_given("title")[:60])
        undo = {"act": "amend", "of": name}
        if before is not None:
            undo |= {"role": before.role.value, "centre": before.centre, "title": before.title}
        return Told(words("done.amend", name=name), undo=undo)

    def _disable(self, words: Words, name: str) -> Told:
        self._keeper.disable(name)
        return Told(words("done.disable", name=name), undo={"act": "enable", "of": name})

    def _enable(self, words: Words, name: str) -> Told:
        self._keeper.enable(name)
        return Told(words("done.enable", name=name))

    def _reset_password(self, words: Words, name: str) -> Told:
        return Told(words("done.reset_password", name=name), link=_link(self._keeper.reset_password(name)))

    def _reset_second_factor(self, words: Words, name: str) -> Told:
        self._keeper.reset_second_factor(name)
        return Told(words("done.reset_second_factor", name=name))

    # -- sessions and screens --------------------------------------------------------------------------------------

    def _end_session(self, words: Words, session: str) -> Told:
        ended = self._keeper.end_session(session)
        return Told(words("done.end_session", name=ended.name)) if ended else Told(fault=words("cannot.unknown"))

    def _add_screen(self, words: Words, _: str) -> Told:
        name, networks = _given("name"), [each for each in _given("networks").replace(",", " ").split() if each]
        token = self._keeper.add_screen(name, self._centre(), _given("title")[:60], networks)
        return Told(
            words("done.add_screen", name=name), link=f"{request.url_root.rstrip('/')}/screen#token={quote(token)}"
        )

    def _revoke_screen(self, words: Words, name: str) -> Told:
        self._keeper.revoke_screen(name)
        return Told(words("done.revoke_screen", name=name))

    def _centre(self) -> str:
        """The centre that the form names; raises ValueError for one that there is not."""
        centre = _given("centre")
        if centre not in self._district.centres:
            raise ValueError(centre)
        return centre


def register(server: Flask, keeper: Keeper, district: District, trail: Trail, looks: Looks) -> None:
    """Wire the page."""
    desk = Desk(keeper, district, trail, looks)
    doors = Blueprint("accounts", __name__)
    doors.add_url_rule("/accounts", "show", desk.show)
    doors.add_url_rule("/accounts", "act", desk.act, methods=("POST",))
    server.register_blueprint(doors)


def _link(token: str) -> str:
    return f"{request.url_root.rstrip('/')}{PATH}{quote(token)}"


def _given(name: str) -> str:
    return request.form.get(name, "").strip()

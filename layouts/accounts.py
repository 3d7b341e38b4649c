"""The administrators' page: accounts, sessions, wall screens. Plain forms, each of which names its `act`."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from dashboard.access import Role
from dashboard.access.accounts import ROLES, Account
from dashboard.access.screens import Screen
from dashboard.access.sessions import Session
from dashboard.district import District
from layouts import words as write
from layouts.markup import Html, joined, tag
from layouts.plain_page import Look, both, button, choice, fault, field, form, page
from layouts.ways import ways


class Shown(Struct, frozen=True):
    """What the page is about."""

    accounts: Sequence[Account]
    sessions: Sequence[Session]
    screens: Sequence[Screen]
    own_session: str  # of who looks
    own_name: str
    role: Role
    now: float


class Told(Struct, frozen=True):
    """What has just been done."""

    done: str = ""  # a sentence
    fault: str = ""
    link: str = ""  # a secret that is shown this once
    undo: Mapping[str, str] = {}  # the fields of the form that takes it back


def screen(look: Look, district: District, shown: Shown, told: Told) -> Html:
    """The page."""
    words = look.words
    return page(
        look,
        "accounts",
        _told(look, told),
        _accounts(look, district, shown),
        tag("h2", *both(words, "new_account")),
        _new_account(look, district),
        tag("h2", *both(words, "sessions")),
        _sessions(look, district.timezone, shown),
        tag("h2", *both(words, "wall_screens")),
        _screens(look, district, shown),
        tag("h2", *both(words, "new_screen")),
        _new_screen(look, district),
        ways(look, shown.role),
        css="wide",
    )


def _told(look: Look, told: Told) -> Html:
    words = look.words
    link = tag("p", tag("code", told.link, class_="link", tabindex="0")) if told.link else ""
    undo = form(*map(_hidden, told.undo.items()), button(words, "undo", "plain")) if told.undo else ""
    done = tag("div", tag("p", told.done), link, undo, class_="done", role="status") if told.done else ""
    return joined([fault(told.fault), done])


def _accounts(look: Look, district: District, shown: Shown) -> Html:
    heads = ("account", "post", "role", "centre", "state", "change")
    rows = [_account(look, district, shown, account) for account in shown.accounts]
    return _table(look, heads, rows)


def _account(look: Look, district: District, shown: Shown, account: Account) -> Html:
    words, name = look.words, account.name
    states = [
        words("disabled" if account.disabled else "in_use"),
        "" if account.totp_secret else words("no_second_factor"),
        "" if account.password_hash or account.subject else words("no_password"),
        words("from_provider") if account.subject else "",
    ]
    amend = tag(
        "details",
        tag("summary", *both(words, "amend")),
        form(
            _act("amend", name),
            field(words, "post", "title", account.title, maxlength=60, id=f"title-{name}"),
            _roles(look, account.role, name),
            _centres(look, district, account.centre, name),
            button(words, "save", "plain"),
            css="row",
        ),
    )
    acts = [amend]
    if account.disabled:
        acts.append(form(_act("enable", name), button(words, "enable", "plain")))
    elif name != shown.own_name:
        acts.append(form(_act("disable", name), button(words, "disable", "plain")))
    if not account.subject:
        acts.append(_grave(look, "reset_password", name))
    if account.totp_secret:
        acts.append(_grave(look, "reset_second_factor", name))
    return tag(
        "tr",
        tag("td", tag("b", name)),
        tag("td", account.title),
        tag("td", words(f"role.{account.role}")),
        tag("td", _centre(look, district, account.centre)),
        tag("td", "，".join(filter(None, states)) if look.lang == "zh" else ", ".join(filter(None, states))),
        tag("td", *acts),
        class_="is-off" if account.disabled else None,
    )


def _sessions(look: Look, zone: ZoneInfo, shown: Shown) -> Html:
    words = look.words
    rows = [
        tag(
            "tr",
            tag(
                "td", each.name, tag("span", words("your_own"), class_="beside") if each.id == shown.own_session else ""
            ),
            tag("td", words(f"via.{each.via}"), "" if each.complete else f" ({words('half_way')})"),
            tag("td", each.address),
            tag("td", each.agent[:60]),
            tag("td", write.day_and_time(each.opened_at, shown.now, zone)),
            tag("td", write.day_and_time(each.seen_at, shown.now, zone)),
            tag("td", form(_act("end_session", each.id), button(words, "end", "plain"))),
        )
        for each in shown.sessions
    ]
    return _table(look, ("account", "way_in", "address", "browser", "opened", "last_seen", "change"), rows)


def _screens(look: Look, district: District, shown: Shown) -> Html:
    rows = [
        tag(
            "tr",
            tag("td", tag("b", each.name)),
            tag("td", each.title),
            tag("td", _centre(look, district, each.centre)),
            tag("td", ", ".join(each.networks) or look.words("anywhere")),
            tag("td", _grave(look, "revoke_screen", each.name)),
        )
        for each in shown.screens
    ]
    return _table(look, ("screen_name", "screen_title", "centre", "networks", "change"), rows)


def _new_account(look: Look, district: District) -> Html:
    words = look.words
    return form(
        _act("add"),
        field(words, "account", "name", required=True, maxlength=40, autocomplete="off", id="new-name"),
        field(words, "post", "title", required=True, maxlength=60, autocomplete="off", id="new-title"),
        _roles(look, "officer", "new"),
        _centres(look, district, district.root.code, "new"),
        button(words, "add", "plain"),
        css="row",
    )


def _new_screen(look: Look, district: District) -> Html:
    words = look.words
    return form(
        _act("add_screen"),
        field(words, "screen_name", "name", required=True, maxlength=40, autocomplete="off", id="screen-name"),
        field(words, "screen_title", "title", maxlength=60, autocomplete="off", id="screen-title"),
        _centres(look, district, district.root.code, "screen"),
        field(
            words,
            "networks",
            "networks",
            maxlength=200,
            autocomplete="off",
            id="screen-networks",
            placeholder="10.0.0.0/8",
        ),
        button(words, "add", "plain"),
        css="row",
    )


def _grave(look: Look, act: str, name: str) -> Html:
    """What cannot be taken back asks first, without a script."""
    words = look.words
    return tag(
        "details",
        tag("summary", *both(words, f"act.{act}")),
        tag("p", words(f"sure.{act}", name=name)),
        form(_act(act, name), button(words, f"act.{act}", "grave")),
    )


def _table(look: Look, heads: Sequence[str], rows: Sequence[Html]) -> Html:
    words = look.words
    if not rows:
        return tag("p", words("none_here"), class_="hint")
    head = tag("thead", tag("tr", *(tag("th", words(each), scope="col") for each in heads)))
    return tag("table", head, tag("tbody", *rows))


def _roles(look: Look, chosen: str, key: str) -> Html:
    options = [(role.value, look.words(f"role.{role}")) for role in ROLES]
    return choice(look.words, "role", "role", options, chosen, f"-{key}")


def _centres(look: Look, district: District, chosen: str, key: str) -> Html:
    options = [
        (code, f"{'　' * (len(district.chain(code)) - 1)}{look.words.name(centre.name, centre.name_en)}")
        for code, centre in district.centres.items()
    ]
    return choice(look.words, "centre", "centre", options, chosen, f"-{key}")


def _centre(look: Look, district: District, code: str) -> str:
    centre = district.centres.get(code)
    return look.words.name(centre.name, centre.name_en) if centre else code


def _act(act: str, name: str = "") -> Html:
    return joined([_hidden(("act", act)), _hidden(("of", name)) if name else ""])


def _hidden(pair: tuple[str, str]) -> Html:
    return tag("input", type="hidden", name=pair[0], value=pair[1])

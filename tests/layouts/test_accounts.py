import pytest

from dashboard.access import Role, Via
from dashboard.access.accounts import Account
from dashboard.access.screens import Screen
from dashboard.access.sessions import Session
from layouts import accounts
from layouts.accounts import Shown, Told
from layouts.words import Lang
from tests.feeds.small_district import small_district
from tests.layouts.test_plain_page import LOOK


def account(name: str, role: Role = Role.OFFICER, **fields: object) -> Account:
    return Account(name=name, title=f"{name} 班", role=role, centre="C0", made_at=0.0, **fields)  # type: ignore[arg-type]


def shown(*people: Account, told: Told | None = None, lang: Lang = Lang.ZH) -> str:
    session = Session(id="s1", name="li", via=Via.PASSWORD, address="10.0.0.1", agent="<b>", complete=True)
    screen = Screen(name="hall", title="大厅", centre="A", made_at=0.0, networks=("10.0.0.0/8",))
    content = Shown(people, [session], [screen], "s1", "root1", Role.ADMINISTRATOR, 1_795_156_330.0)
    return accounts.screen(LOOK._replace(lang=lang), small_district(), content, told or Told())


def test_an_account_stands_there_with_role_centre_and_state() -> None:
    page = shown(account("li"), account("wang", disabled=True, totp_secret="S", password_hash="h"))
    assert "C0社区" in page
    assert "未绑定认证器" in page
    assert "待设置密码" in page
    assert page.count('class="is-off"') == 1
    assert "totp" not in page
    assert ">S<" not in page


def test_what_cannot_be_undone_asks_first_and_what_can_does_not() -> None:
    page = shown(account("li", totp_secret="S", password_hash="h"))
    for act in ("reset_password", "reset_second_factor", "revoke_screen"):
        before = page.split(f'value="{act}"')[0]
        assert before.rfind("<details>") > before.rfind("</details>"), act
    before = page.split('value="disable"')[0]
    assert before.rfind("</details>") > before.rfind("<details>")


def test_nobody_is_offered_to_disable_themselves() -> None:
    assert 'value="disable"' not in shown(account("root1", Role.ADMINISTRATOR))
    assert 'value="enable"' in shown(account("li", disabled=True))


def test_an_account_of_the_provider_has_no_password_to_reset() -> None:
    assert 'value="reset_password"' not in shown(account("li", subject="issuer 1"))


def test_a_link_is_shown_with_what_was_done_and_the_way_back() -> None:
    page = shown(told=Told("已建立", link="http://x/setup?token=t", undo={"act": "enable", "of": "li"}))
    assert '<code class="link" tabindex="0">http://x/setup?token=t</code>' in page
    assert 'name="of" value="li"' in page
    assert 'role="status"' in page


@pytest.mark.parametrize("lang", Lang)
def test_every_field_on_the_page_has_an_id_of_its_own(lang: Lang) -> None:
    page = shown(account("li"), account("wang"), lang=lang)
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    assert "&lt;b&gt;" in page

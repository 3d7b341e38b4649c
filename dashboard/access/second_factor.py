"""The second factor: a code of an authenticator (TOTP, RFC 6238) or a recovery code, each good once."""

import hmac
import io
import secrets

import pyotp
import segno
from msgspec import Struct
from msgspec.structs import replace

from dashboard.access import tokens
from dashboard.access.accounts import Account
from dashboard.access.permissions import Permission, Role, gives_orders, may
from dashboard.access.vault import Vault, is_sealed

STEP_S = 30
ISSUER = "wall135"
_TOLERATED = 1  # steps before and after: clocks differ, and people type slowly
_CODES = 8
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 characters that nobody mixes up
_GROUPS, _GROUP_CHARS = 4, 4  # 80 bits: a fast hash is enough


class Enrolment(Struct, frozen=True):
    """What an authenticator needs: the QR code says the same as the address, the secret is for typing."""

    uri: str
    svg: str
    secret: str


def is_required(role: Role) -> bool:
    """Whether a role needs one: who gives orders, and who decides who may."""
    return gives_orders(role) or may(role, Permission.ACCOUNTS)


def new_secret() -> str:
    """A secret for a new authenticator: 160 bits, in base32."""
    secret: str = pyotp.random_base32()
    return secret


def enrolment(name: str, secret: str) -> Enrolment:
    """How to put a secret into an authenticator."""
    uri = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=name, issuer_name=ISSUER)
    picture = io.BytesIO()
    segno.make(uri, error="m").save(picture, kind="svg", scale=5, xmldecl=False, svgns=True, dark="#000", light="#fff")
    return Enrolment(uri, picture.getvalue().decode(), secret)


def step_of(secret: str, code: str, after_step: int, now: float) -> int | None:
    """The time step of a code; None if it is none of about now, or not of a step after `after_step`."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    totp, present = pyotp.TOTP(secret, interval=STEP_S), int(now // STEP_S)
    steps = range(present - _TOLERATED, present + _TOLERATED + 1)
    fitting = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)]
    return next((step for step in fitting if step > after_step), None)


def recovery_codes() -> tuple[str, ...]:
    """Codes for the day on which the authenticator is lost."""
    return tuple(
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))
        for _ in range(_CODES)
    )


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code, however it is typed."""
    return tokens.fingerprint("".join(char for char in code.casefold() if char.isalnum()))


def spent(account: Account, code: str, now: float, vault: Vault) -> Account | None:
    """The account after this code was used; None if the code is not good, or not any more.

    Raises Unreadable where nobody can say: recovery codes are good even then.
    """
    if account.totp_secret is None:
        return None
    kept = recovery_hash(code)
    if kept in account.recovery_hashes:
        return replace(account, recovery_hashes=tuple(each for each in account.recovery_hashes if each != kept))
    step = step_of(vault.open(account.totp_secret, account.name), code, account.totp_step, now)
    return None if step is None else replace(sealed(account, vault), totp_step=step)


def sealed(account: Account, vault: Vault) -> Account:
    """The account with its secret sealed: accounts from before the vault have it in plain text."""
    if account.totp_secret is None or is_sealed(account.totp_secret):
        return account
    return replace(account, totp_secret=vault.seal(account.totp_secret, account.name))


def enrolled(account: Account, sealed_secret: str, step: int, codes: tuple[str, ...]) -> Account:
    """The account with its authenticator; the code that proved it is used."""
    hashes = tuple(recovery_hash(code) for code in codes)
    return replace(account, totp_secret=sealed_secret, totp_step=step, recovery_hashes=hashes)


def removed(account: Account) -> Account:
    """The account without a second factor; everything ends that was signed in with it."""
    return replace(account.outdated(), totp_secret=None, recovery_hashes=())

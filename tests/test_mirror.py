"""Conventions that hold for the whole tree."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [
    path.relative_to(ROOT)
    for package in ("dashboard", "feeds", "layouts", "callbacks")
    for path in sorted((ROOT / package).rglob("*.py"))
    if "districts" not in path.parts
]


def file_of_tests(module: Path) -> Path:
    """A package's own code is tested in the file that bears its name."""
    folder = ROOT / "tests" / module.parent
    return folder / f"test_{module.parent.name if module.stem == '__init__' else module.stem}.py"


def is_bare(module: Path) -> bool:
    """A package that holds only its sentence."""
    return module.stem == "__init__" and "def " not in (ROOT / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_has_a_test_file(module: Path) -> None:
    assert is_bare(module) or file_of_tests(module).exists(), f"{file_of_tests(module).relative_to(ROOT)} is missing"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_redis_and_the_socket_have_one_owner_each(module: Path) -> None:
    text = (ROOT / module).read_text(encoding="utf-8")
    owners = {"import redis": "dashboard/store.py", "from flask_socketio": ("callbacks/live.py", "callbacks/web.py")}
    for line, owner in owners.items():
        assert line not in text or str(module) in owner

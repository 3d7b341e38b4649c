import msgspec

from dashboard.briefing.model import SECTIONS, Briefing
from tests.briefings import example


def test_a_briefing_is_read_as_it_was_written() -> None:
    made = example()
    assert msgspec.json.decode(msgspec.json.encode(made), type=Briefing) == made


def test_every_section_has_its_place() -> None:
    assert tuple(section.id for section in example().sections) == SECTIONS

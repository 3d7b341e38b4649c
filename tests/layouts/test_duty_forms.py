from dashboard.orders import FIELDS
from dashboard.records import Level, Verb
from dashboard.response.deeds import Outcome
from layouts import duty_forms
from layouts.words import Lang
from tests.layouts import scenes

# Fields that the browser turns into fields of the order.
MADE = {"hours": "until", "position": "lat"}
ORDERS = {"classify": Verb.CLASSIFY, "note": Verb.NOTE, "close": Verb.CLOSE, "offer": Verb.OFFER, "shelve": Verb.SHELVE}
ORDERS |= {"decline": Verb.DECLINE, "report": Verb.REPORT, "register": Verb.REGISTER, "hand_over": Verb.HAND_OVER}


def test_a_form_asks_only_for_what_its_order_takes() -> None:
    forms = duty_forms.forms(scenes.view())
    for name, verb in ORDERS.items():
        for field in forms[name]["fields"]:
            assert MADE.get(field["name"], field["name"]) in FIELDS[verb].takes, (name, field["name"])


def test_every_field_has_a_label_in_both_languages() -> None:
    for lang in Lang:
        for form in duty_forms.forms(scenes.view(lang)).values():
            assert form["title"] and form["submit"]
            assert all(field["label"] for field in form["fields"])


def test_levels_and_outcomes_are_those_of_the_records() -> None:
    forms = duty_forms.forms(scenes.view())
    level, outcome = forms["classify"]["fields"][0], forms["close"]["fields"][0]
    assert [int(value) for value, _ in level["options"]] == [each.value for each in Level]
    assert [value for value, _ in outcome["options"]] == [each.value for each in Outcome]


def test_a_shelving_lasts_eight_hours_at_most() -> None:
    hours = duty_forms.forms(scenes.view())["shelve"]["fields"][0]
    assert max(float(value) for value, _ in hours["options"]) == 8


def test_a_call_can_be_placed_in_every_community() -> None:
    places = {name for _, name in duty_forms.forms(scenes.view())["register"]["fields"][0]["options"]}
    assert {centre.name for centre in scenes.baoan().communities} <= places

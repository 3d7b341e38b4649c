from dashboard.access.permissions import ORDERS
from dashboard.records import Verb
from layouts import duty_keys, words
from tests.layouts import scenes


def test_no_key_means_two_things_in_one_view() -> None:
    everywhere = [act.key for act in duty_keys.ACTS["everywhere"]]
    for name, acts in duty_keys.ACTS.items():
        keys = [act.key for act in acts]
        assert len(keys) == len(set(keys)), name
        if name != "everywhere":
            assert not set(keys) & set(everywhere), name


def test_every_act_has_a_word_and_the_permission_of_its_order() -> None:
    for acts in duty_keys.ACTS.values():
        for act in acts:
            assert f"act.{act.name}" in words.WORDS
            if act.verb:
                assert duty_keys.NEEDS[act.name] is ORDERS[act.verb]


def test_every_verb_can_be_told_as_done() -> None:
    assert set(duty_keys.browser(scenes.view())["done"]) == {verb.value for verb in Verb}


def test_the_list_of_keys_names_every_act_of_its_views() -> None:
    listed = {row[1] for part in duty_keys.helps(scenes.view()) for row in part["rows"]}
    assert {scenes.view().words(f"act.{act.name}") for acts in duty_keys.ACTS.values() for act in acts} <= listed


def test_a_button_is_shut_until_the_browser_knows_better() -> None:
    props = scenes.tree(duty_keys.button(scenes.view(), duty_keys.ACTS["incident"][0]))["props"]
    assert props["disabled"] is True
    assert props["data-act"] == "acknowledge"

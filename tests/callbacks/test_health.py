from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import health
from tests.memory_journal import NOW, MemoryJournal


@dataclass
class Copy:
    is_loaded: bool = True
    heard_at: float = NOW - 1
    gaps: int = 2


class Two:
    def viewers(self) -> int:
        return 2


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def situation() -> Copy:
    return Copy()


@pytest.fixture
def client(journal: MemoryJournal, situation: Copy) -> FlaskClient:
    server = Flask("test")
    health.register(server, journal, situation, Two(), lambda: NOW)  # type: ignore[arg-type]
    return server.test_client()


def test_a_process_that_answers_lives(client: FlaskClient, journal: MemoryJournal) -> None:
    journal.is_away = True
    assert client.get("/healthz").status_code == 200


def test_it_is_ready_when_it_can_show_the_truth(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "reasons": []})


def test_it_says_why_it_is_not_ready(client: FlaskClient, journal: MemoryJournal, situation: Copy) -> None:
    def reasons() -> list[str]:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        return list(answer.json["reasons"])  # type: ignore[index]

    situation.heard_at = NOW - 11
    assert reasons() == ["the engine has been silent for 11 s"]
    situation.heard_at = 0.0
    assert reasons() == ["the engine has not been heard yet"]
    situation.is_loaded = False
    journal.is_away = True
    assert reasons() == ["the journal does not answer", "the situation is not loaded"]


def test_the_metrics_are_the_totals_of_all_processes(client: FlaskClient, journal: MemoryJournal) -> None:
    journal.count({"accepted": {"field|cases": 3}, "refused": {'odd|"name"|out_of_area': 1}})
    text = client.get("/metrics").text
    assert 'wall_accepted_total{kind="cases",source="field"} 3.0' in text
    assert 'wall_refused_total{reason="out_of_area",source="odd|\\"name\\""} 1.0' in text
    assert "wall_journal_up 1.0" in text
    assert "wall_journal_memory_bytes 1e+06" in text
    assert "wall_viewers 2.0" in text
    assert "wall_engine_silent_seconds 1.0" in text


def test_the_metrics_survive_the_journal(client: FlaskClient, journal: MemoryJournal, situation: Copy) -> None:
    journal.is_away = True
    situation.heard_at = 0.0
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "wall_journal_up 0.0" in answer.text
    assert "wall_engine_silent_seconds" not in answer.text

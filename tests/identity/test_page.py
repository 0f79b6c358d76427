"""The page that teaches identity leaves no scenario out."""

from pathlib import Path

from tests.identity.scenario import load_scenarios

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "identity.md"


def test_the_page_tells_every_scenario() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").lower().split())
    assert [one.name for one in load_scenarios() if one.name.lower() not in text] == []

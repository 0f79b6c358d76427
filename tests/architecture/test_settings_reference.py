"""docs/reference/settings.md says every setting with its default, and no other."""

import re
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph_cdp.settings import Settings
from tests.architecture.tree import ROOT, write

PAGE = "docs/reference/settings.md"

_ROW = re.compile(r"^\| `GRAPH_CDP_.*\|$", re.MULTILINE)


def rows(settings: type[BaseSettings]) -> list[str]:
    """The table's rows, as the page must have them: name, default, meaning."""
    prefix = settings.model_config.get("env_prefix", "")
    return [
        f"| `{prefix}{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in settings.model_fields.items()
    ]


def shown(default: object) -> str:
    match default:
        case None:
            return "unset"
        case _ if default is PydanticUndefined:
            return "must be set"
        case bool():
            return f"`{str(default).lower()}`"
        case _:
            return f"`{default}`"


def differences(folder: Path, settings: type[BaseSettings]) -> list[str]:
    said = _ROW.findall((folder / PAGE).read_text(encoding="utf-8"))
    meant = rows(settings)
    return [
        *(f"{PAGE} lacks: {row}" for row in meant if row not in said),
        *(f"{PAGE} has, and the code does not: {row}" for row in said if row not in meant),
    ]


def test_the_page_says_every_setting_and_no_other() -> None:
    assert "\n".join(differences(ROOT, Settings)) == ""


def test_every_setting_has_a_meaning() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


class Planted(BaseSettings):
    """Two settings, of which the page below has one, and one more that is gone."""

    model_config = SettingsConfigDict(env_prefix="GRAPH_CDP_")

    port: int = Field(8000, description="Port to listen on.")
    password: SecretStr | None = Field(None, description="A password.")


def test_an_undocumented_setting_and_one_that_is_gone_are_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {PAGE: "| `GRAPH_CDP_PORT` | `8000` | Port to listen on. |\n| `GRAPH_CDP_OLD` | `1` | Old. |\n"},
    )

    assert differences(tmp_path, Planted) == [
        f"{PAGE} lacks: | `GRAPH_CDP_PASSWORD` | unset | A password. |",
        f"{PAGE} has, and the code does not: | `GRAPH_CDP_OLD` | `1` | Old. |",
    ]

"""The demo's three files: which source each plays, by which mapping, and the people that the story is about."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from graph_cdp.collect.files import read_rows
from graph_cdp.collect.mapping import FileMapping, parse_mapping
from graph_cdp.collect.row import Row
from graph_cdp.demo.data import DemoFiles
from graph_cdp.demo.story import Cast, Customer, Story, tell_story


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSource:
    """A file of a source: what it is, in words, and where."""

    name: str
    title: str
    path: Path

    @property
    def mapping_text(self) -> str:
        """The declared mapping: what `graph-cdp import --mapping` is given for a file of one's own."""
        return files("graph_cdp.demo").joinpath(f"{self.name}.yaml").read_text("utf-8")

    @property
    def mapping(self) -> FileMapping:
        """The mapping, read."""
        return parse_mapping(self.mapping_text)

    def rows(self) -> Iterator[Row]:
        """The rows of the file that can be read."""
        with self.path.open("rb") as file:
            yield from (row for row in read_rows(file, self.mapping) if isinstance(row, Row))


def demo_sources(paths: DemoFiles) -> tuple[DemoSource, ...]:
    """The sources in the order in which they are loaded."""
    return (
        DemoSource(name="crm", title="Customers of the CRM (FEBRL 4)", path=paths.crm),
        DemoSource(name="pos", title="The same, typed at the till", path=paths.pos),
        DemoSource(name="shop", title="Purchases of the shop (CDNOW)", path=paths.shop),
    )


def read_story(sources: tuple[DemoSource, ...], *, cast: Cast) -> Story:
    """The story of customers whose national id stands in both files of customers, and who purchased.

    Raises:
        Invalid: the files hold too few of them for the cast.
    """
    crm, pos, shop = sources
    national_ids = {row.cells["soc_sec_id"] for row in pos.rows()}
    customers = [
        Customer(
            row_id=row.cells["rec_id"],
            national_id=row.cells["soc_sec_id"],
            first_name=row.cells["given_name"],
            last_name=row.cells["surname"],
        )
        for row in crm.rows()
        if row.cells["soc_sec_id"] in national_ids
    ]
    return tell_story(customers, Counter(row.cells["customer_id"] for row in shop.rows()), cast=cast)

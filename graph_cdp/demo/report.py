"""What the demo says on the screen: where it is, what was resolved, what to try next."""

import json
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from graph_cdp.demo.keys import DemoKeys
from graph_cdp.demo.measure import Resolved
from graph_cdp.demo.retailer.households import EXAMPLE
from graph_cdp.demo.retailer.measure import RetailerResolved
from graph_cdp.demo.story import Story

QUERY = """{
  person(identifier: {kind: "national_id", value: "%s"}) {
    person_id
    golden_record { first_name last_name email city }
    records { edges { node { source key } } }
    transactions(first: 3) { edges { node { occurred_at amount currency } } }
    events(first: 3) { edges { node { occurred_at name } } }
  }
}"""

PICTURE = """MATCH (:Identifier {kind: 'national_id', value: '%s'})<-[:HAS_IDENTIFIER]-(:SourceRecord)-[:RESOLVES_TO]->(person:Person)
MATCH path = (person)<-[:RESOLVES_TO]-(:SourceRecord)-[:HAS_IDENTIFIER]->(:Identifier)
RETURN path"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Neo4j Browser: where it is, who signs in, and a command that shows the password (no screen needs to)."""

    url: str
    user: str
    password_hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the demo can be reached. `browser` is None where the database is not ours."""

    url: str
    keys: DemoKeys
    browser: Browser | None


def graphiql_url(place: Place, *, loyalty_card: str | None = None) -> str:
    """GraphiQL with the key after the #, which a browser does not send; its examples about the holder of a card."""
    about = f"&kind=loyalty_card&value={loyalty_card}" if loyalty_card else ""
    return f"{place.url}/graphiql#key={place.keys.admin}{about}"


def query_curl(place: Place, national_id: str) -> str:
    """A command that asks for the example's 360 view."""
    body = json.dumps({"query": " ".join((QUERY % national_id).split())})
    return (
        f"curl -s {place.url}/graphql -H 'Authorization: Bearer {place.keys.admin}' "
        f"-H 'Content-Type: application/json' -d '{body}'"
    )


def event_curl(place: Place, user_id: str) -> str:
    """A command that sends one more event of the example."""
    body = json.dumps({"userId": user_id, "event": "Product Viewed", "properties": {"name": "Low Tide"}})
    return (
        f"curl -s -u {place.keys.write}: {place.url}/v1/track -H 'Content-Type: application/json' -d '{body}'"
    )


def figures(resolved: Resolved) -> dict[str, str]:
    """What was resolved, in words: a name and a sentence for each."""
    counts, links = resolved.counts, resolved.links
    wrong_pairs, taken_for_another = links.found - links.right, resolved.visitors - resolved.apart
    found = f"{links.right:,} of {links.true:,} true pairs found by an equal number, {wrong_pairs:,} wrong"
    joined = f"{resolved.joined:,} of {resolved.visitors:,} are one person with their CRM row and purchases"
    return {
        "records": f"{counts.records:,} resolved to {counts.people:,} people",
        "people": (
            f"{counts.known:,} known, {counts.people - counts.known:,} anonymous; "
            f"{counts.merges:,} were merged into another"
        ),
        "facts": f"{counts.events:,} events, {counts.transactions:,} transactions",
        "CRM and till": f"precision {links.precision:.2f}, recall {links.recall:.2f}: {found}",
        "web accounts": f"{joined}, {taken_for_another:,} taken for someone else",
        "contested": (
            f"{counts.contested:,} identifiers touch people who may not be one, and join nobody; "
            f"{counts.reviews:,} wait for a human"
        ),
        "refused": f"{counts.dead_letters:,} messages",
    }


def retailer_figures(resolved: RetailerResolved) -> dict[str, str]:
    """How well the retailer's customers were told apart and together, in words, as `figures` has it."""
    links = resolved.links
    return {
        "retailer": (
            f"precision {links.precision:.3f}, recall {links.recall:.3f}: {links.right:,} of {links.true:,} true pairs, "
            f"{links.found - links.right:,} wrong; {resolved.humans:,} humans, {resolved.people:,} people found"
        ),
        "tablets": f"{resolved.contested:,} of {resolved.tablets:,} that two people share are contested",
    }


def say_what_was_resolved(
    console: Console, resolved: tuple[Resolved, RetailerResolved], *, seconds: float
) -> None:
    """The figures, each measured in the graph a moment ago; `seconds` since the demo was started."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    everywhere, retailer = resolved
    for name, text in {**figures(everywhere), **retailer_figures(retailer)}.items():
        table.add_row(f"[bold]{name}[/bold]", text)
    console.print(f"\n[bold]What was resolved[/bold] ({seconds:.0f} s after the start)\n")
    console.print(table)


def say_what_to_try(console: Console, place: Place, story: Story) -> None:
    """Where to look next, with the keys."""
    example = story.example
    name = f"{example.first_name} {example.last_name}"
    console.print(f"\n[bold]Try next[/bold]: {name} in two sources of customers, the shop and the web\n")
    _say(console, "GraphiQL, with ready examples about her", graphiql_url(place))
    _say(console, "The same by curl", query_curl(place, example.national_id))
    _say(console, "One more event of hers; ask again, and it is there", event_curl(place, example.user_id))
    family = graphiql_url(place, loyalty_card=EXAMPLE.humans[0].card)
    _say(console, "GraphiQL about a family of the retailer, whose year docs/guides/tutorial.md tells", family)
    if place.browser:
        signed_in = f"user {place.browser.user}, password: {place.browser.password_hint}"
        _say(console, f"Neo4j Browser ({signed_in})", f"{place.browser.url}\n{PICTURE % example.national_id}")


def _say(console: Console, title: str, text: str) -> None:
    """A thing to open or to copy: never wrapped, so that it can be copied."""
    console.print(f"  [bold]{title}[/bold]")
    console.print(
        "".join(f"  {line}\n" for line in text.splitlines()), soft_wrap=True, markup=False, highlight=False
    )

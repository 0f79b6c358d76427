"""The statements of the health report: each scans, and is made every few minutes, never while somebody waits."""

from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, load_query
from graph_cdp.identity.policy import Policy
from graph_cdp.insights.model import BigPerson, Counts, HotIdentifier, OverLimit

COUNT_IDENTITY = load_query("insights/count_identity")
COUNT_PEOPLE_BY_SIZE = load_query("insights/count_people_by_size")
LIST_BIGGEST_PEOPLE = load_query("insights/list_biggest_people")
LIST_HOTTEST_IDENTIFIERS = load_query("insights/list_hottest_identifiers")
LIST_PEOPLE_OVER_LIMITS = load_query("insights/list_people_over_limits")


async def count_identity(tx: Tx) -> Counts:
    """How much there is, and how much of it is open."""
    return Counts(**(await fetch_one(tx, COUNT_IDENTITY)).data())


async def count_people_by_size(tx: Tx) -> list[tuple[int, int]]:
    """(records, people) of each number of records."""
    return [(row["records"], row["people"]) for row in await fetch_all(tx, COUNT_PEOPLE_BY_SIZE)]


async def list_biggest_people(tx: Tx, *, row_limit: int) -> list[BigPerson]:
    """The people with the most records."""
    return [BigPerson(**row.data()) for row in await fetch_all(tx, LIST_BIGGEST_PEOPLE, row_limit=row_limit)]


async def list_hottest_identifiers(tx: Tx, *, row_limit: int) -> list[HotIdentifier]:
    """The identifiers with the most holdings."""
    rows = await fetch_all(tx, LIST_HOTTEST_IDENTIFIERS, row_limit=row_limit)
    return [HotIdentifier(**row.data()) for row in rows]


async def list_people_over_limits(tx: Tx, *, policy: Policy, row_limit: int) -> list[OverLimit]:
    """People who hold more values of a kind than the policy lets a join give them."""
    limits = {kind: rule.values_per_person for kind, rule in policy.kinds.items()}
    rows = await fetch_all(
        tx,
        LIST_PEOPLE_OVER_LIMITS,
        limits={kind: limit for kind, limit in limits.items() if limit is not None},
        unlimited=sorted(kind for kind, limit in limits.items() if limit is None),
        other_limit=policy.other.values_per_person,
        row_limit=row_limit,
    )
    return [OverLimit(**row.data()) for row in rows]

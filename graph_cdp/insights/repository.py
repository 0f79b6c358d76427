"""The statements of the health report: each scans, and is made every few minutes, never while somebody waits."""

from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, load_query
from graph_cdp.identity.policy import Policy
from graph_cdp.ids import Millis
from graph_cdp.insights.model import BigPerson, Counts, HotIdentifier, OverLimit

COUNT_IDENTITY = load_query("insights/count_identity")
COUNT_MESSAGES_BY_DAY = load_query("insights/count_messages_by_day")
COUNT_PEOPLE_BY_SIZE = load_query("insights/count_people_by_size")
COUNT_RECORDS_BY_SOURCE = load_query("insights/count_records_by_source")
COUNT_REFUSED_BY_DAY = load_query("insights/count_refused_by_day")
COUNT_WAITING_LETTERS = load_query("insights/count_waiting_letters")
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


async def count_messages_by_day(tx: Tx, *, since: Millis) -> list[tuple[str, int, int, Millis]]:
    """(source, day since 1970, messages, when the newest was received) since a moment."""
    rows = await fetch_all(tx, COUNT_MESSAGES_BY_DAY, since=since)
    return [(row["source"], row["day"], row["messages"], row["newest_received_at"]) for row in rows]


async def count_refused_by_day(tx: Tx, *, since: Millis) -> dict[tuple[str, int], int]:
    """How many were refused, by (source, day since 1970), since a moment."""
    rows = await fetch_all(tx, COUNT_REFUSED_BY_DAY, since=since)
    return {(row["source"], row["day"]): row["refused"] for row in rows}


async def count_waiting_letters(tx: Tx) -> dict[str, int]:
    """How many dead letters wait, by source."""
    return {row["source"]: row["letters"] for row in await fetch_all(tx, COUNT_WAITING_LETTERS)}


async def count_records_by_source(tx: Tx) -> dict[str, int]:
    """How many records each source has."""
    return {row["source"]: row["records"] for row in await fetch_all(tx, COUNT_RECORDS_BY_SOURCE)}

"""The clusters as they stand while evidence is judged: a partition of records that only grows coarser."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from graph_cdp.identity.facts import Facts, facts_of, united
from graph_cdp.identity.model import EvidenceRecord
from graph_cdp.identity.policy import Policy


class Partition:
    """Clusters of records, each named by its lowest record. Lives for one `resolve`."""

    def __init__(
        self, records: Sequence[EvidenceRecord], parted: Mapping[int, Collection[int]], policy: Policy
    ) -> None:
        self.records = records
        self.cluster_of = list(range(len(records)))
        self._parted = parted
        self._policy = policy
        self._members: dict[int, list[int]] = {}
        self._facts: dict[int, Facts] = {}

    def members(self, cluster: int) -> list[int]:
        """The records of a cluster."""
        return self._members.get(cluster) or [cluster]

    def facts(self, cluster: int) -> Facts:
        """What the records of a cluster say; worked out when first asked for."""
        known = self._facts.get(cluster)
        if known is None:
            known = facts_of(self.records[cluster], self._parted.get(cluster, ()), self._policy)
            self._facts[cluster] = known
        return known

    def facts_by_cluster(self, clusters: Iterable[int]) -> dict[int, Facts]:
        """The facts of several clusters."""
        return {cluster: self.facts(cluster) for cluster in clusters}

    def touched(self, records: Iterable[int]) -> tuple[int, ...]:
        """The clusters of these records, in order."""
        return tuple(sorted({self.cluster_of[record] for record in records}))

    def unite(self, clusters: Collection[int]) -> None:
        """Make one cluster of several."""
        first = min(clusters)
        facts = united(self.facts(cluster) for cluster in clusters)
        members = self._members.setdefault(first, [first])
        for cluster in clusters:
            if cluster != first:
                moved = self._members.pop(cluster, [cluster])
                members.extend(moved)
                for record in moved:
                    self.cluster_of[record] = first
                self._facts.pop(cluster, None)
        self._facts[first] = facts

"""graph_cdp: an identity graph and customer data platform on Neo4j."""

__version__ = "0.1.0"

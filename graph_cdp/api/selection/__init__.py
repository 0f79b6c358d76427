"""From the selection of a document to one statement, and from its rows to the answer."""

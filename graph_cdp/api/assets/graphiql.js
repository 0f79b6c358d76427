// GraphiQL for graph_cdp: the key comes from the address (#key=...), which never leaves the browser, or from the bar
// above; it is kept for this tab only. #kind=...&value=... put another identifier into the examples.
"use strict";

(function start() {
  const KEY = "graph_cdp.key";
  const given = new URLSearchParams(window.location.hash.slice(1));
  if (given.get("key")) {
    window.sessionStorage.setItem(KEY, given.get("key"));
  }
  if (given.get("value")) {
    // Examples for somebody else: the tabs of last time would hide them.
    ["tabState", "query", "variables"].forEach((name) => window.localStorage.removeItem("graphiql:" + name));
  }
  if (window.location.hash) {
    window.history.replaceState(null, "", window.location.pathname);
  }

  const kind = JSON.stringify(given.get("kind") || "national_id");
  const value = JSON.stringify(given.get("value") || "8650329");
  const person = `person(identifier: {
    kind: ${kind}, value: ${value}
  })`;

  const EXAMPLES = [
    `# One person, and where each value of its
# golden record came from.
# Press the play button, or Ctrl-Enter.
query GoldenRecord {
  ${person} {
    person_id
    is_known
    golden_record {
      first_name
      last_name
      email
      birth_date
      city
      provenance { field source at }
    }
  }
}
`,
    `# Why this is one person: its records side by
# side, and the identifiers that they hold.
query Records {
  ${person} {
    records {
      edges { node {
        key created_at
        traits { first_name last_name email city }
      } }
    }
    identifiers {
      edges {
        first_seen_at
        node { kind value contested }
      }
    }
  }
}
`,
    `# What the person did, newest first. For the
# next page, add: after: "<endCursor>"
query Timeline {
  ${person} {
    events(first: 10) {
      edges { node {
        occurred_at type name
        record { source }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
`,
    `# What the person bought and brought back, line
# by line, and what that amounts to.
query Purchases {
  ${person} {
    basics { orders returns money { currency spent } }
    transactions(first: 20, kinds: [ORDER, RETURN]) {
      edges { node {
        occurred_at kind amount currency
        store { name }
        lines { quantity unit_price product { sku name } }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
`,
    `# What the person allows now, and the statement
# that decides it.
query Consents {
  ${person} {
    consents {
      purpose channel is_allowed
      decided_by { state source occurred_at }
    }
  }
}
`,
    `# Find people by words, mistyped ones too, or by
# any identifier: "helene lefevr lille".
query Search {
  people(search: ${value}, first: 5) {
    edges {
      matched
      node { person_id golden_record { first_name last_name city } }
    }
  }
}
`,
    `# Write a record and what its customer bought.
# Run it twice: was_duplicate, and nothing is done.
# Needs the key of a steward or an administrator.
mutation Write {
  write_records(source: "crm", records: [{
    idempotency_key: "example-record-1"
    row_id: "example-1"
    traits: {
      first_name: "Marie", last_name: "Dupont",
      email: "marie.dupont@example.com"
    }
  }]) {
    results {
      was_duplicate record_id person_id
      error { code message }
    }
  }
  write_transactions(source: "crm", transactions: [{
    idempotency_key: "example-order-1"
    about: { row_id: "example-1" }
    number: "example-1017"
    occurred_at: "2026-01-31T12:00:00Z"
    amount: 119.8, currency: "EUR"
    lines: [{ sku: "SKU-12-M", quantity: 2 }]
  }]) {
    results { was_duplicate error { code message } }
  }
}
`,
  ].map((query) => ({ query: query }));

  const state = document.getElementById("key-state");
  const input = document.getElementById("key");

  function showKey() {
    const key = window.sessionStorage.getItem(KEY);
    state.textContent = key ? "using " + key.slice(0, 11) + "…" : "no key yet";
  }

  document.getElementById("key-bar").addEventListener("submit", function useKey(event) {
    event.preventDefault();
    window.sessionStorage.setItem(KEY, input.value.trim());
    window.location.reload();
  });

  async function fetcher(operation) {
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const key = window.sessionStorage.getItem(KEY);
    if (key) {
      headers.Authorization = "Bearer " + key;
    }
    const response = await fetch("/graphql", { method: "POST", headers: headers, body: JSON.stringify(operation) });
    return response.json();
  }

  showKey();
  window.ReactDOM.createRoot(document.getElementById("graphiql")).render(
    window.React.createElement(window.GraphiQL, {
      fetcher: fetcher,
      defaultTabs: EXAMPLES,
      isHeadersEditorEnabled: false,
      shouldPersistHeaders: false,
    })
  );
})();

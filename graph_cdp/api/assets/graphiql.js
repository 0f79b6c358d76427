// GraphiQL for graph_cdp: the key comes from the address (#key=...), which never leaves the browser, or from the bar
// above; it is kept for this tab only. #kind=...&value=... put another identifier into the examples.
"use strict";

(function start() {
  const KEY = "graph_cdp.key";
  const given = new URLSearchParams(window.location.hash.slice(1));
  if (given.get("key")) {
    window.sessionStorage.setItem(KEY, given.get("key"));
  }
  if (window.location.hash) {
    window.history.replaceState(null, "", window.location.pathname);
  }

  const identifier = { kind: given.get("kind") || "national_id", value: given.get("value") || "8650329" };
  const variables = JSON.stringify({ identifier: identifier }, null, 2);

  const EXAMPLES = [
    {
      variables: variables,
      query: `# One person, and where each value of its golden record came from.
# Press the play button, or Ctrl-Enter. The identifier is in the variables below.
query GoldenRecord($identifier: IdentifierInput!) {
  person(identifier: $identifier) {
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
    },
    {
      variables: variables,
      query: `# Why this is one person: its records side by side, and the identifiers that they hold.
query Records($identifier: IdentifierInput!) {
  person(identifier: $identifier) {
    records {
      edges { node { source key created_at traits { first_name last_name email city postal_code } } }
    }
    identifiers {
      edges { first_seen_at last_seen_at node { kind value contested } }
    }
  }
}
`,
    },
    {
      variables: variables,
      query: `# What the person did, newest first. For the next page, pass endCursor as "after".
query Timeline($identifier: IdentifierInput!, $after: String) {
  person(identifier: $identifier) {
    events(first: 10, after: $after) {
      edges { node { occurred_at type name record { source } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
`,
    },
    {
      variables: variables,
      query: `# What the person bought.
query Purchases($identifier: IdentifierInput!) {
  person(identifier: $identifier) {
    transactions(first: 20, kinds: [ORDER, RETURN]) {
      edges { node { occurred_at kind amount currency quantity key } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
`,
    },
  ];

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

// Says on the first page view whether a visitor is known, and takes the browser's id to the other domains of a network.
//
//   <script src="https://cdp.example/recognise.js" data-key="gcdp_…" data-domains="shop.example,club.example"></script>
//   <script>graph_cdp.recognise().then(function (who) { if (who.is_known) { … } });</script>
//
// The id is a first-party one: it is kept under the name that Segment's analytics.js uses, so that both have the same.
(function () {
  "use strict";
  var STORED = "ajs_anonymous_id";
  var PARAMETER = "gcdp_link";
  var CLICK_MS_MAX = 1000; // longer, and a link seems dead: it works without the id, too
  var script = document.currentScript;
  var host = new URL(script.src).origin;
  var domains = (script.dataset.domains || "").split(",").filter(Boolean);

  function stored() {
    try { return JSON.parse(localStorage.getItem(STORED)); } catch (_) { return null; }
  }

  function store(id) {
    try { localStorage.setItem(STORED, JSON.stringify(id)); } catch (_) { /* a browser that keeps nothing */ }
    return id;
  }

  function call(path, body) {
    return fetch(host + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-API-Key": script.dataset.key },
      body: JSON.stringify(body),
    }).then(function (response) {
      return response.json().then(function (answer) {
        if (!response.ok) { throw new Error(answer.code); }
        return answer;
      });
    });
  }

  // A link is followed only by a browser that has no id yet: nobody can be made somebody else by a link.
  function ask() {
    var address = new URL(location.href);
    var link = address.searchParams.get(PARAMETER);
    if (link) {
      address.searchParams.delete(PARAMETER);
      history.replaceState(history.state, "", address);
    }
    var own = stored();
    if (own || !link) { return call("/recognise", { anonymous_id: own || store(crypto.randomUUID()) }); }
    return call("/recognise", { link: link }).then(
      function (answer) { store(answer.anonymous_id); return answer; },
      function () { return call("/recognise", { anonymous_id: store(crypto.randomUUID()) }); }
    );
  }

  document.addEventListener("click", function (event) {
    var anchor = event.target.closest && event.target.closest("a[href]");
    if (event.defaultPrevented) { return; } // the page does something else with it
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey || anchor.target === "_blank" || !stored()) { return; }
    if (anchor.hostname === location.hostname || domains.indexOf(anchor.hostname) < 0) { return; }
    event.preventDefault();
    var address = new URL(anchor.href);
    var asked = call("/recognise/link", { anonymous_id: stored() });
    var waited = new Promise(function (_, reject) { setTimeout(reject, CLICK_MS_MAX); });
    Promise.race([asked, waited]).then(
      function (answer) { address.searchParams.set(PARAMETER, answer.link); },
      function () { /* the link works without it */ }
    ).then(function () { location.assign(address); });
  });

  var answer = null;
  window.graph_cdp = {
    recognise: function () { return (answer = answer || ask()); },
  };
})();

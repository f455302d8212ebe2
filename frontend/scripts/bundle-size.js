/**
 * Gates on the built JavaScript, gzip kB, computed from the Vite manifest (run `npm run build` first).
 * A page costs its entry and everything that it imports, at once or lazily; the entry's other pages are not its cost.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const DIST = new URL('../dist/', import.meta.url)
const ENTRY = 'index.html'
const LAYOUT = 'src/pages/SignedInLayout.jsx'
const LIMITS = { login: 110, dashboard: 300, backtest: 300, total: 600 }

/** @typedef {{ file: string, imports?: string[], dynamicImports?: string[] }} Chunk */

/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'))

/**
 * @param {string} key
 * @param {boolean} lazily whether dynamic imports count
 * @param {Set<string>} [seen]
 */
function reachable(key, lazily, seen = new Set()) {
  const chunk = manifest[key]
  if (chunk === undefined) throw new Error(`The manifest has no ${key}.`)
  if (seen.has(key)) return seen
  seen.add(key)
  const next = [...(chunk.imports ?? []), ...(lazily ? (chunk.dynamicImports ?? []) : [])]
  for (const other of next) reachable(other, lazily, seen)
  return seen
}

/** The chunks of a page of somebody who is signed in. @param {string} page */
function pageChunks(page) {
  const seen = reachable(ENTRY, false)
  return reachable(page, true, reachable(LAYOUT, true, seen))
}

/** @param {Iterable<string>} keys */
function gzipKilobytes(keys) {
  const files = new Set([...keys].map((key) => manifest[key]?.file).filter((file) => file?.endsWith('.js')))
  const bytes = [...files].map((file) => gzipSync(readFileSync(new URL(String(file), DIST))).length)
  return bytes.reduce((sum, size) => sum + size, 0) / 1000
}

const sizes = {
  login: gzipKilobytes(reachable(ENTRY, false)),
  dashboard: gzipKilobytes(pageChunks('src/pages/DashboardPage.jsx')),
  backtest: gzipKilobytes(pageChunks('src/pages/BacktestPage.jsx')),
  total: gzipKilobytes(Object.keys(manifest)),
}

for (const name of /** @type {(keyof typeof LIMITS)[]} */ (Object.keys(LIMITS))) {
  const within = sizes[name] <= LIMITS[name]
  console.log(`${name.padEnd(10)} ${sizes[name].toFixed(1).padStart(6)} kB of ${LIMITS[name]} kB${within ? '' : '  TOO LARGE'}`)
  if (!within) process.exitCode = 1
}

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "./paths.js"

/** What a histogram or a timer adds to its name. */
const PARTS = /_(bucket|count|sum|max)$/

/** @returns {Map<string, string[]>} the metrics of docs/events-and-metrics.md, with their labels */
export function documentedMetrics() {
  const text = readFileSync(join(ROOT, "docs/events-and-metrics.md"), "utf8")
  const rows = [...text.matchAll(/^\| `(jit_\w+)` \|([^|]*)\|/gm)]
  return new Map(
    rows.map(([, name, labels]) => [name, [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)]),
  )
}

/**
 * What a server shows.
 *
 * @param {string} text in Prometheus' format
 * @returns {{ name: string, labels: Record<string, string>, value: number }[]} the extension's series
 */
export function seriesOf(text) {
  return [...text.matchAll(/^(jit_\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = "", value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, of]) => [key, of]),
    ),
    value: Number(value),
  }))
}

/**
 * The name under which a metric is documented.
 *
 * @param {string} name of a series @param {Map<string, unknown>} documented
 */
export const familyOf = (name, documented) => (documented.has(name) ? name : name.replace(PARTS, ""))

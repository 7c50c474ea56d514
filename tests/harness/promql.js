import { parser } from "@prometheus-io/lezer-promql"

/**
 * Reads a PromQL expression with Prometheus' own grammar.
 *
 * @param {string} expression
 * @returns {{ metrics: string[], labels: string[] }} what it names
 * @throws {Error} where it is none
 */
export function readPromql(expression) {
  /** @type {string[]} */
  const metrics = []
  /** @type {string[]} */
  const labels = []
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      const text = expression.slice(from, to)
      if (type.isError) throw new Error(`no PromQL at character ${from + 1} ('${text}') of: ${expression}`)
      if (type.name === "Identifier") metrics.push(text)
      if (type.name === "LabelName") labels.push(text)
    },
  })
  return { metrics: [...new Set(metrics)], labels: [...new Set(labels)] }
}

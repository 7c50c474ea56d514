// What `./jit bench engine` prints: one table, and what of the goals is met.
import { CONTENDERS } from "./contenders.js"

/** One process that measured one contender with one case. Times are nanoseconds: of the thread's CPU, and `wall` by the clock on the wall. */
/** @typedef {{ rules: string, contender: string, nanoseconds: number[], wall?: number[], load?: { first: number, warm: number }, allocated?: number, round: number, busy: number }} Fork */
/** @typedef {{ rules: string, contender: string, bytes?: number, refused?: string }} Idle */
/** @typedef {{ machine: string[], layouts: import("./cases.js").Layout[], forks: Fork[], idle: Idle[] }} Results */
/** @typedef {{ median: number, low: number, high: number }} Spread */

/** @param {number[]} values @returns {number} */
function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Three digits are what such a measurement is good for. @param {number} value */
const number = (value) => Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 })

/** @param {number | undefined} value @param {number} unit */
const inUnits = (value, unit) => (value === undefined ? "" : number(value / unit))

/** @param {string[]} cells */
const row = (cells) => `| ${cells.join(" | ")} |`

export class Table {
  /** @param {Results} results */
  constructor(results) {
    this.results = results
  }

  /** @param {string} rules @param {string} contender */
  forks(rules, contender) {
    return this.results.forks.filter((fork) => fork.rules === rules && fork.contender === contender)
  }

  /**
   * The middle of the forks' medians, and how far they lie apart; of a single fork, its iterations.
   *
   * @param {string} rules @param {string} contender @returns {Spread | undefined}
   */
  time(rules, contender) {
    const forks = this.forks(rules, contender)
    if (forks.length === 0) return undefined
    const values =
      forks.length === 1 ? forks[0].nanoseconds : forks.map(({ nanoseconds }) => median(nanoseconds))
    return { median: median(values), low: Math.min(...values), high: Math.max(...values) }
  }

  /** @param {string} rules @param {string} contender */
  idle(rules, contender) {
    return this.results.idle.find((it) => it.rules === rules && it.contender === contender)
  }

  /** @returns {string[]} */
  lines() {
    const lines = [
      row([
        "rules",
        "contender",
        "ns a decision",
        "±",
        "÷ wasm",
        "bytes allocated",
        "first load ms",
        "warm load ms",
        "idle KiB",
      ]),
      "|-|-|-|-|-|-|-|-|-|",
    ]
    for (const { name, title, guarded } of this.results.layouts) {
      const wasm = this.time(name, "wasm")
      for (const contender of CONTENDERS) {
        if (contender.indexed && guarded === false) continue
        const idle = this.idle(name, contender.name)
        const time = this.time(name, contender.name)
        const refused = idle?.refused ?? (contender.name === "native" && this.idle(name, "wasm")?.refused)
        if (!time) {
          lines.push(
            row([
              title,
              contender.title,
              refused ? `refused: ${refused}` : "not measured",
              "",
              "",
              "",
              "",
              "",
              "",
            ]),
          )
          continue
        }
        const forks = this.forks(name, contender.name)
        const loads = forks.flatMap(({ load }) => (load ? [load] : []))
        const allocated = forks.flatMap(({ allocated }) => allocated ?? [])
        lines.push(
          row([
            title,
            contender.title,
            number(time.median),
            `${number((50 * (time.high - time.low)) / time.median)} %`,
            wasm ? number(time.median / wasm.median) : "",
            allocated.length > 0 ? number(median(allocated)) : "",
            // Nothing of a native process is cold but its caches.
            contender.on === "jvm" ? inUnits(median(loads.map(({ first }) => first)), 1e6) : "",
            loads.length > 0 ? inUnits(median(loads.map(({ warm }) => warm)), 1e6) : "",
            inUnits(idle?.bytes, 1024),
          ]),
        )
      }
    }
    return lines
  }

  /** The fastest of cel-java's runtimes. @param {string} rules @param {boolean} indexed */
  celJava(rules, indexed) {
    const names = ["cel-java-legacy", "cel-java-planner"].map((name) => (indexed ? `${name}-indexed` : name))
    const times = names.flatMap((name) => this.time(rules, name)?.median ?? [])
    return times.length > 0 ? Math.min(...times) : undefined
  }

  /** @returns {string[]} */
  goals() {
    /** @param {string} rules */
    const wasm = (rules) => this.time(rules, "wasm")?.median
    /** @param {number | undefined} above @param {number | undefined} below */
    const ratio = (above, below) => (above === undefined || below === undefined ? undefined : above / below)
    const native = this.results.layouts.flatMap(
      ({ name }) => ratio(wasm(name), this.time(name, "native")?.median) ?? [],
    )
    const small = this.results.layouts.filter(({ name }) => name !== "10000")
    const idle = small.flatMap(({ name }) => this.idle(name, "wasm")?.bytes ?? [])
    const largest = idle.length > 0 ? Math.max(...idle) / 2 ** 20 : undefined

    /** @type {[string, ">=" | "<=", number, string, number | undefined][]} */
    const goals = [
      [
        "one rule, against the faster runtime of cel-java",
        ">=",
        4,
        "times faster",
        ratio(this.celJava("1", false), wasm("1")),
      ],
      [
        "100 rules, against cel-java with the index",
        ">=",
        3,
        "times faster",
        ratio(this.celJava("100", true), wasm("100")),
      ],
      [
        "1,000 rules, against cel-java with the index",
        ">=",
        15,
        "times faster",
        ratio(this.celJava("1000", true), wasm("1000")),
      ],
      [
        "100 rules with nothing to skip, against cel-java",
        ">=",
        25,
        "times faster",
        ratio(this.celJava("100-open", false), wasm("100-open")),
      ],
      ["10,000 rules, against 1,000", "<=", 3, "times the cost", ratio(wasm("10000"), wasm("1000"))],
      [
        "wasm in the JVM against native Rust, the worst case",
        "<=",
        3,
        "times the cost",
        native.length > 0 ? Math.max(...native) : undefined,
      ],
      ["an idle instance, with up to 1,000 rules loaded", "<=", 4, "MB", largest],
    ]
    return [
      row(["goal", "wanted", "measured", "met"]),
      "|-|-|-|-|",
      ...goals.map(([what, sign, wanted, unit, measured]) => {
        const met = measured !== undefined && (sign === ">=" ? measured >= wanted : measured <= wanted)
        const bound = sign === ">=" ? "at least" : "at most"
        return row([
          what,
          `${bound} ${wanted} ${unit}`,
          measured === undefined ? "not measured" : number(measured),
          met ? "yes" : "**no**",
        ])
      }),
    ]
  }

  /** @returns {string} */
  toString() {
    return [...this.results.machine, "", ...this.lines(), "", ...this.goals()].join("\n")
  }
}

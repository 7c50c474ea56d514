// What a decision costs: `./jit bench engine [--rounds N] [--quick] [--only RULES,…] [--more]`, the last to add rounds to those of the run before.
//
// Each contender decides the same contexts by the same rules. Each is measured in a process of its own, and in each round every one has a
// turn with every set of rules: whatever else the machine does meanwhile falls on all of them alike. Times are CPU times of the thread that
// decides, so that it does not count as theirs.
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { cpus, loadavg } from "node:os"
import { delimiter, join } from "node:path"
import { parseArgs } from "node:util"
import { CONTENDERS } from "./engine/contenders.js"
import { countOf, writeCases } from "./engine/cases.js"
import { Table } from "./engine/table.js"
import { ROOT, TARGET } from "../harness/paths.js"

/** @typedef {import("./engine/contenders.js").Contender} Contender */
/** @typedef {import("./engine/table.js").Fork} Fork */
/** @typedef {import("./engine/table.js").Idle} Idle */
/** @typedef {{ warmUp: number, measure: number }} Seconds of a process */

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    more: { type: "boolean", default: false },
  },
})
const ROUNDS = Number(options.rounds ?? (options.quick ? 1 : 3))
/** HotSpot's second compiler has to have seen everything often enough. @type {Seconds} */
const SECONDS = options.quick ? { warmUp: 2, measure: 2 } : { warmUp: 6, measure: 4 }

const FOLDER = join(TARGET, "bench", "engine")
const CASES = join(FOLDER, "cases")
const CRITERION = join(FOLDER, "criterion")
const JVM = join(FOLDER, "java")
const JMH = join(FOLDER, "jmh.json")
const NOTES = join(FOLDER, "notes.json")
const RESULTS = join(FOLDER, "results.json")

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`)

/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] @returns {string} what it printed */
function run(command, args, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`)
  return stdout
}

/** @returns {string} the file that cargo has made of benches/decide.rs */
function nativeBench() {
  const messages = execFileSync(
    "cargo",
    [
      "bench",
      "--locked",
      "-q",
      "-p",
      "policy-core",
      "--bench",
      "decide",
      "--no-run",
      "--message-format=json",
    ],
    { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] },
  )
  for (const line of messages.split("\n").filter((text) => text.startsWith("{"))) {
    const { target, executable } = JSON.parse(line)
    if (target?.name === "decide" && target.kind.includes("bench") && executable) return executable
  }
  throw new Error("cargo made no benchmark `decide`")
}

/** @param {string[]} args of a JVM with its default flags; one that JMH forks has the same properties @returns {string} what it printed */
function java(...args) {
  const path = [join(JVM, "classes"), readFileSync(join(JVM, "classpath.txt"), "utf8").trim()].join(delimiter)
  return run("java", [`-Djit.bench.cases=${CASES}`, `-Djit.bench.notes=${NOTES}`, "-cp", path, ...args])
}

/** @param {string} rules @param {string} contender @returns {Omit<Fork, "round" | "busy"> | undefined} nothing where it is refused */
function onTheJvm(rules, contender) {
  const seconds = ["-wi", `${SECONDS.warmUp}`, "-w", "1s", "-i", `${SECONDS.measure}`, "-r", "1s"]
  const what = ["-p", `rules=${rules}`, "-p", `contender=${contender}`]
  const how = ["-f", "1", "-foe", "true", "-prof", "gc", "-rf", "json", "-rff", JMH]
  try {
    java("org.openjdk.jmh.Main", "Decide.decide", ...what, ...how, ...seconds)
  } catch (error) {
    const [, why] = /RefusedException: (.*)/.exec(String(error)) ?? []
    if (!why) throw error
    say(why)
    return undefined
  }
  const [{ primaryMetric, secondaryMetrics }] = JSON.parse(readFileSync(JMH, "utf8"))
  const { cpu, load } = JSON.parse(readFileSync(NOTES, "utf8"))
  return {
    rules,
    contender,
    nanoseconds: cpu.slice(-SECONDS.measure),
    wall: primaryMetric.rawData[0],
    allocated: secondaryMetrics["gc.alloc.rate.norm"].score,
    load,
  }
}

/** @param {string} what @param {string} rules @param {string} contender @returns {number | undefined} nanoseconds */
function estimate(what, rules, contender) {
  const file = join(CRITERION, what, contender, rules, "new", "estimates.json")
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).median.point_estimate : undefined
}

/** @param {string} bench @param {string} rules @param {string} contender @returns {Omit<Fork, "round" | "busy"> | undefined} nothing where it is refused */
function natively(bench, rules, contender) {
  rmSync(CRITERION, { recursive: true, force: true })
  const seconds = [SECONDS.warmUp / 2, SECONDS.measure].map(String)
  run(bench, ["--bench", "--noplot", "--warm-up-time", seconds[0], "--measurement-time", seconds[1]], {
    CRITERION_HOME: CRITERION,
    JIT_BENCH_CASES: CASES,
    JIT_BENCH_RULES: rules,
    JIT_BENCH_CONTENDER: contender,
  })
  const decided = estimate("decide", rules, contender)
  if (decided === undefined) return undefined
  const loaded = estimate("load", rules, contender)
  const load = loaded === undefined ? {} : { load: { first: loaded, warm: loaded } }
  return { rules, contender, nanoseconds: [decided], ...load }
}

/** @param {string} rules @returns {Idle[]} */
function idle(rules) {
  const names = CONTENDERS.filter(({ on, idle }) => on === "jvm" && idle !== false).map(({ name }) => name)
  const lines = java("dev.jitapproval.bench.Footprint", rules, ...names)
    .trim()
    .split("\n")
  return lines.map((line) => ({ rules, ...JSON.parse(line) }))
}

/** @param {import("./engine/table.js").Results} results @returns {string[]} */
function machine({ forks }) {
  const { stderr } = spawnSync("java", ["-version"], { encoding: "utf8" })
  if (!/version "17[."]/.test(stderr)) say("The goals are for Java 17, and this is another one.")
  const busiest = Math.max(...forks.map(({ busy }) => busy))
  const rounds = Math.max(...forks.map(({ round }) => round)) + 1
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model.trim()}, ${stderr.split("\n")[1]}, default flags.`,
    `${rounds} rounds, in each a process with ${SECONDS.warmUp} s to warm up and ${SECONDS.measure} s measured.`,
    `The load average before a process was at most ${busiest.toFixed(1)}; these processes alone make it 1 to 2.`,
  ]
}

/** @param {import("./engine/cases.js").Layout[]} layouts @returns {import("./engine/table.js").Results} */
function begin(layouts) {
  /** @type {import("./engine/table.js").Results} */
  const results = options.more
    ? JSON.parse(readFileSync(RESULTS, "utf8"))
    : { machine: [], layouts: [], forks: [], idle: [] }
  const fresh = layouts.filter(({ name }) => !results.layouts.some((before) => before.name === name))
  results.layouts.push(...fresh)
  results.idle.push(...fresh.flatMap(({ name }) => idle(name)))
  return results
}

mkdirSync(FOLDER, { recursive: true })
const bench = nativeBench()
const chosen = writeCases(CASES).filter(({ name }) => options.only?.split(",").includes(name) ?? true)
const results = begin(chosen)
const before = Math.max(-1, ...results.forks.map(({ round }) => round)) + 1

/** @param {string} rules @param {string} contender */
const refuses = (rules, contender) =>
  results.idle.some((it) => it.rules === rules && it.contender === contender && it.refused)

for (let round = before; round < before + ROUNDS; round++) {
  for (const [at, layout] of chosen.entries()) {
    for (const turn of CONTENDERS.keys()) {
      // Each goes first in its turn.
      const { name, on, indexed } = CONTENDERS[(turn + round + at) % CONTENDERS.length]
      const engine = ["native", "extension"].includes(name) ? "wasm" : name
      if ((indexed && layout.guarded === false) || refuses(layout.name, engine)) continue
      const busy = loadavg()[0]
      const fork = on === "jvm" ? onTheJvm(layout.name, name) : natively(bench, layout.name, name)
      if (fork) results.forks.push({ ...fork, round, busy })
      const times = fork?.nanoseconds.map(Math.round).join(" ") ?? "refused"
      say(`round ${round + 1}, ${countOf(layout)} rules, ${name}: ${times} ns`)
    }
    results.machine = machine(results)
    writeFileSync(RESULTS, JSON.stringify(results))
  }
}
console.log(`${new Table(results)}`)

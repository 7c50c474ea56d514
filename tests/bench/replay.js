// How long a month of decisions takes to be decided again: `./jit bench replay [decisions]`.
import { spawnSync } from "node:child_process"
import { once } from "node:events"
import { createWriteStream, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { ROOT, TARGET } from "../harness/paths.js"

const DECISIONS = Number(process.argv[2] ?? 100_000)
const RUNS = 5
const FOLDER = join(TARGET, "bench", "replay")
const JIT_POLICY = join(TARGET, "release", "jit-policy")
const POLICY = join(ROOT, "examples/policies/geo-network.yaml")

const COUNTRIES = ["CH", "DE", "AT", "CH", "DE", "US", "FR"]
const CLIENTS = ["wiki", "payroll", "prod-console", "mail"]
const FIRST = Date.parse("2026-11-01T00:00:00.000Z")

/** What the export of the decision log has, of sign-ins that differ in who, when, from where and to what. @param {number} number */
function line(number) {
  const at = new Date(FIRST + number * 25_000).toISOString()
  const user = `user-${number % 3_571}`
  return {
    v: 1,
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    at,
    realm: "acme",
    action: "login",
    policy: "before",
    hash: "sha256:0000000000000000000000000000000000000000000000000000000000000000",
    effect: "allow",
    rule: null,
    matched: [],
    digest: null,
    request: null,
    mode: "enforce",
    sampled: true,
    rate: 0.1,
    context: {
      action: "login",
      now: at,
      realm: { name: "acme" },
      flow: { alias: "browser with JIT approval" },
      client: {
        id: CLIENTS[number % CLIENTS.length],
        name: "An application",
        public: false,
        attributes: { tier: [String(number % 3)], owner: ["platform"] },
      },
      user: {
        id: `5b2b0f52-8a5c-4a3f-9a55-${String(number % 3_571).padStart(12, "0")}`,
        username: user,
        email: `${user}@example.org`,
        email_verified: true,
        roles: ["offline_access", "default-roles-acme", "staff", `team-${number % 40}`],
        client_roles: { "prod-console": ["viewer"], account: ["manage-account", "view-profile"] },
        groups: ["/staff", `/staff/team-${number % 40}`],
        attributes: { manager: [`user-${number % 97}`], cost_center: ["4711"] },
        created_at: "2024-01-31T08:00:00.000Z",
        federated: true,
        service_account: false,
      },
      request: {
        ip: number % 3 ? `10.1.${number % 200}.${number % 250}` : `203.0.113.${number % 250}`,
        user_agent:
          "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        scopes: ["openid", "profile", "email"],
        headers: { "accept-language": "de-CH,de;q=0.9,en;q=0.8" },
      },
      session: { amr: ["pwd"], sso: number % 2 === 0 },
      risk: {
        failed_logins: "0",
        known_device: number % 11 !== 0,
        country: COUNTRIES[number % COUNTRIES.length],
        asn: number % 501 ? "3303" : "64496",
      },
    },
    redacted: [],
  }
}

/** @param {string} path */
async function writeLog(path) {
  const out = createWriteStream(path)
  for (let number = 0; number < DECISIONS; number += 1)
    if (!out.write(`${JSON.stringify(line(number))}\n`)) await once(out, "drain")
  out.end()
  await once(out, "close")
}

/** @param {string[]} args @returns {{ seconds: number, summary: any }} */
function replay(args) {
  const begun = process.hrtime.bigint()
  const ended = spawnSync(JIT_POLICY, ["replay", ...args, "--format", "json"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  })
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9
  if (ended.status !== 0) throw new Error(`jit-policy ended with ${ended.status}: ${ended.stderr}`)
  return { seconds, summary: JSON.parse(ended.stdout) }
}

/** @param {number[]} values */
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]

mkdirSync(FOLDER, { recursive: true })
const log = join(FOLDER, "decisions.ndjson")
await writeLog(log)
const before = join(FOLDER, "before.yaml")
writeFileSync(
  before,
  readFileSync(POLICY, "utf8").replace('["AT", "CH", "DE", "LI"]', '["AT", "CH", "DE", "FR", "LI"]'),
)

const size = (statSync(log).size / 2 ** 20).toFixed(0)
console.log(
  `${DECISIONS.toLocaleString("en")} decisions, ${size} MiB; ${cpus()[0].model}, one core. The medians of ${RUNS} runs of the whole command, in turns.\n`,
)
/** @type {[string, string[]][]} */
const variants = [
  ["against what was decided", [POLICY, log]],
  ["against another policy", [POLICY, log, "--against", before]],
]
const seconds = variants.map(() => /** @type {number[]} */ ([]))
/** @type {any[]} */
const summaries = []
for (let run = 0; run < RUNS; run += 1)
  variants.forEach(([, args], index) => {
    const { seconds: took, summary } = replay(args)
    seconds[index].push(took)
    summaries[index] = summary
  })
console.log("| replay | seconds | decisions a second | changed |\n|-|-|-|-|")
variants.forEach(([name], index) => {
  const { replayed, changed, unknown } = summaries[index]
  if (replayed !== DECISIONS || unknown !== 0) throw new Error(`${replayed} replayed, ${unknown} unknown`)
  const took = median(seconds[index])
  const rate = Math.round(DECISIONS / took / 1000) * 1000
  console.log(
    `| ${name} | ${took.toFixed(2)} | ${rate.toLocaleString("en")} | ${changed.toLocaleString("en")} |`,
  )
})

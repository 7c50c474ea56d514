// What the checkpoint costs a login that has nothing to ask: `./jit bench login [logins]`.
//
// One server, and realms that differ in the checkpoint alone. Their logins take turns in short blocks, so that whatever else the machine
// and the server do meanwhile falls on all of them alike; within a block one login follows the other, so that CPU time has an owner.
import { readFileSync } from "node:fs"
import { cpus } from "node:os"
import { startedBefore } from "../harness/build.js"
import { Keycloak } from "../harness/keycloak.js"
import { MailSink } from "../harness/mail.js"
import { managerApproves } from "../harness/policies.js"
import { Realm, withoutCheckpoint } from "../harness/realm.js"
import { CookieJar, addApplication, signIn } from "../harness/tokens.js"

const LOGINS = Number(process.argv[2] ?? 500)
const WARM_UP = 100
const BLOCK = 10
const CLIENT = "bench"

/** The kernel's unit of CPU time in /proc, the same on every Linux that Keycloak runs on. */
const TICK_MS = 10

/** Nothing in it is ever true for this client; still all of it has to be decided. */
const POLICY = managerApproves()

/** @typedef {{ checkpoint: string, realm: Realm, jar: CookieJar }} Variant */
/** @typedef {{ milliseconds: number[], ticks: number }} Measured */

/** @param {number} pid @returns {number} CPU time of a process so far, of user and system, in ticks */
function ticks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  // The name of the command may hold anything; what follows its last parenthesis is numbers.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return Number(fields[11]) + Number(fields[12])
}

/** @param {number[]} sorted @param {number} part */
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]

/** The kinds of login, and what each does once. @type {Record<string, (variant: Variant) => Promise<unknown>>} */
const KINDS = {
  password: ({ realm }) => signIn(realm, "alice", CLIENT, { scope: "openid" }),
  "single sign-on cookie": ({ realm, jar }) => signIn(realm, "alice", CLIENT, { scope: "openid", jar }),
}

/** @param {Keycloak} server @param {MailSink} mail @returns {Promise<Variant[]>} */
async function prepare(server, mail) {
  const settings = { server, mail }
  const none = await Realm.create({ ...settings, name: "none", change: withoutCheckpoint })
  const flow = await Realm.create({ ...settings, name: "flow", policy: POLICY })
  const action = await Realm.create({
    ...settings,
    name: "action",
    policy: POLICY,
    change: withoutCheckpoint,
  })
  await action.admin.post(`${action.path}/jit-approval/provision`, { required_action: true })
  for (const realm of [flow, action]) await realm.ready()
  const variants = [
    { checkpoint: "none", realm: none },
    { checkpoint: "flow step", realm: flow },
    { checkpoint: "required action", realm: action },
  ]
  return Promise.all(
    variants.map(async (variant) => {
      await variant.realm.admin.put(variant.realm.path, { eventsEnabled: false, adminEventsEnabled: false })
      await addApplication(variant.realm, CLIENT)
      const jar = new CookieJar()
      await signIn(variant.realm, "alice", CLIENT, { scope: "openid", jar })
      return { ...variant, jar }
    }),
  )
}

/**
 * @param {number} pid of the server @param {Variant[]} variants @param {(variant: Variant) => Promise<unknown>} login
 * @param {number} logins of each
 * @returns {Promise<Map<Variant, Measured>>}
 */
async function measure(pid, variants, login, logins) {
  const measured = new Map(
    variants.map((variant) => [variant, { milliseconds: /** @type {number[]} */ ([]), ticks: 0 }]),
  )
  for (let done = 0, turn = 0; done < logins; done += BLOCK, turn++) {
    // Each goes first in its turn: what the one before has left behind is nobody's in particular.
    const order = variants.map((_, index) => variants[(index + turn) % variants.length])
    for (const variant of order) {
      const result = /** @type {Measured} */ (measured.get(variant))
      const before = ticks(pid)
      for (let count = 0; count < BLOCK; count++) {
        const start = performance.now()
        await login(variant)
        result.milliseconds.push(performance.now() - start)
      }
      result.ticks += ticks(pid) - before
    }
  }
  return measured
}

/** @param {(string | number)[]} cells */
const row = (cells) =>
  `| ${cells.map((cell) => (typeof cell === "number" ? cell.toFixed(2) : cell)).join(" | ")} |`

const mail = await MailSink.start()
const server = await Keycloak.start({ built: await startedBefore({ say: console.error }), name: "bench" })
/** @type {Variant[]} */
let variants = []
try {
  variants = await prepare(server, mail)
  console.log(`${LOGINS} logins each, one at a time, on ${cpus().length} × ${cpus()[0].model.trim()}\n`)
  console.log(row(["login", "checkpoint", "CPU ms", "more", "p50 ms", "more", "p99 ms", "more"]))
  console.log("|-|-|-|-|-|-|-|-|")
  for (const [kind, login] of Object.entries(KINDS)) {
    await measure(server.jvm, variants, login, WARM_UP)
    const measured = await measure(server.jvm, variants, login, LOGINS)
    /** @type {number[] | undefined} */
    let first
    for (const [{ checkpoint }, { milliseconds, ticks }] of measured) {
      const sorted = milliseconds.toSorted((one, other) => one - other)
      const numbers = [(ticks * TICK_MS) / sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.99)]
      const base = (first ??= numbers)
      console.log(
        row([kind, checkpoint, ...numbers.flatMap((number, index) => [number, number - base[index]])]),
      )
    }
  }
} finally {
  for (const { realm } of variants) await realm.close()
  await server.stop()
  await mail.stop()
}

// Two nodes on one PostgreSQL behind one address, as production has it: what is opened on one goes on at the other, neither does
// anything twice, and of two people who decide at the same moment one is too late.
import { Caller, stateOf } from "../harness/caller.js"
import { Cluster } from "../harness/cluster.js"
import { crowd, names } from "../harness/crowd.js"
import { Auditor } from "../harness/jit-policy.js"
import { NODE_HEADER } from "../harness/load-balancer.js"
import { Person } from "../harness/person.js"
import { managerApproves } from "../harness/policies.js"
import { Realm } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { expect, test } from "@playwright/test"

// One cluster for all of them, so one after the other in one process.
test.describe.configure({ mode: "default", timeout: 300_000 })

/** @type {Cluster} */
let cluster
/** @type {(() => Promise<unknown>)[]} */
let leftovers = []

test.beforeAll(async () => {
  test.setTimeout(300_000)
  cluster = await Cluster.start({ name: "cluster" })
})

test.afterEach(async () => {
  for (const close of leftovers.splice(0).reverse()) await close()
})

test.afterAll(() => cluster?.stop())

let realms = 0

/** @param {{ policy?: string, change?: (realm: any) => void }} [settings] */
async function newRealm({ policy = managerApproves(), change } = {}) {
  const { mail } = sharedServers()
  const name = `c${process.pid}-${++realms}`
  const realm = await Realm.create({ server: /** @type {any} */ (cluster), mail, name, policy, change })
  leftovers.push(() => realm.close())
  await Promise.all([realm.ready(cluster.a.admin), realm.ready(cluster.b.admin)])
  return realm
}

/**
 * @param {import("@playwright/test").Browser} browser @param {Realm} realm @param {string} username @param {"a" | "b"} node
 */
async function visit(browser, realm, username, node) {
  const context = await browser.newContext({ extraHTTPHeaders: { [NODE_HEADER]: node } })
  leftovers.push(() => context.close())
  return new Person(username, realm, context, await context.newPage())
}

/** @param {string} username @param {Realm} realm @param {"a" | "b"} node */
async function call(username, realm, node) {
  const caller = await Caller.create(username, realm, node)
  leftovers.push(() => caller.dispose())
  return caller
}

test("a request that is opened on one node is approved on the other, and resumes on the first", async ({
  browser,
}) => {
  const realm = await newRealm()
  const alice = await visit(browser, realm, "alice", "a")
  const bob = await visit(browser, realm, "bob", "b")
  const request = await alice.signInAndWait()
  const tab = new URL(alice.page.url()).searchParams.get("tab_id") ?? "none"
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  expect(cluster.balancer.nodesFor(`tab_id=${tab}`)).toEqual(["a"])
  expect(cluster.balancer.nodesFor(`/jit-approval/review/${request}`)).toEqual(["b"])
})

test("a node that is killed while alice waits: she goes on at the other, and deadlines still fire", async ({
  browser,
}) => {
  const realm = await newRealm()
  const hurried = await newRealm({ policy: managerApproves({ stage: { timeout: "20s" } }) })
  const alice = await visit(browser, realm, "alice", "a")
  const bob = await visit(browser, realm, "bob", "b")
  const request = await alice.signInAndWait()
  const tab = new URL(alice.page.url()).searchParams.get("tab_id") ?? "none"
  const forgotten = await (await call("alice", hurried, "a")).signInAndWait()

  await cluster.a.crash()
  try {
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
    expect(cluster.balancer.nodesFor(`tab_id=${tab}`)).toEqual(["a", "b"])
    await cluster.expectSize(1)
    // Nobody asks for this one's page any more: the timer of the node that is left has to see it.
    await expect
      .poll(() => hurried.kinds(forgotten.id), { timeout: 100_000 })
      .toEqual(["opened", "timed_out"])
  } finally {
    await cluster.a.start()
    await cluster.expectSize(2)
  }
})

test("thirty deadlines on two nodes: each fires once, and each requester hears of it once", async () => {
  const people = names("u", 30)
  const realm = await newRealm({
    policy: managerApproves({ stage: { timeout: "12s" } }),
    change: crowd(
      Object.fromEntries([...people, "last"].map((name) => [name, { attributes: { manager: ["bob"] } }])),
    ),
  })
  const open = async (/** @type {string} */ name, /** @type {"a" | "b"} */ node) => {
    const caller = await call(name, realm, node)
    const { id, statusUrl } = await caller.signInAndWait()
    const expired = () =>
      expect.poll(() => realm.kinds(id), { timeout: 100_000 }).toEqual(["opened", "timed_out"])
    // Both timers run, and a page that is asked for on either node fires a deadline that is due as well.
    const ask = async (/** @type {string} */ at) => {
      const answer = await caller.http.get(statusUrl, { headers: { [NODE_HEADER]: at } })
      expect(answer.status()).toBeLessThan(500)
      return (await answer.json()).state
    }
    const asked = (/** @type {string} */ at) =>
      expect.poll(() => ask(at), { timeout: 100_000, intervals: [500] }).toBe("expired")
    return { id, expired, asked: () => Promise.all([asked("a"), asked("b")]) }
  }
  const opened = await Promise.all(people.map((name, index) => open(name, index % 2 ? "a" : "b")))
  await Promise.all(opened.slice(0, 15).map(({ asked }) => asked()))
  for (const { expired } of opened) await expired()
  // Once a later deadline has led to its mail, there was time for whatever the timers would have done twice.
  const last = await open("last", "a")
  await last.expired()
  await realm.mail.mailTo(realm.address("last"))
  const mails = await Promise.all(people.map((name) => realm.mail.mailsTo(realm.address(name))))
  expect(mails.map(({ length }) => length)).toEqual(people.map(() => 1))
  expect(new Set(mails.flat().map(({ messageId }) => messageId)).size).toBe(people.length)
  for (const { expired } of opened) await expired()
})

const ROUNDS = 200

/** Who races whom, by the first letter of the round: what each does, and the histories that may come of it. */
const RACES = [
  { one: "approve", other: "approve", histories: ["opened approved"] },
  { one: "approve", other: "deny", histories: ["opened approved", "opened denied"] },
  // An approval that nobody has used yet can be given up.
  { one: "approve", other: "cancel", histories: ["opened cancelled", "opened approved cancelled"] },
]

test(`${ROUNDS} races of two people on two nodes: each request comes to one outcome`, async () => {
  const people = names("r", ROUNDS)
  const realm = await newRealm({
    policy: managerApproves({ stage: { approvers: [{ user: "bob" }, { user: "carol" }] } }),
    change: crowd(Object.fromEntries(people.map((name) => [name, {}]))),
  })
  const race = async (/** @type {string} */ name, /** @type {number} */ round) => {
    const { one, other, histories } = RACES[round % RACES.length]
    const requester = await call(name, realm, round % 2 ? "a" : "b")
    const { id, cancel } = await requester.signInAndWait()
    const vote = async (
      /** @type {string} */ approver,
      /** @type {"a" | "b"} */ node,
      /** @type {string} */ decision,
    ) => {
      const caller = await call(approver, realm, node)
      const ballot = await caller.openReview(id)
      return async () => {
        const answer = await caller.send(ballot, { decision })
        return { status: answer.status(), done: (await answer.text()).includes('id="jit-done"') }
      }
    }
    const giveUp = async () => {
      const answer = await requester.send(cancel, { jit: "cancel" })
      return { status: answer.status(), done: stateOf(await answer.text()) === "cancelled" }
    }
    const racers = [
      await vote("bob", "a", one),
      other === "cancel" ? giveUp : await vote("carol", "b", other),
    ]
    // Neither always first.
    const answers = await Promise.all((round % 2 ? racers : racers.reverse()).map((run) => run()))
    return { name, id, histories, answers }
  }

  /** @type {Awaited<ReturnType<typeof race>>[]} */
  const rounds = []
  const waiting = people.map((name, round) => () => race(name, round))
  const runner = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) rounds.push(await next())
  }
  await Promise.all([runner(), runner(), runner(), runner()])

  expect(rounds).toHaveLength(ROUNDS)
  const kinds = await realm.kindsOfAll()
  for (const { id, histories, answers } of rounds) {
    const history = kinds[id].join(" ")
    expect(histories, id).toContain(history)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    // Whoever is told that it is done has an event of their own, and nobody else has.
    expect(answers.filter(({ done }) => done).length, `${id}: ${history}`).toBe(kinds[id].length - 1)
  }
  // Both orders were met, or this was no race.
  const ends = new Set(rounds.map(({ id }) => kinds[id].join(" ")))
  expect([...ends].sort()).toEqual(
    expect.arrayContaining(["opened approved", "opened cancelled", "opened denied"]),
  )

  const auditor = new Auditor(realm.name, { keys: [] })
  expect(auditor.verify(await realm.admin.text(`${realm.path}/jit-approval/audit/export`))).toMatchObject({
    result: "intact",
    requests: ROUNDS,
    findings: [],
  })

  const told = rounds.filter(({ id }) => kinds[id].includes("approved") || kinds[id].includes("denied"))
  const expected = told.map(({ name }) => realm.address(name)).sort()
  const outcomes = async () =>
    (await realm.mail.mails())
      .filter(({ to }) => rounds.some(({ name }) => to.includes(realm.address(name))))
      .map(({ to }) => to[0])
      .sort()
  await expect
    .poll(async () => (await outcomes()).length, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(expected.length)
  expect(await outcomes()).toEqual(expected)
})

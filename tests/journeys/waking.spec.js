// The waiting page hears of news at once, costs the server next to nothing, and polls where nobody tells it.
import { test as plain } from "@playwright/test"
import { Caller } from "../harness/caller.js"
import { Cluster } from "../harness/cluster.js"
import { Keycloak } from "../harness/keycloak.js"
import { managerApproves } from "../harness/policies.js"
import { Realm } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { expect, test } from "../harness/test.js"

/** @param {string} statusUrl of a waiting page @param {number} [version] that the page has seen */
const newsUrl = (statusUrl, version = 1) => {
  const url = new URL(statusUrl)
  url.pathname += "/news"
  url.searchParams.set("version", String(version))
  return url.href
}

test("the page is woken by what happens to its request", async ({ alice, bob }) => {
  const request = await alice.signInAndWait()
  // From here on only news lets the page poll: what it asks for by itself is not answered.
  let heard = false
  await alice.page.route("**/jit-approval/status?**", (route) => (heard ? route.continue() : route.abort()))
  await alice.page.route("**/jit-approval/status/news?**", async (route) => {
    const answer = await route.fetch({ timeout: 0 })
    heard ||= (await answer.json()).news
    await route.fulfill({ response: answer })
  })
  await alice.page.reload()
  await alice.waiting.expect("waiting")
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  expect(heard).toBe(true)
})

test("where nobody tells, the page polls", async ({ alice, bob }) => {
  await alice.page.route("**/jit-approval/status/news?**", (route) => route.abort())
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
})

test("a server that answers at once and for ever is not asked without a pause", async ({ alice }) => {
  let polls = 0
  await alice.page.route("**/jit-approval/status?**", (route) => {
    polls++
    return route.continue()
  })
  await alice.page.route("**/jit-approval/status/news?**", (route) => route.fulfill({ json: { news: true } }))
  await alice.signInAndWait()
  const began = Date.now()
  await expect.poll(() => polls).toBeGreaterThan(5)
  // Each pause has 300 ms at the least, so there cannot have been more of them.
  expect((polls - 1) * 300).toBeLessThanOrEqual(Date.now() - began + 300)
})

test("another browser hears nothing, and an old page hears at once", async ({ realm }) => {
  const alice = await Caller.create("alice", realm)
  const thief = await Caller.create("alice", realm)
  const { statusUrl } = await alice.signInAndWait()
  await thief.signInAndWait()
  expect((await thief.http.get(newsUrl(statusUrl))).status()).toBe(404)
  const old = await alice.http.get(newsUrl(statusUrl, 0), { timeout: 60_000 })
  expect(await old.json()).toEqual({ news: true })
  await alice.dispose()
  await thief.dispose()
})

test("nobody waits for news of a request that has ended", async ({ realm }) => {
  const alice = await Caller.create("alice", realm)
  const { statusUrl, cancel } = await alice.signInAndWait()
  await alice.send(cancel, { jit: "cancel" })
  const ended = await alice.http.get(newsUrl(statusUrl, 2), { timeout: 60_000 })
  expect(await ended.json()).toEqual({ news: true })
  await alice.dispose()
})

test("more tabs of one request than may wait are told to poll", async ({ realm }) => {
  const alice = await Caller.create("alice", realm)
  const { statusUrl, cancel } = await alice.signInAndWait()
  /** @type {number[]} */
  const answers = []
  const waiting = Array.from({ length: 6 }, async () => {
    const answer = await alice.http.get(newsUrl(statusUrl), { timeout: 60_000 })
    answers.push(answer.status())
  })
  await expect.poll(() => answers.filter((status) => status === 503)).toHaveLength(2)
  await alice.send(cancel, { jit: "cancel" })
  await Promise.all(waiting)
  expect(answers.sort()).toEqual([200, 200, 200, 200, 503, 503])
  await alice.dispose()
})

plain("50 pages that wait hold no thread and no connection of a small server", async ({}) => {
  plain.setTimeout(300_000)
  const { built, mail } = sharedServers()
  const server = await Keycloak.start({
    brief: true,
    built,
    name: "waking",
    options: ["--db-pool-max-size=2", "--http-pool-max-threads=4"],
  })
  // Everybody's approver: the other users have no manager.
  const policy = managerApproves({ stage: { approvers: [{ user: "bob" }] } })
  const realm = await Realm.create({ server, mail, name: "waking", policy })
  /** @type {Caller[]} */
  const callers = []
  const call = async (/** @type {string} */ username) => {
    const caller = await Caller.create(username, realm)
    callers.push(caller)
    return caller
  }
  let stop = false
  let inFlight = 0
  /** @param {Caller} caller @param {string} url */
  const keepWaiting = async (caller, url) => {
    while (!stop) {
      inFlight++
      const answer = await caller.http.get(url, { timeout: 120_000 })
      inFlight--
      expect(answer.status()).toBe(200)
      if ((await answer.json()).news) return
    }
  }
  try {
    await realm.ready()
    for (let i = 0; i < 5; i++) await realm.addUser(`user-${i}`)
    const pages = []
    for (let i = 0; i < 13; i++) {
      const caller = await call(i < 8 ? "alice" : `user-${i % 5}`)
      pages.push({ caller, ...(await caller.signInAndWait()) })
    }
    const loops = pages.flatMap(({ caller, statusUrl }) =>
      Array.from({ length: 4 }, () => keepWaiting(caller, newsUrl(statusUrl))),
    )
    await expect.poll(() => inFlight).toBe(52)
    const bob = await call("bob")
    expect(await bob.signInTo("payroll")).toContain('data-state="signed-in"')
    const late = await call("alice")
    await late.signInAndWait()
    const bobs = await call("bob")
    const ballot = await bobs.openReview(pages[0].id)
    await bobs.send(ballot, { decision: "approve" })
    // The four that wait for this request are woken, and the others wait on.
    await expect.poll(() => inFlight, { timeout: 60_000 }).toBe(48)
    stop = true
    await Promise.all(loops)
  } finally {
    stop = true
    for (const caller of callers) await caller.dispose()
    await realm.close()
    await server.stop()
  }
})

plain("a page that waits on one node hears of what happened on the other", async ({}) => {
  plain.setTimeout(400_000)
  const { mail } = sharedServers()
  const cluster = await Cluster.start({ name: "waking-cluster" })
  const realm = await Realm.create({
    server: /** @type {any} */ (cluster),
    mail,
    name: "waking-cluster",
    policy: managerApproves(),
  })
  try {
    await Promise.all([realm.ready(cluster.a.admin), realm.ready(cluster.b.admin)])
    const alice = await Caller.create("alice", realm, "a")
    const bob = await Caller.create("bob", realm, "b")
    const { id, statusUrl } = await alice.signInAndWait()
    const ballot = await bob.openReview(id)
    const news = alice.http.get(newsUrl(statusUrl), { timeout: 60_000 })
    await bob.send(ballot, { decision: "approve" })
    expect(await (await news).json()).toEqual({ news: true })
    await alice.dispose()
    await bob.dispose()
  } finally {
    await realm.close()
    await cluster.stop()
  }
})

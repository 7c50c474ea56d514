// What an auditor gets: why a step was held, proof of what happened, and what is forgotten.
import { createPublicKey, verify } from "node:crypto"
import { AdminClient } from "../harness/admin.js"
import { Api } from "../harness/api.js"
import { everybody } from "../harness/policies.js"
import { eventually } from "../harness/processes.js"
import { expect, test } from "../harness/test.js"

/** @param {string} part of a JWS */
const decoded = (part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"))

/** @param {import("../harness/realm.js").Realm} realm @param {Record<string, string>} [parameters] */
const decisions = (realm, parameters = {}) =>
  realm.admin.lines(`${realm.path}/jit-approval/decisions/export?${new URLSearchParams(parameters)}`)

/** @param {import("../harness/realm.js").Realm} realm @param {Record<string, string>} [parameters] */
const histories = (realm, parameters = {}) =>
  realm.admin.lines(`${realm.path}/jit-approval/audit/export?${new URLSearchParams(parameters)}`)

test("the decision that held a sign-in is kept once, with the facts that it was made on", async ({
  alice,
  realm,
}) => {
  const request = await alice.signInAndWait()
  await alice.page.reload()
  await alice.waiting.expect("waiting")

  const [kept, ...more] = await decisions(realm)
  expect(more).toEqual([])
  expect(kept).toMatchObject({
    v: 1,
    realm: realm.name,
    action: "login",
    policy: "journey",
    hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    effect: "require_approval",
    rule: "prod-console",
    matched: [{ rule: "prod-console", effect: "require_approval", mode: "enforce" }],
    request,
    mode: "enforce",
    sampled: false,
  })
  expect(kept.context).toMatchObject({
    action: "login",
    client: { id: "prod-console" },
    user: { username: "alice", attributes: { manager: ["bob"] } },
  })
  expect(kept.obligations.approval.stages).toHaveLength(1)

  expect(await decisions(realm, { effect: "deny" })).toEqual([])
  expect(await decisions(realm, { policy: "journey", effect: "require_approval" })).toHaveLength(1)
  expect(await decisions(realm, { to: kept.at })).toEqual([])
  expect(await decisions(realm, { from: kept.at, policy: kept.hash })).toHaveLength(1)
})

test.describe("where the policy denies", () => {
  test.use({ policy: everybody("deny") })

  test("what was denied is kept as well, and what was allowed is not", async ({ alice, realm }) => {
    await alice.signInTo("payroll")
    await alice.application("payroll").expectSignedIn("alice")
    await alice.console.startSignIn()
    await alice.waiting.expect("denied")

    const kept = await decisions(realm)
    expect(kept.map(({ effect, request }) => ({ effect, request }))).toEqual([
      { effect: "deny", request: null },
    ])
  })
})

test.describe("where the policy keeps all decisions, without addresses", () => {
  test.use({
    policy: JSON.stringify({
      ...JSON.parse(everybody("allow")),
      decision_log: { sample: 1, redact: ["user.email", "request.ip"] },
    }),
  })

  test("what was allowed is kept, and the addresses are not", async ({ alice, realm }) => {
    await alice.signInTo("prod-console")
    await alice.console.expectSignedIn("alice")

    // It is stored by another thread, for which no login waits.
    const [kept] = await eventually("the sample", async () => {
      const all = await decisions(realm)
      return all.length > 0 && all
    })
    expect(kept).toMatchObject({
      effect: "allow",
      request: null,
      sampled: true,
      rate: 1,
      redacted: ["user.email", "request.ip"],
      context: { user: { username: "alice", email: null }, request: { ip: null } },
    })
  })
})

test("an export has the whole history of a request, between a head and an end", async ({
  alice,
  bob,
  realm,
}) => {
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")

  const lines = await histories(realm)
  expect(lines.map(({ type }) => type)).toEqual(["realm", "request", "event", "event", "event", "end"])
  expect(lines[0]).toMatchObject({ v: 1, realm: realm.name })
  expect(lines[1]).toMatchObject({ id: request, status: "used", seq: 3 })
  expect(lines[1].shown.facts.who.username).toBe("alice")
  expect(lines.slice(2, 5).map(({ event }) => event.kind)).toEqual(["opened", "approved", "used"])
  expect(lines[5]).toEqual({ type: "end", requests: 1, events: 3 })
  expect(await histories(realm, { request: "another" })).toHaveLength(2)
  expect(await histories(realm, { to: "2020-01-01T00:00:00Z" })).toHaveLength(2)
})

test("who has no role of an auditor gets nothing, and forgets nobody", async ({ realm }) => {
  const carol = new AdminClient(realm.server.url, { username: "carol", password: "carol" }, realm.name)
  const below = `${realm.path}/jit-approval`
  for (const path of ["audit/export", "audit/checkpoints", "audit/checkpoints/1", "decisions/export"])
    await expect(carol.text(`${below}/${path}`)).rejects.toThrow("403")
  await expect(carol.post(`${below}/audit/checkpoints`)).rejects.toThrow("403")
  await expect(carol.post(`${below}/audit/erase`, { user_id: "x" })).rejects.toThrow("403")
  await expect(realm.admin.post(`${below}/audit/erase`, { user_id: "x" })).rejects.toThrow("404")
  await expect(realm.admin.post(`${below}/audit/erase`, {})).rejects.toThrow("400")
  await expect(realm.admin.text(`${below}/audit/export?form=2026-01-01T00:00:00Z`)).rejects.toThrow("400")
})

test("a checkpoint is signed with the realm's key, and is no token", async ({ alice, realm }) => {
  const request = await alice.signInAndWait()
  const first = await realm.admin.post(`${realm.path}/jit-approval/audit/checkpoints`)
  const { jws, hash, seq } = await realm.admin.post(`${realm.path}/jit-approval/audit/checkpoints`)
  const [header, payload, signature] = jws.split(".")

  await test.step("anybody can verify it with the realm's public keys", async () => {
    const answer = await fetch(`${realm.url}/protocol/openid-connect/certs`)
    const { keys } = await answer.json()
    const key = keys.find((/** @type {any} */ { kid }) => kid === decoded(header).kid)
    expect(decoded(header)).toMatchObject({ alg: "RS256", typ: "jit-checkpoint" })
    const genuine = (/** @type {string} */ text) =>
      verify(
        "RSA-SHA256",
        Buffer.from(text),
        createPublicKey({ key, format: "jwk" }),
        Buffer.from(signature, "base64url"),
      )
    expect(genuine(`${header}.${payload}`)).toBe(true)
    expect(genuine(`${header}.${Buffer.from("{}").toString("base64url")}`)).toBe(false)
  })

  await test.step("it lists the request, and names the one before", async () => {
    const { head } = (await histories(realm))[1]
    expect(decoded(payload)).toMatchObject({
      v: 1,
      seq: 2,
      realm: realm.name,
      previous: first.hash,
      heads: [{ request, seq: 1, head }],
      removed: [],
    })
    expect(seq).toBe(2)
    const { items } = await realm.admin.get(`${realm.path}/jit-approval/audit/checkpoints?limit=1`)
    expect(items).toEqual([expect.objectContaining({ seq: 2, hash, requests: 1 })])
    expect(await realm.admin.get(`${realm.path}/jit-approval/audit/checkpoints/2`)).toMatchObject({ jws })
  })

  await test.step("Keycloak takes it for no token", async () => {
    const authorization = `Bearer ${jws}`
    const userinfo = await fetch(`${realm.url}/protocol/openid-connect/userinfo`, {
      headers: { authorization },
    })
    expect(userinfo.status).toBe(401)
    const account = await fetch(`${realm.url}/account`, {
      headers: { authorization, accept: "application/json" },
    })
    expect(account.status).toBe(401)
    // 500: Keycloak's admin API looks for an issuer before it verifies anything.
    const admin = await fetch(`${realm.server.url}/admin/realms/${realm.name}`, {
      headers: { authorization },
    })
    expect([401, 500]).toContain(admin.status)
    const introspection = await fetch(`${realm.url}/protocol/openid-connect/token/introspect`, {
      method: "POST",
      body: new URLSearchParams({
        token: jws,
        client_id: "prod-console",
        client_secret: "prod-console-secret",
      }),
    })
    expect(await introspection.json()).toEqual({ active: false })
  })
})

test("alice is forgotten once her requests have ended, and the history still holds", async ({
  alice,
  bob,
  realm,
}) => {
  const request = await alice.signInAndWait()
  const { id } = await realm.admin.user(realm.name, "alice")
  const erase = () => realm.admin.post(`${realm.path}/jit-approval/audit/erase`, { user_id: id })
  await expect(erase()).rejects.toThrow(new RegExp(`409.*${request}`))

  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  const before = await histories(realm)
  // What is answered again under an idempotency key is kept, and may name her.
  const api = Api.admin(realm, await realm.admin.bearer())
  const checkpoint = () => api.post("audit/checkpoints", undefined, { "idempotency-key": "before-she-left" })
  const { seq } = (await checkpoint()).body
  expect((await checkpoint()).body.seq).toBe(seq)

  expect(await erase()).toEqual({ requests: 1, decisions: 1 })

  expect((await checkpoint()).body.seq).toBeGreaterThan(seq)

  const after = await histories(realm)
  expect(after.map(({ type }) => type)).toEqual(before.map(({ type }) => type))
  expect(after[1]).toMatchObject({ head: before[1].head, status: "used", seq: 3 })
  expect(JSON.stringify(after)).not.toMatch(/alice|Liddell/i)
  expect(JSON.stringify(after)).toContain("bob")
  expect(JSON.stringify(await decisions(realm))).not.toMatch(/alice|Liddell/i)

  await test.step("her request still shows, without her name", async () => {
    const secondVisit = await bob.newTab()
    await secondVisit.page.goto(`${realm.url}/jit-approval/review/${request}`)
    await secondVisit.login.signIn("bob")
    await secondVisit.review.expect("decided")
    await expect(secondVisit.page.locator("body")).not.toContainText(/alice|Liddell/i)
  })

  await test.step("that it was done is recorded, but not whose name it was", async () => {
    const told = (await realm.admin.adminEvents(realm.name)).filter(
      ({ resourcePath }) => resourcePath === "jit-approval/audit/erase",
    )
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told[0])).not.toContain(id)
    expect(JSON.parse(told[0].representation)).toEqual({ requests: 1, decisions: 1 })
  })
})

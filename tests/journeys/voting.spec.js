import { randomUUID } from "node:crypto"
import { Api } from "../harness/api.js"
import { managerApproves } from "../harness/policies.js"
import { expect, test } from "../harness/test.js"
import { addApplication, claims, signIn, tokens } from "../harness/tokens.js"

/** @param {import("../harness/api.js").Answer} answer @param {number} status @param {string} code */
function expectProblem(answer, status, code) {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.type).toContain("application/problem+json")
  expect(answer.body.code).toBe(code)
}

/** @typedef {import("../harness/realm.js").Realm} Realm */

/** The vote that somebody would give who has just read the request. @param {Api} api @param {string} id */
async function shown(api, id) {
  const { body } = await api.get(`requests/${id}`)
  return { shown: { digest: body.digest, stage: body.stage } }
}

/** @param {Realm} realm @param {string} username @param {string} [clientId] */
async function as(realm, username, clientId = "desk") {
  return Api.people(realm, (await signIn(realm, username, clientId)).access_token)
}

test.beforeEach(async ({ realm }) => {
  await addApplication(realm, "desk", { scopes: ["jit:decide", "offline_access"] })
})

test("an approver decides by access token, and the requester goes on", async ({ realm, alice, carol }) => {
  const id = await alice.signInAndWait()
  const bob = await as(realm, "bob")

  const inbox = (await bob.get("me/inbox")).body
  expect(inbox.items.map((/** @type {any} */ item) => item.id)).toEqual([id])
  const { body } = await bob.get(`requests/${id}`)
  expect(body).toMatchObject({ part: "approver", may_decide: true, requester: { username: "alice" } })
  expect(body).not.toHaveProperty("match_code")

  expect(
    (await bob.post(`requests/${id}/comment`, { ...(await shown(bob, id)), comment: "one moment" })).status,
  ).toBe(200)
  const done = await bob.post(`requests/${id}/approve`, { ...(await shown(bob, id)), comment: "fine" })
  expect(done.body).toMatchObject({ status: "approved", may_decide: false })
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(id)).toEqual(["opened", "commented", "approved", "used"])
  expect((await bob.get("me/inbox")).body.items).toEqual([])

  const stranger = await as(realm, carol.username)
  expectProblem(await stranger.get(`requests/${id}`), 404, "not_found")
})

test("a denial by access token ends the wait", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const bob = await as(realm, "bob")
  const denied = await bob.post(`requests/${id}/deny`, {
    ...(await shown(bob, id)),
    comment: "[reported] not now",
  })
  expect(denied.body.status).toBe("denied")
  await alice.waiting.expect("denied")
})

test("self-approval by access token is refused", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const own = await as(realm, "alice")
  const { body } = await own.get(`requests/${id}`)
  expect(body).toMatchObject({ part: "requester", may_decide: false })
  expect(body).not.toHaveProperty("chain")
  expect(JSON.stringify(body)).not.toContain("bob")
  const bob = await as(realm, "bob")
  for (const command of ["approve", "deny"]) {
    expectProblem(await own.post(`requests/${id}/${command}`, await shown(bob, id)), 403, "self_approval")
  }
  expect((await own.get("me/requests")).body.items.map((/** @type {any} */ item) => item.id)).toEqual([id])
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test.describe("where two people are asked", () => {
  test.use({ policy: managerApproves({ stage: { approvers: [{ user: "bob" }, { user: "carol" }] } }) })

  test("self-approval through a second account of the same person is refused", async ({ realm, alice }) => {
    await realm.admin.changeUser(realm.name, "alice", {
      attributes: { manager: ["bob"], person_key: ["p-1"] },
    })
    await realm.admin.changeUser(realm.name, "bob", { attributes: { person_key: ["p-1"] } })
    const id = await alice.signInAndWait()
    const carol = await as(realm, "carol")
    const vote = await shown(carol, id)
    const bob = await as(realm, "bob")
    expectProblem(await bob.get(`requests/${id}`), 404, "not_found")
    expectProblem(await bob.post(`requests/${id}/approve`, vote), 404, "not_found")
    expect((await bob.get("me/inbox")).body.items).toEqual([])
    expect(await realm.kinds(id)).toEqual(["opened"])
    expect((await carol.post(`requests/${id}/approve`, vote)).body.status).toBe("approved")
  })
})

test("a vote on other facts or another stage than are pinned is a conflict", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const bob = await as(realm, "bob")
  const vote = await shown(bob, id)
  for (const change of [{ digest: "sha256:0000" }, { stage: "manager/other" }]) {
    const stale = { shown: { ...vote.shown, ...change } }
    expectProblem(await bob.post(`requests/${id}/approve`, stale), 409, "conflict")
  }
  for (const body of [{}, { shown: null }, { shown: {} }, { shown: { digest: vote.shown.digest } }]) {
    expectProblem(await bob.post(`requests/${id}/approve`, body), 400, "invalid_body")
  }
  expectProblem(await bob.post(`requests/${id}/approve`, { ...vote, actor: "carol" }), 400, "invalid_body")
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("a replayed vote changes nothing", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const bob = await as(realm, "bob")
  const vote = await shown(bob, id)
  const key = { "idempotency-key": randomUUID() }
  const first = await bob.post(`requests/${id}/approve`, vote, key)
  expect(first.status).toBe(200)
  const again = await bob.post(`requests/${id}/approve`, vote, key)
  expect(again.text).toBe(first.text)
  await alice.console.expectSignedIn("alice")
  expectProblem(await bob.post(`requests/${id}/approve`, vote), 409, "terminal")
  expect(await realm.kinds(id)).toEqual(["opened", "approved", "used"])
})

test("tokens of other clients, without the audience or the scope, do not decide", async ({
  realm,
  alice,
}) => {
  const id = await alice.signInAndWait()
  const vote = await shown(await as(realm, "bob"), id)

  await addApplication(realm, "elsewhere")
  const { access_token: elsewhere } = await signIn(realm, "bob", "elsewhere", { scope: "openid" })
  expect(claims(elsewhere).aud ?? []).not.toContain("jit-approval")
  const noAudience = Api.people(realm, elsewhere)
  const refused = await noAudience.post(`requests/${id}/approve`, vote)
  expectProblem(refused, 403, "insufficient_scope")
  expect(refused.headers.get("www-authenticate")).toContain("insufficient_scope")
  expectProblem(await noAudience.get("me/inbox"), 403, "insufficient_scope")

  const audienceOnly = await addApplication(realm, "reader")
  await realm.admin.post(`${realm.path}/clients/${audienceOnly}/protocol-mappers/models`, {
    name: "audience",
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
    config: { "included.client.audience": "jit-approval", "access.token.claim": "true" },
  })
  const { access_token: reader } = await signIn(realm, "bob", "reader", { scope: "openid" })
  const noScope = Api.people(realm, reader)
  expect((await noScope.get(`requests/${id}`)).status).toBe(200)
  expectProblem(await noScope.post(`requests/${id}/approve`, vote), 403, "insufficient_scope")
  const { access_token: own } = await signIn(realm, "alice", "reader", { scope: "openid" })
  expectProblem(await Api.people(realm, own).post(`requests/${id}/cancel`), 403, "insufficient_scope")
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("ID tokens and refresh tokens are no access tokens", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const vote = await shown(await as(realm, "bob"), id)
  const { id_token, refresh_token } = await signIn(realm, "bob", "desk")
  for (const token of [id_token, refresh_token]) {
    expectProblem(await Api.people(realm, token).post(`requests/${id}/approve`, vote), 401, "unauthorized")
  }
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("a refreshed token decides like the one before it", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const { refresh_token } = await signIn(realm, "bob", "desk")
  const { access_token } = await tokens(realm, {
    grant_type: "refresh_token",
    client_id: "desk",
    refresh_token: refresh_token ?? "",
  })
  const bob = Api.people(realm, access_token)
  expect((await bob.post(`requests/${id}/approve`, await shown(bob, id))).status).toBe(200)
})

test("an impersonated approver's token does not decide", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const vote = await shown(await as(realm, "bob"), id)
  const cookies = await realm.admin.impersonate(realm.name, "bob")
  const { access_token } = await signIn(realm, "bob", "desk", { cookies })
  expect(claims(access_token).preferred_username).toBe("bob")
  expectProblem(
    await Api.people(realm, access_token).post(`requests/${id}/approve`, vote),
    403,
    "token_not_accepted",
  )
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("an impersonated requester's token does not cancel", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const cookies = await realm.admin.impersonate(realm.name, "alice")
  const { access_token } = await signIn(realm, "alice", "desk", { cookies })
  expectProblem(
    await Api.people(realm, access_token).post(`requests/${id}/cancel`),
    403,
    "token_not_accepted",
  )
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("an offline token does not decide", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const vote = await shown(await as(realm, "bob"), id)
  const role = await realm.admin.get(`${realm.path}/roles/offline_access`)
  const { id: bobId } = await realm.admin.user(realm.name, "bob")
  await realm.admin.post(`${realm.path}/users/${bobId}/role-mappings/realm`, [role])
  const offline = await signIn(realm, "bob", "desk", { scope: "openid jit:decide offline_access" })
  const refreshed = await tokens(realm, {
    grant_type: "refresh_token",
    client_id: "desk",
    refresh_token: offline.refresh_token ?? "",
  })
  for (const { access_token } of [offline, refreshed]) {
    expectProblem(
      await Api.people(realm, access_token).post(`requests/${id}/approve`, vote),
      403,
      "token_not_accepted",
    )
  }
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("a service account's token does not decide", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const vote = await shown(await as(realm, "bob"), id)
  await addApplication(realm, "robot", {
    scopes: ["jit:decide"],
    client: { publicClient: false, secret: "robot", serviceAccountsEnabled: true },
  })
  // Even where the service account is the approver that the policy names.
  await realm.admin.changeUser(realm.name, "alice", { attributes: { manager: ["service-account-robot"] } })
  const { access_token } = await tokens(realm, {
    grant_type: "client_credentials",
    client_id: "robot",
    client_secret: "robot",
    scope: "jit:decide",
  })
  expectProblem(
    await Api.people(realm, access_token).post(`requests/${id}/approve`, vote),
    403,
    "token_not_accepted",
  )
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("a token of the password grant does not decide", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const vote = await shown(await as(realm, "bob"), id)
  await addApplication(realm, "legacy", {
    scopes: ["jit:decide"],
    client: { directAccessGrantsEnabled: true },
  })
  const form = {
    grant_type: "password",
    client_id: "legacy",
    username: "bob",
    password: "bob",
    scope: "openid jit:decide",
  }
  const { access_token, refresh_token } = await tokens(realm, form)
  const refreshed = await tokens(realm, {
    grant_type: "refresh_token",
    client_id: "legacy",
    refresh_token: refresh_token ?? "",
  })
  for (const token of [access_token, refreshed.access_token]) {
    expectProblem(
      await Api.people(realm, token).post(`requests/${id}/approve`, vote),
      403,
      "token_not_accepted",
    )
  }
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("an exchanged token does not decide", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const vote = await shown(await as(realm, "bob"), id)
  await addApplication(realm, "exchanger", {
    scopes: ["jit:decide"],
    client: {
      publicClient: false,
      secret: "exchanger",
      attributes: { "standard.token.exchange.enabled": "true" },
    },
  })
  const own = await addApplication(realm, "front", { scopes: ["jit:decide"] })
  await realm.admin.post(`${realm.path}/clients/${own}/protocol-mappers/models`, {
    name: "audience",
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
    config: { "included.client.audience": "exchanger", "access.token.claim": "true" },
  })
  const { access_token: subject } = await signIn(realm, "bob", "front", { scope: "openid" })
  const exchanged = await tokens(realm, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    client_id: "exchanger",
    client_secret: "exchanger",
    subject_token: subject,
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    scope: "openid jit:decide",
  })
  expect(claims(exchanged.access_token)).toMatchObject({ azp: "exchanger", preferred_username: "bob" })
  expectProblem(
    await Api.people(realm, exchanged.access_token).post(`requests/${id}/approve`, vote),
    403,
    "token_not_accepted",
  )
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("a token of a session that was ended, or of a disabled user, is no token", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const { id: bobId } = await realm.admin.user(realm.name, "bob")
  const ended = await as(realm, "bob")
  const vote = await shown(ended, id)
  await realm.admin.post(`${realm.path}/users/${bobId}/logout`)
  expectProblem(await ended.post(`requests/${id}/approve`, vote), 401, "unauthorized")

  const disabled = await as(realm, "bob")
  await realm.admin.changeUser(realm.name, "bob", { enabled: false })
  expectProblem(await disabled.post(`requests/${id}/approve`, vote), 401, "unauthorized")
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("a token from before the realm's not-before is no token", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const bob = await as(realm, "bob")
  const vote = await shown(bob, id)
  await realm.admin.put(realm.path, { notBefore: Math.floor(Date.now() / 1000) + 60 })
  expectProblem(await bob.post(`requests/${id}/approve`, vote), 401, "unauthorized")
})

test("a sign-in that is longer ago than the realm allows does not decide", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const bob = await as(realm, "bob")
  const vote = await shown(bob, id)
  const action = `${realm.path}/authentication/required-actions/jit-review`
  await realm.admin.put(action, { ...(await realm.admin.get(action)), config: { max_auth_age: "0" } })
  // Within the second of the sign-in it is not too old yet, and the vote is a stale one.
  const stale = { shown: { ...vote.shown, digest: "sha256:0000" } }
  await expect
    .poll(async () => (await bob.post(`requests/${id}/approve`, stale)).body.code)
    .toBe("sign_in_too_old")
  const refused = await bob.post(`requests/${id}/approve`, vote)
  expectProblem(refused, 401, "sign_in_too_old")
  expect(refused.headers.get("www-authenticate")).toContain('max_age="0"')
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test.describe("where the stage asks for more", () => {
  test.use({ policy: managerApproves({ stage: { require: { comment: true, match_code: true } } }) })

  test("a vote without comment or code is refused, and one with both counts", async ({ realm, alice }) => {
    const id = await alice.signInAndWait()
    const code = (await alice.waiting.matchCode.innerText()).trim()
    const bob = await as(realm, "bob")
    const vote = await shown(bob, id)
    const approve = (/** @type {object} */ more) => bob.post(`requests/${id}/approve`, { ...vote, ...more })
    expectProblem(await approve({ match_code: code }), 422, "comment_required")
    expectProblem(await approve({ comment: "seen" }), 422, "match_code_required")
    expectProblem(await approve({ comment: "seen", match_code: "AAA-AAA" }), 422, "match_code_required")
    expectProblem(await approve({ comment: "x".repeat(5_000), match_code: code }), 422, "comment_too_long")
    expect((await approve({ comment: "seen", match_code: code.toLowerCase() })).body.status).toBe("approved")
  })
})

test.describe("where the stage asks for a level", () => {
  test.use({ policy: managerApproves({ stage: { require: { acr: "gold" } } }) })

  test("a vote from a lower sign-in tells the application what to ask for", async ({ realm, alice }) => {
    await realm.admin.put(realm.path, {
      attributes: { "acr.loa.map": JSON.stringify({ silver: 1, gold: 2 }) },
    })
    const id = await alice.signInAndWait()
    const bob = await as(realm, "bob")
    const refused = await bob.post(`requests/${id}/approve`, await shown(bob, id))
    expectProblem(refused, 401, "acr_required")
    expect(refused.headers.get("www-authenticate")).toContain('acr_values="gold"')
    expect(await realm.kinds(id)).toEqual(["opened"])
  })
})

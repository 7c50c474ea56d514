// The token endpoint, where no browser is: docs/doors.md, doors 5, 6 and 9.
import { Api } from "../harness/api.js"
import { Caller } from "../harness/caller.js"
import { ACCESS_TOKEN, DOORS, EXCHANGE, ask, refusedOnceOver, ruleOn } from "../harness/grants.js"
import { tellFacts } from "../harness/reporting.js"
import { changeConsole, opened, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"
import { addApplication, claims, signIn } from "../harness/tokens.js"

/** @typedef {import("../harness/realm.js").Realm} Realm */

test.use({ bare: true })

/**
 * A policy in which the scopes that are asked for choose what happens.
 *
 * @param {string} door
 */
function everyEffect(door) {
  const on = [door]
  const has = (/** @type {string} */ scope) => `"${scope}" in request.scopes`
  return JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "every-effect",
    combine: "first_match",
    chains: {
      why: { justification: true, stages: [{ name: "bob", approvers: [{ user: "bob" }], timeout: "15m" }] },
    },
    rules: [
      {
        id: "why",
        on,
        when: `${has("phone")} && ${has("address")}`,
        effect: "require_approval",
        chain: "why",
      },
      { id: "never", on, when: has("address"), effect: "deny" },
      { id: "sure", on, when: has("phone"), effect: "confirm" },
      { id: "stronger", on, when: has("microprofile-jwt"), effect: "step_up", acr: "2" },
    ],
  })
}

/** @param {Realm} realm @param {string} id @param {"approve" | "deny"} decision */
async function bobVotes(realm, id, decision) {
  const bob = await Caller.create("bob", realm)
  await bob.vote(id, decision)
  await bob.dispose()
}

test.beforeEach(async ({ realm }) => {
  await realm.admin.post(`${realm.path}/jit-approval/provision`, { required_action: true })
  // Keycloak tells its listeners of a refused refresh, but keeps it only where it is told to.
  const { enabledEventTypes } = await realm.admin.get(`${realm.path}/events/config`)
  await realm.admin.put(`${realm.path}/events/config`, {
    eventsEnabled: true,
    adminEventsEnabled: true,
    adminEventsDetailsEnabled: true,
    enabledEventTypes: [...enabledEventTypes, "REFRESH_TOKEN_ERROR"],
  })
})

/** @param {Realm} realm @returns {Promise<any[]>} Keycloak's events with what the checkpoint did */
const refusals = async (realm) =>
  (await realm.admin.get(`${realm.path}/events?max=1000`)).filter(
    (/** @type {any} */ { details, error }) => error === "access_denied" && details.jit_event,
  )

for (const [door, prepare] of Object.entries(DOORS)) {
  test.describe(door, () => {
    test.describe("under a policy with every effect", () => {
      test.use({ policy: everyEffect(door) })

      test("is open where nothing asks, and says in OAuth's words what it wants otherwise", async ({
        realm,
      }) => {
        const attempt = await prepare(realm)
        const free = await attempt({ scope: "openid" })
        expect(free, JSON.stringify(free.body)).toMatchObject({ status: 200 })

        expect(await attempt({ scope: "openid address" })).toEqual({
          status: 400,
          challenge: null,
          body: { error: "access_denied", error_description: "denied by policy" },
        })
        expect(await refusals(realm)).toHaveLength(1)
        for (const scope of ["openid phone", "openid phone address"])
          expect(await attempt({ scope })).toMatchObject({
            status: 400,
            body: { error: "interaction_required" },
          })
        const weak = await attempt({ scope: "openid microprofile-jwt" })
        expect(weak).toMatchObject({
          status: 401,
          body: { error: "insufficient_user_authentication", acr_values: "2" },
        })
        expect(weak.challenge).toContain('error="insufficient_user_authentication"')
        expect(weak.challenge).toContain('acr_values="2"')
        expect(await refusals(realm)).toHaveLength(4)
        expect(await opened(realm)).toEqual([])
        expect((await attempt({ scope: "openid" })).status, "nothing was used up by the refusals").toBe(200)
      })
    })

    test.use({ policy: ruleOn(door, "require_approval") })

    test("names the request that it waits for, and gives one token for one approval", async ({ realm }) => {
      const attempt = await prepare(realm)
      const first = await attempt()
      const { jit_request, jit_status_uri } = first.body
      expect(first).toMatchObject({ status: 400, body: { error: "interaction_required", interval: 5 } })
      expect(jit_status_uri).toBe(`${realm.url}/jit-approval/requests/${jit_request}`)
      expect((await fetch(jit_status_uri)).status).toBe(401)
      expect((await attempt()).body.jit_request).toBe(jit_request)
      expect(await opened(realm)).toHaveLength(1)

      await bobVotes(realm, jit_request, "approve")
      const race = await Promise.all([attempt(), attempt(), attempt()])
      expect(race.filter(({ status }) => status === 200)).toHaveLength(1)
      expect((await realm.kinds(jit_request)).filter((kind) => kind === "used")).toHaveLength(1)

      const again = await attempt()
      expect(again, "a spent approval").toMatchObject({
        status: 400,
        body: { error: "interaction_required" },
      })
      expect(again.body.jit_request).not.toBe(jit_request)

      await bobVotes(realm, again.body.jit_request, "deny")
      const denied = await attempt()
      expect(denied).toMatchObject({
        status: 400,
        body: { error: "access_denied", jit_request: again.body.jit_request },
      })
      expect(denied.body.error_description).toContain("denied")
    })
  })
}

test.describe("under a rule on refreshes and exchanges", () => {
  test.use({ policy: ruleOn(["token-refresh", "token-exchange"], "require_approval") })

  test("a refresh token of another session, or of another person, does not spend an approval", async ({
    realm,
  }) => {
    const first = await DOORS["token-refresh"](realm)
    const second = await DOORS["token-refresh"](realm)
    const carol = await DOORS["token-refresh"](realm, "carol")
    await realm.admin.put(realm.path, { revokeRefreshToken: true, refreshTokenMaxReuse: 0 })
    const { jit_request } = (await first()).body
    await bobVotes(realm, jit_request, "approve")
    for (const attempt of [second, carol]) {
      const { status, body } = await attempt()
      expect(status).toBe(400)
      expect(body.jit_request).not.toBe(jit_request)
    }
    const passed = await first({ scope: "openid" })
    expect(passed.status, "fewer scopes are something else").toBe(400)
    expect((await first()).status).toBe(200)
  })

  test("a token exchange for another audience asks again", async ({ realm }) => {
    const attempt = await DOORS["token-exchange"](realm)
    const one = await attempt({ requested_token_type: "urn:ietf:params:oauth:token-type:id_token" })
    const { jit_request } = one.body
    await bobVotes(realm, jit_request, "approve")
    const other = await attempt({ requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" })
    expect(other.body.jit_request ?? "none").not.toBe(jit_request)
    const plain = await attempt()
    expect(plain.body.jit_request).not.toBe(jit_request)
  })
})

test.describe("under a rule on refreshes for an hour", () => {
  test.use({ policy: ruleOn("token-refresh", "require_approval", { rule: { grant: "1h" } }) })

  test("a session that goes on by a grant ends when it is taken back", async ({ realm }) => {
    const refresh = await DOORS["token-refresh"](realm)
    const { jit_request } = (await refresh()).body
    await bobVotes(realm, jit_request, "approve")
    for (const _ of ["the first", "the second"]) expect((await refresh()).status).toBe(200)
    const { id } = await realm.admin.user(realm.name, "alice")
    const sessions = () => realm.admin.get(`${realm.path}/users/${id}/sessions`)
    expect(await sessions()).toHaveLength(1)
    await realm.admin.post(`${realm.path}/jit-approval/grants/${jit_request}/revoke`, {})
    expect(await sessions()).toEqual([])
    expect((await refresh()).body.error).toBe("invalid_grant")
  })
})

/** Lets a client exchange tokens, for refresh tokens as well. */
const EXCHANGING = {
  "standard.token.exchange.enabled": "true",
  "standard.token.exchange.enableRefreshRequestedTokenType": "SAME_SESSION",
}
const REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token"

/** @param {Realm} realm @param {string} client_id @param {string} client_secret */
const programOf = (realm, client_id, client_secret) => ({
  exchange: (/** @type {string} */ subject_token, more = {}) =>
    ask(realm, {
      ...{ grant_type: EXCHANGE, client_id, client_secret },
      ...{ subject_token, subject_token_type: ACCESS_TOKEN, ...more },
    }),
  refresh: (/** @type {string} */ refresh_token) =>
    ask(realm, { grant_type: "refresh_token", client_id, client_secret, refresh_token }),
  introspect: (/** @type {string} */ token) =>
    ask(realm, { client_id, client_secret, token }, "token/introspect"),
})

test.describe("under a rule on exchanges for an hour", () => {
  const rule = { when: 'client.id == "gateway"', grant: { for: "1h", bound_to: ["client"] } }
  test.use({ policy: ruleOn("token-exchange", "require_approval", { rule }) })

  test("what was exchanged within a grant ends with the session when it is taken back", async ({ realm }) => {
    const secret = await changeConsole(realm, { redirectUris: ["http://localhost/callback"] })
    const audience = {
      name: "gateway",
      protocol: "openid-connect",
      protocolMapper: "oidc-audience-mapper",
      config: { "included.client.audience": "gateway", "access.token.claim": "true" },
    }
    await addApplication(realm, "gateway", {
      client: {
        ...{ publicClient: false, secret: "gateway-secret", protocolMappers: [audience] },
        attributes: EXCHANGING,
      },
    })
    const [{ id }] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
    await realm.admin.post(`${realm.path}/clients/${id}/protocol-mappers/models`, audience)
    const login = await signIn(realm, "alice", "prod-console", { scope: "openid", secret })
    const gateway = programOf(realm, "gateway", "gateway-secret")

    const held = await gateway.exchange(login.access_token)
    expect(held.body.error, JSON.stringify(held.body)).toBe("interaction_required")
    await bobVotes(realm, held.body.jit_request, "approve")
    const passing = await gateway.exchange(login.access_token)
    expect(passing.status, JSON.stringify(passing.body)).toBe(200)
    const lasting = await gateway.exchange(login.access_token, { requested_token_type: REFRESH_TOKEN })
    expect(lasting.status, JSON.stringify(lasting.body)).toBe(200)
    expect(await opened(realm), "nobody is asked twice").toHaveLength(1)
    const refreshed = await gateway.refresh(lasting.body.refresh_token)
    expect(refreshed.status).toBe(200)
    const given = [passing.body.access_token, lasting.body.access_token, refreshed.body.access_token]
    for (const token of given) expect((await gateway.introspect(token)).body.active).toBe(true)

    const auditor = Api.admin(realm, await realm.admin.bearer())
    const revoked = await auditor.post(`grants/${held.body.jit_request}/revoke`)
    expect(revoked.status, revoked.text).toBe(200)
    for (const token of given) expect((await gateway.introspect(token)).body).toEqual({ active: false })
    for (const token of [lasting.body.refresh_token, refreshed.body.refresh_token])
      expect(await gateway.refresh(token)).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
    const console = programOf(realm, "prod-console", secret)
    expect((await console.refresh(login.refresh_token ?? "")).body.error).toBe("invalid_grant")
  })
})

test.describe("under a rule on exchanges for some seconds", () => {
  test.use({ policy: ruleOn("token-exchange", "require_approval", { rule: { grant: "25s" } }) })

  test("once the grant is over, its refresh tokens are refused and an exchange asks anew; the login goes on", async ({
    realm,
  }) => {
    const secret = await changeConsole(realm, {
      redirectUris: ["http://localhost/callback"],
      attributes: EXCHANGING,
    })
    const console = programOf(realm, "prod-console", secret)
    const login = await signIn(realm, "alice", "prod-console", { scope: "openid", secret })
    const exchange = (/** @type {string} */ token) =>
      console.exchange(token, { requested_token_type: REFRESH_TOKEN })
    const { jit_request } = (await exchange(login.access_token)).body
    await bobVotes(realm, jit_request, "approve")
    const exchanged = await exchange(login.access_token)
    expect(exchanged.status, JSON.stringify(exchanged.body)).toBe(200)
    const api = Api.admin(realm, await realm.admin.bearer())
    const { body: grant } = await api.get(`grants/${jit_request}`)
    const until = Math.floor(Date.parse(grant.until) / 1000)
    expect(claims(exchanged.body.access_token).exp).toBeLessThanOrEqual(until)
    const refreshed = await console.refresh(exchanged.body.refresh_token)
    expect(refreshed.status, JSON.stringify(refreshed.body)).toBe(200)
    expect(claims(refreshed.body.access_token).exp).toBeLessThanOrEqual(until)

    const refused = await refusedOnceOver(() => console.refresh(refreshed.body.refresh_token))
    expect(refused.body.error_description).toContain("expired")
    expect((await console.refresh(exchanged.body.refresh_token)).body.error).toBe("invalid_grant")
    const own = await console.refresh(login.refresh_token ?? "")
    expect(own.status, JSON.stringify(own.body)).toBe(200)
    expect(claims(own.body.access_token).exp).toBeGreaterThan(until)
    // Tokens know it to the second, and the grant ends within the last one.
    await expect.poll(async () => (await api.get(`grants/${jit_request}`)).body.live).toBe(false)
    const again = await exchange(own.body.access_token)
    expect(again.body.error).toBe("interaction_required")
    expect(again.body.jit_request).not.toBe(jit_request)
  })
})

test.describe("under a rule for everybody's passwords", () => {
  test.use({ policy: ruleOn("direct-grant", "require_approval", { rule: { when: "true" } }) })

  test("an approval does not serve another client, other scopes, another person, or who only knows its number", async ({
    realm,
  }) => {
    const alice = await DOORS["direct-grant"](realm)
    const carol = await DOORS["direct-grant"](realm, "carol")
    const secret = await changeConsole(realm, {})
    await realm.admin.post(`${realm.path}/clients`, {
      clientId: "other",
      secret: "other",
      directAccessGrantsEnabled: true,
    })
    const wrong = await alice({ client_secret: `${secret}x` })
    expect(wrong).toMatchObject({ status: 401, body: { error: "unauthorized_client" } })
    expect((await alice({ password: "wrong" })).body.error).toBe("invalid_grant")
    expect(await opened(realm), "who proves nothing opens nothing").toEqual([])

    const { jit_request } = (await alice()).body
    await bobVotes(realm, jit_request, "approve")
    const others = [
      await carol(),
      await carol({ jit_request }),
      await alice({ scope: "openid phone" }),
      await alice({ client_id: "other", client_secret: "other" }),
      await alice({ resource: "https://elsewhere.example" }),
    ]
    for (const { status, body } of others) {
      expect(status).toBe(400)
      expect(body.jit_request).not.toBe(jit_request)
    }
    expect(await realm.kinds(jit_request)).toEqual(["opened", "approved"])
    expect((await alice()).status).toBe(200)
  })
})

test("an offline token is held like any other refresh token", async ({ realm }) => {
  const grant = await DOORS["direct-grant"](realm)
  const alice = await realm.admin.user(realm.name, "alice")
  const offline = await realm.admin.get(`${realm.path}/roles/offline_access`)
  await realm.admin.post(`${realm.path}/users/${alice.id}/role-mappings/realm`, [offline])
  const { status, body } = await grant({ scope: "openid offline_access" })
  expect(status, JSON.stringify(body)).toBe(200)
  const client_secret = await changeConsole(realm, {})
  const refresh = () =>
    ask(realm, {
      grant_type: "refresh_token",
      client_id: "prod-console",
      client_secret,
      refresh_token: body.refresh_token,
    })
  const on = { rule: { when: 'client.id == "prod-console" && "offline_access" in request.scopes' } }
  await replacePolicy(realm, ruleOn("token-refresh", "require_approval", on))
  const held = await refresh()
  expect(
    held.body,
    `${JSON.stringify(held.body)}: the rule sees scopes that the refresh does not name`,
  ).toMatchObject({
    error: "interaction_required",
  })
  await bobVotes(realm, held.body.jit_request, "approve")
  expect((await refresh()).status).toBe(200)
})

test("a client that does not prove itself opens nothing", async ({ realm }) => {
  const attempt = await DOORS["client-credentials"](realm)
  await replacePolicy(realm, ruleOn("client-credentials", "require_approval"))
  const { status, body } = await attempt({ client_secret: "wrong" })
  expect(status).toBe(401)
  expect(body.jit_request).toBeUndefined()
  expect(await opened(realm)).toEqual([])
})

test("who came in through a browser is not asked a second time for the token", async ({ alice, realm }) => {
  const all = Object.keys(DOORS)
  await replacePolicy(realm, ruleOn(all, "deny", { rule: { id: "machines", when: "true" } }))
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  const bob = await ask(realm, {
    grant_type: "client_credentials",
    client_id: "payroll",
    client_secret: "payroll-secret",
  })
  expect(bob.body.error, "not enabled for it, so not asked").toBe("unauthorized_client")
})

test("permissions (UMA) that a client gets for its secret are a token for its service account", async ({
  realm,
}) => {
  const client_secret = await changeConsole(realm, {
    serviceAccountsEnabled: true,
    authorizationServicesEnabled: true,
  })
  const [{ id }] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
  const server = `${realm.path}/clients/${id}/authz/resource-server`
  await realm.admin.put(server, {
    ...(await realm.admin.get(server)),
    policyEnforcementMode: "PERMISSIVE",
  })
  await realm.admin.post(`${server}/resource`, { name: "ledger" })
  const attempt = () =>
    ask(realm, {
      grant_type: "urn:ietf:params:oauth:grant-type:uma-ticket",
      client_id: "prod-console",
      client_secret,
      audience: "prod-console",
    })
  const free = await attempt()
  expect(free.status, JSON.stringify(free.body)).toBe(200)

  await replacePolicy(realm, ruleOn("client-credentials", "require_approval"))
  const { body } = await attempt()
  expect(body).toMatchObject({ error: "interaction_required" })
  await bobVotes(realm, body.jit_request, "approve")
  const passed = await attempt()
  expect(passed.status, `one approval is enough: ${JSON.stringify(passed.body)}`).toBe(200)
  expect((await attempt()).body.jit_request, "and is spent").not.toBe(body.jit_request)
})

/** Asks for all permissions at the resource server `ledger`. @param {Realm} realm @param {Record<string, string>} form @param {string} [bearer] */
async function ticketFor(realm, form, bearer) {
  const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
    method: "POST",
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    body: new URLSearchParams({
      ...{ grant_type: "urn:ietf:params:oauth:grant-type:uma-ticket", audience: "ledger" },
      ...form,
    }),
  })
  return { status: answer.status, body: await answer.json(), challenge: null }
}

/** Within the second in which a token runs out it is the grant that has ended; after it Keycloak finds no identity in the token. */
const TOKEN_OVER = ["invalid_grant", "unauthorized_client"]

/** An ID token, or what is said to be one. */
const ID_TOKEN = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"

/** @param {Realm} realm */
async function addLedger(realm) {
  const id = await addApplication(realm, "ledger", {
    client: {
      ...{ publicClient: false, secret: "ledger-secret" },
      ...{ serviceAccountsEnabled: true, authorizationServicesEnabled: true },
    },
  })
  const server = `${realm.path}/clients/${id}/authz/resource-server`
  await realm.admin.put(server, {
    ...(await realm.admin.get(server)),
    policyEnforcementMode: "PERMISSIVE",
  })
  await realm.admin.post(`${server}/resource`, { name: "book" })
  return id
}

/** @param {Realm} realm @param {string} id @returns {Promise<number>} when a grant ends, in seconds since 1970 */
async function endOf(realm, id) {
  const { body } = await Api.admin(realm, await realm.admin.bearer()).get(`grants/${id}`)
  return Math.floor(Date.parse(body.until) / 1000)
}

for (const door of ["direct-grant", "token-exchange"])
  test.describe(`under a rule on ${door} for some seconds`, () => {
    test.use({ policy: ruleOn(door, "require_approval", { rule: { grant: "25s" } }) })

    test("a ticket with permissions (UMA) ends with the grant, and gives no later one", async ({ realm }) => {
      await addLedger(realm)
      const attempt = await DOORS[door](realm)
      const secret = await changeConsole(realm, { attributes: EXCHANGING })
      const console = programOf(realm, "prod-console", secret)
      const more = door === "direct-grant" ? { scope: "openid" } : undefined
      const { jit_request } = (await attempt(more)).body
      await bobVotes(realm, jit_request, "approve")
      const token = (await attempt(more)).body
      const until = await endOf(realm, jit_request)

      const ticket = await ticketFor(realm, {}, token.access_token)
      expect(ticket.status, JSON.stringify(ticket.body)).toBe(200)
      expect(claims(ticket.body.access_token)).toMatchObject({ azp: "prod-console", aud: "ledger" })
      const later = [
        ticket,
        await ticketFor(realm, {}, ticket.body.access_token),
        await ticketFor(realm, { claim_token_format: ID_TOKEN }, ticket.body.access_token),
        await console.refresh(ticket.body.refresh_token),
      ]
      if (token.id_token) {
        const form = { client_id: "prod-console", client_secret: secret, claim_token: token.id_token }
        later.push(await ticketFor(realm, form))
      }
      for (const { status, body } of later) {
        expect(status, JSON.stringify(body)).toBe(200)
        expect(claims(body.access_token).exp).toBeLessThanOrEqual(until)
      }

      const [, next, , refreshed] = later
      await refusedOnceOver(() => console.refresh(refreshed.body.refresh_token))
      expect((await console.refresh(next.body.refresh_token)).body.error).toBe("invalid_grant")
      await refusedOnceOver(() => ticketFor(realm, {}, next.body.access_token), TOKEN_OVER)
    })
  })

test.describe("under a rule on a robot for some seconds", () => {
  test.use({ policy: ruleOn("client-credentials", "require_approval", { rule: { grant: "25s" } }) })

  test("a robot's ticket with permissions (UMA) ends with its token, tells of its approval, and gives no later one", async ({
    realm,
  }) => {
    await tellFacts(realm, await addLedger(realm))
    const attempt = await DOORS["client-credentials"](realm)
    const [{ id }] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
    await tellFacts(realm, id)
    const { jit_request } = (await attempt()).body
    await bobVotes(realm, jit_request, "approve")
    const token = (await attempt()).body
    const until = await endOf(realm, jit_request)
    expect(claims(token.access_token).exp).toBeLessThanOrEqual(until)

    const ticket = await ticketFor(realm, {}, token.access_token)
    const next = await ticketFor(realm, {}, ticket.body.access_token)
    const expectOf = (
      /** @type {any} */ { status, body },
      /** @type {string} */ request,
      /** @type {number} */ until,
    ) => {
      expect(status, JSON.stringify(body)).toBe(200)
      const { exp, jit_approval } = claims(body.access_token)
      expect(exp).toBeLessThanOrEqual(until)
      expect(jit_approval).toMatchObject({ request, expires_at: until })
    }
    for (const answer of [ticket, next]) expectOf(answer, jit_request, until)
    expect(await opened(realm), "nobody is asked twice").toHaveLength(1)

    const client = { client_id: "prod-console", client_secret: await changeConsole(realm, {}) }
    const other = (await ticketFor(realm, client)).body.jit_request
    await bobVotes(realm, other, "approve")
    expectOf(await ticketFor(realm, client), other, await endOf(realm, other))
    await refusedOnceOver(() => ticketFor(realm, {}, next.body.access_token), TOKEN_OVER)
  })
})

test("a token that an approval lets out tells of it at once", async ({ realm }) => {
  const attempt = await DOORS["direct-grant"](realm)
  const [{ id }] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
  await tellFacts(realm, id)
  expect(claims((await attempt()).body.access_token).jit_approval).toBeUndefined()
  await replacePolicy(realm, ruleOn("direct-grant", "require_approval"))
  const { jit_request } = (await attempt()).body
  await bobVotes(realm, jit_request, "approve")
  const { access_token } = (await attempt()).body
  expect(claims(access_token).jit_approval).toMatchObject({
    request: jit_request,
    rule: "require_approval-direct-grant",
    approved_at: expect.any(Number),
    acr: expect.any(String),
  })
})

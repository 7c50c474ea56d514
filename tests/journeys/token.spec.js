// The token endpoint, where no browser is: docs/doors.md, doors 5, 6 and 9.
import { Caller } from "../harness/caller.js"
import { DOORS, ask, ruleOn } from "../harness/grants.js"
import { changeConsole, opened, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

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

// What administrators do over the admin REST API is held, denied, confirmed or stepped up, and done once it is approved.
import { request as http } from "node:http"
import { PolicyDesk } from "../harness/policy-desk.js"
import { eventually } from "../harness/processes.js"
import { RealmAdmin, decide } from "../harness/realm-admin.js"
import { Realm, withoutCheckpoint } from "../harness/realm.js"
import { opened, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

/** @typedef {{ alice: string, console: string, role: any, group: string, flow: string }} Things */

const ACTIONS = [
  "admin-grant-role",
  "admin-join-group",
  "admin-impersonate",
  "admin-reset-credential",
  "admin-read-secret",
  "admin-change-realm",
]

/** @param {string[]} on @param {string} effect @param {Record<string, unknown>} [more] @param {string} [when] */
const rule = (on, effect, more = {}, when = 'user.username in ["adam", "eve"]') => ({
  id: `${effect}-${on[0]}`,
  on,
  when,
  effect,
  reason: '"The security team wants to know of " + target.type + " " + target.id + "."',
  ...(effect === "require_approval" ? { chain: "carol" } : {}),
  ...more,
})

/** @param {...object} rules */
const policy = (...rules) =>
  JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "admins",
    chains: { carol: { stages: [{ name: "carol", approvers: [{ user: "carol" }], timeout: "15m" }] } },
    rules,
  })

/** What the calls act on. @param {Realm} realm @returns {Promise<Things>} */
async function things(realm) {
  const { admin, path, name } = realm
  await admin.post(`${path}/roles`, { name: "vault" })
  await admin.post(`${path}/groups`, { name: "operators" })
  const [group] = await admin.get(`${path}/groups?search=operators`)
  const [console] = await admin.get(`${path}/clients?clientId=prod-console`)
  const flows = await admin.get(`${path}/authentication/flows`)
  return {
    alice: (await admin.user(name, "alice")).id,
    console: console.id,
    role: await admin.get(`${path}/roles/vault`),
    group: group.id,
    flow: flows.find((/** @type {any} */ { alias }) => alias === "browser").id,
  }
}

/** @param {Realm} realm @param {Things} at @returns {Promise<string[]>} the realm roles that alice was given */
const rolesOf = async (realm, { alice }) =>
  (await realm.admin.get(`${realm.path}/users/${alice}/role-mappings/realm`)).map(
    (/** @type {any} */ { name }) => name,
  )

/** @param {Realm} realm @param {Things} at @returns {Promise<string[]>} */
const groupsOf = async (realm, { alice }) =>
  (await realm.admin.get(`${realm.path}/users/${alice}/groups`)).map((/** @type {any} */ { name }) => name)

/**
 * A call with more than one header of the same name, which fetch cannot send.
 *
 * @param {string} address @param {string[]} tokens @param {unknown} json @returns {Promise<number | undefined>} the status
 */
const withTokens = (address, tokens, json) =>
  new Promise((resolve, reject) => {
    const sent = http(address, { method: "POST" }, (answer) => {
      answer.resume()
      answer.on("end", () => resolve(answer.statusCode))
    })
    sent.on("error", reject)
    sent.setHeader("content-type", "application/json")
    sent.setHeader(
      "authorization",
      tokens.map((token) => `Bearer ${token}`),
    )
    sent.end(JSON.stringify(json))
  })

/** @param {import("../harness/realm-admin.js").Answer} answer @returns {string} the request that waits */
function held(answer) {
  expect(answer.status, answer.text).toBe(403)
  expect(answer.headers.get("content-type")).toContain("application/problem+json")
  expect(answer.json).toMatchObject({ code: "approval_required", request_status: "pending" })
  expect(answer.json.errorMessage).toContain(answer.json.request)
  expect(answer.json.error_description).toBe(answer.json.detail)
  return answer.json.request
}

/**
 * One call for each action, and how to see whether it was carried out.
 *
 * @type {Record<string, (at: Things, realm: Realm) => { method: string, path: string, json?: unknown,
 *   done: (answer: import("../harness/realm-admin.js").Answer) => Promise<boolean> }>}
 */
const CALLS = {
  "admin-grant-role": (at, realm) => ({
    method: "POST",
    path: `users/${at.alice}/role-mappings/realm`,
    json: [at.role],
    done: async () => (await rolesOf(realm, at)).includes("vault"),
  }),
  "admin-join-group": (at, realm) => ({
    method: "PUT",
    path: `users/${at.alice}/groups/${at.group}`,
    json: {},
    done: async () => (await groupsOf(realm, at)).includes("operators"),
  }),
  "admin-impersonate": (at) => ({
    method: "POST",
    path: `users/${at.alice}/impersonation`,
    json: {},
    done: async (answer) =>
      answer.headers.getSetCookie().some((cookie) => cookie.startsWith("KEYCLOAK_IDENTITY=")),
  }),
  "admin-reset-credential": (at, realm) => ({
    method: "PUT",
    path: `users/${at.alice}/reset-password`,
    json: { type: "password", value: "another", temporary: false },
    done: async () => {
      const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "password",
          client_id: "realm-desk",
          username: "alice",
          password: "another",
        }),
      })
      return answer.ok
    },
  }),
  "admin-read-secret": (at) => ({
    method: "GET",
    path: `clients/${at.console}/client-secret`,
    done: async (answer) => Boolean(answer.json?.value),
  }),
  "admin-change-realm": (at, realm) => ({
    method: "PUT",
    path: "authentication/required-actions/UPDATE_PROFILE",
    json: {
      alias: "UPDATE_PROFILE",
      name: "Update Profile",
      providerId: "UPDATE_PROFILE",
      enabled: false,
      config: {},
    },
    done: async () =>
      !(await realm.admin.get(`${realm.path}/authentication/required-actions/UPDATE_PROFILE`)).enabled,
  }),
}

test.describe("where approval is required", () => {
  test.use({ policy: policy(rule(ACTIONS, "require_approval")) })

  for (const [action, call] of Object.entries(CALLS))
    test(`${action} is held, and done once after an approval`, async ({ realm }) => {
      const at = await things(realm)
      const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
      const { method, path, json, done } = call(at, realm)
      const send = (headers = {}) => adam.call(method, path, { json, headers })

      const first = await send()
      const request = held(first)
      expect(await done(first)).toBe(false)
      expect(held(await send()), "the same call waits for the same request").toBe(request)

      const told = await realm.admin.get(`${realm.path}/jit-approval/requests/${request}`)
      expect(told).toMatchObject({ action, requester: { username: "adam" }, status: "pending" })
      expect(told.facts.what.target.type).toBeTruthy()
      expect(JSON.stringify(told), "no secret").not.toContain('"another"')
      expect(first.json.follow).toBe(`${realm.url}/jit-approval/requests/${request}`)

      await decide(realm, "carol", request)
      const after = await send()
      expect(after.status, after.text).toBeLessThan(300)
      expect(await done(after)).toBe(true)
      expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])

      const again = await send()
      // Who becomes somebody else in their own realm is signed out by Keycloak.
      if (action === "admin-impersonate") expect(again.status).toBe(401)
      else expect(held(again), "an approval is spent once").not.toBe(request)
    })

  test("a denial is told, and nothing is done", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const grant = () => adam.call("POST", `users/${at.alice}/role-mappings/realm`, { json: [at.role] })
    await decide(realm, "carol", held(await grant()), "deny")
    const refused = await grant()
    expect(refused.status).toBe(403)
    expect(refused.json).toMatchObject({ code: "approval_refused", request_status: "denied" })
    expect(await rolesOf(realm, at)).not.toContain("vault")
  })

  test("neither another body, nor another admin, nor another way to write the call uses an approval", async ({
    realm,
  }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const eve = await RealmAdmin.of(realm, "eve", "realm-admin")
    const path = `users/${at.alice}/role-mappings/realm`
    const request = held(await adam.call("POST", path, { json: [at.role] }))
    await realm.admin.post(`${realm.path}/roles`, { name: "more" })
    const more = await realm.admin.get(`${realm.path}/roles/more`)
    await decide(realm, "carol", request)

    const others = [
      held(await adam.call("POST", path, { json: [at.role, more] })),
      held(await adam.call("POST", path, { json: [more] })),
      held(await eve.call("POST", path, { json: [at.role] })),
      held(await adam.call("POST", `groups/${at.group}/role-mappings/realm`, { json: [at.role] })),
    ]
    expect(new Set([...others, request]).size).toBe(5)
    const { server, name } = realm
    for (const [how, address, headers] of /** @type {[string, string, Record<string, string>][]} */ ([
      ["slashes", `${server.url}/admin//realms/${name}/users//${at.alice}/role-mappings/realm`, {}],
      ["a slash at the end", `${adam.base}/${path}/`, {}],
      ["matrix parameters", `${adam.base};a=b/users;c/${at.alice}/role-mappings;d=e/realm`, {}],
      ["encoded letters", `${adam.base}/user%73/${at.alice}/role%2Dmappings/realm`, {}],
      ["an encoded slash", `${adam.base}/users/${at.alice}%2Frole-mappings/realm`, {}],
      ["dots", `${adam.base}/users/../users/${at.alice}/role-mappings/realm`, {}],
      ["a query", `${adam.base}/${path}?x=y`, {}],
      ["another method in a header", `${adam.base}/${path}?z`, { "x-http-method-override": "GET" }],
      ["a confirmation", `${adam.base}/${path}?c`, { "x-jit-confirm": "sha256:00" }],
      ["the second edition", `${server.url}/admin/api/${name}/clients/v2`, {}],
    ])) {
      const answer = await adam.call("POST", address, { json: [more], headers })
      expect(answer.status, `${how}: ${answer.text}`).toBeGreaterThanOrEqual(400)
      expect(await rolesOf(realm, at), how).not.toContain("more")
    }

    for (const tokens of [
      [adam.bearer, adam.bearer],
      [adam.bearer, "x"],
    ])
      expect(await withTokens(`${adam.base}/${path}?two`, tokens, [more])).toBeGreaterThanOrEqual(400)

    expect((await adam.call("POST", path, { json: [at.role] })).status).toBe(204)
    expect(await rolesOf(realm, at)).toContain("vault")
    expect(await rolesOf(realm, at)).not.toContain("more")
  })

  test("other calls that come to the same are held, too", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    /** @type {[string, string, unknown][]} */
    const ways = [
      ["POST", "users", { username: "mallory", enabled: true, groups: ["/operators"] }],
      ["POST", "users", { username: "mallory", credentials: [{ type: "password", value: "x" }] }],
      ["PUT", `users/${at.alice}`, { email: "mallory@elsewhere.example" }],
      ["PUT", `users/${at.alice}/execute-actions-email`, ["UPDATE_PASSWORD"]],
      ["POST", `users/${at.alice}/federated-identity/google`, { userId: "1", userName: "m" }],
      ["POST", "roles", { name: "both", composite: true, composites: { realm: ["vault"] } }],
      ["POST", `roles-by-id/${at.role.id}/composites`, [at.role]],
      ["PUT", `default-groups/${at.group}`, {}],
      ["PUT", "", { browserFlow: "browser" }],
      ["PUT", "ui-ext", { browserFlow: "browser" }],
      ["PUT", `clients/${at.console}`, { authenticationFlowBindingOverrides: { browser: at.flow } }],
      [
        "POST",
        `clients/${at.console}/protocol-mappers/models`,
        { name: "m", protocolMapper: "oidc-hardcoded-role-mapper" },
      ],
      ["POST", `clients/${at.console}/client-secret`, {}],
      ["POST", `clients/${at.console}/registration-access-token`, {}],
      ["DELETE", "admin-events", undefined],
      ["PUT", "roles/vault", { name: "approver" }],
      ["PUT", `groups/${at.group}`, { name: "approvers" }],
    ]
    const requests = []
    for (const [method, path, json] of ways.slice(0, 9))
      requests.push(held(await adam.call(method, path, { json })))
    // Nobody may have more open requests than ten; eve has none yet.
    const eve = await RealmAdmin.of(realm, "eve", "realm-admin")
    for (const [method, path, json] of ways.slice(9))
      requests.push(held(await eve.call(method, path, { json })))
    expect(new Set(requests).size).toBe(ways.length)
    const imported = await eve.call("POST", "partialImport", {
      json: {
        ifResourceExists: "OVERWRITE",
        users: [{ username: "mallory", realmRoles: ["vault"], groups: ["/operators"] }],
      },
    })
    expect(imported.json).toMatchObject({ status: 409, code: "one_at_a_time" })
    const both = await eve.call("POST", "users", {
      json: { username: "mallory", groups: ["/operators"], credentials: [{ type: "password", value: "x" }] },
    })
    expect(both.json.code).toBe("one_at_a_time")
    expect(await realm.admin.get(`${realm.path}/users?exact=true&username=mallory`)).toEqual([])
  })

  test("a secret stands in no answer that was not asked about", async ({ realm }) => {
    const at = await things(realm)
    const secret = "told-once-and-never-again"
    await realm.admin.post(`${realm.path}/clients`, { clientId: "vaulted", secret })
    const [{ id }] = await realm.admin.get(`${realm.path}/clients?clientId=vaulted`)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    for (const path of [`clients/${id}`, "clients?clientId=vaulted", "clients"]) {
      const answer = await adam.call("GET", path)
      expect(answer.status, path).toBe(200)
      expect(answer.text, path).toContain("vaulted")
      expect(answer.text, path).not.toContain(secret)
    }
    held(await adam.call("GET", `clients/${at.console}/installation/providers/keycloak-oidc-keycloak-json`))
  })

  test("an admin who may only impersonate is held like any other", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "impersonation", "query-users", "view-users")
    held(await adam.call("POST", `users/${at.alice}/impersonation`, { json: {} }))
    const eve = await RealmAdmin.of(realm, "eve", "impersonation")
    held(await eve.call("POST", `users/${at.alice}/impersonation`, { json: {} }))
  })

  test("who may not do it anyway makes no work for approvers", async ({ realm }) => {
    const at = await things(realm)
    const nobody = await RealmAdmin.of(realm, "adam")
    const path = `users/${at.alice}/role-mappings/realm`
    const refused = await nobody.call("POST", path, { json: [at.role] })
    expect(refused.status).toBe(403)
    expect(refused.json?.code).not.toBe("approval_required")
    const anonymous = await fetch(`${nobody.base}/${path}`, { method: "POST" })
    expect(anonymous.status).toBe(401)
    const forged = new RealmAdmin(realm, nobody.id, `${nobody.bearer.slice(0, -8)}AAAAAAAA`)
    expect((await forged.call("POST", path, { json: [at.role] })).status).toBe(401)
    expect(await opened(realm)).toEqual([])
  })
})

test.describe("where an approval holds for the administrator's session", () => {
  const grant = { for: "1h", bound_to: ["session"] }
  test.use({ policy: policy(rule(["admin-read-secret"], "require_approval", { grant })) })

  test("the same call goes on in that session, and is held in another one", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const path = `clients/${at.console}/client-secret`
    const request = held(await adam.call("GET", path))
    await decide(realm, "carol", request)
    for (const which of ["the first", "the second"]) {
      const answer = await adam.call("GET", path)
      expect(answer.status, `${which}: ${answer.text}`).toBe(200)
    }
    expect(await opened(realm)).toHaveLength(1)
    expect(held(await (await adam.signedInAnew()).call("GET", path))).not.toBe(request)
    const revoked = await realm.admin.post(`${realm.path}/jit-approval/grants/${request}/revoke`, {})
    expect(revoked.live).toBe(false)
    held(await adam.call("GET", path))
  })
})

test.describe("the other effects", () => {
  test.use({
    policy: policy(
      rule(["admin-impersonate"], "deny"),
      rule(["admin-read-secret"], "confirm"),
      rule(["admin-reset-credential"], "step_up", { acr: "gold" }),
      rule(["admin-grant-role"], "allow"),
    ),
  })

  test("deny, confirm and step up are answered in the way of REST, with events", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const denied = await adam.call("POST", `users/${at.alice}/impersonation`, { json: {} })
    expect(denied.status).toBe(403)
    expect(denied.json).toMatchObject({
      code: "denied_by_policy",
      errorMessage: `The security team wants to know of user ${at.alice}.`,
    })
    expect(denied.headers.getSetCookie()).toEqual([])

    const secret = `clients/${at.console}/client-secret`
    const unconfirmed = await adam.call("GET", secret)
    expect(unconfirmed.status).toBe(428)
    expect(unconfirmed.json.code).toBe("confirmation_required")
    const { confirm } = unconfirmed.json
    expect((await adam.call("GET", secret, { headers: { "x-jit-confirm": "yes" } })).status).toBe(428)
    const read = await adam.call("GET", secret, { headers: { "x-jit-confirm": confirm } })
    expect(read.status).toBe(200)
    expect(read.json.value).toBeTruthy()
    const [other] = await realm.admin.get(`${realm.path}/clients?clientId=payroll`)
    const elsewhere = await adam.call("GET", `clients/${other.id}/client-secret`, {
      headers: { "x-jit-confirm": confirm },
    })
    expect(elsewhere.status, "confirmed for another client").toBe(428)

    const weak = await adam.call("PUT", `users/${at.alice}/reset-password`, { json: { value: "x" } })
    expect(weak.status).toBe(401)
    expect(weak.json).toMatchObject({ code: "step_up_required", acr_values: "gold" })
    expect(weak.headers.get("www-authenticate")).toBe(
      'Bearer error="insufficient_user_authentication", acr_values="gold"',
    )
    expect(
      (await adam.call("POST", `users/${at.alice}/role-mappings/realm`, { json: [at.role] })).status,
    ).toBe(204)

    const told = (await realm.admin.events(realm.name))
      .filter(({ details }) => details?.jit_action && details.username === "adam")
      .map(({ details, error }) => [details.jit_event, details.jit_action, details.username, error])
    expect(told.reverse()).toEqual([
      ["denied_by_policy", "admin-impersonate", "adam", "access_denied"],
      ["interaction_required", "admin-read-secret", "adam", "access_denied"],
      ["interaction_required", "admin-read-secret", "adam", "access_denied"],
      ["confirmed", "admin-read-secret", "adam", undefined],
      ["interaction_required", "admin-read-secret", "adam", "access_denied"],
      ["step_up_required", "admin-reset-credential", "adam", "access_denied"],
    ])
    expect(await opened(realm)).toEqual([])
  })
})

test.describe("where each effect has an administrator", () => {
  const only = (/** @type {string} */ username) => `user.username == "${username}"`
  test.use({
    policy: policy(
      rule(ACTIONS, "deny", {}, only("dan")),
      rule(ACTIONS, "step_up", { acr: "gold" }, only("stella")),
      rule(ACTIONS, "confirm", {}, only("cora")),
      rule(ACTIONS, "allow", {}, only("adam")),
    ),
  })

  test("every action is denied, stepped up, confirmed or allowed", async ({ realm }) => {
    const at = await things(realm)
    const dan = await RealmAdmin.of(realm, "dan", "realm-admin")
    const stella = await RealmAdmin.of(realm, "stella", "realm-admin")
    const cora = await RealmAdmin.of(realm, "cora", "realm-admin")
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const secret = "told-once-and-never-again"
    await realm.admin.post(`${realm.path}/clients`, { clientId: "vaulted", secret })
    for (const admin of [dan, stella, cora, adam]) {
      const { status, text } = await admin.call("GET", "clients?clientId=vaulted")
      expect([status, text.includes(secret)], "a client is shown, but not its secret").toEqual([200, false])
    }

    // Who becomes somebody else in their own realm is signed out by Keycloak, so that comes last.
    const last = "admin-impersonate"
    for (const action of [...ACTIONS.filter((one) => one !== last), last]) {
      const { method, path, json, done } = CALLS[action](at, realm)
      for (const [admin, status, code] of /** @type {[RealmAdmin, number, string][]} */ ([
        [dan, 403, "denied_by_policy"],
        [stella, 401, "step_up_required"],
        [cora, 428, "confirmation_required"],
      ])) {
        const answer = await admin.call(method, path, { json })
        expect([answer.status, answer.json?.code], action).toEqual([status, code])
        expect(await done(answer), `${action}: ${code}`).toBe(false)
      }
      const asked = await cora.call(method, path, { json })
      const headers = { "x-jit-confirm": asked.json.confirm }
      const confirmed = await cora.call(method, path, { json, headers })
      expect(await done(confirmed), `${action}: ${confirmed.text}`).toBe(true)
      expect((await adam.call(method, path, { json })).status, action).toBeLessThan(300)
    }
    expect(await opened(realm)).toEqual([])
  })
})

test.describe("where approvers want to know why", () => {
  test.use({
    policy: policy(rule(["admin-join-group"], "require_approval")).replace(
      '"stages"',
      '"justification":true,"stages"',
    ),
  })

  test("the reason is sent along, and shown to them", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const send = (headers = {}) =>
      adam.call("PUT", `users/${at.alice}/groups/${at.group}`, { json: {}, headers })
    const without = await send()
    expect(without.status).toBe(428)
    expect(without.json.code).toBe("justification_required")
    expect((await send({ "x-jit-justification": "%20" })).json.code).toBe("justification_required")
    expect(await opened(realm)).toEqual([])
    const request = held(
      await send({ "x-jit-justification": encodeURIComponent("Störung 4711: + 1 Person") }),
    )
    const told = await realm.admin.get(`${realm.path}/jit-approval/requests/${request}`)
    expect(told.justification).toBe("Störung 4711: + 1 Person")
    expect(held(await send()), "said once").toBe(request)
    await decide(realm, "carol", request)
    expect((await send()).status).toBe(204)
  })
})

test.describe("an admin of the realm master", () => {
  test.use({
    policy: policy(
      rule(["admin-join-group"], "require_approval", {}, '"/operators" in change.after["group"]'),
    ),
  })

  test("is judged by the policy of the realm that they act on, and approved there", async ({ realm }) => {
    const at = await things(realm)
    const desk = await PolicyDesk.ofAdmin(realm)
    const master = new RealmAdmin(realm, "", desk.bearer)
    const path = `users/${at.alice}/groups/${at.group}`
    const answer = await master.call("PUT", path, { json: {} })
    const request = held(answer)
    expect(answer.json.follow).toBe(
      `${realm.server.url}/admin/realms/${realm.name}/jit-approval/requests/${request}`,
    )
    const told = (await desk.get(`requests/${request}`)).json
    expect(told.requester.username).toBe("admin")
    expect(told.facts.what).toMatchObject({
      action: "admin-join-group",
      target: { type: "user", id: at.alice, name: "alice" },
      change: { fields: ["group"], after: { group: ["/operators"] } },
    })
    await decide(realm, "carol", request)
    expect((await master.call("PUT", path, { json: {} })).status).toBe(204)
    expect(await groupsOf(realm, at)).toContain("operators")
  })
})

test.describe("under rules that are narrowed", () => {
  const narrowed = policy(
    rule(["admin-grant-role"], "deny", {}, 'target.type == "user" && target.?name.orValue("") == "alice"'),
    rule(["admin-join-group"], "deny", {}, '"/operators" in change.after.group'),
    rule(
      ["admin-change-realm"],
      "deny",
      {},
      'target.type == "localization" || target.type == "client" && target.?name.orValue("") == "prod-console"',
    ),
    rule(
      ["admin-reset-credential"],
      "deny",
      {},
      'user.username == "adam" && change.?fields.orValue([]).exists(it, it in ["password", "email"])',
    ),
    rule(
      ["admin-grant-role"],
      "deny",
      { id: "strong" },
      '"realm-management/manage-users" in change.after.role',
    ),
  )
  test.use({ policy: narrowed })

  test("another way to write the same, and an import, are found as well", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    await realm.admin.post(`${realm.path}/groups`, { name: "lower" })
    const [lower] = await realm.admin.get(`${realm.path}/groups?search=lower`)
    const [management] = await realm.admin.get(`${realm.path}/clients?clientId=realm-management`)
    const overwrite = (/** @type {object} */ parts) => ({ ifResourceExists: "OVERWRITE", ...parts })
    /** @type {[string, string, unknown][]} */
    const ways = [
      ["POST", `users/${at.alice}/role-mappings/realm`, [at.role]],
      ["POST", "partialImport", overwrite({ users: [{ username: "ALICE", realmRoles: ["vault"] }] })],
      ["POST", "partialImport", overwrite({ users: [{ username: "mallory", groups: ["operators"] }] })],
      ["POST", "users", { username: "mallory", groups: ["operators"] }],
      ["POST", `groups/${at.group}/children`, { id: lower.id, name: "lower" }],
      ["PUT", `groups/${lower.id}`, { name: "operators" }],
      ["PUT", `users/${at.alice}`, { credentials: [{ type: "otp", value: "another" }] }],
      ["PUT", `users/${at.alice}`, { email: `al\u0131ce@${realm.name}.example` }],
      [
        "POST",
        `clients/${at.console}/scope-mappings/clients/${management.id}`,
        [{ id: at.role.id, name: "manage-users" }],
      ],
      ["PUT", "localization/en/jitReviewDeny", "Approve"],
      ["POST", "partialImport", overwrite({ clients: [{ clientId: "prod-console", enabled: false }] })],
    ]
    for (const [method, path, json] of ways) {
      const answer = await adam.call(method, path, { json })
      expect(answer.json?.code, `${method} ${path}: ${answer.text}`).toBe("denied_by_policy")
    }
    const harmless = overwrite({ users: [{ username: "mallory", realmRoles: ["vault"] }] })
    expect((await adam.call("POST", "partialImport", { json: harmless })).status).toBe(200)
  })

  test("a body that cannot be read, or is out of all proportion, is refused", async ({ realm }) => {
    const at = await things(realm)
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const path = `users/${at.alice}/role-mappings/realm`
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
      const answer = await adam.call("POST", path, { body: "[{", headers: { "content-type": type } })
      expect(answer.status, `${type}: ${answer.text}`).toBeGreaterThanOrEqual(400)
      expect(answer.status, type).toBeLessThan(500)
    }
    const unread = await adam.call("POST", path, {
      body: "[{",
      headers: { "content-type": "application/json" },
    })
    expect(unread.json).toMatchObject({ status: 400, code: "bad_request" })
    // A server that has read enough may close the connection while the rest is still being sent.
    const large = await adam
      .call("POST", path, { json: [at.role, { name: "x".repeat(11 * 1024 * 1024) }] })
      .then(
        ({ status }) => status,
        () => "cut off",
      )
    expect([413, "cut off"]).toContain(large)
    expect(await rolesOf(realm, at)).not.toContain("vault")
  })
})

test.describe("the checkpoint itself", () => {
  test.use({ policy: policy(rule(["admin-change-realm"], "deny")) })

  test("cannot be taken away where the policy says so", async ({ realm }) => {
    const at = await things(realm)
    await realm.admin.post(`${realm.path}/jit-approval/provision`, { required_action: true })
    const adam = await RealmAdmin.of(realm, "adam", "realm-admin")
    const [approvals] = await realm.admin.get(`${realm.path}/clients?clientId=jit-approval`)
    const gate = await realm.admin.get(`${realm.path}/authentication/required-actions/jit-gate`)
    const before = await realm.status()
    /** @type {[string, string, unknown][]} */
    const ways = [
      ["PUT", "", { browserFlow: "browser" }],
      ["PUT", "ui-ext", { browserFlow: "browser" }],
      ["DELETE", "", undefined],
      ["PUT", "authentication/required-actions/jit-gate", { ...gate, enabled: false }],
      ["DELETE", "authentication/required-actions/jit-gate", undefined],
      ["DELETE", "authentication/required-actions/jit-review", undefined],
      ["DELETE", `clients/${approvals.id}`, undefined],
      ["PUT", `clients/${approvals.id}`, { ...approvals, enabled: false }],
      ["POST", "authentication/flows/browser/copy", { newName: "another" }],
      ["DELETE", `authentication/flows/${at.flow}`, undefined],
      ["POST", "jit-approval/provision", {}],
      ["POST", "partialImport", { ifResourceExists: "OVERWRITE", clients: [{ clientId: "jit-approval" }] }],
    ]
    for (const [method, path, json] of ways) {
      const answer = await adam.call(method, path, { json })
      expect(answer.json?.code, `${method} ${path}: ${answer.text}`).toBe("denied_by_policy")
    }
    expect(await realm.status()).toEqual(before)
    await replacePolicy(realm, policy(rule(["admin-change-realm"], "deny", {}, 'target.type == "flow"')))
    expect((await adam.call("PUT", "authentication/required-actions/jit-gate", { json: gate })).status).toBe(
      204,
    )
  })
})

test.describe("what Keycloak gives by itself", () => {
  test.use({ policy: policy(rule(["admin-grant-role", "admin-join-group"], "require_approval")) })

  test("is told at once, for no filter sees it", async ({ realm, servers, visit }) => {
    await things(realm)
    const home = await Realm.create({ ...servers, name: `${realm.name}-home`, change: withoutCheckpoint })
    const endpoint = `${realm.url}/broker/partner/endpoint`
    await home.admin.post(`${home.path}/clients`, {
      clientId: "partner",
      secret: "partner",
      redirectUris: [endpoint],
    })
    const protocol = `${home.url}/protocol/openid-connect`
    await realm.admin.post(`${realm.path}/identity-provider/instances`, {
      alias: "partner",
      providerId: "oidc",
      enabled: true,
      trustEmail: true,
      config: {
        syncMode: "FORCE",
        issuer: home.url,
        authorizationUrl: `${protocol}/auth`,
        tokenUrl: `${protocol}/token`,
        clientId: "partner",
        clientSecret: "partner",
        clientAuthMethod: "client_secret_post",
        defaultScope: "openid profile email",
      },
    })
    await realm.admin.post(`${realm.path}/identity-provider/instances/partner/mappers`, {
      name: "vault",
      identityProviderAlias: "partner",
      identityProviderMapper: "oidc-hardcoded-role-idp-mapper",
      config: { syncMode: "INHERIT", role: "vault" },
    })
    const alice = await realm.admin.user(realm.name, "alice")
    const { id: userId } = await home.admin.user(home.name, "alice")
    await realm.admin.post(`${realm.path}/users/${alice.id}/federated-identity/partner`, {
      userId,
      userName: "alice",
    })
    const person = await visit("alice")
    await person.application("archive").startSignIn()
    await person.page.locator("#social-partner").click()
    await person.login.signIn("alice")
    await eventually("the event of the role", async () => {
      const told = (await realm.admin.events(realm.name)).filter(
        ({ details, userId }) => details?.jit_event === "given_unasked" && userId === alice.id,
      )
      return told.length === 1 && told[0].details.jit_given === "vault"
    })
    await home.close()
  })
})

// CIBA: docs/doors.md, door 8. One file, for Keycloak has one address for the authentication devices of all realms.
import { Api } from "../harness/api.js"
import { Caller } from "../harness/caller.js"
import { AuthenticationDevices, cibaClient } from "../harness/ciba.js"
import { DOORS, ask, refusedOnceOver, ruleOn } from "../harness/grants.js"
import { changeConsole, opened, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"
import { claims } from "../harness/tokens.js"

/** @typedef {import("../harness/realm.js").Realm} Realm */

test.describe.configure({ mode: "serial" })

const HELD = ruleOn("ciba", "require_approval")

test.use({ bare: true, policy: HELD })

/** @type {AuthenticationDevices} */
let devices

test.beforeEach(async ({ servers, realm }) => {
  devices = await AuthenticationDevices.start(servers.authenticationDevice)
  await realm.admin.post(`${realm.path}/jit-approval/provision`, { required_action: true })
})

test.afterEach(() => devices.close())

/** @param {Realm} realm @param {"approve" | "deny"} decision @returns {Promise<string>} the request's id */
async function bobVotes(realm, decision) {
  const [path] = (await opened(realm)).slice(-1)
  const id = /** @type {string} */ (path.split("/").pop())
  const bob = await Caller.create("bob", realm)
  await bob.vote(id, decision)
  await bob.dispose()
  return id
}

test("no device is asked before the approval; then it is, and the client that polls gets its token", async ({
  realm,
}) => {
  const client = await cibaClient(realm)
  const { status, body } = await client.start("held")
  expect(status, JSON.stringify(body)).toBe(200)
  expect((await client.poll(body.auth_req_id)).body.error).toBe("authorization_pending")
  expect(devices.about("held")).toEqual([])

  const id = await bobVotes(realm, "approve")
  const polls = await Promise.all([client.poll(body.auth_req_id), client.poll(body.auth_req_id)])
  expect(polls.map((poll) => poll.body.error)).toEqual(["authorization_pending", "authorization_pending"])
  expect(devices.about("held")).toMatchObject([{ login_hint: "alice" }])
  expect(await realm.kinds(id)).toEqual(["opened", "approved", "used"])

  expect(await devices.answer(realm, devices.about("held")[0].bearer)).toBe(200)
  expect((await client.poll(body.auth_req_id)).status).toBe(200)
  expect((await client.poll(body.auth_req_id)).body.error, "a token is given once").toBe("invalid_grant")

  expect((await client.start("again")).status).toBe(200)
  expect(await opened(realm), "the next request asks anew").toHaveLength(2)
  expect(devices.about("again")).toEqual([])
})

test("a denial reaches the client that polls, and no device", async ({ realm }) => {
  const client = await cibaClient(realm)
  const { body } = await client.start("denied")
  const id = await bobVotes(realm, "deny")
  const refused = await client.poll(body.auth_req_id)
  expect(refused).toMatchObject({ status: 400, body: { error: "access_denied", jit_request: id } })
  expect((await client.poll(body.auth_req_id)).body.error).toBe("access_denied")
  expect(devices.about("denied")).toEqual([])
})

test("what cannot be held is refused at once, in OAuth's words, and what nothing asks about goes on", async ({
  realm,
}) => {
  const client = await cibaClient(realm)
  const refused = async () => {
    const answer = await client.start("refused")
    return [answer.status, answer.body.error]
  }
  await replacePolicy(realm, ruleOn("ciba", "deny"))
  expect(await refused()).toEqual([400, "access_denied"])
  await replacePolicy(realm, ruleOn("ciba", "confirm"))
  expect(await refused()).toEqual([400, "interaction_required"])
  await replacePolicy(realm, ruleOn("ciba", "step_up"))
  expect(await refused()).toEqual([401, "insufficient_user_authentication"])
  expect(devices.about("refused")).toEqual([])
  expect(await opened(realm)).toEqual([])

  await replacePolicy(realm, ruleOn("ciba", "deny", { rule: { when: "false" } }))
  const { body } = await client.start("free")
  const [question] = devices.about("free")
  await devices.answer(realm, question.bearer)
  expect((await client.poll(body.auth_req_id)).status).toBe(200)
})

test("another client, and another request of the same client, do not get through on it", async ({
  realm,
}) => {
  const client = await cibaClient(realm)
  await realm.admin.post(`${realm.path}/clients`, {
    clientId: "other",
    secret: "other",
    attributes: { "oidc.ciba.grant.enabled": "true" },
  })
  const first = await client.start("first")
  await bobVotes(realm, "approve")
  const second = await client.start("second")
  expect((await client.poll(second.body.auth_req_id)).body.error).toBe("authorization_pending")
  const stolen = await client.poll(first.body.auth_req_id, { client_id: "other", client_secret: "other" })
  expect(stolen).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
  expect(devices.asked).toEqual([])
  expect((await client.poll(first.body.auth_req_id)).body.error).toBe("authorization_pending")
  expect(devices.asked).toMatchObject([{ binding_message: "first" }])
  const [{ bearer }] = devices.asked
  const forged = [bearer.split(".")[0], bearer.split(".")[1], "forged"].join(".")
  expect(await devices.answer(realm, forged)).toBe(403)
  expect((await client.poll(second.body.auth_req_id)).body.error).toBe("authorization_pending")
})

test("a client that asks without end does not keep the user from their own doors", async ({ realm }) => {
  const attempt = await DOORS["direct-grant"](realm)
  const client = await cibaClient(realm)
  await replacePolicy(realm, ruleOn(["ciba", "direct-grant"], "require_approval"))
  for (let i = 0; i < 10; i += 1) expect((await client.start(`${i}`)).status).toBe(200)
  const { status, body } = await client.start("once-more")
  expect([status, body.error]).toEqual([400, "access_denied"])
  expect(await opened(realm)).toHaveLength(10)
  expect((await attempt()).body).toMatchObject({ error: "interaction_required" })
  expect(await opened(realm)).toHaveLength(11)
})

test.describe("for an hour", () => {
  test.use({
    policy: ruleOn("ciba", "require_approval", { rule: { grant: { for: "1h", bound_to: ["client"] } } }),
  })

  test("what was begun within a grant rests on it, and ends when it is taken back, offline tokens too", async ({
    realm,
  }) => {
    const client = await cibaClient(realm)
    const alice = await realm.admin.user(realm.name, "alice")
    const offline = await realm.admin.get(`${realm.path}/roles/offline_access`)
    await realm.admin.post(`${realm.path}/users/${alice.id}/role-mappings/realm`, [offline])
    const client_secret = await changeConsole(realm, {})
    const refresh = (/** @type {string} */ refresh_token) =>
      ask(realm, { grant_type: "refresh_token", client_id: "prod-console", client_secret, refresh_token })
    /** @param {string} auth_req_id @param {string} message */
    const answered = async (auth_req_id, message) => {
      expect(await devices.answer(realm, devices.about(message)[0].bearer)).toBe(200)
      const { status, body } = await client.poll(auth_req_id)
      expect(status, JSON.stringify(body)).toBe(200)
      return body
    }

    const first = (await client.start("first")).body.auth_req_id
    const grant = await bobVotes(realm, "approve")
    expect((await client.poll(first)).body.error).toBe("authorization_pending")
    const tokens = await answered(first, "first")
    const second = (await client.start("second", { scope: "openid offline_access" })).body.auth_req_id
    expect(await opened(realm), "nobody is asked twice").toHaveLength(1)
    const lasting = await answered(second, "second")
    const third = (await client.start("third")).body.auth_req_id
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
    expect((await refresh(lasting.refresh_token)).status).toBe(200)
    expect(await realm.admin.get(`${realm.path}/users/${alice.id}/sessions`)).not.toEqual([])

    const revoked = await Api.admin(realm, await realm.admin.bearer()).post(`grants/${grant}/revoke`)
    expect(revoked.status, revoked.text).toBe(200)
    for (const { refresh_token } of [tokens, lasting])
      expect(await refresh(refresh_token)).toMatchObject({ status: 400, body: { error: "invalid_grant" } })
    expect(await realm.admin.get(`${realm.path}/users/${alice.id}/sessions`)).toEqual([])

    expect(await devices.answer(realm, devices.about("third")[0].bearer)).toBe(200)
    const late = await client.poll(third)
    expect(late).toMatchObject({ status: 400, body: { error: "access_denied", jit_request: grant } })
    expect(await realm.admin.get(`${realm.path}/users/${alice.id}/sessions`)).toEqual([])
  })
})

test.describe("for some seconds", () => {
  test.use({ policy: ruleOn("ciba", "require_approval", { rule: { grant: "25s" } }) })

  test("once the grant is over, a refresh is refused", async ({ realm }) => {
    const client = await cibaClient(realm)
    const { auth_req_id } = (await client.start("brief")).body
    const request = await bobVotes(realm, "approve")
    expect((await client.poll(auth_req_id)).body.error).toBe("authorization_pending")
    expect(await devices.answer(realm, devices.about("brief")[0].bearer)).toBe(200)
    const { status, body } = await client.poll(auth_req_id)
    expect(status, JSON.stringify(body)).toBe(200)
    const { body: grant } = await Api.admin(realm, await realm.admin.bearer()).get(`grants/${request}`)
    expect(claims(body.access_token).exp).toBeLessThanOrEqual(Math.floor(Date.parse(grant.until) / 1000))
    const client_secret = await changeConsole(realm, {})
    const { refresh_token } = body
    const form = { grant_type: "refresh_token", client_id: "prod-console", client_secret, refresh_token }
    const refused = await refusedOnceOver(() => ask(realm, form))
    expect(refused.body.error_description).toContain("expired")
  })
})

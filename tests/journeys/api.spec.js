import { randomUUID } from "node:crypto"
import { AdminClient } from "../harness/admin.js"
import { Api } from "../harness/api.js"
import { expect, test } from "../harness/test.js"
import { addApplication, signIn } from "../harness/tokens.js"

/**
 * @param {import("../harness/api.js").Answer} answer @param {number} status @param {string} code
 */
function expectProblem(answer, status, code) {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.type).toContain("application/problem+json")
  expect(answer.body).toMatchObject({
    type: `tag:jit-approval.dev,2026:problem/${code}`,
    title: expect.any(String),
    detail: expect.any(String),
    status,
    code,
  })
  expect(answer.headers.get("cache-control")).toBe("no-store")
}

/**
 * Gives a user a role of the client jit-approval (a right of realm-management, where the client is named).
 *
 * @param {import("../harness/realm.js").Realm} realm @param {string} username @param {string} role @param {string} [clientId]
 */
async function grant(realm, username, role, clientId = "jit-approval") {
  const { id } = await realm.admin.user(realm.name, username)
  const [client] = await realm.admin.get(`${realm.path}/clients?clientId=${clientId}`)
  const granted = await realm.admin.get(`${realm.path}/clients/${client.id}/roles/${role}`)
  await realm.admin.post(`${realm.path}/users/${id}/role-mappings/clients/${client.id}`, [granted])
}

/** @param {import("../harness/realm.js").Realm} realm @param {string} username an admin of the realm itself */
async function adminApi(realm, username) {
  const admin = new AdminClient(realm.server.url, { username, password: username }, realm.name)
  return Api.admin(realm, await admin.bearer())
}

/** @param {import("../harness/realm.js").Realm} realm */
async function masterApi(realm) {
  return Api.admin(realm, await realm.admin.bearer())
}

test("each role reaches what it is for, and nothing else", async ({ realm, alice }) => {
  for (const [username, role] of [
    ["auditor", "auditor"],
    ["editor", "policy-editor"],
    ["activator", "policy-activator"],
  ]) {
    await realm.addUser(username)
    await grant(realm, username, role)
  }
  await realm.addUser("manager")
  await grant(realm, "manager", "manage-realm", "realm-management")
  await realm.addUser("nobody")
  const id = await alice.signInAndWait()

  const reading = ["requests", `requests/${id}`, `requests/${id}/events`]
  const may = { admin: 200, auditor: 200, editor: 403, activator: 403, manager: 403, nobody: 403 }
  for (const [username, status] of Object.entries(may)) {
    const api = await adminApi(realm, username)
    for (const path of reading) {
      expect((await api.get(path)).status, `${username} reads ${path}`).toBe(status)
    }
  }
  for (const username of ["auditor", "editor", "activator", "nobody"]) {
    const api = await adminApi(realm, username)
    expectProblem(await api.post(`requests/${id}/cancel`), 403, "forbidden")
    expectProblem(await api.post("provision"), 403, "forbidden")
  }
  for (const username of ["editor", "activator", "nobody"]) {
    expectProblem(await (await adminApi(realm, username)).post(`requests/${id}/revoke`), 403, "forbidden")
  }
  // The auditor may take back an approval, but there is none.
  expectProblem(await (await adminApi(realm, "auditor")).post(`requests/${id}/revoke`), 409, "not_approved")
  const ended = await (await adminApi(realm, "manager")).post(`requests/${id}/cancel`, { comment: "a drill" })
  expect(ended.body.status).toBe("cancelled")
  expect(await realm.kinds(id)).toEqual(["opened", "cancelled"])
})

test("a role that was taken away is gone at once", async ({ realm }) => {
  await realm.addUser("auditor")
  await grant(realm, "auditor", "auditor")
  const api = await adminApi(realm, "auditor")
  expect((await api.get("requests")).status).toBe(200)

  const { id } = await realm.admin.user(realm.name, "auditor")
  const [client] = await realm.admin.get(`${realm.path}/clients?clientId=jit-approval`)
  const role = await realm.admin.get(`${realm.path}/clients/${client.id}/roles/auditor`)
  await realm.admin.request("DELETE", `${realm.path}/users/${id}/role-mappings/clients/${client.id}`, [role])

  expectProblem(await api.get("requests"), 403, "forbidden")
})

test("nobody comes in without a token, with another realm's, or with nonsense", async ({
  realm,
  servers,
}) => {
  expectProblem(await Api.admin(realm).get("requests"), 401, "unauthorized")
  expectProblem(await Api.people(realm).get("me/requests"), 401, "unauthorized")
  expectProblem(await Api.admin(realm, "nonsense").get("requests"), 401, "unauthorized")
  expectProblem(await Api.people(realm, "nonsense").get("me/requests"), 401, "unauthorized")

  const other = await servers.server.admin.get("/master")
  const masterToken = await realm.admin.bearer()
  expect(other.realm).toBe("master")
  expect((await Api.admin(realm, masterToken).get("requests")).status).toBe(200)
  expectProblem(await Api.people(realm, masterToken).get("me/requests"), 401, "unauthorized")
})

test("an admin of one realm is nobody in another one", async ({ realm, servers }) => {
  const name = `${realm.name}-other`
  await servers.server.admin.post("", { realm: name, enabled: true })
  await servers.server.admin.post(`/${name}/jit-approval/provision`, {})
  const own = await new AdminClient(
    realm.server.url,
    { username: "admin", password: "admin" },
    realm.name,
  ).bearer()
  const foreign = new Api(`${realm.server.url}/admin/realms/${name}/jit-approval`, own)
  expectProblem(await foreign.get("requests"), 403, "forbidden")
  expectProblem(await foreign.get("status"), 403, "forbidden")
  expect((await Api.admin(realm, own).get("requests")).status).toBe(200)
  await servers.server.admin.delete(`/${name}`)
})

test("an admin of the realm master who may manage the realm has every role in it", async ({
  realm,
  alice,
}) => {
  const id = await alice.signInAndWait()
  const api = await masterApi(realm)
  const { body } = await api.get(`requests/${id}`)
  expect(body).toMatchObject({
    id,
    status: "pending",
    requester: { username: "alice" },
    client: { client_id: "prod-console" },
  })
  expect(body).not.toHaveProperty("match_code")
  expect((await api.post(`requests/${id}/cancel`, { comment: "by the operator" })).body.status).toBe(
    "cancelled",
  )
  const events = (await api.get(`requests/${id}/events`)).body.items
  expect(events.map((/** @type {any} */ event) => event.kind)).toEqual(["opened", "cancelled"])
})

test("an admin cannot approve through the admin API", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const api = await masterApi(realm)
  for (const command of ["approve", "deny", "use"]) {
    expectProblem(await api.post(`requests/${id}/${command}`), 404, "not_found")
  }
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("GET and HEAD never decide", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const api = await masterApi(realm)
  for (const method of ["GET", "HEAD"]) {
    for (const command of ["cancel", "revoke"]) {
      expect([404, 405]).toContain((await api.call(method, `requests/${id}/${command}`)).status)
    }
    for (const command of ["approve", "deny", "comment", "cancel"]) {
      expect((await Api.people(realm, "none").call(method, `requests/${id}/${command}`)).status).toBe(401)
    }
  }
  expect(await realm.kinds(id)).toEqual(["opened"])
})

test("pages stay whole while requests are added", async ({ realm, visit }) => {
  const names = ["page1", "page2", "page3", "page4", "page5"]
  /** @type {string[]} */
  const ids = []
  const open = async (/** @type {string} */ username) => {
    await realm.addUser(username)
    await realm.admin.changeUser(realm.name, username, { attributes: { manager: ["bob"] } })
    ids.unshift(await (await visit(username)).signInAndWait())
  }
  for (const name of names) await open(name)
  const api = await masterApi(realm)

  const first = (await api.get("requests?limit=2")).body
  const before = [...ids]
  await open("page6")
  const second = (await api.get(`requests?limit=2&cursor=${first.next}`)).body
  const third = (await api.get(`requests?limit=2&cursor=${second.next}`)).body

  const seen = [first, second, third].flatMap(({ items }) => items.map((/** @type {any} */ item) => item.id))
  expect(seen).toEqual(before)
  expect(third.next).toBeNull()

  expect((await api.all("requests", 4)).map(({ id }) => id)).toEqual(ids)
  expect((await api.get("requests?user=page3")).body.items).toHaveLength(1)
  expect((await api.get("requests?user=nobody")).body.items).toHaveLength(0)
  expect((await api.get("requests?status=approved")).body.items).toHaveLength(0)
  expect(
    (await api.get("requests?client=prod-console&policy=journey&rule=prod-console")).body.items,
  ).toHaveLength(6)
  const opened = (await api.get(`requests/${before[2]}`)).body.opened_at
  expect((await api.get(`requests?opened_after=${opened}`)).body.items).toHaveLength(4)
  expect((await api.get(`requests?opened_before=${opened}`)).body.items).toHaveLength(2)
})

test("a call that is not understood says what would be right", async ({ realm }) => {
  const api = await masterApi(realm)
  const slip = await api.get("requests?statsu=pending")
  expectProblem(slip, 400, "unknown_parameter")
  expect(slip.body.detail).toContain("`status`")
  expectProblem(await api.get("requests?status=waiting"), 400, "invalid_parameter")
  expectProblem(await api.get("requests?limit=0"), 400, "invalid_parameter")
  expectProblem(await api.get("requests?limit=1&limit=2"), 400, "invalid_parameter")
  expectProblem(await api.get("requests?cursor=bm9uZQ"), 400, "invalid_parameter")
  expectProblem(await api.get("requests?opened_after=yesterday"), 400, "invalid_parameter")
  expectProblem(await api.get(`requests/${randomUUID()}`), 404, "not_found")
  expectProblem(await api.get("requests/not-an-id"), 404, "not_found")
  expectProblem(await api.get("nothing/here"), 404, "not_found")
  expectProblem(await api.call("DELETE", "requests"), 405, "method_not_allowed")

  const cancel = `requests/${randomUUID()}/cancel`
  expectProblem(await api.call("POST", cancel, { raw: "{" }), 400, "malformed_json")
  expectProblem(await api.call("POST", cancel, { raw: '{"coment": "x"}' }), 400, "invalid_body")
  expectProblem(
    await api.call("POST", cancel, { raw: "comment=x", headers: { "content-type": "text/plain" } }),
    415,
    "unsupported_media_type",
  )
  expectProblem(
    await api.call("POST", cancel, { raw: `{"comment": "${"x".repeat(70_000)}"}` }),
    413,
    "body_too_large",
  )
})

test("entity tags save reading again, and hinder ending what has changed", async ({ realm, alice, bob }) => {
  const id = await alice.signInAndWait()
  const api = await masterApi(realm)
  const read = await api.get(`requests/${id}`)
  const tag = read.headers.get("etag") ?? ""
  expect(tag).toMatch(/^"[^"]+"$/)
  const again = await api.get(`requests/${id}`, { "if-none-match": tag })
  expect(again.status).toBe(304)
  expect(again.text).toBe("")

  await bob.approveFromMail(id)
  expect((await api.get(`requests/${id}`, { "if-none-match": tag })).status).toBe(200)
  expectProblem(await api.post(`requests/${id}/revoke`, {}, { "if-match": tag }), 412, "precondition_failed")
})

test("the same call under the same idempotency key acts once", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const api = await masterApi(realm)
  const key = { "idempotency-key": randomUUID() }

  const racing = await Promise.all(
    [1, 2, 3].map(() => api.post(`requests/${id}/cancel`, { comment: "once" }, key)),
  )
  for (const answer of racing) expect([200, 409]).toContain(answer.status)
  const first = await api.post(`requests/${id}/cancel`, { comment: "once" }, key)
  const second = await api.post(`requests/${id}/cancel`, { comment: "once" }, key)
  expect(first.status).toBe(200)
  expect(second.text).toBe(first.text)
  expect(second.headers.get("etag")).toBe(first.headers.get("etag"))
  expect(await realm.kinds(id)).toEqual(["opened", "cancelled"])

  expectProblem(
    await api.post(`requests/${id}/cancel`, { comment: "twice" }, key),
    422,
    "idempotency_key_reused",
  )
  expectProblem(
    await api.post(`requests/${id}/revoke`, { comment: "once" }, key),
    422,
    "idempotency_key_reused",
  )
  expectProblem(await api.post(`requests/${id}/cancel`, {}), 409, "terminal")
  expectProblem(
    await api.post(`requests/${id}/cancel`, {}, { "idempotency-key": "with blanks in it" }),
    400,
    "invalid_parameter",
  )

  // A call that failed leaves its key free, and another caller's key is another key.
  const failed = { "idempotency-key": randomUUID() }
  expectProblem(await api.post(`requests/${id}/cancel`, {}, failed), 409, "terminal")
  expectProblem(await api.post(`requests/${id}/revoke`, {}, failed), 409, "terminal")
  expectProblem(
    await (await adminApi(realm, "admin")).post(`requests/${id}/cancel`, { comment: "twice" }, key),
    409,
    "terminal",
  )
})

test("provisioning makes the roles, their composites and the scope, and status misses them", async ({
  realm,
}) => {
  const api = await masterApi(realm)
  expect((await api.get("status")).body.problems).toEqual([])
  const [client] = await realm.admin.get(`${realm.path}/clients?clientId=jit-approval`)
  const [management] = await realm.admin.get(`${realm.path}/clients?clientId=realm-management`)
  const composites = await realm.admin.get(
    `${realm.path}/clients/${management.id}/roles/realm-admin/composites/clients/${client.id}`,
  )
  expect(composites.map((/** @type {any} */ { name }) => name).sort()).toEqual([
    "auditor",
    "policy-activator",
    "policy-editor",
  ])

  const scopes = await realm.admin.get(`${realm.path}/client-scopes`)
  const scope = scopes.find((/** @type {any} */ scope) => scope.name === "jit:decide")
  await realm.admin.delete(`${realm.path}/client-scopes/${scope.id}`)
  await realm.admin.delete(`${realm.path}/clients/${client.id}/roles/auditor`)
  const missing = (await api.get("status")).body.problems.join(" ")
  expect(missing).toContain("jit:decide")
  expect(missing).toContain("auditor")

  await api.post("provision")
  expect((await api.get("status")).body.problems).toEqual([])
})

test("browsers of other origins get what Keycloak lets the client's web origins have", async ({ realm }) => {
  await addApplication(realm, "spa", {
    scopes: ["jit:decide"],
    client: { webOrigins: ["https://spa.example"] },
  })
  const { access_token } = await signIn(realm, "bob", "spa")
  const api = Api.people(realm, access_token)
  const own = await api.get("me/inbox", { origin: "https://spa.example" })
  expect(own.headers.get("access-control-allow-origin")).toBe("https://spa.example")
  expectProblem(await api.get("me/inbox", { origin: "https://evil.example" }), 403, "forbidden")
})

test("an admin lets a request expire, and the requester is told", async ({ realm, alice }) => {
  const id = await alice.signInAndWait()
  const api = await masterApi(realm)
  const expired = await api.post(`requests/${id}/expire`, { comment: "as if its time were up" })
  expect(expired.body.status).toBe("expired")
  await alice.waiting.expect("expired")
  expect(await realm.kinds(id)).toEqual(["opened", "timed_out"])
  expectProblem(await api.post(`requests/${id}/expire`), 409, "terminal")
})

// A change of the policy is asked about by the policy that it would replace; and the way out where a policy locks its own change.
import { AdminClient } from "../harness/admin.js"
import { Keycloak } from "../harness/keycloak.js"
import { PolicyDesk } from "../harness/policy-desk.js"
import { decide } from "../harness/realm-admin.js"
import { Realm } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { expect, test } from "../harness/test.js"

const RESCUER = "rescuer"

/** @param {string} name @param {...object} rules */
const policy = (name, ...rules) =>
  JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name,
    chains: {
      second: {
        stages: [{ name: "second", approvers: [{ user: "carol" }, { user: "paula" }], timeout: "15m" }],
      },
    },
    rules,
  })

/** @param {Record<string, unknown>} more */
const onActivation = (more) => ({ id: "four-eyes", on: ["activate-policy"], when: "true", ...more })
const FOUR_EYES = onActivation({ effect: "require_approval", chain: "second" })
const OPEN = { id: "open", on: ["login"], when: "true", effect: "allow" }

test.describe("on a server whose policies are in the database", () => {
  // One server for all of them, so one after the other in one process.
  test.describe.configure({ mode: "default", timeout: 300_000 })

  /** @type {Keycloak} */
  let server
  let realms = 0
  /** @type {Realm} */
  let realm
  /** @type {PolicyDesk} */
  let paula

  test.beforeAll(async () => {
    test.setTimeout(300_000)
    server = await Keycloak.start({
      brief: true,
      built: sharedServers().built,
      name: `activating-${process.pid}`,
      policies: null,
      options: [`--spi-jit-approval--default--admin-bypass-users=${RESCUER}`],
    })
  })

  test.beforeEach(async () => {
    realm = await Realm.create({
      server,
      mail: sharedServers().mail,
      name: `a${process.pid}-${++realms}`,
      // A guarded realm without a policy lets nobody in, so there would be nobody to activate the first one.
      change: (representation) => {
        representation.browserFlow = "browser"
      },
    })
    paula = await PolicyDesk.of(realm, "paula", "policy-editor", "policy-activator", "auditor")
  })

  test.afterEach(() => realm?.close())
  test.afterAll(() => server?.stop())

  /** @param {import("../harness/policy-desk.js").Answer} answer @returns {string} the request that waits */
  function held(answer) {
    expect(answer.status, answer.text).toBe(403)
    expect(answer.json).toMatchObject({ code: "approval_required", request_status: "pending" })
    return answer.json.request
  }

  /** @returns {Promise<number>} */
  const active = async () => (await paula.get("policies/active")).json.version

  test("needs a second person, who sees from what to what, and activates exactly that version once", async () => {
    await paula.put(policy("first", FOUR_EYES))
    expect((await paula.activate(1)).status, "nothing decides yet").toBe(200)
    await paula.put(policy("second", FOUR_EYES, OPEN))
    await paula.put(policy("third", OPEN))

    const request = held(await paula.activate(2, { json: { comment: "go" } }))
    expect(await active()).toBe(1)
    expect(held(await paula.activate(2)), "a comment makes no other switch").toBe(request)
    const told = (await paula.get(`requests/${request}`)).json
    expect(told).toMatchObject({ action: "activate-policy", requester: { username: "paula" } })
    expect(told.facts.what).toMatchObject({
      target: { type: "policy", id: "2", name: "second" },
      change: {
        fields: ["hash", "policy", "version"],
        before: { policy: ["first"], version: ["1"] },
        after: { policy: ["second"], version: ["2"] },
      },
    })
    await expect(decide(realm, "paula", request), "nobody approves their own").rejects.toThrow()
    await decide(realm, "carol", request)

    const other = held(await paula.activate(3))
    expect(other, "approved was another version").not.toBe(request)
    const olga = await PolicyDesk.of(realm, "olga", "policy-activator")
    expect(held(await olga.activate(2)), "approved for somebody else").not.toBe(request)
    expect(await active()).toBe(1)

    const done = await paula.activate(2, { headers: { "idempotency-key": "switch-1" } })
    expect(done.status, done.text).toBe(200)
    expect(done.json).toMatchObject({ version: 2, name: "second" })
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
    expect((await paula.activate(2, { headers: { "idempotency-key": "switch-1" } })).json.version).toBe(2)
    expect((await paula.activate(2)).status, "it is active already").toBe(200)

    const back = held(await paula.rollback())
    expect(back).not.toBe(request)
    expect(held(await paula.activate(1)), "rolling back to it is the same switch").toBe(back)
    await decide(realm, "carol", back)
    expect((await paula.rollback()).json.version).toBe(1)
    expect(held(await paula.activate(2)), "the first approval is spent").not.toBe(request)
  })

  test("an approval of a switch from one policy is none for a switch from another", async () => {
    await paula.put(policy("first", FOUR_EYES))
    await paula.activate(1)
    await paula.put(policy("second", FOUR_EYES, OPEN))
    await paula.put(policy("third", FOUR_EYES, { ...OPEN, id: "still-open" }))
    const toThird = held(await paula.activate(3))
    await decide(realm, "carol", toThird)
    const toSecond = held(await paula.activate(2))
    await decide(realm, "carol", toSecond)
    expect((await paula.activate(2)).json.version).toBe(2)
    expect(held(await paula.activate(3)), "from the second to the third was never shown").not.toBe(toThird)
  })

  test("one that has to be confirmed is named first; one that needs a stronger sign-in is not activated", async () => {
    const on = (/** @type {string} */ version) => `change.after.version[0] == "${version}"`
    const careful = [
      onActivation({
        id: "sure",
        when: on("2"),
        effect: "confirm",
        reason: '"Closes " + change.after.policy[0] + "."',
      }),
      onActivation({ id: "stronger", when: on("3"), effect: "step_up", acr: "gold" }),
    ]
    await paula.put(policy("careful", ...careful))
    await paula.activate(1)
    await paula.put(policy("second", OPEN))
    await paula.put(policy("third", OPEN, { ...OPEN, id: "still-open" }))
    const weak = await paula.activate(3)
    expect(weak.status).toBe(401)
    expect(weak.json).toMatchObject({ code: "step_up_required", acr_values: "gold" })
    expect(weak.headers.get("www-authenticate")).toContain('error="insufficient_user_authentication"')

    const asked = await paula.activate(2)
    expect(asked.status).toBe(428)
    expect(asked.json).toMatchObject({ code: "confirmation_required" })
    expect(asked.json.detail).toContain("Closes second.")
    const confirmed = { headers: { "x-jit-confirm": asked.json.confirm } }
    expect((await paula.activate(3, confirmed)).status, "confirmed was another version").toBe(401)
    expect((await paula.activate(2, { headers: { "x-jit-confirm": "yes" } })).status).toBe(428)
    expect(await active()).toBe(1)
    expect((await paula.activate(2, confirmed)).json.version).toBe(2)
  })

  test("a policy may deny its own change, and then only the named admin of the server changes it, with an event", async () => {
    const locked = [
      onActivation({ effect: "deny", reason: '"No changes today."' }),
      { id: "nobody-joins", on: ["admin-join-group"], when: "true", effect: "deny" },
    ]
    await paula.put(policy("locked", ...locked))
    await paula.activate(1)
    await paula.put(policy("unlocked", OPEN))
    const denied = await paula.activate(2)
    expect(denied.status).toBe(403)
    expect(denied.json).toMatchObject({ code: "denied_by_policy", detail: "No changes today." })
    const admin = await PolicyDesk.ofAdmin(realm)
    expect((await admin.activate(2)).json.code, "an admin of the realm master").toBe("denied_by_policy")
    expect(await active()).toBe(1)

    await server.admin.post("/master/users", {
      username: RESCUER,
      enabled: true,
      email: `${RESCUER}@example.org`,
      emailVerified: true,
      firstName: "R",
      lastName: "R",
      credentials: [{ type: "password", value: RESCUER, temporary: false }],
    })
    const { id } = await server.admin.user("master", RESCUER)
    const role = await server.admin.get("/master/roles/admin")
    await server.admin.post(`/master/users/${id}/role-mappings/realm`, [role])
    const rescuer = await PolicyDesk.ofAdmin(realm, server.url, { username: RESCUER, password: RESCUER })
    await server.admin.post(`${realm.path}/groups`, { name: "operators" })
    const [group] = await server.admin.get(`${realm.path}/groups?search=operators`)
    const alice = await server.admin.user(realm.name, "alice")
    const join = `${realm.path}/users/${alice.id}/groups/${group.id}`
    await expect(server.admin.put(join, {})).rejects.toMatchObject({ status: 403 })
    await new AdminClient(server.url, { username: RESCUER, password: RESCUER }).put(join, {})
    expect((await rescuer.activate(2)).json.version).toBe(2)
    const told = (await realm.admin.events(realm.name)).filter(({ details }) => details?.jit_action)
    expect(told.map(({ details }) => [details.jit_event, details.username, details.jit_target])).toEqual([
      ["admin_bypass", RESCUER, "policy 2"],
      ["admin_bypass", RESCUER, `user ${alice.id}`],
      ["denied_by_policy", "admin", `user ${alice.id}`],
      ["denied_by_policy", "admin", "policy 2"],
      ["denied_by_policy", "paula", "policy 2"],
    ])
    expect(told.map(({ details }) => details.jit_admin_realm)).toEqual([
      "master",
      "master",
      "master",
      "master",
      realm.name,
    ])
  })
})

// An approval with a grant stays good for a while: for whom, until when, and who takes it back.
import { ResourceServer } from "resource-server"
import { AdminClient } from "../harness/admin.js"
import { Api } from "../harness/api.js"
import { eventually } from "../harness/processes.js"
import { Reporting, managerGrants } from "../harness/reporting.js"
import { expect, test } from "../harness/test.js"
import { addApplication, claims, signIn } from "../harness/tokens.js"

/** @typedef {import("../harness/realm.js").Realm} Realm */

/** @param {Realm} realm @param {string} username @returns {Promise<Api>} the people's API, in somebody's own name */
async function peopleApi(realm, username) {
  const { access_token } = await signIn(realm, username, "deciding")
  return Api.people(realm, access_token)
}

/** @param {Realm} realm @returns {Promise<Api>} the admin API, for somebody who is auditor and nothing else */
async function auditorApi(realm) {
  await realm.addUser("auditor")
  const { id } = await realm.admin.user(realm.name, "auditor")
  const [client] = await realm.admin.get(`${realm.path}/clients?clientId=jit-approval`)
  const role = await realm.admin.get(`${realm.path}/clients/${client.id}/roles/auditor`)
  await realm.admin.post(`${realm.path}/users/${id}/role-mappings/clients/${client.id}`, [role])
  const admin = new AdminClient(realm.server.url, { username: "auditor", password: "auditor" }, realm.name)
  return Api.admin(realm, await admin.bearer())
}

/** Neither a refresh nor the single sign-on session leads anywhere any more. @param {Reporting} alice @param {any} tokens */
async function expectEnded(alice, tokens) {
  const refused = await alice.refresh(tokens.refresh_token)
  expect([refused.status, refused.body.error]).toEqual([400, "invalid_grant"])
  expect(await alice.introspect(tokens.access_token)).toEqual({ active: false })
  await alice.start()
  await alice.person.login.signIn("alice")
  await alice.person.waiting.expect("waiting")
}

test.describe("for an hour", () => {
  test.use({ policy: managerGrants("1h") })

  test.beforeEach(async ({ realm }) => {
    await Reporting.add(realm, "reports")
    await addApplication(realm, "deciding", { scopes: ["jit:decide"] })
  })

  test("a second sign-in is not held; one for more, to another application or from another browser is", async ({
    realm,
    alice,
    visit,
  }) => {
    await Reporting.add(realm, "ledger")
    const reports = new Reporting(alice, "reports")
    const { request } = await reports.approved("openid")

    await reports.start("openid")
    await reports.finish()
    const passed = await eventually("the event of the second sign-in", async () => {
      const events = await realm.admin.events(realm.name)
      return events.find(({ type, details }) => type === "LOGIN" && details?.jit_event === "granted")
    })
    expect(passed.details.jit_request).toBe(request)
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])

    await reports.start("openid phone")
    await alice.waiting.expect("waiting")
    await new Reporting(alice, "ledger").start("openid")
    await alice.waiting.expect("waiting")
    const elsewhere = await visit("alice")
    await new Reporting(elsewhere, "reports").start("openid")
    await elsewhere.login.signIn("alice")
    await elsewhere.waiting.expect("waiting")
  })

  test("who approved it takes it back, and what rests on it ends; nobody else does, and reading does not", async ({
    realm,
    alice,
  }) => {
    const reports = new Reporting(alice, "reports")
    const { request, tokens } = await reports.approved()
    const [own, bob, carol] = await Promise.all(
      ["alice", "bob", "carol"].map((username) => peopleApi(realm, username)),
    )
    expect((await own.get("me/grants?live=true")).body.items).toMatchObject([{ id: request, live: true }])
    expect((await bob.get("me/given")).body.items).toMatchObject([
      { id: request, user: { username: "alice" } },
    ])
    expect((await carol.get("me/given")).body.items).toEqual([])

    expect((await carol.post(`grants/${request}/revoke`)).status).toBe(404)
    const refused = await own.post(`grants/${request}/revoke`)
    expect([refused.status, refused.body.code]).toEqual([403, "not_allowed"])
    expect([404, 405]).toContain((await bob.get(`grants/${request}/revoke`)).status)
    expect((await bob.get(`grants/${request}`)).body).toMatchObject({
      live: true,
      bound_to: ["client", "scopes", "device"],
    })
    const goesOn = await reports.refresh(tokens.refresh_token)
    expect(goesOn.status).toBe(200)
    expect((await reports.introspect(goesOn.body.access_token)).active).toBe(true)

    const revoked = await bob.post(`grants/${request}/revoke`, { comment: "Called away" })
    expect(revoked.body).toMatchObject({ id: request, live: false, revoked_at: expect.any(String) })
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used", "revoked"])
    expect((await bob.get("me/given?live=true")).body.items).toEqual([])
    const again = await bob.post(`grants/${request}/revoke`)
    expect([again.status, again.body.code]).toEqual([409, "terminal"])
    await expectEnded(reports, goesOn.body)
  })

  test("an auditor takes it back, and an offline session ends as well", async ({ realm, alice }) => {
    const { id } = await realm.admin.user(realm.name, "alice")
    const offline = await realm.admin.get(`${realm.path}/roles/offline_access`)
    await realm.admin.post(`${realm.path}/users/${id}/role-mappings/realm`, [offline])
    const reports = new Reporting(alice, "reports")
    const { request, tokens } = await reports.approved("openid offline_access")
    expect((await reports.refresh(tokens.refresh_token)).status).toBe(200)
    const auditor = await auditorApi(realm)
    const [listed] = await auditor.all("grants?user=alice&client=reports&rule=reports&live=true", 1)
    expect(listed).toMatchObject({ id: request, action: "login", scopes: ["offline_access", "openid"] })
    const { headers } = await auditor.get(`grants/${request}`)
    const etag = headers.get("etag") ?? ""
    expect((await auditor.get(`grants/${request}`, { "if-none-match": etag })).status).toBe(304)

    expect((await auditor.post(`grants/${request}/revoke`, {}, { "if-match": etag })).status).toBe(200)
    expect((await auditor.post(`grants/${request}/revoke`, {}, { "if-match": etag })).status).toBe(412)
    expect(await auditor.all("grants?live=true", 1)).toEqual([])
    await expectEnded(reports, tokens)
  })

  test("bob sees in his inbox what he gave, and takes it back there", async ({ realm, alice, bob }) => {
    const reports = new Reporting(alice, "reports")
    await reports.start()
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    const request = await alice.waiting.requestId()
    await bob.openReview(request)
    await expect(bob.page.locator("#jit-grant")).toContainText("60 minutes")
    await bob.review.approve()
    const tokens = await reports.finish()

    await bob.openAsApprover(`${realm.url}/jit-approval/inbox`)
    const given = bob.page.locator(`[data-grant="${request}"]`)
    await expect(given).toBeVisible()
    // What the button sends, as an address.
    const action = (await given.locator("form").getAttribute("action")) ?? ""
    await bob.page.goto(`${action}&revoke=${request}`)
    expect((await reports.refresh(tokens.refresh_token)).status).toBe(200)
    await bob.openAsApprover(`${realm.url}/jit-approval/inbox`)
    await given.getByRole("button").click()
    await expect(given).toHaveCount(0)
    await expectEnded(reports, tokens)
  })
})

test.describe("for some seconds", () => {
  test.use({ policy: managerGrants("25s") })

  test("once it has expired, a refresh is refused and a sign-in is held; no token is good for longer", async ({
    realm,
    alice,
  }) => {
    await Reporting.addWithFacts(realm, "reports")
    // Keycloak does not store these by itself.
    const { eventsListeners } = await realm.admin.get(`${realm.path}/events/config`)
    const enabledEventTypes = ["REFRESH_TOKEN_ERROR"]
    await realm.admin.put(`${realm.path}/events/config`, {
      eventsListeners,
      eventsEnabled: true,
      enabledEventTypes,
    })
    const reports = new Reporting(alice, "reports")
    const { request, tokens } = await reports.approved("openid")
    const api = Api.admin(realm, await realm.admin.bearer())
    const [grant] = await api.all("grants", 10)
    expect(grant.id).toBe(request)
    const until = Date.parse(grant.until) / 1000
    expect(claims(tokens.access_token).exp).toBeLessThanOrEqual(Math.floor(until))
    expect((await reports.refresh(tokens.refresh_token)).status).toBe(200)
    const server = await ResourceServer.start({ issuer: realm.url, audience: "reports", port: 0 })
    const reading = () =>
      fetch(`${server.url}/reports`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    expect((await reading()).status, "an API that asks for the approval").toBe(200)

    const refused = await eventually(
      "the end of the grant",
      async () => {
        const answer = await reports.refresh(tokens.refresh_token)
        return answer.status !== 200 && answer
      },
      { timeout: 40_000, interval: 1_000 },
    )
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        error: "invalid_grant",
        error_description: "the approval that this session rests on has expired; sign in again",
      },
    ])
    const events = await realm.admin.events(realm.name)
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "REFRESH_TOKEN_ERROR",
        details: expect.objectContaining({ jit_event: "grant_expired", jit_request: request }),
      }),
    )
    // Sessions know it to the second, and end within the last one.
    await eventually("the very end", async () => (await api.all("grants?live=true", 1)).length === 0)
    const expired = await reading()
    expect([expired.status, /** @type {any} */ (await expired.json()).error]).toEqual([401, "invalid_token"])
    await server.stop()
    await reports.start("openid")
    await alice.waiting.expect("waiting")
  })
})

test.describe("that a policy reads", () => {
  const { chains, rules } = JSON.parse(managerGrants({ for: "1h", bound_to: ["device"] }))
  test.use({
    policy: JSON.stringify({
      apiVersion: "jit-approval.dev/v1",
      name: "reading-grants",
      chains,
      rules: [
        { ...rules[0], when: 'client.id == "reports"' },
        {
          id: "ledger",
          on: ["login"],
          when: 'client.id == "ledger" && !("reports" in grants && grants["reports"] > now)',
          effect: "deny",
          reason: '"Sign in to the reports first."',
        },
      ],
    }),
  })

  test("it opens what the policy says, where the grant holds and as long as it does", async ({
    realm,
    alice,
    visit,
  }) => {
    for (const clientId of ["reports", "ledger"]) await Reporting.add(realm, clientId)
    const ledger = new Reporting(alice, "ledger")
    await ledger.start()
    await alice.login.signIn("alice")
    await alice.waiting.expect("denied")
    await expect(alice.waiting.root).toContainText("Sign in to the reports first.")
    const { request } = await new Reporting(alice, "reports").approved()
    await ledger.start()
    await ledger.finish()

    const elsewhere = await visit("alice")
    await new Reporting(elsewhere, "ledger").start()
    await elsewhere.login.signIn("alice")
    await elsewhere.waiting.expect("denied")

    const api = Api.admin(realm, await realm.admin.bearer())
    expect((await api.post(`grants/${request}/revoke`)).status).toBe(200)
    await ledger.start()
    await alice.login.signIn("alice")
    await alice.waiting.expect("denied")
  })
})

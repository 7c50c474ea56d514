// The checkpoint as a required action: a door for every login, without a change to the realm's flows.
import { everybody, managerApproves } from "../harness/policies.js"
import { changeConsole, guardByAction, opened, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

test.use({ bare: true })

test.beforeEach(({ realm }) => guardByAction(realm))

test("alice is held, bob approves, and alice goes on", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  const logins = (await realm.admin.events(realm.name)).filter(
    ({ type, details }) => type === "LOGIN" && details?.jit_request === request,
  )
  expect(logins.map(({ details }) => details.jit_event)).toEqual(["approved"])
})

test("after a denial the page says so, and then the client is told", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  await bob.review.deny()
  await alice.waiting.expect("denied")
  await alice.page.reload()
  await alice.waiting.expect("denied")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  const told = (await realm.admin.events(realm.name)).find(
    ({ type, details }) => type === "LOGIN_ERROR" && details?.jit_request === request,
  )
  expect(told).toMatchObject({ error: "access_denied", details: { jit_event: "denied" } })
})

test("alice cancels, and is told what became of it", async ({ alice, realm }) => {
  const request = await alice.signInAndWait()
  await alice.waiting.press("Cancel request")
  await alice.waiting.expect("cancelled")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  expect(await realm.kinds(request)).toEqual(["opened", "cancelled"])
})

test("a sign-in with a single sign-on cookie is held too", async ({ alice, bob }) => {
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  await bob.approveFromMail(await alice.waiting.requestId())
  await alice.console.expectSignedIn("alice")
})

test("a single sign-on session that ends while alice waits does not lead in", async ({
  alice,
  bob,
  realm,
}) => {
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  const request = await alice.waiting.requestId()
  const { id } = await realm.admin.user(realm.name, "alice")
  await realm.admin.post(`${realm.path}/users/${id}/logout`)
  await bob.approveFromMail(request)
  await alice.waiting.expect("session-lost")
  await alice.console.expectNobodySignedIn()
  await alice.console.startSignIn()
  await alice.login.signIn("alice")
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
})

test("prompt=none opens nothing and spends nothing", async ({ alice, bob, realm }) => {
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn({ prompt: "none" })
  await alice.console.expectRefused("interaction_required")
  expect(await opened(realm)).toEqual([])
  const told = (await realm.admin.events(realm.name)).filter(
    ({ details }) => details?.jit_event === "interaction_required",
  )
  expect(told).toHaveLength(1)

  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  const request = await alice.waiting.requestId()
  await alice.page.goto("about:blank")
  await bob.approveFromMail(request)
  await alice.console.startSignIn({ prompt: "none" })
  await alice.console.expectRefused("interaction_required")
  expect(await realm.kinds(request)).toEqual(["opened", "approved"])
  await alice.application("payroll").startSignIn({ prompt: "none" })
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn()
  await alice.console.expectSignedIn("alice")
})

test("the poll keeps a login alive beyond the lifespan of required actions", async ({
  alice,
  bob,
  realm,
}) => {
  await realm.admin.put(realm.path, { accessCodeLifespanUserAction: 6 })
  const request = await alice.signInAndWait()
  await alice.page.waitForTimeout(12_000)
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
})

test("the password grant is told which request it waits for, by whichever address", async ({ realm }) => {
  const secret = await changeConsole(realm, { directAccessGrantsEnabled: true })
  const grant = (/** @type {string} */ ending) =>
    fetch(`${realm.url}/protocol/openid-connect/token${ending}`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "password",
        client_id: "prod-console",
        client_secret: secret,
        username: "alice",
        password: "alice",
      }),
    })
  for (const ending of ["", "/"]) expect((await grant(ending)).status).toBe(200)
  await replacePolicy(realm, managerApproves({ rule: { on: ["direct-grant"] } }))
  for (const ending of ["", "/"]) {
    const refused = await grant(ending)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      error: "interaction_required",
      jit_request: expect.any(String),
    })
  }
  expect(await opened(realm)).toHaveLength(1)
})

test("service accounts are not held by a rule on logins", async ({ realm }) => {
  await replacePolicy(realm, managerApproves({ rule: { when: "true", reason: '"All."' } }))
  const secret = await changeConsole(realm, { serviceAccountsEnabled: true })
  const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "prod-console",
      client_secret: secret,
    }),
  })
  expect(answer.status).toBe(200)
})

test.describe("under a policy that holds everybody everywhere", () => {
  test.use({ policy: managerApproves({ rule: { when: "true", reason: '"All."' } }) })

  test("approvers are not held, and get neither code nor session", async ({ alice, bob }) => {
    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
    await bob.page.goto(`${bob.realm.url}/jit-approval/inbox`)
    await bob.login.signIn("bob")
    await expect(bob.page.locator("#jit-inbox")).toBeVisible()
    expect(await bob.cookieNames()).not.toContain("KEYCLOAK_IDENTITY")
  })
})

test.describe("under a policy that asks to confirm", () => {
  test.use({ policy: everybody("confirm") })

  test("alice confirms and goes on, or does not and is refused", async ({ alice }) => {
    await alice.signInTo("prod-console")
    await alice.waiting.expect("confirm")
    await alice.page.locator("#jit-decline").click()
    await alice.console.expectRefused("access_denied")
    await alice.console.startSignIn()
    await alice.login.signIn("alice")
    await alice.waiting.expect("confirm")
    await alice.waiting.press("Confirm")
    await alice.console.expectSignedIn("alice")
  })
})

test.describe("under a policy that denies", () => {
  test.use({ policy: everybody("deny") })

  test("alice is shown why, and prompt=none is told that there is something to show", async ({ alice }) => {
    await alice.signInTo("prod-console")
    await alice.waiting.expect("denied")
    await alice.waiting.press("Back to application")
    await alice.console.expectRefused("access_denied")
    await alice.signInTo("payroll")
    await alice.application("payroll").expectSignedIn("alice")
    await alice.console.startSignIn({ prompt: "none" })
    await alice.console.expectRefused("interaction_required")
  })
})

test("with the checkpoint in the flow as well, alice is asked once", async ({ alice, bob, realm }) => {
  const both = await realm.admin.post(`${realm.path}/jit-approval/provision`, { bind_browser_flow: true })
  expect(both.browser_flow.guarded).toBe(true)
  expect(both.required_action).toBe(true)
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  expect(await opened(realm)).toHaveLength(1)
})

test("with the checkpoint in the flow as well, and another action in between, alice is asked once", async ({
  alice,
  bob,
  realm,
}) => {
  await realm.admin.post(`${realm.path}/jit-approval/provision`, { bind_browser_flow: true })
  await realm.admin.changeUser(realm.name, "alice", { requiredActions: ["UPDATE_PASSWORD"] })
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.page.locator("#password-new").fill("another")
  await alice.page.locator("#password-confirm").fill("another")
  await alice.page.locator('[type="submit"]').click()
  await alice.console.expectSignedIn("alice")
  expect(await opened(realm)).toHaveLength(1)
})

test("one that is disabled or gone is reported", async ({ realm }) => {
  await realm.admin.changeRequiredAction(realm.name, "jit-gate", { enabled: false })
  const disabled = await realm.status()
  expect(disabled.ready).toBe(false)
  expect(disabled.problems.join()).toContain("the required action jit-gate is disabled")
  await realm.admin.delete(`${realm.path}/authentication/required-actions/jit-gate`)
  expect((await realm.status()).problems.join()).toContain("the required action jit-gate is not registered")
})

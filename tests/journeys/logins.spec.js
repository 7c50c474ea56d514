// Browser logins at the checkpoint in the flow: in each way that they begin, and in each way that somebody tries to end one early.
import { startDevice } from "../harness/device.js"
import { byRole, everyEffect, roleOf } from "../harness/effects.js"
import { checkpointOnly, guardedCopy } from "../harness/flows.js"
import { managerApproves } from "../harness/policies.js"
import { opened } from "../harness/required-action.js"
import { SP, answered, samlLogin } from "../harness/saml.js"
import { expect, test } from "../harness/test.js"

test("a login by the remember-me cookie, in a browser that was closed, is held", async ({
  alice,
  bob,
  realm,
}) => {
  await realm.admin.put(realm.path, { rememberMe: true })
  await alice.application("payroll").startSignIn()
  await alice.page.locator("#rememberMe").check()
  await alice.login.signIn("alice")
  await alice.application("payroll").expectSignedIn("alice")
  const kept = (await alice.context.cookies()).filter(({ expires }) => expires > 0)
  await alice.context.clearCookies()
  await alice.context.addCookies(kept)
  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  await alice.console.expectNobodySignedIn()
  await bob.approveFromMail(await alice.waiting.requestId())
  await alice.console.expectSignedIn("alice")
})

test("acr_values do not lead past it", async ({ alice, realm }) => {
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  const password = alice.page.locator("#password")
  for (const acr_values of ["0", "1", "gold"]) {
    await alice.console.startSignIn({ acr_values })
    // A level that the session has not reached is asked for; what is no level is not.
    await expect(password.or(alice.waiting.root)).toBeVisible()
    if (await password.isVisible()) await alice.login.enterPassword("alice")
    await alice.waiting.expect("waiting")
    await alice.console.expectNobodySignedIn()
  }
  expect(await opened(realm)).toHaveLength(1)
})

test.describe("a SAML login", () => {
  test.use({ policy: managerApproves({ rule: { when: `client.id == "${SP}"`, reason: '"SAML."' } }) })

  test("is held by the flow's checkpoint, and goes on or is refused", async ({ alice, bob, realm }) => {
    const { url, acs } = await samlLogin(realm)
    await alice.openAsApprover(url)
    await alice.waiting.expect("waiting")
    const answer = answered(alice.page, acs)
    await bob.approveFromMail(await alice.waiting.requestId())
    expect(await answer).toBe("Success")

    const again = await samlLogin(realm)
    await alice.page.goto(again.url)
    await alice.waiting.expect("waiting")
    await bob.openReview(await alice.waiting.requestId())
    await bob.review.deny()
    await alice.waiting.expect("denied")
    const denied = answered(alice.page, again.acs)
    await alice.waiting.press("Back to application")
    expect(await denied).toBe("Responder RequestDenied")
  })

  test("that may ask nothing is told so, and opens no request", async ({ alice, realm }) => {
    await alice.signInTo("payroll")
    await alice.application("payroll").expectSignedIn("alice")
    const passive = await samlLogin(realm, true)
    const silent = answered(alice.page, passive.acs)
    await alice.page.goto(passive.url)
    expect(await silent).toContain("NoPassive")
    expect(await opened(realm)).toEqual([])
  })
})

test("a device is held with the person who lets it in, and refused with them", async ({
  alice,
  bob,
  realm,
}) => {
  const device = await startDevice(realm)
  await alice.openAsApprover(device.verification)
  await alice.waiting.expect("waiting")
  expect(await device.poll()).toBe("authorization_pending")
  await bob.approveFromMail(await alice.waiting.requestId())
  await alice.page.locator("#kc-login").click()
  await expect.poll(device.poll).toBe("token")

  const second = await startDevice(realm)
  await alice.page.goto(second.verification)
  await alice.waiting.expect("waiting")
  await bob.openReview(await alice.waiting.requestId())
  await bob.review.deny()
  await alice.waiting.expect("denied")
  await expect.poll(second.poll).toBe("access_denied")
})

test.describe("a SAML login, where nobody is asked", () => {
  test.use({ policy: everyEffect(["login"], byRole) })

  test("is denied, stepped up, confirmed or let in", async ({ alice, realm }) => {
    const become = await roleOf(realm, "alice")
    for (const effect of /** @type {const} */ (["deny", "step_up"])) {
      await become(effect)
      const { url, acs } = await samlLogin(realm)
      await alice.openAsApprover(url)
      await alice.waiting.expect("denied")
      const missing = alice.waiting.root.getByText("second factor")
      await expect(missing).toHaveCount(effect === "step_up" ? 1 : 0)
      const refused = answered(alice.page, acs)
      await alice.waiting.press("Back to application")
      expect(await refused).toBe("Responder RequestDenied")
    }
    await become("confirm")
    const { url, acs } = await samlLogin(realm)
    await alice.openAsApprover(url)
    await alice.waiting.expect("confirm")
    const confirmed = answered(alice.page, acs)
    await alice.waiting.press("Confirm")
    expect(await confirmed).toBe("Success")
    const passive = await samlLogin(realm, true)
    const silent = answered(alice.page, passive.acs)
    await alice.page.goto(passive.url)
    expect(await silent).toContain("NoPassive")
    await become()
    const later = await samlLogin(realm)
    const free = answered(alice.page, later.acs)
    await alice.page.goto(later.url)
    expect(await free).toBe("Success")
  })
})

test.describe("where a rule is on proving it again", () => {
  test.use({ policy: managerApproves({ rule: { on: ["reauthenticate"] } }) })

  for (const [parameter, value] of Object.entries({ max_age: "0", prompt: "login" }))
    test(`${parameter}=${value} is held as that`, async ({ alice, bob, realm }) => {
      await alice.signInTo()
      await alice.console.expectSignedIn("alice")
      // Keycloak counts a session's age in whole seconds.
      await expect(async () => {
        await alice.console.startSignIn({ [parameter]: value })
        await expect(alice.page.locator("#password")).toBeVisible({ timeout: 1_000 })
      }).toPass()
      await alice.login.enterPassword("alice")
      await alice.waiting.expect("waiting")
      const request = await alice.waiting.requestId()
      await bob.openReviewFromMail(request)
      await bob.review.approve()
      await alice.console.expectSignedIn("alice")
      expect((await realm.history(request)).map(({ event }) => event)).toEqual(["opened", "approved", "used"])
    })
})

test("a checkpoint that stands before anybody is known lets nobody by", async ({ alice, realm }) => {
  await realm.admin.put(realm.path, {
    registrationAllowed: true,
    browserFlow: await checkpointOnly(realm, "too early"),
    registrationFlow: await guardedCopy(realm, "registration", 1),
  })
  for (const parameters of [{ prompt: "login" }, { prompt: "create" }]) {
    await alice.console.startSignIn(parameters)
    await expect(alice.page.locator("#kc-error-message")).toBeVisible()
    await alice.console.expectNobodySignedIn()
  }
  expect(await opened(realm)).toEqual([])
})

test.describe("what does not lead past it", () => {
  /** @param {import("../harness/person.js").Person} person */
  const formAction = async (person) =>
    (await person.page.locator("#jit-page form").first().getAttribute("action")) ?? ""

  test("another execution of the flow, or another session code", async ({ alice, realm }) => {
    const request = await alice.signInAndWait()
    const url = await formAction(alice)
    const flow = encodeURIComponent("browser with JIT approval")
    const executions = await realm.admin.get(`${realm.path}/authentication/flows/${flow}/executions`)
    expect(executions.length).toBeGreaterThan(5)
    for (const { id } of executions) {
      const other = new URL(url)
      other.searchParams.set("execution", id)
      await alice.context.request.post(other.href, {
        form: { jit: "confirm", username: "alice", password: "alice" },
      })
      await alice.context.request.get(other.href)
    }
    for (const code of ["no", ""]) {
      const other = new URL(url)
      other.searchParams.set("session_code", code)
      await alice.context.request.post(other.href, { form: { jit: "confirm", digest: "sha256:0" } })
    }
    await alice.console.expectNobodySignedIn()
    await alice.console.startSignIn()
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    expect(await alice.waiting.requestId()).toBe(request)
    expect(await realm.kinds(request)).toEqual(["opened"])
  })

  test("another user's authentication session, with its address and its cookies", async ({
    alice,
    bob,
    visit,
    realm,
  }) => {
    const request = await alice.signInAndWait()
    const [here, form] = [alice.page.url(), await formAction(alice)]
    const thief = await visit("carol")
    await thief.page.goto(here)
    await thief.console.expectNobodySignedIn()
    // All of Keycloak's own cookies, but not the checkpoint's.
    const stolen = (await alice.context.cookies()).filter(
      ({ name, path }) => path.startsWith("/realms/") && name !== "JIT_BROWSER",
    )
    expect(stolen.map(({ name }) => name)).toContain("AUTH_SESSION_ID")
    await thief.context.addCookies(stolen)
    await thief.page.goto(here)
    await thief.waiting.expect("waiting")
    expect(await thief.waiting.requestId()).not.toBe(request)
    await thief.context.request.post(form, { form: { jit: "confirm", digest: "sha256:0" } })
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
    await thief.page.goto(here)
    await thief.console.expectNobodySignedIn()
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  })

  test.describe("where every application is guarded", () => {
    test.use({ policy: managerApproves({ rule: { when: "true", reason: '"All."' } }) })

    test("an approval for another application", async ({ alice, bob, realm }) => {
      const request = await alice.signInAndWait()
      await alice.page.close()
      await bob.approveFromMail(request)
      const later = await alice.newTab()
      await later.signInTo("payroll")
      await later.waiting.expect("waiting")
      expect(await later.waiting.requestId()).not.toBe(request)
      expect(await realm.kinds(request)).toEqual(["opened", "approved"])
    })
  })
})

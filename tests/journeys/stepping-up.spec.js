// The effect "step up": a stronger factor where the policy demands one, by Keycloak's own forms; and no way around it.
import { Caller, formWith, stateOf } from "../harness/caller.js"
import { begin, statusAfter, typeNewPassword } from "../harness/changes.js"
import { guardByAction, opened } from "../harness/required-action.js"
import { addUserWithDevice, bindLevels, oneTimeCode, onlyPasswords } from "../harness/second-factor.js"
import { expect, test } from "../harness/test.js"

const strong = JSON.stringify({
  apiVersion: "jit-approval.dev/v1",
  name: "strong",
  rules: [
    { id: "strong", on: ["login"], when: 'client.id == "prod-console"', effect: "step_up", acr: "2" },
    { id: "changes", on: ["update-password", "update-profile"], effect: "step_up", acr: "2", when: "true" },
  ],
})

test.use({ bare: true, policy: strong })

/** @typedef {import("../harness/realm.js").Realm} Realm */

/** Puts the condition and the checkpoint into the browser flow. @param {Realm} realm */
async function guardByFlow(realm) {
  await addUserWithDevice(realm, "olga")
  await onlyPasswords(realm)
  const made = await realm.admin.post(`${realm.path}/jit-approval/provision`, {
    bind_browser_flow: true,
    step_up: true,
  })
  expect(made.problems).toEqual([])
  expect(made.browser_flow.guarded).toBe(true)
}

/** @param {string} page */
const asksForCode = (page) => page.includes('id="kc-otp-login-form"')

/** @param {Realm} realm @param {string} event @returns {Promise<any[]>} */
const told = async (realm, event) =>
  (await realm.admin.events(realm.name)).filter(({ details }) => details?.jit_event === event)

/** @param {Caller} caller @param {string} page that asks for a code */
const typeCode = async (caller, page, code = oneTimeCode()) =>
  (await caller.send(formWith(page, 'name="otp"'), { otp: code })).text()

/** @param {Caller} caller @param {string} [clientId] @param {Record<string, string>} [parameters] @returns {Promise<string>} */
const go = async (caller, clientId = "prod-console", parameters = {}) =>
  (
    await caller.http.get(`${caller.realm.party.url}/${clientId}/login?${new URLSearchParams(parameters)}`)
  ).text()

test("olga types a one-time code where the policy demands one, and the token says so", async ({
  visit,
  realm,
}) => {
  await guardByFlow(realm)
  const olga = await visit("olga")
  await olga.signInTo("payroll")
  await olga.application("payroll").expectSignedIn("olga")
  expect(await olga.application("payroll").acr()).toBe("1")

  await olga.console.startSignIn()
  await olga.page.locator("#otp").fill("000000")
  await olga.page.locator("#kc-login").click()
  await expect(olga.page.locator("#otp")).toHaveAttribute("aria-invalid", "true")
  await olga.page.locator("#otp").fill(oneTimeCode())
  await olga.page.locator("#kc-login").click()
  await olga.console.expectSignedIn("olga")
  expect(await olga.console.acr()).toBe("2")
  const [login] = await told(realm, "stepped_up")
  expect(login).toMatchObject({ type: "LOGIN", clientId: "prod-console", details: { jit_rule: "strong" } })

  await olga.console.startSignIn()
  await olga.console.expectSignedIn("olga")
  expect(await told(realm, "stepped_up")).toHaveLength(2)
})

test("alice, who has no second factor, is told so and cannot bring one", async ({ alice, realm }) => {
  await guardByFlow(realm)
  await alice.signInTo("prod-console")
  await alice.waiting.expect("denied")
  await expect(alice.waiting.root).toContainText("second factor")
  await alice.page.reload()
  await alice.waiting.expect("denied")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  await alice.expectNoSession()
  const { id } = await realm.admin.user(realm.name, "alice")
  const credentials = await realm.admin.get(`${realm.path}/users/${id}/credentials`)
  expect(credentials.map((/** @type {any} */ { type }) => type)).toEqual(["password"])
})

test("a single sign-on cookie of a lower level is asked for the code, whatever is tried", async ({
  realm,
}) => {
  await guardByFlow(realm)
  const olga = await Caller.create("olga", realm)
  expect(await olga.signInTo("payroll")).toContain('data-state="signed-in"')

  const asked = await go(olga)
  expect(asksForCode(asked)).toBe(true)
  for (const value of ["1", "0"]) {
    // Keycloak begins with the password then, and the code comes after it.
    const again = await go(olga, "prod-console", { acr_values: value })
    const after = await olga.send(formWith(again, 'name="password"'), { password: "olga" })
    expect(asksForCode(await after.text()), `acr_values=${value}`).toBe(true)
  }
  expect(asksForCode(await go(olga, "prod-console", { kc_action: "jit-gate" }))).toBe(true)
  expect(await go(olga, "prod-console", { prompt: "none" })).toContain("interaction_required")
  expect(asksForCode(await typeCode(olga, asked, "000000"))).toBe(true)

  const { action } = formWith(await go(olga), 'name="otp"')
  const address = new URL(action)
  const executions = await realm.admin.get(
    `${realm.path}/authentication/flows/${encodeURIComponent("browser with JIT approval")}/executions`,
  )
  for (const { id, providerId } of executions.filter((/** @type {any} */ one) => one.providerId)) {
    if (providerId === "auth-otp-form") continue
    address.searchParams.set("execution", id)
    for (const method of ["GET", "POST"]) {
      const answer = await olga.http.fetch(address.href, {
        method,
        form: method === "POST" ? { jit: "confirm" } : undefined,
      })
      expect(await answer.text()).not.toContain('data-state="signed-in"')
    }
  }
  const restart = new URL(action)
  restart.pathname = restart.pathname.replace("authenticate", "restart")
  restart.searchParams.set("skip_logout", "true")
  const restarted = await (await olga.http.get(restart.href)).text()
  expect(asksForCode(restarted)).toBe(true)
  expect(await typeCode(olga, restarted)).toContain('data-state="signed-in"')

  const fresh = await Caller.create("olga", realm)
  expect(asksForCode(await fresh.signInTo())).toBe(true)
  await Promise.all([olga.dispose(), fresh.dispose()])
})

test("Keycloak's own conditions reach the level that the required action demands", async ({
  visit,
  realm,
}) => {
  await addUserWithDevice(realm, "olga")
  await bindLevels(realm)
  const made = await realm.admin.post(`${realm.path}/jit-approval/provision`, { required_action: true })
  expect(made.required_action).toBe(true)
  const olga = await visit("olga")
  await olga.signInTo("payroll")
  await olga.application("payroll").expectSignedIn("olga")
  await olga.console.startSignIn()
  await olga.page.locator("#otp").fill(oneTimeCode())
  await olga.page.locator("#kc-login").click()
  await olga.console.expectSignedIn("olga")
  expect(await olga.console.acr()).toBe("2")

  const alone = await Caller.create("alice", realm)
  const again = await alone.signInTo()
  expect(again).toContain('id="kc-form-login"')
  const after = await (
    await alone.send(formWith(again, "kc-login"), { username: "alice", password: "alice" })
  ).text()
  expect(after).not.toContain('data-state="signed-in"')
  await alone.dispose()
})

test("a change of the account asks for the level as well, and is made then", async ({ visit, realm }) => {
  await addUserWithDevice(realm, "olga")
  await bindLevels(realm)
  const olga = await visit("olga")
  await begin(olga, "UPDATE_PROFILE")
  await olga.page.locator("#lastName").fill("Pleasance")
  await olga.page.locator('[type="submit"]').first().click()
  // There is no session yet that could say who it is.
  await olga.login.signIn("olga")
  await expect(olga.page.locator("#otp")).toBeVisible()
  expect((await realm.admin.user(realm.name, "olga")).lastName).toBe("Device")
  await olga.page.locator("#otp").fill(oneTimeCode())
  await olga.page.locator("#kc-login").click()
  // What was typed went with the login that began anew.
  await olga.page.locator("#lastName").fill("Pleasance")
  expect(await statusAfter(olga, () => olga.page.locator('[type="submit"]').first().click())).toBe("success")
  expect((await realm.admin.user(realm.name, "olga")).lastName).toBe("Pleasance")

  // A code counts once.
  await addUserWithDevice(realm, "otto")
  const elsewhere = await visit("otto")
  await elsewhere.signInTo("payroll")
  await elsewhere.application("payroll").expectSignedIn("otto")
  await elsewhere.application("payroll").startSignIn({ kc_action: "UPDATE_PASSWORD" })
  await elsewhere.page.locator("#otp").fill(oneTimeCode())
  await elsewhere.page.locator("#kc-login").click()
  expect(await statusAfter(elsewhere, () => typeNewPassword(elsewhere, "another"))).toBe("success")
  const later = await visit("otto")
  await later.application("payroll").startSignIn()
  await later.login.signIn("otto", "another")
  await later.application("payroll").expectSignedIn("otto")

  const { id } = await realm.admin.user(realm.name, "olga")
  await realm.admin.put(`${realm.path}/users/${id}/execute-actions-email`, ["UPDATE_PASSWORD"])
  const mail = await realm.mail.mailTo(realm.address("olga"), ({ text }) => text.includes("action-token"))
  const mailed = await visit("olga")
  await mailed.page.goto(/https?:\S+action-token\S+/.exec(mail.text)?.[0] ?? "")
  await mailed.page.locator("#kc-info-message a").click()
  // There is no sign-in behind a link that was mailed, and so none that could begin anew.
  await mailed.waiting.expect("denied")

  expect((await told(realm, "stepped_up")).map(({ type }) => type).sort()).toEqual([
    "UPDATE_CREDENTIAL",
    "UPDATE_PASSWORD",
    "UPDATE_PROFILE",
  ])
})

test("where no flow can reach the level, the page says so once", async ({ realm }) => {
  await guardByAction(realm)
  const alice = await Caller.create("alice", realm)
  expect(stateOf(await alice.signInTo())).toBe("denied")
  expect(await told(realm, "step_up_required")).toHaveLength(1)
  expect(await opened(realm)).toEqual([])
  await alice.dispose()
})

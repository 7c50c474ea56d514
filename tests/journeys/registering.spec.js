// Registration: the account is there, but disabled, until approvers have agreed; whoever is at the page then.
import { everyEffect } from "../harness/effects.js"
import { guardedCopy } from "../harness/flows.js"
import { addIdentityProvider, signInThrough } from "../harness/identity-provider.js"
import { managerApproves } from "../harness/policies.js"
import { eventually } from "../harness/processes.js"
import { changeConsole, guardByAction } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

/** @typedef {import("../harness/person.js").Person} Person */
/** @typedef {import("../harness/realm.js").Realm} Realm */

/** @param {Record<string, unknown>} [rule] */
const bobApproves = (rule = {}) =>
  managerApproves({
    stage: { approvers: [{ user: "bob" }] },
    rule: { on: ["register"], when: "true", reason: '"A new account: " + change.after.email[0]', ...rule },
  })

/** @param {Person} person */
async function register(person) {
  await person.console.startSignIn({ prompt: "create" })
  await fillIn(person)
}

/** @param {Person} person */
async function fillIn({ page, username, realm }) {
  await page.locator("#username").fill(username)
  await page.locator("#email").fill(realm.address(username))
  await page.locator("#firstName").fill("Dora")
  await page.locator("#lastName").fill("New")
  await page.locator("#password").fill(username)
  await page.locator("#password-confirm").fill(username)
  await page.locator('#kc-register-form [type="submit"]').click()
}

/** @param {Person} person @returns {Promise<string>} the request */
async function registerAndWait(person) {
  await register(person)
  await person.waiting.expect("waiting")
  return person.waiting.requestId()
}

/** @param {Realm} realm @param {string} [username] */
const isEnabled = async (realm, username = "dora") => (await realm.admin.user(realm.name, username)).enabled

/** @param {Person} person of whom Keycloak says that the account is disabled */
const expectDisabled = async ({ page, console: application }) => {
  await expect(page.locator("body")).toContainText("Account is disabled")
  await application.expectNobodySignedIn()
}

test.describe("where the checkpoint follows the form", () => {
  test.use({ policy: bobApproves() })

  test.beforeEach(async ({ realm }) => {
    const registrationFlow = await guardedCopy(realm, "registration", 20)
    await realm.admin.put(realm.path, {
      registrationAllowed: true,
      resetPasswordAllowed: true,
      registrationFlow,
    })
  })

  test("the account is disabled while bob is asked, and the page goes on once he agrees", async ({
    visit,
    bob,
    realm,
  }) => {
    const dora = await visit("dora")
    const request = await registerAndWait(dora)
    expect(await isEnabled(realm)).toBe(false)
    await bob.openReviewFromMail(request)
    await expect(bob.review.root).toContainText(`A new account: ${realm.address("dora")}`)
    await bob.review.approve()
    await dora.console.expectSignedIn("dora")
    expect(await realm.admin.user(realm.name, "dora")).toMatchObject({ enabled: true, requiredActions: [] })
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  })

  test("who has closed the tab is let in by the approval alone", async ({ visit, bob, realm }) => {
    const dora = await visit("dora")
    const request = await registerAndWait(dora)
    await dora.page.close()
    await bob.approveFromMail(request)
    await eventually("dora's account", () => isEnabled(realm))
    const told = (await realm.admin.events(realm.name)).filter(
      ({ details }) => details?.jit_event === "registration_admitted",
    )
    expect(told.map(({ details }) => details)).toMatchObject([{ username: "dora", jit_request: request }])
    const elsewhere = await visit("dora")
    await elsewhere.signInTo("payroll")
    await elsewhere.application("payroll").expectSignedIn("dora")
  })

  test("after a denial the account stays disabled, and its owner is told", async ({ visit, bob, realm }) => {
    const dora = await visit("dora")
    const request = await registerAndWait(dora)
    await bob.openReviewFromMail(request)
    await bob.review.deny()
    await dora.waiting.expect("denied")
    await realm.mail.mailTo(realm.address("dora"), ({ text }) => text.includes(request))
    await dora.waiting.press("Back to application")
    await dora.console.expectRefused("access_denied")
    await dora.signInTo("payroll")
    await expectDisabled(dora)
    expect(await isEnabled(realm)).toBe(false)
  })

  test("an approval does not enable an account that an admin has disabled since", async ({
    visit,
    bob,
    realm,
  }) => {
    const dora = await visit("dora")
    const request = await registerAndWait(dora)
    const waiting = dora.page.url()
    await dora.page.close()
    await bob.approveFromMail(request)
    await eventually("dora's account", () => isEnabled(realm))
    await realm.admin.changeUser(realm.name, "dora", { enabled: false })
    const later = await dora.newTab()
    await later.page.goto(waiting)
    await later.waiting.expect("denied")
    await expect(later.waiting.root).toContainText("Your account is disabled or locked.")
    await later.console.expectNobodySignedIn()
    expect(await isEnabled(realm)).toBe(false)
    expect(await realm.kinds(request)).toEqual(["opened", "approved"])
  })

  test("neither another tab, nor a restart, nor the sign-in of the same tab opens a held account", async ({
    visit,
    realm,
  }) => {
    const dora = await visit("dora")
    await registerAndWait(dora)
    const tabId = new URL(dora.page.url()).searchParams.get("tab_id")
    const here = `client_id=prod-console&tab_id=${tabId}`

    const tab = await dora.newTab()
    await tab.signInTo()
    await expectDisabled(tab)

    const signIn = await dora.newTab()
    await signIn.page.goto(`${realm.url}/login-actions/authenticate?${here}`)
    await signIn.login.signIn("dora")
    await expectDisabled(signIn)

    await dora.page.goto(`${realm.url}/login-actions/restart?${here}&skip_logout=true`)
    await fillIn(dora)
    await expect(dora.page.locator("body")).toContainText("already exists")
    await dora.console.expectNobodySignedIn()
    expect(await isEnabled(realm)).toBe(false)
  })

  test("neither the form again, nor another execution or session code opens a held account", async ({
    visit,
    realm,
  }) => {
    const dora = await visit("dora")
    const sent = dora.page.waitForRequest((request) => request.method() === "POST")
    const request = await registerAndWait(dora)
    const form = await sent
    const url = (await dora.page.locator("#jit-page form").first().getAttribute("action")) ?? ""
    const other = new URL(url)
    other.searchParams.set("execution", new URL(form.url()).searchParams.get("execution") ?? "")
    const forged = new URL(url)
    forged.searchParams.set("session_code", "no")
    const replayed = Object.fromEntries(new URLSearchParams(form.postData() ?? ""))
    for (const [address, fields] of [
      [form.url(), replayed],
      [other.href, { jit: "confirm" }],
      [forged.href, { jit: "confirm", digest: "sha256:0" }],
    ])
      await dora.context.request.post(/** @type {string} */ (address), {
        form: /** @type {Record<string, string>} */ (fields),
      })
    await dora.console.expectNobodySignedIn()
    expect(await isEnabled(realm)).toBe(false)
    await dora.page.reload()
    await dora.waiting.expect("waiting")
    expect(await dora.waiting.requestId()).toBe(request)
  })

  test("neither a forgotten password nor the password grant opens a held account", async ({
    visit,
    realm,
  }) => {
    const secret = await changeConsole(realm, { directAccessGrantsEnabled: true })
    const dora = await visit("dora")
    await registerAndWait(dora)
    const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "password",
        client_id: "prod-console",
        client_secret: secret,
        username: "dora",
        password: "dora",
      }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error_description: "Account disabled" })

    const forgetful = await visit("dora")
    await forgetful.console.startSignIn()
    await forgetful.page.goto(
      forgetful.page.url().replace("/protocol/openid-connect/auth", "/login-actions/reset-credentials"),
    )
    await forgetful.page.locator("#username").fill("dora")
    await forgetful.page.locator('[type="submit"]').click()
    await expect
      .poll(async () => (await realm.admin.events(realm.name)).map(({ type, error }) => `${type} ${error}`))
      .toContain("RESET_PASSWORD_ERROR user_disabled")
    expect(await realm.mail.mailsTo(realm.address("dora"))).toEqual([])
  })
})

test.describe("where people come from an identity provider, too", () => {
  test.use({ policy: bobApproves() })

  test("its login is not linked to a held account, nor opens it", async ({ visit, realm, servers }) => {
    const registrationFlow = await guardedCopy(realm, "registration", 20)
    await realm.admin.put(realm.path, { registrationAllowed: true, registrationFlow })
    const partner = await addIdentityProvider(realm, { servers })
    await partner.home.addUser("dora")
    const dora = await visit("dora")
    await registerAndWait(dora)
    const elsewhere = await visit("dora")
    await signInThrough(elsewhere, partner)
    await elsewhere.page.locator("#linkAccount").click()
    // Keycloak mails nothing to a disabled account, and asks for its password instead.
    await elsewhere.login.signIn("dora")
    await expectDisabled(elsewhere)
    const { id, enabled } = await realm.admin.user(realm.name, "dora")
    expect(enabled).toBe(false)
    expect(await realm.admin.get(`${realm.path}/users/${id}/federated-identity`)).toEqual([])
    await partner.close()
  })
})

test.describe("where alice's own sign-in is held too", () => {
  test.use({
    policy: JSON.stringify({
      ...JSON.parse(bobApproves()),
      rules: [
        ...JSON.parse(bobApproves()).rules,
        {
          id: "alice",
          on: ["login"],
          when: 'user.username == "alice"',
          effect: "require_approval",
          chain: "manager",
        },
      ],
    }),
  })

  test("somebody else in the tab of a registration neither passes by it, nor is harmed by it", async ({
    visit,
    realm,
  }) => {
    const registrationFlow = await guardedCopy(realm, "registration", 20)
    await realm.admin.put(realm.path, { registrationAllowed: true, registrationFlow })
    const dora = await visit("dora")
    await registerAndWait(dora)
    const registration = dora.page.url()
    const tabId = new URL(registration).searchParams.get("tab_id")
    await dora.page.goto(`${realm.url}/login-actions/authenticate?client_id=prod-console&tab_id=${tabId}`)
    await dora.login.signIn("alice")
    await dora.waiting.expect("waiting")
    await dora.page.goto(registration)
    await expect(dora.page.locator("#kc-error-message")).toBeVisible()
    await dora.console.expectNobodySignedIn()
    expect(await isEnabled(realm, "alice")).toBe(true)
    expect(await isEnabled(realm)).toBe(false)
  })
})

test.describe("where nobody is asked", () => {
  test.use({ policy: everyEffect(["register"], (effect) => `change.after.username[0] == "${effect}"`) })

  test("an account is enabled at once, after a confirmation, or not at all", async ({ visit, realm }) => {
    const registrationFlow = await guardedCopy(realm, "registration", 20)
    await realm.admin.put(realm.path, { registrationAllowed: true, registrationFlow })
    for (const effect of ["deny", "step_up"]) {
      const refused = await visit(effect)
      await register(refused)
      await refused.waiting.expect("denied")
      const missing = refused.waiting.root.getByText("second factor")
      await expect(missing).toHaveCount(effect === "step_up" ? 1 : 0)
      expect(await isEnabled(realm, effect)).toBe(false)
      await refused.waiting.press("Back to application")
      await refused.console.expectRefused("access_denied")
      expect(await isEnabled(realm, effect)).toBe(false)
    }

    const careful = await visit("confirm")
    await register(careful)
    await careful.waiting.expect("confirm")
    expect(await isEnabled(realm, "confirm")).toBe(false)
    await careful.waiting.press("Confirm")
    await careful.console.expectSignedIn("confirm")
    const free = await visit("dora")
    await register(free)
    await free.console.expectSignedIn("dora")
    for (const username of ["confirm", "dora"])
      expect(await realm.admin.user(realm.name, username)).toMatchObject({
        enabled: true,
        requiredActions: [],
      })
  })
})

test.describe("with the required action alone", () => {
  test.use({ bare: true, policy: bobApproves({ on: ["login"], reason: '"A sign-in."' }) })

  test("a registered account is enabled, and each of its logins is held", async ({ visit, bob, realm }) => {
    await guardByAction(realm)
    await realm.admin.put(realm.path, { registrationAllowed: true })
    const dora = await visit("dora")
    const request = await registerAndWait(dora)
    expect(await isEnabled(realm)).toBe(true)
    const elsewhere = await visit("dora")
    expect(await elsewhere.signInAndWait()).not.toBe(request)
    await bob.approveFromMail(request)
    await dora.console.expectSignedIn("dora")
    await elsewhere.console.expectNobodySignedIn()
  })
})

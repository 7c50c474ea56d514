// A forgotten password: the checkpoint stands after the mailed link, so that asking for one tells nobody who exists.
import { byRole, everyEffect, roleOf } from "../harness/effects.js"
import { addStepUp, guardedCopy } from "../harness/flows.js"
import { managerApproves } from "../harness/policies.js"
import { opened } from "../harness/required-action.js"
import { addUserWithDevice, oneTimeCode } from "../harness/second-factor.js"
import { expect, test } from "../harness/test.js"

/** @typedef {import("../harness/person.js").Person} Person */

test.use({
  policy: managerApproves({
    stage: { approvers: [{ user: "bob" }] },
    rule: { on: ["reset-credentials"], when: "true", reason: '"A new password."' },
  }),
})

test.beforeEach(async ({ realm }) => {
  const resetCredentialsFlow = await guardedCopy(realm, "reset credentials", 25)
  await realm.admin.put(realm.path, { resetPasswordAllowed: true, resetCredentialsFlow })
})

/** Asks for a mail. @param {Person} person @param {string} [username] @returns {Promise<string>} the page afterwards, in words */
async function forget(person, username = person.username) {
  await person.console.startSignIn()
  await person.page.locator('a[href*="reset-credentials"]').click()
  await person.page.locator("#username").fill(username)
  await person.page.locator('#kc-reset-password-form [type="submit"]').click()
  await expect(person.page.locator("body")).toContainText("You should receive an email shortly")
  return person.page.locator("body").innerText()
}

/** @param {Person} person @returns {Promise<string>} the link that was mailed */
async function mailedLink({ realm, username }) {
  const mail = await realm.mail.mailTo(realm.address(username), ({ text }) => text.includes("action-token"))
  return /https?:\/\/\S+action-token\S+/.exec(mail.text)?.[0] ?? ""
}

/** @param {Person} person */
async function forgetAndWait(person) {
  await forget(person)
  const link = await mailedLink(person)
  await person.page.goto(link)
  await person.waiting.expect("waiting")
  return { link, request: await person.waiting.requestId() }
}

/** @param {Person} person @param {string} password */
async function choose({ page }, password) {
  await page.locator("#password-new").fill(password)
  await page.locator("#password-confirm").fill(password)
  await page.locator('#kc-passwd-update-form [type="submit"]').click()
}

test("is held after the link, and the password can be changed once bob agrees", async ({
  alice,
  bob,
  realm,
  visit,
}) => {
  const { request, link } = await forgetAndWait(alice)
  await expect(alice.page.locator("#password-new")).toBeHidden()
  await bob.approveFromMail(request)
  await choose(alice, "another")
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])

  const later = await visit("alice")
  await later.page.goto(link)
  await expect(later.page.locator("body")).toContainText("Action expired")
  expect(await opened(realm)).toHaveLength(1)
})

test("changes nothing where bob refuses", async ({ alice, bob }) => {
  const { request } = await forgetAndWait(alice)
  await bob.openReviewFromMail(request)
  await bob.review.deny()
  await alice.waiting.expect("denied")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  await alice.signInTo()
  await alice.console.expectSignedIn("alice")
})

test("asks nobody before the link, and says the same of names that there are not", async ({
  alice,
  visit,
  realm,
}) => {
  const known = await forget(alice)
  const unknown = await forget(await visit("nobody"))
  expect(unknown).toBe(known)
  await mailedLink(alice)
  expect(await opened(realm)).toEqual([])
})

test("is not led past by the link again, another browser, a restart, or another execution", async ({
  alice,
  bob,
  realm,
  visit,
}) => {
  const { link, request } = await forgetAndWait(alice)
  const form = (await alice.page.locator("#jit-page form").first().getAttribute("action")) ?? ""

  const tab = await alice.newTab()
  await tab.page.goto(link)
  await tab.waiting.expect("waiting")
  expect(await tab.waiting.requestId()).toBe(request)

  const thief = await visit("alice")
  await thief.page.goto(link)
  await thief.waiting.expect("waiting")
  const other = await thief.waiting.requestId()
  expect(other).not.toBe(request)

  const flow = encodeURIComponent("reset credentials with approval")
  const executions = await realm.admin.get(`${realm.path}/authentication/flows/${flow}/executions`)
  for (const { id } of [...executions, { id: "UPDATE_PASSWORD" }]) {
    const changed = new URL(form)
    changed.searchParams.set("execution", id)
    await alice.context.request.post(changed.href, { form: { jit: "confirm", digest: "sha256:0" } })
    changed.pathname = changed.pathname.replace("reset-credentials", "required-action")
    await alice.context.request.post(changed.href, {
      form: { "password-new": "another", "password-confirm": "another" },
    })
  }
  await alice.page.goto(`${realm.url}/login-actions/restart?${new URL(form).searchParams}&skip_logout=true`)
  for (const { page } of [alice, tab, thief]) await expect(page.locator("#password-new")).toBeHidden()
  await alice.page.goto(link)
  await alice.waiting.expect("waiting")
  expect(await alice.waiting.requestId()).toBe(request)

  // Two tabs wait for the same step: the one that is faster goes on, and Keycloak tells the other that its page has expired.
  await tab.page.close()
  await bob.approveFromMail(request)
  await expect(alice.page.locator("#password-new")).toBeVisible()
  await thief.page.reload()
  await thief.waiting.expect("waiting")
  expect(await realm.kinds(other)).toEqual(["opened"])
  await thief.console.expectNobodySignedIn()
  const still = await visit("alice")
  await still.signInTo()
  await still.console.expectSignedIn("alice")
})

test.describe("where nobody is asked", () => {
  test.use({ policy: everyEffect(["reset-credentials"], byRole) })

  test("leads on at once, after a confirmation or a one-time code, or not at all", async ({
    alice,
    carol,
    realm,
    visit,
  }) => {
    await addStepUp(realm, "reset credentials with approval", 24)
    const become = await roleOf(realm, "alice")
    await become("deny")
    await forget(alice)
    const link = await mailedLink(alice)
    const newPassword = alice.page.locator("#password-new")
    await alice.page.goto(link)
    await alice.waiting.expect("denied")
    await become("confirm")
    await alice.page.goto(link)
    await alice.waiting.expect("confirm")
    await expect(newPassword).toBeHidden()
    await alice.waiting.press("Confirm")
    await expect(newPassword).toBeVisible()
    await become()
    await alice.page.goto(link)
    await choose(alice, "another")
    await alice.console.expectSignedIn("alice")

    await (
      await roleOf(realm, "carol")
    )("step_up")
    await forget(carol)
    await carol.page.goto(await mailedLink(carol))
    await carol.waiting.expect("denied")
    await expect(carol.waiting.root).toContainText("second factor")

    await addUserWithDevice(realm, "olga")
    await (
      await roleOf(realm, "olga")
    )("step_up")
    const olga = await visit("olga")
    await forget(olga)
    await olga.page.goto(await mailedLink(olga))
    await olga.page.locator("#otp").fill(oneTimeCode())
    await olga.page.locator("#kc-login").click()
    // Keycloak has who resets a password set up a new device first.
    await expect(olga.page.locator("#kc-totp-settings-form")).toBeVisible()
    expect(await opened(realm)).toEqual([])
  })
})

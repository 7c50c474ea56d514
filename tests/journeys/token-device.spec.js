// The device grant where the policy has rules on it: docs/doors.md, door 7.
import { startDevice } from "../harness/device.js"
import { ruleOn } from "../harness/grants.js"
import { guardByAction, opened, replacePolicy } from "../harness/required-action.js"
import { addUserWithDevice, bindLevels, oneTimeCode } from "../harness/second-factor.js"
import { expect, test } from "../harness/test.js"

test.use({ bare: true, policy: ruleOn("device", "require_approval") })

test.beforeEach(({ realm }) => guardByAction(realm))

test("a rule on devices holds the person who lets one in, and no other login", async ({
  alice,
  bob,
  realm,
}) => {
  await alice.signInTo("prod-console")
  await alice.console.expectSignedIn("alice")
  const tab = await alice.newTab()
  const device = await startDevice(realm)
  await tab.page.goto(device.verification)
  await tab.waiting.expect("waiting")
  expect(await device.poll()).toBe("authorization_pending")
  await bob.approveFromMail(await tab.waiting.requestId())
  await tab.page.locator("#kc-login").click()
  await expect.poll(device.poll).toBe("token")

  const second = await startDevice(realm)
  await tab.page.goto(second.verification)
  await tab.waiting.expect("waiting")
  expect(await second.poll(), "an approval is for one device").toBe("authorization_pending")
  expect(await opened(realm)).toHaveLength(2)
})

test("a device that was refused stays refused, whatever its person tries with the same code", async ({
  alice,
  realm,
}) => {
  await replacePolicy(realm, ruleOn("device", "deny"))
  const device = await startDevice(realm)
  await alice.openAsApprover(device.verification)
  await alice.waiting.expect("denied")
  await expect.poll(device.poll).toBe("access_denied")

  await replacePolicy(realm, ruleOn("device", "deny", { rule: { when: "false" } }))
  const tab = await alice.newTab()
  await tab.page.goto(device.verification)
  await expect(tab.page.getByText("Invalid code")).toBeVisible()
  await alice.page.getByRole("link", { name: "Not you?" }).click()
  await alice.login.signIn("alice")
  await alice.page.locator("#kc-login").click()
  await expect(alice.page.getByText("Consent denied")).toBeVisible()
  expect(await device.poll()).toBe("access_denied")
})

test("a device gets in once its person has proven more, and is refused where no flow can ask for it", async ({
  alice,
  realm,
  visit,
}) => {
  await replacePolicy(realm, ruleOn("device", "step_up"))
  const refused = await startDevice(realm)
  await alice.openAsApprover(refused.verification)
  await alice.waiting.expect("denied")
  await expect(alice.waiting.root).toContainText("second factor")
  await expect.poll(refused.poll).toBe("access_denied")

  await addUserWithDevice(realm, "olga")
  await bindLevels(realm)
  const olga = await visit("olga")
  const device = await startDevice(realm)
  await olga.openAsApprover(device.verification)
  await olga.login.signIn("olga")
  await expect(olga.page.locator("#otp")).toBeVisible()
  expect(await device.poll()).toBe("authorization_pending")
  await olga.page.locator("#otp").fill(oneTimeCode())
  await olga.page.locator("#kc-login").click()
  await olga.page.locator("#kc-login").click()
  await expect.poll(device.poll).toBe("token")
})

test("a person confirms, or does not, before a device gets in", async ({ alice, realm }) => {
  await replacePolicy(realm, ruleOn("device", "confirm"))
  const refused = await startDevice(realm)
  await alice.openAsApprover(refused.verification)
  await alice.waiting.expect("confirm")
  await alice.page.locator("#jit-decline").click()
  await expect.poll(refused.poll).toBe("access_denied")

  const device = await startDevice(realm)
  const tab = await alice.newTab()
  await tab.openAsApprover(device.verification)
  await tab.waiting.expect("confirm")
  expect(await device.poll()).toBe("authorization_pending")
  await tab.waiting.press("Confirm")
  await tab.page.locator("#kc-login").click()
  await expect.poll(device.poll).toBe("token")
})

// The required action where a login is no ordinary OpenID Connect one: the device grant, and SAML.
import { startDevice } from "../harness/device.js"
import { managerApproves } from "../harness/policies.js"
import { guardByAction, opened } from "../harness/required-action.js"
import { SP, answered, samlLogin } from "../harness/saml.js"
import { expect, test } from "../harness/test.js"

test.use({ bare: true })

test.beforeEach(({ realm }) => guardByAction(realm))

test.describe("the device grant", () => {
  test("waits with the person who verifies it, and gets its token", async ({ alice, bob, realm }) => {
    const device = await startDevice(realm)
    await alice.openAsApprover(device.verification)
    await alice.waiting.expect("waiting")
    expect(await device.poll()).toBe("authorization_pending")
    await bob.approveFromMail(await alice.waiting.requestId())
    await alice.page.locator("#kc-login").click()
    await expect.poll(device.poll).toBe("token")
  })

  test("is refused when the person is", async ({ alice, bob, realm }) => {
    const device = await startDevice(realm)
    await alice.openAsApprover(device.verification)
    await alice.waiting.expect("waiting")
    await bob.openReviewFromMail(await alice.waiting.requestId())
    await bob.review.deny()
    await alice.waiting.expect("denied")
    await expect.poll(device.poll).toBe("access_denied")
    await alice.waiting.press("Back to application")
    await expect.poll(device.poll).toBe("access_denied")
  })
})

test.describe("a SAML login", () => {
  test.use({ policy: managerApproves({ rule: { when: `client.id == "${SP}"`, reason: '"SAML."' } }) })

  test("is held, and goes on", async ({ alice, bob, realm }) => {
    const { url, acs } = await samlLogin(realm)
    await alice.openAsApprover(url)
    await alice.waiting.expect("waiting")
    const answer = answered(alice.page, acs)
    await bob.approveFromMail(await alice.waiting.requestId())
    expect(await answer).toBe("Success")
  })

  test("is refused, and a passive one opens nothing", async ({ alice, bob, realm }) => {
    const { url, acs } = await samlLogin(realm)
    await alice.openAsApprover(url)
    await alice.waiting.expect("waiting")
    await bob.openReviewFromMail(await alice.waiting.requestId())
    await bob.review.deny()
    await alice.waiting.expect("denied")
    const denied = answered(alice.page, acs)
    await alice.waiting.press("Back to application")
    expect(await denied).toBe("Responder RequestDenied")

    const tab = await alice.newTab()
    await tab.signInTo("payroll")
    await tab.application("payroll").expectSignedIn("alice")
    const passive = await samlLogin(realm, true)
    const silent = answered(tab.page, passive.acs)
    await tab.page.goto(passive.url)
    expect(await silent).toContain("NoPassive")
    expect(await opened(realm)).toHaveLength(1)
  })
})

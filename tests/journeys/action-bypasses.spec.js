// What somebody tries to get past the checkpoint as a required action.
import { managerApproves } from "../harness/policies.js"
import { changeConsole, guardByAction, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

test.use({ bare: true })

test.beforeEach(({ realm }) => guardByAction(realm))

test.describe("what does not lead past it", () => {
  /** @param {import("../harness/person.js").Person} person */
  const formAction = async (person) =>
    (await person.page.locator("#jit-page form").first().getAttribute("action")) ?? ""

  /**
   * @param {import("../harness/person.js").Person} person @param {string} url @param {Record<string, string>} form
   */
  const post = (person, url, form) => person.context.request.post(url, { form, maxRedirects: 5 })

  test("kc_action with its name, nor cancelling it", async ({ alice, bob, realm }) => {
    await alice.console.startSignIn({ kc_action: "jit-gate" })
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    const request = await alice.waiting.requestId()
    await post(alice, await formAction(alice), { "cancel-aia": "true" })
    await alice.console.expectNobodySignedIn()
    await alice.page.reload()
    await alice.waiting.expect("waiting")
    await alice.console.expectNobodySignedIn()
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
  })

  test("another action of the account that the address asks for", async ({ alice, bob }) => {
    await alice.console.startSignIn({ kc_action: "UPDATE_PASSWORD" })
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    await post(alice, await formAction(alice), { "cancel-aia": "true" })
    await alice.console.expectNobodySignedIn()
    await bob.approveFromMail(await alice.waiting.requestId())
    await expect(alice.page.locator("#password-new")).toBeVisible()
    await alice.console.expectNobodySignedIn()
    await alice.page.locator('[name="cancel-aia"]').click()
    await alice.console.expectSignedIn("alice")
  })

  for (const execution of ["UPDATE_PASSWORD", "OAUTH_GRANT", "jit-inbox", "VERIFY_PROFILE"]) {
    test(`the form's address with execution=${execution}`, async ({ alice }) => {
      await alice.signInAndWait()
      const url = new URL(await formAction(alice))
      url.searchParams.set("execution", execution)
      await post(alice, url.href, { accept: "Yes", jit: "continue" })
      await alice.console.expectNobodySignedIn()
      await alice.page.reload()
      await alice.waiting.expect("waiting")
    })
  }

  test("the consent's address, with the session code or without", async ({ alice, bob }) => {
    const request = await alice.signInAndWait()
    const url = new URL(await formAction(alice))
    const code = url.searchParams.get("session_code") ?? ""
    url.pathname = url.pathname.replace("required-action", "consent")
    await post(alice, url.href, { accept: "Yes" })
    await post(alice, url.href.replace("/consent", "/%63onsent"), { accept: "Yes" })
    await post(alice, url.href.replace("/consent", "/consent;a=b"), { accept: "Yes" })
    await post(alice, url.href.replace("/consent", "/consent/"), { accept: "Yes" })
    await post(alice, url.href, { accept: "Yes", session_code: "" })
    await post(alice, url.href, { accept: "Yes", session_code: "no" })
    await post(alice, url.href, { accept: "Yes", session_code: code })
    await alice.context.request.post(url.href)
    await alice.context.request.post(url.href, { multipart: { accept: "Yes" } })
    await alice.console.expectNobodySignedIn()

    await bob.openReviewFromMail(request)
    const review = new URL((await bob.page.locator("#jit-review form").first().getAttribute("action")) ?? "")
    review.pathname = review.pathname.replace("required-action", "consent")
    await post(bob, review.href, { accept: "Yes" })
    expect(await bob.cookieNames()).not.toContain("KEYCLOAK_IDENTITY")
  })

  test("a consent that is asked for comes after it, and works", async ({ alice, bob, realm }) => {
    await changeConsole(realm, { consentRequired: true })
    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await alice.page.locator("#kc-login").click()
    await alice.console.expectSignedIn("alice")
  })

  test("a GET, a form from elsewhere, or a session code that was used", async ({ alice, realm }) => {
    const request = await alice.signInAndWait()
    const url = await formAction(alice)
    await alice.context.request.get(`${url}&jit=cancel`)
    await alice.context.request.post(url, {
      form: { jit: "cancel" },
      headers: { "sec-fetch-site": "cross-site" },
    })
    expect(await realm.kinds(request)).toEqual(["opened"])
    await post(alice, url, { jit: "continue" })
    await post(alice, url, { jit: "continue" })
    await alice.console.expectNobodySignedIn()
    expect(await realm.kinds(request)).toEqual(["opened"])
  })

  test("a restart, nor a second tab", async ({ alice, bob, realm }) => {
    const request = await alice.signInAndWait()
    const tab = await alice.newTab()
    await tab.signInTo()
    await tab.waiting.expect("waiting")
    expect(await tab.waiting.requestId()).toBe(request)
    const tabId = new URL(alice.page.url()).searchParams.get("tab_id")
    await alice.page.goto(
      `${realm.url}/login-actions/restart?client_id=prod-console&tab_id=${tabId}&skip_logout=true`,
    )
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    await bob.approveFromMail(request)
    await Promise.any([alice.console.expectSignedIn("alice"), tab.console.expectSignedIn("alice")])
    await expect.poll(() => realm.kinds(request)).toEqual(["opened", "approved", "used"])
  })

  test("changed facts after the approval was spent", async ({ alice, bob, realm }) => {
    await replacePolicy(
      realm,
      managerApproves({ rule: { when: 'client.id == "prod-console" && user.?email.orValue("") != ""' } }),
    )
    await realm.admin.changeUser(realm.name, "alice", { requiredActions: ["UPDATE_PROFILE"] })
    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await expect(alice.page.locator("#email")).toBeVisible()
    await alice.console.expectNobodySignedIn()
    await alice.page.locator("#email").fill(`else@${realm.name}.example`)
    await alice.page.locator('[type="submit"]').click()
    await alice.waiting.expect("waiting")
    expect(await alice.waiting.requestId()).not.toBe(request)
    await alice.console.expectNobodySignedIn()
  })
})

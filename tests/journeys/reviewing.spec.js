// The doors of the review page: who may decide, from where, and that deciding is no way in.
import { AdminClient } from "../harness/admin.js"
import { managerApproves } from "../harness/policies.js"
import { expect, test } from "../harness/test.js"

/**
 * What pressing a button on the review page would send.
 *
 * @param {import("../harness/person.js").Person} approver who has the page open
 * @param {string} decision
 */
async function ballot({ review }, decision = "approve") {
  const form = review.root.locator("form", { has: review.approveButton })
  const fields = await form.evaluate((element) =>
    Object.fromEntries(
      [...new FormData(/** @type {HTMLFormElement} */ (element))].map(([name, value]) => [
        name,
        String(value),
      ]),
    ),
  )
  return { action: (await form.getAttribute("action")) ?? "", fields: { ...fields, decision } }
}

test("somebody who is not an approver is told so, and has no buttons", async ({ alice, carol, realm }) => {
  const request = await alice.signInAndWait()
  await carol.openReview(request)
  await carol.review.expect("not-eligible")
  await expect(carol.review.approveButton).toBeHidden()
  await expect(carol.page.locator("body")).not.toContainText("alice@")
  await carol.expectNoSession()
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test.describe("where alice is among the approvers", () => {
  test.use({ policy: managerApproves({ stage: { approvers: [{ user: "alice" }, { user: "bob" }] } }) })

  test("she cannot approve her own request, from another browser either", async ({ alice, visit, realm }) => {
    const request = await alice.signInAndWait()
    const elsewhere = await visit("alice")
    await elsewhere.openReview(request)
    await elsewhere.review.expect("self")
    await expect(elsewhere.review.approveButton).toBeHidden()
    expect(await realm.kinds(request)).toEqual(["opened"])
    expect(await realm.mail.mailsTo(realm.address("alice"))).toEqual([])
  })
})

test.describe("where chris is the approver", () => {
  test.use({ policy: managerApproves({ stage: { approvers: [{ user: "chris" }] } }) })

  test("somebody whose name only looks like it cannot approve", async ({ alice, visit, realm }) => {
    await realm.addUser("chris")
    await realm.addUser("chri\u017F")
    const request = await alice.signInAndWait()
    const lookalike = await visit("chri\u017F")
    await lookalike.openReview(request)
    await lookalike.review.expect("not-eligible")
    const chris = await visit("chris")
    await chris.openReview(request)
    await chris.review.approve()
    await alice.console.expectSignedIn("alice")
  })
})

test("an admin who impersonates the approver cannot decide without the approver's password", async ({
  alice,
  visit,
  realm,
}) => {
  const request = await alice.signInAndWait()
  const admin = await visit("bob")
  const cookies = await realm.admin.impersonate(realm.name, "bob")
  await admin.context.addCookies(cookies.map((cookie) => ({ ...cookie, url: `${realm.url}/` })))
  await admin.console.startSignIn({ prompt: "none" })
  await admin.console.expectRefused("interaction_required")
  await admin.page.goto(`${realm.url}/jit-approval/review/${request}`)
  await expect(admin.page.locator("#password")).toBeVisible()
  await expect(admin.review.approveButton).toBeHidden()
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("an approver is told that an admin asks in alice's name", async ({ visit, bob, realm }) => {
  const cookies = await realm.admin.impersonate(realm.name, "alice")
  const impostor = await visit("an admin")
  await impostor.context.addCookies(cookies.map((cookie) => ({ ...cookie, url: `${realm.url}/` })))
  await impostor.console.startSignIn()
  await impostor.waiting.expect("waiting")
  await bob.openReview(await impostor.waiting.requestId())
  await expect(bob.page.locator("#jit-where")).toContainText("in the name of this person")
})

test("an approver who impersonates alice cannot approve what they ask for", async ({ visit, realm }) => {
  const { id: bobId } = await realm.admin.user(realm.name, "bob")
  const [{ id: clientId }] = await realm.admin.get(`${realm.path}/clients?clientId=realm-management`)
  const roles = await realm.admin.get(`${realm.path}/clients/${clientId}/roles`)
  const needed = roles.filter((/** @type {any} */ { name }) => ["impersonation", "view-users"].includes(name))
  await realm.admin.post(`${realm.path}/users/${bobId}/role-mappings/clients/${clientId}`, needed)
  const asBob = new AdminClient(realm.server.url, { username: "bob", password: "bob" }, realm.name)
  const impostor = await visit("bob")
  const cookies = await asBob.impersonate(realm.name, "alice")
  await impostor.context.addCookies(cookies.map((cookie) => ({ ...cookie, url: `${realm.url}/` })))
  await impostor.console.startSignIn()
  // Alice's only approver is bob, and it is bob who asks.
  await impostor.waiting.expect("denied")
})

test("an id that belongs to no request is not found", async ({ bob }) => {
  await bob.openReview("00000000-0000-4000-8000-000000000000")
  await bob.review.expect("not-found")
})

test("a GET of the form decides nothing", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  const { action, fields } = await ballot(bob)
  const url = new URL(action, bob.page.url())
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  await bob.page.goto(url.href)
  await expect(bob.review.done).toBeHidden()
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("a form from another site decides nothing", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  const { action, fields } = await ballot(bob)
  const answer = await bob.context.request.post(action, {
    form: fields,
    headers: { "sec-fetch-site": "cross-site" },
  })
  expect(answer.status()).toBe(403)
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("a form without an explicit decision decides nothing", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  const { action, fields } = await ballot(bob, "")
  await bob.context.request.post(action, { form: fields })
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("another application cannot start a review", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.application("payroll").startSignIn({ kc_action: `jit-review:${request}` })
  await bob.login.signIn("bob")
  await bob.review.expect("wrong-client")
  await expect(bob.review.approveButton).toBeHidden()
  await bob.application("payroll").expectNobodySignedIn()
})

test("a review without a request, or of something that is none, is not found", async ({ bob, realm }) => {
  for (const action of ["jit-review", "jit-review:x", "jit-review:..%2F..%2Fadmin"]) {
    const start = new URL(`${realm.url}/protocol/openid-connect/auth`)
    start.search = new URLSearchParams({
      client_id: "jit-approval",
      redirect_uri: `${realm.url}/jit-approval/ended`,
      response_type: "code",
      scope: "openid",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
      kc_action: action,
    }).toString()
    const tab = await bob.newTab()
    await tab.openAsApprover(start.href)
    await tab.review.expect("not-found")
    await tab.page.close()
  }
})

test("twelve forms at once are one decision", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  const { action, fields } = await ballot(bob)
  await Promise.all(Array.from({ length: 12 }, () => bob.context.request.post(action, { form: fields })))
  await alice.console.expectSignedIn("alice")
  const kinds = await realm.kinds(request)
  expect(kinds.filter((kind) => kind === "approved")).toHaveLength(1)
})

test("a form sent again after the decision finds nothing to act on", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  const { action, fields } = await ballot(bob, "deny")
  await bob.review.deny()
  const again = await bob.context.request.post(action, { form: { ...fields, decision: "approve" } })
  expect(again.status()).toBeGreaterThanOrEqual(400)
  expect(await realm.kinds(request)).toEqual(["opened", "denied"])
})

test("what was shown is what is decided: other facts are a conflict", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  const { action, fields } = await ballot(bob)
  const answer = await bob.context.request.post(action, {
    form: { ...fields, digest: `sha256:${"0".repeat(64)}` },
  })
  expect(answer.status()).toBe(409)
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("an action that is disabled after the page was shown decides nothing", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  await realm.admin.changeRequiredAction(realm.name, "jit-review", { enabled: false })
  await bob.review.approveButton.click()
  await expect(bob.review.done).toBeHidden()
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("an approver who is disabled after the page was shown decides nothing", async ({
  alice,
  bob,
  realm,
}) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  await realm.admin.changeUser(realm.name, "bob", { enabled: false })
  await bob.review.approveButton.click()
  await expect(bob.review.done).toBeHidden()
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("an approver who is none any more when the form comes decides nothing", async ({
  alice,
  bob,
  realm,
}) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  await realm.admin.changeUser(realm.name, "alice", { attributes: { manager: ["carol"] } })
  await bob.review.approveButton.click()
  await expect(bob.review.done).toBeHidden()
  expect(await realm.kinds(request)).not.toContain("approved")
})

test("approving is no way in: no session and no code", async ({ alice, bob, realm }) => {
  /** @type {string[]} */
  const visited = []
  bob.page.on("framenavigated", (frame) => visited.push(frame.url()))
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  expect(visited.filter((url) => new URL(url).searchParams.has("code"))).toEqual([])
  expect(await bob.cookieNames()).not.toContain("KEYCLOAK_IDENTITY")
  await bob.expectNoSession()
  expect(await realm.kinds(request)).toContain("approved")
  await alice.console.expectSignedIn("alice")
  expect(await alice.cookieNames(), "who has signed in has one").toContain("KEYCLOAK_IDENTITY")
})

test("cancelling the action decides nothing and is no way in either", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  const { action, fields } = await ballot(bob, "")
  await bob.context.request.post(action, { form: { ...fields, "cancel-aia": "true" } })
  expect(await bob.cookieNames()).not.toContain("KEYCLOAK_IDENTITY")
  await bob.expectNoSession()
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("the inbox lists what bob may decide, and nothing to carol", async ({ alice, bob, carol, realm }) => {
  const request = await alice.signInAndWait()
  const inbox = `${realm.url}/jit-approval/inbox`
  await carol.openAsApprover(inbox)
  await expect(carol.page.locator("#jit-inbox")).toBeVisible()
  await expect(carol.page.locator("#jit-inbox")).not.toContainText("Production Console")
  await carol.expectNoSession()

  await bob.openAsApprover(inbox)
  await expect(bob.page.locator("#jit-inbox")).toContainText("Production Console")
  await bob.page.locator(`#jit-inbox a[href*="${request}"]`).click()
  // Looking at the inbox made no session, so each review is a sign-in of its own.
  await bob.login.signIn("bob")
  await bob.review.expect("open")
  await bob.review.approve()
  await alice.console.expectSignedIn("alice")
})

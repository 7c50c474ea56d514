// The requester waits, the approver decides, the application learns of it.
import { managerApproves } from "../harness/policies.js"
import { expect, test } from "../harness/test.js"

test("bob approves, and alice's page goes on by itself", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
})

test("bob denies, alice sees it, and the application gets access_denied", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  await bob.review.comment.fill("Ask me again on Monday.")
  await bob.review.deny()
  await alice.waiting.expect("denied")
  await expect(alice.waiting.root).toContainText(request)
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  await alice.console.expectNobodySignedIn()
  expect(await realm.kinds(request)).toEqual(["opened", "denied"])
})

test("alice cancels, and nobody can approve any more", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await alice.waiting.press("Cancel request")
  await alice.waiting.expect("cancelled")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  await bob.openReview(request)
  await bob.review.expect("cancelled")
  await expect(bob.review.approveButton).toBeHidden()
  expect(await realm.kinds(request)).toEqual(["opened", "cancelled"])
})

test.describe("with ten seconds to decide", () => {
  test.use({ policy: managerApproves({ stage: { timeout: "10s" } }) })

  test("nobody decides: the request expires, and nobody can approve any more", async ({
    alice,
    bob,
    realm,
  }) => {
    const request = await alice.signInAndWait()
    await alice.waiting.expect("expired")
    await alice.waiting.press("Back to application")
    await alice.console.expectRefused("access_denied")
    await alice.console.expectNobodySignedIn()
    await bob.openReview(request)
    await bob.review.expect("expired")
    expect(await realm.kinds(request)).toEqual(["opened", "timed_out"])
  })
})

test.describe("with two stages", () => {
  test.use({
    policy: managerApproves({
      stages: [
        { name: "manager", approvers: [{ attribute: "manager" }] },
        { name: "security", approvers: [{ group: "/security" }] },
      ],
    }),
  })

  test("both have to approve, one after the other", async ({ alice, bob, carol, realm }) => {
    const request = await alice.signInAndWait()
    await expect(alice.waiting.stages.locator("li")).toHaveCount(2)
    await carol.openReview(request)
    await carol.review.expect("not-eligible")
    await bob.approveFromMail(request)
    await expect(alice.waiting.stages.locator("li").nth(1)).toHaveAttribute("aria-current", "step")
    await alice.waiting.expect("waiting")
    await carol.page.close()
    const carolAgain = await carol.newTab()
    await carolAgain.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "approved", "used"])
  })
})

test.describe("where the chain asks for a justification, a comment and the match code", () => {
  test.use({
    policy: managerApproves({
      chain: { justification: true },
      stage: { require: { comment: true, match_code: true } },
    }),
  })

  test("each is demanded before it goes on", async ({ alice, bob, realm }) => {
    await alice.signInTo()
    await alice.waiting.expect("justify")
    await alice.page.locator('[name="justification"]').fill("The nightly job is stuck.")
    await alice.waiting.press("Send request")
    await alice.waiting.expect("waiting")
    const request = await alice.waiting.requestId()
    const code = (await alice.waiting.matchCode.innerText()).trim()

    await bob.openReviewFromMail(request)
    await expect(bob.review.root).toContainText("The nightly job is stuck.")
    await expect(bob.review.root).not.toContainText(code)
    await bob.review.comment.fill("Yes, please look at it.")
    await bob.review.matchCode.fill(code === "00-00" ? "11-11" : "00-00")
    await bob.review.approveButton.click()
    await bob.review.expect("open")
    expect(await realm.kinds(request)).not.toContain("approved")
    await bob.review.matchCode.fill(code)
    await bob.review.comment.fill("Yes, please look at it.")
    await bob.review.approve()
    await alice.console.expectSignedIn("alice")
  })
})

test.describe("where nobody may approve", () => {
  test.use({ policy: managerApproves({ stage: { approvers: [{ group: "/nobody" }] } }) })

  test("the sign-in is denied at once, with a clear message", async ({ alice }) => {
    await alice.signInTo()
    await alice.waiting.expect("denied")
    await alice.waiting.press("Back to application")
    await alice.console.expectRefused("access_denied")
  })
})

test("an approval lets alice in once", async ({ alice, bob }) => {
  const first = await alice.signInAndWait()
  await bob.approveFromMail(first)
  await alice.console.expectSignedIn("alice")
  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  expect(await alice.waiting.requestId()).not.toBe(first)
})

test.describe("with ten seconds to use an approval", () => {
  test.use({ policy: managerApproves({ chain: { use_by: "10s" } }) })

  test("an approval that nobody used in time lets nobody in", async ({ alice, bob, realm }) => {
    const request = await alice.signInAndWait()
    await alice.page.close()
    await bob.approveFromMail(request)
    await expect
      .poll(() => realm.kinds(request), { timeout: 40_000 })
      .toEqual(["opened", "approved", "timed_out"])
    const later = await alice.newTab()
    const another = await later.signInAndWait()
    expect(another).not.toBe(request)
  })
})

test("an approval does not let in whom an admin has disabled meanwhile", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await alice.page.close()
  await bob.approveFromMail(request)
  await realm.admin.changeUser(realm.name, "alice", { enabled: false })
  const later = await alice.newTab()
  await later.signInTo()
  await expect(later.page.locator("#input-error, .pf-v5-c-alert, #kc-error-message").first()).toBeVisible()
  await later.console.expectNobodySignedIn()
  expect(await realm.kinds(request)).not.toContain("used")
})

test("a mail tells bob the facts, and opening its link decides nothing", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  const mail = await realm.mail.mailTo(realm.address("bob"))
  expect(mail.subject).toContain("alice")
  expect(mail.subject).toContain("Production Console")
  for (const body of [mail.text, mail.html]) {
    expect(body).toContain("A manager has to know who signs in to Production Console.")
    expect(body).toContain(`/jit-approval/review/${request}`)
    expect(body).not.toMatch(/approve<\/a>|decision=/i)
  }
  await bob.openReviewFromMail(request)
  // A page that is still on its way cannot be reloaded.
  await bob.review.expect("open")
  await bob.page.reload()
  await bob.review.expect("open")
  await alice.waiting.expect("waiting")
  expect(await realm.kinds(request)).toEqual(["opened"])
})

// A request belongs to one browser: it is found again there, and nowhere else.
import { expect, test } from "../harness/test.js"

test("a reload shows the same request", async ({ alice, realm }) => {
  const request = await alice.signInAndWait()
  await alice.page.reload()
  await alice.waiting.expect("waiting")
  expect(await alice.waiting.requestId()).toBe(request)
  expect(await realm.kinds(request)).toEqual(["opened"])
})

test("back and forward lead to the same request", async ({ alice, bob }) => {
  const request = await alice.signInAndWait()
  await alice.page.goBack()
  await alice.page.goForward()
  await alice.waiting.expect("waiting")
  expect(await alice.waiting.requestId()).toBe(request)
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
})

test("a closed tab: the next sign-in from the application finds the request", async ({ alice, bob }) => {
  const request = await alice.signInAndWait()
  await alice.page.close()
  await bob.approveFromMail(request)
  const later = await alice.newTab()
  await later.signInTo()
  await later.console.expectSignedIn("alice")
})

test("a second tab waits for the same request, and the approval is spent once", async ({
  alice,
  bob,
  realm,
}) => {
  const request = await alice.signInAndWait()
  const tab = await alice.newTab()
  await tab.signInTo()
  await tab.waiting.expect("waiting")
  expect(await tab.waiting.requestId()).toBe(request)
  await bob.approveFromMail(request)
  await Promise.any([alice.console.expectSignedIn("alice"), tab.console.expectSignedIn("alice")])
  await expect.poll(() => realm.kinds(request)).toEqual(["opened", "approved", "used"])
})

test("restarting the login finds the request again", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  const tab = new URL(alice.page.url()).searchParams.get("tab_id")
  await alice.page.goto(
    `${realm.url}/login-actions/restart?client_id=prod-console&tab_id=${tab}&skip_logout=true`,
  )
  await alice.login.signIn("alice")
  await alice.waiting.expect("waiting")
  expect(await alice.waiting.requestId()).toBe(request)
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
})

test("without JavaScript the page goes on as well", async ({ visit, bob }) => {
  const alice = await visit("alice", { javaScriptEnabled: false })
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
})

test("without JavaScript bob can approve as well", async ({ alice, visit }) => {
  const bob = await visit("bob", { javaScriptEnabled: false })
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
})

test.describe("a second browser with the right password", () => {
  test("gets a request of its own, and can neither see, wait on nor spend the first", async ({
    alice,
    bob,
    visit,
    realm,
  }) => {
    const first = await alice.signInAndWait()
    const statusOfFirst = await alice.waiting.root.getAttribute("data-status-url")
    const thief = await visit("alice")
    const second = await thief.signInAndWait()
    expect(second).not.toBe(first)

    const peek = await thief.context.request.get(new URL(statusOfFirst ?? "", realm.url).href)
    expect(peek.status()).toBe(404)

    const bobsOtherTab = await bob.newTab()
    await bobsOtherTab.openReviewFromMail(second)
    await expect(bobsOtherTab.review.root).toContainText(
      "Another request of the same person is open from another browser",
    )
    await bob.approveFromMail(first)
    await alice.console.expectSignedIn("alice")
    await thief.page.reload()
    await thief.waiting.expect("waiting")
    expect(await thief.waiting.requestId()).toBe(second)
    expect(await realm.kinds(first)).toEqual(["opened", "approved", "used"])
    expect(await realm.kinds(second)).toEqual(["opened"])
    await thief.console.expectNobodySignedIn()
  })

  test("cannot spend an approval that the first browser has not used yet", async ({
    alice,
    bob,
    visit,
    realm,
  }) => {
    const first = await alice.signInAndWait()
    await alice.page.close()
    await bob.approveFromMail(first)
    const thief = await visit("alice")
    expect(await thief.signInAndWait()).not.toBe(first)
    expect(await realm.kinds(first)).toEqual(["opened", "approved"])
    const later = await alice.newTab()
    await later.signInTo()
    await later.console.expectSignedIn("alice")
  })
})

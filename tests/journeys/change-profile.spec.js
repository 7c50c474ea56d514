// Changes of the profile and of the e-mail address: the gate stands after the form, and is about what was typed.
import { APPLICATION, begin, formAddress, held, onChanges, statusAfter } from "../harness/changes.js"
import { opened } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

/** @typedef {import("../harness/person.js").Person} Person */

/** @param {Person} person @param {Record<string, string>} fields */
async function sendProfile(person, fields) {
  for (const [id, value] of Object.entries(fields)) await person.page.locator(`#${id}`).fill(value)
  await person.page.locator('[type="submit"]').first().click()
}

/** @param {Person} person @param {string} field @param {string} before @param {string} after */
async function expectRow(person, field, before, after) {
  const values = person.page.locator(`.jit-changes [data-field="${field}"] .jit-value`)
  await expect(values).toHaveText(before === "" ? [after] : [before, after])
}

/** Has a realm change addresses by the action of their own. @param {import("../harness/realm.js").Realm} realm */
const enableUpdateEmail = (realm) =>
  realm.admin.changeRequiredAction(realm.name, "UPDATE_EMAIL", { enabled: true })

test.describe("under a policy that holds changes of the profile", () => {
  test.use({ policy: onChanges(["update-profile"]) })

  test("bob sees old and new, approves, and exactly that is done by itself", async ({
    alice,
    bob,
    realm,
  }) => {
    await begin(alice, "UPDATE_PROFILE")
    await sendProfile(alice, { lastName: "Pleasance" })
    const request = await held(alice)
    await expectRow(alice, "lastName", "Liddell", "Pleasance")
    expect((await realm.admin.user(realm.name, "alice")).lastName).toBe("Liddell")
    const mail = await realm.mail.mailTo(realm.address("bob"), ({ text }) => text.includes(request))
    expect(mail.text).toMatch(/Liddell[^]*Pleasance/)
    await bob.openReviewFromMail(request)
    await expectRow(bob, "lastName", "Liddell", "Pleasance")
    expect(await statusAfter(alice, () => bob.review.approve())).toBe("success")
    const { lastName, firstName, email } = await realm.admin.user(realm.name, "alice")
    expect({ lastName, firstName, email }).toEqual({
      lastName: "Pleasance",
      firstName: "Alice",
      email: realm.address("alice"),
    })
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
    const [told] = (await realm.admin.events(realm.name)).filter(({ type }) => type === "UPDATE_PROFILE")
    expect(told.details).toMatchObject({ updated_last_name: "Pleasance", jit_request: request })
  })

  test("bob denies, nothing has changed, and alice stays signed in", async ({ alice, bob, realm }) => {
    await begin(alice, "UPDATE_PROFILE")
    await sendProfile(alice, { lastName: "Pleasance" })
    await bob.openReviewFromMail(await held(alice))
    await bob.review.deny()
    await alice.waiting.expect("denied")
    expect(await statusAfter(alice, () => alice.waiting.press("Back to application"))).toBe("cancelled")
    expect((await realm.admin.user(realm.name, "alice")).lastName).toBe("Liddell")
  })

  test("a form that changes nothing, or is not valid, is Keycloak's to answer", async ({ alice, realm }) => {
    await begin(alice, "UPDATE_PROFILE")
    await sendProfile(alice, { email: "no address" })
    await expect(alice.page.locator("#input-error-email")).toBeVisible()
    expect(await statusAfter(alice, () => sendProfile(alice, { email: realm.address("alice") }))).toBe(
      "success",
    )
    expect(await opened(realm)).toEqual([])
  })

  test("one that Keycloak demands, because something is missing, is held as well", async ({
    alice,
    bob,
    realm,
  }) => {
    await realm.admin.changeUser(realm.name, "alice", { lastName: "" })
    await alice.signInTo(APPLICATION)
    await sendProfile(alice, { lastName: "Pleasance" })
    await bob.openReviewFromMail(await held(alice))
    await expectRow(bob, "lastName", "", "Pleasance")
    await bob.review.approve()
    await alice.application(APPLICATION).expectSignedIn("alice")
    expect((await realm.admin.user(realm.name, "alice")).lastName).toBe("Pleasance")
  })

  test.describe("what does not lead past it", () => {
    test.afterEach(async ({ realm }) =>
      expect((await realm.admin.user(realm.name, "alice")).lastName).not.toBe("Hatter"),
    )

    test("another form after the approval is held anew", async ({ alice, bob, realm }) => {
      await begin(alice, "UPDATE_PROFILE")
      await sendProfile(alice, { lastName: "Pleasance" })
      const request = await held(alice)
      const address = await formAddress(alice)
      await alice.page.route("**/status*", (route) => route.abort())
      await alice.page.route("**/login-actions/required-action*", (route) => route.abort())
      await bob.approveFromMail(request)
      const form = {
        username: "alice",
        email: realm.address("alice"),
        firstName: "Alice",
        lastName: "Hatter",
      }
      const answer = await (await alice.context.request.post(address, { form })).text()
      expect(answer).toContain('data-state="waiting"')
      expect(answer).toContain("Hatter")
      expect(await realm.kinds(request)).toEqual(["opened", "approved", "cancelled"])
      expect((await realm.admin.user(realm.name, "alice")).lastName).toBe("Liddell")
    })

    test("a form with a button of the checkpoint; a GET; another execution; a confirmation", async ({
      alice,
      realm,
    }) => {
      await begin(alice, "UPDATE_PROFILE")
      await sendProfile(alice, { lastName: "Pleasance" })
      const request = await held(alice)
      const address = await formAddress(alice)
      const other = new URL(address)
      other.searchParams.set("execution", "VERIFY_PROFILE")
      const form = {
        username: "alice",
        email: realm.address("alice"),
        firstName: "Alice",
        lastName: "Hatter",
      }
      const http = alice.context.request
      await http.post(address, { form: { ...form, jit: "continue" } })
      await http.post(address, { form: { ...form, jit: "confirm", digest: "sha256:0" } })
      await http.get(`${address}&${new URLSearchParams(form)}`)
      await http.post(other.href, { form })
      await alice.page.reload()
      expect(await held(alice)).toBe(request)
      await expectRow(alice, "lastName", "Liddell", "Pleasance")
    })

    test("an approval for another tab or another browser", async ({ alice, bob, visit }) => {
      await begin(alice, "UPDATE_PROFILE")
      await sendProfile(alice, { lastName: "Pleasance" })
      const request = await held(alice)
      const thief = await visit("alice")
      await begin(thief, "UPDATE_PROFILE")
      await sendProfile(thief, { lastName: "Hatter" })
      const stolen = await held(thief)
      expect(stolen).not.toBe(request)
      await statusAfter(alice, () => bob.approveFromMail(request))
      await thief.page.reload()
      await held(thief)
    })
  })
})

test.describe("under a policy that asks to confirm changes of the address", () => {
  test.use({ policy: onChanges(["update-email"], "confirm") })

  test("alice sees old and new in the form of the profile too, and confirms", async ({ alice, realm }) => {
    const address = `else@${realm.name}.example`
    await begin(alice, "UPDATE_PROFILE")
    await sendProfile(alice, { email: address, lastName: "Pleasance" })
    await alice.waiting.expect("confirm")
    await expectRow(alice, "email", realm.address("alice"), address)
    expect(await statusAfter(alice, () => alice.waiting.press("Confirm"))).toBe("success")
    expect(await realm.admin.user(realm.name, "alice")).toMatchObject({
      email: address,
      lastName: "Pleasance",
    })
  })

  test("alice sees old and new, and does not confirm", async ({ alice, realm }) => {
    await enableUpdateEmail(realm)
    await begin(alice, "UPDATE_EMAIL")
    const address = `else@${realm.name}.example`
    await sendProfile(alice, { email: address })
    await alice.waiting.expect("confirm")
    await expectRow(alice, "email", realm.address("alice"), address)
    expect(await statusAfter(alice, () => alice.page.locator("#jit-decline").click())).toBe("cancelled")
    expect((await realm.admin.user(realm.name, "alice")).email).toBe(realm.address("alice"))
  })
})

test.describe("under a policy that holds changes of the address", () => {
  test.use({ policy: onChanges(["update-email"]) })

  test("the address is another after bob has approved it", async ({ alice, bob, realm }) => {
    await enableUpdateEmail(realm)
    const address = `else@${realm.name}.example`
    await begin(alice, "UPDATE_EMAIL")
    await sendProfile(alice, { email: address })
    const request = await held(alice)
    expect(await statusAfter(alice, () => bob.approveFromMail(request))).toBe("success")
    expect((await realm.admin.user(realm.name, "alice")).email).toBe(address)
  })

  test("where it has to be verified, the mail is sent after bob has approved it", async ({
    alice,
    bob,
    realm,
  }) => {
    await enableUpdateEmail(realm)
    await realm.admin.put(realm.path, { verifyEmail: true })
    const address = `else@${realm.name}.example`
    await begin(alice, "UPDATE_EMAIL")
    await sendProfile(alice, { email: address })
    await bob.approveFromMail(await held(alice))
    const mail = await realm.mail.mailTo(address, ({ text }) => text.includes("action-token"))
    await alice.page.goto(/https?:\S+action-token\S+/.exec(mail.text)?.[0] ?? "")
    const proceed = alice.page.locator("#kc-info-message a")
    if (await proceed.isVisible()) await proceed.click()
    await expect.poll(async () => (await realm.admin.user(realm.name, "alice")).email).toBe(address)
  })
})

test.describe("under a policy that holds both", () => {
  test.use({ policy: onChanges(["update-profile", "update-email"]) })

  test("an address in the form of the profile needs both approvals", async ({ alice, bob, realm }) => {
    const address = `else@${realm.name}.example`
    await begin(alice, "UPDATE_PROFILE")
    await sendProfile(alice, { email: address })
    const profile = await held(alice)
    await bob.approveFromMail(profile)
    await expect.poll(() => alice.waiting.requestId()).not.toBe(profile)
    expect((await realm.admin.user(realm.name, "alice")).email).toBe(realm.address("alice"))
    const email = await held(alice)
    expect(await statusAfter(alice, () => bob.approveFromMail(email))).toBe("success")
    expect((await realm.admin.user(realm.name, "alice")).email).toBe(address)
    expect(await realm.kinds(profile)).toEqual(["opened", "approved", "used"])
  })
})

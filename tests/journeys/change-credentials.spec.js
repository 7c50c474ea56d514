// Changes of credentials: the gate stands before Keycloak's own form.
import {
  APPLICATION,
  begin,
  beginHeld,
  credentials,
  expectCredential,
  formAddress,
  giveAccountRole,
  goOn,
  held,
  isPassword,
  onChanges,
  plugInSecurityKey,
  setUpOtp,
  statusAfter,
  typeNewPassword,
} from "../harness/changes.js"
import { opened, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

const CREDENTIALS = [
  "update-password",
  "configure-otp",
  "webauthn-register",
  "delete-credential",
  "delete-account",
]

test.describe("under a policy that holds them", () => {
  test.use({ policy: onChanges(CREDENTIALS) })

  test("a password is changed after bob has approved it, and only once", async ({ alice, bob, realm }) => {
    const request = await beginHeld(alice, "UPDATE_PASSWORD")
    await bob.openReviewFromMail(request)
    await expect(bob.page.locator("#jit-what")).toContainText("Change the password")
    await bob.review.approve()
    await expect(alice.page.locator("#password-new")).toBeVisible()
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
    expect(await statusAfter(alice, () => typeNewPassword(alice, "another"))).toBe("success")
    expect(await isPassword(realm, "alice", "another")).toBe(true)
    const [told] = (await realm.admin.events(realm.name)).filter(({ type }) => type === "UPDATE_CREDENTIAL")
    expect(told.details).toMatchObject({
      jit_event: "approved",
      jit_request: request,
      credential_type: "password",
    })
    await alice.application(APPLICATION).startSignIn({ kc_action: "UPDATE_PASSWORD" })
    expect(await held(alice)).not.toBe(request)
  })

  test("a password stays after bob has denied its change, and alice stays signed in", async ({
    alice,
    bob,
    realm,
  }) => {
    const request = await beginHeld(alice, "UPDATE_PASSWORD")
    await bob.openReviewFromMail(request)
    await bob.review.deny()
    await alice.waiting.expect("denied")
    await alice.page.reload()
    await alice.waiting.expect("denied")
    expect(await statusAfter(alice, () => alice.waiting.press("Back to application"))).toBe("cancelled")
    expect(await isPassword(realm, "alice", "alice")).toBe(true)
  })

  test("alice gives up, and nothing has changed", async ({ alice, realm }) => {
    const request = await beginHeld(alice, "UPDATE_PASSWORD")
    await alice.waiting.press("Cancel request")
    await alice.waiting.expect("cancelled")
    expect(await statusAfter(alice, () => alice.waiting.press("Back to application"))).toBe("cancelled")
    expect(await realm.kinds(request)).toEqual(["opened", "cancelled"])
    expect(await isPassword(realm, "alice", "alice")).toBe(true)
  })

  test("one that an admin demands is held as well, and without it nobody gets in", async ({
    alice,
    bob,
    realm,
  }) => {
    await realm.admin.changeUser(realm.name, "alice", { requiredActions: ["UPDATE_PASSWORD"] })
    await alice.signInTo(APPLICATION)
    const request = await held(alice)
    await bob.openReviewFromMail(request)
    await bob.review.deny()
    await alice.waiting.expect("denied")
    await alice.waiting.press("Back to application")
    await alice.application(APPLICATION).expectRefused("access_denied")
    expect((await realm.admin.user(realm.name, "alice")).requiredActions).toEqual(["UPDATE_PASSWORD"])
  })

  test("one that an admin asks for by mail is held as well", async ({ alice, bob, realm }) => {
    const { id } = await realm.admin.user(realm.name, "alice")
    await realm.admin.put(`${realm.path}/users/${id}/execute-actions-email`, ["UPDATE_PASSWORD"])
    const mail = await realm.mail.mailTo(realm.address("alice"), ({ text }) => text.includes("action-token"))
    await alice.page.goto(/https?:\S+action-token\S+/.exec(mail.text)?.[0] ?? "")
    await alice.page.locator("#kc-info-message a").click()
    const request = await held(alice)
    await alice.page.locator("#password-new").waitFor({ state: "detached" })
    await bob.approveFromMail(request)
    await typeNewPassword(alice, "another")
    await expect(alice.page.locator("#kc-info-message, .alert-success, #kc-content")).toBeVisible()
    await expect.poll(() => isPassword(realm, "alice", "another")).toBe(true)
  })

  test("a one-time password device is set up after bob has approved it", async ({ alice, bob, realm }) => {
    await bob.approveFromMail(await beginHeld(alice, "CONFIGURE_TOTP"))
    expect(await statusAfter(alice, () => setUpOtp(alice))).toBe("success")
    await expectCredential(realm, "alice", "otp")
  })

  test("recovery codes are set up after bob has approved it", async ({ alice, bob, realm }) => {
    await bob.approveFromMail(await beginHeld(alice, "CONFIGURE_RECOVERY_AUTHN_CODES"))
    await alice.page.locator("#kcRecoveryCodesConfirmationCheck").check()
    expect(await statusAfter(alice, () => alice.page.locator("#saveRecoveryAuthnCodesBtn").click())).toBe(
      "success",
    )
    await expectCredential(realm, "alice", "recovery-authn-codes")
  })

  for (const [action, type] of [
    ["webauthn-register", "webauthn"],
    ["webauthn-register-passwordless", "webauthn-passwordless"],
  ])
    test(`${action}: a key is registered after bob has approved it`, async ({ alice, bob, realm }) => {
      alice.page.on("dialog", (dialog) => dialog.accept("key"))
      await goOn(alice, bob, await beginHeld(alice, action))
      await plugInSecurityKey(alice)
      expect(await statusAfter(alice, () => alice.page.locator("#registerWebAuthn").click())).toBe("success")
      await expectCredential(realm, "alice", type)
    })

  test("a credential is removed after bob has approved it, who sees which one", async ({
    alice,
    bob,
    realm,
  }) => {
    await replacePolicy(realm, onChanges(["delete-credential"]))
    await begin(alice, "CONFIGURE_TOTP")
    await statusAfter(alice, () => setUpOtp(alice))
    const otp = (await credentials(realm, "alice")).find(({ type }) => type === "otp")
    await alice.application(APPLICATION).startSignIn({ kc_action: `delete_credential:${otp?.id}` })
    const request = await held(alice)
    await expect(alice.page.locator("#jit-target")).toContainText("phone")
    await bob.openReviewFromMail(request)
    await expect(bob.page.locator("#jit-target")).toContainText("phone")
    await bob.review.approve()
    expect(await statusAfter(alice, () => alice.page.locator("#kc-accept").click())).toBe("success")
    await expectCredential(realm, "alice", "otp", false)
  })

  test("an account is deleted after bob has approved it", async ({ alice, bob, realm }) => {
    await realm.admin.changeRequiredAction(realm.name, "delete_account", { enabled: true })
    await giveAccountRole(realm, "alice", "delete-account")
    await goOn(alice, bob, await beginHeld(alice, "delete_account"))
    await alice.page.locator('[type="submit"]').first().click()
    await expect
      .poll(async () => (await realm.admin.get(`${realm.path}/users?exact=true&username=alice`)).length)
      .toBe(0)
  })

  test.describe("what does not lead past it", () => {
    const NEW = { "password-new": "stolen", "password-confirm": "stolen" }

    test.afterEach(async ({ realm }) => expect(await isPassword(realm, "alice", "stolen")).toBe(false))

    test("the form of the password, sent to the page that waits; a GET; another execution", async ({
      alice,
      realm,
    }) => {
      const request = await beginHeld(alice, "UPDATE_PASSWORD")
      const address = await formAddress(alice)
      const other = new URL(address)
      other.searchParams.set("execution", "UPDATE_PROFILE")
      const http = alice.context.request
      expect(await (await http.post(address, { form: NEW })).text()).toContain('data-state="waiting"')
      await http.get(`${address}&password-new=stolen&password-confirm=stolen`)
      await http.post(other.href, { form: NEW })
      await http.post(address, { form: { ...NEW, jit: "continue" } })
      await alice.page.reload()
      expect(await held(alice)).toBe(request)
      expect(await opened(realm)).toHaveLength(1)
    })

    test("a form that was open before the policy was", async ({ alice, realm }) => {
      await replacePolicy(realm, onChanges(["link-idp"]))
      await begin(alice, "UPDATE_PASSWORD")
      await expect(alice.page.locator("#password-new")).toBeVisible()
      await replacePolicy(realm, onChanges(CREDENTIALS))
      await typeNewPassword(alice, "stolen")
      await held(alice)
    })

    test("an approval in another tab, in another browser, or for another credential", async ({
      alice,
      bob,
      visit,
      realm,
    }) => {
      const request = await beginHeld(alice, "UPDATE_PASSWORD")
      const thief = await visit("alice")
      const stolen = await beginHeld(thief, "UPDATE_PASSWORD")
      expect(stolen).not.toBe(request)
      await bob.approveFromMail(request)
      await expect(alice.page.locator("#password-new")).toBeVisible()
      await thief.page.reload()
      expect(await held(thief)).toBe(stolen)
      const tab = await alice.newTab()
      await tab.application(APPLICATION).startSignIn({ kc_action: "UPDATE_PASSWORD" })
      await tab.login.signIn("alice")
      expect(await held(tab)).not.toBe(request)
      await tab.application(APPLICATION).startSignIn({ kc_action: "CONFIGURE_TOTP" })
      await tab.login.signIn("alice")
      await held(tab)
    })

    test("the address of an approved form, in the authentication session of somebody else", async ({
      alice,
      bob,
      visit,
      realm,
    }) => {
      await realm.addUser("mallory")
      const mallory = await visit("mallory")
      await begin(mallory, "UPDATE_PASSWORD")
      await mallory.waiting.expect("denied")
      await bob.approveFromMail(await beginHeld(alice, "UPDATE_PASSWORD"))
      await expect(alice.page.locator("#password-new")).toBeVisible()
      const address = await formAddress(alice)
      await mallory.context.request.post(address, { form: NEW })
      expect(await isPassword(realm, "mallory", "mallory")).toBe(true)
    })

    test("a replay after the change", async ({ alice, bob, realm }) => {
      await bob.approveFromMail(await beginHeld(alice, "UPDATE_PASSWORD"))
      await expect(alice.page.locator("#password-new")).toBeVisible()
      const address = await formAddress(alice)
      await statusAfter(alice, () => typeNewPassword(alice, "another"))
      await alice.context.request.post(address, { form: NEW })
      expect(await isPassword(realm, "alice", "another")).toBe(true)
    })
  })
})

test.describe("under a policy that asks to confirm", () => {
  test.use({ policy: onChanges(["update-password"], "confirm") })

  test("alice confirms before she types, or does not", async ({ alice, realm }) => {
    await begin(alice, "UPDATE_PASSWORD")
    await alice.waiting.expect("confirm")
    expect(await statusAfter(alice, () => alice.page.locator("#jit-decline").click())).toBe("cancelled")
    await alice.application(APPLICATION).startSignIn({ kc_action: "UPDATE_PASSWORD" })
    await alice.waiting.expect("confirm")
    await alice.waiting.press("Confirm")
    expect(await statusAfter(alice, () => typeNewPassword(alice, "another"))).toBe("success")
    expect(await isPassword(realm, "alice", "another")).toBe(true)
  })
})

test.describe("under a policy that denies", () => {
  test.use({ policy: onChanges(["update-password"], "deny") })

  test("alice is told, and there is an event", async ({ alice, realm }) => {
    await begin(alice, "UPDATE_PASSWORD")
    await alice.waiting.expect("denied")
    const [told] = (await realm.admin.events(realm.name)).filter(
      ({ details }) => details?.jit_event === "denied_by_policy",
    )
    expect(told).toMatchObject({
      type: "CUSTOM_REQUIRED_ACTION_ERROR",
      error: "access_denied",
      details: { custom_required_action: "UPDATE_PASSWORD", jit_rule: "changes" },
    })
    expect(await statusAfter(alice, () => alice.waiting.press("Back to application"))).toBe("cancelled")
  })
})

test.describe("under a policy that says nothing about it", () => {
  test.use({ policy: onChanges(["link-idp"]) })

  test("Keycloak is as it was", async ({ alice, realm }) => {
    await begin(alice, "UPDATE_PASSWORD")
    expect(await statusAfter(alice, () => typeNewPassword(alice, "another"))).toBe("success")
    const told = (await realm.admin.events(realm.name)).map(({ details }) => details ?? {})
    expect(told.flatMap(Object.keys).filter((name) => name.startsWith("jit_"))).toEqual([])
  })

  test("unless it denies what it does not mention", async ({ alice, realm }) => {
    await replacePolicy(realm, onChanges(["login"], "allow", { default: "deny" }))
    await begin(alice, "UPDATE_PASSWORD")
    await alice.waiting.expect("denied")
  })
})

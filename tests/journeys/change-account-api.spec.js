// The Account REST API: changes that are not simply allowed are refused there, with the address where they can be made.
import {
  APPLICATION,
  begin,
  credentials,
  giveAccountRole,
  held,
  onChanges,
  setUpOtp,
  statusAfter,
} from "../harness/changes.js"
import { byRole, everyEffect, roleOf } from "../harness/effects.js"
import { opened, replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"
import { addUserWithDevice, onlyPasswords } from "../harness/second-factor.js"
import { addApplication, signIn } from "../harness/tokens.js"

/** @typedef {import("../harness/realm.js").Realm} Realm */

/**
 * @param {Realm} realm @param {string} [username] @param {{ name: string, value: string }[]} [cookies] of a session that there is already
 * @returns {Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number, body: any }>>} calls the API as somebody
 */
async function account(realm, username = "alice", cookies = undefined) {
  await giveAccountRole(realm, username)
  const [known] = await realm.admin.get(`${realm.path}/clients?clientId=self-service`)
  if (!known) await addApplication(realm, "self-service", { client: { fullScopeAllowed: true } })
  const { access_token } = await signIn(realm, username, "self-service", { scope: "openid", cookies })
  return async (method, path, body) => {
    const answer = await fetch(`${realm.url}/account${path}`, {
      method,
      headers: {
        authorization: `Bearer ${access_token}`,
        accept: "application/json",
        ...(body ? { "content-type": "application/json" } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : undefined }
  }
}

/** An identity provider with which somebody is linked. @param {Realm} realm @param {string} username @returns {Promise<string>} the user's id */
async function addElsewhere(realm, username) {
  await realm.admin.post(`${realm.path}/identity-provider/instances`, {
    alias: "elsewhere",
    displayName: "Elsewhere",
    providerId: "oidc",
    enabled: true,
    config: {
      clientId: "a",
      clientSecret: "b",
      authorizationUrl: `${realm.url}/nowhere`,
      tokenUrl: `${realm.url}/nowhere`,
    },
  })
  const { id } = await realm.admin.user(realm.name, username)
  const link = { identityProvider: "elsewhere", userId: "1", userName: `${username}-elsewhere` }
  await realm.admin.post(`${realm.path}/users/${id}/federated-identity/elsewhere`, link)
  return id
}

/** @param {string} text @returns {string} the address in it */
const addressIn = (text) => /https?:\/\/\S+/.exec(text)?.[0] ?? ""

test.describe("under a policy that holds changes", () => {
  test.use({ policy: onChanges(["update-profile", "delete-credential", "link-idp"]) })

  test("a profile is refused at the field, and the address leads to where it is held", async ({
    alice,
    bob,
    realm,
  }) => {
    const call = await account(realm)
    const { body: profile } = await call("GET", "/?userProfileMetadata=false")
    for (const path of ["/", "/v1alpha1/"]) {
      const refused = await call("POST", path, { ...profile, lastName: "Hatter" })
      expect(refused.status).toBe(400)
      expect(refused.body.errors[0].field).toBe("lastName")
      expect(refused.body.errors[0].errorMessage).toContain("kc_action=UPDATE_PROFILE")
      expect((await realm.admin.user(realm.name, "alice")).lastName).toBe("Liddell")
    }
    expect(await opened(realm)).toEqual([])
    expect((await call("POST", "/", profile)).status).toBe(204)

    const refused = await call("POST", "/", { ...profile, lastName: "Hatter" })
    await alice.page.goto(addressIn(refused.body.errors[0].errorMessage))
    await alice.login.signIn("alice")
    await alice.page.locator("#lastName").fill("Pleasance")
    await alice.page.locator('[type="submit"]').first().click()
    await bob.approveFromMail(await held(alice))
    // The console signs her in by itself; what it is opened under must be an address that it may come back to.
    await expect(alice.page).toHaveURL(new RegExp(`^${realm.url}/account`))
    await expect(alice.page.getByRole("heading", { name: "Personal info" })).toBeVisible()
    expect((await realm.admin.user(realm.name, "alice")).lastName).toBe("Pleasance")
    const told = (await realm.admin.events(realm.name)).find(
      ({ details }) => details?.jit_event === "interaction_required",
    )
    expect(told).toMatchObject({
      clientId: "self-service",
      error: "access_denied",
      details: { jit_rule: "changes" },
    })
  })

  test("a credential stays, whichever way its address is written", async ({ alice, realm }) => {
    const call = await account(realm)
    await begin(alice, "CONFIGURE_TOTP")
    await statusAfter(alice, () => setUpOtp(alice))
    const otp = (await credentials(realm, "alice")).find(({ type }) => type === "otp")
    for (const path of [
      `/credentials/${otp?.id}`,
      `/v1alpha1/credentials/${otp?.id}`,
      `/%63redentials/${otp?.id}`,
      `/credentials;a=b/${otp?.id}`,
      `/credentials/${otp?.id};a=b`,
      `//credentials/${otp?.id}`,
    ]) {
      const refused = await call("DELETE", path)
      expect(refused.status, path).toBeGreaterThanOrEqual(400)
    }
    const refused = await call("DELETE", `/credentials/${otp?.id}`)
    expect(refused.status).toBe(400)
    expect(refused.body.errorMessage).toContain(`kc_action=delete_credential%3A${otp?.id}`)
    expect((await credentials(realm, "alice")).map(({ type }) => type)).toContain("otp")
    await replacePolicy(realm, onChanges(["update-profile"]))
    expect((await call("DELETE", `/credentials/${otp?.id}`)).status).toBeLessThan(300)
  })

  test("an identity provider is neither linked nor unlinked", async ({ alice, realm }) => {
    const id = await addElsewhere(realm, "alice")
    const call = await account(realm)
    const unlinked = await call("DELETE", "/linked-accounts/elsewhere")
    expect(unlinked.status).toBe(400)
    expect(await realm.admin.get(`${realm.path}/users/${id}/federated-identity`)).toHaveLength(1)
    const linked = await call("GET", `/linked-accounts/elsewhere?redirectUri=${realm.url}/account/`)
    expect(linked.status).toBe(400)
    expect(linked.body.errorMessage).toContain("kc_action=idp_link%3Aelsewhere")
    expect((await call("GET", "/linked-accounts")).status).toBe(200)

    await alice.signInTo(APPLICATION)
    await alice.application(APPLICATION).expectSignedIn("alice")
    const old = new URLSearchParams({ client_id: APPLICATION, redirect_uri: "x", nonce: "n", hash: "h" })
    const answer = await alice.context.request.get(`${realm.url}/broker/elsewhere/link?${old}`)
    expect(answer.status()).toBe(403)
    expect(await answer.text()).toContain("kc_action")
  })
})

test.describe("where nobody is asked", () => {
  test.use({ bare: true, policy: everyEffect(["update-profile", "delete-credential", "link-idp"], byRole) })

  test("what is denied, to be confirmed or for a stronger factor is refused, and the rest is done", async ({
    realm,
  }) => {
    await addUserWithDevice(realm, "olga")
    await onlyPasswords(realm)
    const id = await addElsewhere(realm, "olga")
    const become = await roleOf(realm, "olga")
    const call = await account(realm, "olga")
    const { body: profile } = await call("GET", "/?userProfileMetadata=false")
    const device = (await credentials(realm, "olga")).find(({ type }) => type === "otp")
    const changes = /** @type {[string, string, unknown?][]} */ ([
      ["GET", `/linked-accounts/elsewhere?redirectUri=${realm.url}/account/`],
      ["DELETE", "/linked-accounts/elsewhere"],
      ["DELETE", `/credentials/${device?.id}`],
      ["POST", "/", { ...profile, lastName: "Pleasance" }],
    ])
    const now = async () => ({
      lastName: (await realm.admin.user(realm.name, "olga")).lastName,
      credentials: (await credentials(realm, "olga")).length,
      linked: (await realm.admin.get(`${realm.path}/users/${id}/federated-identity`)).length,
    })
    const before = await now()
    for (const effect of /** @type {const} */ (["deny", "confirm", "step_up"])) {
      await become(effect)
      for (const [method, path, body] of changes) {
        const { status, body: problem } = await call(method, path, body)
        const why = `${effect} ${method} ${path}: ${JSON.stringify(problem)}`
        expect(status, why).toBe(400)
        const message = problem.errorMessage ?? problem.errors[0].errorMessage
        // A page can ask for a confirmation or a factor. There is none for what is denied, nor for the end of a link.
        const elsewhere = effect !== "deny" && path !== "/linked-accounts/elsewhere"
        expect(message.includes("kc_action="), why).toBe(elsewhere)
        expect(message.includes("second factor"), why).toBe(effect === "step_up")
      }
      expect(await now()).toEqual(before)
    }
    await become()
    const [[, link], ...made] = changes
    expect((await call("GET", link)).status, "what Keycloak says of a link that there is").not.toBe(400)
    for (const [method, path, body] of made)
      expect((await call(method, path, body)).status, `${method} ${path}`).toBeLessThan(300)
    expect(await now()).toEqual({ lastName: "Pleasance", credentials: 1, linked: 0 })
    expect(await opened(realm)).toEqual([])
  })
})

test.describe("under a policy that denies changes", () => {
  test.use({ policy: onChanges(["update-email"], "deny") })

  test("an address in a profile is refused, and the rest of it is not", async ({ realm }) => {
    const call = await account(realm)
    const { body: profile } = await call("GET", "/?userProfileMetadata=false")
    const refused = await call("POST", "/", { ...profile, email: `else@${realm.name}.example` })
    expect(refused.status).toBe(400)
    expect(refused.body.errors).toEqual([
      expect.objectContaining({
        field: "email",
        errorMessage: "A policy of your organisation does not allow this.",
      }),
    ])
    expect((await call("POST", "/", { ...profile, lastName: "Pleasance" })).status).toBe(204)
    const { email, lastName } = await realm.admin.user(realm.name, "alice")
    expect({ email, lastName }).toEqual({ email: realm.address("alice"), lastName: "Pleasance" })
  })
})

test.describe("under a policy whose approvals hold for a session", () => {
  const rule = { id: "changes", on: ["update-profile"], effect: "require_approval", chain: "manager" }
  const rules = [{ ...rule, grant: { for: "1h", bound_to: ["session"] } }]
  test.use({ policy: onChanges(["update-profile"], "require_approval", { rules }) })

  test("a change that was approved on its page may be made again, in that session only", async ({
    alice,
    bob,
    realm,
  }) => {
    await begin(alice, "UPDATE_PROFILE")
    await alice.page.locator("#lastName").fill("Hatter")
    await alice.page.locator('[type="submit"]').first().click()
    const request = await held(alice)
    await statusAfter(alice, () => bob.approveFromMail(request))
    await realm.admin.changeUser(realm.name, "alice", { lastName: "Liddell" })

    const here = await account(realm, "alice", await alice.context.cookies())
    const elsewhere = await account(realm)
    const { body: profile } = await here("GET", "/?userProfileMetadata=false")
    expect((await elsewhere("POST", "/", { ...profile, lastName: "Hatter" })).status).toBe(400)
    expect((await here("POST", "/", { ...profile, lastName: "Pleasance" })).status).toBe(400)
    const again = await here("POST", "/", { ...profile, lastName: "Hatter" })
    expect(again.status, JSON.stringify(again.body)).toBe(204)
    expect((await realm.admin.user(realm.name, "alice")).lastName).toBe("Hatter")
    expect(await opened(realm)).toEqual([expect.stringContaining(request)])
  })
})

// Every change of an account under every effect that asks no approver: what is not let through changes nothing.
import { Caller, formWith, stateOf } from "../harness/caller.js"
import { APPLICATION, credentials, giveAccountRole } from "../harness/changes.js"
import { byRole, everyEffect, roleOf } from "../harness/effects.js"
import { addUserWithDevice, onlyPasswords } from "../harness/second-factor.js"
import { expect, test } from "../harness/test.js"

/** @typedef {import("../harness/realm.js").Realm} Realm */

const ACTIONS = [
  "update-profile",
  "update-email",
  "update-password",
  "configure-otp",
  "webauthn-register",
  "delete-credential",
  "delete-account",
  "link-idp",
]

test.use({ bare: true, policy: everyEffect(ACTIONS, byRole) })

/** What is asked for by `kc_action`, and what stands in Keycloak's own page for it. @param {string} device @returns {[string, string][]} */
const beforeTheForm = (device) => [
  ["UPDATE_PASSWORD", 'id="password-new"'],
  ["CONFIGURE_TOTP", 'id="totp"'],
  ["CONFIGURE_RECOVERY_AUTHN_CODES", 'id="kcRecoveryCodesConfirmationCheck"'],
  ["webauthn-register", 'id="registerWebAuthn"'],
  ["webauthn-register-passwordless", 'id="registerWebAuthn"'],
  [`delete_credential:${device}`, 'id="kc-accept"'],
  ["delete_account", 'id="kc-deleteaccount-form"'],
  ["idp_link:elsewhere", 'id="kc-continue"'],
]

/** What is judged when its form has been sent. @param {Realm} realm @returns {[string, Record<string, string>][]} */
const afterTheForm = (realm) => [
  ["UPDATE_PROFILE", { username: "olga", firstName: "Olga", lastName: "Pleasance" }],
  ["UPDATE_EMAIL", { email: `else@${realm.name}.example` }],
]

/** All that the changes are about. @param {Realm} realm */
async function account(realm) {
  const { id, email, lastName } = await realm.admin.user(realm.name, "olga")
  const linked = await realm.admin.get(`${realm.path}/users/${id}/federated-identity`)
  return { email, lastName, linked, credentials: await credentials(realm, "olga") }
}

test("each is refused, confirmed first, or left to Keycloak", async ({ realm }) => {
  await addUserWithDevice(realm, "olga")
  await onlyPasswords(realm)
  for (const action of ["delete_account", "UPDATE_EMAIL"])
    await realm.admin.changeRequiredAction(realm.name, action, { enabled: true })
  for (const role of ["manage-account", "delete-account"]) await giveAccountRole(realm, "olga", role)
  await realm.admin.post(`${realm.path}/identity-provider/instances`, {
    alias: "elsewhere",
    providerId: "oidc",
    enabled: true,
    config: {
      clientId: "a",
      clientSecret: "b",
      authorizationUrl: `${realm.url}/nowhere`,
      tokenUrl: `${realm.url}/nowhere`,
    },
  })
  const become = await roleOf(realm, "olga")
  const before = await account(realm)
  const device = before.credentials.find(({ type }) => type === "otp")?.id ?? ""
  const olga = await Caller.create("olga", realm)
  expect(await olga.signInTo(APPLICATION)).toContain('data-state="signed-in"')

  /** @param {string} action @param {Record<string, string>} [fields] of its form @returns {Promise<string>} the page that follows */
  const begin = async (action, fields) => {
    const address = `${realm.party.url}/${APPLICATION}/login?${new URLSearchParams({ kc_action: action })}`
    const first = await (await olga.http.get(address)).text()
    // Keycloak wants the password once more before an account is deleted.
    const page = first.includes('id="kc-form-login"')
      ? await (await olga.send(formWith(first, "kc-login"), { password: "olga" })).text()
      : first
    return fields ? (await olga.send(formWith(page, "login-actions/required-action"), fields)).text() : page
  }
  /** Leaves a page of the checkpoint by a button. @param {string} page @param {string} button */
  const press = async (page, button) =>
    (await olga.send(formWith(page, `value="${button}"`), { jit: button })).text()
  const all = /** @type {[string, Record<string, string> | undefined][]} */ ([
    ...beforeTheForm(device).map(([action]) => [action, undefined]),
    ...afterTheForm(realm),
  ])

  for (const [effect, state, button] of /** @type {const} */ ([
    ["deny", "denied", "back"],
    ["step_up", "denied", "back"],
    ["confirm", "confirm", "decline"],
  ]))
    await test.step(effect, async () => {
      await become(effect)
      for (const [action, fields] of all) {
        const page = await begin(action, fields)
        expect(stateOf(page), `${effect} ${action}`).toBe(state)
        expect(page.includes("with a second factor"), `${effect} ${action}`).toBe(effect === "step_up")
        const isShown = /data-field="lastName"[^]*Device[^]*Pleasance/.test(page)
        expect(isShown, "what is, and what would be").toBe(action === "UPDATE_PROFILE")
        expect(await press(page, button), "still signed in").toContain('data-state="signed-in"')
      }
      expect(await account(realm)).toEqual(before)
    })

  await test.step("a confirmation leads to Keycloak's form, or makes the change", async () => {
    for (const [action, marker] of beforeTheForm(device))
      expect(await press(await begin(action), "confirm"), action).toContain(marker)
    for (const [action, fields] of afterTheForm(realm))
      expect(await press(await begin(action, fields), "confirm")).toContain('data-state="signed-in"')
    const changed = { email: `else@${realm.name}.example`, lastName: "Pleasance" }
    expect(await account(realm)).toEqual({ ...before, ...changed })
  })

  await test.step("what the policy allows is as it ever was", async () => {
    await become()
    for (const [action, marker] of beforeTheForm(device))
      expect(await begin(action), action).toContain(marker)
    const [[profile, names], [address]] = afterTheForm(realm)
    for (const [action, fields] of /** @type {[string, Record<string, string>][]} */ ([
      [profile, { ...names, lastName: "Device" }],
      [address, { email: realm.address("olga") }],
    ]))
      expect(await begin(action, fields), action).toContain('data-state="signed-in"')
    expect(await account(realm)).toEqual(before)
  })
  const events = await realm.admin.get(`${realm.path}/events?max=1000`)
  const told = events.flatMap((/** @type {any} */ { details }) => details?.jit_event ?? [])
  const count = (/** @type {string} */ event) =>
    told.filter((/** @type {string} */ one) => one === event).length
  expect(["denied_by_policy", "step_up_required", "declined"].map(count)).toEqual([10, 10, 10])
  await olga.dispose()
})

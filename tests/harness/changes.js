// What the journeys about changes of an account have in common.
import { createHmac } from "node:crypto"
import { expect } from "@playwright/test"

/** @typedef {import("./person.js").Person} Person */

/**
 * A policy about changes, in which the manager approves.
 *
 * @param {string[]} on actions @param {"allow" | "deny" | "confirm" | "require_approval"} [effect]
 * @param {Record<string, unknown>} [more] keys that are added to the policy
 */
export function onChanges(on, effect = "require_approval", more = {}) {
  const chain = effect === "require_approval" ? { chain: "manager" } : {}
  return JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "changes",
    chains: {
      manager: { stages: [{ name: "manager", approvers: [{ attribute: "manager" }], timeout: "15m" }] },
    },
    rules: [{ id: "changes", on, effect, ...chain }],
    ...more,
  })
}

/** The application from which the changes are begun; its sign-ins are not guarded here. */
export const APPLICATION = "payroll"

/**
 * Begins a change as an application does, and signs in.
 *
 * @param {Person} person @param {string} action
 */
export async function begin(person, action) {
  await person.application(APPLICATION).startSignIn({ kc_action: action })
  await person.login.signIn(person.username)
}

/** Begins a change that is held. @param {Person} person @param {string} action @returns {Promise<string>} the request */
export async function beginHeld(person, action) {
  await begin(person, action)
  return held(person)
}

/** @param {Person} person @returns {Promise<string>} the request that the page waits for */
export async function held(person) {
  await person.waiting.expect("waiting")
  return person.waiting.requestId()
}

/**
 * Does something that brings the person back to the application, which is told what became of the change.
 *
 * @param {Person} person @param {() => Promise<unknown>} act
 * @returns {Promise<string | null>} `kc_action_status`
 */
export async function statusAfter(person, act) {
  const callback = person.page.waitForRequest((request) =>
    request.url().includes(`/${APPLICATION}/callback?`),
  )
  await act()
  const status = new URL((await callback).url()).searchParams.get("kc_action_status")
  await person.application(APPLICATION).expectSignedIn(person.username)
  return status
}

/**
 * Has bob approve, and waits until the person's page has gone on to Keycloak's own.
 *
 * @param {Person} person @param {Person} approver @param {string} request
 */
export async function goOn(person, approver, request) {
  await approver.approveFromMail(request)
  await expect(person.page.locator("#jit-page")).toHaveCount(0, { timeout: 20_000 })
}

/** @param {Person} person @returns {Promise<string>} where the form of the page is sent */
export async function formAddress(person) {
  const address = await person.page.locator("form[action*='login-actions']").first().getAttribute("action")
  if (!address) throw new Error("the page has no form")
  return address
}

/** @param {Person} person @param {string} password for a form that asks for a new one */
export async function typeNewPassword(person, password) {
  await person.page.locator("#password-new").fill(password)
  await person.page.locator("#password-confirm").fill(password)
  await person.page.locator('[type="submit"]').first().click()
}

/**
 * Lets somebody manage their own account, as Keycloak does by default.
 *
 * @param {import("./realm.js").Realm} realm @param {string} username @param {string} [name] of the role of the client `account`
 */
export async function giveAccountRole(realm, username, name = "manage-account") {
  const { id } = await realm.admin.user(realm.name, username)
  const [account] = await realm.admin.get(`${realm.path}/clients?clientId=account`)
  const role = await realm.admin.get(`${realm.path}/clients/${account.id}/roles/${name}`)
  await realm.admin.post(`${realm.path}/users/${id}/role-mappings/clients/${account.id}`, [role])
}

/**
 * Whether Keycloak takes a password. Nobody is signed in by it.
 *
 * @param {import("./realm.js").Realm} realm @param {string} username @param {string} password
 */
export async function isPassword(realm, username, password) {
  const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", client_id: "admin-cli", username, password }),
  })
  return answer.ok
}

/** @param {import("./realm.js").Realm} realm @param {string} username @returns {Promise<{ id: string, type: string }[]>} */
export async function credentials(realm, username) {
  const { id } = await realm.admin.user(realm.name, username)
  return realm.admin.get(`${realm.path}/users/${id}/credentials`)
}

/** @param {import("./realm.js").Realm} realm @param {string} username @param {string} type */
export async function expectCredential(realm, username, type, expected = true) {
  const types = (await credentials(realm, username)).map((credential) => credential.type)
  if (expected) expect(types).toContain(type)
  else expect(types).not.toContain(type)
}

/** The six digits that an authenticator shows now (RFC 6238). @param {string} secret as Keycloak's page holds it */
export function totp(secret) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac("sha1", Buffer.from(secret)).update(counter).digest()
  const offset = hash[hash.length - 1] & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0")
}

/** Fills in the form for a one-time password device. @param {Person} person */
export async function setUpOtp(person) {
  const secret = (await person.page.locator("#totpSecret").getAttribute("value")) ?? ""
  await person.page.locator("#totp").fill(totp(secret))
  await person.page.locator("#userLabel").fill("phone")
  await person.page.locator("#saveTOTPBtn").click()
}

/** Gives a person's browser a security key without hardware. @param {Person} person */
export async function plugInSecurityKey(person) {
  const devtools = await person.context.newCDPSession(person.page)
  await devtools.send("WebAuthn.enable")
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

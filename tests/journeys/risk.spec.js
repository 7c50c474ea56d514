// Signs of risk: what earlier logins make known, and what does not.
import { replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

/** A policy that asks to confirm where a condition holds. @param {string} when @param {string} [reason] */
const confirmWhere = (when, reason) =>
  JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "risk",
    rules: [
      {
        id: "risk",
        on: ["login"],
        when: `client.id == "prod-console" && (${when})`,
        effect: "confirm",
        ...(reason ? { reason } : {}),
      },
    ],
  })

/** @typedef {import("../harness/person.js").Person} Person */

const DEVICE = "JIT_DEVICE"

/** @param {Person} person @returns {Promise<any>} the cookie that makes the browser known */
const deviceOf = async (person) => (await person.context.cookies()).find(({ name }) => name === DEVICE)

/** Ends the session in this browser, but for what makes it known. @param {Person} person */
async function forgetSession(person) {
  const device = (await person.context.cookies()).filter(({ name }) => name === DEVICE)
  await person.context.clearCookies()
  await person.context.addCookies(device)
}

/** @param {Person} person */
async function confirm(person) {
  await person.waiting.expect("confirm")
  await person.waiting.press("Confirm")
  await person.console.expectSignedIn(person.username)
}

test.describe("a known device", () => {
  test.use({ policy: confirmWhere("!risk.?known_device.orValue(false)") })

  test("is one that a login has passed on; not one where it was begun", async ({ alice, visit }) => {
    await alice.signInTo()
    await alice.waiting.expect("confirm")
    expect(await deviceOf(alice)).toBeUndefined()
    await alice.page.locator("#jit-decline").click()
    await alice.console.expectRefused("access_denied")
    expect(await deviceOf(alice)).toBeUndefined()

    await alice.signInTo()
    await confirm(alice)
    const cookie = await deviceOf(alice)
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" })
    const { id } = await alice.realm.admin.user(alice.realm.name, "alice")
    for (const name of ["alice", id]) expect(cookie.value).not.toContain(name)

    await forgetSession(alice)
    await alice.signInTo()
    await alice.console.expectSignedIn("alice")

    const elsewhere = await visit("alice")
    await elsewhere.signInTo()
    await elsewhere.waiting.expect("confirm")
  })

  test("is known for who logged in, and for no cookie that was changed", async ({ alice, visit, realm }) => {
    await realm.addUser("another")
    await alice.signInTo()
    await confirm(alice)
    const cookie = await deviceOf(alice)

    const another = await visit("another")
    await another.context.addCookies([cookie])
    await another.signInTo()
    await another.waiting.expect("confirm")

    const [id, signature] = cookie.value.split(".")
    const changed = [
      `${id.startsWith("A") ? "B" : "A"}${id.slice(1)}.${signature}`,
      `${id}.${"A".repeat(43)}`,
      id,
    ]
    for (const value of changed) {
      const stranger = await visit("alice")
      await stranger.context.addCookies([{ ...cookie, value }])
      await stranger.signInTo()
      await stranger.waiting.expect("confirm")
    }
    const twin = await visit("alice")
    await twin.context.addCookies([cookie])
    await twin.signInTo()
    await twin.console.expectSignedIn("alice")
  })
})

test.describe("a known address", () => {
  test.use({ policy: confirmWhere("!risk.?known_ip.orValue(false) || !risk.?known_prefix.orValue(false)") })

  test("is one that a login has come from, in whichever browser", async ({ alice, visit, realm }) => {
    await alice.signInTo()
    await alice.waiting.expect("confirm")
    const second = await visit("alice")
    await second.signInTo()
    await confirm(second)
    const third = await visit("alice")
    await third.signInTo()
    await third.console.expectSignedIn("alice")
    await realm.addUser("another")
    const another = await visit("another")
    await another.signInTo()
    await another.waiting.expect("confirm")
  })
})

test.describe("a single sign-on cookie", () => {
  test.use({ policy: confirmWhere("true") })

  test("makes neither the browser nor the address known that shows it", async ({ alice, realm }) => {
    await alice.signInTo("payroll")
    await alice.application("payroll").expectSignedIn("alice")
    await replacePolicy(
      realm,
      confirmWhere("!risk.?known_device.orValue(false) || !risk.?known_ip.orValue(false)"),
    )
    for (let time = 1; time <= 2; time++) {
      await alice.console.startSignIn()
      await confirm(alice)
    }
    expect(await deviceOf(alice)).toBeUndefined()
  })
})

test.describe("a login that approvers refuse", () => {
  test.use({
    policy: JSON.stringify({
      apiVersion: "jit-approval.dev/v1",
      name: "risk",
      chains: { manager: [{ name: "manager", approvers: [{ attribute: "manager" }] }] },
      rules: [
        {
          id: "new-address",
          on: ["login"],
          when: 'client.id == "prod-console" && !risk.?known_ip.orValue(false)',
          effect: "require_approval",
          chain: "manager",
        },
      ],
    }),
  })

  test("makes nothing known, neither while it is held nor afterwards", async ({ alice, bob, visit }) => {
    const request = await alice.signInAndWait()
    const second = await visit("alice")
    await second.signInAndWait()
    await bob.openReviewFromMail(request)
    await bob.review.deny()
    await alice.waiting.expect("denied")
    const third = await visit("alice")
    await third.signInAndWait()
    expect(await deviceOf(third)).toBeUndefined()
  })
})

test.describe("what else is known", () => {
  const told = (/** @type {string} */ name, /** @type {string} */ value) => `"${name}=" + string(${value})`
  test.use({
    policy: confirmWhere(
      "true",
      [
        told("sessions", "risk.?sessions.orValue(-1)"),
        told("new", 'has(risk.new_client) ? string(risk.new_client) : "none"'),
        told("failed", "risk.?failed_logins.orValue(-1)"),
        told("locked", 'has(risk.locked) ? string(risk.locked) : "none"'),
        told("before", "has(risk.last_login_at)"),
        told("fresh", 'now - risk.?credential_changed_at.orValue(timestamp(0)) < duration("1h")'),
        told("reset", "has(risk.password_reset_at)"),
        told("agent", 'has(risk.user_agent_changed) ? string(risk.user_agent_changed) : "none"'),
        told("country", "has(risk.country)"),
        told("signals", "has(risk.signals)"),
        told("admin", "has(session.impersonated)"),
      ].join(' + " " + '),
    ),
  })

  test("is told as it is at that moment", async ({ alice, realm }) => {
    await realm.admin.put(realm.path, { bruteForceProtected: true, failureFactor: 30 })
    await alice.application("prod-console").startSignIn()
    await alice.login.signIn("alice", "wrong")
    await alice.login.signIn("alice")
    await alice.waiting.expect("confirm")
    const page = alice.waiting.root
    await expect(page).toContainText(
      "sessions=0 new=true failed=1 locked=false before=false fresh=true reset=false agent=none country=false signals=false admin=false",
    )
    await confirm(alice)

    const { id } = await realm.admin.user(realm.name, "alice")
    await realm.admin.put(`${realm.path}/users/${id}/reset-password`, {
      type: "password",
      value: "alice",
      temporary: false,
    })
    await forgetSession(alice)
    await alice.signInTo()
    await alice.waiting.expect("confirm")
    await expect(page).toContainText("new=false")
    await expect(page).toContainText("before=true fresh=true reset=true agent=false")
  })
})

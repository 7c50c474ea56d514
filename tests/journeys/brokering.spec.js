// Logins through an identity provider: the first one, before there is an account; what follows each; and every later one.
import { Api } from "../harness/api.js"
import { byRole, byScope, everyEffect, roleOf, scopeFor } from "../harness/effects.js"
import { addStepUp, checkpointOnly, guardedCopy } from "../harness/flows.js"
import { addIdentityProvider, goThrough, link, signInThrough } from "../harness/identity-provider.js"
import { managerApproves } from "../harness/policies.js"
import { guardByAction, opened } from "../harness/required-action.js"
import { addUserWithDevice, oneTimeCode } from "../harness/second-factor.js"
import { expect, test as base } from "../harness/test.js"

/** @typedef {import("../harness/person.js").Person} Person */
/** @typedef {import("../harness/realm.js").Realm} Realm */

/**
 * @typedef {{ partner: import("../harness/identity-provider.js").Provider, protocol: "oidc" | "saml" }} Brokering
 * @type {import("@playwright/test").Fixtures<Brokering, {}, import("../harness/test.js").Journey>}
 */
const fixtures = {
  protocol: ["oidc", { option: true }],

  // People of the provider: dora, whom the realm does not know, and others who are named like those of the realm.
  partner: async ({ realm, servers, protocol }, use) => {
    const partner = await addIdentityProvider(realm, { servers, protocol })
    await partner.home.addUser("dora")
    await use(partner)
    await partner.close()
  },
}

const test = base.extend(fixtures)

/**
 * @param {string} action @param {Record<string, unknown>} [rule]
 * @param {unknown[]} [approvers]
 */
const holds = (action, rule = {}, approvers = [{ user: "bob" }]) =>
  managerApproves({ stage: { approvers }, rule: { on: [action], when: "true", reason: '"Held."', ...rule } })

/** @param {Realm} realm @param {string} username */
const accounts = async (realm, username) =>
  realm.admin.get(`${realm.path}/users?exact=true&username=${username}`)

test.describe("the first login", () => {
  test.use({
    policy: holds("first-broker-login", {
      when: 'target.?type.orValue("") == "identity-provider" && target.?id.orValue("") == "partner"',
      reason: '"From " + target.?name.orValue("somewhere") + ": " + change.?after.email[0].orValue("nobody")',
    }),
  })

  test.beforeEach(async ({ realm }) => {
    const firstBrokerLoginFlow = await guardedCopy(realm, "first broker login", 15)
    await realm.admin.put(realm.path, { firstBrokerLoginFlow })
  })

  test("is held before there is an account, and bob's approval makes it", async ({
    visit,
    bob,
    realm,
    partner,
  }) => {
    const dora = await visit("dora")
    await signInThrough(dora, partner)
    await dora.waiting.expect("waiting")
    const request = await dora.waiting.requestId()
    expect(await accounts(realm, "dora")).toEqual([])
    await bob.openReviewFromMail(request)
    await expect(bob.review.root).toContainText(`From Partner: ${partner.home.address("dora")}`)
    await bob.review.approve()
    await dora.console.expectSignedIn("dora")
    expect(await accounts(realm, "dora")).toHaveLength(1)
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
    const { id } = await partner.home.admin.user(partner.home.name, "dora")
    const told = await realm.admin.get(`${realm.path}/jit-approval/requests/${request}`)
    expect(told.requester).toMatchObject({ id: `idp:partner:${id}`, username: "dora" })
  })

  test("leaves no account behind where bob refuses", async ({ visit, bob, realm, partner }) => {
    const dora = await visit("dora")
    await signInThrough(dora, partner)
    await dora.waiting.expect("waiting")
    await bob.openReviewFromMail(await dora.waiting.requestId())
    await bob.review.deny()
    await dora.waiting.expect("denied")
    await dora.waiting.press("Back to application")
    await dora.console.expectRefused("access_denied")
    expect(await accounts(realm, "dora")).toEqual([])
  })

  test("leads nowhere by a restart, a second tab, another browser, or another execution", async ({
    visit,
    bob,
    realm,
    partner,
  }) => {
    const dora = await visit("dora")
    await signInThrough(dora, partner)
    await dora.waiting.expect("waiting")
    const request = await dora.waiting.requestId()
    const held = new URL(dora.page.url())

    const tab = await dora.newTab()
    await tab.console.startSignIn()
    await tab.page.locator("#social-partner").click()
    await tab.waiting.expect("waiting")
    expect(await tab.waiting.requestId()).toBe(request)

    const flow = encodeURIComponent("first broker login with approval")
    const executions = await realm.admin.get(`${realm.path}/authentication/flows/${flow}/executions`)
    const form = (await dora.page.locator("#jit-page form").first().getAttribute("action")) ?? ""
    for (const { id } of executions) {
      const other = new URL(form)
      other.searchParams.set("execution", id)
      await dora.context.request.post(other.href, { form: { jit: "confirm", digest: "sha256:0" } })
    }
    await dora.context.request.get(`${realm.url}/broker/after-first-broker-login${new URL(form).search}`)

    const thief = await visit("dora")
    await thief.page.goto(held.href)
    await thief.console.expectNobodySignedIn()
    await signInThrough(thief, partner)
    await thief.waiting.expect("waiting")
    expect(await thief.waiting.requestId()).not.toBe(request)

    await dora.page.goto(
      `${realm.url}/login-actions/restart?client_id=prod-console&tab_id=${held.searchParams.get("tab_id")}&skip_logout=true`,
    )
    await dora.page.locator("#social-partner").click()
    await dora.waiting.expect("waiting")
    expect(await dora.waiting.requestId()).toBe(request)

    expect(await accounts(realm, "dora")).toEqual([])
    for (const person of [dora, tab, thief]) await person.console.expectNobodySignedIn()
    await bob.approveFromMail(request)
    await Promise.any([dora.console.expectSignedIn("dora"), tab.console.expectSignedIn("dora")])
    await thief.page.reload()
    await thief.waiting.expect("waiting")
    await thief.console.expectNobodySignedIn()
  })
})

test.describe("the first login, for an hour", () => {
  const policy = JSON.parse(holds("first-broker-login", { id: "first", grant: "1h" }))
  policy.rules.push({ ...policy.rules[0], id: "each", on: ["login"] })
  test.use({ policy: JSON.stringify(policy) })

  test("rests on its approval as well as on the one of the login, and ends when either is taken back", async ({
    visit,
    bob,
    realm,
    partner,
  }) => {
    const firstBrokerLoginFlow = await guardedCopy(realm, "first broker login", 15)
    await realm.admin.put(realm.path, { firstBrokerLoginFlow, browserFlow: "browser" })
    await guardByAction(realm)
    const dora = await visit("dora")
    await signInThrough(dora, partner)
    await dora.waiting.expect("waiting")
    const first = await dora.waiting.requestId()
    await bob.approveFromMail(first)
    await expect.poll(() => dora.waiting.requestId(), { timeout: 20_000 }).not.toBe(first)
    await bob.approveFromMail(await dora.waiting.requestId())
    await dora.console.expectSignedIn("dora")
    const [{ id }] = await accounts(realm, "dora")
    const sessions = () => realm.admin.get(`${realm.path}/users/${id}/sessions`)
    expect(await sessions()).toHaveLength(1)

    const revoked = await Api.admin(realm, await realm.admin.bearer()).post(`grants/${first}/revoke`)
    expect(revoked.status, revoked.text).toBe(200)
    expect(await sessions()).toEqual([])
    await dora.console.startSignIn()
    await expect(dora.page.locator("#social-partner")).toBeVisible()
  })
})

test.describe("the first login, where nobody is asked", () => {
  test.use({ policy: everyEffect(["first-broker-login"], byScope) })

  test("makes an account at once, after a confirmation, or not at all", async ({ visit, realm, partner }) => {
    const firstBrokerLoginFlow = await guardedCopy(realm, "first broker login", 15)
    await realm.admin.put(realm.path, { firstBrokerLoginFlow })
    const dora = await visit("dora")
    await signInThrough(dora, partner, "prod-console", { scope: scopeFor("deny") })
    await dora.waiting.expect("denied")
    await dora.waiting.press("Back to application")
    await dora.console.expectRefused("access_denied")

    await goThrough(dora, partner, "prod-console", { scope: scopeFor("step_up") })
    await dora.waiting.expect("denied")
    await expect(dora.waiting.root, "who has no account yet has no second factor").toContainText(
      "second factor",
    )
    await dora.waiting.press("Back to application")
    await dora.console.expectRefused("access_denied")

    await goThrough(dora, partner, "prod-console", { scope: scopeFor("confirm") })
    await dora.waiting.expect("confirm")
    await expect(dora.page.locator('.jit-changes [data-field="email"] .jit-value')).toHaveText([
      partner.home.address("dora"),
    ])
    await dora.page.locator("#jit-decline").click()
    await dora.console.expectRefused("access_denied")
    expect(await accounts(realm, "dora")).toEqual([])

    await goThrough(dora, partner, "prod-console", { scope: scopeFor("confirm") })
    await dora.waiting.press("Confirm")
    await dora.console.expectSignedIn("dora")
    expect(await accounts(realm, "dora")).toHaveLength(1)

    await partner.home.addUser("erin")
    const erin = await visit("erin")
    await signInThrough(erin, partner)
    await erin.console.expectSignedIn("erin")
    expect(await opened(realm)).toEqual([])
    const told = (await realm.admin.events(realm.name)).flatMap(({ details }) => details?.jit_event ?? [])
    expect(told.reverse()).toEqual(["denied_by_policy", "step_up_required", "declined", "confirmed"])
  })
})

test.describe("a first login that would be linked to an account", () => {
  test.use({
    policy: holds(
      "first-broker-login",
      { when: "has(change.before)", reason: '"Links to " + change.before.username[0]' },
      [{ user: "bob" }, { user: "carol" }],
    ),
  })

  test("cannot be approved by whose account it is", async ({ visit, carol, realm, partner }) => {
    const firstBrokerLoginFlow = await guardedCopy(realm, "first broker login", 15)
    await realm.admin.put(realm.path, { firstBrokerLoginFlow })
    const bob = await visit("bob")
    await signInThrough(bob, partner)
    await bob.waiting.expect("waiting")
    const request = await bob.waiting.requestId()

    const here = await visit("bob")
    await here.openReview(request)
    await here.review.expect("self")
    await expect(here.review.approveButton).toBeHidden()

    await carol.openReviewFromMail(request)
    await expect(carol.review.root).toContainText("Links to bob")
    await carol.review.approve()
    // Keycloak's own steps: whether it is to be linked, and then a proof that the account is theirs.
    await bob.page.locator("#linkAccount").click()
    await expect(bob.page.locator("body")).toContainText("An email with instructions to link")
    await bob.console.expectNobodySignedIn()
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  })
})

test.describe("what follows each login through the provider", () => {
  test.use({ policy: holds("post-broker-login", { when: 'target.?id.orValue("") == "partner"' }) })

  test.beforeEach(async ({ realm, partner }) => {
    const provider = `${realm.path}/identity-provider/instances/${partner.alias}`
    await realm.admin.put(provider, {
      ...(await realm.admin.get(provider)),
      postBrokerLoginFlowAlias: await checkpointOnly(realm, "after the partner"),
    })
    await link(realm, partner, "alice")
  })

  test("is held, whatever is tried, until bob approves", async ({ alice, bob, realm, partner, visit }) => {
    await signInThrough(alice, partner)
    await alice.waiting.expect("waiting")
    const request = await alice.waiting.requestId()
    const form = new URL((await alice.page.locator("#jit-page form").first().getAttribute("action")) ?? "")
    await alice.context.request.get(`${realm.url}/broker/after-post-broker-login${form.search}`)
    form.searchParams.set("session_code", "no")
    await alice.context.request.post(form.href, { form: { jit: "confirm", digest: "sha256:0" } })
    const elsewhere = await visit("alice")
    await elsewhere.page.goto(alice.page.url())
    await elsewhere.console.expectNobodySignedIn()
    await alice.console.expectNobodySignedIn()
    await alice.page.reload()
    await alice.waiting.expect("waiting")
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
  })

  test("is no part of a later login by cookie, which the flow's own checkpoint guards", async ({
    alice,
    bob,
    realm,
    partner,
  }) => {
    await signInThrough(alice, partner, "payroll")
    await alice.waiting.expect("waiting")
    await bob.approveFromMail(await alice.waiting.requestId())
    await alice.application("payroll").expectSignedIn("alice")
    const policy = JSON.parse(holds("post-broker-login"))
    policy.rules.push({ ...policy.rules[0], id: "login", on: ["login"], when: 'client.id == "prod-console"' })
    const { hash } = (await realm.status()).policy
    await realm.replacePolicy(JSON.stringify(policy), (now) => now.hash !== hash)
    await alice.console.startSignIn()
    await alice.waiting.expect("waiting")
    expect(await opened(realm)).toHaveLength(2)
  })
})

test.describe("what follows each login through the provider, where nobody is asked", () => {
  test.use({ policy: everyEffect(["post-broker-login"], byRole) })

  test("lets in at once, after a confirmation or a one-time code, or not at all", async ({
    visit,
    realm,
    partner,
  }) => {
    const flow = await checkpointOnly(realm, "after the partner")
    await addStepUp(realm, flow, 5)
    const provider = `${realm.path}/identity-provider/instances/${partner.alias}`
    await realm.admin.put(provider, {
      ...(await realm.admin.get(provider)),
      postBrokerLoginFlowAlias: flow,
    })
    await addUserWithDevice(realm, "olga")
    await partner.home.addUser("olga")
    await link(realm, partner, "olga")
    const become = await roleOf(realm, "olga")

    await become("deny")
    const olga = await visit("olga")
    await signInThrough(olga, partner)
    await olga.waiting.expect("denied")
    await olga.waiting.press("Back to application")
    await olga.console.expectRefused("access_denied")
    await become("confirm")
    await goThrough(olga, partner)
    await olga.waiting.expect("confirm")
    await olga.page.locator("#jit-decline").click()
    await olga.console.expectRefused("access_denied")
    await goThrough(olga, partner)
    await olga.waiting.press("Confirm")
    await olga.console.expectSignedIn("olga")

    await become("step_up")
    const stronger = await visit("olga")
    await signInThrough(stronger, partner)
    await stronger.page.locator("#otp").fill("000000")
    await stronger.page.locator("#kc-login").click()
    await expect(stronger.page.locator("#otp")).toHaveAttribute("aria-invalid", "true")
    await stronger.console.expectNobodySignedIn()
    await stronger.page.locator("#otp").fill(oneTimeCode())
    await stronger.page.locator("#kc-login").click()
    await stronger.console.expectSignedIn("olga")
    expect(await stronger.console.acr()).toBe("2")

    await become()
    const free = await visit("olga")
    await signInThrough(free, partner)
    await free.console.expectSignedIn("olga")
    expect(await opened(realm)).toEqual([])
  })
})

for (const protocol of /** @type {const} */ (["oidc", "saml"]))
  test.describe(`a known user through a provider that speaks ${protocol}`, () => {
    const { chains, rules } = JSON.parse(holds("login"))
    test.use({ protocol, policy: everyEffect(["login"], byScope, { chains, rules }) })

    test(`passes by the browser flow's checkpoint, but not by the required action: ${protocol}`, async ({
      alice,
      bob,
      realm,
      partner,
      visit,
    }) => {
      await link(realm, partner, "alice", protocol === "saml" ? "alice" : undefined)
      const before = await visit("alice")
      await signInThrough(before, partner)
      await before.console.expectSignedIn("alice")

      await realm.admin.put(realm.path, { browserFlow: "browser" })
      await guardByAction(realm)
      await signInThrough(alice, partner, "prod-console", { scope: scopeFor("deny") })
      await alice.waiting.expect("denied")
      await goThrough(alice, partner, "prod-console", { scope: scopeFor("step_up") })
      await alice.waiting.expect("denied")
      await expect(alice.waiting.root).toContainText("second factor")
      await goThrough(alice, partner, "prod-console", { scope: scopeFor("confirm") })
      await alice.waiting.expect("confirm")
      await goThrough(alice, partner)
      await alice.waiting.expect("waiting")
      await alice.console.expectNobodySignedIn()
      await bob.approveFromMail(await alice.waiting.requestId())
      await alice.console.expectSignedIn("alice")
    })
  })

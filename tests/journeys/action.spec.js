// The checkpoint as a required action: a door for every login, without a change to the realm's flows.
import { createHash, randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { deflateRawSync } from "node:zlib"
import { everybody, managerApproves } from "../harness/policies.js"
import { expect, test } from "../harness/test.js"

/** @typedef {import("../harness/realm.js").Realm} Realm */

test.use({ bare: true })

test.beforeEach(async ({ realm }) => {
  const made = await realm.admin.post(`${realm.path}/jit-approval/provision`, { required_action: true })
  expect(made.problems).toEqual([])
  expect(made.required_action).toBe(true)
  expect(made.browser_flow.bound).toBe("browser")
})

/** @param {Realm} realm @returns {Promise<string[]>} the requests that were opened in the realm */
async function opened(realm) {
  const events = await realm.admin.adminEvents(realm.name)
  return events
    .filter(({ resourceType, operationType }) => resourceType === "JIT_REQUEST" && operationType === "CREATE")
    .map(({ resourcePath }) => resourcePath)
}

/** @param {Realm} realm @param {string} policy */
async function replacePolicy(realm, policy) {
  const { hash } = (await realm.status()).policy
  await realm.replacePolicy(policy, (now) => now.hash !== hash)
}

/** @param {Realm} realm @param {Record<string, unknown>} change of the Production Console */
async function changeConsole(realm, change) {
  const [client] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
  await realm.admin.put(`${realm.path}/clients/${client.id}`, {
    ...client,
    ...change,
    attributes: { ...client.attributes, ...(change.attributes ?? {}) },
  })
  return client.secret
}

test("alice is held, bob approves, and alice goes on", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  const logins = (await realm.admin.events(realm.name)).filter(
    ({ type, details }) => type === "LOGIN" && details?.jit_request === request,
  )
  expect(logins.map(({ details }) => details.jit_event)).toEqual(["approved"])
})

test("after a denial the page says so, and then the client is told", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.openReviewFromMail(request)
  await bob.review.deny()
  await alice.waiting.expect("denied")
  await alice.page.reload()
  await alice.waiting.expect("denied")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  const told = (await realm.admin.events(realm.name)).find(
    ({ type, details }) => type === "LOGIN_ERROR" && details?.jit_request === request,
  )
  expect(told).toMatchObject({ error: "access_denied", details: { jit_event: "denied" } })
})

test("alice cancels, and is told what became of it", async ({ alice, realm }) => {
  const request = await alice.signInAndWait()
  await alice.waiting.press("Cancel request")
  await alice.waiting.expect("cancelled")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
  expect(await realm.kinds(request)).toEqual(["opened", "cancelled"])
})

test("a sign-in with a single sign-on cookie is held too", async ({ alice, bob }) => {
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  await bob.approveFromMail(await alice.waiting.requestId())
  await alice.console.expectSignedIn("alice")
})

test("a single sign-on session that ends while alice waits does not lead in", async ({
  alice,
  bob,
  realm,
}) => {
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  const request = await alice.waiting.requestId()
  const { id } = await realm.admin.user(realm.name, "alice")
  await realm.admin.post(`${realm.path}/users/${id}/logout`)
  await bob.approveFromMail(request)
  await alice.waiting.expect("session-lost")
  await alice.console.expectNobodySignedIn()
  await alice.console.startSignIn()
  await alice.login.signIn("alice")
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
})

test("prompt=none opens nothing and spends nothing", async ({ alice, bob, realm }) => {
  await alice.signInTo("payroll")
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn({ prompt: "none" })
  await alice.console.expectRefused("interaction_required")
  expect(await opened(realm)).toEqual([])
  const told = (await realm.admin.events(realm.name)).filter(
    ({ details }) => details?.jit_event === "interaction_required",
  )
  expect(told).toHaveLength(1)

  await alice.console.startSignIn()
  await alice.waiting.expect("waiting")
  const request = await alice.waiting.requestId()
  await alice.page.goto("about:blank")
  await bob.approveFromMail(request)
  await alice.console.startSignIn({ prompt: "none" })
  await alice.console.expectRefused("interaction_required")
  expect(await realm.kinds(request)).toEqual(["opened", "approved"])
  await alice.application("payroll").startSignIn({ prompt: "none" })
  await alice.application("payroll").expectSignedIn("alice")
  await alice.console.startSignIn()
  await alice.console.expectSignedIn("alice")
})

test("the poll keeps a login alive beyond the lifespan of required actions", async ({
  alice,
  bob,
  realm,
}) => {
  await realm.admin.put(realm.path, { accessCodeLifespanUserAction: 6 })
  const request = await alice.signInAndWait()
  await alice.page.waitForTimeout(12_000)
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
})

test("the password grant is refused where approval is needed", async ({ realm }) => {
  const secret = await changeConsole(realm, { directAccessGrantsEnabled: true })
  const grant = () =>
    fetch(`${realm.url}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "password",
        client_id: "prod-console",
        client_secret: secret,
        username: "alice",
        password: "alice",
      }),
    })
  expect((await grant()).status).toBe(200)
  await replacePolicy(realm, managerApproves({ rule: { on: ["direct-grant"] } }))
  const refused = await grant()
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ error: "invalid_grant" })
  expect(await opened(realm)).toEqual([])
})

test("service accounts are not held", async ({ realm }) => {
  await replacePolicy(realm, managerApproves({ rule: { when: "true", reason: '"All."' } }))
  const secret = await changeConsole(realm, { serviceAccountsEnabled: true })
  const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "prod-console",
      client_secret: secret,
    }),
  })
  expect(answer.status).toBe(200)
})

test.describe("under a policy that holds everybody everywhere", () => {
  test.use({ policy: managerApproves({ rule: { when: "true", reason: '"All."' } }) })

  test("approvers are not held, and get neither code nor session", async ({ alice, bob }) => {
    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
    await bob.page.goto(`${bob.realm.url}/jit-approval/inbox`)
    await bob.login.signIn("bob")
    await expect(bob.page.locator("#jit-inbox")).toBeVisible()
    expect(await bob.cookieNames()).not.toContain("KEYCLOAK_IDENTITY")
  })
})

test.describe("under a policy that asks to confirm", () => {
  test.use({ policy: everybody("confirm") })

  test("alice confirms and goes on, or does not and is refused", async ({ alice }) => {
    await alice.signInTo("prod-console")
    await alice.waiting.expect("confirm")
    await alice.page.locator("#jit-decline").click()
    await alice.console.expectRefused("access_denied")
    await alice.console.startSignIn()
    await alice.login.signIn("alice")
    await alice.waiting.expect("confirm")
    await alice.waiting.press("Confirm")
    await alice.console.expectSignedIn("alice")
  })
})

test.describe("under a policy that denies", () => {
  test.use({ policy: everybody("deny") })

  test("alice is shown why, and prompt=none is told that there is something to show", async ({ alice }) => {
    await alice.signInTo("prod-console")
    await alice.waiting.expect("denied")
    await alice.waiting.press("Back to application")
    await alice.console.expectRefused("access_denied")
    await alice.signInTo("payroll")
    await alice.application("payroll").expectSignedIn("alice")
    await alice.console.startSignIn({ prompt: "none" })
    await alice.console.expectRefused("interaction_required")
  })
})

test.describe("what does not lead past it", () => {
  /** @param {import("../harness/person.js").Person} person */
  const formAction = async (person) =>
    (await person.page.locator("#jit-page form").first().getAttribute("action")) ?? ""

  /**
   * @param {import("../harness/person.js").Person} person @param {string} url @param {Record<string, string>} form
   */
  const post = (person, url, form) => person.context.request.post(url, { form, maxRedirects: 5 })

  test("kc_action with its name, nor cancelling it", async ({ alice, bob, realm }) => {
    await alice.console.startSignIn({ kc_action: "jit-gate" })
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    const request = await alice.waiting.requestId()
    await post(alice, await formAction(alice), { "cancel-aia": "true" })
    await alice.console.expectNobodySignedIn()
    await alice.page.reload()
    await alice.waiting.expect("waiting")
    await alice.console.expectNobodySignedIn()
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
  })

  test("another action of the account that the address asks for", async ({ alice, bob }) => {
    await alice.console.startSignIn({ kc_action: "UPDATE_PASSWORD" })
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    await post(alice, await formAction(alice), { "cancel-aia": "true" })
    await alice.console.expectNobodySignedIn()
    await bob.approveFromMail(await alice.waiting.requestId())
    await expect(alice.page.locator("#password-new")).toBeVisible()
    await alice.console.expectNobodySignedIn()
    await alice.page.locator('[name="cancel-aia"]').click()
    await alice.console.expectSignedIn("alice")
  })

  for (const execution of ["UPDATE_PASSWORD", "OAUTH_GRANT", "jit-inbox", "VERIFY_PROFILE"]) {
    test(`the form's address with execution=${execution}`, async ({ alice }) => {
      await alice.signInAndWait()
      const url = new URL(await formAction(alice))
      url.searchParams.set("execution", execution)
      await post(alice, url.href, { accept: "Yes", jit: "continue" })
      await alice.console.expectNobodySignedIn()
      await alice.page.reload()
      await alice.waiting.expect("waiting")
    })
  }

  test("the consent's address, with the session code or without", async ({ alice, bob }) => {
    const request = await alice.signInAndWait()
    const url = new URL(await formAction(alice))
    const code = url.searchParams.get("session_code") ?? ""
    url.pathname = url.pathname.replace("required-action", "consent")
    await post(alice, url.href, { accept: "Yes" })
    await post(alice, url.href.replace("/consent", "/%63onsent"), { accept: "Yes" })
    await post(alice, url.href.replace("/consent", "/consent;a=b"), { accept: "Yes" })
    await post(alice, url.href.replace("/consent", "/consent/"), { accept: "Yes" })
    await post(alice, url.href, { accept: "Yes", session_code: "" })
    await post(alice, url.href, { accept: "Yes", session_code: "no" })
    await post(alice, url.href, { accept: "Yes", session_code: code })
    await alice.context.request.post(url.href)
    await alice.context.request.post(url.href, { multipart: { accept: "Yes" } })
    await alice.console.expectNobodySignedIn()

    await bob.openReviewFromMail(request)
    const review = new URL((await bob.page.locator("#jit-review form").first().getAttribute("action")) ?? "")
    review.pathname = review.pathname.replace("required-action", "consent")
    await post(bob, review.href, { accept: "Yes" })
    expect(await bob.cookieNames()).not.toContain("KEYCLOAK_IDENTITY")
  })

  test("a consent that is asked for comes after it, and works", async ({ alice, bob, realm }) => {
    await changeConsole(realm, { consentRequired: true })
    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await alice.page.locator("#kc-login").click()
    await alice.console.expectSignedIn("alice")
  })

  test("a GET, a form from elsewhere, or a session code that was used", async ({ alice, realm }) => {
    const request = await alice.signInAndWait()
    const url = await formAction(alice)
    await alice.context.request.get(`${url}&jit=cancel`)
    await alice.context.request.post(url, {
      form: { jit: "cancel" },
      headers: { "sec-fetch-site": "cross-site" },
    })
    expect(await realm.kinds(request)).toEqual(["opened"])
    await post(alice, url, { jit: "continue" })
    await post(alice, url, { jit: "continue" })
    await alice.console.expectNobodySignedIn()
    expect(await realm.kinds(request)).toEqual(["opened"])
  })

  test("a restart, nor a second tab", async ({ alice, bob, realm }) => {
    const request = await alice.signInAndWait()
    const tab = await alice.newTab()
    await tab.signInTo()
    await tab.waiting.expect("waiting")
    expect(await tab.waiting.requestId()).toBe(request)
    const tabId = new URL(alice.page.url()).searchParams.get("tab_id")
    await alice.page.goto(
      `${realm.url}/login-actions/restart?client_id=prod-console&tab_id=${tabId}&skip_logout=true`,
    )
    await alice.login.signIn("alice")
    await alice.waiting.expect("waiting")
    await bob.approveFromMail(request)
    await Promise.any([alice.console.expectSignedIn("alice"), tab.console.expectSignedIn("alice")])
    await expect.poll(() => realm.kinds(request)).toEqual(["opened", "approved", "used"])
  })

  test("changed facts after the approval was spent", async ({ alice, bob, realm }) => {
    await replacePolicy(
      realm,
      managerApproves({ rule: { when: 'client.id == "prod-console" && user.email != ""' } }),
    )
    await realm.admin.changeUser(realm.name, "alice", { requiredActions: ["UPDATE_PROFILE"] })
    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await expect(alice.page.locator("#email")).toBeVisible()
    await alice.console.expectNobodySignedIn()
    await alice.page.locator("#email").fill(`else@${realm.name}.example`)
    await alice.page.locator('[type="submit"]').click()
    await alice.waiting.expect("waiting")
    expect(await alice.waiting.requestId()).not.toBe(request)
    await alice.console.expectNobodySignedIn()
  })
})

test("with the checkpoint in the flow as well, alice is asked once", async ({ alice, bob, realm }) => {
  const both = await realm.admin.post(`${realm.path}/jit-approval/provision`, { bind_browser_flow: true })
  expect(both.browser_flow.guarded).toBe(true)
  expect(both.required_action).toBe(true)
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  expect(await opened(realm)).toHaveLength(1)
})

test("with the checkpoint in the flow as well, and another action in between, alice is asked once", async ({
  alice,
  bob,
  realm,
}) => {
  await realm.admin.post(`${realm.path}/jit-approval/provision`, { bind_browser_flow: true })
  await realm.admin.changeUser(realm.name, "alice", { requiredActions: ["UPDATE_PASSWORD"] })
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.page.locator("#password-new").fill("another")
  await alice.page.locator("#password-confirm").fill("another")
  await alice.page.locator('[type="submit"]').click()
  await alice.console.expectSignedIn("alice")
  expect(await opened(realm)).toHaveLength(1)
})

test("one that is disabled or gone is reported", async ({ realm }) => {
  await realm.admin.changeRequiredAction(realm.name, "jit-gate", { enabled: false })
  const disabled = await realm.status()
  expect(disabled.ready).toBe(false)
  expect(disabled.problems.join()).toContain("the required action jit-gate is disabled")
  await realm.admin.delete(`${realm.path}/authentication/required-actions/jit-gate`)
  expect((await realm.status()).problems.join()).toContain("the required action jit-gate is not registered")
})

test.describe("the device grant", () => {
  /** @param {Realm} realm */
  async function startDevice(realm) {
    const secret = await changeConsole(realm, {
      attributes: {
        "oauth2.device.authorization.grant.enabled": "true",
        "oauth2.device.polling.interval": "1",
      },
    })
    const client = { client_id: "prod-console", client_secret: secret }
    const verifier = randomBytes(32).toString("base64url")
    const challenge = createHash("sha256").update(verifier).digest("base64url")
    const started = await fetch(`${realm.url}/protocol/openid-connect/auth/device`, {
      method: "POST",
      body: new URLSearchParams({
        ...client,
        scope: "openid",
        code_challenge: challenge,
        code_challenge_method: "S256",
      }),
    })
    const { device_code, verification_uri_complete } = /** @type {any} */ (await started.json())
    /** @returns {Promise<string>} "token", or the error; a device that asks too soon asks again */
    const poll = async () => {
      const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
        method: "POST",
        body: new URLSearchParams({
          ...client,
          grant_type: "urn:ietf:params:oauth:grant-type:device_code",
          device_code,
          code_verifier: verifier,
        }),
      })
      const body = /** @type {any} */ (await answer.json())
      if (body.error === "slow_down") {
        await sleep(1_200)
        return poll()
      }
      return answer.ok ? "token" : body.error
    }
    return { verification: verification_uri_complete, poll }
  }

  test("waits with the person who verifies it, and gets its token", async ({ alice, bob, realm }) => {
    const device = await startDevice(realm)
    await alice.openAsApprover(device.verification)
    await alice.waiting.expect("waiting")
    expect(await device.poll()).toBe("authorization_pending")
    await bob.approveFromMail(await alice.waiting.requestId())
    await alice.page.locator("#kc-login").click()
    await expect.poll(device.poll).toBe("token")
  })

  test("is refused when the person is", async ({ alice, bob, realm }) => {
    const device = await startDevice(realm)
    await alice.openAsApprover(device.verification)
    await alice.waiting.expect("waiting")
    await bob.openReviewFromMail(await alice.waiting.requestId())
    await bob.review.deny()
    await alice.waiting.expect("denied")
    expect(await device.poll()).toBe("authorization_pending")
    await alice.waiting.press("Back to application")
    await expect.poll(device.poll).toBe("access_denied")
  })
})

test.describe("a SAML login", () => {
  const SP = "urn:example:sp"

  /** @param {Realm} realm @param {boolean} [passive] @returns {Promise<{ url: string, acs: string }>} */
  async function samlLogin(realm, passive = false) {
    const acs = `${realm.party.url}/saml`
    if (!(await realm.admin.get(`${realm.path}/clients?clientId=${SP}`)).length)
      await realm.admin.post(`${realm.path}/clients`, {
        clientId: SP,
        protocol: "saml",
        redirectUris: [acs],
        attributes: { "saml.client.signature": "false", "saml.force.post.binding": "true" },
      })
    const request = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_${randomBytes(8).toString("hex")}"
      Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${realm.url}/protocol/saml" IsPassive="${passive}"
      AssertionConsumerServiceURL="${acs}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${SP}</saml:Issuer>
      </samlp:AuthnRequest>`
    const encoded = deflateRawSync(request).toString("base64")
    return { url: `${realm.url}/protocol/saml?${new URLSearchParams({ SAMLRequest: encoded })}`, acs }
  }

  /** @param {import("@playwright/test").Page} page @param {string} acs @returns {Promise<string>} the status of the answer */
  async function answered(page, acs) {
    const sent = await page.waitForRequest((request) => request.method() === "POST" && request.url() === acs)
    const response = new URLSearchParams(sent.postData() ?? "").get("SAMLResponse") ?? ""
    const codes = Buffer.from(response, "base64")
      .toString()
      .matchAll(/StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:(\w+)"/g)
    return [...codes].map(([, code]) => code).join(" ")
  }

  test.use({ policy: managerApproves({ rule: { when: `client.id == "${SP}"`, reason: '"SAML."' } }) })

  test("is held, and goes on", async ({ alice, bob, realm }) => {
    const { url, acs } = await samlLogin(realm)
    await alice.openAsApprover(url)
    await alice.waiting.expect("waiting")
    const answer = answered(alice.page, acs)
    await bob.approveFromMail(await alice.waiting.requestId())
    expect(await answer).toBe("Success")
  })

  test("is refused, and a passive one opens nothing", async ({ alice, bob, realm }) => {
    const { url, acs } = await samlLogin(realm)
    await alice.openAsApprover(url)
    await alice.waiting.expect("waiting")
    await bob.openReviewFromMail(await alice.waiting.requestId())
    await bob.review.deny()
    await alice.waiting.expect("denied")
    const denied = answered(alice.page, acs)
    await alice.waiting.press("Back to application")
    expect(await denied).toBe("Responder RequestDenied")

    const tab = await alice.newTab()
    await tab.signInTo("payroll")
    await tab.application("payroll").expectSignedIn("alice")
    const passive = await samlLogin(realm, true)
    const silent = answered(tab.page, passive.acs)
    await tab.page.goto(passive.url)
    expect(await silent).toContain("NoPassive")
    expect(await opened(realm)).toHaveLength(1)
  })
})

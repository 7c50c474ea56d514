// The required action where a login is no ordinary OpenID Connect one: the device grant, and SAML.
import { createHash, randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { deflateRawSync } from "node:zlib"
import { managerApproves } from "../harness/policies.js"
import { changeConsole, guardByAction, opened } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

test.use({ bare: true })

test.beforeEach(({ realm }) => guardByAction(realm))

test.describe("the device grant", () => {
  /** @param {import("../harness/realm.js").Realm} realm */
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

  /** @param {import("../harness/realm.js").Realm} realm @param {boolean} [passive] @returns {Promise<{ url: string, acs: string }>} */
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

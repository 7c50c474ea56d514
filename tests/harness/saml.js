// A SAML service provider, as far as a login needs one: its request, and what Keycloak answers.
import { randomBytes } from "node:crypto"
import { deflateRawSync } from "node:zlib"

/** The service provider's entity id. */
export const SP = "urn:example:sp"

/**
 * Makes the service provider where it is not there yet, and a login request of it.
 *
 * @param {import("./realm.js").Realm} realm @param {boolean} [passive] whether nothing may be asked
 * @returns {Promise<{ url: string, acs: string }>} where the browser goes, and where the answer is sent
 */
export async function samlLogin(realm, passive = false) {
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
export async function answered(page, acs) {
  const sent = await page.waitForRequest((request) => request.method() === "POST" && request.url() === acs)
  // What comes next must not cut this navigation off.
  await page.waitForURL(acs)
  const response = new URLSearchParams(sent.postData() ?? "").get("SAMLResponse") ?? ""
  const codes = Buffer.from(response, "base64")
    .toString()
    .matchAll(/StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:(\w+)"/g)
  return [...codes].map(([, code]) => code).join(" ")
}

// One realm as the identity provider of another, on the same server.
import { Realm, withoutCheckpoint } from "./realm.js"

/** @typedef {{ alias: string, home: Realm, close: () => Promise<void> }} Provider */

/** @param {Realm} realm @param {Realm} home @param {string} alias @param {string} endpoint */
async function openid(realm, home, alias, endpoint) {
  const secret = `${alias}-secret`
  await home.admin.post(`${home.path}/clients`, { clientId: alias, secret, redirectUris: [endpoint] })
  const protocol = `${home.url}/protocol/openid-connect`
  return {
    issuer: home.url,
    authorizationUrl: `${protocol}/auth`,
    tokenUrl: `${protocol}/token`,
    jwksUrl: `${protocol}/certs`,
    useJwksUrl: "true",
    validateSignature: "true",
    clientId: alias,
    clientSecret: secret,
    clientAuthMethod: "client_secret_post",
    defaultScope: "openid profile email",
  }
}

/** @param {Realm} realm @param {Realm} home @param {string} endpoint */
async function saml(realm, home, endpoint) {
  await home.admin.post(`${home.path}/clients`, {
    clientId: realm.url,
    protocol: "saml",
    redirectUris: [endpoint],
    attributes: {
      "saml.client.signature": "false",
      "saml.force.post.binding": "true",
      saml_name_id_format: "username",
      saml_force_name_id_format: "true",
      saml_assertion_consumer_url_post: endpoint,
    },
  })
  const descriptor = await (await fetch(`${home.url}/protocol/saml/descriptor`)).text()
  return {
    entityId: realm.url,
    idpEntityId: home.url,
    singleSignOnServiceUrl: `${home.url}/protocol/saml`,
    postBindingResponse: "true",
    postBindingAuthnRequest: "true",
    nameIDPolicyFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    principalType: "SUBJECT",
    validateSignature: "true",
    signingCertificate: /<ds:X509Certificate>([^<]+)</.exec(descriptor)?.[1] ?? "",
  }
}

/**
 * Makes a realm with people of its own, who may sign in to another one through it.
 *
 * @param {Realm} realm that they sign in to
 * @param {{ servers: any, protocol?: "oidc" | "saml", settings?: Record<string, unknown> }} options `settings`: of the provider
 * @returns {Promise<Provider>}
 */
export async function addIdentityProvider(realm, { servers, protocol = "oidc", settings = {} }) {
  const alias = "partner"
  const home = await Realm.create({ ...servers, name: `${realm.name}-home`, change: withoutCheckpoint })
  const endpoint = `${realm.url}/broker/${alias}/endpoint`
  const config =
    protocol === "oidc" ? await openid(realm, home, alias, endpoint) : await saml(realm, home, endpoint)
  await realm.admin.post(`${realm.path}/identity-provider/instances`, {
    alias,
    displayName: "Partner",
    providerId: protocol,
    enabled: true,
    trustEmail: true,
    config: { syncMode: "IMPORT", ...config },
    ...settings,
  })
  return { alias, home, close: () => home.close() }
}

/** Links an account to one of the same name at the provider, as its first login would have done. @param {Realm} realm
 *  @param {Provider} provider @param {string} username @param {string} [subject] of the name at the provider
 */
export async function link(realm, { alias, home }, username, subject) {
  const { id } = await realm.admin.user(realm.name, username)
  const userId = subject ?? (await home.admin.user(home.name, username)).id
  await realm.admin.post(`${realm.path}/users/${id}/federated-identity/${alias}`, {
    userId,
    userName: username,
  })
}

/** Signs in at an application through the provider. @param {import("./person.js").Person} person @param {Provider} provider
 *  @param {string} [clientId] @param {Record<string, string>} [parameters] of the authorization request
 */
export async function signInThrough(person, provider, clientId = "prod-console", parameters = {}) {
  await goThrough(person, provider, clientId, parameters)
  await person.login.signIn(person.username)
}

/** The same for somebody whom the provider has signed in before. @param {import("./person.js").Person} person
 *  @param {Provider} provider @param {string} [clientId] @param {Record<string, string>} [parameters]
 */
export async function goThrough(person, { alias }, clientId = "prod-console", parameters = {}) {
  await person.application(clientId).startSignIn(parameters)
  await person.page.locator(`#social-${alias}`).click()
}

// An application whose sessions can rest on an approval, and that keeps its tokens where a test can see them.
import { createHash, randomBytes } from "node:crypto"
import { Caller } from "./caller.js"
import { managerApproves } from "./policies.js"
import { eventually } from "./processes.js"
import { addApplication } from "./tokens.js"

/** @typedef {import("./realm.js").Realm} Realm */
/** @typedef {import("./person.js").Person} Person */

/** Nothing listens there; the test takes the code off the address. */
const REDIRECT_URI = "http://localhost/callback"
const SECRET = "reporting-secret"

/** What the token endpoint answered. @typedef {{ status: number, body: any }} Answer */

/**
 * Holds sign-ins to the two applications for the manager; carol alone is let in.
 *
 * @param {unknown} grant of the rule
 */
export function managerGrants(grant) {
  return managerApproves({
    rule: { id: "reports", when: 'client.id in ["reports", "ledger"] && user.username != "carol"', grant },
  })
}

/** Has the tokens of an application say what they rest on. @param {Realm} realm @param {string} id Keycloak's own of the client */
export async function tellFacts(realm, id) {
  await realm.admin.post(`${realm.path}/jit-approval/provision`, {})
  const scopes = await realm.admin.get(`${realm.path}/client-scopes`)
  const facts = scopes.find((/** @type {any} */ { name }) => name === "jit-approval-facts")
  await realm.admin.put(`${realm.path}/clients/${id}/default-client-scopes/${facts.id}`, {})
}

/** One browser's sign-ins to a confidential application. */
export class Reporting {
  #verifier = ""
  #listening = false
  /** @type {string | undefined} */
  #returned

  /** @param {Person} person @param {string} clientId */
  constructor(person, clientId) {
    this.person = person
    this.realm = person.realm
    this.clientId = clientId
  }

  /** @param {Realm} realm @param {string} clientId @param {Record<string, unknown>} [client] */
  static add(realm, clientId, client = {}) {
    // Only whom a token is for may introspect it.
    const audience = {
      name: "audience",
      protocol: "openid-connect",
      protocolMapper: "oidc-audience-mapper",
      config: {
        "included.client.audience": clientId,
        "access.token.claim": "true",
        "introspection.token.claim": "true",
      },
    }
    return addApplication(realm, clientId, {
      client: { publicClient: false, secret: SECRET, protocolMappers: [audience], ...client },
    })
  }

  /** One whose tokens say what they rest on. @param {Realm} realm @param {string} clientId */
  static async addWithFacts(realm, clientId) {
    await tellFacts(realm, await Reporting.add(realm, clientId))
  }

  /** Begins a sign-in. @param {string} [scope] */
  async start(scope = "openid") {
    this.#verifier = randomBytes(32).toString("base64url")
    this.#returned = undefined
    this.#listen()
    const url = new URL(`${this.realm.url}/protocol/openid-connect/auth`)
    url.search = new URLSearchParams({
      client_id: this.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: "code",
      scope,
      code_challenge: createHash("sha256").update(this.#verifier).digest("base64url"),
      code_challenge_method: "S256",
    }).toString()
    // Where nothing holds the sign-in, the browser ends at the address at which nothing listens.
    const open = () =>
      this.person.page.goto(url.href).catch((error) => {
        if (!this.#returned) throw error
      })
    // Nobody answers at the address that a browser is sent back to: the page that says so may come only now, from the sign-in before.
    await open().catch((error) => {
      if (!/interrupted by another navigation/.test(error.message)) throw error
      return open()
    })
  }

  /** Keeps the address that the browser is sent back to. */
  #listen() {
    if (this.#listening) return
    this.#listening = true
    this.person.page.on("request", (request) => {
      if (request.url().startsWith(REDIRECT_URI)) this.#returned = request.url()
    })
  }

  /** Waits until the browser is back, and gets the tokens. @returns {Promise<any>} */
  async finish() {
    const returned = await eventually("the way back to the application", () => this.#returned, {
      timeout: 20_000,
    })
    const code = new URL(returned).searchParams.get("code") ?? ""
    const { status, body } = await this.ask({
      grant_type: "authorization_code",
      redirect_uri: REDIRECT_URI,
      code_verifier: this.#verifier,
      code,
    })
    if (status !== 200) throw new Error(`no tokens: ${JSON.stringify(body)}`)
    return body
  }

  /** Signs in, where the policy holds it, and has bob approve. @param {string} [scope] */
  async approved(scope) {
    await this.start(scope)
    await this.person.login.signIn(this.person.username)
    return this.#approvedNow()
  }

  /** Goes on where a sign-in is held already. */
  async #approvedNow() {
    await this.person.waiting.expect("waiting")
    const request = await this.person.waiting.requestId()
    const bob = await Caller.create("bob", this.realm)
    await bob.vote(request, "approve")
    await bob.dispose()
    return { request, tokens: await this.finish() }
  }

  /** @param {Record<string, string>} form @param {string} [path] @returns {Promise<Answer>} */
  async ask(form, path = "token") {
    const answer = await fetch(`${this.realm.url}/protocol/openid-connect/${path}`, {
      method: "POST",
      body: new URLSearchParams({ client_id: this.clientId, client_secret: SECRET, ...form }),
    })
    return { status: answer.status, body: await answer.json() }
  }

  /** @param {string} token */
  refresh(token) {
    return this.ask({ grant_type: "refresh_token", refresh_token: token })
  }

  /** @param {string} token */
  async introspect(token) {
    return (await this.ask({ token }, "token/introspect")).body
  }
}

import { randomBytes } from "node:crypto"
import { createServer } from "node:http"
import * as openid from "openid-client"
import { missingPage, refusedPage, signedInPage, signedOutPage, startPage } from "./pages.js"

/**
 * @typedef {{ clientId: string, clientSecret: string, name: string, about: string }} Application
 * @typedef {{ username: string, name: string, email: string, acr: string, at: string }} Person
 * @typedef {{ pending: Map<string, { verifier: string, nonce: string }>, person?: Person, idToken?: string }} Visit
 */

/** What a sign-in may ask of Keycloak beyond the usual: `/prod-console/login?prompt=none`. */
const PASSED_ON = ["prompt", "max_age", "acr_values", "login_hint", "kc_action", "scope"]

/** Applications that sign people in with Keycloak: the authorization code flow with PKCE, and nothing kept on disk. */
export class RelyingParty {
  /** @type {Map<string, Visit>} by the value of the browser's cookie */
  #visits = new Map()
  /** @type {Map<string, Promise<openid.Configuration>>} */
  #configurations = new Map()
  #server = createServer((request, response) => {
    this.#answer(request, response).catch((error) => {
      response
        .writeHead(500, { "content-type": "text/plain" })
        .end(`The application failed: ${error.message}\n`)
    })
  })

  /** @param {string} issuer @param {Application[]} applications */
  constructor(issuer, applications) {
    this.issuer = issuer
    this.applications = applications
    this.url = ""
  }

  /**
   * @param {{ issuer: string, applications: Application[], port: number }} settings `issuer`: the realm's address;
   *   `port`: 0 for any
   */
  static async start({ issuer, applications, port }) {
    const party = new RelyingParty(issuer, applications)
    await new Promise((resolve, reject) => {
      party.#server.once("error", reject).listen(port, "127.0.0.1", () => resolve(undefined))
    })
    const address = /** @type {import("node:net").AddressInfo} */ (party.#server.address())
    party.url = `http://localhost:${address.port}`
    return party
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #answer(request, response) {
    const url = new URL(request.url ?? "/", this.url)
    const [, clientId, step = ""] = url.pathname.split("/")
    const application = this.applications.find((one) => one.clientId === clientId)
    if (!clientId) return html(response, 200, startPage(this.applications))
    if (!application) return html(response, 404, missingPage(`There is no application ${clientId}.`))

    const visit = this.#visit(application, request, response)
    switch (`${request.method} ${step}`) {
      case "GET ":
        return html(
          response,
          200,
          visit.person ? signedInPage(application, visit.person) : signedOutPage(application),
        )
      case "GET login":
        return redirect(response, await this.#login(application, visit, url.searchParams))
      case "GET callback":
        return this.#callback(application, visit, url, response)
      case "POST logout":
        return redirect(response, await this.#logout(application, visit))
      default:
        return html(response, 404, missingPage("There is no such page."))
    }
  }

  /** The visit that the browser's cookie names, or a new one. */
  #visit(
    /** @type {Application} */ application,
    /** @type {import("node:http").IncomingMessage} */ request,
    /** @type {import("node:http").ServerResponse} */ response,
  ) {
    // Cookies don't tell ports apart, and one browser meets several of these servers in the tests.
    const cookie = `rp_${new URL(this.url).port}_${application.clientId}`
    const known = request.headers.cookie?.match(new RegExp(`(?:^|; )${cookie}=([\\w-]+)`))?.[1]
    const found = known && this.#visits.get(known)
    if (found) return found
    const id = randomBytes(24).toString("base64url")
    /** @type {Visit} */
    const visit = { pending: new Map() }
    this.#visits.set(id, visit)
    response.setHeader("set-cookie", `${cookie}=${id}; Path=/${application.clientId}; HttpOnly; SameSite=Lax`)
    return visit
  }

  /** @param {Application} application */
  #configuration({ clientId, clientSecret }) {
    let configuration = this.#configurations.get(clientId)
    if (!configuration) {
      // Plain HTTP is for this demo on one machine; production speaks HTTPS.
      const execute = [openid.allowInsecureRequests]
      configuration = openid.discovery(new URL(this.issuer), clientId, clientSecret, undefined, { execute })
      configuration.catch(() => this.#configurations.delete(clientId))
      this.#configurations.set(clientId, configuration)
    }
    return configuration
  }

  /** @param {Application} application */
  #callbackUrl(application) {
    return `${this.url}/${application.clientId}/callback`
  }

  /** @param {Application} application @param {Visit} visit @param {URLSearchParams} asked */
  async #login(application, visit, asked) {
    const configuration = await this.#configuration(application)
    const state = openid.randomState()
    const verifier = openid.randomPKCECodeVerifier()
    const nonce = openid.randomNonce()
    visit.pending.set(state, { verifier, nonce })
    const parameters = new URLSearchParams({
      redirect_uri: this.#callbackUrl(application),
      scope: "openid profile email",
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    })
    for (const name of PASSED_ON) {
      const value = asked.get(name)
      if (value !== null) parameters.set(name, value)
    }
    return openid.buildAuthorizationUrl(configuration, parameters).href
  }

  /** @param {Application} application @param {Visit} visit @param {URL} url @param {import("node:http").ServerResponse} response */
  async #callback(application, visit, url, response) {
    const state = url.searchParams.get("state") ?? ""
    const pending = visit.pending.get(state)
    if (!pending) return html(response, 400, refusedPage(application, "not_started_here"))
    visit.pending.delete(state)
    try {
      const configuration = await this.#configuration(application)
      const tokens = await openid.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
      })
      const claims = tokens.claims()
      visit.idToken = tokens.id_token
      visit.person = {
        username: String(claims?.preferred_username ?? claims?.sub),
        name: String(claims?.name ?? ""),
        email: String(claims?.email ?? ""),
        acr: String(claims?.acr ?? ""),
        at: new Date().toLocaleTimeString("en-GB"),
      }
      return redirect(response, `/${application.clientId}`)
    } catch (error) {
      if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
        return html(response, 403, refusedPage(application, error.error, error.error_description))
      }
      throw error
    }
  }

  /** @param {Application} application @param {Visit} visit */
  async #logout(application, visit) {
    const { idToken } = visit
    delete visit.person
    delete visit.idToken
    if (!idToken) return `/${application.clientId}`
    const configuration = await this.#configuration(application)
    return openid.buildEndSessionUrl(configuration, {
      id_token_hint: idToken,
      post_logout_redirect_uri: `${this.url}/${application.clientId}`,
    }).href
  }
}

/** @param {import("node:http").ServerResponse} response @param {number} status @param {string} body */
function html(response, status, body) {
  response
    .writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
    .end(body)
}

/** @param {import("node:http").ServerResponse} response @param {string} location */
function redirect(response, location) {
  response.writeHead(303, { location, "cache-control": "no-store" }).end()
}

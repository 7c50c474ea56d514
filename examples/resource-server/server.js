import { createServer } from "node:http"
import { createRemoteJWKSet, errors, jwtVerify } from "jose"
import { Refusal, requireApproval } from "./approval.js"

/** @typedef {import("./approval.js").Demand} Demand */

/**
 * An API with one resource, `GET /reports`. It asks Keycloak nothing but its keys: what it has to know of an approval stands in the token.
 */
export class ResourceServer {
  #server = createServer((request, response) => {
    this.#answer(request, response).catch((error) => {
      response
        .writeHead(500, { "content-type": "application/json" })
        .end(JSON.stringify({ error: error.message }))
    })
  })

  /** @param {{ issuer: string, audience: string, demand: Demand }} settings */
  constructor({ issuer, audience, demand }) {
    this.issuer = issuer
    this.audience = audience
    this.demand = demand
    this.keys = createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`))
    this.url = ""
  }

  /**
   * @param {{ issuer: string, audience: string, demand?: Demand, port: number }} settings `issuer`: the realm's address; `audience`: what
   *   stands for this API in `aud`; `port`: 0 for any
   */
  static async start({ issuer, audience, demand = {}, port }) {
    const server = new ResourceServer({ issuer, audience, demand })
    await new Promise((resolve, reject) => {
      server.#server.once("error", reject).listen(port, "127.0.0.1", () => resolve(undefined))
    })
    const address = /** @type {import("node:net").AddressInfo} */ (server.#server.address())
    server.url = `http://localhost:${address.port}`
    return server
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #answer(request, response) {
    if (request.method !== "GET" || request.url !== "/reports")
      return json(response, 404, { error: "not_found" })
    try {
      const approval = await this.#approval(request.headers.authorization)
      return json(response, 200, { reports: ["The disks are full."], approved_by_rule: approval.rule })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return json(response, error.status, error.parameters, {
        "www-authenticate": challenge(error.parameters),
      })
    }
  }

  /** @param {string | undefined} authorization */
  async #approval(authorization) {
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? "")?.[1]
    // RFC 6750, section 3.1: who sent no token is told of no error.
    if (!token) throw new Refusal(401, "", "")
    return requireApproval(await this.#claims(token), this.demand, Math.floor(Date.now() / 1000))
  }

  /** @param {string} token */
  async #claims(token) {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.issuer,
        audience: this.audience,
        algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        requiredClaims: ["exp"],
      })
      // Keycloak's ID tokens are signed with the same keys.
      if (payload.typ !== "Bearer") throw new Refusal(401, "invalid_token", "this is no access token")
      return payload
    } catch (error) {
      // The keys could not be had: that is no fault of the token.
      if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) throw error
      throw new Refusal(401, "invalid_token", error.message)
    }
  }
}

/** @param {Record<string, string>} parameters */
function challenge(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value)
  return ["Bearer", given.map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, "'")}"`).join(", ")]
    .join(" ")
    .trim()
}

/**
 * @param {import("node:http").ServerResponse} response @param {number} status @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
function json(response, status, body, headers = {}) {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers })
    .end(JSON.stringify(body))
}

import { createHash, randomBytes } from "node:crypto"

/** Where the applications of the API's journeys are sent back to; nothing listens there, the code is read off the address. */
const REDIRECT_URI = "http://localhost/callback"

/** What a token endpoint answered. @typedef {{ access_token: string, refresh_token?: string, id_token?: string, scope: string }} Tokens */

/** A browser without pages: keeps cookies, follows nothing by itself. */
export class CookieJar {
  /** @type {Map<string, string>} */
  #cookies = new Map()

  /** @param {{ name: string, value: string }[]} cookies */
  constructor(cookies = []) {
    for (const { name, value } of cookies) this.#cookies.set(name, value)
  }

  /** @param {string | URL} url @param {RequestInit} [init] */
  async fetch(url, init = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ")
    const answer = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name) this.#cookies.set(name, value)
    }
    return answer
  }
}

/**
 * Makes a public application that people sign in to with code and PKCE.
 *
 * @param {import("./realm.js").Realm} realm @param {string} clientId
 * @param {{ scopes?: string[], client?: Record<string, unknown> }} [options] `scopes`: optional client scopes that it may ask for
 */
export async function addApplication(realm, clientId, { scopes = [], client = {} } = {}) {
  await realm.admin.post(`${realm.path}/clients`, {
    clientId,
    publicClient: true,
    standardFlowEnabled: true,
    redirectUris: [REDIRECT_URI],
    webOrigins: [],
    ...client,
  })
  const [{ id }] = await realm.admin.get(`${realm.path}/clients?clientId=${clientId}`)
  const known = await realm.admin.get(`${realm.path}/client-scopes`)
  for (const name of scopes) {
    const scope = known.find((/** @type {any} */ scope) => scope.name === name)
    await realm.admin.put(`${realm.path}/clients/${id}/optional-client-scopes/${scope.id}`, {})
  }
  return id
}

/**
 * Signs somebody in with their password (which is the name), as a browser would.
 *
 * @param {import("./realm.js").Realm} realm @param {string} username @param {string} clientId
 * @param {{ scope?: string, cookies?: { name: string, value: string }[], jar?: CookieJar, secret?: string,
 *   parameters?: Record<string, string> }} [options] `cookies`: of a session that there is already; `jar`: a browser that is used
 *   again, instead
 * @returns {Promise<Tokens>}
 */
export async function signIn(
  realm,
  username,
  clientId,
  { scope = "openid jit:decide", cookies, jar = new CookieJar(cookies), secret, parameters } = {},
) {
  const verifier = randomBytes(32).toString("base64url")
  const start = new URL(`${realm.url}/protocol/openid-connect/auth`)
  start.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    response_type: "code",
    scope,
    state: randomBytes(8).toString("hex"),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...parameters,
  }).toString()
  let answer = await jar.fetch(start)
  const page = await answer.text()
  const form = /<form[^>]+id="kc-form-login"[^>]*action="([^"]+)"/.exec(page)
  if (form) {
    answer = await jar.fetch(form[1].replaceAll("&amp;", "&"), {
      method: "POST",
      body: new URLSearchParams({ username, password: username }),
    })
  }
  const location = answer.headers.get("location") ?? ""
  const code = location.startsWith(REDIRECT_URI) && new URL(location).searchParams.get("code")
  if (!code) throw new Error(`${username} did not come back with a code but ${answer.status} ${location}`)
  return tokens(realm, {
    grant_type: "authorization_code",
    client_id: clientId,
    ...(secret ? { client_secret: secret } : {}),
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
    code,
  })
}

/**
 * Asks the token endpoint.
 *
 * @param {import("./realm.js").Realm} realm @param {Record<string, string>} form
 * @returns {Promise<Tokens>}
 */
export async function tokens(realm, form) {
  const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  })
  if (!answer.ok) throw new Error(`the token endpoint answered ${answer.status}: ${await answer.text()}`)
  return /** @type {Promise<Tokens>} */ (answer.json())
}

/** @param {string} token @returns {any} the claims, unverified */
export function claims(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString())
}

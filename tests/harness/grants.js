// The token endpoint as programs use it: what they are answered, errors too.
import { createSign, generateKeyPairSync, randomUUID } from "node:crypto"
import { expect } from "@playwright/test"
import { eventually } from "./processes.js"
import { changeConsole } from "./required-action.js"
import { signIn } from "./tokens.js"

/** @typedef {import("./realm.js").Realm} Realm */

/** An answer of the token endpoint. @typedef {{ status: number, body: any, challenge: string | null }} Answer */

/**
 * Something that can be asked for as often as one likes, with other parameters.
 *
 * @typedef {(more?: Record<string, string>) => Promise<Answer>} Attempt
 */

export const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
export const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
export const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"

/**
 * A policy with one rule for the Production Console at these doors; bob approves.
 *
 * @param {string | string[]} on @param {string} effect @param {{ rule?: Record<string, unknown>, chain?: Record<string, unknown> }} [more]
 */
export function ruleOn(on, effect, { rule = {}, chain = {} } = {}) {
  return JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "machines",
    chains: { bob: { ...chain, stages: [{ name: "bob", approvers: [{ user: "bob" }], timeout: "15m" }] } },
    rules: [
      {
        id: `${effect}-${on}`.replaceAll(/[^\w-]/g, "-"),
        on: [on].flat(),
        when: 'client.id == "prod-console"',
        effect,
        ...(effect === "require_approval" ? { chain: "bob" } : {}),
        ...(effect === "step_up" ? { acr: "2" } : {}),
        ...rule,
      },
    ],
  })
}

/** @param {Realm} realm @param {Record<string, string>} form @param {string} [path] @returns {Promise<Answer>} */
export async function ask(realm, form, path = "token") {
  const answer = await fetch(`${realm.url}/protocol/openid-connect/${path}`, {
    method: "POST",
    body: new URLSearchParams(form),
  })
  return {
    status: answer.status,
    body: await answer.json(),
    challenge: answer.headers.get("www-authenticate"),
  }
}

/**
 * Asks again until a grant that ends by itself is over.
 *
 * @param {() => Promise<Answer>} attempt that goes well until then @param {string[]} [errors] any of which may be the refusal's
 * @returns {Promise<Answer>} the refusal
 */
export async function refusedOnceOver(attempt, errors = ["invalid_grant"]) {
  const again = async () => {
    const answer = await attempt()
    return answer.status !== 200 && answer
  }
  const refused = await eventually("the end of the grant", again, { timeout: 40_000, interval: 1_000 })
  expect(refused.status, JSON.stringify(refused.body)).toBe(400)
  expect(errors).toContain(refused.body.error)
  return refused
}

/**
 * Lets the Production Console use a grant, before a policy is on it.
 *
 * @param {Realm} realm @param {Record<string, unknown>} [change] of the client
 */
async function consoleWith(realm, change = {}) {
  const client_secret = await changeConsole(realm, change)
  return { client_id: "prod-console", client_secret }
}

/** The doors at which a program asks for a token by itself, with what each of them needs. @type {Record<string, (realm: Realm, username?: string) => Promise<Attempt>>} */
export const DOORS = {
  "direct-grant": async (realm, username = "alice") => {
    const client = await consoleWith(realm, { directAccessGrantsEnabled: true })
    return (more) => ask(realm, { grant_type: "password", ...client, username, password: username, ...more })
  },

  "client-credentials": async (realm) => {
    const client = await consoleWith(realm, { serviceAccountsEnabled: true })
    return (more) => ask(realm, { grant_type: "client_credentials", ...client, ...more })
  },

  "token-refresh": async (realm, username = "alice") => {
    const client = await consoleWith(realm, { redirectUris: ["http://localhost/callback"] })
    const { refresh_token } = await signIn(realm, username, "prod-console", {
      scope: "openid address phone microprofile-jwt",
      secret: client.client_secret,
    })
    return (more) =>
      ask(realm, { grant_type: "refresh_token", ...client, refresh_token: refresh_token ?? "", ...more })
  },

  "token-exchange": async (realm, username = "alice") => {
    const client = await consoleWith(realm, {
      redirectUris: ["http://localhost/callback"],
      attributes: { "standard.token.exchange.enabled": "true" },
    })
    const { access_token } = await signIn(realm, username, "prod-console", {
      scope: "openid",
      secret: client.client_secret,
    })
    return (more) =>
      ask(realm, {
        grant_type: EXCHANGE,
        ...client,
        subject_token: access_token,
        subject_token_type: ACCESS_TOKEN,
        ...more,
      })
  },

  "jwt-grant": async (realm, username = "alice") => {
    const client = await consoleWith(realm, {
      attributes: {
        "oauth2.jwt.authorization.grant.enabled": "true",
        "oauth2.jwt.authorization.grant.idp": "partner",
      },
    })
    const issuer = await trustedIssuer(realm, username)
    return (more) => ask(realm, { grant_type: JWT_BEARER, ...client, assertion: issuer(), ...more })
  },
}

/**
 * An issuer that the realm trusts with a user.
 *
 * @param {Realm} realm @param {string} username @returns {Promise<() => string>} makes a new assertion
 */
async function trustedIssuer(realm, username) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const issuer = "https://partner.example"
  await realm.admin.post(`${realm.path}/identity-provider/instances`, {
    alias: "partner",
    providerId: "jwt-authorization-grant",
    enabled: true,
    config: {
      issuer,
      jwtAuthorizationGrantEnabled: "true",
      useJwksUrl: "false",
      validateSignature: "true",
      publicKeySignatureVerifier: publicKey.export({ type: "spki", format: "pem" }).toString(),
    },
  })
  const { id } = await realm.admin.user(realm.name, username)
  await realm.admin.post(`${realm.path}/users/${id}/federated-identity/partner`, {
    identityProvider: "partner",
    userId: `partner-${username}`,
    userName: username,
  })
  return () => {
    const now = Math.floor(Date.now() / 1000)
    const encode = (/** @type {unknown} */ part) => Buffer.from(JSON.stringify(part)).toString("base64url")
    const unsigned = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({
      iss: issuer,
      sub: `partner-${username}`,
      aud: realm.url,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
    })}`
    return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(privateKey, "base64url")}`
  }
}

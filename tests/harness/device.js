// A device without a browser: RFC 8628.
import { createHash, randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { changeConsole } from "./required-action.js"

/**
 * Has a device of the Production Console ask to be let in.
 *
 * @param {import("./realm.js").Realm} realm
 */
export async function startDevice(realm) {
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

// Client-initiated backchannel authentication: a client that asks, and the device of who is asked.
import { once } from "node:events"
import { createServer } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { ask } from "./grants.js"
import { changeConsole } from "./required-action.js"

/** @typedef {import("./realm.js").Realm} Realm */
/** What a device is asked. @typedef {{ bearer: string, login_hint: string, binding_message?: string }} Question */

/** The authentication devices of everybody, behind Keycloak's own HTTP channel. */
export class AuthenticationDevices {
  /** @type {Question[]} */
  asked = []

  /** @param {import("node:http").Server} server */
  constructor(server) {
    this.server = server
  }

  /** @param {number} port that the server was started with */
  static async start(port) {
    const devices = new AuthenticationDevices(createServer())
    devices.server.on("request", async (request, answer) => {
      let text = ""
      for await (const chunk of request) text += chunk
      const bearer = (request.headers.authorization ?? "").replace("Bearer ", "")
      devices.asked.push({ ...JSON.parse(text), bearer })
      // Keycloak would keep the connection for the next test, whose devices are others at the same address.
      answer.writeHead(201, { connection: "close" }).end()
    })
    devices.server.listen(port, "127.0.0.1")
    await once(devices.server, "listening")
    return devices
  }

  /** What devices were asked in one test, by what its client says. @param {string} message @returns {Question[]} */
  about(message) {
    return this.asked.filter(({ binding_message }) => binding_message === message)
  }

  /**
   * Answers as the person with the device does.
   *
   * @param {Realm} realm @param {string} bearer @param {"SUCCEED" | "UNAUTHORIZED"} [status] @returns {Promise<number>} of the answer
   */
  async answer(realm, bearer, status = "SUCCEED") {
    const answer = await fetch(`${realm.url}/protocol/openid-connect/ext/ciba/auth/callback`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: JSON.stringify({ status }),
    })
    return answer.status
  }

  close() {
    this.server.closeAllConnections()
    return new Promise((closed) => this.server.close(closed))
  }
}

/**
 * Lets the Production Console ask for people.
 *
 * @param {Realm} realm
 * @returns {Promise<{ start: (message: string, more?: Record<string, string>) => ReturnType<typeof ask>,
 *   poll: (auth_req_id: string, more?: Record<string, string>) => ReturnType<typeof ask> }>} `poll`: a client that asks too soon asks again
 */
export async function cibaClient(realm) {
  await realm.admin.put(realm.path, { attributes: { cibaInterval: "1", cibaExpiresIn: "120" } })
  const client_secret = await changeConsole(realm, {
    attributes: { "oidc.ciba.grant.enabled": "true", "ciba.backchannel.token.delivery.mode": "poll" },
  })
  const client = { client_id: "prod-console", client_secret }
  /** @type {(auth_req_id: string, more?: Record<string, string>) => ReturnType<typeof ask>} */
  const poll = async (auth_req_id, more = {}) => {
    const form = { grant_type: "urn:openid:params:grant-type:ciba", ...client, auth_req_id, ...more }
    const answer = await ask(realm, form)
    if (answer.body.error !== "slow_down") return answer
    await sleep(1_200)
    return poll(auth_req_id, more)
  }
  return {
    start: (message, more = {}) =>
      ask(
        realm,
        { ...client, scope: "openid", login_hint: "alice", binding_message: message, ...more },
        "ext/ciba/auth",
      ),
    poll,
  }
}

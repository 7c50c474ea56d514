import { Caller } from "./caller.js"

/**
 * @typedef {{ status: number, headers: Headers, text: string, json: any }} Answer
 * @typedef {{ json?: unknown, body?: string, headers?: Record<string, string> }} Sent
 */

/** The application through which people of a realm get a token for its admin API. */
const CLIENT = "realm-desk"

/** Somebody who administers a realm with an account of that realm, and calls Keycloak's admin API. */
export class RealmAdmin {
  /** @param {import("./realm.js").Realm} realm @param {string} id @param {string} bearer @param {string} [username] */
  constructor(realm, id, bearer, username = "") {
    this.realm = realm
    this.id = id
    this.bearer = bearer
    this.username = username
    this.base = `${realm.server.url}/admin/realms/${realm.name}`
  }

  /**
   * A new user with these roles of the client `realm-management`.
   *
   * @param {import("./realm.js").Realm} realm @param {string} username @param {...string} roles
   */
  static async of(realm, username, ...roles) {
    const { admin, path } = realm
    await realm.addUser(username)
    const there = await admin.get(`${path}/clients?clientId=${CLIENT}`)
    if (there.length === 0)
      await admin.post(`${path}/clients`, {
        clientId: CLIENT,
        publicClient: true,
        standardFlowEnabled: false,
        directAccessGrantsEnabled: true,
        fullScopeAllowed: true,
      })
    const [management] = await admin.get(`${path}/clients?clientId=realm-management`)
    const user = await admin.user(realm.name, username)
    for (const role of roles) {
      const found = await admin.get(`${path}/clients/${management.id}/roles/${role}`)
      await admin.post(`${path}/users/${user.id}/role-mappings/clients/${management.id}`, [found])
    }
    return RealmAdmin.#signedIn(realm, user.id, username)
  }

  /** The same person, in another session. */
  signedInAnew() {
    return RealmAdmin.#signedIn(this.realm, this.id, this.username)
  }

  /** @param {import("./realm.js").Realm} realm @param {string} id @param {string} username */
  static async #signedIn(realm, id, username) {
    const answer = await fetch(`${realm.url}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "password", client_id: CLIENT, username, password: username }),
    })
    if (!answer.ok) throw new Error(`no token for ${username}: ${answer.status} ${await answer.text()}`)
    const { access_token } = /** @type {any} */ (await answer.json())
    return new RealmAdmin(realm, id, access_token, username)
  }

  /**
   * @param {string} method @param {string} path below the realm, or a whole address @param {Sent} [sent]
   * @returns {Promise<Answer>} whatever its status
   */
  async call(method, path, { json, body, headers = {} } = {}) {
    const answer = await fetch(path.startsWith("http") ? path : `${this.base}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.bearer}`,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: json === undefined ? body : JSON.stringify(json),
    })
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get("content-type") ?? "")
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson && text ? JSON.parse(text) : undefined,
    }
  }
}

/** Approves or denies in a browser session of its own. @param {import("./realm.js").Realm} realm @param {string} approver
 * @param {string} request @param {"approve" | "deny"} [decision] */
export async function decide(realm, approver, request, decision = "approve") {
  const caller = await Caller.create(approver, realm)
  try {
    await caller.vote(request, decision)
  } finally {
    await caller.dispose()
  }
}

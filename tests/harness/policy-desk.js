import { ADMIN } from "./keycloak.js"

/**
 * @typedef {{ status: number, headers: Headers, text: string, json: any }} Answer
 * @typedef {{ json?: unknown, yaml?: string, headers?: Record<string, string> }} Sent
 */

/** The application through which the people of a realm get a token for the admin API. */
const CLIENT = "policy-desk"

/**
 * @param {string} url of the server @param {string} realm @param {string} client @param {string} username @param {string} password
 * @returns {Promise<string>} an access token
 */
async function token(url, realm, client, username, password) {
  const answer = await fetch(`${url}/realms/${realm}/protocol/openid-connect/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", client_id: client, username, password }),
  })
  if (!answer.ok) throw new Error(`no token for ${username}: ${answer.status} ${await answer.text()}`)
  return /** @type {any} */ (await answer.json()).access_token
}

/** @param {Promise<unknown>} made @returns {Promise<void>} what is there already is no error */
const unlessThere = (made) =>
  made.then(
    () => {},
    (error) => {
      if (error.status !== 409) throw error
    },
  )

/** Somebody at the part of the admin API that keeps a realm's policy. */
export class PolicyDesk {
  /** @param {string} base of the API @param {string} bearer */
  constructor(base, bearer) {
    this.base = base
    this.bearer = bearer
  }

  /**
   * The server's first admin, or another one of the realm master.
   *
   * @param {import("./realm.js").Realm} realm @param {string} [url] of one node
   * @param {{ username: string, password: string }} [credentials]
   */
  static async ofAdmin(realm, url = realm.server.url, { username, password } = ADMIN) {
    const bearer = await token(url, "master", "admin-cli", username, password)
    return new PolicyDesk(`${url}/admin/realms/${realm.name}/jit-approval`, bearer)
  }

  /**
   * A new user of the realm with these roles of the client `jit-approval`.
   *
   * @param {import("./realm.js").Realm} realm @param {string} username @param {...string} roles
   */
  static async of(realm, username, ...roles) {
    const { admin, path } = realm
    await realm.addUser(username)
    await unlessThere(
      admin.post(`${path}/clients`, {
        clientId: CLIENT,
        publicClient: true,
        standardFlowEnabled: false,
        directAccessGrantsEnabled: true,
        fullScopeAllowed: true,
      }),
    )
    const [client] = await admin.get(`${path}/clients?clientId=jit-approval`)
    const user = await admin.user(realm.name, username)
    for (const role of roles) {
      await unlessThere(admin.post(`${path}/clients/${client.id}/roles`, { name: role }))
      const found = await admin.get(`${path}/clients/${client.id}/roles/${role}`)
      await admin.post(`${path}/users/${user.id}/role-mappings/clients/${client.id}`, [found])
    }
    const bearer = await token(realm.server.url, realm.name, CLIENT, username, username)
    return new PolicyDesk(`${realm.server.url}/admin/realms/${realm.name}/jit-approval`, bearer)
  }

  /** @param {string} method @param {string} path @param {Sent} [sent] @returns {Promise<Answer>} whatever its status */
  async call(method, path, { json, yaml, headers = {} } = {}) {
    const type = yaml !== undefined ? "application/yaml" : json !== undefined ? "application/json" : undefined
    const answer = await fetch(`${this.base}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.bearer}`,
        ...(type ? { "content-type": type } : {}),
        ...headers,
      },
      body: yaml ?? (json === undefined ? undefined : JSON.stringify(json)),
    })
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get("content-type") ?? "")
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    }
  }

  /** @param {string} path @param {Record<string, string>} [headers] */
  get(path, headers) {
    return this.call("GET", path, { headers })
  }

  /** @param {string} source @param {string} [comment] */
  put(source, comment) {
    return this.call("POST", "policies", { json: { source, comment } })
  }

  /** @param {number} version @param {Sent} [sent] */
  activate(version, sent) {
    return this.call("POST", `policies/${version}/activate`, sent)
  }

  /** @param {Sent} [sent] */
  rollback(sent) {
    return this.call("POST", "policies/rollback", sent)
  }
}

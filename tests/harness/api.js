/**
 * What an API answered.
 *
 * @typedef {{ status: number, headers: Headers, type: string, body: any, text: string }} Answer
 */

/** One of the two APIs, called by somebody with an access token. */
export class Api {
  /** @param {string} url @param {string | undefined} token */
  constructor(url, token) {
    this.url = url
    this.token = token
  }

  /** @param {import("./realm.js").Realm} realm @param {string} [token] */
  static admin(realm, token) {
    return new Api(`${realm.server.url}/admin/realms/${realm.name}/jit-approval`, token)
  }

  /** @param {import("./realm.js").Realm} realm @param {string} [token] */
  static people(realm, token) {
    return new Api(`${realm.url}/jit-approval`, token)
  }

  /**
   * @param {string} method @param {string} path below the API
   * @param {{ body?: unknown, raw?: string, headers?: Record<string, string> }} [options] `raw`: a body that is no JSON
   * @returns {Promise<Answer>}
   */
  async call(method, path, { body, raw, headers = {} } = {}) {
    const answer = await fetch(`${this.url}/${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined && raw === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    })
    const text = await answer.text()
    const type = answer.headers.get("content-type") ?? ""
    return {
      status: answer.status,
      headers: answer.headers,
      type,
      body: text && /[/+]json\b/.test(type) ? JSON.parse(text) : undefined,
      text,
    }
  }

  /** @param {string} path @param {Record<string, string>} [headers] */
  get(path, headers) {
    return this.call("GET", path, { headers })
  }

  /** @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] */
  post(path, body = {}, headers = {}) {
    return this.call("POST", path, { body, headers })
  }

  /** Walks through all pages of a list. @param {string} path @param {number} limit @returns {Promise<any[]>} */
  async all(path, limit) {
    const items = []
    let next = null
    do {
      const query = new URLSearchParams({ limit: String(limit), ...(next ? { cursor: next } : {}) })
      const { body } = await this.get(`${path}${path.includes("?") ? "&" : "?"}${query}`)
      items.push(...body.items)
      next = body.next
    } while (next)
    return items
  }
}

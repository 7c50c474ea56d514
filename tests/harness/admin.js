/** An answer of Keycloak's admin API that is no success. */
export class AdminError extends Error {
  /** @param {string} request @param {number} status @param {string} body */
  constructor(request, status, body) {
    super(`${request} answered ${status}: ${body}`)
    this.status = status
  }
}

/** Keycloak's admin API, as far as the demo and the journeys need it. */
export class AdminClient {
  /** @type {{ token: string, until: number } | undefined} */
  #token

  /** @param {string} url @param {{ username: string, password: string }} admin @param {string} [realm] the admin's */
  constructor(url, admin, realm = "master") {
    this.url = url
    this.realm = realm
    this.credentials = admin
  }

  /** @returns {Promise<string>} an access token that lives a while */
  async bearer() {
    if (this.#token && this.#token.until > Date.now()) return this.#token.token
    const answer = await fetch(`${this.url}/realms/${this.realm}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "password", client_id: "admin-cli", ...this.credentials }),
    })
    if (!answer.ok) throw new AdminError("the admin's token request", answer.status, await answer.text())
    const { access_token, expires_in } = /** @type {{ access_token: string, expires_in: number }} */ (
      await answer.json()
    )
    this.#token = { token: access_token, until: Date.now() + (expires_in - 10) * 1000 }
    return access_token
  }

  /**
   * @param {string} method @param {string} path below /admin/realms @param {unknown} [body]
   * @returns {Promise<any>} the JSON of the answer, or undefined where it has none
   */
  async request(method, path, body) {
    const answer = await fetch(`${this.url}/admin/realms${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.bearer()}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new AdminError(`${method} /admin/realms${path}`, answer.status, text)
    return text ? JSON.parse(text) : undefined
  }

  /**
   * @param {string} path below /admin/realms
   * @returns {Promise<string>} the body of the answer as it is
   */
  async text(path) {
    const answer = await fetch(`${this.url}/admin/realms${path}`, {
      headers: { authorization: `Bearer ${await this.bearer()}` },
    })
    const text = await answer.text()
    if (!answer.ok) throw new AdminError(`GET /admin/realms${path}`, answer.status, text)
    return text
  }

  /** @param {string} path @returns {Promise<any[]>} the objects of an answer in NDJSON */
  async lines(path) {
    const text = await this.text(path)
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
  }

  /** @param {string} path */
  get(path) {
    return this.request("GET", path)
  }

  /** @param {string} path @param {unknown} [body] */
  post(path, body) {
    return this.request("POST", path, body)
  }

  /** @param {string} path @param {unknown} body */
  put(path, body) {
    return this.request("PUT", path, body)
  }

  /** @param {string} path */
  delete(path) {
    return this.request("DELETE", path)
  }

  /**
   * @param {string} realm @param {string} username
   * @returns {Promise<any>} the user's representation
   */
  async user(realm, username) {
    const [user] = await this.get(`/${realm}/users?exact=true&username=${encodeURIComponent(username)}`)
    if (!user) throw new Error(`there is no user ${username} in the realm ${realm}`)
    return user
  }

  /**
   * @param {string} realm @param {string} username @param {Record<string, unknown>} change
   */
  async changeUser(realm, username, change) {
    const user = await this.user(realm, username)
    await this.put(`/${realm}/users/${user.id}`, { ...user, ...change })
  }

  /**
   * @param {string} realm @param {string} username
   * @returns {Promise<{ name: string, value: string }[]>} the cookies of a session in the user's name
   */
  async impersonate(realm, username) {
    const { id } = await this.user(realm, username)
    const answer = await fetch(`${this.url}/admin/realms/${realm}/users/${id}/impersonation`, {
      method: "POST",
      headers: { authorization: `Bearer ${await this.bearer()}` },
    })
    if (!answer.ok)
      throw new AdminError(`the impersonation of ${username}`, answer.status, await answer.text())
    return answer.headers.getSetCookie().flatMap((cookie) => {
      const [, name, value] = /^([^=]+)=([^;]+)/.exec(cookie) ?? []
      return name && value ? [{ name, value }] : []
    })
  }

  /**
   * @param {string} realm @param {string} alias @param {Record<string, unknown>} change
   */
  async changeRequiredAction(realm, alias, change) {
    const path = `/${realm}/authentication/required-actions/${alias}`
    await this.put(path, { ...(await this.get(path)), ...change })
  }

  /** @param {string} realm @returns {Promise<any[]>} user events, newest first */
  events(realm) {
    return this.get(`/${realm}/events?max=100`)
  }

  /** @param {string} realm @returns {Promise<any[]>} admin events, newest first */
  adminEvents(realm) {
    return this.get(`/${realm}/admin-events?max=100`)
  }
}

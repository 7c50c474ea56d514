import { request as requests } from "@playwright/test"
import { NODE_HEADER } from "./load-balancer.js"

/** @typedef {{ action: string, fields: Record<string, string> }} Form */

const ENTITIES = { "&amp;": "&", "&quot;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">" }

/** @param {string} text */
const decoded = (text) =>
  text.replaceAll(/&(?:amp|quot|#39|lt|gt);/g, (entity) => ENTITIES[/** @type {"&amp;"} */ (entity)])

/** @param {string} tag @returns {Record<string, string>} */
const attributes = (tag) =>
  Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, decoded(value)]),
  )

/**
 * A form of one of Keycloak's pages, with what its hidden fields hold.
 *
 * @param {string} html @param {string} marker what stands in the form and in no other
 * @returns {Form}
 */
export function formWith(html, marker) {
  const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? []
  const form = forms.find((text) => text.includes(marker))
  if (!form) throw new Error(`the page has no form with ${marker}:\n${html}`)
  const hidden = [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => attributes(tag))
  return {
    action: attributes(/<form[^>]*>/.exec(form)?.[0] ?? "").action,
    fields: Object.fromEntries(hidden.map(({ name, value }) => [name, value ?? ""])),
  }
}

/** @param {string} html @returns {string | undefined} the state of the extension's page, or nothing where it is another's */
export const stateOf = (html) => /data-state="([\w-]+)"/.exec(html)?.[1]

/**
 * Somebody who sends the forms of the pages without a browser to draw them: for what has to be done many times, or at the same
 * moment. Each has cookies of their own.
 */
export class Caller {
  /**
   * @param {string} username @param {import("./realm.js").Realm} realm
   * @param {import("@playwright/test").APIRequestContext} http
   */
  constructor(username, realm, http) {
    this.username = username
    this.realm = realm
    this.http = http
  }

  /** @param {string} username @param {import("./realm.js").Realm} realm @param {string} [node] of a cluster */
  static async create(username, realm, node) {
    const extraHTTPHeaders = node ? { [NODE_HEADER]: node } : undefined
    return new Caller(username, realm, await requests.newContext({ extraHTTPHeaders }))
  }

  /** @param {Form} form @param {Record<string, string>} [more] fields */
  send({ action, fields }, more = {}) {
    return this.http.post(action, { form: { ...fields, ...more } })
  }

  /** Opens an address and logs in. @param {string} url @param {string} [password] @returns {Promise<string>} the page that follows */
  async signInAt(url, password = this.username) {
    const login = await (await this.http.get(url)).text()
    const answer = await this.send(formWith(login, "kc-login"), { username: this.username, password })
    return answer.text()
  }

  /** @param {string} [clientId] @returns {Promise<string>} the page that follows */
  signInTo(clientId = "prod-console") {
    return this.signInAt(`${this.realm.party.url}/${clientId}/login`)
  }

  /** Signs in to an application where the policy holds it. @param {string} [clientId] */
  async signInAndWait(clientId) {
    const page = await this.signInTo(clientId)
    const id = /id="jit-request-id">\s*([\w-]+)\s*</.exec(page)?.[1]
    if (stateOf(page) !== "waiting" || !id) throw new Error(`the sign-in was not held:\n${page}`)
    const statusUrl = decoded(/data-status-url="([^"]+)"/.exec(page)?.[1] ?? "")
    return { id, statusUrl, cancel: formWith(page, 'value="cancel"') }
  }

  /** Opens the review page of a request. @param {string} requestId @returns {Promise<Form>} the ballot on it */
  async openReview(requestId) {
    const page = await this.signInAt(`${this.realm.url}/jit-approval/review/${requestId}`)
    return formWith(page, 'name="decision"')
  }

  /** Decides as an approver. @param {string} requestId @param {"approve" | "deny" | "report"} decision */
  async vote(requestId, decision) {
    const answer = await this.send(await this.openReview(requestId), { decision })
    const page = await answer.text()
    if (!page.includes('id="jit-done"')) throw new Error(`the vote was not taken:\n${page}`)
  }

  dispose() {
    return this.http.dispose()
  }
}

import { readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { RelyingParty } from "relying-party"
import { ROOT } from "./paths.js"
import { eventually } from "./processes.js"

const TEMPLATE = readFileSync(join(ROOT, "examples/demo/realm-demo.json"), "utf8")

/** The addresses that stand in the demo's realm file. */
const USUAL = { party: "http://localhost:3000", smtpPort: 1025 }

/** The applications of the demo, and what the start page says of them. */
const ABOUT = {
  "prod-console": "Needs the approval of your manager.",
  payroll: "Asks you to confirm.",
  archive: "Open to the security team only.",
}

export const CHEAP_HASHES = "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)"

/**
 * Takes out of a realm's representation all that has to do with approvals.
 *
 * @param {any} realm
 */
export function withoutCheckpoint(realm) {
  delete realm.browserFlow
  delete realm.authenticationFlows
  delete realm.requiredActions
  realm.clients = realm.clients.filter((/** @type {any} */ client) => client.clientId !== "jit-approval")
}

/** One realm with its applications and its policy. */
export class Realm {
  /**
   * @param {import("./keycloak.js").Keycloak} server @param {string} name @param {import("./mail.js").MailSink} mail
   * @param {RelyingParty} party
   */
  constructor(server, name, mail, party) {
    this.server = server
    this.name = name
    this.mail = mail
    this.party = party
    this.url = `${server.url}/realms/${name}`
    this.admin = server.admin
  }

  /**
   * Imports examples/demo/realm-demo.json under a name of its own.
   *
   * @param {{ server: import("./keycloak.js").Keycloak, mail: import("./mail.js").MailSink, name: string, policy?: string,
   *   partyPort?: number, change?: (realm: any) => void }} settings `policy`: YAML, unless
   *   the server has one for this realm; `change`: of the realm before its import
   */
  static async create({ server, mail, name, policy, partyPort = 0, change = () => {} }) {
    const template = JSON.parse(TEMPLATE)
    const applications = template.clients
      .filter((/** @type {any} */ client) => client.clientId in ABOUT)
      .map((/** @type {any} */ { clientId, secret, name }) => ({
        clientId,
        clientSecret: secret,
        name,
        about: ABOUT[/** @type {keyof typeof ABOUT} */ (clientId)],
      }))
    const party = await RelyingParty.start({
      issuer: `${server.url}/realms/${name}`,
      applications,
      port: partyPort,
    })
    const realm = new Realm(server, name, mail, party)
    if (policy !== undefined) realm.#save(policy)
    const imported = JSON.parse(
      TEMPLATE.replaceAll(USUAL.party, party.url)
        .replaceAll("/realms/demo/", `/realms/${name}/`)
        .replaceAll("@demo.example", `@${name}.example`),
    )
    Object.assign(imported, {
      realm: name,
      smtpServer: { ...imported.smtpServer, port: String(mail.smtpPort) },
      // A journey signs in a dozen times, and none of them is about how long a hash takes.
      passwordPolicy: CHEAP_HASHES,
    })
    change(imported)
    await server.admin.post("", imported)
    return realm
  }

  /** The folder below /admin/realms. */
  get path() {
    return `/${this.name}`
  }

  /** @param {string} username @returns {string} */
  address(username) {
    return `${username}@${this.name}.example`
  }

  get #policyFile() {
    if (!this.server.policies) throw new Error("the policies of this server are in its database")
    return join(this.server.policies, `${this.name}.yaml`)
  }

  /** Whole or not at all: the server must not read half a file. @param {string} policy */
  #save(policy) {
    const draft = `${this.#policyFile}.draft`
    writeFileSync(draft, policy)
    renameSync(draft, this.#policyFile)
  }

  /** @param {import("./admin.js").AdminClient} [admin] of one node @returns {Promise<any>} what the extension says of this realm */
  status(admin = this.admin) {
    return admin.get(`${this.path}/jit-approval/status`)
  }

  /** Adds a user whose password is the name. @param {string} username */
  addUser(username) {
    return this.admin.post(`${this.path}/users`, {
      username,
      enabled: true,
      email: `${encodeURIComponent(username).replaceAll("%", "-")}@${this.name}.example`,
      emailVerified: true,
      firstName: "Another",
      lastName: "Person",
      credentials: [{ type: "password", value: username, temporary: false }],
    })
  }

  /** Waits until the realm's policy decides. @param {import("./admin.js").AdminClient} [admin] of one node */
  async ready(admin = this.admin) {
    await eventually(
      `the policy of the realm ${this.name}`,
      async () => (await this.status(admin)).policy.hash,
    )
  }

  /**
   * Saves another policy and waits until the server has taken notice of it.
   *
   * @param {string} policy YAML
   * @param {(policy: any) => boolean} noticed of the status that the admin API tells
   */
  async replacePolicy(policy, noticed) {
    this.#save(policy)
    return eventually("the server's notice of the new policy", async () => {
      const status = await this.status()
      return noticed(status.policy) && status.policy
    })
  }

  /**
   * @param {string} requestId
   * @returns {Promise<any[]>} what happened to a request, oldest first, as the admin events tell it
   */
  async history(requestId) {
    return (await this.#told(requestId)).sort((one, other) => one.seq - other.seq)
  }

  /**
   * @param {string} [requestId] of one request only
   * @returns {Promise<any[]>} what the admin events tell of requests
   */
  async #told(requestId = "") {
    // In one page: Keycloak sorts them by time alone, so that two pages may hold the same event, and miss another.
    const events = await this.admin.get(`${this.path}/admin-events?max=10000`)
    return events
      .filter(
        (/** @type {any} */ { resourceType, resourcePath, operationType }) =>
          // An `ACTION` is an admin's call, whose effect is told as well.
          resourceType === "JIT_REQUEST" &&
          operationType !== "ACTION" &&
          resourcePath.includes(`/${requestId}`),
      )
      .map((/** @type {any} */ { representation }) => JSON.parse(representation))
  }

  /** @param {string} requestId @returns {Promise<string[]>} the kinds of a request's events, oldest first */
  async kinds(requestId) {
    return (await this.history(requestId)).map(({ event }) => event)
  }

  /** @returns {Promise<Record<string, string[]>>} the kinds of the events of every request, by its id, oldest first */
  async kindsOfAll() {
    /** @type {Record<string, string[]>} */
    const kinds = {}
    const told = await this.#told()
    for (const { id, event } of told.sort((one, other) => one.seq - other.seq)) (kinds[id] ??= []).push(event)
    return kinds
  }

  async close() {
    await this.party.stop()
  }

  /** The same, and removes the realm: with each that stays, the roles of the server's admin grow, and with them every one of their tokens. */
  async remove() {
    await this.close()
    await this.admin.delete(this.path)
  }
}

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
   * @param {{ server: import("./keycloak.js").Keycloak, mail: import("./mail.js").MailSink, name: string, policy: string,
   *   partyPort?: number, change?: (realm: any) => void }} settings `policy`: YAML; `change`: of the realm before its import
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
    realm.#save(policy)
    const imported = JSON.parse(
      TEMPLATE.replaceAll(USUAL.party, party.url)
        .replaceAll("/realms/demo/", `/realms/${name}/`)
        .replaceAll("@demo.example", `@${name}.example`),
    )
    Object.assign(imported, {
      realm: name,
      smtpServer: { ...imported.smtpServer, port: String(mail.smtpPort) },
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
    return join(this.server.policies, `${this.name}.yaml`)
  }

  /** Whole or not at all: the server must not read half a file. @param {string} policy */
  #save(policy) {
    const draft = `${this.#policyFile}.draft`
    writeFileSync(draft, policy)
    renameSync(draft, this.#policyFile)
  }

  /** @returns {Promise<any>} what the extension says of this realm */
  status() {
    return this.admin.get(`${this.path}/jit-approval/status`)
  }

  /**
   * Saves a policy and waits until the server has taken notice of it.
   *
   * @param {string} policy YAML
   * @param {(status: any) => boolean} noticed
   */
  async replacePolicy(policy, noticed) {
    this.#save(policy)
    return eventually("the server's notice of the new policy", async () => {
      const status = await this.status()
      return noticed(status) && status
    })
  }

  async close() {
    await this.party.stop()
  }
}

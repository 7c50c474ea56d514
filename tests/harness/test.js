import { test as base, expect } from "@playwright/test"
import { Person } from "./person.js"
import { managerApproves } from "./policies.js"
import { Realm, withoutCheckpoint } from "./realm.js"
import { sharedServers } from "./shared-servers.js"

/**
 * What a journey may ask for: `policy` and `bare` are set by `test.use`, the rest is there.
 *
 * @typedef {object} Journey
 * @property {string} policy of the journey's realm
 * @property {boolean} bare whether the realm starts out knowing nothing of approvals
 * @property {ReturnType<typeof sharedServers>} servers
 * @property {Realm} realm the journey's own
 * @property {(username: string, options?: import("@playwright/test").BrowserContextOptions) => Promise<Person>} visit opens a
 *   browser of its own for somebody
 * @property {Person} alice
 * @property {Person} bob
 * @property {Person} carol
 */

/**
 * @typedef {import("@playwright/test").PlaywrightTestArgs & import("@playwright/test").PlaywrightTestOptions} TestArgs
 * @typedef {import("@playwright/test").PlaywrightWorkerArgs & import("@playwright/test").PlaywrightWorkerOptions} WorkerArgs
 */

let realms = 0

/** @type {import("@playwright/test").Fixtures<Journey, {}, TestArgs, WorkerArgs>} */
const fixtures = {
  policy: [managerApproves(), { option: true }],
  bare: [false, { option: true }],

  // Playwright reads the names of what a fixture needs from this pattern, so that an empty one is not idle.
  servers: async ({}, use) => use(sharedServers()),

  realm: async ({ servers, policy, bare }, use, info) => {
    // No other journey has this name, so what Keycloak and the mail server keep under it is this journey's.
    const name = `j${info.workerIndex}-${++realms}`
    const realm = await Realm.create({
      ...servers,
      name,
      policy,
      change: bare ? withoutCheckpoint : undefined,
    })
    await realm.ready()
    await use(realm)
    // What a failed journey leaves behind is there to be looked at.
    await (info.status === info.expectedStatus ? realm.remove() : realm.close())
  },

  visit: async ({ browser, realm }, use) => {
    /** @type {import("@playwright/test").BrowserContext[]} */
    const contexts = []
    await use(async (username, options) => {
      const context = await browser.newContext(options)
      contexts.push(context)
      return new Person(username, realm, context, await context.newPage())
    })
    for (const context of contexts) await context.close()
  },

  alice: async ({ visit }, use) => use(await visit("alice")),
  bob: async ({ visit }, use) => use(await visit("bob")),
  carol: async ({ visit }, use) => use(await visit("carol")),
}

/** A journey: a realm of its own, and people with browsers of their own. */
export const test = base.extend(fixtures)

export { expect }

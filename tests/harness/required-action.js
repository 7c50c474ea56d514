// A realm whose gate is the required action: what its journeys have in common.
import { expect } from "@playwright/test"

/** @typedef {import("./realm.js").Realm} Realm */

/** Has every login of a realm pass the required action. @param {Realm} realm */
export async function guardByAction(realm) {
  const made = await realm.admin.post(`${realm.path}/jit-approval/provision`, { required_action: true })
  expect(made.problems).toEqual([])
  expect(made.required_action).toBe(true)
  expect(made.browser_flow.bound).toBe("browser")
}

/** @param {Realm} realm @returns {Promise<string[]>} the requests that were opened in the realm */
export async function opened(realm) {
  const events = await realm.admin.adminEvents(realm.name)
  return events
    .filter(({ resourceType, operationType }) => resourceType === "JIT_REQUEST" && operationType === "CREATE")
    .map(({ resourcePath }) => resourcePath)
}

/** @param {Realm} realm @param {string} policy */
export async function replacePolicy(realm, policy) {
  const { hash } = (await realm.status()).policy
  await realm.replacePolicy(policy, (now) => now.hash !== hash)
}

/** @param {Realm} realm @param {Record<string, unknown>} change of the Production Console */
export async function changeConsole(realm, change) {
  const [client] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
  await realm.admin.put(`${realm.path}/clients/${client.id}`, {
    ...client,
    ...change,
    attributes: { ...client.attributes, ...(change.attributes ?? {}) },
  })
  return client.secret
}

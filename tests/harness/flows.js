// Puts the checkpoint into a realm's flows where its own provisioning does not.

/** @typedef {import("./realm.js").Realm} Realm */

/**
 * Copies a flow of Keycloak's and puts the checkpoint into the copy's top level, required.
 *
 * @param {Realm} realm @param {string} flow alias of the flow @param {number} priority where: after the executions with a smaller one
 * @returns {Promise<string>} the copy's alias
 */
export async function guardedCopy(realm, flow, priority) {
  const alias = `${flow} with approval`
  const flows = `${realm.path}/authentication/flows`
  await realm.admin.post(`${flows}/${encodeURIComponent(flow)}/copy`, { newName: alias })
  await addCheckpoint(realm, alias, priority)
  return alias
}

/** A flow that is nothing but the checkpoint. @param {Realm} realm @param {string} alias */
export async function checkpointOnly(realm, alias) {
  await realm.admin.post(`${realm.path}/authentication/flows`, {
    alias,
    providerId: "basic-flow",
    topLevel: true,
    builtIn: false,
  })
  await addCheckpoint(realm, alias, 10)
  return alias
}

/** @param {Realm} realm @param {string} alias of the flow @param {number} priority */
async function addCheckpoint(realm, alias, priority) {
  const executions = `${realm.path}/authentication/flows/${encodeURIComponent(alias)}/executions`
  await realm.admin.post(`${executions}/execution`, { provider: "jit-approval" })
  const all = await realm.admin.get(executions)
  const added = all.find(
    (/** @type {any} */ { providerId, level }) => providerId === "jit-approval" && level === 0,
  )
  await realm.admin.put(executions, { ...added, requirement: "REQUIRED", priority })
}

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

/**
 * Puts a one-time code before the checkpoint of a flow, asked for where the policy demands level 2.
 *
 * @param {Realm} realm @param {string} alias of the flow @param {number} priority after the executions with a smaller one
 */
export async function addStepUp(realm, alias, priority) {
  const flows = `${realm.path}/authentication/flows`
  const executions = (/** @type {string} */ flow) => `${flows}/${encodeURIComponent(flow)}/executions`
  const stepUp = `step-up of ${alias}`
  const type = { type: "basic-flow", provider: "registration-page-form" }
  await realm.admin.post(`${executions(alias)}/flow`, { alias: stepUp, ...type })
  const all = await realm.admin.get(executions(alias))
  const added = all.find((/** @type {any} */ { displayName }) => displayName === stepUp)
  await realm.admin.put(executions(alias), { ...added, requirement: "CONDITIONAL", priority })
  for (const provider of ["jit-policy-condition", "auth-otp-form"])
    await realm.admin.post(`${executions(stepUp)}/execution`, { provider })
  for (const made of await realm.admin.get(executions(stepUp))) {
    await realm.admin.put(executions(stepUp), { ...made, requirement: "REQUIRED" })
    if (made.providerId === "jit-policy-condition")
      await realm.admin.post(`${realm.path}/authentication/executions/${made.id}/config`, {
        alias: `level 2 of ${realm.name} ${alias}`,
        config: { "jit-level": "2", "jit-max-age": "36000" },
      })
  }
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

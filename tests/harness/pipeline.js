/** A client with a service account that may store, activate and read policies, and nothing else. */
export const PIPELINE = { clientId: "pipeline", secret: "pipeline" }

/** What a pipeline needs of the client `jit-approval`, see docs/api.md. */
const ROLES = ["policy-editor", "policy-activator", "auditor"]

/**
 * Makes that client, and the roles where the realm has none of them yet.
 *
 * @param {import("./realm.js").Realm} realm
 */
export async function makePipeline({ admin, path, name }) {
  await admin.post(`${path}/jit-approval/provision`, {})
  await admin.post(`${path}/clients`, {
    ...PIPELINE,
    serviceAccountsEnabled: true,
    standardFlowEnabled: false,
  })
  await give(admin, path, await account(admin, path, PIPELINE.clientId), "jit-approval", ROLES)
  await give(admin, path, await account(admin, path, PIPELINE.clientId), "realm-management", ["view-realm"])
  return {
    JIT_POLICY_REALM: name,
    JIT_POLICY_AUTH_REALM: name,
    JIT_POLICY_CLIENT_ID: PIPELINE.clientId,
    JIT_POLICY_CLIENT_SECRET: PIPELINE.secret,
  }
}

/** @param {import("./admin.js").AdminClient} admin @param {string} path @param {string} clientId @returns {Promise<string>} */
async function account(admin, path, clientId) {
  const [client] = await admin.get(`${path}/clients?clientId=${clientId}`)
  return (await admin.get(`${path}/clients/${client.id}/service-account-user`)).id
}

/**
 * Gives somebody roles of a client.
 *
 * @param {import("./admin.js").AdminClient} admin @param {string} path @param {string} user id @param {string} clientId
 * @param {string[]} names
 */
export async function give(admin, path, user, clientId, names) {
  const [client] = await admin.get(`${path}/clients?clientId=${clientId}`)
  const roles = await admin.get(`${path}/clients/${client.id}/roles`)
  const wanted = roles.filter((/** @type {any} */ role) => names.includes(role.name))
  if (wanted.length !== names.length)
    throw new Error(`${clientId} lacks one of the roles ${names.join(", ")}`)
  await admin.post(`${path}/users/${user}/role-mappings/clients/${client.id}`, wanted)
}

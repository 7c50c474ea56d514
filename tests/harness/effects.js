// One policy with every effect that asks no approver, and what chooses between them: so that one journey sees them all.

/** @typedef {import("./realm.js").Realm} Realm */
/** @typedef {"deny" | "confirm" | "step_up"} Effect */

const EFFECTS = /** @type {const} */ (["deny", "confirm", "step_up"])

/** The optional client scope that stands for an effect. @type {Record<Effect, string>} */
const SCOPES = { deny: "address", confirm: "phone", step_up: "microprofile-jwt" }

/** By the scopes that the application asks for. @param {Effect} effect */
export const byScope = (effect) => `"${SCOPES[effect]}" in request.scopes`

/** By a role of whoever the step is about. @param {Effect} effect */
export const byRole = (effect) => `"${effect}" in user.?roles.orValue([])`

/** @param {Effect} [effect] @returns {string} what an application asks for to meet it */
export const scopeFor = (effect) => ["openid profile email", ...(effect ? [SCOPES[effect]] : [])].join(" ")

/**
 * A policy that allows, unless an effect is chosen.
 *
 * @param {string[]} on actions @param {(effect: Effect) => string} chosen the condition under which an effect is
 * @param {{ chains?: Record<string, unknown>, rules?: unknown[] }} [more] `rules`: after those of the effects
 */
export function everyEffect(on, chosen, { chains, rules = [] } = {}) {
  return JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "every-effect",
    combine: "first_match",
    ...(chains ? { chains } : {}),
    rules: [
      ...EFFECTS.map((effect) => ({
        id: effect.replace("_", "-"),
        on,
        when: chosen(effect),
        effect,
        ...(effect === "step_up" ? { acr: "2" } : {}),
      })),
      ...rules,
    ],
  })
}

/**
 * Has a person's role choose the effect, where it is {@link byRole}.
 *
 * @param {Realm} realm @param {string} username
 * @returns {Promise<(effect?: Effect) => Promise<void>>} gives them the role of one effect, or of none
 */
export async function roleOf(realm, username) {
  const { id } = await realm.admin.user(realm.name, username)
  const mappings = `${realm.path}/users/${id}/role-mappings/realm`
  const there = await realm.admin.get(`${realm.path}/roles`)
  for (const name of EFFECTS)
    if (!there.some((/** @type {any} */ role) => role.name === name))
      await realm.admin.post(`${realm.path}/roles`, { name })
  const roles = await Promise.all(EFFECTS.map((name) => realm.admin.get(`${realm.path}/roles/${name}`)))
  return async (effect) => {
    await realm.admin.request("DELETE", mappings, roles)
    const role = roles.filter(({ name }) => name === effect)
    if (role.length > 0) await realm.admin.post(mappings, role)
  }
}

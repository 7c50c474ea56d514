// The rules and contexts of `./jit bench engine`, made once for all contenders: a policy for the engine, and for the others its conditions.
//
// Conditions hold no regular expression, address, time zone or instant: the engine prepares those when it loads a policy, and its peers would
// pay for them in each evaluation.
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** @typedef {"allow" | "confirm" | "deny"} Effect */
/**
 * `when` without the guard; `guard` is what an index may be built on.
 * @typedef {{ id: string, effect: Effect, guard: { action: string, client: string | null }, when: string }} Rule
 */
/** @typedef {{ effect: Effect, rule: string }} Verdict */
/** @typedef {{ context: string, expect: Verdict }} Step */
/** @typedef {{ name: string, policy: string, rules: (Rule & { full: string })[], steps: Step[] }} Case */
/** @typedef {{ name: string, title: string, actions: number, clients: number, each: number, guarded?: false }} Layout */

/** The actions at which user, client and scopes are known. */
const ACTIONS = [
  "login",
  "reauthenticate",
  "post-broker-login",
  "direct-grant",
  "client-credentials",
  "token-refresh",
  "token-exchange",
  "jwt-grant",
  "device",
  "ciba",
]

/** Contexts of a case: an engine that kept its last answer would win nothing. */
const CONTEXTS = 8

/**
 * `each` rules stand for each pair of an action and a client, and so many are left where an index finds the pair. A larger realm has more
 * clients rather than more rules for each, so 10,000 rules leave as many as 1,000.
 *
 * @type {Layout[]}
 */
export const LAYOUTS = [
  { name: "1", title: "1 rule", actions: 1, clients: 1, each: 1 },
  { name: "10", title: "10 rules", actions: 5, clients: 2, each: 1 },
  { name: "100", title: "100 rules", actions: 10, clients: 10, each: 1 },
  { name: "1000", title: "1,000 rules", actions: 10, clients: 10, each: 10 },
  { name: "10000", title: "10,000 rules", actions: 10, clients: 100, each: 10 },
  {
    name: "100-open",
    title: "100 rules, nothing to skip",
    actions: 1,
    clients: 1,
    each: 100,
    guarded: false,
  },
]

/** @param {Layout} layout */
export const countOf = ({ actions, clients, each }) => actions * clients * each

/**
 * Conditions as policies have them. Every term but the last of each is true for the contexts below, so that none is decided early.
 *
 * @type {((n: number) => string)[]}
 */
const SHAPES = [
  (n) => `!user.federated && user.roles.exists(r, r == "auditor-${n}")`,
  (n) => `has(user.email) && user.email.endsWith("@example.org") && "/staff/team-${n}" in user.groups`,
  (n) =>
    `has(risk.failed_logins) && risk.failed_logins < 9 && client.attributes["tier"].exists(t, t == "t${n}")`,
  (n) => `request.ip.startsWith("203.0.") && !client.public && "scope-${n}" in request.scopes`,
]

/** What is true for all contexts. */
const MATCHES = `user.email_verified && "operator" in user.roles && !("/staff/oncall" in user.groups)`

/** @param {Rule} rule */
function fullCondition({ guard, when }) {
  const client = guard.client === null ? [] : [`client.id == "${guard.client}"`]
  return [`action == "${guard.action}"`, ...client, when].join(" && ")
}

/** @param {Layout} layout @returns {Rule[]} */
function rulesOf(layout) {
  const { actions, clients, each, guarded = true } = layout
  return Array.from({ length: countOf(layout) }, (_, n) => {
    const turn = Math.floor(n / (actions * clients))
    // The last rule of each pair matches, so that all of them have to be looked at.
    const matches = turn === each - 1
    return {
      id: `r${n}`,
      effect: matches ? "deny" : n % 2 === 0 ? "confirm" : "deny",
      guard: {
        action: ACTIONS[n % actions],
        client: guarded ? `app-${Math.floor(n / actions) % clients}` : null,
      },
      when: matches ? MATCHES : SHAPES[turn % SHAPES.length](n),
    }
  })
}

/** @param {Rule[]} rules */
function policyOf(rules) {
  const lines = rules.map(({ id, effect, guard, when }) => {
    const condition = guard.client === null ? when : `client.id == "${guard.client}" && ${when}`
    return `  - { id: ${id}, on: [${guard.action}], effect: ${effect}, when: '${condition}' }`
  })
  return ["apiVersion: jit-approval.dev/v1", "name: bench", "rules:", ...lines, ""].join("\n")
}

/** A person signs in, with as many roles and groups as people have. @param {number} n @param {string} client */
function contextOf(n, client) {
  return {
    action: "login",
    now: `2026-11-24T14:32:3${n}.000Z`,
    realm: { name: "acme" },
    flow: { alias: "browser" },
    client: { id: client, name: `Application ${client}`, public: false, attributes: { tier: ["1"] } },
    user: {
      id: `5b2b6f0e-6c1d-4f5e-9a77-0c9d1e2f3a4${n}`,
      username: `person-${n}`,
      email: `person-${n}@example.org`,
      email_verified: true,
      roles: ["offline_access", "uma_authorization", "default-roles-acme", "staff", "operator"],
      client_roles: { account: ["manage-account", "view-profile"], [client]: ["user"] },
      groups: ["/staff", "/staff/platform"],
      attributes: { manager: ["bob"], department: [`unit-${n}`] },
      federated: false,
      service_account: false,
    },
    request: {
      ip: `203.0.113.${n + 7}`,
      user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
      scopes: ["openid", "profile", "email"],
      headers: { "accept-language": "de-CH,de;q=0.9,en;q=0.8" },
    },
    session: { sso: false },
    risk: { failed_logins: 2, known_device: true },
  }
}

/** @param {Layout} layout @returns {Case} */
export function caseOf(layout) {
  const rules = rulesOf(layout)
  const clients = layout.guarded === false ? [null] : rules.map(({ guard }) => guard.client)
  const steps = Array.from({ length: CONTEXTS }, (_, n) => {
    const client = clients[(n * layout.actions) % clients.length]
    const rule = rules.findLast(({ guard }) => guard.action === "login" && guard.client === client)
    if (!rule) throw new Error(`no rule of ${layout.name} is for a login to ${client}`)
    return {
      context: JSON.stringify(contextOf(n, client ?? "app-0")),
      expect: { effect: rule.effect, rule: rule.id },
    }
  })
  const named = rules.map((rule) => ({ ...rule, full: fullCondition(rule) }))
  return { name: layout.name, policy: policyOf(rules), rules: named, steps }
}

/** Writes the cases as JSON, one file each. @param {string} folder @returns {Layout[]} what there is */
export function writeCases(folder) {
  mkdirSync(folder, { recursive: true })
  for (const layout of LAYOUTS) {
    writeFileSync(join(folder, `${layout.name}.json`), JSON.stringify(caseOf(layout)))
  }
  return LAYOUTS
}

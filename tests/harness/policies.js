/**
 * A policy that holds sign-ins to the Production Console until the requester's manager approves; JSON is YAML.
 *
 * @param {{ stage?: Record<string, unknown>, chain?: Record<string, unknown>, rule?: Record<string, unknown>,
 *   stages?: Record<string, unknown>[] }} [more] keys that are added to the chain, its one stage, or the rule; `stages`:
 *   instead of the one
 */
export function managerApproves({ stage = {}, chain = {}, rule = {}, stages } = {}) {
  return JSON.stringify(
    {
      apiVersion: "jit-approval.dev/v1",
      name: "journey",
      chains: {
        manager: {
          ...chain,
          stages: stages ?? [
            { name: "manager", approvers: [{ attribute: "manager" }], timeout: "15m", ...stage },
          ],
        },
      },
      rules: [
        {
          id: "prod-console",
          on: ["login"],
          when: 'client.id == "prod-console"',
          effect: "require_approval",
          chain: "manager",
          reason: '"A manager has to know who signs in to " + client.?name.orValue(client.id) + "."',
          ...rule,
        },
      ],
    },
    null,
    2,
  )
}

/**
 * A policy of one rule for the Production Console that needs no chain.
 *
 * @param {"allow" | "deny" | "confirm"} effect
 */
export function everybody(effect) {
  return JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: `everybody-${effect}`,
    rules: [{ id: "prod-console", on: ["login"], when: 'client.id == "prod-console"', effect }],
  })
}

/** Holds sign-ins to the Production Console for the manager, and for carol where a sign-in has failed lately. */
export function suspectGoesToSecurity() {
  const rule = { on: ["login"], effect: "require_approval" }
  return JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "suspect",
    variables: { suspect: "has(risk.failed_logins) && risk.failed_logins > 0" },
    chains: {
      manager: { stages: [{ name: "manager", approvers: [{ attribute: "manager" }], timeout: "15m" }] },
      security: { stages: [{ name: "security", approvers: [{ user: "carol" }], timeout: "15m" }] },
    },
    rules: [
      { id: "usual", when: 'client.id == "prod-console" && !suspect', chain: "manager", ...rule },
      { id: "suspect", when: 'client.id == "prod-console" && suspect', chain: "security", ...rule },
    ],
  })
}

// Which doors of a realm stand open: each is opened, named by the audit, closed, and named no more.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { seriesOf } from "../harness/metrics.js"
import { ROOT } from "../harness/paths.js"
import { PolicyDesk } from "../harness/policy-desk.js"
import { eventually } from "../harness/processes.js"
import { replacePolicy } from "../harness/required-action.js"
import { addApplication } from "../harness/tokens.js"
import { expect, test } from "../harness/test.js"

/** @typedef {import("../harness/realm.js").Realm} Realm */
/** @typedef {{ code: string, severity: string, what: string, names: string[], count: number, closed_by: string }} Finding */

/** @param {string[]} actions that a rule is on @param {"enforce" | "observe"} [mode] */
const ruled = (actions, mode = "enforce") =>
  JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "audited",
    mode,
    rules: [{ id: "one", on: actions, when: 'client.?id.orValue("") == "nobody"', effect: "deny" }],
  })

const ADMINS = [
  "admin-change-realm",
  "admin-grant-role",
  "admin-join-group",
  "admin-read-secret",
  "admin-reset-credential",
]
const CHANGES = [
  "update-profile",
  "update-email",
  "update-password",
  "configure-otp",
  "webauthn-register",
  "delete-credential",
  "delete-account",
  "link-idp",
]

/** What a rule closes: the rule's actions by the code of the door. @type {Record<string, string[]>} */
const BY_RULE = {
  "browser-login": ["login"],
  "direct-grant": ["direct-grant"],
  "client-credentials": ["client-credentials"],
  "device-grant": ["device"],
  ciba: ["ciba"],
  "token-exchange": ["token-exchange"],
  "jwt-grant": ["jwt-grant"],
  "token-refresh": ["token-refresh"],
  "offline-access": ["token-refresh"],
  impersonation: ["admin-impersonate"],
  "account-changes": CHANGES,
  "account-api": CHANGES,
  "account-console": CHANGES,
  "admin-api": ADMINS,
  "activate-policy": ["activate-policy"],
}

/** @param {Realm} realm @param {string} clientId @param {Record<string, unknown>} change */
async function changeClient(realm, clientId, change) {
  const [client] = await realm.admin.get(`${realm.path}/clients?clientId=${clientId}`)
  await realm.admin.put(`${realm.path}/clients/${client.id}`, { ...client, ...change })
}

/** @param {Realm} realm @param {Record<string, unknown>} change */
const changeRealm = async (realm, change) =>
  realm.admin.put(realm.path, { ...(await realm.admin.get(realm.path)), ...change })

/** What a setting opens and closes. @type {Record<string, [(realm: Realm) => Promise<unknown>, (realm: Realm) => Promise<unknown>]>} */
const BY_SETTING = {
  "reset-credentials": [
    (realm) => changeRealm(realm, { resetPasswordAllowed: true }),
    (realm) => changeRealm(realm, { resetPasswordAllowed: false }),
  ],
  registration: [
    (realm) => changeRealm(realm, { registrationAllowed: true }),
    (realm) => changeRealm(realm, { registrationAllowed: false }),
  ],
  "client-flow": [
    async (realm) => {
      const flows = await realm.admin.get(`${realm.path}/authentication/flows`)
      const { id } = flows.find((/** @type {any} */ { alias }) => alias === "browser")
      await changeClient(realm, "archive", { authenticationFlowBindingOverrides: { browser: id } })
    },
    (realm) => changeClient(realm, "archive", { authenticationFlowBindingOverrides: { browser: "" } }),
  ],
  "implicit-flow": [
    (realm) => changeClient(realm, "archive", { implicitFlowEnabled: true }),
    (realm) => changeClient(realm, "archive", { implicitFlowEnabled: false }),
  ],
  "saml-idp-initiated": [
    (realm) =>
      realm.admin.post(`${realm.path}/clients`, {
        clientId: "saml",
        protocol: "saml",
        attributes: { saml_idp_initiated_sso_url_name: "saml" },
      }),
    (realm) => changeClient(realm, "saml", { enabled: false }),
  ],
  "fine-grained-admin": [
    (realm) => changeRealm(realm, { adminPermissionsEnabled: true }),
    (realm) => changeRealm(realm, { adminPermissionsEnabled: false }),
  ],
}

/** They are read every ten seconds. */
const FIGURES = { timeout: 45_000 }

/** @param {PolicyDesk} auditor @returns {Promise<Map<string, Finding>>} */
async function audit(auditor) {
  const answer = await auditor.get("doors")
  expect(answer.status).toBe(200)
  return new Map(answer.json.open.map((/** @type {Finding} */ finding) => [finding.code, finding]))
}

test.describe("the door audit", () => {
  test.use({ policy: ruled(["x-nothing"]), bare: true })

  /** @param {Realm} realm an identity provider and a client of every kind of grant */
  async function open(realm) {
    await realm.admin.post(`${realm.path}/identity-provider/instances`, {
      alias: "elsewhere",
      providerId: "oidc",
      enabled: true,
      config: {
        clientId: "c",
        clientSecret: "s",
        authorizationUrl: "https://elsewhere.example/auth",
        tokenUrl: "https://elsewhere.example/token",
      },
    })
    await addApplication(realm, "machine", {
      client: {
        publicClient: false,
        serviceAccountsEnabled: true,
        directAccessGrantsEnabled: true,
        attributes: {
          "oauth2.device.authorization.grant.enabled": "true",
          "oidc.ciba.grant.enabled": "true",
          "standard.token.exchange.enabled": "true",
          "oauth2.jwt.authorization.grant.enabled": "true",
        },
      },
    })
    for (const [opens] of Object.values(BY_SETTING)) await opens(realm)
    await realm.admin.changeRequiredAction(realm.name, "delete_account", { enabled: true })
  }

  test("names each open door of a realm, and no longer names what was closed", async ({ realm, servers }) => {
    const auditor = await PolicyDesk.ofAdmin(realm)
    await open(realm)

    const all = await audit(auditor)
    const expected = [
      ...Object.keys(BY_RULE),
      ...Object.keys(BY_SETTING),
      "first-broker-login",
      "post-broker-login",
      "gate-off",
    ]
    expect([...all.keys()].sort()).toEqual(expected.sort())
    const severities = [...all.values()].map(({ severity }) => ["high", "medium", "low"].indexOf(severity))
    expect(severities).toEqual([...severities].sort())
    for (const finding of all.values()) {
      expect(finding.what, finding.code).toMatch(/\.$/)
      expect(finding.closed_by, finding.code).toMatch(/\.$/)
    }
    expect(all.get("browser-login")?.what).toContain(
      "the flow 'browser' does not require the step on its top level, and the required action jit-gate is not registered",
    )
    // Keycloak's own client for fine-grained permissions has a service account as well.
    expect(all.get("client-credentials")).toMatchObject({ names: ["admin-permissions", "machine"], count: 2 })
    expect(all.get("direct-grant")?.names).toEqual(expect.arrayContaining(["admin-cli", "machine"]))
    expect(all.get("first-broker-login")?.names).toEqual(["elsewhere"])
    expect(all.get("account-changes")?.names).toContain("UPDATE_PROFILE (update-profile)")
    expect(all.get("saml-idp-initiated")?.names).toEqual(["saml"])

    await test.step("what a setting closes", async () => {
      for (const [code, [, closes]] of Object.entries(BY_SETTING)) {
        await closes(realm)
        const now = await audit(auditor)
        expect(now.has(code), code).toBe(false)
      }
    })

    await test.step("what the checkpoint closes, once rules are on the actions", async () => {
      await realm.admin.post(`${realm.path}/jit-approval/provision`, { required_action: true })
      const gated = await audit(auditor)
      expect(gated.has("gate-off")).toBe(false)
      expect(gated.get("browser-login")?.what).toContain("no rule on login")
      await realm.admin.changeRequiredAction(realm.name, "jit-gate", { enabled: false })
      expect((await audit(auditor)).get("gate-off")?.what).toContain("jit-gate is disabled")
      await realm.admin.changeRequiredAction(realm.name, "jit-gate", { enabled: true })
    })

    await test.step("what a rule closes", async () => {
      const codes = Object.keys(BY_RULE)
      /** @type {string[]} */
      const actions = []
      // Each policy takes a second or two to be noticed; so a third of the doors at a time.
      for (let from = 0; from < codes.length; from += 5) {
        const some = codes.slice(from, from + 5)
        for (const code of some) expect((await audit(auditor)).has(code), code).toBe(true)
        actions.push(...some.flatMap((code) => BY_RULE[code]))
        await replacePolicy(realm, ruled([...new Set(actions)]))
        for (const code of some) expect((await audit(auditor)).has(code), code).toBe(false)
      }
      expect([...(await audit(auditor)).keys()]).toEqual([])
      await replacePolicy(realm, ruled([...new Set(actions)], "observe"))
      expect([...(await audit(auditor)).keys()]).toEqual(["policy-observes"])
      await eventually(
        "the figures of the audit",
        async () => {
          const doors = seriesOf(await servers.server.metrics()).filter(
            ({ name, labels }) => name === "jit_open_doors" && labels.realm === realm.name,
          )
          return doors.length === 1 && doors[0].labels.code === "policy-observes"
        },
        FIGURES,
      )
    })
  })

  test("is for auditors, and has an entity tag", async ({ realm }) => {
    await realm.admin.post(`${realm.path}/jit-approval/provision`, {})
    const auditor = await PolicyDesk.of(realm, "dora", "auditor")
    const answer = await auditor.get("doors")
    expect(answer.status).toBe(200)
    const same = await auditor.get("doors", { "if-none-match": answer.headers.get("etag") ?? "" })
    expect(same.status).toBe(304)
    const editor = await PolicyDesk.of(realm, "edith", "policy-editor")
    expect((await editor.get("doors")).json.code).toBe("forbidden")
  })
})

test("every code that docs/doors.md lists is opened by a test, or needs a feature that the test server lacks", async () => {
  const text = readFileSync(join(ROOT, "docs/doors.md"), "utf8")
  const table = text.slice(
    text.indexOf("### Door audit"),
    text.indexOf("### Limits", text.indexOf("### Door audit")),
  )
  const listed = [...table.matchAll(/^\| `([a-z-]+)` \| (?:high|medium|low)/gm)].map(([, code]) => code)
  const opened = [...Object.keys(BY_RULE), ...Object.keys(BY_SETTING)]
  const alone = ["first-broker-login", "post-broker-login", "gate-off", "policy-observes"]
  const byFeature = ["docker", "legacy-token-exchange", "scim", "verifiable-credentials", "admin-bypass"]
  expect(listed.sort()).toEqual([...opened, ...alone, ...byFeature].sort())
})

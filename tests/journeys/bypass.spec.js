// The way out: admins whom a start-up option names enter the admin console past the checkpoint. And what the start-up log says.
import { createHash, randomBytes } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Caller, stateOf } from "../harness/caller.js"
import { Keycloak } from "../harness/keycloak.js"
import { Realm } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { eventually } from "../harness/processes.js"
import { expect, test } from "@playwright/test"

const NAME = "breakglass"

/** @param {"deny" | "require_approval"} effect */
const everySignIn = (effect) =>
  JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "every-sign-in",
    chains: { carol: { stages: [{ name: "carol", approvers: [{ user: "carol" }], timeout: "15m" }] } },
    rules: [
      {
        id: "all",
        on: ["login"],
        when: "true",
        effect,
        ...(effect === "deny" ? {} : { chain: "carol" }),
      },
    ],
  })

/** @param {Keycloak} server @param {string} realm @param {string} clientId */
function signInUrl(server, realm, clientId) {
  const path = clientId === "account-console" ? `/realms/${realm}/account/` : `/admin/${realm}/console/`
  return `${server.url}/realms/${realm}/protocol/openid-connect/auth?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: `${server.url}${path}`,
    response_type: "code",
    scope: "openid",
    code_challenge: createHash("sha256").update(randomBytes(32)).digest("base64url"),
    code_challenge_method: "S256",
  })}`
}

test("named admins of the realm master enter its admin console, each time with an event; nobody else does", async () => {
  test.setTimeout(300_000)
  const { built, mail } = sharedServers()
  const server = await Keycloak.start({
    brief: true,
    built,
    name: "bypass",
    options: [`--spi-jit-approval--default--admin-bypass-users=${NAME}`],
  })
  const realm = await Realm.create({ server, mail, name: "bypass", policy: everySignIn("deny") })

  /** @param {string} username @param {string} inRealm @param {string} clientId */
  async function signIn(username, inRealm, clientId) {
    const caller = await Caller.create(username, realm)
    const page = await caller.signInAt(signInUrl(server, inRealm, clientId))
    const cookies = (await caller.http.storageState()).cookies.map(({ name }) => name)
    await caller.dispose()
    return { state: stateOf(page), entered: cookies.includes("KEYCLOAK_IDENTITY") }
  }
  const entered = { state: undefined, entered: true }
  const refused = { state: "denied", entered: false }
  /** @returns {Promise<any[]>} */
  const bypasses = async () =>
    (await server.admin.events("master")).filter(({ details }) => details?.jit_event === "admin_bypass")

  /** @param {"deny" | "require_approval"} effect */
  async function masterPolicy(effect) {
    writeFileSync(join(server.policies ?? "", "master.yaml"), everySignIn(effect))
    const expected = `sha256:${createHash("sha256").update(everySignIn(effect)).digest("hex")}`
    await eventually("master's policy", async () => {
      const { policy } = await server.admin.get("/master/jit-approval/status")
      return policy.hash === expected
    })
  }

  try {
    await realm.ready()
    await test.step("set up", async () => {
      await server.admin.put("/master", { eventsEnabled: true })
      for (const [inRealm, username] of [
        ["master", NAME],
        ["master", "other"],
        ["bypass", NAME],
      ])
        await server.admin.post(`/${inRealm}/users`, {
          username,
          enabled: true,
          email: `${username}@example.org`,
          emailVerified: true,
          firstName: "Break",
          lastName: "Glass",
          credentials: [{ type: "password", value: username, temporary: false }],
        })
      await masterPolicy("deny")
      await server.admin.post("/master/jit-approval/provision", { bind_browser_flow: true })
    })

    expect(readFileSync(server.log, "utf8")).toContain("may enter the admin console past the checkpoint")

    await test.step("with the checkpoint in the flow", async () => {
      expect(await signIn(NAME, "master", "security-admin-console")).toEqual(entered)
      expect(await bypasses()).toHaveLength(1)
      expect(await signIn(NAME, "master", "security-admin-console")).toEqual(entered)
      const [last, ...before] = await bypasses()
      expect(before).toHaveLength(1)
      expect(last).toMatchObject({
        type: "LOGIN",
        clientId: "security-admin-console",
        details: { username: NAME },
      })
      expect(await signIn("other", "master", "security-admin-console")).toEqual(refused)
      expect(await signIn(NAME, "master", "account-console")).toEqual(refused)
      expect(await signIn(NAME, "bypass", "security-admin-console")).toEqual(refused)
    })

    await test.step("where the policy holds", async () => {
      await masterPolicy("require_approval")
      expect(await signIn(NAME, "master", "security-admin-console")).toEqual(entered)
      expect(await bypasses()).toHaveLength(3)
    })

    await test.step("with the required action", async () => {
      await masterPolicy("deny")
      const master = await server.admin.get("/master")
      await server.admin.put("/master", { ...master, browserFlow: "browser" })
      const status = await server.admin.post("/master/jit-approval/provision", { required_action: true })
      expect(status.browser_flow.guarded).toBe(false)
      expect(await signIn(NAME, "master", "security-admin-console")).toEqual(entered)
      expect(await bypasses()).toHaveLength(4)
      expect(await signIn("other", "master", "security-admin-console")).toEqual(refused)
      expect(await signIn(NAME, "master", "account-console")).toEqual(refused)
      expect(await bypasses()).toHaveLength(4)
    })

    await test.step("a realm that is meant to be guarded and is not is in the start-up log", async () => {
      await server.admin.changeRequiredAction("master", "jit-gate", { enabled: false })
      await server.restart()
      const warnings = readFileSync(server.log, "utf8")
        .split("\n")
        .filter((line) => line.includes("is not guarded as it is meant to be"))
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toContain("Realm master")
      expect(warnings[0]).toContain("the required action jit-gate is disabled")
    })
  } finally {
    await realm.close()
    await server.stop()
  }
})

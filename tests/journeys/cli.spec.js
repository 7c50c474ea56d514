import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Api } from "../harness/api.js"
import { JIT_POLICY } from "../harness/paths.js"
import { expect, test } from "../harness/test.js"

/** @typedef {{ code: number, out: string, err: string }} Run */

/**
 * Runs jit-policy, without a terminal.
 *
 * @param {string[]} args @param {Record<string, string>} [env]
 * @returns {Promise<Run>}
 */
function jitPolicy(args, env = {}) {
  return new Promise((resolve) => {
    const child = execFile(JIT_POLICY, args, { env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end()
  })
}

/**
 * A client like the one that `kc.sh bootstrap-admin service` makes.
 *
 * @param {import("../harness/realm.js").Realm} realm
 */
async function rescueClient(realm) {
  const clientId = `rescue-${realm.name}`
  const secret = "s3cret & more"
  const client = { clientId, secret, serviceAccountsEnabled: true, standardFlowEnabled: false }
  await realm.admin.post("/master/clients", client)
  const [{ id }] = await realm.admin.get(`/master/clients?clientId=${clientId}`)
  const account = await realm.admin.get(`/master/clients/${id}/service-account-user`)
  const role = await realm.admin.get("/master/roles/admin")
  await realm.admin.post(`/master/users/${account.id}/role-mappings/realm`, [role])
  return {
    env: {
      JIT_POLICY_SERVER: realm.server.url,
      JIT_POLICY_REALM: realm.name,
      JIT_POLICY_CLIENT_ID: clientId,
      JIT_POLICY_CLIENT_SECRET: secret,
    },
    remove: () => realm.admin.request("DELETE", `/master/clients/${id}`),
  }
}

test("an operator ends a request from a shell, where the console is not reachable", async ({
  realm,
  alice,
}) => {
  const id = await alice.signInAndWait()
  const rescue = await rescueClient(realm)
  try {
    const listed = await jitPolicy(
      ["requests", "list", "--status", "pending", "--format", "json"],
      rescue.env,
    )
    expect(listed.err).toBe("")
    expect(JSON.parse(listed.out)).toMatchObject({
      version: 1,
      requests: [{ id, requester: { username: "alice" } }],
    })

    const end = ["requests", "cancel", id, "--comment", "INC-4711"]
    const unasked = await jitPolicy(end, rescue.env)
    expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining("--yes") })
    expect(await realm.kinds(id)).toEqual(["opened"])

    const ended = await jitPolicy([...end, "--yes"], rescue.env)
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/Status +cancelled/) })
    expect(await realm.kinds(id)).toEqual(["opened", "cancelled"])

    const shown = await jitPolicy(["requests", "show", id], rescue.env)
    expect(shown.out).toContain(`cancelled by service-account-${rescue.env.JIT_POLICY_CLIENT_ID}`)
    expect(shown.out).toContain("INC-4711")

    const again = await jitPolicy(["requests", "expire", id, "--comment", "once more", "--yes"], rescue.env)
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("terminal") })
  } finally {
    await rescue.remove()
  }
})

test("an auditor proves an export, and finds what was done to it", async ({ realm, alice }) => {
  const api = Api.admin(realm, await realm.admin.bearer())
  const first = await alice.signInAndWait()
  expect((await api.post(`requests/${first}/cancel`, { comment: "a drill" })).status).toBe(200)
  const made = await api.post("audit/checkpoints")
  expect(made.status, made.text).toBeLessThan(300)
  const checkpoint = await api.get(`audit/checkpoints/${made.body.seq}`)
  const folder = mkdtempSync(join(tmpdir(), "jit-policy-"))
  /** @param {string} name @param {string} text */
  const file = (name, text) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  try {
    const certs = await fetch(`${realm.url}/protocol/openid-connect/certs`)
    const jwks = file("jwks.json", await certs.text())
    const against = ["--checkpoint", file("checkpoints", checkpoint.body.jws), "--jwks", jwks]
    /** @param {string} text */
    const verify = (text) => jitPolicy(["audit", "verify", file("export.ndjson", text), ...against])

    const whole = (await api.get("audit/export")).text
    expect(await verify(whole)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/intact[\s\S]*held against checkpoint 1\n/),
    })

    const edited = await verify(whole.replace("a drill", "a thrill"))
    expect(edited.code).toBe(1)
    expect(edited.out).toContain(`edited: line 4, request ${first}, event 2`)

    const lines = whole.trimEnd().split("\n")
    const without = [lines[0], '{"type":"end","requests":0,"events":0}'].join("\n")
    const gone = await verify(`${without}\n`)
    expect(gone.code).toBe(1)
    expect(gone.out).toContain(`missing: request ${first}`)

    const { id } = await realm.admin.user(realm.name, "alice")
    const erased = await api.post("audit/erase", { user_id: id })
    expect(erased.status, erased.text).toBeLessThan(300)
    const left = (await api.get("audit/export")).text
    expect(left).not.toContain("alice")
    expect(await verify(left)).toMatchObject({
      code: 0,
      out: expect.stringContaining("erased, which is no damage: the personal parts of 1 request"),
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

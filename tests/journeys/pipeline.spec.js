// Policies from a shell and from a pipeline, on a server that keeps them in its database.
import { execFile, spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Keycloak } from "../harness/keycloak.js"
import { JIT_POLICY } from "../harness/paths.js"
import { Person } from "../harness/person.js"
import { give, makePipeline } from "../harness/pipeline.js"
import { PolicyDesk } from "../harness/policy-desk.js"
import { Realm, withoutCheckpoint } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { expect, test } from "../harness/test.js"
import { Shell, difference, stepsOf } from "../harness/tutorial.js"

// One server for all of them, so one after the other in one process.
test.describe.configure({ mode: "default", timeout: 300_000 })

/** @type {Keycloak} */
let server
/** @type {Realm} */
let realm
/** @type {Record<string, string>} */
let env
/** @type {string} */
let folder
let realms = 0

test.beforeAll(async () => {
  test.setTimeout(300_000)
  const { built } = sharedServers()
  server = await Keycloak.start({ brief: true, built, name: `pipeline-${process.pid}`, policies: null })
})

test.beforeEach(async () => {
  const { mail } = sharedServers()
  // A guarded realm without a policy gives no token to anybody, so a pipeline would never get in.
  const name = `pipe${process.pid}-${++realms}`
  realm = await Realm.create({ server, mail, name, change: withoutCheckpoint })
  env = { JIT_POLICY_SERVER: server.url, ...(await makePipeline(realm)) }
  folder = mkdtempSync(join(tmpdir(), "jit-policy-"))
})

test.afterEach(() => {
  rmSync(folder, { recursive: true })
  return realm.close()
})
test.afterAll(() => server?.stop())

/** @param {string[]} args @returns {Promise<{ code: number, out: string, err: string }>} */
function jitPolicy(...args) {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...env } }
    const child = execFile(JIT_POLICY, args, options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end()
  })
}

/** Puts the checkpoint into the realm's sign-in. */
const guard = () => realm.admin.post(`${realm.path}/jit-approval/provision`, { bind_browser_flow: true })

/** @param {import("@playwright/test").Browser} browser @param {string} username */
async function visit(browser, username) {
  const context = await browser.newContext()
  return new Person(username, realm, context, await context.newPage())
}

test("the tutorial leads from nothing to a policy that was tested, observed and activated", async ({
  browser,
}) => {
  const shell = new Shell(folder, env)
  /** @type {Person | undefined} */
  let alice
  /** @type {Record<string, () => Promise<void>>} */
  const acts = {
    "alice signs in": async () => {
      const visitor = await visit(browser, "alice")
      await visitor.signInTo()
      await visitor.console.expectSignedIn("alice")
      await visitor.context.close()
    },
    "alice waits": async () => {
      alice = await visit(browser, "alice")
      shell.env.ID = await alice.signInAndWait()
    },
    "bob approves": async () => {
      const bob = await visit(browser, "bob")
      await bob.approveFromMail(shell.env.ID)
      await alice?.console.expectSignedIn("alice")
      await bob.context.close()
    },
  }
  const steps = stepsOf("tutorial.md")
  expect(steps.filter((step) => "act" in step).map((step) => /** @type {any} */ (step).act)).toEqual(
    Object.keys(acts),
  )
  for (const step of steps) {
    if ("act" in step) {
      await acts[step.act]()
      continue
    }
    // Where the document has an address and a realm of the demo, this journey has its own.
    if (/^(export |cd |\.\/jit )/.test(step.command)) continue
    const out = await shell.run(step.command)
    const said = out.replaceAll(realm.name, "demo").trimEnd()
    const lines = said === "" ? [] : said.split("\n")
    expect(difference(step.expected, lines), `$ ${step.command}\n${said}`).toBeUndefined()
  }
  await alice?.context.close()
})

/** @param {string} name @param {...object} rules */
const policy = (name, ...rules) =>
  JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name,
    chains: { second: { stages: [{ name: "second", approvers: [{ user: "carol" }], timeout: "15m" }] } },
    rules,
  })
const FOUR_EYES = { id: "four-eyes", on: ["activate-policy"], effect: "require_approval", chain: "second" }
const OPEN = { id: "open", on: ["login"], effect: "allow" }

test("a pipeline waits for the second person whom the policy asks about its change", async ({ browser }) => {
  writeFileSync(join(folder, "first.json"), policy("first", FOUR_EYES))
  writeFileSync(join(folder, "second.json"), policy("second", FOUR_EYES, OPEN))
  expect(await jitPolicy("status")).toMatchObject({
    code: 1,
    out: expect.stringContaining("No policy is active"),
  })
  expect((await jitPolicy("push", "first.json", "--activate")).code).toBe(0)

  const pushed = await jitPolicy("push", "second.json", "--activate", "--comment", "CHG-42")
  expect(pushed).toMatchObject({ code: 1, out: expect.stringContaining("second is version 2") })
  const [, request] = /The request (\S+) waits for it/.exec(pushed.err) ?? []
  expect(pushed.err).toContain("wait for that with --wait")

  const waiting = jitPolicy("activate", "2", "--comment", "CHG-42", "--wait", "2m")
  const carol = await visit(browser, "carol")
  await carol.openReview(request)
  await carol.review.approve()
  await carol.context.close()
  expect(await waiting).toMatchObject({
    code: 0,
    out: expect.stringContaining("Version 2 of second decides since"),
  })
  await guard()
  expect(await jitPolicy("status", "--policy", "second.json")).toMatchObject({ code: 0 })
  expect((await jitPolicy("pull")).out).toBe(policy("second", FOUR_EYES, OPEN))

  const explained = await jitPolicy("requests", "explain", request)
  expect(explained.err).toBe("")
  expect(explained.out).toContain("activate-policy: require_approval, by the rule `four-eyes` of first")
})

test("a person signs in with a browser, and may do what they may do", async ({ browser }) => {
  const paula = await PolicyDesk.of(realm, "paula", "auditor")
  await paula.get("policies/active")
  await realm.admin.post(`${realm.path}/clients`, {
    clientId: "jit-policy",
    publicClient: true,
    standardFlowEnabled: false,
    attributes: {
      "oauth2.device.authorization.grant.enabled": "true",
      "oauth2.device.polling.interval": "1",
    },
  })
  const { id } = await realm.admin.user(realm.name, "paula")
  await give(realm.admin, realm.path, id, "realm-management", ["view-realm"])
  writeFileSync(join(folder, "open.json"), policy("open", OPEN))
  expect((await jitPolicy("push", "open.json", "--activate")).code).toBe(0)
  await guard()

  /** @type {NodeJS.ProcessEnv} */
  const mine = { ...process.env, ...env, JIT_POLICY_CLIENT_ID: "jit-policy" }
  delete mine.JIT_POLICY_CLIENT_SECRET
  const child = spawn(JIT_POLICY, ["status", "--device"], { env: mine, stdio: "pipe" })
  let [out, err] = ["", ""]
  child.stdout.on("data", (data) => (out += data))
  const ended = new Promise((resolve) => child.on("close", resolve))
  /** @type {string} */
  const place = await new Promise((resolve) =>
    child.stderr.on("data", (data) => {
      err += data
      const found = /Sign in at (\S+)\nand see there that the code is (\S+)\n/.exec(err)
      if (found) resolve(found[1])
    }),
  )
  const visitor = await visit(browser, "paula")
  await visitor.page.goto(place)
  await visitor.login.signIn("paula")
  await visitor.page.getByRole("button", { name: "Yes" }).click()
  expect(await ended, err).toBe(0)
  expect(out).toContain("version 1 of open")
  await visitor.context.close()
})

test("an explanation tells what was kept, and is for auditors", async ({ browser }) => {
  const source = `apiVersion: jit-approval.dev/v1
name: private
decision_log: { redact: [request.ip] }
chains: { second: [{ name: second, approvers: [{ user: carol }], timeout: 15m }] }
rules:
  - id: outside
    on: [login]
    when: client.id == "prod-console" && !cidr("10.0.0.0/8").containsIP(request.ip)
    effect: require_approval
    chain: second
`
  writeFileSync(join(folder, "private.yaml"), source)
  expect((await jitPolicy("push", "private.yaml", "--activate")).code).toBe(0)
  await guard()
  const alice = await visit(browser, "alice")
  const request = await alice.signInAndWait()
  const path = `requests/${request}/explanation`

  const auditor = await PolicyDesk.of(realm, "otto", "auditor")
  const told = await auditor.get(path)
  expect(told.status, told.text).toBe(200)
  expect(told.json).toMatchObject({
    request,
    action: "login",
    policy: { name: "private" },
    effect: "require_approval",
    rule: "outside",
    redacted: ["request.ip"],
    decision: null,
    rules: [{ rule: "outside", outcome: "matched", line: 6 }],
  })
  const [{ when }] = told.json.rules
  expect(when.of.map((/** @type {any} */ clause) => clause.holds)).toEqual([true, null])
  expect(when.of[0].reads).toEqual([{ path: "client.id", value: "prod-console" }])
  expect(told.text).not.toContain("127.0.0.1")
  const shown = await jitPolicy("requests", "explain", request)
  expect(shown.out).toContain("request.ip was not kept")

  const editor = await PolicyDesk.of(realm, "edda", "policy-editor")
  expect((await editor.get(path)).status).toBe(403)
  expect((await auditor.get("requests/00000000-0000-4000-8000-000000000000/explanation")).status).toBe(404)
  await alice.context.close()
})

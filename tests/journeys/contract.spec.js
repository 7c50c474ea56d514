import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT, TARGET } from "../harness/paths.js"
import { expect, test } from "../harness/test.js"
import { addApplication, signIn } from "../harness/tokens.js"

/** Checks that would say nothing about these APIs. */
const EXCLUDED = [
  // Hardly anything that a made-up id names is there: 404 is the right answer to data that is right.
  ...["positive_data_acceptance", "ensure_resource_availability", "use_after_free"],
  // OPTIONS and TRACE are answered by Keycloak, which says nothing of other methods.
  ...["unsupported_method", "allow_header_conformance"],
]

const DOCUMENT = join(ROOT, "docs/openapi.yaml")

/**
 * Calls every operation of a tag by the OpenAPI document, with data that is right and data that is not.
 *
 * @param {import("../harness/realm.js").Realm} realm @param {string} tag @param {string} token
 * @returns {Promise<{ code: number, output: string }>}
 */
async function schemathesis(realm, tag, token) {
  const folder = join(TARGET, "schemathesis-runs", `${realm.name}-${tag}`)
  mkdirSync(folder, { recursive: true })
  const config = join(folder, "schemathesis.toml")
  writeFileSync(config, `[parameters]\n"path.realm" = "${realm.name}"\n`)
  const options = [
    ...["--config-file", config],
    ...["run", DOCUMENT],
    ...["--url", realm.server.url],
    ...["--include-tag", tag],
    ...["--header", `Authorization: Bearer ${token}`],
    ...["--phases", "examples,coverage,fuzzing"],
    ...["--max-examples", "12"],
    // The same calls each time.
    ...["--seed", "20260131", "--generation-deterministic"],
    ...["--request-timeout", "20"],
    ...["--checks", "all"],
    ...["--exclude-checks", EXCLUDED.join(",")],
    ...["--suppress-health-check", "all"],
    "--continue-on-failure",
    "--no-color",
  ]
  return new Promise((resolve) => {
    execFile(
      process.env.JIT_SCHEMATHESIS ?? "schemathesis",
      options,
      { cwd: folder, timeout: 170_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}\n${stderr}` }),
    )
  })
}

test.describe.configure({ timeout: 200_000 })

test.beforeEach(async ({ realm }) => {
  // Longer than all the calls take.
  await realm.admin.put(realm.path, { accessTokenLifespan: 900 })
})

test("the admin API is as its OpenAPI document says", async ({ realm, alice }) => {
  await alice.signInAndWait()
  await addApplication(realm, "desk")
  const { access_token } = await signIn(realm, "admin", "desk", { scope: "openid" })
  const { code, output } = await schemathesis(realm, "admin", access_token)
  expect(code, output).toBe(0)
})

test("the people's API is as its OpenAPI document says", async ({ realm, alice }) => {
  await alice.signInAndWait()
  await addApplication(realm, "desk", { scopes: ["jit:decide"] })
  const { access_token } = await signIn(realm, "bob", "desk")
  const { code, output } = await schemathesis(realm, "people", access_token)
  expect(code, output).toBe(0)
})

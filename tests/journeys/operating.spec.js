// What an admin does and sees: provisioning, events, metrics.
import { expect, test } from "../harness/test.js"

test("a realm imported from the example is ready", async ({ realm }) => {
  const status = await realm.status()
  expect(status.problems).toEqual([])
  expect(status.warnings).toEqual([])
  expect(status.ready).toBe(true)
})

test.describe("a realm that knows nothing of approvals", () => {
  test.use({ bare: true })

  test("is made ready by one call of the admin API", async ({ alice, bob, realm }) => {
    expect((await realm.status()).ready).toBe(false)
    const provision = () =>
      realm.admin.post(`${realm.path}/jit-approval/provision`, { bind_browser_flow: true })
    const made = await provision()
    expect(made.problems).toEqual([])
    expect(made.browser_flow.guarded).toBe(true)
    const flows = await realm.admin.get(`${realm.path}/authentication/flows`)
    await provision()
    expect(await realm.admin.get(`${realm.path}/authentication/flows`)).toHaveLength(flows.length)

    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
  })
})

test("what happens is recorded in Keycloak's own events", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")

  const told = (await realm.admin.events(realm.name))
    .filter(({ details }) => details?.jit_request === request)
    .map(({ details }) => details.jit_event)
  expect(told).toEqual(expect.arrayContaining(["opened", "approved", "used"]))

  const [opened, approved, used] = await realm.history(request)
  expect(opened).toMatchObject({
    event: "opened",
    status: expect.any(String),
    requester: "alice",
    rule: "prod-console",
  })
  expect(approved).toMatchObject({ event: "approved", actor: "bob" })
  expect(used).toMatchObject({ event: "used", requester: "alice" })
})

test("metrics count evaluations and requests", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  // Read from the database every ten seconds.
  await expect
    .poll(() => realm.server.metrics(), { timeout: 40_000 })
    .toMatch(new RegExp(`^jit_requests_pending\\S*realm="${realm.name}"\\S* 1`, "m"))
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alice")

  const metrics = await realm.server.metrics()
  const line = (/** @type {string} */ name, /** @type {string[]} */ ...labels) =>
    metrics
      .split("\n")
      .filter((text) => text.startsWith(name) && labels.every((label) => text.includes(label)))
  const mine = `realm="${realm.name}"`
  expect(line("jit_evaluations_total", mine, 'effect="require_approval"')).not.toEqual([])
  expect(line("jit_requests_total", mine, 'outcome="used"')).not.toEqual([])
  expect(line("jit_time_to_decision_seconds_count", mine)).not.toEqual([])
})

// Servers that stop while somebody waits, and logins that wait too long. These have servers of their own.
import { readFileSync } from "node:fs"
import { onPostgres } from "../harness/build.js"
import { Keycloak } from "../harness/keycloak.js"
import { Person } from "../harness/person.js"
import { managerApproves } from "../harness/policies.js"
import { Realm } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { expect, test } from "@playwright/test"

test.describe.configure({ timeout: 300_000 })

/**
 * @param {import("@playwright/test").Browser} browser @param {Realm} realm @param {string} username
 */
async function visit(browser, realm, username) {
  const context = await browser.newContext()
  return new Person(username, realm, context, await context.newPage())
}

test("a server that restarts while alice waits keeps her request, and one that waits too long lets go", async ({
  browser,
}) => {
  const { built, mail } = sharedServers()
  const options = ["--spi-jit-approval--default--hold-max=25"]
  const server = await Keycloak.start({ brief: true, built, name: "restarting", options })
  const realm = await Realm.create({ server, mail, name: "restarting", policy: managerApproves() })
  try {
    await realm.ready()
    const alice = await visit(browser, realm, "alice")
    const bob = await visit(browser, realm, "bob")

    await test.step("the restart loses Keycloak's login, and the page says so", async () => {
      const request = await alice.signInAndWait()
      await server.restart()
      // The demo's policy is on sign-ins alone, and so the realm that is guarded has other doors open.
      expect(readFileSync(server.log, "utf8")).toMatch(
        new RegExp(`WARN .*Realm ${realm.name} has open doors: .*\\bdirect-grant\\b.*/jit-approval/doors`),
      )
      await alice.waiting.expect("session-lost")
      await alice.waiting.press("Back to application")
      await alice.console.startSignIn()
      await alice.login.signIn("alice")
      await alice.waiting.expect("waiting")
      expect(await alice.waiting.requestId()).toBe(request)
      await bob.approveFromMail(request)
      await alice.console.expectSignedIn("alice")
      expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
    })

    await test.step("after hold_max the page lets go, and the request stays open", async () => {
      const patient = await visit(browser, realm, "alice")
      const request = await patient.signInAndWait()
      await expect(patient.waiting.root).toHaveAttribute("data-state", "hold-max", { timeout: 60_000 })
      await patient.waiting.press("Back to application")
      await patient.console.expectRefused("access_denied")
      const secondBob = await visit(browser, realm, "bob")
      await secondBob.approveFromMail(request)
      await mail.mailTo(realm.address("alice"), ({ subject }) => /approved/i.test(subject))
      await patient.console.startSignIn()
      await patient.login.signIn("alice")
      await patient.console.expectSignedIn("alice")
    })
  } finally {
    await realm.close()
    await server.stop()
  }
})

test("on PostgreSQL a login is held and approved, and survives a crash of the server", async ({
  browser,
}) => {
  const { mail } = sharedServers()
  const { built, database } = await onPostgres("journeys", { say: console.log })
  const server = await Keycloak.start({
    brief: true,
    built,
    name: "postgres",
    options: database.keycloakOptions,
  })
  const realm = await Realm.create({ server, mail, name: "postgres", policy: managerApproves() })
  try {
    await realm.ready()
    const alice = await visit(browser, realm, "alice")
    const bob = await visit(browser, realm, "bob")
    const request = await alice.signInAndWait()
    await mail.mailTo(realm.address("bob"))
    await server.crash()
    await server.start()
    await bob.approveFromMail(request)
    await alice.waiting.expect("session-lost")
    await alice.console.startSignIn()
    await alice.login.signIn("alice")
    await alice.console.expectSignedIn("alice")
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  } finally {
    await realm.close()
    await server.stop()
    await database.stop()
  }
})

// Mails that cannot be sent at once: the mail server is away, or Keycloak ends before it has sent. These have servers of their own.
import { AdminClient } from "../harness/admin.js"
import { onPostgres } from "../harness/build.js"
import { Keycloak } from "../harness/keycloak.js"
import { MailSink, SilentMailServer } from "../harness/mail.js"
import { Person } from "../harness/person.js"
import { managerApproves } from "../harness/policies.js"
import { freePort } from "../harness/ports.js"
import { Realm } from "../harness/realm.js"
import { expect, test } from "@playwright/test"

test.describe.configure({ timeout: 400_000 })

const patient = { timeout: 90_000 }

/**
 * Alice asks, in a browser of her own, so that each time is another request.
 *
 * @param {import("@playwright/test").Browser} browser @param {Realm} realm
 * @returns {Promise<string>} the request's id
 */
async function aliceAsks(browser, realm) {
  const context = await browser.newContext()
  const alice = new Person("alice", realm, context, await context.newPage())
  const request = await alice.signInAndWait()
  await context.close()
  return request
}

/**
 * @param {Realm} realm @param {string} state
 * @returns {Promise<any[]>} the mails in the outbox
 */
async function mailsThatAre(realm, state) {
  const { items } = await realm.admin.get(`${realm.path}/jit-approval/outbox?state=${state}&kind=mail`)
  return items
}

test("mails survive a mail server that is away, a killed Keycloak, and their own death", async ({
  browser,
}) => {
  // Not H2, which may lose what it committed in the last half second before a crash.
  const { built, database } = await onPostgres("outbox", { say: console.log })
  const server = await Keycloak.start({
    brief: true,
    built,
    name: "outbox",
    options: database.keycloakOptions,
  })
  const address = { smtpPort: await freePort(), webPort: await freePort() }
  const realm = await Realm.create({
    server,
    mail: new MailSink(address),
    name: "outbox",
    policy: managerApproves(),
  })
  /** @param {string} request */
  const toBob = async (request) =>
    (await realm.mail.mailsTo(realm.address("bob"))).filter(({ text }) => text.includes(request))
  /** @type {MailSink | undefined} */
  let sink
  /** @type {SilentMailServer | undefined} */
  let silent
  try {
    await realm.ready()

    await test.step("the mail server is away when alice asks, and comes back", async () => {
      const request = await aliceAsks(browser, realm)
      await expect
        .poll(async () => (await mailsThatAre(realm, "pending"))[0]?.last_error ?? "", patient)
        .toMatch(/refused|connect/i)
      const [pending] = await mailsThatAre(realm, "pending")
      expect(pending.request_id).toBe(request)
      expect(JSON.stringify(pending)).not.toMatch(/payload|alice|bob/)
      sink = await MailSink.start(address)
      await expect.poll(() => toBob(request), patient).toHaveLength(1)
      const [{ headers }] = await toBob(request)
      expect(headers["message-id"]).toMatch(
        new RegExp(`^<${request}\\.1\\.notify_stage\\.manager\\.manager\\.ask\\.`),
      )
      await expect
        .poll(async () => (await mailsThatAre(realm, "done")).map(({ key }) => key))
        .toEqual([pending.key])
      await sink.stop()
    })

    await test.step("kill -9 between the commit and the end of the sending", async () => {
      silent = await SilentMailServer.start(address.smtpPort)
      const request = await aliceAsks(browser, realm)
      await expect.poll(() => silent?.hasGuest, patient).toBe(true)
      await server.crash()
      await silent.stop()
      sink = await MailSink.start(address)
      await server.start()
      await expect.poll(() => toBob(request), patient).toHaveLength(1)
      const [{ headers }] = await toBob(request)
      expect(headers["message-id"]).toContain(`<${request}.1.notify_stage.`)
      const { status } = await realm.admin.get(`${realm.path}/jit-approval/requests/${request}`)
      expect(status).toBe("pending")
      await sink.stop()
    })

    await test.step("what failed to the last attempt is dead, visible, and can be redriven", async () => {
      server.options.push("--spi-jit-outbox--database--max-attempts=2")
      await server.restart()
      const request = await aliceAsks(browser, realm)
      await expect.poll(async () => (await mailsThatAre(realm, "dead")).length, patient).toBe(1)
      const [dead] = await mailsThatAre(realm, "dead")
      expect(dead).toMatchObject({
        request_id: request,
        kind: "mail",
        state: "dead",
        attempts: 2,
        next_attempt_at: null,
      })
      expect(dead.last_error).toMatch(/refused|connect/i)

      const asAlice = new AdminClient(server.url, { username: "alice", password: "alice" }, realm.name)
      await expect(asAlice.get(`${realm.path}/jit-approval/outbox?state=dead`)).rejects.toThrow(
        /answered 403/,
      )
      await expect(asAlice.post(`${realm.path}/jit-approval/outbox/${dead.id}/redrive`)).rejects.toThrow(
        /answered 403/,
      )

      sink = await MailSink.start(address)
      expect(await toBob(request)).toHaveLength(0)
      const redriven = await realm.admin.post(`${realm.path}/jit-approval/outbox/${dead.id}/redrive`)
      expect(redriven).toMatchObject({ id: dead.id, state: "pending", attempts: 0 })
      await expect.poll(() => toBob(request), patient).toHaveLength(1)
      await expect.poll(async () => (await mailsThatAre(realm, "dead")).length).toBe(0)
      await expect(realm.admin.post(`${realm.path}/jit-approval/outbox/${dead.id}/redrive`)).rejects.toThrow(
        /answered 409/,
      )
      const events = await realm.admin.adminEvents(realm.name)
      expect(events.map((/** @type {any} */ event) => event.resourcePath)).toContain(
        `jit-approval/outbox/${dead.id}/redrive`,
      )
      expect(await realm.admin.post(`${realm.path}/jit-approval/outbox/redrive`, { kind: "mail" })).toEqual({
        redriven: 0,
      })
    })
  } finally {
    await realm.close()
    await server.stop()
    await database.stop()
    await silent?.stop().catch(() => {})
    await sink?.stop().catch(() => {})
  }
})

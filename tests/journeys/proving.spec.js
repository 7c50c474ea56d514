// Who writes the database, or an export of it, is found out by the real jit-policy. With a server and a PostgreSQL of their own.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Auditor } from "../harness/jit-policy.js"
import { onPostgres } from "../harness/build.js"
import { Keycloak } from "../harness/keycloak.js"
import { TARGET } from "../harness/paths.js"
import { Person } from "../harness/person.js"
import { managerApproves } from "../harness/policies.js"
import { eventually } from "../harness/processes.js"
import { Realm } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { expect, test } from "@playwright/test"

test.describe.configure({ timeout: 400_000 })

test("an edited, dropped, reordered or truncated row is found and named", async ({ browser }) => {
  const { mail } = sharedServers()
  const { built, database } = await onPostgres("proving", { say: console.log })
  const directory = join(TARGET, "servers", "proving-checkpoints")
  const server = await Keycloak.start({
    brief: true,
    built,
    name: "proving",
    options: [...database.keycloakOptions, `--spi-jit-approval--default--checkpoint-dir=${directory}`],
  })
  const realm = await Realm.create({ server, mail, name: "proving", policy: managerApproves() })
  const below = `${realm.path}/jit-approval/audit`
  const exported = () => server.admin.text(`${below}/export`)
  const { sql } = database

  /** @param {string} username */
  const visit = async (username) => {
    const context = await browser.newContext()
    return new Person(username, realm, context, await context.newPage())
  }

  /** Makes a checkpoint, and waits until it is on the other storage. @returns {Promise<string>} the file */
  const checkpoint = async () => {
    const { jws } = await server.admin.post(`${below}/checkpoints`)
    const { id } = await server.admin.get(realm.path)
    return eventually("the checkpoint in its directory", () => {
      const file = readFileSync(join(directory, `${id}.checkpoints`), "utf8")
      return file.endsWith(`${jws}\n`) && file
    })
  }

  try {
    await realm.ready()
    const alice = await visit("alice")
    const used = await alice.signInAndWait()
    await (await visit("bob")).approveFromMail(used)
    await alice.console.expectSignedIn("alice")
    const quitter = await visit("alice")
    const cancelled = await quitter.signInAndWait()
    await quitter.waiting.press("Cancel request")
    await quitter.waiting.expect("cancelled")

    const keys = await (await fetch(`${realm.url}/protocol/openid-connect/certs`)).json()
    const auditor = new Auditor("proving", keys)
    const checkpoints = await checkpoint()
    const honest = await exported()
    const lines = honest.trimEnd().split("\n")

    await test.step("what nobody touched is intact", async () => {
      expect(auditor.verify(honest, checkpoints)).toMatchObject({
        result: "intact",
        requests: 2,
        events: 5,
        checkpoints: [1],
        findings: [],
      })
    })

    sql(
      "create table kept_request as select * from jit_request; create table kept_event as select * from jit_event",
    )
    const restore = () =>
      sql(`delete from jit_event; delete from jit_request;
           insert into jit_request select * from kept_request; insert into jit_event select * from kept_event`)

    /**
     * @param {string} what was done @param {string} statement @param {Record<string, unknown>} found
     * @param {{ withoutCheckpoint?: "intact" | "damaged" }} [more]
     */
    const inTheDatabase = (what, statement, found, { withoutCheckpoint = "damaged" } = {}) =>
      test.step(`in the database: ${what}`, async () => {
        sql(statement)
        const tampered = await exported()
        restore()
        expect(tampered).not.toBe(honest)
        const { result, findings } = auditor.verify(tampered, checkpoints)
        expect(findings).toContainEqual(expect.objectContaining(found))
        expect(result).toBe("damaged")
        expect(auditor.verify(tampered).result).toBe(withoutCheckpoint)
      })

    const where = (/** @type {number} */ seq) => `where request_id = '${used}' and seq = ${seq}`
    await inTheDatabase(
      "the approver is somebody else",
      `update jit_event set event = replace(event, '"username":"bob"', '"username":"eve"') ${where(2)}`,
      { kind: "edited", request: used, seq: 2 },
    )
    await inTheDatabase(
      "the vote was given later",
      `update jit_event set event = regexp_replace(event, '"at":"[^"]*"', '"at":"2030-01-01T00:00:00.000Z"') ${where(2)}`,
      { kind: "edited", request: used, seq: 2 },
    )
    await inTheDatabase("an event is no JSON any more", `update jit_event set event = 'gone' ${where(2)}`, {
      kind: "edited",
      request: used,
    })
    await inTheDatabase("the vote is gone", `delete from jit_event ${where(2)}`, {
      kind: "missing",
      request: used,
      seq: 2,
    })
    await inTheDatabase(
      "two events have changed places",
      `update jit_event set seq = 99 ${where(2)}; update jit_event set seq = 2 ${where(3)};
       update jit_event set seq = 3 ${where(99)}`,
      { kind: "reordered", request: used },
    )
    await inTheDatabase("the last event is gone", `delete from jit_event ${where(3)}`, {
      kind: "truncated",
      request: used,
      seq: 3,
    })
    await inTheDatabase(
      "what approvers were shown is something else",
      `update jit_request set facts = replace(facts, 'prod-console', 'payroll') where id = '${used}'`,
      { kind: "edited", request: used },
    )

    const events = lines.map((line) => JSON.parse(line)).filter(({ request }) => request === used)
    await inTheDatabase(
      "the last event is gone, and the numbers with it: only the checkpoint knows",
      `delete from jit_event ${where(3)}; update jit_request set seq = 2, status = 'approved',
         head = '${events[2].event.prev}' where id = '${used}'`,
      { request: used },
      { withoutCheckpoint: "intact" },
    )
    await inTheDatabase(
      "a whole request is gone: only the checkpoint knows",
      `delete from jit_event where request_id = '${cancelled}'; delete from jit_request where id = '${cancelled}'`,
      { kind: "missing", request: cancelled },
      { withoutCheckpoint: "intact" },
    )

    await test.step("in the file", async () => {
      const at = lines.findIndex((line) => line.startsWith(`{"type":"event","request":"${used}"`))
      const without = lines.toSpliced(at + 1, 1)
      const swapped = lines.toSpliced(at, 2, lines[at + 1], lines[at])
      const edited = lines.with(at + 1, lines[at + 1].replace('"kind":"approved"', '"kind":"commented"'))
      const cut = lines.slice(0, -1)
      const inFile = (/** @type {string[]} */ text) => auditor.verify(`${text.join("\n")}\n`).findings
      expect(inFile(without)).toContainEqual(
        expect.objectContaining({ kind: "missing", request: used, seq: 2 }),
      )
      expect(inFile(swapped)).toContainEqual(expect.objectContaining({ kind: "reordered", request: used }))
      expect(inFile(edited)).toContainEqual(
        expect.objectContaining({ kind: "edited", request: used, seq: 2 }),
      )
      expect(inFile(cut)).toContainEqual(expect.objectContaining({ kind: "truncated" }))
      const forged = checkpoints.replace(/\.(.)/, (_, first) => `.${first === "e" ? "f" : "e"}`)
      expect(auditor.verify(honest, forged).findings).toContainEqual(
        expect.objectContaining({ kind: "checkpoint" }),
      )
    })

    await test.step("what retention removed is no damage, for the next checkpoint lists it", async () => {
      sql(`update jit_request set updated_at = 0 where id = '${cancelled}'`)
      await eventually("retention", () => sql("select id from jit_request").length === 1, {
        timeout: 150_000,
      })
      const both = await checkpoint()
      expect(auditor.verify(await exported(), both)).toMatchObject({
        result: "intact",
        requests: 1,
        checkpoints: [1, 2],
      })
    })

    await test.step("the server itself raises the alarm at its next checkpoint", async () => {
      sql(`delete from jit_event; delete from jit_request`)
      await checkpoint()
      expect(readFileSync(server.log, "utf8")).toContain(
        `request ${used} is gone, and retention did not remove it`,
      )
    })
  } finally {
    await realm.close()
    await server.stop()
    await database.stop()
  }
})

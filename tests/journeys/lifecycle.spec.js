// What becomes of requests when users, clients and realms are removed or renamed; and who is in a role or a group.
import { test as plain } from "@playwright/test"
import { onPostgres } from "../harness/build.js"
import { Keycloak } from "../harness/keycloak.js"
import { Person } from "../harness/person.js"
import { managerApproves } from "../harness/policies.js"
import { Realm } from "../harness/realm.js"
import { sharedServers } from "../harness/shared-servers.js"
import { expect, test } from "../harness/test.js"

/**
 * @param {Realm} realm @param {string} request
 * @returns {Promise<string[]>} the codes with which the system has ended the request
 */
async function endedBy(realm, request) {
  return (await realm.admin.events(realm.name))
    .filter(
      ({ type, details }) =>
        // The login that waited is told as well, as an error of its own.
        type === "CUSTOM_REQUIRED_ACTION" &&
        details?.jit_request === request &&
        details.jit_event === "cancelled",
    )
    .map(({ details }) => details.jit_code)
}

/** @param {Realm} realm @param {string} clientId */
async function client(realm, clientId) {
  const [found] = await realm.admin.get(`${realm.path}/clients?clientId=${clientId}`)
  return found
}

test("removing a user ends the requests that they wait for", async ({ alice, realm }) => {
  const request = await alice.signInAndWait()
  const { id } = await realm.admin.user(realm.name, "alice")
  await realm.admin.delete(`${realm.path}/users/${id}`)
  await expect.poll(() => endedBy(realm, request)).toEqual(["user_removed"])
  await alice.console.expectNobodySignedIn()
})

test("removing a client ends the requests for it, approved ones as well", async ({ alice, bob, realm }) => {
  const request = await alice.signInAndWait()
  await alice.page.close()
  await bob.approveFromMail(request)
  await realm.admin.delete(`${realm.path}/clients/${(await client(realm, "prod-console")).id}`)
  await expect.poll(() => endedBy(realm, request)).toEqual(["client_removed"])
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "cancelled"])
})

test("a renamed user goes on where they waited", async ({ alice, bob, realm }) => {
  await realm.admin.put(realm.path, { ...(await realm.admin.get(realm.path)), editUsernameAllowed: true })
  const request = await alice.signInAndWait()
  await realm.admin.changeUser(realm.name, "alice", { username: "alicia" })
  await bob.approveFromMail(request)
  await alice.console.expectSignedIn("alicia")
  expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
})

test.describe("a policy that does not go by client ids", () => {
  test.use({ policy: managerApproves({ rule: { when: "user.username == 'alice'", reason: '"Always."' } }) })

  test("a renamed client leads to the request that was opened before", async ({ alice, bob, realm }) => {
    const request = await alice.signInAndWait()
    const console = await client(realm, "prod-console")
    await realm.admin.put(`${realm.path}/clients/${console.id}`, { ...console, clientId: "renamed" })
    await bob.approveFromMail(request)
    await realm.admin.put(`${realm.path}/clients/${console.id}`, console)
    const later = await alice.newTab()
    await later.console.startSignIn()
    await later.login.signIn("alice")
    await later.console.expectSignedIn("alice")
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "used"])
  })
})

test.describe("who may approve", () => {
  /** @param {Record<string, unknown>} stage */
  const stageOf = (stage) => managerApproves({ stages: [{ name: "security", timeout: "15m", ...stage }] })

  /** @param {Realm} realm @param {string} username @param {string} path of a group */
  async function join(realm, username, path) {
    const { id } = await realm.admin.user(realm.name, username)
    const group = await realm.admin.get(`${realm.path}/group-by-path/${path}`)
    await realm.admin.put(`${realm.path}/users/${id}/groups/${group.id}`, {})
  }

  test.describe("by group", () => {
    test.use({ policy: stageOf({ approvers: [{ group: "/duty" }] }) })

    test("members of a subgroup are listed, told, and may decide", async ({ alice, bob, realm }) => {
      await realm.admin.post(`${realm.path}/groups`, { name: "duty" })
      const duty = await realm.admin.get(`${realm.path}/group-by-path/duty`)
      await realm.admin.post(`${realm.path}/groups/${duty.id}/children`, { name: "ops" })
      const ops = await realm.admin.get(`${realm.path}/group-by-path/duty/ops`)
      await realm.admin.post(`${realm.path}/groups/${ops.id}/children`, { name: "night" })
      await join(realm, "bob", "duty/ops/night")
      const request = await alice.signInAndWait()
      await bob.approveFromMail(request)
      await alice.console.expectSignedIn("alice")
    })
  })

  test.describe("by role", () => {
    test.use({ policy: stageOf({ approvers: [{ role: "approver" }] }) })

    test("a role inside a composite client role that a parent group has is found both ways", async ({
      alice,
      bob,
      realm,
    }) => {
      await realm.admin.post(`${realm.path}/roles`, { name: "approver" })
      const approver = await realm.admin.get(`${realm.path}/roles/approver`)
      const payroll = await client(realm, "payroll")
      await realm.admin.post(`${realm.path}/clients/${payroll.id}/roles`, { name: "lead" })
      const lead = await realm.admin.get(`${realm.path}/clients/${payroll.id}/roles/lead`)
      await realm.admin.post(`${realm.path}/roles-by-id/${lead.id}/composites`, [approver])
      await realm.admin.post(`${realm.path}/roles`, { name: "head" })
      const head = await realm.admin.get(`${realm.path}/roles/head`)
      await realm.admin.post(`${realm.path}/roles-by-id/${head.id}/composites`, [lead])
      await realm.admin.post(`${realm.path}/groups`, { name: "staff" })
      const staff = await realm.admin.get(`${realm.path}/group-by-path/staff`)
      await realm.admin.post(`${realm.path}/groups/${staff.id}/role-mappings/realm`, [head])
      await realm.admin.post(`${realm.path}/groups/${staff.id}/children`, { name: "inner" })
      await join(realm, "bob", "staff/inner")
      const request = await alice.signInAndWait()
      await bob.approveFromMail(request)
      await alice.console.expectSignedIn("alice")
    })
  })

  for (const { quorum, state } of [
    { quorum: 20, state: "waiting" },
    { quorum: 21, state: "denied" },
  ]) {
    test.describe(`a quorum of ${quorum}`, () => {
      test.use({ policy: stageOf({ approvers: [{ group: "/many" }, { role: "many" }], quorum }) })

      test(`of 20 people with 250 accounts is ${state}`, async ({ alice, realm }) => {
        await realm.admin.post(`${realm.path}/roles`, { name: "many" })
        await realm.admin.post(`${realm.path}/groups`, { name: "many" })
        const many = await realm.admin.get(`${realm.path}/group-by-path/many`)
        await realm.admin.post(`${realm.path}/groups/${many.id}/children`, { name: "half" })
        await realm.admin.post(`${realm.path}/partialImport`, {
          ifResourceExists: "FAIL",
          users: Array.from({ length: 250 }, (_, i) => ({
            username: `member-${i}`,
            enabled: true,
            groups: i % 2 ? ["/many"] : ["/many/half"],
            realmRoles: i % 3 ? [] : ["many"],
            attributes: { person_key: [`person-${i % 20}`] },
          })),
        })
        await alice.signInTo("prod-console")
        await alice.waiting.expect(state)
      })
    })
  }

  test.describe("a quorum beyond one page of a listing", () => {
    test.use({ policy: stageOf({ approvers: [{ group: "/many" }], quorum: 100 }) })

    test("of 250 members is held", async ({ alice, realm }) => {
      await realm.admin.post(`${realm.path}/groups`, { name: "many" })
      await realm.admin.post(`${realm.path}/partialImport`, {
        ifResourceExists: "FAIL",
        users: Array.from({ length: 250 }, (_, i) => ({
          username: `member-${i}`,
          enabled: true,
          groups: ["/many"],
        })),
      })
      await alice.signInTo("prod-console")
      await alice.waiting.expect("waiting")
    })
  })
})

plain(
  "on PostgreSQL: requests that lost their user are found, and a removed realm leaves no row",
  async ({ browser }) => {
    plain.setTimeout(300_000)
    const { mail } = sharedServers()
    const { built, database } = await onPostgres("lifecycle", { say: console.log })
    const server = await Keycloak.start({
      brief: true,
      built,
      name: "lifecycle",
      options: database.keycloakOptions,
    })
    const realm = await Realm.create({ server, mail, name: "lifecycle", policy: managerApproves() })
    try {
      await realm.ready()
      const { id: realmId } = await realm.admin.get(realm.path)
      const tables = database.sql(
        "select table_name from information_schema.columns where column_name = 'realm_id' and table_name like 'jit\\_%'",
      )
      const rows = () =>
        tables.flatMap((table) =>
          database.sql(`select '${table}' from ${table} where realm_id = '${realmId}' limit 1`),
        )
      const context = await browser.newContext()
      const alice = new Person("alice", realm, context, await context.newPage())
      const request = await alice.signInAndWait()

      await plain.step("an account that vanished behind Keycloak's back", async () => {
        const { id } = await realm.admin.user(realm.name, "alice")
        database.sql(`update user_entity set realm_id = 'elsewhere' where id = '${id}'`)
        // Keycloak's cache has not heard of it; the look at the database has.
        await expect.poll(() => endedBy(realm, request), { timeout: 90_000 }).toEqual(["user_removed"])
      })

      await plain.step("the realm goes", async () => {
        expect(rows()).toContain("jit_request")
        await realm.admin.delete(realm.path)
        expect(rows()).toEqual([])
        expect(database.sql("select count(*) from jit_event")).toEqual(["0"])
      })
    } finally {
      await realm.close()
      await server.stop()
      await database.stop()
    }
  },
)

// What somebody tries who means harm; docs/security.md says which rule answers, and which other test shows it.
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { AdminClient } from "../harness/admin.js"
import { Api } from "../harness/api.js"
import { citations, expectToExist } from "../harness/citations.js"
import { ROOT } from "../harness/paths.js"
import { managerApproves } from "../harness/policies.js"
import { Realm, withoutCheckpoint } from "../harness/realm.js"
import { expect, test } from "../harness/test.js"
import { addApplication, signIn } from "../harness/tokens.js"

const DOCUMENT = readFileSync(join(ROOT, "docs/security.md"), "utf8")

test("every test that docs/security.md names exists", () => {
  const cited = citations(DOCUMENT)
  expect(cited.length).toBeGreaterThan(20)
  expectToExist(cited)
  const journeys = readdirSync(join(ROOT, "tests/journeys"))
  expect(journeys.some((file) => DOCUMENT.includes(file))).toBe(true)
})

test.describe("where bob and carol may approve", () => {
  test.use({ policy: managerApproves({ stage: { approvers: [{ user: "bob" }, { user: "carol" }] } }) })

  test("a second account of the requester is told on the page that it is theirs", async ({
    alice,
    bob,
    carol,
    realm,
  }) => {
    for (const name of ["alice", "bob"])
      await realm.admin.changeUser(realm.name, name, {
        attributes: { person_key: ["p-1"], manager: ["bob"] },
      })
    const request = await alice.signInAndWait()
    await bob.openReview(request)
    await bob.review.expect("self")
    await expect(bob.review.approveButton).toBeHidden()
    expect(await realm.kinds(request)).toEqual(["opened"])
    await carol.openReview(request)
    await carol.review.approve()
    await alice.console.expectSignedIn("alice")
  })
})

/** Everything that the extension or Keycloak lets somebody be who runs a realm. */
const ROLES = [
  ["jit-approval", "auditor"],
  ["jit-approval", "policy-editor"],
  ["jit-approval", "policy-activator"],
  ["realm-management", "manage-realm"],
  ["realm-management", "realm-admin"],
]

test.describe("where alice is among the approvers and runs the realm", () => {
  test.use({ policy: managerApproves({ stage: { approvers: [{ user: "alice" }, { user: "bob" }] } }) })

  test("no role lets her approve her own request, through no channel", async ({ alice, realm, visit }) => {
    await addApplication(realm, "desk", { scopes: ["jit:decide"] })
    const request = await alice.signInAndWait()
    const { id: user } = await realm.admin.user(realm.name, "alice")
    const bob = Api.people(realm, (await signIn(realm, "bob", "desk")).access_token)
    const { digest, stage } = (await bob.get(`requests/${request}`)).body
    for (const [client, role] of ROLES) {
      const [{ id }] = await realm.admin.get(`${realm.path}/clients?clientId=${client}`)
      const granted = await realm.admin.get(`${realm.path}/clients/${id}/roles/${role}`)
      await realm.admin.post(`${realm.path}/users/${user}/role-mappings/clients/${id}`, [granted])

      const page = await visit("alice")
      await page.openReview(request)
      await page.review.expect("self")
      await expect(page.review.approveButton).toBeHidden()

      const people = Api.people(realm, (await signIn(realm, "alice", "desk")).access_token)
      const voted = await people.post(`requests/${request}/approve`, { shown: { digest, stage } })
      expect(voted.body.code, role).toBe("self_approval")

      const admin = new AdminClient(realm.server.url, { username: "alice", password: "alice" }, realm.name)
      const called = await Api.admin(realm, await admin.bearer()).post(`requests/${request}/approve`)
      expect([403, 404], role).toContain(called.status)
    }
    expect(await realm.kinds(request)).toEqual(["opened"])
  })
})

test("a mail scanner that follows every link, with or without a session, decides nothing", async ({
  alice,
  bob,
  realm,
  visit,
}) => {
  const request = await alice.signInAndWait()
  const mail = await realm.mail.mailTo(realm.address("bob"))
  const links = new Set(
    [...`${mail.text} ${mail.html}`.matchAll(/https?:\/\/[^\s"'<>)]+/g)].map(([link]) =>
      link.replaceAll("&amp;", "&"),
    ),
  )
  expect(links.size).toBeGreaterThan(0)
  const scanner = await visit("scanner")
  await bob.openReviewFromMail(request)
  for (const link of links)
    for (const { context } of [scanner, bob]) {
      expect((await context.request.head(link)).status()).toBeLessThan(500)
      expect((await context.request.get(link)).status()).toBeLessThan(500)
      expect((await context.request.get(`${link}?decision=approve`)).status()).toBeLessThan(500)
    }
  expect(await realm.kinds(request)).toEqual(["opened"])
  await expect(alice.waiting.root).toHaveAttribute("data-state", "waiting")
})

const HOSTILE = "</p><script>window.hacked=1</script>\"'\u202Eevil\u2066 ${7*7} <#assign x=1> {{7*7}} "

test.describe("where a justification is asked for", () => {
  test.use({ policy: managerApproves({ chain: { justification: true } }) })

  test("hostile names and texts are shown as text, on the pages and in the mails", async ({
    visit,
    bob,
    realm,
  }) => {
    const [client] = await realm.admin.get(`${realm.path}/clients?clientId=prod-console`)
    await realm.admin.put(`${realm.path}/clients/${client.id}`, { ...client, name: `${HOSTILE}Console` })
    const alice = await visit("alice", {
      userAgent: `${HOSTILE.replaceAll(/[^ -~]/g, "")}${"A".repeat(10_000)}`,
    })
    await alice.signInTo()
    await alice.waiting.expect("justify")
    await alice.page.locator('[name="justification"]').evaluate(
      (field, text) => {
        field.removeAttribute("maxlength")
        Object.assign(field, { value: text })
      },
      `${HOSTILE}${"B".repeat(10_000)}`,
    )
    await alice.waiting.press("Send request")
    // Ten thousand characters are too many for a justification, so nothing was stored; what fits is.
    if ((await alice.waiting.root.getAttribute("data-state")) === "justify") {
      await alice.page.locator('[name="justification"]').fill(HOSTILE)
      await alice.waiting.press("Send request")
    }
    await alice.waiting.expect("waiting")
    const request = await alice.waiting.requestId()
    const mail = await realm.mail.mailTo(realm.address("bob"))
    expect(mail.html).not.toContain("<script>window")
    for (const text of [mail.subject, mail.text, mail.html])
      expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]|evil *49/)
    await bob.openReviewFromMail(request)
    await bob.review.expect("open")
    for (const { page } of [alice, bob]) {
      expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false)
      const shown = await page.locator("body").innerText()
      expect(shown).toContain("<script>window.hacked=1</script>")
      // Keycloak's messages would take the two characters for a placeholder.
      expect(shown).toMatch(/\$ \{7\*7\}/)
      expect(shown).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)
    }
    await bob.review.approve()
    await alice.console.expectSignedIn("alice")
  })
})

test("where people may edit their own manager, that attribute names no approver", async ({
  alice,
  realm,
}) => {
  const profile = await realm.admin.get(`${realm.path}/users/profile`)
  const attributes = profile.attributes.filter((/** @type {any} */ { name }) => name !== "manager")
  attributes.push({ name: "manager", permissions: { view: ["admin", "user"], edit: ["admin", "user"] } })
  await realm.admin.put(`${realm.path}/users/profile`, { ...profile, attributes })
  await alice.signInTo()
  await alice.waiting.expect("denied")
  await alice.waiting.press("Back to application")
  await alice.console.expectRefused("access_denied")
})

test("a refusal with a body leaves nothing behind: Keycloak would commit what came before it", async ({
  servers,
}) => {
  const realm = await Realm.create({ ...servers, name: `refused-${process.pid}`, change: withoutCheckpoint })
  try {
    const before = await realm.status()
    await expect(
      realm.admin.post(`${realm.path}/jit-approval/provision`, { bind_browser_flow: true }),
    ).rejects.toMatchObject({ status: 409 })
    expect(await realm.status()).toEqual(before)
    expect(await realm.admin.get(`${realm.path}/clients?clientId=jit-approval`)).toEqual([])
  } finally {
    await servers.server.admin.delete(realm.path)
    await realm.close()
  }
})

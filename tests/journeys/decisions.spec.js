// What a policy can say besides "approval is needed", and how a policy comes into force.
import { Caller, formWith, stateOf } from "../harness/caller.js"
import { byRole, everyEffect, roleOf } from "../harness/effects.js"
import { everybody, managerApproves, suspectGoesToSecurity } from "../harness/policies.js"
import { ROOT } from "../harness/paths.js"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "../harness/test.js"

const DEMO_POLICY = readFileSync(join(ROOT, "examples/demo/policies/demo.yaml"), "utf8")

test.describe("under the demo's policy", () => {
  test.use({ policy: DEMO_POLICY })

  test("alice confirms and is signed in", async ({ alice }) => {
    await alice.signInTo("payroll")
    await alice.waiting.expect("confirm")
    await expect(alice.waiting.root).toContainText("You are about to open the payroll of the whole company.")
    await alice.waiting.press("Confirm")
    await alice.application("payroll").expectSignedIn("alice")
  })

  test("alice does not confirm, and the application gets access_denied", async ({ alice }) => {
    await alice.signInTo("payroll")
    await alice.waiting.expect("confirm")
    await alice.page.locator("#jit-decline").click()
    await alice.application("payroll").expectRefused("access_denied")
  })

  test("the archive is denied to alice with the policy's reason, and open to carol", async ({
    alice,
    carol,
  }) => {
    await alice.signInTo("archive")
    await alice.waiting.expect("denied")
    await expect(alice.waiting.root).toContainText("Only the security team may sign in to Legacy Archive.")
    await alice.waiting.press("Back to application")
    await alice.application("archive").expectRefused("access_denied")
    await carol.signInTo("archive")
    await carol.application("archive").expectSignedIn("carol")
  })

  test("a sign-in with a single sign-on cookie is held too", async ({ alice, bob }) => {
    await alice.signInTo("payroll")
    await alice.waiting.press("Confirm")
    await alice.application("payroll").expectSignedIn("alice")
    await alice.console.startSignIn()
    await alice.waiting.expect("waiting")
    await bob.approveFromMail(await alice.waiting.requestId())
    await alice.console.expectSignedIn("alice")
  })

  test("asking to sign in again, which anybody can, does not lead past a rule on sign-ins", async ({
    alice,
    bob,
  }) => {
    const request = await alice.signInAndWait()
    await bob.approveFromMail(request)
    await alice.console.expectSignedIn("alice")
    await alice.console.startSignIn({ prompt: "login" })
    await alice.login.enterPassword("alice")
    await alice.waiting.expect("waiting")
    expect(await alice.waiting.requestId()).not.toBe(request)
  })

  test("an application that forbids questions gets interaction_required", async ({ alice }) => {
    await alice.signInTo("payroll")
    await alice.waiting.press("Confirm")
    await alice.application("payroll").expectSignedIn("alice")
    await alice.console.startSignIn({ prompt: "none" })
    await alice.console.expectRefused("interaction_required")
    await alice.console.expectNobodySignedIn()
  })
})

test.describe("where nobody is asked", () => {
  test.use({ policy: everyEffect(["login"], byRole) })

  test("a sign-in with a single sign-on cookie is denied, stepped up, confirmed or let in", async ({
    realm,
  }) => {
    const become = await roleOf(realm, "alice")
    const alice = await Caller.create("alice", realm)
    expect(await alice.signInTo("payroll")).toContain('data-state="signed-in"')
    const go = async (query = "") =>
      (await alice.http.get(`${realm.party.url}/prod-console/login${query}`)).text()
    await become("deny")
    const denied = await go()
    expect(stateOf(denied)).toBe("denied")
    const left = await alice.send(formWith(denied, 'value="back"'), { jit: "back" })
    expect(await left.text()).toContain("access_denied")
    await become("step_up")
    const weak = await go()
    expect([stateOf(weak), weak.includes("second factor")]).toEqual(["denied", true])
    expect(await go("?prompt=none")).toContain("interaction_required")
    await become("confirm")
    const asked = await go()
    expect(stateOf(asked)).toBe("confirm")
    expect(await go("?prompt=none")).toContain("interaction_required")
    const unsure = await alice.send(formWith(asked, 'value="decline"'), { jit: "decline" })
    expect(await unsure.text()).toContain("access_denied")
    const sure = await alice.send(formWith(await go(), 'value="confirm"'), { jit: "confirm" })
    expect(await sure.text()).toContain('data-state="signed-in"')
    await become()
    expect(await go()).toContain('data-state="signed-in"')
    await alice.dispose()
  })
})

test.describe("a policy file that changes", () => {
  test.use({ policy: everybody("allow") })

  test("decides from the next sign-in on; one with a mistake in it never does", async ({
    alice,
    realm,
    visit,
  }) => {
    await alice.signInTo()
    await alice.console.expectSignedIn("alice")

    const denying = await realm.replacePolicy(everybody("deny"), ({ name }) => name === "everybody-deny")
    const second = await visit("alice")
    await second.signInTo()
    await second.waiting.expect("denied")

    const invalid = managerApproves({ rule: { when: 'user.role == "finance"' } })
    const kept = await realm.replacePolicy(invalid, ({ last_error }) => last_error)
    expect(kept.hash).toBe(denying.hash)
    expect(kept.last_error).toContain("role")
    const third = await visit("alice")
    await third.signInTo()
    await third.waiting.expect("denied")

    await realm.replacePolicy(
      everybody("allow"),
      ({ name, last_error }) => name === "everybody-allow" && !last_error,
    )
    const fourth = await visit("alice")
    await fourth.signInTo()
    await fourth.console.expectSignedIn("alice")
  })

  test("a request keeps the policy under which it was opened", async ({ alice, bob, realm }) => {
    await realm.replacePolicy(managerApproves(), ({ name }) => name === "journey")
    const request = await alice.signInAndWait()
    await realm.replacePolicy(
      managerApproves({ stage: { approvers: [{ group: "/security" }] } }),
      ({ hash }) => hash !== undefined,
    )
    await bob.openReview(request)
    await bob.review.expect("open")
  })
})

test.describe("where failed sign-ins bring other approvers", () => {
  test.use({ policy: suspectGoesToSecurity() })

  test("an approval by the usual ones is not spent once others are needed", async ({ alice, bob, realm }) => {
    await realm.admin.put(realm.path, { bruteForceProtected: true, failureFactor: 30 })
    const request = await alice.signInAndWait()
    await alice.page.close()
    await bob.approveFromMail(request)
    const later = await alice.newTab()
    await later.console.startSignIn()
    await later.login.signIn("alice", "wrong")
    await later.login.signIn("alice")
    await later.waiting.expect("waiting")
    expect(await later.waiting.requestId()).not.toBe(request)
    expect(await realm.kinds(request)).toEqual(["opened", "approved", "cancelled"])
  })
})

// The effect "confirm": asked for each time, unless the rule lets a confirmation hold.
import { replacePolicy } from "../harness/required-action.js"
import { expect, test } from "../harness/test.js"

/** @param {string} [remember] */
const confirms = (remember) =>
  JSON.stringify({
    apiVersion: "jit-approval.dev/v1",
    name: "confirms",
    rules: [
      {
        id: "confirm",
        on: ["login"],
        when: 'client.id == "prod-console"',
        effect: "confirm",
        reason: '"As " + user.?email.orValue(user.username) + "."',
        ...(remember ? { remember } : {}),
      },
    ],
  })

/** @typedef {import("../harness/person.js").Person} Person */

/** Ends the session, but leaves what the checkpoint keeps in the browser. @param {Person} person */
async function forgetSession(person) {
  const kept = (await person.context.cookies()).filter(({ name }) => name.startsWith("JIT_"))
  await person.context.clearCookies()
  await person.context.addCookies(kept)
}

/** @param {Person} person */
async function confirm(person) {
  await person.waiting.expect("confirm")
  await person.waiting.press("Confirm")
  await person.console.expectSignedIn(person.username)
}

test.describe("where the rule says nothing", () => {
  test.use({ policy: confirms() })

  test("a confirmation is good once", async ({ alice }) => {
    await alice.signInTo()
    await confirm(alice)
    await forgetSession(alice)
    await alice.signInTo()
    await alice.waiting.expect("confirm")
  })
})

test.describe("where the rule says how long", () => {
  test.use({ policy: confirms("1h") })

  test("it holds in the browser that gave it, on the same facts and under the same policy", async ({
    alice,
    visit,
    realm,
  }) => {
    await alice.signInTo()
    await confirm(alice)
    await forgetSession(alice)
    await alice.signInTo()
    await alice.console.expectSignedIn("alice")
    const told = (await realm.admin.events(realm.name)).filter(
      ({ details }) => details?.jit_event === "remembered",
    )
    expect(told).toHaveLength(1)

    const elsewhere = await visit("alice")
    await elsewhere.signInTo()
    await elsewhere.waiting.expect("confirm")

    await realm.addUser("another")
    const another = await visit("another")
    await another.context.addCookies(
      (await alice.context.cookies()).filter(({ name }) => name.startsWith("JIT_")),
    )
    await another.signInTo()
    await another.waiting.expect("confirm")

    await realm.admin.changeUser(realm.name, "alice", { email: `renamed@${realm.name}.example` })
    await forgetSession(alice)
    await alice.signInTo()
    await confirm(alice)

    await replacePolicy(realm, confirms("2h"))
    await forgetSession(alice)
    await alice.signInTo()
    await alice.waiting.expect("confirm")
  })

  test("one that is older than that is asked for again", async ({ alice, realm }) => {
    await replacePolicy(realm, confirms("10s"))
    await alice.signInTo()
    await confirm(alice)
    await expect(async () => {
      await forgetSession(alice)
      await alice.signInTo()
      await expect(alice.waiting.root).toHaveAttribute("data-state", "confirm", { timeout: 1_000 })
    }).toPass({ timeout: 40_000 })
  })
})

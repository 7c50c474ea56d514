// A second factor: somebody who has one, the codes it shows, and a flow that asks for it by Keycloak's own conditions.
import { createHmac } from "node:crypto"

/** @typedef {import("./realm.js").Realm} Realm */

const SECRET = "a secret of 20 bytes"

/** @returns {string} the code that the device shows now */
export function oneTimeCode(at = Date.now()) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac("sha1", SECRET).update(counter).digest()
  const offset = mac[19] & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0")
}

/** Adds a user whose password is the name and who has a one-time password device. @param {Realm} realm @param {string} username */
export async function addUserWithDevice(realm, username) {
  // A code counts once otherwise, and the next one takes half a minute.
  await realm.admin.put(realm.path, { otpPolicyCodeReusable: true })
  await realm.admin.post(`${realm.path}/users`, {
    username,
    enabled: true,
    email: `${username}@${realm.name}.example`,
    emailVerified: true,
    firstName: "Olga",
    lastName: "Device",
    credentials: [
      { type: "password", value: username, temporary: false },
      {
        type: "otp",
        userLabel: "phone",
        secretData: JSON.stringify({ value: SECRET }),
        credentialData: JSON.stringify({
          subType: "totp",
          digits: 6,
          counter: 0,
          period: 30,
          algorithm: "HmacSHA1",
        }),
      },
    ],
  })
}

/** Has Keycloak's own browser flow ask nobody for a code, who has a device or not. @param {Realm} realm */
export async function onlyPasswords(realm) {
  const path = `${realm.path}/authentication/flows/browser/executions`
  const executions = await realm.admin.get(path)
  const branch = executions.find(
    (/** @type {any} */ one) => one.requirement === "CONDITIONAL" && one.displayName.includes("2FA"),
  )
  await realm.admin.put(path, { ...branch, requirement: "DISABLED" })
}

/** Binds a browser flow in which Keycloak's own conditions ask for a password at level 1 and a code at level 2. @param {Realm} realm */
export async function bindLevels(realm) {
  const path = `${realm.path}/authentication`
  const inside = (/** @type {string} */ flow) => `${path}/flows/${encodeURIComponent(flow)}/executions`
  await realm.admin.post(`${path}/flows`, {
    alias: "levels",
    providerId: "basic-flow",
    topLevel: true,
    builtIn: false,
  })
  const parts = [
    ["levels", "execution", "auth-cookie", "ALTERNATIVE"],
    ["levels", "flow", "levels forms", "ALTERNATIVE"],
    ["levels forms", "flow", "level one", "CONDITIONAL"],
    ["level one", "execution", "conditional-level-of-authentication", "REQUIRED"],
    ["level one", "execution", "auth-username-password-form", "REQUIRED"],
    ["levels forms", "flow", "level two", "CONDITIONAL"],
    ["level two", "execution", "conditional-level-of-authentication", "REQUIRED"],
    ["level two", "execution", "auth-otp-form", "REQUIRED"],
  ]
  for (const [flow, kind, what, requirement] of parts) {
    const part =
      kind === "flow"
        ? { alias: what, type: "basic-flow", provider: "registration-page-form" }
        : { provider: what }
    await realm.admin.post(`${inside(flow)}/${kind}`, part)
    const made = (await realm.admin.get(inside(flow))).findLast(
      (/** @type {any} */ one) => one.level === 0 && (one.providerId === what || one.displayName === what),
    )
    await realm.admin.put(inside(flow), { ...made, requirement })
    if (what.startsWith("conditional")) {
      const level = flow === "level one" ? "1" : "2"
      await realm.admin.post(`${path}/executions/${made.id}/config`, {
        alias: `level ${level} of ${realm.name}`,
        config: { "loa-condition-level": level, "loa-max-age": "36000" },
      })
    }
  }
  await realm.admin.put(realm.path, { browserFlow: "levels" })
}

import { pbkdf2Sync, randomBytes } from "node:crypto"

/**
 * Many people at once, to be given to {@link Realm.create} as `change`. Their passwords, which are their names as everybody's here, are
 * hashed once with one round: a thousand logins are about what follows them, not about Argon2.
 *
 * @param {Record<string, Record<string, unknown>>} people more of each user's representation, by name
 * @returns {(realm: any) => void}
 */
export function crowd(people) {
  return (realm) => {
    realm.passwordPolicy = "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)"
    for (const [username, more] of Object.entries(people)) {
      realm.users.push({
        username,
        enabled: true,
        email: `${username}@${realm.realm}.example`,
        emailVerified: true,
        firstName: "One",
        lastName: "Of Many",
        credentials: [password(username)],
        ...more,
      })
    }
  }
}

/** @param {string} value */
function password(value) {
  const salt = randomBytes(16)
  return {
    type: "password",
    secretData: JSON.stringify({
      value: pbkdf2Sync(value, salt, 1, 32, "sha256").toString("base64"),
      salt: salt.toString("base64"),
      additionalParameters: {},
    }),
    credentialData: JSON.stringify({
      hashIterations: 1,
      algorithm: "pbkdf2-sha256",
      additionalParameters: {},
    }),
  }
}

/** @param {string} prefix @param {number} count @returns {string[]} names */
export const names = (prefix, count) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)

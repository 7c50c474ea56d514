/**
 * The claim `jit_approval` of an access token, as the protocol mapper `jit-approval-facts` writes it. Instants are seconds since 1970.
 *
 * @typedef {{ request: string, rule: string, approved_at: number, expires_at?: number, acr: string }} Approval
 */

/**
 * What an API asks of the approval behind a token.
 *
 * @typedef {{ rules?: string[], maxAge?: number, acr?: string }} Demand `rules`: one of these must have asked for it; `maxAge`: how many
 *   seconds ago it may have been given; `acr`: the level that the person must have reached
 */

/** Why a call is refused: an error of RFC 6750 or RFC 9470, with the parameters of its challenge. */
export class Refusal extends Error {
  /** @param {number} status @param {string} error @param {string} description @param {Record<string, string>} [more] */
  constructor(status, error, description, more = {}) {
    super(description)
    this.status = status
    this.parameters = { error, error_description: description, ...more }
  }
}

/** @param {string} description @param {Record<string, string>} [more] */
const signInAgain = (description, more) =>
  new Refusal(401, "insufficient_user_authentication", description, more)

/**
 * Checks the approval of a token whose signature, issuer, audience and time are checked already.
 *
 * @param {Record<string, unknown>} claims @param {Demand} demand @param {number} now in seconds since 1970
 * @returns {Approval}
 */
export function requireApproval(claims, { rules, maxAge, acr }, now) {
  const approval = claims.jit_approval
  if (!isApproval(approval)) throw signInAgain("nobody has approved this sign-in")
  if (rules && !rules.includes(approval.rule)) throw signInAgain("another rule asked for its approval")
  if (approval.expires_at !== undefined && approval.expires_at <= now)
    throw new Refusal(401, "invalid_token", "the approval has expired")
  if (maxAge !== undefined && approval.approved_at + maxAge < now)
    throw signInAgain("the approval is too long ago", { max_age: String(maxAge) })
  if (acr !== undefined && approval.acr !== acr)
    throw signInAgain("a stronger sign-in is needed", { acr_values: acr })
  return approval
}

/** @param {unknown} value @returns {value is Approval} */
function isApproval(value) {
  if (typeof value !== "object" || value === null) return false
  const { request, rule, approved_at, expires_at, acr } = /** @type {Record<string, unknown>} */ (value)
  return (
    [request, rule, acr].every((text) => typeof text === "string") &&
    Number.isSafeInteger(approved_at) &&
    (expires_at === undefined || Number.isSafeInteger(expires_at))
  )
}

/** @param {unknown} text */
const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** @param {string} title @param {string} state for tests and style @param {string} body */
const page = (title, state, body) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
  :root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
  body { max-width: 38rem; margin: 12vh auto; padding: 0 1.25rem; }
  h1 { font-size: 1.6rem; line-height: 1.25; }
  .button { display: inline-block; min-height: 44px; padding: .55rem 1.2rem; border: 0; border-radius: .4rem; font: inherit;
    background: #0b57d0; color: #fff; text-decoration: none; cursor: pointer; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
  dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; }
  li { margin-bottom: .75rem; }
</style>
</head>
<body>
<main id="app" data-state="${state}">
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>`

/** @param {import("./server.js").Application[]} applications */
export const startPage = (applications) =>
  page(
    "Applications",
    "start",
    `<ul>${applications
      .map(
        ({ clientId, name, about }) =>
          `<li><a href="/${escape(clientId)}">${escape(name)}</a><br>${escape(about)}</li>`,
      )
      .join("")}</ul>`,
  )

/** @param {import("./server.js").Application} application */
export const signedOutPage = ({ clientId, name, about }) =>
  page(
    name,
    "signed-out",
    `<p>You are not signed in. ${escape(about)}</p>
<p><a class="button" href="/${escape(clientId)}/login">Sign in</a></p>`,
  )

/**
 * @param {import("./server.js").Application} application @param {import("./server.js").Person} person
 */
export const signedInPage = ({ clientId, name }, person) =>
  page(
    name,
    "signed-in",
    `<p>Signed in as <strong id="who">${escape(person.username)}</strong>.</p>
<dl>
<dt>Name</dt><dd>${escape(person.name)}</dd>
<dt>E-mail</dt><dd>${escape(person.email)}</dd>
<dt>Level of authentication</dt><dd id="acr">${escape(person.acr)}</dd>
<dt>Signed in at</dt><dd>${escape(person.at)}</dd>
</dl>
<form method="post" action="/${escape(clientId)}/logout"><button class="button">Sign out</button></form>`,
  )

/** What the errors of an authorization response mean to the person in front of it. */
const MEANINGS = {
  access_denied: "The sign-in was not allowed: it was denied, cancelled, or not approved in time.",
  interaction_required:
    "Keycloak has to ask you something first, and this sign-in was not allowed to show you a page.",
  login_required: "You are not signed in to Keycloak, and this sign-in was not allowed to ask you.",
  temporarily_unavailable: "Keycloak cannot sign anybody in right now.",
  not_started_here:
    "This answer belongs to no sign-in that was started in this browser, or it was used already.",
}

/**
 * @param {import("./server.js").Application} application @param {string} error @param {string} [description]
 */
export const refusedPage = ({ clientId, name }, error, description) =>
  page(
    `You are not signed in to ${name}`,
    "refused",
    `<p>${escape(MEANINGS[/** @type {keyof typeof MEANINGS} */ (error)] ?? "The sign-in failed.")}</p>
<dl>
<dt>Error</dt><dd id="error">${escape(error)}</dd>
${description ? `<dt>Keycloak says</dt><dd id="description">${escape(description)}</dd>` : ""}
</dl>
<p><a class="button" href="/${escape(clientId)}/login">Try again</a></p>`,
  )

/** @param {string} what */
export const missingPage = (what) => page("Not found", "missing", `<p>${escape(what)}</p>`)

// Keeps the waiting page up to date. Without this file the page reloads itself every few seconds and says the same.

// Between two polls where the server cannot wake the page, and at the least where it does.
const POLL_MILLIS = 2000;
const JITTER_MILLIS = 1000;
const LEAST_MILLIS = 300;
// Longer than the server lets a page wait; a connection that went dead ends here.
const NEWS_MILLIS = 30_000;
const FAILURES_UNTIL_SAID = 3;
const CONTINUE_AFTER_MILLIS = 1200;
const SOON_MILLIS = 60_000;

const page = document.getElementById("jit-page");
const live = document.getElementById("jit-live");
const heading = document.getElementById("jit-heading");
const deadline = document.getElementById("jit-deadline");
const remaining = document.getElementById("jit-remaining");
const language = document.documentElement.lang || undefined;

let failures = 0;
let version = page.dataset.version;
let saidSoon = false;
let leaving = false;

function announce(text) {
  if (live.textContent !== text) {
    live.textContent = text;
  }
}

function showOnly(part) {
  for (const name of ["waiting", "approved", "session-lost"]) {
    page.querySelector(`.jit-when-${name}`).hidden = name !== part;
  }
  page.dataset.state = part;
}

/** Leaves for the page that the server now has for this request. */
function proceed() {
  leaving = true;
  location.replace(page.dataset.continueUrl);
}

function approved() {
  leaving = true;
  showOnly("approved");
  document.title = page.dataset.titleApproved;
  heading.textContent = page.dataset.headingApproved;
  announce(page.dataset.headingApproved);
  document.getElementById("jit-continue").focus();
  setTimeout(proceed, CONTINUE_AFTER_MILLIS);
}

function sessionLost() {
  leaving = true;
  showOnly("session-lost");
  document.title = page.dataset.titleSessionLost;
  heading.textContent = page.dataset.headingSessionLost;
  announce(page.dataset.headingSessionLost);
}

function updateStages(stages) {
  const list = document.getElementById("jit-stages");
  if (!list) {
    return;
  }
  const shown = new Map([...list.children].map((item) => [item.dataset.stage, item]));
  if (shown.size !== stages.length || stages.some((stage) => !shown.has(stage.id))) {
    proceed();
    return;
  }
  const changes = [];
  for (const stage of stages) {
    const item = shown.get(stage.id);
    const text = item.querySelector(".jit-stage-text");
    if (text.textContent !== stage.text) {
      text.textContent = stage.text;
      changes.push(`${stage.label}: ${stage.text}`);
    }
    item.dataset.stageState = stage.state;
    if (stage.state === "current") {
      item.setAttribute("aria-current", "step");
    } else {
      item.removeAttribute("aria-current");
    }
  }
  if (changes.length > 0) {
    announce(changes.join(". "));
  }
}

function showDeadline() {
  if (!deadline) {
    return;
  }
  const until = new Date(deadline.dateTime);
  const millis = until.getTime() - Date.now();
  const sameDay = until.toDateString() === new Date().toDateString();
  deadline.textContent = new Intl.DateTimeFormat(language, {
    ...(sameDay ? {} : { dateStyle: "medium" }),
    timeStyle: "short",
  }).format(until);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  const minutes = Math.max(0, Math.ceil(millis / 60_000));
  const [count, unit] =
    minutes < 120 ? [minutes, "minute"] : minutes < 2880 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  remaining.textContent = `(${relative.format(count, unit)})`;
  if (millis > 0 && millis <= SOON_MILLIS && !saidSoon) {
    saidSoon = true;
    announce(page.dataset.textSoon);
  }
}

function show(status) {
  if (status.state === "approved") {
    approved();
  } else if (status.state === "session-lost") {
    sessionLost();
  } else if (status.state === "waiting") {
    version = String(status.version);
    updateStages(status.stages);
    if (deadline && status.deadline && deadline.dateTime !== status.deadline) {
      deadline.dateTime = status.deadline;
      showDeadline();
    }
  } else {
    proceed();
  }
}

async function poll() {
  try {
    const response = await fetch(page.dataset.statusUrl, {
      cache: "no-store",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    if (response.status === 404) {
      sessionLost();
      return;
    }
    if (!response.ok) {
      throw new Error(`status ${response.status}`);
    }
    const status = await response.json();
    if (failures >= FAILURES_UNTIL_SAID) {
      announce(page.dataset.textOnline);
    }
    failures = 0;
    show(status);
  } catch {
    failures += 1;
    if (failures === FAILURES_UNTIL_SAID) {
      announce(page.dataset.textOffline);
    }
  }
  await next();
}

/** Whether the server has let the page wait, and then woken it. */
async function heard() {
  if (failures > 0) {
    return false;
  }
  try {
    const url = `${page.dataset.newsUrl}&version=${encodeURIComponent(version)}`;
    const answer = await fetch(url, {
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(NEWS_MILLIS),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Polls again when there is news; where nobody tells, after a pause that is never the same for two pages. */
async function next() {
  if (leaving) {
    return;
  }
  const woken = await heard();
  if (!leaving) {
    setTimeout(poll, woken ? LEAST_MILLIS : POLL_MILLIS + Math.random() * JITTER_MILLIS);
  }
}

for (const form of document.forms) {
  form.addEventListener("submit", () => {
    leaving = true;
  });
}
// A page that the browser keeps for its back button comes back with what it knew then.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});

showDeadline();
setInterval(showDeadline, 30_000);
next();

// Makes the approvers' pages pleasant. Without it they do the same, only less so.

const POLL_MILLISECONDS = 10_000;

function localiseTimes(root) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

// Disabling the pressed button would take its value out of the form, hence the flag.
function sendOnce(form) {
  form?.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
  });
}

// Others may decide while the page is open: show that instead of buttons that no longer work.
async function refresh(shown) {
  const form = shown.querySelector("form");
  if (document.hidden || form?.getAttribute("aria-busy") === "true") {
    return;
  }
  const response = await fetch(shown.dataset.here, { credentials: "same-origin", redirect: "error" });
  const now = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = now.getElementById("jit-review");
  if (!fresh || (fresh.dataset.version === shown.dataset.version && fresh.dataset.state === shown.dataset.state)) {
    return;
  }
  const comment = shown.querySelector("#comment")?.value;
  document.title = now.title;
  document.getElementById("kc-page-title").replaceChildren(...now.getElementById("kc-page-title").childNodes);
  shown.replaceWith(fresh);
  if (fresh.querySelector("#comment") && comment) {
    fresh.querySelector("#comment").value = comment;
  }
  start(fresh);
}

function start(page) {
  localiseTimes(page);
  sendOnce(page.querySelector("form"));
  if (page.dataset.state === "open" && page.dataset.here) {
    const timer = setInterval(() => {
      if (!page.isConnected) {
        clearInterval(timer);
      } else {
        refresh(page).catch(() => {});
      }
    }, POLL_MILLISECONDS);
  }
}

const page = document.getElementById("jit-review") ?? document.getElementById("jit-inbox");
if (page) {
  start(page);
}

import { chromium } from "@playwright/test"

/** How Debian's Chromium, or its headless shell, starts on a machine without a screen, as root, without calling home. */
export const LAUNCH = {
  executablePath: process.env.JIT_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
}

/** A headless browser. */
export const launchBrowser = () => chromium.launch({ ...LAUNCH, headless: true })

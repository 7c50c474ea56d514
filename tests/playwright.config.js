import { defineConfig } from "@playwright/test"
import { LAUNCH } from "./harness/browser.js"
import { ROOT } from "./harness/paths.js"

export default defineConfig({
  testDir: "journeys",
  outputDir: `${ROOT}/target/journeys/results`,
  globalSetup: "./harness/shared-servers.js",
  // Each journey has a realm of its own, so they may run side by side on the one server.
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [["list"], ["junit", { outputFile: `${ROOT}/target/journeys/junit.xml` }]],
  use: {
    browserName: "chromium",
    launchOptions: LAUNCH,
    screenshot: "only-on-failure",
    locale: "en-GB",
    timezoneId: "Europe/Vienna",
  },
})

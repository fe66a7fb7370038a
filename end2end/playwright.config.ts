// How the browser stories run: `cargo xtask e2e` sets the variables; the defaults serve an editor's test runner.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, devices } from "@playwright/test";

const port = process.env.WXA_E2E_PORT ?? "8107";
const server = process.env.WXA_SERVER ?? "../target/debug/webxenadmin";
const site = process.env.WXA_SITE_DIR ?? "../target/site";
// Where the demo writes its address, sign-in link, accounts and hosts: the stories read it through the variable. One file
// per port, so that two runs side by side do not take each other's.
const results = fileURLToPath(new URL("results", import.meta.url));
const demo = (process.env.WXA_DEMO_JSON ??= path.join(results, `demo-${port}.json`));
mkdirSync(results, { recursive: true });
const baseURL = `http://127.0.0.1:${port}`;

// Chromium phones home at every start unless told not to; where only loopback can be reached that costs seconds.
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export default defineConfig({
  outputDir: "results/artifacts",
  // The server is one for all stories, and the machines of CI have two processors.
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    launchOptions: {
      executablePath: process.env.WXA_CHROMIUM,
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet,
    },
  },
  // Stories on real hosts start their own server and need the machine's time for the hosts.
  webServer: process.argv.includes("--project=real-xen") ? undefined : {
    command: `"${server}" demo --pools 0 --listen 127.0.0.1:${port} --site-dir "${site}" --print-json "${demo}"`,
    url: `${baseURL}/healthz`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
    stdout: "ignore",
    stderr: "pipe",
    timeout: 60_000,
  },
  projects: [
    { name: "chromium", testDir: "stories", grepInvert: /@phone/, use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } } },
    { name: "phone", testDir: "stories", grep: /@phone/, use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } } },
    // On demand: pictures of every page into results/shots/.
    { name: "screenshots", testDir: "screenshots", timeout: 300_000, use: { ...devices["Desktop Chrome"] } },
    // Real hosts answer slowly: they run in emulation.
    { name: "real-xen", testDir: "real-xen", timeout: 240_000, expect: { timeout: 30_000 }, use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 }, actionTimeout: 30_000, navigationTimeout: 60_000 } },
  ],
});

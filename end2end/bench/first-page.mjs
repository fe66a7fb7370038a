// Visits the first page with an empty cache and prints what it took, as JSON: `cargo xtask bench` runs this, it is no test.
import { chromium } from "@playwright/test";

const { WXA_URL: url, WXA_USER: user, WXA_PASSWORD: password, WXA_VISITS: visits = "5", WXA_CHROMIUM } = process.env;
// As in playwright.config.ts: a quiet browser, and no sandbox for root, which it refuses.
const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const args = process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet;

/** Signs in, in a browser of its own whose cache is thrown away. */
async function session(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "VMs", level: 1 }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/** What travelled, in the order of asking, a redirect as its own request. */
async function follow(context, page) {
  const requests = new Map();
  const cdp = await context.newCDPSession(page);
  const answered = (id, response) => {
    const request = requests.get(id);
    if (request) request.encoding = response.headers["content-encoding"] ?? response.headers["Content-Encoding"] ?? "";
  };
  let redirects = 0;
  cdp.on("Network.requestWillBeSent", ({ requestId, request, redirectResponse }) => {
    if (redirectResponse) {
      const before = requests.get(requestId);
      requests.delete(requestId);
      requests.set(`redirect ${++redirects}`, { ...before, bytes: redirectResponse.encodedDataLength });
    }
    if (request.url.startsWith("http")) {
      requests.set(requestId, { url: new URL(request.url).pathname, bytes: 0, encoding: "" });
    }
  });
  cdp.on("Network.responseReceived", ({ requestId, response }) => answered(requestId, response));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await cdp.send("Network.enable");
  return requests;
}

async function visit(browser, storageState) {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const requests = await follow(context, page);
  await page.goto(url, { waitUntil: "commit" });
  // The live socket's first answer puts this word there: from then on the page does what it is told.
  const live = await page.waitForFunction(() => {
    const status = document.querySelector("header [role=status]");
    return status?.textContent?.startsWith("Live") && performance.now();
  });
  const interactiveMs = await live.jsonValue();
  await page.waitForLoadState("networkidle");
  const firstContentfulPaintMs = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  );
  await context.close();
  return { firstContentfulPaintMs, interactiveMs, requests: [...requests.values()] };
}

const browser = await chromium.launch({ executablePath: WXA_CHROMIUM, args });
try {
  const state = await session(browser);
  const all = [];
  for (let n = 0; n < Number(visits); n++) all.push(await visit(browser, state));
  console.log(JSON.stringify(all));
} finally {
  await browser.close();
}

// Measures a product's page in headless Chromium over the DevTools protocol and prints raw figures as JSON, for `wxa-bench` to sum
// up. It knows nothing of the product but its adapter (adapters/README.md).
//
//   node page.mjs --base URL --adapter FILE [--control URL] [--rounds 5] [--quick] [--filter TEXT] [--profile]
//
// The account is in WXA_USER and WXA_PASSWORD, the browser's program in WXA_CHROMIUM.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { control as controlAt } from "./page/control.mjs";
import { source } from "./page/in-page.mjs";
import { measure as memory } from "./page/memory.mjs";
import { follow } from "./page/network.mjs";
import { profile } from "./page/profile.mjs";
import { changes, filter, scroll, within } from "./page/steps.mjs";
import { blocks, CATEGORIES } from "./page/trace.mjs";

const { values: args } = parseArgs({
  options: {
    base: { type: "string" },
    adapter: { type: "string" },
    control: { type: "string" },
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    profile: { type: "boolean", default: false },
  },
});
const { WXA_USER: user, WXA_PASSWORD: password, WXA_CHROMIUM } = process.env;
const { default: adapter } = await import(pathToFileURL(path.resolve(args.adapter)).href);
const control = controlAt(args.control);
const rounds = Number(args.rounds);

/** A page may be slow, but not for ever. */
const LONGEST_MS = 120_000;
/** After the page is interactive its main thread is watched for so long: late work blocks the user too. */
const REST_MS = 2000;
/** Of the storm, before anything is measured in it. */
const WARM_UP_MS = 2000;
/** Of the wheel, each round. */
const SCROLL_MS = args.quick ? 1500 : 3000;
/** Changes that are waited for, and how long at most, with and without the storm. */
const CHANGES = args.quick ? 15 : 60;
const CHANGES_MS = args.quick ? 15_000 : 45_000;
const PER_SECOND = 1000;

// As in playwright.config.ts: a quiet browser, and no sandbox for root, which it refuses.
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const launch = () => chromium.launch({ executablePath: WXA_CHROMIUM, args: process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A page on which nobody has ever been, with the sign-in form filled. */
async function visitor(browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  page.setDefaultTimeout(LONGEST_MS);
  const times = {};
  const waiting = new Map();
  await page.exposeBinding("benchSay", (_, { what, at }) => {
    // A page before the list has no rows: the first time counts.
    times[what] ??= at;
    waiting.get(what)?.(at);
  });
  const told = (what) =>
    within(LONGEST_MS, `waiting for "${what}"`, new Promise((done) => (times[what] ? done(times[what]) : waiting.set(what, done))));
  await page.addInitScript(source(adapter));
  const network = await follow(context, page);
  await adapter.signIn(page, { base: args.base, user, password });
  await page.evaluate(() => (window.benchArmed = true));
  return { context, page, network, told };
}

/** Signs in and waits until the page is at rest. */
async function signIn({ page, told }) {
  const row = told("row");
  const interactive = told("interactive");
  await adapter.submit(page);
  const submit = await told("submit");
  const at = { rowMs: (await row) - submit, interactiveMs: (await interactive) - submit };
  await pause(REST_MS);
  return at;
}

async function signInRound(browser) {
  const visit = await visitor(browser);
  const before = visit.network.now();
  await browser.startTracing(visit.page, { categories: CATEGORIES });
  const times = await signIn(visit);
  const network = visit.network.now();
  const main = blocks(await browser.stopTracing());
  await adapter.settle?.(visit.page);
  const held = await memory(visit.context, visit.page);
  const sum = ({ requests }) => requests.reduce((bytes, request) => bytes + request.bytes, 0);
  const round = {
    ...times,
    main,
    memory: held,
    requests: network.requests.length,
    bytes: sum(network),
    requestsOfSignInPage: before.requests.length,
    bytesOfSignInPage: sum(before),
    socketBytes: network.socketBytes,
  };
  return { visit, round, requests: network.requests };
}

/** Does a step; what goes wrong in it is told and keeps nothing else back. */
const problems = [];
async function step(what, work) {
  try {
    return await within(LONGEST_MS + CHANGES_MS, what, work());
  } catch (error) {
    problems.push(`${what}: ${error.message.split("\n")[0]}`);
    return null;
  }
}

async function atWork(browser, { context, page }) {
  const result = {};
  if (adapter.filterBox && args.filter) {
    result.filter = await step("filter", async () => {
      const all = [];
      for (let n = 0; n < (args.quick ? 1 : 3); n++) all.push(await filter(browser, page, adapter, args.filter));
      return all;
    });
  }
  result.scroll = await step("scroll", async () => {
    const all = [];
    for (let n = 0; n < (args.quick ? 1 : 3); n++) all.push(await scroll(context, page, adapter, SCROLL_MS));
    return all;
  });
  if (control) {
    result.eventsQuiet = await step("events, quiet", () => changes(page, control, CHANGES, CHANGES_MS, "0-quiet"));
    await control.storm(PER_SECOND);
    result.eventsStorm = await step("events in a storm", async () => {
      await pause(WARM_UP_MS);
      return changes(page, control, CHANGES, CHANGES_MS, "0-storm");
    });
    result.framesStorm = await step("frames in a storm", async () => {
      await within(LONGEST_MS, "starting", page.evaluate(() => window.bench.startFrames()));
      await pause(SCROLL_MS);
      return within(LONGEST_MS, "stopping", page.evaluate(() => window.bench.stopFrames()));
    });
    await control.storm(0);
    await pause(WARM_UP_MS);
    result.memoryAfter = await step("memory after the storm", () => memory(context, page));
  }
  return result;
}

/** Apart from the measured visits: looking slows what is looked at. */
async function profiles(browser) {
  const visit = await visitor(browser);
  const { context, page } = visit;
  const result = {};
  result.signIn = await step("profile of the sign-in", () => profile(context, page, () => signIn(visit)));
  await adapter.settle?.(page);
  if (adapter.filterBox && args.filter) {
    result.filter = await step("profile of the filter", () => profile(context, page, () => filter(browser, page, adapter, args.filter)));
  }
  if (control) {
    await control.storm(PER_SECOND);
    result.storm = await step("profile of a storm", () => profile(context, page, () => pause(5000)));
    await control.storm(0);
  }
  await context.close();
  return result;
}

const browser = await launch();
try {
  const result = { product: adapter.name, chromium: browser.version(), rounds: [], problems };
  // The first visit finds cold files, in the browser and in the server: it does not count.
  (await signInRound(browser)).visit.context.close();
  for (let n = 0; n < rounds; n++) {
    const { visit, round, requests } = await signInRound(browser);
    result.rounds.push(round);
    result.requests = requests;
    if (n === rounds - 1) Object.assign(result, await atWork(browser, visit));
    await visit.context.close();
  }
  if (args.profile) result.profiles = await profiles(browser);
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}

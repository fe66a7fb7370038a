// What is done on a page that is signed in: typing into the filter, scrolling, waiting for changes.
import { busy, CATEGORIES } from "./trace.mjs";

/** Rows that stand still for so long have settled. */
const QUIET_MS = 250;
/** No answer to a key takes longer, or it counts as this. */
const LONGEST_MS = 15_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A promise with an end. */
export async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what}: nothing within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Types a text and takes it away again, key by key, each after the one before was answered. */
export async function filter(browser, page, adapter, text) {
  await page.locator(adapter.filterBox).focus();
  await browser.startTracing(page, { categories: CATEGORIES });
  const keys = [];
  for (const key of [...text, ...[...text].map(() => "Backspace")]) {
    await page.evaluate(([quiet, longest]) => window.bench.arm(quiet, longest), [QUIET_MS, LONGEST_MS]);
    await page.keyboard.press(key);
    keys.push({ key, ...(await page.evaluate(() => window.bench.key())) });
  }
  const worked = busy(await browser.stopTracing());
  return keys.map((key, n) => ({ ...key, busy: worked[n] ?? null }));
}

/** Turns the wheel for `ms`, sixty times a second, down and up again; the times between frames. */
export async function scroll(context, page, adapter, ms) {
  const target = adapter.scroller ?? "body";
  const box = await page.locator(target).first().boundingBox();
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + Math.min(box.height, 700) / 2)];
  const top = () =>
    page.evaluate((scroller) => (scroller ? document.querySelector(scroller) : document.scrollingElement).scrollTop, adapter.scroller);
  await page.mouse.move(x, y);
  const cdp = await context.newCDPSession(page);
  await page.evaluate(() => window.bench.startFrames());
  const begun = performance.now();
  const turns = [];
  let farthest = 0;
  for (let n = 0; performance.now() - begun < ms; n++) {
    const deltaY = performance.now() - begun < ms / 2 ? 240 : -240;
    // Not waited for: a hand does not wait for the page either.
    turns.push(cdp.send("Input.dispatchMouseEvent", { type: "mouseWheel", x, y, deltaX: 0, deltaY }).catch(() => {}));
    const next = begun + (n + 1) * (1000 / 60) - performance.now();
    if (next > 0) await pause(next);
    if (n === 60) farthest = await top();
  }
  const frames = await page.evaluate(() => window.bench.stopFrames());
  await Promise.all(turns);
  farthest = Math.max(farthest, await top());
  await cdp.detach();
  await page.evaluate((scroller) => {
    (scroller ? document.querySelector(scroller) : document.scrollingElement).scrollTop = 0;
  }, adapter.scroller);
  return { frames, turns: turns.length, scrolledPx: farthest };
}

/** Renames the first VM again and again; from each rename to the paint that shows it, in milliseconds. */
export async function changes(page, control, count, budgetMs, prefix) {
  const times = [];
  const begun = performance.now();
  let lost = 0;
  for (let n = 0; n < count && performance.now() - begun < budgetMs; n++) {
    const name = `${prefix}-${n}`;
    try {
      await within(LONGEST_MS, "arming the observer", page.evaluate((name) => window.bench.expect(name), name));
      // Uneven pauses, so that no beat of anybody's is always met at the same place.
      await pause(37 + ((n * 61) % 97));
      const at = await control.change(name);
      times.push((await within(LONGEST_MS, name, page.evaluate(() => window.benchSeen))) - at);
    } catch {
      lost += 1;
    }
  }
  return { times, lost };
}

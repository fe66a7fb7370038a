// The stories' `test`: a page that is signed in (`page`), and a watch that fails a story when its page complains.
import { test as base, type BrowserContext, type Page } from "@playwright/test";
import { account } from "./demo";
import { signIn } from "./sign-in";
import { Watch } from "./watch";

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;
type Options = {
  /** Whose pages; empty for nobody's. */
  as: string;
  /** What browsers may complain about in this story, because the story provokes it. */
  complaints: RegExp[];
};
type Fixtures = { watch: Watch };
type Worker = { sessions: Map<string, State> };

export const test = base.extend<Options & Fixtures, Worker>({
  as: ["admin", { option: true }],
  complaints: [[], { option: true }],
  // One sign-in per account and worker: signing in costs time on purpose.
  sessions: [async ({}, use) => use(new Map()), { scope: "worker" }],
  storageState: async ({ as, browser, baseURL, sessions }, use) => {
    if (as === "") return use(undefined);
    let state = sessions.get(as);
    if (!state) {
      const context = await browser.newContext({ baseURL, storageState: undefined });
      await signIn(await context.newPage(), account(as));
      state = await context.storageState();
      await context.close();
      sessions.set(as, state);
    }
    await use(state);
  },
  watch: [
    async ({ context, complaints }, use) => {
      const watch = new Watch(context, complaints);
      await watch.start();
      await use(watch);
      watch.check();
    },
    { auto: true },
  ],
});

export { expect } from "@playwright/test";
export type { Page };

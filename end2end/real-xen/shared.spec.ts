// Two people at the console of a real guest: one types, the keyboard goes from hand to hand.
import { makeUser, setPassword } from "../support/accounts";
import { handKeyboardOver } from "../support/keyboard";
import { act, openVm } from "../support/pages";
import { halted, ROOT, SLOW, withHosts } from "../support/real";
import { expect, test } from "../support/test";
import { Terminal } from "../support/terminal";

test.use({ as: "" });
test.setTimeout(420_000);

test("two browsers share the console of a real guest and hand over its keyboard", async ({ browser }) => {
  await halted("A", "tiny");
  await withHosts(browser, ["A"], async ({ page, server }) => {
    try {
      await openVm(page, "tiny");
      await act(page, "Start").click();
      const mine = await Terminal.open(page);
      await mine.shows("tiny:~#", SLOW);

      const second = await page.context().newPage();
      const link = await makeUser(second, "otto", "xen-a");
      await second.close();
      const context = await browser.newContext({ baseURL: server.url, storageState: undefined });
      const other = await context.newPage();
      await setPassword(other, link, "another story's own password");
      await openVm(other, "tiny");
      const theirs = await Terminal.open(other);
      await theirs.shows("tiny:~#", SLOW);

      await mine.type("echo it-is-'mine'");
      await theirs.shows("it-is-mine");
      await handKeyboardOver({ terminal: mine, name: ROOT.name }, { terminal: theirs, name: "otto" });
      await context.close();
    } finally {
      await halted("A", "tiny");
    }
  });
});

// The server is killed while a real guest prints, and started again: the guest's history is whole.
import { HostShell } from "../support/bed";
import { act, openVm } from "../support/pages";
import { halted, SLOW, withHosts } from "../support/real";
import { expect, test } from "../support/test";
import { Terminal } from "../support/terminal";

test.use({ as: "" });
test.setTimeout(600_000);

const LOG = "/var/log/xen/console/guest-tiny.log";

test("the server is killed while a real guest prints: afterwards no line is missing, and none is there twice", async ({ browser }) => {
  await halted("A", "tiny");
  await withHosts(browser, ["A"], async ({ page, server }) => {
    const shell = await HostShell.open("A");
    const printed = (lines: number) => shell.run(`from=$(wc -l <${LOG}); until [ $(wc -l <${LOG}) -ge $((from + ${lines})) ]; do sleep 1; done`);
    try {
      await openVm(page, "tiny");
      await act(page, "Start").click();
      const terminal = await Terminal.open(page);
      await terminal.shows("tiny:~#", SLOW);
      // The digits are not in the command: its own echo is no line of them.
      await terminal.type('n=0; while sleep 1; do n=$((n+1)); echo "line-$n."; done');
      await terminal.shows("line-3.", SLOW);

      await server.kill();
      await printed(20);
      await server.run();
      await expect(terminal.status).toHaveText("Connected", { timeout: SLOW });
      await printed(5);
      await terminal.input.focus();
      await page.keyboard.press("Control+c");
      await terminal.shows(/line-\d+\.\s*\^C.*tiny:~#/s, SLOW);

      const lines = Array.from((await terminal.past()).matchAll(/line-(\d+)\./g), ([, n]) => Number(n));
      expect(lines.length, "it went on while nobody could hear it").toBeGreaterThan(25);
      expect(lines).toEqual(Array.from(lines, (_, at) => at + 1));
    } finally {
      shell.close();
      await halted("A", "tiny");
    }
  });
});

// `xl migrate`, typed on a real host while the guest's console is open: the guest stays the VM that it was, and its console goes on.
import { HostShell } from "../support/bed";
import { live } from "../support/pages";
import { halted, SLOW, withHosts } from "../support/real";
import { expect, test, type Page } from "../support/test";
import { Terminal } from "../support/terminal";

test.use({ as: "" });
test.setTimeout(900_000);
/** In emulation a live migration takes one to two minutes. */
const MOVES = 300_000;

test("a real guest is migrated while its console is open, and the console goes on", async ({ browser }) => {
  for (const host of ["A", "B"]) await halted(host, "ptick");
  await withHosts(browser, ["A", "B"], async ({ page, server }) => {
    const shell = await HostShell.open("A");
    try {
      await shell.run("xl create -q /etc/xen/ptick.cfg");
      let id: string | undefined;
      await expect.poll(async () => (id = await running(page)), { timeout: SLOW }).toBeDefined();
      await page.goto(`/vms/${id}/console`);
      await live(page);
      const terminal = await Terminal.attach(page);
      await terminal.shows(/tick \d/, SLOW);
      const ticks = async () => seconds(await terminal.screen.innerText());
      const before = Math.max(...(await ticks()));

      await shell.run("xl migrate ptick xen-b");
      const there = Math.max(before, ...(await ticks()));
      await expect
        .poll(async () => Math.max(...(await ticks())), { timeout: MOVES, message: "it ticks on in the same console" })
        .toBeGreaterThan(there + 5);
      await expect(terminal.status).toHaveText("Connected");
      await expect(page.getByRole("main").locator(".title")).toContainText("Running");
      await expect(page.getByRole("main")).toContainText("xen-b");
      expect(new URL(page.url()).pathname).toBe(`/vms/${id}/console`);
      expect(await running(page), "one VM, not two").toBe(id);
      await expect(terminal.region.getByRole("region", { name: "Boot timeline" }).getByRole("button", { name: "1 boot" })).toBeVisible();

      const kept = seconds(await terminal.past());
      expect(kept, "in their order, none twice").toEqual([...new Set(kept)].sort((a, b) => a - b));
      const silent = Math.max(...kept.map((at, n) => at - (kept[n - 1] ?? at)));
      const told = `ticks from ${kept[0]} s to ${kept.at(-1)} s, the longest time without one was ${silent.toFixed(1)} s`;
      console.log(told);
      test.info().annotations.push({ type: "measured", description: told });
      expect(kept, "what was there before the migration").toContain(before);
      expect(kept.at(-1)!, "and what came after it").toBeGreaterThan(there);

      await server.kill();
      await server.run();
      await expect(terminal.status).toHaveText("Connected", { timeout: SLOW });
      const last = Math.max(...(await ticks()));
      await expect.poll(async () => Math.max(...(await ticks())), { timeout: SLOW, message: "it ticks on" }).toBeGreaterThan(last + 1);
      expect(await running(page), "the same VM for a server that was started anew").toBe(id);
    } finally {
      shell.close();
      for (const host of ["A", "B"]) await halted(host, "ptick");
    }
  });
});

const seconds = (text: string) => Array.from(text.matchAll(/tick (\d+\.\d\d)(?!\d)/g), ([, at]) => Number(at));

/** The id of the running VM of that name; none while there is none or more than one. */
async function running(page: Page): Promise<string | undefined> {
  const view = (await (await page.request.get("/api/v1/inventory")).json()) as { objects: { vm?: { id: string; name: string; power: string } }[] };
  const found = view.objects.flatMap(({ vm }) => (vm?.name === "ptick" && vm.power === "running" ? [vm.id] : []));
  return found.length === 1 ? found[0] : undefined;
}

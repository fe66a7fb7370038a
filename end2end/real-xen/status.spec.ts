// A status page of a real Xen host: readers are told when the host falls silent, and its history is right afterwards.
import { bed, bedHost, onHost } from "../support/bed";
import { OwnServer } from "../support/own-server";
import { act, addHost, openTab, row, state } from "../support/pages";
import { firstRun } from "../support/sign-in";
import { expect, test } from "../support/test";

test.use({ as: "" });
// The host runs in emulation, and other tests may share the machine.
test.setTimeout(420_000);
const SLOW = 120_000;

test("readers are told within seconds that a host fell silent, and afterwards how long nothing was known", async ({ browser }) => {
  const host = bedHost("A");
  await onHost("A", "xl list tiny >/dev/null 2>&1 && xl destroy tiny; true");
  const server = await OwnServer.start();
  const context = await browser.newContext({ baseURL: server.url, storageState: undefined });
  const reader = await browser.newContext({ baseURL: server.url, storageState: undefined, javaScriptEnabled: false });
  const page = await context.newPage();
  try {
    await firstRun(page, server.setupLink, { name: "root", password: "a story's own password" });
    await addHost(page, host);
    await expect(page.getByText("Connected", { exact: true })).toBeVisible({ timeout: SLOW });
    await openTab(page, "VMs");
    await row(page, "tiny").getByRole("link", { name: "tiny" }).click();
    await act(page, "Start").click();
    await expect(state(page, "Running")).toBeVisible({ timeout: SLOW });

    const token = await page.evaluate(async () => {
      const post = async (path: string, body: unknown) => {
        const headers = { "content-type": "application/json" };
        const reply = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
        if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
        return (await reply.json()) as Record<string, any>;
      };
      const services = [{ name: "Web shop", members: { filter: "name:tiny" }, rule: "all" }];
      const made = await post("/api/v1/status-pages", { title: "Example Ltd", services });
      const link = await post(`/api/v1/status-pages/${made.page.id}/links`, { label: "Board" });
      return link.token as string;
    });

    const status = await reader.newPage();
    const shop = () => status.getByRole("listitem").filter({ hasText: "Web shop" }).first();
    await expect(async () => {
      await status.goto(`/s/${token}`);
      await expect(shop()).toContainText("Working", { timeout: 1_000 });
    }).toPass({ timeout: SLOW });

    const day = async () => {
      const told = await status.request.get(`/s/${token}/status.json`);
      const { services } = (await told.json()) as { services: { availability: { day: Record<string, number> } }[] };
      return services[0]!.availability.day;
    };
    // The guest did not run before it was started.
    const before = await day();
    const begun = Date.now();

    await test.step("the host hangs: within 15 s readers see that there is no word from it", async () => {
      const frozen = Date.now();
      await bed("freeze", "A");
      try {
        await expect(async () => {
          await status.reload();
          await expect(shop()).toContainText("No word since", { timeout: 500 });
        }).toPass({ timeout: 60_000, intervals: [500] });
        const told = `readers were told ${Date.now() - frozen} ms after the host hung`;
        console.log(told);
        test.info().annotations.push({ type: "measured", description: told });
        expect(Date.now() - frozen, told).toBeLessThan(15_000);
      } finally {
        await bed("thaw", "A");
      }
    });

    await test.step("the host answers again: it works, and the silence is unknown, neither up nor down", async () => {
      await expect(async () => {
        await status.reload();
        await expect(shop()).toContainText("Working", { timeout: 1_000 });
      }).toPass({ timeout: SLOW });
      const after = await day();
      expect(after.down_ms, "silence is not down").toBe(before.down_ms);
      const up = after.up_ms! - before.up_ms!;
      expect(up, "the silence did not become up").toBeLessThan(Date.now() - begun - 3_000);
      expect(up, "and the rest is").toBeGreaterThan(0);
    });
  } finally {
    // First: whatever becomes of the browser, nothing of this story is left to ask the host.
    await server.stop();
    await reader.close();
    await context.close();
  }
});

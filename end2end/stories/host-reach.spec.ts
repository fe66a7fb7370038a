// Ways to a host: its key confirmed by known_hosts instead of by eye, and through a jump host.
import type { Locator, Page } from "@playwright/test";
import { demo, type HostToAdd } from "../support/demo";
import { OwnServer } from "../support/own-server";
import { live, openTab, row } from "../support/pages";
import { firstRun } from "../support/sign-in";
import { expect, test } from "../support/test";

test.use({ as: "" });

let server: OwnServer;
test.beforeAll(async () => {
  server = await OwnServer.start();
});
test.afterAll(async () => {
  await server.stop();
});

const line = (host: HostToAdd) => `[${host.address}]:${host.port} ${host.publicKey}`;

async function openForm(page: Page): Promise<void> {
  await page.goto(`${server.url}/hosts/add`);
  await live(page);
}

async function giveKnownHosts(page: Page, text: string): Promise<void> {
  await page.getByText("Confirm keys by known_hosts…").click();
  await page.getByLabel("Lines of known_hosts").fill(text);
}

async function typePassword(fields: Page | Locator, host: HostToAdd): Promise<void> {
  await fields.getByRole("radio", { name: "a password" }).last().check();
  await fields.getByRole("textbox", { name: "Password", exact: true }).last().fill(host.password ?? "");
}

test("a host is added through a jump host, both keys confirmed by known_hosts", async ({ page }) => {
  const [gate] = demo().hosts;
  const { spare } = demo();
  await firstRun(page, server.setupLink, { name: "anna", password: "correct horse battery" });

  await test.step("a revoked key is refused and cannot be confirmed", async () => {
    await openForm(page);
    await giveKnownHosts(page, `@revoked * ${spare.publicKey}`);
    await page.getByLabel("Address", { exact: true }).fill(spare.address);
    await page.getByLabel("SSH port", { exact: true }).fill(String(spare.port));
    await page.getByRole("button", { name: "Fetch its key" }).click();
    await expect(page.getByText("as @revoked: it must not be trusted")).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("checkbox", { name: "I compared it" })).toHaveCount(0);
    await expect(page.getByText("Compare the fingerprint first")).toBeVisible();
  });

  await test.step("the jump host comes first", async () => {
    await openForm(page);
    await giveKnownHosts(page, `# ours\n${line(gate!)}\n${line(spare)}\n`);
    await page.getByRole("checkbox", { name: "Through a jump host" }).check();
    const jump = page.getByRole("group", { name: "Jump host", exact: true });
    await page.getByLabel("Address", { exact: true }).fill(spare.address);
    await page.getByLabel("SSH port", { exact: true }).fill(String(spare.port));
    await page.getByRole("button", { name: "Fetch its key" }).click();
    await expect(page.getByText("Give the name or address.")).toBeVisible();

    await jump.getByLabel("Jump host's address").fill(gate!.address);
    await jump.getByLabel("Its SSH port").fill(String(gate!.port));
    await jump.getByRole("button", { name: "Fetch the jump host's key" }).click();
    await expect(jump.getByText("Line 2 of known_hosts has this key")).toBeVisible({ timeout: 20_000 });
    await jump.getByLabel("Account on the jump host").fill(gate!.user);
    await typePassword(jump, gate!);
  });

  await test.step("then the host behind it", async () => {
    await page.getByRole("button", { name: "Fetch its key" }).click();
    await expect(page.getByText("Line 3 of known_hosts has this key")).toBeVisible({ timeout: 20_000 });
    const details = page.getByRole("region", { name: "How to sign in" });
    await details.getByLabel("Account on the host").fill(spare.user);
    await typePassword(details, spare);
    await details.getByRole("button", { name: "Add host" }).click();
    await expect(page.getByRole("heading", { name: spare.name, level: 1 })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText("Connected", { exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText(`via ${gate!.address}:${gate!.port}`).first()).toBeVisible();
    await openTab(page, "VMs");
    await expect(row(page, "spare-01")).toContainText("Running");
  });
});

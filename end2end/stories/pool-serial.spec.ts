// HVM guests of a pool, of which XAPI shows only the screen: their serial ports as text consoles, over SSH to the pool's hosts.
import { demo } from "../support/demo";
import { openTab } from "../support/pages";
import { addPool, forgetPool, openPool, openPoolVm } from "../support/pool";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

test("an administrator sets up SSH to a pool's hosts and works on the serial port of an HVM guest", async ({ page }) => {
  test.setTimeout(120_000);
  const [member] = demo().sparePool.members;
  const ssh = member.ssh;
  if (!ssh) throw new Error("the spare pool's hosts do not answer SSH");

  await test.step("add the pool: such a guest says why it has no text console", async () => {
    await addPool(page);
    await openPoolVm(page, "type:hvm state:running");
    await openTab(page, "Console");
    await page.getByRole("group", { name: "What is shown" }).getByRole("button", { name: "Text" }).click();
    await expect(page.getByText("XAPI shows only the screen of an HVM guest")).toBeVisible();
    await expect(page.getByRole("link", { name: "Set it up in the pool's settings" })).toBeVisible();
  });

  await test.step("set it up: the hosts' keys are compared before a secret is typed", async () => {
    await openPool(page);
    await openTab(page, "Settings");
    await expect(page.getByText("Not set up.", { exact: true })).toBeVisible({ timeout: 20_000 });
    await page.getByText("Set up…", { exact: true }).click();
    const form = page.getByRole("group").filter({ has: page.getByLabel("Account on the hosts") });
    await expect(form.getByLabel("Account on the hosts")).toHaveValue("root");
    await form.getByLabel("Port", { exact: true }).fill(String(ssh.port));
    await page.getByRole("button", { name: "Fetch the hosts' keys" }).click();
    await expect(page.getByText(ssh.fingerprint)).toBeVisible({ timeout: 20_000 });
    await page.getByLabel("I compared it: this is spare-1").check();
    await form.getByRole("radio", { name: "a password" }).check();
    await form.getByRole("textbox", { name: "Password", exact: true }).fill(demo().sparePool.password);
    await form.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(`Set up: root, port ${ssh.port}, with a password`)).toBeVisible({ timeout: 20_000 });
  });

  await test.step("the guest's boot is on its serial port, and what is typed is answered", async () => {
    await openPoolVm(page, "type:hvm state:running");
    const terminal = await Terminal.open(page);
    await terminal.shows("serial-getty@ttyS0.service", 30_000);
    await terminal.type("");
    await terminal.logIn();
    await terminal.type("tty");
    await terminal.shows("/dev/ttyS0");
    await terminal.type("echo story-'42'");
    await terminal.shows("story-42");
  });

  await test.step("forget the pool, and the account with it", async () => {
    await forgetPool(page);
  });
});

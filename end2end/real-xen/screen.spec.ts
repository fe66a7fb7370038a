// The screen of a real guest: QEMU's RFB server, through SSH, seen, clicked and typed into in the browser.
import { act, live, openTab, openVm, state } from "../support/pages";
import { halted, SLOW, withHosts } from "../support/real";
import { expect, test } from "../support/test";
import { Terminal } from "../support/terminal";

test.use({ as: "" });
test.setTimeout(420_000);

/** Has every key of a US keyboard that carries a sign, with and without Shift. */
const PASTED = `It's {pasted} "here": ~/a_b\\c | $((1+2)) <&> #1%^*=? [Q;,.-\`@!]`;

test("the screen of a real guest is shown, clicked and typed into", async ({ browser }) => {
  await halted("A", "vfb");
  await withHosts(browser, ["A"], async ({ page, context }) => {
    try {
      await openVm(page, "vfb");
      await act(page, "Start").click();
      await expect(state(page, "Running")).toBeVisible({ timeout: SLOW });
      // What arrives in the guest is told on its serial console.
      const beside = await context.newPage();
      await beside.goto(`${/^\/vms\/[^/]+/.exec(new URL(page.url()).pathname)}/console`);
      await live(beside);
      const serial = await Terminal.attach(beside);

      await openTab(page, "Console");
      await page.getByRole("group", { name: "What is shown" }).getByRole("button", { name: "Screen" }).click();
      const screen = page.getByRole("region", { name: /^Screen of/ });
      await expect(screen.getByRole("status").first()).toHaveText(/Connected/, { timeout: SLOW });
      const canvas = screen.getByRole("application");
      const lit = () =>
        canvas.evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
          let lit = 0;
          for (let at = 0; at < data.length; at += 4) if (data[at]! + data[at + 1]! + data[at + 2]! > 300) lit += 1;
          return lit;
        });
      // Its kernel writes there, and goes on to its shell.
      await expect.poll(lit, { timeout: SLOW }).toBeGreaterThan(5_000);
      await serial.shows("pointer: ready", SLOW);

      await test.step("clicks arrive", async () => {
        await canvas.click({ position: { x: 200, y: 150 } });
        await serial.shows("pointer: button 1", SLOW);
        await canvas.click({ position: { x: 300, y: 200 }, button: "right" });
        await serial.shows("pointer: button 2", SLOW);
      });

      await test.step("what is typed by hand arrives", async () => {
        await page.keyboard.type("dd of=/dev/hvc0", { delay: 40 });
        await page.keyboard.press("Enter");
        await page.keyboard.type("typed by hand 42", { delay: 40 });
        await page.keyboard.press("Enter");
        await serial.shows("typed by hand 42", SLOW);
      });

      await test.step("a text is typed key by key, whatever signs it has", async () => {
        await screen.getByRole("button", { name: "Type a text…" }).click();
        const dialog = page.getByRole("dialog", { name: "Type a text into vfb" });
        await dialog.getByRole("textbox", { name: "The text" }).fill(`${PASTED}\n`);
        await dialog.getByLabel("The guest's keyboard layout").selectOption("us");
        await dialog.getByRole("button", { name: /^Type \d+ keys$/ }).click();
        await expect(dialog).toBeHidden();
        await serial.shows(PASTED, SLOW);
      });

      await page.getByRole("group", { name: "What is shown" }).getByRole("button", { name: "Text" }).click();
      await expect(screen).toBeHidden();
    } finally {
      await halted("A", "vfb");
    }
  });
});

// What each page says to a screen reader: its landmarks, headings, groups and controls, in order.
import { live, openList, openVm, row } from "../support/pages";
import { Terminal } from "../support/terminal";
import { inside } from "../support/tour";
import { expect, test } from "../support/test";

test("the frame around every page", async ({ page }) => {
  await openList(page);
  await expect(page.locator("body")).toMatchAriaSnapshot(`
    - link "Skip to content"
    - banner:
      - link "WebXenAdmin"
      - button /Search or act…/
      - status: /Live, \\d+ hosts/
    - navigation "Inventory":
      - searchbox "Filter the inventory"
      - tree "Sites, hosts and VMs":
        - treeitem /.+/ [expanded] [level=1]
      - link "Add a host or pool"
    - main:
      - heading "VMs" [level=1]
    - region "Task log":
      - link "All tasks"
  `);
});

test("settings", async ({ page }) => {
  await page.goto("/settings");
  await live(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Settings" [level=1]
      - region "Appearance":
        - heading "Appearance" [level=2]
        - group "Theme":
          - radio "As the system" [checked]
          - radio "Light"
          - radio "Dark"
          - radio "High contrast"
        - group "Density":
          - radio /Compact/ [checked]
          - radio /Comfortable/
        - group "Motion":
          - radio "As the system" [checked]
          - radio /Reduced/
      - region "Language and formats":
        - heading "Language and formats" [level=2]
        - combobox "Language"
        - combobox "Time zone"
        - group "Time of day":
          - radio /24 hours/ [checked]
          - radio /12 hours/
        - group "Dates"
        - group "Decimal sign"
      - region "Start page":
        - heading "Start page" [level=2]
        - group "Start page"
      - region "Console":
        - heading "Console" [level=2]
        - spinbutton "Letter size, in pixels"
        - spinbutton "Lines remembered above the screen"
  `);
});

test("help", async ({ page }) => {
  await page.goto("/help");
  await live(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Help" [level=1]
      - navigation "On this page":
        - link "First steps"
        - link "Words"
        - link "Filters"
        - link "Keys"
        - link "About"
      - region "First steps":
        - heading "First steps" [level=2]
        - list
      - region "Words":
        - heading "Words" [level=2]
        - term: domid
        - definition: /The number Xen gives/
      - region "Filters":
        - heading "Filters" [level=2]
        - table "Filters"
      - region "Keys":
        - heading "Keys" [level=2]
        - heading "Everywhere" [level=3]
        - heading "In a list of VMs" [level=3]
      - region "About":
        - heading "About" [level=2]
  `);
});

test("tasks, adding a host, and nothing at an address", async ({ page }) => {
  await page.goto("/tasks");
  await live(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Tasks" [level=1]
      - table "Tasks":
        - rowgroup:
          - row:
            - columnheader "Task"
            - columnheader "Result"
            - columnheader "By"
            - columnheader "Started"
            - columnheader "Took"
  `);
  await page.goto("/hosts/add");
  await live(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Add a host or pool" [level=1]
      - region "Where it is":
        - heading "Where is it?" [level=2]
        - textbox "Address"
        - textbox "SSH port"
        - button "Fetch its key"
      - region "Is it the right one":
        - heading "Is it the right one?" [level=2]
      - region "How to sign in":
        - heading "How to sign in?" [level=2]
        - textbox "Account on the host"
        - group "Sign in with":
          - radio "a private key" [checked]
          - radio "a password"
  `);
  await page.goto("/nowhere");
  await live(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Not found" [level=1]
      - heading "There is nothing at this address" [level=2]
      - link "All VMs"
  `);
});

test("a VM's details beside the list, its history, and its console", async ({ page }) => {
  await openList(page, "mail-01");
  await page.keyboard.press("j");
  await expect(page.getByRole("complementary", { name: "Details of mail-01" })).toMatchAriaSnapshot(`
    - complementary "Details of mail-01":
      - heading "mail-01" [level=2]
      - button "Close details"
      - region "Power":
        - group "Power":
          - button "Start" [disabled]
          - button "Shut down"
      - link "Console"
      - link "Open"
      - term: Host
      - definition:
        - link /xen-/
  `);
  await openVm(page, "mail-01");
  await page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - navigation "Breadcrumb":
        - list:
          - listitem
      - heading "mail-01" [level=1]
      - navigation "Tabs":
        - link "History"
      - heading "Tasks" [level=2]
      - table "Tasks of this VM"
      - heading "Audit log" [level=2]
  `);
  const terminal = await Terminal.open(page);
  await terminal.shows("login:");
  await expect(terminal.region).toMatchAriaSnapshot(`
    - region "Serial console":
      - region "Boot timeline":
        - paragraph: /Last boot/
      - list
      - textbox "Terminal input"
      - status: /Connected/
      - toolbar "Console tools":
        - button "Guest links"
        - button "Copy"
        - button "Paste…"
        - button "Search what was printed"
        - button "Copy a link to here"
        - link "Open in a window of its own"
        - button "Full screen"
      - toolbar "Keys for the guest":
        - button "Ctrl for the next key"
        - button /Ctrl C/
  `);
});

test("the question about several VMs, and their results", async ({ page }) => {
  await openList(page, "mail-01 | vm-too-big");
  await page.keyboard.press("Shift+A");
  await page.getByRole("toolbar", { name: "Act on the marked VMs" }).getByRole("button", { name: /^Start/ }).click();
  await expect(page.getByRole("dialog")).toMatchAriaSnapshot(`
    - dialog "Start 1 VM?":
      - heading "Start 1 VM?" [level=2]
      - group "Start 1 VM?":
        - paragraph: /Start will be done on 1 VM/
        - paragraph: vm-too-big
        - list:
          - listitem: /mail-01.+already running/
      - button "Cancel"
      - button "Start 1 VM"
  `);
  await page.getByRole("button", { name: "Start 1 VM" }).click();
  const sheet = page.getByRole("dialog", { name: "Start: results" });
  await expect(sheet).toContainText("Failed", { timeout: 20_000 });
  await expect(sheet).toMatchAriaSnapshot(`
    - 'dialog "Start: results"':
      - 'heading "Start: results" [level=2]'
      - paragraph: 0 of 1 done, 1 failed
      - group "Result":
        - table:
          - rowgroup:
            - row:
              - columnheader "VM"
              - columnheader "Result"
          - rowgroup:
            - row:
              - rowheader "vm-too-big":
                - link "vm-too-big"
              - cell /Failed:/
      - button "Try the 1 again"
      - button "Close"
  `);
});

test("every page has one main part with one heading, and no heading is skipped", async ({ page }) => {
  for (const stop of await inside(page, "web-02")) {
    await page.goto(stop.path);
    await live(page);
    await expect.soft(page.getByRole("main"), stop.name).toHaveCount(1);
    await expect.soft(page.getByRole("heading", { level: 1 }), stop.name).toHaveCount(1);
    const levels = await page.getByRole("main").getByRole("heading").evaluateAll((all) => all.map((heading) => Number(heading.tagName.slice(1))));
    levels.forEach((level, n) => expect.soft(level, `${stop.name}: heading ${n + 1}`).toBeLessThanOrEqual((levels[n - 1] ?? 0) + 1));
  }
});

test("after going somewhere and after closing a dialog the focus is where one expects it", async ({ page }) => {
  await openList(page, "mail-01");
  await row(page, "mail-01").getByRole("link", { name: "mail-01" }).click();
  await expect(page.getByRole("heading", { name: "mail-01", level: 1 })).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => !!document.activeElement?.closest("main"))).toBe(true);

  const account = page.getByLabel("Account: admin");
  await account.click();
  await page.getByRole("button", { name: "Keys" }).click();
  await expect(page.getByRole("dialog", { name: "Keys" }).getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Keys" })).toBeHidden();
  await expect(account).toBeFocused();

  await page.goto("/vms?q=mail-01");
  await live(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => !!document.activeElement?.closest("main"))).toBe(true);
});

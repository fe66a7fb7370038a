// Tags, notes and saved filters: what people say about VMs, and how they find them again.
import { live, openList, openVm, row } from "../support/pages";
import { expect, test } from "../support/test";

test("a tag is added and removed by keyboard, and the filter finds it @phone", async ({ page }) => {
  await openVm(page, "git-01");
  const tags = page.getByRole("region", { name: "Tags" });
  await tags.getByLabel("Add a tag").focus();
  await page.keyboard.type("Two Words");
  await page.keyboard.press("Enter");
  await expect(tags.getByRole("alert")).toContainText("“two-words”");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Story");
  await page.keyboard.press("Enter");
  await tags.getByRole("link", { name: "story", exact: true }).click();
  await expect(row(page, "git-01")).toBeVisible();
  await expect(page).toHaveURL(/q=tag:story/);
  await openVm(page, "git-01");
  await tags.getByRole("button", { name: "Remove the tag story" }).focus();
  await page.keyboard.press("Enter");
  await expect(tags.getByRole("link", { name: "story", exact: true })).toHaveCount(0);
});

test("tags in use are suggested, and a second browser sees a new one at once", async ({ page, context }) => {
  await openVm(page, "wiki-01");
  const tags = page.getByRole("region", { name: "Tags" });
  await tags.getByLabel("Add a tag").focus();
  await expect(tags.locator("datalist option[value=prod]")).toBeAttached();
  const other = await context.newPage();
  await openList(other, "wiki-01");
  await tags.getByLabel("Add a tag").fill("docs");
  await tags.getByRole("button", { name: "Add" }).click();
  await expect(row(other, "wiki-01")).toContainText("docs");
  await tags.getByRole("button", { name: "Remove the tag docs" }).click();
  await expect(row(other, "wiki-01")).not.toContainText("docs");
});

test.describe("two at once", () => {
  // The second is refused, as it should be.
  test.use({ complaints: [/409/] });

  test("notes are kept as they were written, and nobody overwrites them unread", async ({ page, context }) => {
    await openVm(page, "chat-01");
    const notes = page.getByRole("region", { name: "Notes" });
    await notes.getByRole("button", { name: "Add notes" }).click();
    const other = await context.newPage();
    await openVm(other, "chat-01");
    const theirs = other.getByRole("region", { name: "Notes" });
    await theirs.getByRole("button", { name: "Add notes" }).click();
    await theirs.getByRole("textbox", { name: "Notes" }).fill("Theirs.");
    await theirs.getByRole("button", { name: "Save" }).click();
    await expect(theirs.getByText("Theirs.")).toBeVisible();

    await notes.getByRole("textbox", { name: "Notes" }).fill("<b>Mine</b>\nsecond line");
    await notes.getByRole("button", { name: "Save" }).click();
    await expect(notes.getByRole("alert")).toContainText("nothing was saved");
    await expect(notes.getByText("Theirs.")).toBeVisible();
    await notes.getByRole("button", { name: "Save" }).click();
    await expect(notes.getByText("<b>Mine</b>")).toBeVisible();
    await expect(theirs.getByText("second line")).toBeVisible();
    await notes.getByRole("button", { name: "Edit" }).click();
    await notes.getByRole("textbox", { name: "Notes" }).fill("");
    await notes.getByRole("button", { name: "Save" }).click();
    await expect(notes.getByText("None.")).toBeVisible();
  });
});

test("a filter is saved, applied from the menu and the palette, and deleted", async ({ page }) => {
  await openList(page, "state:running mem:>4G");
  const menu = page.locator("#saved-filters");
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Save the present filter as").fill("Big and running");
  await page.keyboard.press("Enter");
  const yours = page.getByRole("list", { name: "Yours" });
  await expect(yours.getByRole("link", { name: /^Big and running/ })).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await expect(menu).toContainText("Big and running");

  await page.goto("/tasks");
  await live(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("big and");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/vms\?q=state:running\+mem:%3E4G/);
  await expect(row(page, "ldap-01")).toHaveCount(0);

  await menu.click();
  await page.getByRole("list", { name: "Everybody's" }).getByRole("link", { name: /^Production, not running/ }).click();
  await expect(page).toHaveURL(/q=tag:prod/);
  if (!(await yours.isVisible())) await menu.click();
  await page.getByRole("button", { name: "Delete the filter Big and running" }).click();
  await expect(yours).toHaveCount(0);
});

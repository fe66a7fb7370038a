// The list in groups: headings with counts, and a link that shows a colleague the same.
import { openList } from "../support/pages";
import { expect, test } from "../support/test";

test("the list is grouped by host, and the link says so", async ({ page }) => {
  await openList(page, "host:xen-1");
  await page.getByLabel("Group by").selectOption({ label: "By host" });
  await expect(page).toHaveURL(/group=host/);
  const headings = page.locator(".vm-group th");
  await expect(headings).toHaveCount(1);
  await expect(headings.locator("span")).toHaveText("xen-1");
  await expect(page.locator(".vm-group + .vm-row td.host")).toHaveText("xen-1");

  await page.reload();
  await expect(page.getByLabel("Group by")).toHaveValue("host");
  await expect(headings.locator("span")).toHaveText("xen-1");

  await page.getByLabel("Group by").selectOption({ label: "By state" });
  await expect(headings.filter({ hasText: "Running" })).toHaveCount(1);
  await page.getByLabel("Group by").selectOption({ label: "No groups" });
  await expect(headings).toHaveCount(0);
});

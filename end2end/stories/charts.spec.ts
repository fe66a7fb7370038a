// Charts and the overview: what is drawn, what the cross-hair reads, and that an address shows a colleague the same.
import type { Locator, Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { live, openTab, openVm } from "../support/pages";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

/** A chart by its heading. */
function chart(page: Page, title: string): Locator {
  return page.getByRole("figure", { name: title, exact: true });
}

async function openCharts(page: Page, vm: string): Promise<void> {
  await openVm(page, vm);
  await live(page);
  await openTab(page, "Performance");
  await expect(chart(page, "CPU").locator("canvas")).toBeVisible();
}

test("a VM's charts are drawn, and read by keyboard", async ({ page }) => {
  await openCharts(page, "web-02");
  await expect(page.getByRole("figure")).toHaveCount(6);
  const along = chart(page, "CPU").getByRole("slider");
  await along.focus();
  await page.keyboard.press("End");
  await expect(along).toHaveAttribute("aria-valuetext", /CPU/);
  const at = Number(await along.getAttribute("aria-valuenow"));
  await page.keyboard.press("ArrowLeft");
  await expect(along).toHaveAttribute("aria-valuenow", String(at - 1));
  // The cross-hair is one for all charts of the page.
  await expect(chart(page, "Network").getByRole("slider")).toHaveAttribute("aria-valuenow", String(at - 1));
  await page.keyboard.press("+");
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  await page.keyboard.press("Backspace");
  await expect(page).not.toHaveURL(/from=/);
});

test("a range is drawn with the pointer, stands in the address, and a double click goes back", async ({ page }) => {
  await openCharts(page, "web-02");
  const box = await chart(page, "CPU").locator(".u-over").boundingBox();
  if (!box) throw new Error("the chart has no size");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  await expect(page.getByRole("button", { name: "Live" })).toHaveAttribute("aria-pressed", "false");
  const address = page.url();
  await page.reload();
  await live(page);
  expect(page.url()).toBe(address);
  await chart(page, "CPU").locator(".u-over").dblclick();
  await expect(page).not.toHaveURL(/from=/);
  await expect(page.getByRole("button", { name: "Live" })).toHaveAttribute("aria-pressed", "true");
});

test("another VM is compared, lines are switched off, and the chart is a table and a file too", async ({ page }) => {
  await openCharts(page, "web-02");
  await page.getByText("Compare", { exact: true }).click();
  await page.getByRole("searchbox", { name: "Compare with" }).fill("mail-01");
  await page.getByRole("button", { name: "mail-01", exact: true }).click();
  await expect(page).toHaveURL(/with=vm:/);
  const line = chart(page, "CPU").getByRole("button", { name: /^mail-01/ });
  await expect(line).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await line.click();
  await expect(line).toHaveAttribute("aria-pressed", "false");

  await chart(page, "CPU").getByText("CPU: Table", { exact: true }).click();
  const table = chart(page, "CPU").getByRole("table", { name: "CPU as a table" });
  await expect(table.getByRole("columnheader", { name: "mail-01" })).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    chart(page, "CPU").getByRole("button", { name: "CPU: CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^web-02-cpu-.*\.csv$/);
  const text = await readFile(await file.path(), "utf8");
  expect(text.split("\r\n")[0]).toContain('"mail-01 (avg, %)"');
  const [picture] = await Promise.all([
    page.waitForEvent("download"),
    chart(page, "CPU").getByRole("button", { name: "CPU: PNG" }).click(),
  ]);
  expect(picture.suggestedFilename()).toMatch(/\.png$/);
});

test("the overview names who is busy and leads there", async ({ page }) => {
  await page.goto("/overview");
  await live(page);
  await page.getByRole("navigation", { name: "Rank by" }).getByRole("link", { name: "Memory" }).click();
  await expect(page).toHaveURL(/top=memory/);
  const busiest = page.getByRole("region", { name: "What is busy" }).getByRole("listitem").first().getByRole("link");
  const name = (await busiest.textContent()) ?? "";
  await busiest.click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/performance$/);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(page.getByRole("heading", { name: "Hosts and pools" })).toBeVisible();
});

test("a chart is opened by its parts, and the address says so", async ({ page }) => {
  await openCharts(page, "web-02");
  const network = chart(page, "Network");
  const shows = network.getByRole("group", { name: "What Network shows" });
  await expect(shows.getByRole("link", { name: "Sum" })).toHaveAttribute("aria-current", "true");
  await shows.getByRole("link", { name: "By interface" }).click();
  await expect(page).toHaveURL(/by=network/);
  // Measured part by part every second: it is there as soon as it was read.
  await expect(network.getByRole("button", { name: /^interface 0, received/ })).toBeVisible();
  await page.reload();
  await live(page);
  await expect(shows.getByRole("link", { name: "By interface" })).toHaveAttribute("aria-current", "true");
  await shows.getByRole("link", { name: "Sum" }).click();
  await expect(page).not.toHaveURL(/by=/);
  await expect(network.getByRole("button", { name: /^interface 0/ })).toHaveCount(0);
  // Memory is no sum of parts.
  await expect(chart(page, "Memory").getByRole("link")).toHaveCount(0);
});

test("a console that was opened and a run that began are marked under the charts", async ({ page }) => {
  // One of which nothing else is told: its run began days ago.
  await openVm(page, "wiki-02");
  await live(page);
  const terminal = await Terminal.open(page);
  await expect(terminal.status).toContainText("Connected", { timeout: 20_000 });
  await openTab(page, "Performance");
  const happened = page.getByRole("list", { name: "What happened" });
  await expect(happened.getByText("Open console").first()).toBeVisible();
  const began = happened.getByRole("listitem").filter({ hasText: /\bStart$/ });
  await expect(began).toHaveCount(0);
  await page.getByRole("navigation", { name: "Time range" }).getByRole("link", { name: "30 d" }).click();
  await expect(began).toHaveCount(1);
});

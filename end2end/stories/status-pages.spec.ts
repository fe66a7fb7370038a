// Status pages: one is built of a filter, shared by a link, read without JavaScript, and gone when the link is taken back.
import { live, openList } from "../support/pages";
import { signedIn } from "../support/sign-in";
import { expect, test, type Browser, type Page } from "../support/test";

const PASSWORD = "correct horse battery staple";

/** Makes a page of whatever passes the filter, and stays on it. */
async function makePage(page: Page, filter: string, title: string, service: string): Promise<void> {
  await openList(page, filter);
  await page.locator("#saved-filters").click();
  await page.getByRole("link", { name: "Status page of these" }).click();
  await page.getByLabel("Title of the page").fill(title);
  await page.getByLabel("First service").fill(service);
  await page.getByRole("button", { name: "Make the page" }).click();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
}

/** Makes a link of the page we are on, and gives its address. */
async function makeLink(page: Page, label: string): Promise<string> {
  await tab(page, "Links");
  const links = page.getByRole("region", { name: "Links" });
  await links.getByText("Make a link…").click();
  await links.getByLabel("Who it is for").fill(label);
  await links.getByRole("button", { name: "Make the link" }).click();
  const shown = links.getByRole("status").filter({ hasText: "The link was made" });
  const address = await shown.locator("code").innerText();
  await shown.getByRole("button", { name: "Done, hide it" }).click();
  return address;
}

async function tab(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name }).click();
}

/** A reader with a phone and without JavaScript, who has nothing but the link. */
async function reader(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({
    storageState: undefined,
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

/** Opens the link anew until the page says so: changes are seen within five seconds. */
async function soon(page: Page, link: string, text: RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(link);
    await expect(page.locator("body")).toContainText(text, { timeout: 500 });
  }).toPass({ timeout: 15_000 });
}

const GONE = /There is nothing here/;

test("a page of a filter is shared by a link, read without JavaScript, and gone when the link is revoked", async ({ page, browser }) => {
  await makePage(page, "web-", "Example Ltd", "Web shop");
  const services = page.getByRole("main").getByRole("listitem").filter({ hasText: "Web shop" });
  await expect(services).toContainText(/\d+ VMs/);
  const link = await makeLink(page, "Board");
  const board = await reader(browser, link);
  await expect(board.getByRole("main")).toContainText("Example Ltd");
  await expect(board.getByRole("main")).toContainText("Web shop");
  await expect(board.locator("body")).not.toContainText("web-01");

  await page.reload();
  await live(page);
  const row = page.getByRole("row").filter({ hasText: "Board" });
  await expect(row).toContainText("in 89 d");
  await row.getByRole("button", { name: "Revoke Board" }).click();
  await row.getByRole("button", { name: "For good?" }).click();
  await expect(row).toContainText("Revoked");
  await soon(board, link, GONE);
  await expect(board.locator("body")).not.toContainText("Web shop");
  await board.context().close();
});

test("what is missing is told at its field, services are moved by keyboard, and nothing typed is lost", async ({ page }) => {
  await makePage(page, "mail", "Keyboard Ltd", "E-mail");
  await page.getByRole("button", { name: "Add a service" }).focus();
  await page.keyboard.press("Enter");
  const name = page.getByLabel("Name of the service");
  await expect(name).toBeFocused();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Give the service a name that readers know.")).toBeVisible();
  await expect(page.getByRole("group", { name: "There are changes that are not saved." })).toContainText("2 things to correct");
  await expect(name).toBeFocused();
  await page.keyboard.type("Files");
  await page.getByLabel("Filter, as in the list of VMs").fill("sate:running");
  await expect(page.getByText("“sate:” is not known")).toBeVisible();
  await page.getByLabel("Filter, as in the list of VMs").fill("db-");
  await expect(page.getByText(/VMs? pass(es)? it now/)).toBeVisible();
  await page.getByRole("button", { name: "Add a check" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("An address that begins with http:// or https://.")).toBeVisible();
  await page.getByRole("button", { name: "Files", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Files", exact: true }).press("Enter");
  await page.getByLabel("Address", { exact: true }).fill("https://shop.example/");

  await page.getByRole("button", { name: "Files", exact: true }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByRole("button", { name: "Files", exact: true })).toBeFocused();
  await expect(page.getByRole("button", { name: "Move Files up" })).toHaveAttribute("aria-disabled", "true");

  await page.reload();
  await live(page);
  await expect(page.getByRole("button", { name: "Files", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("There are changes that are not saved.")).toHaveCount(0);
  await page.reload();
  await live(page);
  await expect(page.getByRole("button", { name: /^Move .* up$/ }).first()).toHaveAccessibleName("Move Files up");
});

test("an incident is written with a template, told further and over; the preview shows it", async ({ page }) => {
  await makePage(page, "git-", "Incident Ltd", "Software builds");
  await tab(page, "Incidents and maintenance");
  const incidents = page.getByRole("region", { name: "Incidents" });
  await incidents.getByText("Write an incident…").click();
  await incidents.getByLabel("Software builds").check();
  await incidents.getByLabel("Begin with").selectOption({ label: "The service is slow" });
  await expect(incidents.getByLabel("In a few words")).toHaveValue("Software builds is slow");
  await incidents.getByRole("button", { name: "Publish", exact: true }).click();
  const incident = incidents.getByRole("article", { name: "Software builds is slow" });
  await expect(incident).toContainText("Cause being looked for");
  await incident.getByText("Tell more…").click();
  await incident.getByLabel("How far it is").selectOption({ label: "Over" });
  await expect(incident.getByLabel("What readers should know")).toHaveValue(/as usual again/);
  await incident.getByRole("button", { name: "Publish this" }).click();
  await expect(incident).toContainText("Over, since");

  const maintenance = page.getByRole("region", { name: "Planned maintenance" });
  await maintenance.getByText("Plan maintenance…").click();
  await maintenance.getByLabel("Begin with").selectOption({ label: "Work on the network" });
  await maintenance.getByLabel(/^Ends/).fill("2020-01-01T10:00");
  await maintenance.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(maintenance.getByText("It ends before it begins.")).toBeVisible();
  await maintenance.getByLabel(/^Ends/).fill("2099-01-01T10:00");
  await maintenance.getByLabel(/^Begins/).fill("2099-01-01T08:00");
  await maintenance.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(maintenance.getByRole("article", { name: "Work on the network" })).toContainText("Planned");

  await tab(page, "Preview");
  const preview = page.getByRole("article", { name: "Preview" });
  await expect(preview).toContainText("Software builds is slow");
  await expect(preview).toContainText("Work on the network");
});

test("whoever is demoted takes the page along, and a disabled account closes it", async ({ page, browser, baseURL }) => {
  const name = "otto.publisher";
  await page.goto("/users");
  await live(page);
  await page.getByRole("link", { name: "New user" }).click();
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Role", { exact: true }).selectOption("operator");
  await page.getByRole("button", { name: "Make the user" }).click();
  const made = page.getByRole("main").getByRole("status").filter({ hasText: "The user was made" });
  const invitation = await made.locator("code").innerText();
  await page.getByRole("button", { name: "Done, hide it" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();

  const context = await browser.newContext({ baseURL, storageState: undefined });
  const otto = await context.newPage();
  await otto.goto(invitation);
  await otto.getByLabel("Password, at least 12 characters").fill(PASSWORD);
  await otto.getByLabel("The same again").fill(PASSWORD);
  await otto.getByRole("button", { name: "Set the password and sign in" }).click();
  await signedIn(otto);
  await makePage(otto, "dns-", "Otto Ltd", "Names");
  const link = await makeLink(otto, "Everybody at Otto's");
  const board = await reader(browser, link);
  await expect(board.getByRole("main")).toContainText("Names");

  const grants = page.getByRole("region", { name: "Grants" });
  await grants.getByText("Change…").click();
  await grants.getByRole("button", { name: "Take this grant away" }).click();
  await grants.getByRole("button", { name: "Save grants" }).click();
  await soon(board, link, /No services are shown here|There is nothing here/);
  await expect(board.locator("body")).not.toContainText("Names");

  await page.getByRole("region", { name: "Access" }).getByRole("button", { name: "Disable" }).click();
  await soon(board, link, GONE);
  await board.context().close();
  await context.close();
});

test.describe("whoever only looks", () => {
  test.use({ as: "viewer" });

  test("is told why there is nothing to make, and by whom", async ({ page }) => {
    await openList(page);
    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await expect(page.getByRole("heading", { name: "Status pages", level: 1 })).toBeVisible();
    await expect(page.getByText("Your role lets you look, not publish")).toBeVisible();
    await expect(page.getByRole("link", { name: "New status page" })).toHaveCount(0);
  });
});

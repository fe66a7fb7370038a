// Two people look at the same guest: both see its state change and the same console.
import { act, openVm, openList, row } from "../support/pages";
import { account } from "../support/demo";
import { signIn } from "../support/sign-in";
import { Terminal } from "../support/terminal";
import { expect, test } from "../support/test";

const GUEST = "vpn-02";

test("two browsers see the same change and the same console", async ({ page, browser, baseURL }) => {
  const other = await browser.newContext({ baseURL, storageState: undefined });
  const second = await other.newPage();
  await signIn(second, account("operator"));
  await openList(second, GUEST);
  await expect(row(second, GUEST)).toContainText("Halted");

  await openVm(page, GUEST);
  await act(page, "Start").click();
  await expect(row(second, GUEST)).toContainText("Running", { timeout: 20_000 });

  await openVm(second, GUEST);
  const mine = await Terminal.open(page);
  const theirs = await Terminal.open(second);
  const here = mine.region.getByRole("list", { name: "People at this console" });
  await expect(here.getByRole("listitem")).toHaveText([/admin you, watches/, /operator watches/]);
  await mine.logIn();
  await mine.type("echo seen-by-'both'");
  await mine.shows("seen-by-both");
  await theirs.shows("seen-by-both");
  await mine.region.getByRole("button", { name: "Give the keyboard back" }).click();
  await theirs.type("echo answered-by-'operator'");
  await mine.shows("answered-by-operator");

  await act(second, "Shut down").click();
  await openList(page, GUEST);
  await expect(row(page, GUEST)).toContainText("Halted", { timeout: 30_000 });
  await other.close();
});

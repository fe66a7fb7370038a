// How the bench finds its way on our own page. README.md beside it says what each part is for.

/** @type {import("./adapter").Adapter} */
export default {
  name: "WebXenAdmin",

  async signIn(page, { base, user, password }) {
    // Straight to the list, whatever page others land on.
    await page.goto(`${base}/login?next=/vms`);
    await page.getByLabel("User name").fill(user);
    await page.getByLabel("Password").fill(password);
  },
  async submit(page) {
    await page.getByRole("button", { name: "Sign in" }).click({ noWaitAfter: true });
  },

  rowSelector: "tr.vm-row",
  rowName: (row) => row.querySelector("td.name")?.textContent.trim() ?? "",
  // The live socket's first answer puts this word there: from then on the page does what it is told.
  isInteractive: () => document.querySelector("header [role=status]")?.textContent.startsWith("Live") ?? false,

  filterBox: "#filter",
  scroller: "#vm-scroll",
};

// A status page with a link, made over the API by an administrator, for stories about reading it.
import type { APIRequestContext, Browser } from "@playwright/test";
import { account, demo } from "./demo";
import { signIn } from "./sign-in";

export type StatusLink = {
  /** `/s/…` */
  path: string;
  remove(): Promise<void>;
};

type Wish = { title: string; password?: string; expires_at?: number };

/** Makes a page with the service "Web" of what is called web-…, and a link to it. */
export async function openStatusLink(browser: Browser, { title, password, expires_at }: Wish): Promise<StatusLink> {
  const { url } = demo();
  const context = await browser.newContext({ baseURL: url, storageState: undefined });
  await signIn(await context.newPage(), account("admin"));
  const page = await send(context.request, url, "/api/v1/status-pages", {
    title,
    // Stories share a demo, and a story that is begun anew makes its page anew.
    slug: `story-${Date.now().toString(36)}`,
    time_zone: "Europe/Vienna",
    shown: { availability: true, members: true, notices: true, capacity: true },
    services: [{ name: "Web", members: { filter: "name:web" }, rule: "any" }],
  });
  const id = page.page.id as string;
  const made = await send(context.request, url, `/api/v1/status-pages/${id}/links`, { label: "a story", password, expires_at });
  return {
    path: `/s/${made.token}`,
    async remove() {
      await context.request.delete(`/api/v1/status-pages/${id}`, { headers: { origin: url } });
      await context.close();
    },
  };
}

async function send(request: APIRequestContext, url: string, path: string, data: object) {
  const reply = await request.post(path, { data, headers: { origin: url } });
  if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`);
  return reply.json();
}

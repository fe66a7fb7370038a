// What the demo that these stories run against says about itself (`webxenadmin demo --print-json`).
import { readFileSync } from "node:fs";

export type Account = { name: string; role: string; password: string };

/** How a host is added: an SSH address, who signs in there and how, and the fingerprint that its owner would read out. */
export type HostToAdd = {
  name: string;
  address: string;
  port: number;
  user: string;
  password?: string;
  privateKey?: string;
  fingerprint: string;
  /** As it stands in known_hosts; simulated hosts only. */
  publicKey?: string;
};

/** A XAPI pool; any of its members may be named. */
export type PoolToAdd = {
  name: string;
  user: string;
  password: string;
  /** Where its hosts answer SSH too, with the same account: for the consoles that XAPI does not offer. */
  members: { address: string; port: number; fingerprint: string; ssh: { port: number; fingerprint: string } | null }[];
};

export type Demo = {
  url: string;
  link: string;
  users: Account[];
  hosts: HostToAdd[];
  spare: HostToAdd;
  pools: PoolToAdd[];
  sparePool: PoolToAdd;
};

export function demo(): Demo {
  const path = process.env.WXA_DEMO_JSON;
  if (!path) throw new Error("WXA_DEMO_JSON names no file: run the stories with `cargo xtask e2e`");
  return JSON.parse(readFileSync(path, "utf8")) as Demo;
}

export function account(name: string): Account {
  const found = demo().users.find((user) => user.name === name);
  if (!found) throw new Error(`the demo has no account ${name}`);
  return found;
}

// Where the main thread's time goes: a sampling profile, summed by function.

/** How often the stack is looked at, in microseconds. */
const EVERY = 500;
/** So many functions are told. */
const TOP = 25;

/** Profiles while `work` runs. */
export async function profile(context, page, work) {
  const cdp = await context.newCDPSession(page);
  await cdp.send("Profiler.enable");
  await cdp.send("Profiler.setSamplingInterval", { interval: EVERY });
  await cdp.send("Profiler.start");
  await work();
  const { profile } = await cdp.send("Profiler.stop");
  await cdp.detach();
  return sum(profile);
}

/** Own time of each function, in milliseconds, the largest first. */
export function sum({ nodes, samples = [], timeDeltas = [] }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, label(callFrame)]));
  const own = new Map();
  let idle = 0;
  let all = 0;
  samples.forEach((id, n) => {
    const ms = (timeDeltas[n + 1] ?? 0) / 1000;
    const name = names.get(id);
    if (name === "(idle)") idle += ms;
    else own.set(name, (own.get(name) ?? 0) + ms);
    all += ms;
  });
  const top = [...own].sort((a, b) => b[1] - a[1]).slice(0, TOP);
  return { wholeMs: all, busyMs: all - idle, top: top.map(([what, ms]) => ({ what, ms })) };
}

function label({ functionName, url, lineNumber }) {
  if (url === "" || functionName.startsWith("(")) return functionName || "(nameless)";
  const file = url.startsWith("wasm") ? "wasm" : url.split("/").at(-1).split("?")[0];
  return `${readable(functionName) || `(nameless, line ${lineNumber + 1})`} · ${file}`;
}

/** What signs stand for in Rust's older names of functions. */
const SIGNS = { LT: "<", GT: ">", RF: "&", BP: "*", C: ",", LP: "(", RP: ")", u20: " ", u7b: "{", u7d: "}", u5b: "[", u5d: "]", u27: "'" };

/** A function's path without the hash, from a name as Rust's compiler makes it; other names as they are. */
export function readable(mangled) {
  if (!/^_(ZN|R)/.test(mangled)) return mangled;
  // The newer names have crates' hashes and references to what stands before: neither says anything to people.
  const name = mangled.startsWith("_R") ? mangled.replace(/Cs[0-9A-Za-z]+?_(?=\d)|B[0-9A-Za-z]{1,2}_|(?<=[MX])s[0-9A-Za-z]*?_/g, "") : mangled;
  const parts = [];
  for (let at = 2; at < name.length; at++) {
    const length = /^[1-9]\d*/.exec(name.slice(at))?.[0];
    if (!length) continue;
    const begins = at + length.length + (name.startsWith("_R") && name[at + length.length] === "_" ? 1 : 0);
    const part = name.slice(begins, begins + Number(length));
    if (part.length === Number(length)) {
      parts.push(part.replace(/^_(?=\$)/, "").replace(/\$(\w+?)\$/g, (whole, sign) => SIGNS[sign] ?? whole).replaceAll("..", "::"));
      at = begins + part.length - 1;
    }
  }
  if (/^h[0-9a-f]{16}$/.test(parts.at(-1) ?? "")) parts.pop();
  return parts.join("::") || mangled;
}

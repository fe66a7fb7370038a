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
  return `${functionName || `(nameless, line ${lineNumber + 1})`} · ${file}`;
}

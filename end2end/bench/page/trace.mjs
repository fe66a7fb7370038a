// Reads a browser's trace: how long its main thread was held by single tasks, and by what.

export const CATEGORIES = ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing", "v8"];

/** The renderer's main thread on which the mark `name` was set last, and when, in microseconds of the trace. */
function mark(events, name) {
  const found = events.filter((event) => event.cat?.includes("blink.user_timing") && event.name === name);
  return found.at(-1);
}

/** Tasks of the main threads of all renderers: a sign-in may change the process. */
function tasks(events) {
  const main = new Set(
    events
      .filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain")
      .map((event) => `${event.pid} ${event.tid}`),
  );
  const on = events.filter((event) => event.ph === "X" && main.has(`${event.pid} ${event.tid}`));
  // Chromium tells each task under two names, in two categories.
  return { on, tasks: on.filter((event) => event.name === "RunTask") };
}

/** What a task consists of: the outermost things that the browser has a name for, in milliseconds. */
function parts(on, task) {
  const within = (event) =>
    event !== task && event.pid === task.pid && event.tid === task.tid && event.ts >= task.ts && event.ts + event.dur <= task.ts + task.dur;
  const inside = on.filter((event) => within(event) && !event.name.endsWith("RunTask"));
  inside.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const sums = new Map();
  let end = 0;
  for (const event of inside) {
    if (event.ts < end) continue;
    end = event.ts + event.dur;
    sums.set(event.name, (sums.get(event.name) ?? 0) + event.dur / 1000);
  }
  // Chromium names no microtasks, and so not what WebAssembly does at its start: the profile tells.
  const named = [...sums.values()].reduce((sum, ms) => sum + ms, 0);
  sums.set("without a name", task.dur / 1000 - named);
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, 6).map(([what, ms]) => ({ what, ms }));
}

/** The longest task that ends after the form was sent, and the time that tasks over 50 ms took altogether. */
export function blocks(buffer) {
  const events = JSON.parse(buffer.toString()).traceEvents;
  const from = mark(events, "bench:submit")?.ts ?? 0;
  const { on, tasks: all } = tasks(events);
  const after = all.filter((task) => task.ts + task.dur > from);
  const longest = after.reduce((most, task) => (task.dur > (most?.dur ?? 0) ? task : most), null);
  return {
    longestMs: longest ? longest.dur / 1000 : 0,
    // Without what the machine did for others meanwhile.
    longestCpuMs: longest?.tdur ? longest.tdur / 1000 : null,
    longTasks: after.filter((task) => task.dur > 50_000).length,
    longTasksMs: after.filter((task) => task.dur > 50_000).reduce((sum, task) => sum + task.dur / 1000, 0),
    of: longest ? parts(on, longest) : [],
  };
}

/** How long the main thread worked between each keystroke and the paint that answered it, in milliseconds. */
export function busy(buffer) {
  const events = JSON.parse(buffer.toString()).traceEvents;
  const { tasks: all } = tasks(events);
  const marks = (name) => events.filter((event) => event.name === name && event.cat?.includes("blink.user_timing")).map((event) => event.ts).sort((a, b) => a - b);
  const ends = marks("bench:key-painted");
  return marks("bench:key").map((from) => {
    const to = ends.find((end) => end >= from) ?? from;
    const overlap = (task) => Math.max(0, Math.min(task.ts + task.dur, to) - Math.max(task.ts, from));
    return all.reduce((sum, task) => sum + overlap(task), 0) / 1000;
  });
}

// Runs inside the measured page, from before its first script: tells when rows and changes were painted. It is handed over as
// text, so it uses nothing from outside itself.

/**
 * @param {{ rowSelector: string, rowName: string, isInteractive?: string }} adapter functions as their source
 */
export function install(adapter) {
  if (window !== window.top) return;
  // The functions' sources are called as they stand; `eval` would need the page's consent, which a strict policy refuses.
  const { rowSelector, rowName, isInteractive } = adapter;
  const wall = (at) => performance.timeOrigin + at;
  const say = (what, at) => window.benchSay({ what, at: wall(at) });

  // Memories as modules hand them over or scripts make them: asking the heap for them hangs Chromium where parts of a module
  // share one.
  const memories = new Set();
  window.benchMemoryBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  const note = (instance) => {
    for (const value of Object.values(instance.exports)) {
      if (value instanceof WebAssembly.Memory) memories.add(value);
    }
  };
  for (const how of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[how];
    WebAssembly[how] = async (...args) => {
      const made = await original.apply(WebAssembly, args);
      note(made instanceof WebAssembly.Instance ? made : made.instance);
      return made;
    };
  }

  /** Calls back after the frame that is painted next, with its time. */
  const painted = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.now());
      port2.postMessage(0);
    });

  const first = () => document.querySelector(rowSelector);
  const names = (most) => {
    const found = [];
    for (let row = first(); row && found.length < most; row = row.nextElementSibling) {
      if (row.matches(rowSelector)) found.push(rowName(row));
    }
    return found;
  };
  const rowIsThere = () => {
    const row = first();
    return row !== null && row.getBoundingClientRect().height > 0 && rowName(row) !== "";
  };

  // What the clock starts with: the click or key that sends the form. The document that follows is another one.
  for (const kind of ["click", "keydown", "submit"]) {
    addEventListener(
      kind,
      (event) => {
        if (!window.benchArmed || !event.isTrusted) return;
        window.benchArmed = false;
        performance.mark("bench:submit", { startTime: event.timeStamp });
        say("submit", event.timeStamp);
      },
      { capture: true },
    );
  }

  /** Looks at every frame until `cond` holds; then says when that was on the screen. */
  const watch = (what, cond) => {
    const look = () => {
      if (!cond()) return void requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const at = performance.now();
        performance.mark(`bench:${what}`);
        say(what, at);
      };
      port2.postMessage(0);
    };
    requestAnimationFrame(look);
  };
  watch("row", rowIsThere);
  watch("interactive", () => rowIsThere() && (!isInteractive || isInteractive()));

  // One keystroke: from the key's own time to the paint after which the list's rows change no more.
  const shown = () => {
    const row = first();
    return `${row?.parentElement?.childElementCount ?? 0} ${names(20).join("\n")}`;
  };
  let key = null;
  const arm = (quiet, longest) => {
    key = new Promise((done) => {
      addEventListener(
        "keydown",
        (event) => {
          const begun = event.timeStamp;
          const before = shown();
          let [last, changed, paint] = [before, null, null];
          performance.mark("bench:key", { startTime: begun });
          const look = (at) => {
            paint ??= at;
            const now = shown();
            if (now !== last) [last, changed] = [now, at];
            const over = at - (changed ?? begun);
            if (over > quiet || at - begun > longest) {
              const settled = changed ?? paint;
              performance.mark("bench:key-painted", { startTime: settled });
              done({ paint: paint - begun, settled: settled - begun, changed: changed !== null });
            } else painted(look);
          };
          painted(look);
        },
        { capture: true, once: true },
      );
    });
  };

  // Frames while something goes on: times between the starts of two.
  let frames = null;
  const startFrames = () => {
    const times = [];
    frames = { times, on: true };
    const own = frames;
    const next = (at) => {
      times.push(at);
      if (own.on) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  };
  const stopFrames = () => {
    frames.on = false;
    return frames.times.slice(1).map((at, n) => at - frames.times[n]);
  };

  // A change that is to come: seen by an observer, told after the paint that shows it. Among the first rows only, so that
  // looking costs the page next to nothing.
  const expect = (name) => {
    window.benchSeen = new Promise((done) => {
      const observer = new MutationObserver(() => {
        if (!names(3).includes(name)) return;
        observer.disconnect();
        painted((at) => done(wall(at)));
      });
      observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true });
    });
  };

  window.bench = { arm, key: () => key, startFrames, stopFrames, expect, names, wall };
}

/** The text that is given to the browser. */
export function source(adapter) {
  const parts = [
    `rowSelector: ${JSON.stringify(adapter.rowSelector)}`,
    `rowName: ${adapter.rowName}`,
    ...(adapter.isInteractive ? [`isInteractive: ${adapter.isInteractive}`] : []),
  ];
  return `(${install})({ ${parts.join(", ")} })`;
}

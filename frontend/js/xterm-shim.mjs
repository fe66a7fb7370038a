// Stands for the modules `xterm` and `xterm-addon-*` that the crate xterm-js-rs imports statically.
//
// The exports are live bindings: they are undefined until `load()` has fetched the real xterm.js, so no page pays for a
// terminal it doesn't show. The glue of wasm-bindgen reads them only when it constructs something: call `load()` first.
// The quoted addresses are replaced by content-hashed ones when the site is put together.
export let Terminal;
export let FitAddon;
export let WebglAddon;

let loading;
let loadingWebgl;

/** Fetches xterm.js, the fit addon and their style sheet, once. Throws when they can't be fetched; the next call tries again. */
export function load() {
  loading ??= Promise.all([import("/vendor/xterm.mjs"), styles("/vendor/xterm.css")]).then(
    ([module]) => {
      ({ Terminal, FitAddon } = module);
    },
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Fetches the WebGL renderer, once. The caller falls back to the ordinary renderer when this throws. */
export function loadWebgl() {
  loadingWebgl ??= import("/vendor/xterm-webgl.mjs").then(
    (module) => {
      ({ WebglAddon } = module);
    },
    (error) => {
      loadingWebgl = undefined;
      throw error;
    },
  );
  return loadingWebgl;
}

function styles(href) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(`the style sheet ${href} did not load`));
    };
    document.head.append(link);
  });
}

// What is fetched only by pages that show it: terminals, charts and screens. Stands for the modules `xterm` and `xterm-addon-*` that
// the crate xterm-js-rs imports statically, and for `charts` and `screen`.
//
// The exports are live bindings: they are undefined until `load()`, `loadCharts()` or `loadScreen()` has fetched the real thing, so no page
// pays for what it doesn't show. The glue of wasm-bindgen reads them only when it uses one of them: load first.
// The quoted addresses are replaced by content-hashed ones when the site is put together.
export let Terminal;
export let FitAddon;
export let WebglAddon;
export let Chart;
export let saveText;
export let Screen;

let loading;
let loadingWebgl;
let loadingCharts;
let loadingScreen;

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

/** Fetches what draws charts and its style sheet, once. Throws when they can't be fetched; the next call tries again. */
export function loadCharts() {
  loadingCharts ??= Promise.all([import("/vendor/charts.mjs"), styles("/vendor/charts.css")]).then(
    ([module]) => {
      ({ Chart, saveText } = module);
    },
    (error) => {
      loadingCharts = undefined;
      throw error;
    },
  );
  return loadingCharts;
}

/** Fetches what shows screens, once. Throws when it can't be fetched; the next call tries again. */
export function loadScreen() {
  loadingScreen ??= import("/vendor/screen.mjs").then(
    (module) => {
      ({ Screen } = module);
    },
    (error) => {
      loadingScreen = undefined;
      throw error;
    },
  );
  return loadingScreen;
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

// An esbuild plugin: noVNC without what signs in to screens. Our server does that, so browsers need none of its ciphers (nor the notices
// of those who wrote them). What is bundled of noVNC is as it came.
const LEFT_OUT = /^\.\/(crypto\/crypto|ra2)\.js$/;
const INSTEAD = "export default undefined;";

/** Leaves out what only security types other than "none" use. */
export const withoutSigningIn = {
  name: "without-signing-in",
  setup(build) {
    let left = 0;
    build.onResolve({ filter: LEFT_OUT }, ({ path, importer }) => {
      if (!/@novnc[\\/]novnc[\\/]core[\\/]rfb\.js$/.test(importer)) return undefined;
      left += 1;
      return { path, namespace: "left-out" };
    });
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: INSTEAD, loader: "js" }));
    build.onEnd(({ errors }) => {
      if (errors.length === 0 && left !== 2) throw new Error("noVNC signs in in another way now: adapt frontend/scripts/novnc.mjs");
    });
  },
};

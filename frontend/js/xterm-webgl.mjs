// The WebGL renderer of xterm.js, loaded only where it is wanted.
export { WebglAddon } from "@xterm/addon-webgl";

// What one console page loads of xterm.js: the terminal and the addon that fits it to its box.
export { Terminal } from "@xterm/xterm";
export { FitAddon } from "@xterm/addon-fit";

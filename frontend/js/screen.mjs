// A guest's screen over noVNC, for app/src/screen/browser. The page holds the socket: bytes come in by `receive` and go out by the hook
// `send`, so that one socket lives through many sessions of RFB and has words of ours beside them.
import RFB from "@novnc/novnc";

/** No screen is larger, in pixels: one that says so would have the browser set aside gigabytes. */
const MOST_PIXELS = 7680 * 4320;
/** Longer texts are not taken from a guest's clipboard. */
const MOST_TEXT = 1 << 20;
const PLAIN = 0;
const SHIFT = 1;
const ALT_GR = 2;
const MODIFIERS = { [SHIFT]: [0xffe1, "ShiftLeft"], [ALT_GR]: [0xfe03, "AltRight"] };
/** What may be held down when the keyboard is taken away. */
const HELD = [
  [0xffe1, "ShiftLeft"],
  [0xffe2, "ShiftRight"],
  [0xffe3, "ControlLeft"],
  [0xffe4, "ControlRight"],
  [0xffe9, "AltLeft"],
  [0xfe03, "AltRight"],
  [0xffeb, "MetaLeft"],
];

if (typeof RFB.prototype._resize !== "function") throw new Error("this noVNC tells sizes in another way: adapt screen.mjs");

class Bounded extends RFB {
  _resize(width, height) {
    if (width * height > MOST_PIXELS) throw new Error(`a screen of ${width} × ${height}`);
    super._resize(width, height);
  }
}

export class Screen {
  #root;
  #hooks;
  #rfb;
  #channel;
  #viewOnly = true;
  #scale = true;
  #typing = 0;
  #clipboard = false;
  #leave;

  /**
   * `hooks`: `send(bytes)` takes bytes for the guest, `began(width, height)` hears that there is a picture or another size, `failed(why)`
   * that what came cannot be shown, `clipboard(text)` what the guest copied, `offers()` that it takes texts, `leave()` that the
   * keyboard goes back to the page.
   */
  constructor(root, hooks) {
    this.#root = root;
    this.#hooks = hooks;
    // Before noVNC hears it: the one chord that is not the guest's.
    this.#leave = (event) => {
      if (!event.ctrlKey || !event.shiftKey || event.code !== "KeyX") return;
      event.preventDefault();
      event.stopPropagation();
      this.blur();
      hooks.leave();
    };
    root.addEventListener("keydown", this.#leave, true);
  }

  /** A new session of RFB: what is received from now on belongs to it. */
  begin(viewOnly) {
    this.#end();
    this.#viewOnly = viewOnly;
    const channel = {
      binaryType: "arraybuffer",
      protocol: "",
      readyState: "open",
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (bytes) => channel === this.#channel && this.#hooks.send(bytes),
      close: () => {
        channel.readyState = "closed";
        channel.onclose?.({ code: 1000, reason: "" });
      },
    };
    this.#channel = channel;
    this.#root.replaceChildren();
    const rfb = new Bounded(this.#root, channel, { shared: true });
    this.#rfb = rfb;
    rfb.viewOnly = viewOnly;
    rfb.scaleViewport = this.#scale;
    rfb.background = "transparent";
    rfb.showDotCursor = !viewOnly;
    rfb.addEventListener("connect", () => {
      const canvas = this.#canvas();
      if (!canvas) return;
      // All keys belong to it, also those of a screen reader; it is reached with Tab and left by the chord.
      canvas.setAttribute("role", "application");
      canvas.tabIndex = 0;
      canvas.setAttribute("aria-label", this.#root.getAttribute("aria-label") ?? "");
      const sized = () => this.#rfb === rfb && this.#hooks.began(canvas.width, canvas.height);
      new MutationObserver(sized).observe(canvas, { attributeFilter: ["width", "height"] });
      sized();
    });
    rfb.addEventListener("disconnect", (event) => {
      if (this.#rfb === rfb) this.#hooks.failed(String(event.detail?.reason ?? ""));
    });
    rfb.addEventListener("clipboard", ({ detail }) => {
      if (this.#rfb !== rfb || detail.text.length > MOST_TEXT) return;
      this.#clipboard = true;
      this.#hooks.clipboard(detail.text);
    });
  }

  /** Takes bytes of the guest. */
  receive(bytes) {
    const channel = this.#channel;
    try {
      channel?.onmessage?.({ data: bytes });
    } catch (error) {
      if (channel === this.#channel) this.#hooks.failed(String(error?.message ?? error));
    }
  }

  /** Whether the guest takes texts for its clipboard, as far as it has said. */
  takesText() {
    return this.#clipboard || Object.keys(this.#rfb?._clipboardServerCapabilitiesActions ?? {}).length > 0;
  }

  /** Gives a text to the guest's clipboard. */
  copyIn(text) {
    this.#rfb?.clipboardPasteFrom(text);
  }

  /** Whether the picture is made to fit, or shown dot by dot. */
  scale(fits) {
    this.#scale = fits;
    if (this.#rfb) this.#rfb.scaleViewport = fits;
  }

  /** Presses keys one after the other, and lets go of them the other way round: pairs of keysym and place. */
  press(keysyms, codes) {
    const keys = Array.from(keysyms, (keysym, n) => [keysym, codes[n]]);
    for (const [keysym, code] of keys) this.#rfb?.sendKey(keysym, code, true);
    for (const [keysym, code] of keys.reverse()) this.#rfb?.sendKey(keysym, code, false);
  }

  /**
   * Types: for each stroke keysym, place and level, `pause` ms apart. `told(n)` hears how many there were. Whoever types anew, or calls
   * `stop`, ends it. Nothing of it is kept.
   */
  async type(keysyms, codes, levels, pause, told) {
    const typing = (this.#typing += 1);
    const rfb = this.#rfb;
    let held = PLAIN;
    const hold = (level) => {
      if (level === held) return;
      if (held !== PLAIN) rfb.sendKey(...MODIFIERS[held], false);
      if (level !== PLAIN) rfb.sendKey(...MODIFIERS[level], true);
      held = level;
    };
    for (let n = 0; n < keysyms.length; n += 1) {
      if (typing !== this.#typing || rfb !== this.#rfb || !rfb) break;
      hold(levels[n]);
      rfb.sendKey(keysyms[n], codes[n]);
      told(n + 1);
      // Some guests look at modifiers late: each stroke is over before the next one begins.
      await new Promise((done) => setTimeout(done, pause));
    }
    if (rfb) hold(PLAIN);
    if (typing === this.#typing) told(-1);
  }

  /** Types no further. */
  stop() {
    this.#typing += 1;
  }

  /** Saves what is shown as a picture. */
  save(name) {
    this.#rfb?.toBlob((blob) => {
      if (!blob) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  }

  /** Gives the keyboard to the guest. */
  focus() {
    this.#rfb?.focus({ preventScroll: true });
  }

  /** Takes it away, with nothing left held down. */
  blur() {
    if (!this.#rfb) return;
    for (const [keysym, code] of HELD) this.#rfb.sendKey(keysym, code, false);
    this.#rfb.blur();
  }

  remove() {
    this.#root.removeEventListener("keydown", this.#leave, true);
    this.#end();
  }

  #canvas() {
    return this.#root.querySelector("canvas");
  }

  #end() {
    this.stop();
    const rfb = this.#rfb;
    this.#rfb = undefined;
    this.#channel = undefined;
    this.#clipboard = false;
    rfb?.disconnect();
  }
}

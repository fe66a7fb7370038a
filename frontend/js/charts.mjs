// One chart over uPlot, for app/src/charts/browser: typed arrays in, drawn at most once a frame and only while it can be
// seen. Colours and fonts come from the page's tokens and follow them; words and numbers are written by the page.
import uPlot from "uplot";

const HEIGHT = 190;
/** Line dashes in CSS pixels, so that lines are told apart without colour: whole, second of a pair, an earlier time. */
const DASHES = [[], [6, 3], [1.5, 3]];
const binarySteps = Array.from({ length: 51 }, (_, power) => 2 ** power);

export class Chart {
  #root;
  #hooks;
  #plot;
  #shape = "";
  #frame;
  #drawn;
  #waiting = 0;
  #visible = false;
  #at = NaN;
  #pointed = false;
  #undo = [];

  /**
   * `hooks`: `label(ms, span)` and `value(number)` give texts, `moved(ms | NaN)` hears of the pointer, `zoomed(from, to)` of a
   * drag, `back()` of a double click; `zone` is a time zone or empty.
   */
  constructor(root, hooks) {
    this.#root = root;
    this.#hooks = hooks;
    const seen = new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1).isIntersecting;
      this.#ask();
    });
    seen.observe(root);
    const sized = new ResizeObserver(() => {
      if (this.#plot && this.#width() !== this.#plot.width) this.#plot.setSize({ width: this.#width(), height: HEIGHT });
    });
    sized.observe(root);
    const looks = () => {
      this.#shape = "";
      this.#drawn = undefined;
      this.#ask();
    };
    const theme = new MutationObserver(looks);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme", "data-density"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", looks);
    this.#undo = [
      () => seen.disconnect(),
      () => sized.disconnect(),
      () => theme.disconnect(),
      () => system.removeEventListener("change", looks),
    ];
  }

  /**
   * What to draw: `x` in ms; for each line three columns (mean, least, most; not a number for a gap) and three numbers
   * (colour from 0, dash from 0, whether there is a band); `marks` in ms; `span` is from and to in ms, and the top of the
   * scale or 0; `binary` is whether steps of the scale are powers of two.
   */
  draw(x, columns, lines, marks, span, binary) {
    this.#frame = { x, columns, lines, marks, span, binary };
    this.#ask();
  }

  /** Puts the cross-hair at a moment in ms; not a number takes it away. */
  cursor(at) {
    this.#at = at;
    if (!this.#plot) return;
    const inside = at >= this.#frame.span[0] && at <= this.#frame.span[1];
    this.#plot.setCursor(inside ? { left: this.#plot.valToPos(at, "x"), top: 0 } : { left: -10, top: -10 }, false);
  }

  /** Saves what is drawn as a picture, under words of the page. */
  png(name, title, notes) {
    if (!this.#plot) return;
    const from = this.#plot.ctx.canvas;
    const ratio = devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.width = from.width;
    canvas.height = from.height + 48 * ratio;
    const to = canvas.getContext("2d");
    const look = this.#look();
    to.fillStyle = look("--surface-1");
    to.fillRect(0, 0, canvas.width, canvas.height);
    to.fillStyle = look("--text");
    to.font = `600 ${14 * ratio}px ${look("--sans")}`;
    to.fillText(title, 8 * ratio, 18 * ratio);
    to.fillStyle = look("--text-muted");
    to.font = `${12 * ratio}px ${look("--sans")}`;
    to.fillText(notes, 8 * ratio, 36 * ratio);
    to.drawImage(from, 0, 48 * ratio);
    canvas.toBlob((blob) => blob && download(name, blob));
  }

  remove() {
    cancelAnimationFrame(this.#waiting);
    for (const undo of this.#undo) undo();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #ask() {
    if (this.#waiting || !this.#visible || !this.#frame || this.#frame === this.#drawn) return;
    this.#waiting = requestAnimationFrame(() => {
      this.#waiting = 0;
      this.#show();
    });
  }

  #show() {
    const { x, columns, lines, binary } = this.#frame;
    const shape = [binary, ...lines].join();
    const data = [x, ...columns.map(withGaps)];
    if (this.#plot && shape === this.#shape) {
      this.#plot.setData(data);
    } else {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(), data, this.#root);
      this.#shape = shape;
      this.#pointed = false;
      // After uPlot's own listeners: its word that the pointer left is still heard.
      this.#plot.over.addEventListener("mouseenter", () => (this.#pointed = true));
      this.#plot.over.addEventListener("mouseleave", () => (this.#pointed = false));
    }
    this.#drawn = this.#frame;
  }

  #width() {
    return Math.max(120, Math.floor(this.#root.clientWidth));
  }

  #look() {
    const style = getComputedStyle(this.#root);
    return (token) => style.getPropertyValue(token).trim();
  }

  #options() {
    const look = this.#look();
    const hooks = this.#hooks;
    const font = `${look("--t-caption")} ${look("--sans")}`;
    const grid = { stroke: look("--chart-grid"), width: 1 };
    const quiet = { stroke: look("--text-muted"), font, ticks: { show: false } };
    const { lines } = this.#frame;
    const series = [{}];
    const bands = [];
    for (let i = 0; i * 3 < lines.length; i += 1) {
      const [colour, dash, band] = lines.slice(i * 3, i * 3 + 3);
      const stroke = look(colour === 0 ? "--chart-line" : `--chart-line-${colour + 1}`);
      series.push(
        { stroke, width: dash === 2 ? 1 : 1.5, dash: DASHES[dash], points: { size: 4, width: 0, fill: stroke, filter: alone } },
        ...[0, 1].map(() => ({ stroke: "transparent", width: 0, points: { show: false } })),
      );
      if (band) bands.push({ series: [i * 3 + 3, i * 3 + 2], fill: stroke.length === 7 ? `${stroke}2b` : stroke });
    }
    return {
      width: this.#width(),
      height: HEIGHT,
      ms: 1,
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        // Only the mean has a dot; size and colours are uPlot's to set.
        points: { size: 9, stroke: () => look("--surface-1"), show: (_, i) => i % 3 === 1 && dot() },
        drag: { x: true, y: false, dist: 6, setScale: false },
        bind: { dblclick: () => () => hooks.back() },
      },
      scales: {
        x: { time: true, range: () => [this.#frame.span[0], this.#frame.span[1]] },
        y: { range: (_, __, most) => [0, this.#frame.span[2] || (most > 0 ? most * 1.08 : 1)] },
      },
      tzDate: (ms) => (hooks.zone ? uPlot.tzDate(new Date(ms), hooks.zone) : new Date(ms)),
      axes: [
        {
          ...quiet,
          grid: { show: false },
          size: 22,
          gap: 4,
          space: 72,
          values: (_, splits) => splits.map((ms) => hooks.label(ms, this.#frame.span[1] - this.#frame.span[0])),
        },
        {
          ...quiet,
          grid,
          gap: 6,
          space: 44,
          size: (plot, values) => {
            plot.ctx.save();
            plot.ctx.font = font.replace(/[\d.]+px/, (px) => `${parseFloat(px) * (devicePixelRatio || 1)}px`);
            const widest = Math.max(0, ...(values ?? []).map((text) => plot.ctx.measureText(text).width));
            plot.ctx.restore();
            return Math.ceil(widest / (devicePixelRatio || 1)) + 12;
          },
          ...(this.#frame.binary ? { incrs: binarySteps } : {}),
          values: (_, splits) => splits.map((value) => hooks.value(value)),
        },
      ],
      series,
      bands,
      hooks: {
        draw: [
          (plot) => {
            this.#marks(plot, look);
            // The time went on under the cross-hair: it stays at its moment, unless the pointer holds it.
            queueMicrotask(() => this.#pointed || this.cursor(this.#at));
          },
        ],
        setCursor: [
          (plot) => {
            // Redrawing says where the cross-hair is, too: only the pointer moves it.
            if (!this.#pointed) return;
            const { left } = plot.cursor;
            this.#at = left >= 0 ? plot.posToVal(left, "x") : NaN;
            hooks.moved(this.#at);
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width > 0) {
              const ends = [left, left + width].map((px) => plot.posToVal(px, "x"));
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              hooks.zoomed(ends[0], ends[1]);
            }
          },
        ],
      },
    };
  }

  #marks(plot, look) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = look("--chart-mark");
    ctx.lineWidth = ratio;
    for (const at of this.#frame.marks) {
      if (at < this.#frame.span[0] || at > this.#frame.span[1]) continue;
      const x = plot.valToPos(at, "x", true);
      ctx.setLineDash([2 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.arc(x, bbox.top, 3.5 * ratio, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.restore();
  }
}

/** Saves a text as a file. */
export function saveText(name, type, text) {
  download(name, new Blob([text], { type }));
}

function download(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** uPlot draws a gap for null; a typed array can only hold "not a number". */
function withGaps(column) {
  return Array.from(column, (value) => (Number.isNaN(value) ? null : value));
}

/** Points that no line reaches, because both neighbours are unknown. */
function alone(plot, line) {
  const values = plot.data[line];
  const found = [];
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) found.push(i);
  }
  return found;
}

function dot() {
  const element = document.createElement("div");
  element.style.borderWidth = "2px";
  return element;
}

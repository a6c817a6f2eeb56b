// Charts of the benchmarks as SVG: lines over a measured quantity, or bars. Light and dark by the
// reader's own preference, and readable at a width of 360 pixels; each line has a mark and a dash.

/** The values of one side. */
interface Series {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

/** A quantity with its unit, as `seconds` or `MiB`; both axes begin at 0. */
export interface LineChart {
  title: string;
  x: string;
  y: string;
  /** At most four: there are four marks. */
  series: readonly Series[];
}

export interface BarChart {
  title: string;
  /** The quantity of the bars with its unit. */
  y: string;
  bars: readonly { name: string; value: number }[];
}

const WIDTH = 360;
const PLOT = { left: 48, right: 336, top: 56, bottom: 216 } as const;
const STEPS = 4;

/** Dashes and marks of the series in turn. */
const DASHES = ['', '6 3', '2 3', '8 3 2 3'] as const;

const STYLE = `
    svg { --ink: #1b2430; --faint: #5a6675; --grid: #d9dee5; --paper: #ffffff;
      --c0: #0b5cad; --c1: #b4460f; --c2: #37714a; --c3: #7b3f98; }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #e8edf3; --faint: #a3afbd; --grid: #36414e; --paper: #141a21;
        --c0: #74b4f5; --c1: #f2a06b; --c2: #83cb9b; --c3: #cfa0e8; } }
    text { font: 12px system-ui, sans-serif; fill: var(--faint); }
    .title { font-size: 14px; font-weight: 600; fill: var(--ink); }
    .name { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3; }
    .paper { fill: var(--paper); }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; }`;

/** A chart of lines; the same series give the same bytes. */
export function lineChart({ title, x, y, series }: LineChart): string {
  const points = series.flatMap((each) => each.points);
  const [across, up] = [scaleOf(points.map(([at]) => at)), scaleOf(points.map(([, at]) => at))];
  const place = ([atX, atY]: readonly [number, number]) => [alongX(atX, across), alongY(atY, up)];
  const drawn = series.map(({ points: all }, index) => {
    const places = all.map(place);
    const path = places.map(([left, top]) => `${px(left)},${px(top)}`).join(' ');
    const dash = DASHES[index % DASHES.length];
    const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
    const line = `<polyline class="line" stroke="var(--c${index % 4})"${dashes} points="${path}"/>`;
    return [line, ...places.map(([left = 0, top = 0]) => mark(index, left, top))].join('\n');
  });
  const ticks = steps(across).map((at) => text(alongX(at, across), PLOT.bottom + 16, short(at)));
  const titleOfX = text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 34, x);
  const legend = series.map(({ name }, index) => legendLine(name, index));
  const height = PLOT.bottom + 50 + 18 * series.length;
  return svg({ title, y, height }, [...gridOf(up), ...ticks, titleOfX, ...drawn, ...legend]);
}

/** A chart of at most four bars with names and values; the same bars give the same bytes. */
export function barChart({ title, y, bars }: BarChart): string {
  const up = scaleOf(bars.map(({ value }) => value));
  const share = (PLOT.right - PLOT.left) / Math.max(1, bars.length);
  const width = Math.min(56, share * 0.6);
  const drawn = bars.map(({ name, value }, index) => {
    const middle = PLOT.left + share * (index + 0.5);
    const top = alongY(value, up);
    const size = `width="${px(width)}" height="${px(PLOT.bottom - top)}"`;
    const place = `x="${px(middle - width / 2)}" y="${px(top)}"`;
    const bar = `<rect fill="var(--c${index % 4})" ${place} ${size}/>`;
    const below = text(middle, PLOT.bottom + 16, name, 'name');
    return [bar, text(middle, top - 5, String(value), 'name'), below].join('\n');
  });
  return svg({ title, y, height: PLOT.bottom + 30 }, [...gridOf(up), ...drawn]);
}

function svg(
  about: { title: string; y: string; height: number },
  parts: readonly string[],
): string {
  const { title, y, height } = about;
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  const head = [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>`,
    text(12, 18, title, 'title', 'start'),
    text(12, 35, y, '', 'start'),
  ];
  return `${[...head, ...parts].join('\n')}\n</svg>\n`;
}

/** Lines of the grid with their numbers. */
function gridOf(up: number): string[] {
  return steps(up).map((at) => {
    const top = px(alongY(at, up));
    const line = `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${top}" y2="${top}"/>`;
    return [line, text(PLOT.left - 6, alongY(at, up) + 4, short(at), '', 'end')].join('\n');
  });
}

function legendLine(name: string, index: number): string {
  const top = PLOT.bottom + 52 + 18 * index;
  const dash = DASHES[index % DASHES.length];
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  const path = `points="${PLOT.left},${top} ${PLOT.left + 28},${top}"`;
  const line = `<polyline class="line" stroke="var(--c${index % 4})"${dashes} ${path}/>`;
  const words = text(PLOT.left + 36, top + 4, name, 'name', 'start');
  return [line, mark(index, PLOT.left + 14, top), words].join('\n');
}

/** A dot, a square, a triangle or a rhombus. */
function mark(index: number, left: number, top: number): string {
  const fill = `fill="var(--c${index % 4})"`;
  const at = (...corners: [number, number][]) =>
    corners.map(([right, down]) => `${px(left + right)},${px(top + down)}`).join(' ');
  switch (index % 4) {
    case 0:
      return `<circle ${fill} cx="${px(left)}" cy="${px(top)}" r="4"/>`;
    case 1:
      return `<polygon ${fill} points="${at([-4, -4], [4, -4], [4, 4], [-4, 4])}"/>`;
    case 2:
      return `<polygon ${fill} points="${at([0, -5], [5, 4], [-5, 4])}"/>`;
    default:
      return `<polygon ${fill} points="${at([0, -5], [5, 0], [0, 5], [-5, 0])}"/>`;
  }
}

function text(left: number, top: number, words: string, kind = '', anchor = 'middle'): string {
  const style = kind === '' ? '' : ` class="${kind}"`;
  return `<text x="${px(left)}" y="${px(top)}" text-anchor="${anchor}"${style}>${escaped(words)}</text>`;
}

/** The end of an axis: the next 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8 of its power of ten. */
function scaleOf(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const nice = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((each) => each * power >= most) ?? 10;
  return nice * power;
}

function steps(end: number): number[] {
  return Array.from({ length: STEPS + 1 }, (_, index) => (end * index) / STEPS);
}

function alongX(value: number, end: number): number {
  return PLOT.left + ((PLOT.right - PLOT.left) * value) / end;
}

function alongY(value: number, end: number): number {
  return PLOT.bottom - ((PLOT.bottom - PLOT.top) * value) / end;
}

/** Pixels with at most one decimal. */
function px(value = 0): string {
  return String(Math.round(value * 10) / 10);
}

/** A number of an axis: 1.5k, 200k, 1M. */
function short(value: number): string {
  const [divisor, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1e4 ? [1e3, 'k'] : [1, ''];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

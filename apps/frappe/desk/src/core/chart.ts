/**
 * Charts: from upstream's chart data (labels and datasets) to what the drawing library takes.
 * Invariant: pure; colours and number formats come from the caller, so a theme or a language is only another argument.
 */
export interface ChartData {
  labels: (string | number)[];
  datasets: { name?: string; values: (number | null)[]; chartType?: string }[];
}

export type ChartKind = 'line' | 'bar' | 'pie' | 'donut' | 'percentage';

export interface ChartLook {
  colours: readonly string[];
  text: string;
  line: string;
  /** Background of tooltips. */
  raised: string;
  font: string;
  /** Pixels across, where they are known. */
  width?: number;
  format(value: number): string;
  /** The short form at an axis (12k, 1.2万). */
  short(value: number): string;
}

/** Upstream's name of a kind of chart (`Bar`, `Donut`, `percentage` …) as one of ours; a bar chart for anything else. */
export function chartKind(name: unknown): ChartKind {
  const known = String(name ?? '').toLowerCase();
  return (['line', 'bar', 'pie', 'donut', 'percentage'] as const).find((kind) => kind === known) ?? 'bar';
}

/** The chart data in any of upstream's shapes; `null` when there is nothing to draw. */
export function readChart(given: unknown): ChartData | null {
  const source = (given ?? {}) as { labels?: unknown; datasets?: unknown; data?: unknown };
  if (source.data && !source.datasets) return readChart(source.data);
  const labels = Array.isArray(source.labels) ? (source.labels as (string | number)[]) : [];
  const datasets = Array.isArray(source.datasets) ? (source.datasets as ChartData['datasets']) : [];
  const drawn = datasets.filter((set) => Array.isArray(set.values) && set.values.length > 0);
  return labels.length && drawn.length ? { labels, datasets: drawn } : null;
}

/** Whether every value is zero or missing: a line at the bottom says less than words do. */
export function isFlat({ datasets }: ChartData): boolean {
  return datasets.every(({ values }) => values.every((value) => !value));
}

/** The option object of the drawing library. */
export function chartOption(data: ChartData, kind: ChartKind, look: ChartLook): Record<string, unknown> {
  const common = {
    color: [...look.colours], animationDuration: 250, textStyle: { fontFamily: look.font, color: look.text },
    tooltip: { trigger: isRound(kind) ? 'item' : 'axis', confine: true, backgroundColor: look.raised, borderColor: look.line, textStyle: { color: look.text, fontSize: 12 }, valueFormatter: (value: unknown) => look.format(Number(value ?? 0)) },
  };
  return { ...common, ...(isRound(kind) ? roundParts(data, kind, look) : axisParts(data, kind, look)) };
}

const isRound = (kind: ChartKind): boolean => kind === 'pie' || kind === 'donut' || kind === 'percentage';

function roundParts({ labels, datasets }: ChartData, kind: ChartKind, look: ChartLook): Record<string, unknown> {
  const values = datasets[0]!.values;
  const slices = labels.map((label, index) => ({ name: String(label), value: Number(values[index] ?? 0) })).filter(({ value }) => value !== 0);
  return {
    legend: { type: 'scroll', orient: 'vertical', left: '62%', right: 4, top: 'middle', textStyle: { color: look.text, fontSize: 12 }, itemWidth: 10, itemHeight: 10, formatter: (name: string) => `${name}  ${look.format(slices.find((slice) => slice.name === name)?.value ?? 0)}` },
    series: [{ type: 'pie', radius: kind === 'pie' ? '78%' : ['48%', '78%'], center: ['34%', '50%'], label: { show: false }, data: slices }],
  };
}

/** So few labels that all of them are wanted. */
const FEW = 8;
const LINES = 2;
const LETTER = 11;

/** How wide a text is drawn, about, in pixels: letters of Chinese are square. */
const drawnWidth = (text: string): number => [...text].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e80 ? LETTER : LETTER * 0.56), 0);

/** A name that fits into the lines under its bar; the tooltip tells the whole. */
export function fitted(label: string, room: number): string {
  if (drawnWidth(label) <= room * LINES) return label;
  let short = label;
  while (short.length > 1 && drawnWidth(`${short}…`) > room * LINES - LETTER) short = short.slice(0, -1);
  return `${short.trimEnd()}…`;
}

const AXIS = 50;
const GAP = 6;

/** Few names stand all of them, each in the room of its own bar. */
function labelRoom(count: number, { width }: ChartLook): Record<string, unknown> {
  if (count > FEW) return { formatter: dayOnly };
  if (!width) return { interval: 0, formatter: dayOnly };
  const room = Math.max(LETTER * 2, (width - AXIS) / count - GAP);
  return { interval: 0, width: room, overflow: 'break', lineHeight: 13, formatter: (label: string) => fitted(dayOnly(label), room) };
}

/** The year of a day is told by the tooltip. */
const dayOnly = (label: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(label) ? label.slice(5) : label);

function axisParts({ labels, datasets }: ChartData, kind: ChartKind, look: ChartLook): Record<string, unknown> {
  return {
    grid: { left: 8, right: 12, top: datasets.length > 1 ? 30 : 12, bottom: 4, containLabel: true },
    legend: { show: datasets.length > 1, top: 0, textStyle: { color: look.text, fontSize: 12 }, itemWidth: 12, itemHeight: 8 },
    xAxis: { type: 'category', data: labels.map(String), axisTick: { show: false }, axisLine: { lineStyle: { color: look.line } }, axisLabel: { color: look.text, hideOverlap: true, fontSize: 11, ...labelRoom(labels.length, look) } },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: look.line } }, axisLabel: { color: look.text, fontSize: 11, formatter: (value: number) => look.short(value) } },
    series: datasets.map(({ name, values, chartType }) => {
      const type = chartType === 'line' || chartType === 'bar' ? chartType : kind === 'line' ? 'line' : 'bar';
      return { name: name ?? '', type, data: values.map((value) => Number(value ?? 0)), barMaxWidth: 26, smooth: false, symbol: values.length > 40 ? 'none' : 'circle', symbolSize: 5, itemStyle: type === 'bar' ? { borderRadius: [3, 3, 0, 0] } : {} };
    }),
  };
}

/** The chart in words, for those who don't see it: each label with its values. */
export function chartInWords({ labels, datasets }: ChartData, format: (value: number) => string): string {
  return labels.map((label, index) => `${label}: ${datasets.map(({ values }) => format(Number(values[index] ?? 0))).join(' / ')}`).join('; ');
}

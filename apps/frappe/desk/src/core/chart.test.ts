import { describe, expect, it } from 'vitest';
import { chartInWords, chartKind, chartOption, fitted, isFlat, readChart, type ChartLook } from './chart';

const look: ChartLook = { colours: ['#123'], text: '#000', line: '#ccc', raised: '#fff', font: 'x', format: (value) => `¥${value}`, short: String };
const data = { labels: ['Mon', 'Tue'], datasets: [{ name: 'Sales', values: [3, 0] }] };

describe('chart data', () => {
  it('is read in upstream\'s shapes; nothing to draw is nothing', () => {
    expect(readChart({ data, type: 'bar' })).toEqual(data);
    expect(readChart({ labels: [], datasets: [] })).toBeNull();
    expect(readChart(null)).toBeNull();
  });

  it('that is all zero is told apart', () => {
    expect(isFlat(data)).toBe(false);
    expect(isFlat({ labels: ['a'], datasets: [{ values: [0] }] })).toBe(true);
  });

  it('is told in words', () => {
    expect(chartInWords(data, look.format)).toBe('Mon: ¥3; Tue: ¥0');
  });
});

describe('the option object', () => {
  it('has a series per dataset on axes', () => {
    const option = chartOption(data, 'line', look) as { series: { type: string; data: number[] }[]; xAxis: { data: string[] } };
    expect(option.series.map(({ type, data: values }) => [type, values])).toEqual([['line', [3, 0]]]);
    expect(option.xAxis.data).toEqual(['Mon', 'Tue']);
  });

  it('has a slice per label that has a value', () => {
    const option = chartOption(data, chartKind('Donut'), look) as { series: { data: unknown[] }[] };
    expect(option.series[0]!.data).toEqual([{ name: 'Mon', value: 3 }]);
  });

  it('gives each of a few names the room under its own bar', () => {
    const names = ['义乌市百货商行', '永康五金加工厂', '临海竹木制品厂'];
    const narrow = chartOption({ labels: names, datasets: [{ values: [1, 2, 3] }] }, 'bar', { ...look, width: 170 }) as { xAxis: { axisLabel: { width: number } } };
    expect(narrow.xAxis.axisLabel.width * names.length).toBeLessThan(170 - 40);
    expect(fitted('义乌市百货商行', 200)).toBe('义乌市百货商行');
    expect(fitted('Yongkang Hardware Processing Works', 60)).toMatch(/^Yongkang.*…$/);
  });

  it('draws what it does not know as bars', () => {
    expect(chartKind('Heatmap')).toBe('bar');
  });
});

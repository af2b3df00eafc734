/** The drawing library with only the parts that are used; a chunk of its own, loaded with the first chart. */
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** Draws into an element. */
export function draw(element: HTMLElement): EChartsType {
  return init(element, null, { renderer: 'svg' });
}

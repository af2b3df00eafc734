/**
 * Places on a plain map without tiles: the area that shows them, lines of latitude and longitude, places that lie together.
 * Invariant: pure; degrees in, pixels out, north is up and a degree is as long to both sides in the middle of the map.
 */
import type { Point } from '../points';

export interface Area { west: number; south: number; east: number; north: number }
export interface Size { width: number; height: number }
export interface Pixel { x: number; y: number }
export interface Cluster<T> extends Pixel { items: T[] }

const SMALLEST_DEG = 0.02;
const MARGIN = 0.12;

/** The area that holds all places with some room around; China's when there is none. */
export function areaOf(points: readonly Point[]): Area {
  if (!points.length) return { west: 73, south: 18, east: 135, north: 54 };
  const [west, east] = spread(points.map(({ longitude }) => longitude));
  const [south, north] = spread(points.map(({ latitude }) => latitude));
  return { west, south, east, north };
}

function spread(values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((most - least) * MARGIN, SMALLEST_DEG);
  return [least - room, most + room];
}

/** The area made as wide or high as the picture, so that nothing is stretched. */
export function fitted(area: Area, { width, height }: Size): Area {
  const middle = (area.south + area.north) / 2;
  const shrink = Math.max(0.15, Math.cos((middle * Math.PI) / 180));
  const perPixel = Math.max(((area.east - area.west) * shrink) / width, (area.north - area.south) / height);
  const [halfWidth, halfHeight] = [(perPixel * width) / shrink / 2, (perPixel * height) / 2];
  const centre = (area.west + area.east) / 2;
  return { west: centre - halfWidth, east: centre + halfWidth, south: middle - halfHeight, north: middle + halfHeight };
}

/** Where a place stands in the picture. */
export function toPixel({ latitude, longitude }: Point, area: Area, { width, height }: Size): Pixel {
  return { x: ((longitude - area.west) / (area.east - area.west)) * width, y: ((area.north - latitude) / (area.north - area.south)) * height };
}

/** The area seen after zooming by `factor` (less than 1 is closer) around its middle and moving by a part of its size. */
export function moved(area: Area, { factor = 1, east = 0, north = 0 }: { factor?: number; east?: number; north?: number }): Area {
  const [width, height] = [area.east - area.west, area.north - area.south];
  const middle = { x: (area.west + area.east) / 2 + width * east, y: (area.south + area.north) / 2 + height * north };
  return { west: middle.x - (width * factor) / 2, east: middle.x + (width * factor) / 2, south: middle.y - (height * factor) / 2, north: middle.y + (height * factor) / 2 };
}

const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];

/** Degrees at which lines are drawn: four to ten of them. */
export function lines(from: number, to: number): number[] {
  const step = STEPS.find((size) => (to - from) / size >= 4) ?? STEPS.at(-1)!;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, index) => Number(((first + index) * step).toFixed(4)));
}

/** Things that lie closer than `distance` pixels are one mark. */
export function clustered<T>(items: readonly { item: T; at: Pixel }[], distance: number): Cluster<T>[] {
  const found: Cluster<T>[] = [];
  for (const { item, at } of items) {
    const near = found.find((cluster) => Math.hypot(cluster.x - at.x, cluster.y - at.y) < distance);
    if (near) near.items.push(item);
    else found.push({ ...at, items: [item] });
  }
  return found;
}

/** Places in GeoJSON and as "latitude, longitude" lines. Invariant: `toGeoJson(toLines(x))` keeps the points of `x`. */
import { parseJson } from './json';

export interface Point { latitude: number; longitude: number }

interface Collection { features?: { geometry?: { type?: string; coordinates?: unknown } }[] }

/** The points of a GeoJSON text; lines and areas are not points and stay out. */
export function pointsOf(value: unknown): Point[] {
  const { features = [] } = parseJson<Collection>(value, {});
  return features.flatMap(({ geometry }) => {
    const [longitude, latitude] = (geometry?.type === 'Point' ? geometry.coordinates : []) as number[];
    return typeof latitude === 'number' && typeof longitude === 'number' ? [{ latitude, longitude }] : [];
  });
}

/** One line per point. */
export function toLines(points: readonly Point[]): string {
  return points.map(({ latitude, longitude }) => `${latitude}, ${longitude}`).join('\n');
}

/** Reads lines of "latitude, longitude"; `null` when one of them isn't a place on earth. */
export function readLines(text: string): Point[] | null {
  const points = text.split('\n').filter((line) => line.trim()).map((line) => {
    const [latitude, longitude, more] = line.split(/[,，\s]+/).filter(Boolean).map(Number);
    return more === undefined && Math.abs(latitude ?? NaN) <= 90 && Math.abs(longitude ?? NaN) <= 180 ? { latitude: latitude!, longitude: longitude! } : null;
  });
  return points.includes(null) ? null : (points as Point[]);
}

/** The GeoJSON text of points. */
export function toGeoJson(points: readonly Point[]): string {
  if (!points.length) return '';
  const features = points.map(({ latitude, longitude }) => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [longitude, latitude] } }));
  return JSON.stringify({ type: 'FeatureCollection', features });
}

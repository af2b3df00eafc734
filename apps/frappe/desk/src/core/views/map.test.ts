import { describe, expect, it } from 'vitest';
import { Meta } from '../meta/meta';
import { areaOf, clustered, fitted, lines, moved, toPixel } from './map';
import { placeFields, viewsOf } from './views';

const shanghai = { latitude: 31.23, longitude: 121.47 };
const guangzhou = { latitude: 23.13, longitude: 113.26 };
const size = { width: 800, height: 400 };

describe('a map', () => {
  it('shows all places, north above and east to the right', () => {
    const area = fitted(areaOf([shanghai, guangzhou]), size);
    const [one, other] = [toPixel(shanghai, area, size), toPixel(guangzhou, area, size)];
    for (const { x, y } of [one, other]) expect(x > 0 && x < size.width && y > 0 && y < size.height).toBe(true);
    expect(one.x).toBeGreaterThan(other.x);
    expect(one.y).toBeLessThan(other.y);
  });

  it('is not stretched: a degree to the north is as long as one of the latitude to the east', () => {
    const area = fitted(areaOf([shanghai, guangzhou]), size);
    const shrink = Math.cos((((area.north + area.south) / 2) * Math.PI) / 180);
    expect(size.width / (area.east - area.west) / shrink).toBeCloseTo(size.height / (area.north - area.south), 6);
  });

  it('has an area even for one place, and for none', () => {
    expect(areaOf([shanghai]).east).toBeGreaterThan(shanghai.longitude);
    expect(areaOf([]).east).toBeGreaterThan(areaOf([]).west);
  });

  it('comes closer around its middle, and moves', () => {
    const area = { west: 100, east: 120, south: 20, north: 40 };
    expect(moved(area, { factor: 0.5 })).toEqual({ west: 105, east: 115, south: 25, north: 35 });
    expect(moved(area, { east: 0.1 })).toMatchObject({ west: 102, east: 122 });
  });

  it('has lines at round degrees', () => {
    expect(lines(112.3, 122.8)).toEqual([114, 116, 118, 120, 122]);
  });

  it('puts what lies together into one mark', () => {
    const found = clustered([{ item: 'a', at: { x: 0, y: 0 } }, { item: 'b', at: { x: 5, y: 5 } }, { item: 'c', at: { x: 90, y: 0 } }], 20);
    expect(found.map(({ items }) => items)).toEqual([['a', 'b'], ['c']]);
  });
});

describe('the map view', () => {
  it('is there for DocTypes with places or degrees only', () => {
    const degrees = new Meta({ name: 'Shop', fields: [{ fieldname: 'latitude', fieldtype: 'Float' }, { fieldname: 'longitude', fieldtype: 'Float' }] });
    const place = new Meta({ name: 'Shop', fields: [{ fieldname: 'where', fieldtype: 'Geolocation' }] });
    expect([placeFields(degrees)?.latitude, placeFields(place)?.place]).toEqual(['latitude', 'where']);
    expect(viewsOf(degrees)).toContain('map');
    expect(viewsOf(new Meta({ name: 'Shop', fields: [] }))).not.toContain('map');
  });
});

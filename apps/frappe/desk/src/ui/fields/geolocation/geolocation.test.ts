import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';
import { pointsOf, readLines, toGeoJson, toLines } from '@/core/points';

describe('Geolocation', () => {
  const shanghai = toGeoJson([{ latitude: 31.23, longitude: 121.47 }]);

  it('is entered as lines and kept as GeoJSON', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit });
    await wrapper.get('textarea').setValue('31.23, 121.47');
    await wrapper.get('textarea').trigger('change');
    expect(lastSet(wrapper)).toBe(shanghai);
  });

  it('reports places that are not on earth', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit });
    await wrapper.get('textarea').setValue('131, 21');
    await wrapper.get('textarea').trigger('change');
    expect(lastSet(wrapper, 'problem')).toContain('latitude');
    expect(readLines('1, 2\n3')).toBeNull();
  });

  it('comes back the same and is shown as coordinates', () => {
    expect(toGeoJson(readLines(toLines(pointsOf(shanghai)))!)).toBe(shanghai);
    expect(mountShow(definition, { value: shanghai }).text()).toBe('31.23, 121.47');
    expect(pointsOf('{"features":[{"geometry":{"type":"Polygon","coordinates":[]}}]}')).toEqual([]);
  });
});

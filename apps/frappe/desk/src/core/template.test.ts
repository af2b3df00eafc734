import { describe, expect, it } from 'vitest';
import { renderTemplate } from './template';

const rows = [{ sku: 'A', qty: 2 }, { sku: 'B', qty: 0 }];

describe('a template', () => {
  it.each([
    ['Hello {{ name }}!', 'Hello Li!'],
    ['{% if count > 1 %}many{% else %}one{% endif %}', 'many'],
    ['{% if (count > 5) { %}many{% } else if (count == 2) { %}two{% } else { %}other{% } %}', 'two'],
    ['{% if count > 5 %}a{% elif count > 1 %}b{% endif %}', 'b'],
    ['{% for row in rows %}{{ row.sku }}:{{ row.qty }};{% endfor %}', 'A:2;B:0;'],
    ['{% for (var i=0; i<rows.length; i++) { %}{% var row = rows[i]; %}{{ i }}{{ row.sku }}{% } %}', '0A1B'],
    ['{% rows.forEach((row, i) => { %}{{ i }}{% if (row.qty) { %}{{ row.sku }}{% } %}{% }) %}', '0A1'],
    ['{% for row in rows %}{% for other in rows %}{{ row.sku }}{{ other.sku }} {% endfor %}{% endfor %}', 'AA AB BA BB '],
    ['{# not shown #}{{ twice(count) }}{%= name %}', '4Li'],
    ['{{ nothing }}', ''],
  ])('%s', (template, wanted) => {
    expect(renderTemplate(template, { name: 'Li', count: 2, rows, nothing: null, twice: (value: number) => value * 2 })).toBe(wanted);
  });

  it.each(['{% if a %}open', '{% endif %}', '{% while (true) { %}{% } %}', '{{ window.location }}'])('that can not be read is refused: %s', (template) => {
    expect(() => renderTemplate(template, { a: 1 })).toThrow();
  });
});

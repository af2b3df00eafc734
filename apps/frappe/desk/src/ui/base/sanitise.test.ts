import { describe, expect, it } from 'vitest';
import { sanitised } from './sanitise';

const clean = (html: string): string => {
  const host = document.createElement('div');
  host.append(sanitised(html));
  return host.innerHTML;
};

describe('HTML from anywhere', () => {
  it.each([
    '<img src=x onerror=alert(1)>', '<svg><script>alert(1)</script></svg>', '<a href="javascript:alert(1)">x</a>', '<iframe src="https://x"></iframe>', '<form action="/x"><input></form>',
    '<style>body{display:none}</style>', '<meta http-equiv=refresh content="0;url=//x">', '<div popover>x</div>', '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
  ])('loses what could do harm: %s', (html) => {
    expect(clean(html)).not.toMatch(/script|onerror|javascript:|iframe|<form|<input|<style|<meta|popover/i);
  });

  it('cannot dress up as the desk', () => {
    expect(clean('<div class="freeze" id="app" style="position:fixed;inset:0;color:red;background:url(//x)">x</div>')).toBe('<div style="color: red;">x</div>');
  });

  it('keeps what people write', () => {
    const html = '<p>a <strong>b</strong> <em style="color: red;">c</em></p><ul><li>d</li></ul>';
    expect(clean(html)).toBe(html);
  });

  it('leads out of the desk only in a new tab without access to it', () => {
    expect(clean('<a href="https://x.cn">x</a>')).toContain('rel="noopener noreferrer nofollow"');
    expect(clean('<a href="//x.cn">x</a>')).toContain('target="_blank"');
    expect(clean('<a href="/app/sku">x</a>')).toBe('<a href="/app/sku">x</a>');
  });
});

import { describe, expect, it } from 'vitest';
import { commentHtml, mentionAt } from './people';

describe('a mention', () => {
  it('is being typed after an @ that begins a word', () => {
    expect(mentionAt('Hello @zh', 9)).toEqual({ start: 6, text: 'zh' });
    expect(mentionAt('@', 1)).toEqual({ start: 0, text: '' });
    expect(mentionAt('a@b', 3)).toBeNull();
    expect(mentionAt('@zh done', 8)).toBeNull();
  });

  it('is stored as upstream stores it; everything else stays text', () => {
    const html = commentHtml('@张三 look: <b>1 & 2</b>\n@nobody', [{ id: 'zhang@example.com', value: '张三' }]);
    expect(html).toBe('<p><span class="mention" data-id="zhang@example.com" data-value="张三" data-denotation-char="@">@张三</span> look: &lt;b&gt;1 &amp; 2&lt;/b&gt;<br>@nobody</p>');
  });

  it('cannot break out of its element', () => {
    expect(commentHtml('@x"y', [{ id: 'a"b', value: 'x"y' }])).not.toMatch(/data-id="a"b/);
  });
});

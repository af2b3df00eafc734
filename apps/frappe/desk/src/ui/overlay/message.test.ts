import { mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import MessageDialog from './MessageDialog.vue';

const message = 'Still open: <a href="/app/sales-order">Sales Order</a> <b>2</b>';

describe('a message', () => {
  async function clicked(selector: string, options: MouseEventInit = {}): Promise<number> {
    const wrapper = mount(MessageDialog, { props: { message }, attachTo: document.body });
    await vi.waitFor(() => expect(document.querySelector('.messages a')).not.toBeNull());
    const target = document.querySelector(`.messages ${selector}`)!;
    target.addEventListener('click', (event) => event.preventDefault());
    target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...options }));
    const count = wrapper.emitted('close')?.length ?? 0;
    wrapper.unmount();
    return count;
  }

  it('goes with the link that is followed in it', async () => {
    expect(await clicked('a')).toBe(1);
  });

  it('stays where the link opens elsewhere, and on any other click', async () => {
    expect(await clicked('a', { ctrlKey: true })).toBe(0);
    expect(await clicked('b')).toBe(0);
  });
});
